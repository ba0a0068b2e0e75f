"""The supervision bulletin 督查通报 (V8): drafted from the figures, corrected, signed out, numbered, sent."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from office import absence, bearings, hand_out, post
from office.desk import Desk, Refused
from office.papers import supervision_bulletin as paper
from office.papers.supervision_bulletin import LedgerTask, Named, Told
from office.report_text import TEXT_LIMIT, change_of, changed
from office.supervision import bulletin_clock, ledger
from office.supervision.figures import Figures, figures
from rules import posts
from rules.limits import due
from rules.posts import Bearings
from rules.rates import Task
from rules.when import no_such_time, read_period
from storage import counting, journal, matters, people
from storage.models import Bulletin, Matter, Member

_STATES = {"open": "在办", "closed": "已销号", "transferred": "已转出", "returned": "已退回"}


def begin(desk: Desk, said: str, by: Member) -> Bulletin:
    """The bulletin of a period that is named (11月), of this month where none is; the figures as of now.

    One that was signed is found again. Refused: import_may_not, bulletin_period, bulletin_early.
    """
    check(desk, by)
    first, last = _period(desk, said)
    begins, ends = _midnight(desk, first), _midnight(desk, last + timedelta(days=1))
    if begins >= desk.now:
        raise Refused("bulletin_early", name=_name(first, last))
    found = counting.bulletin_of(_name(first, last), session=desk.session)
    if found is not None and found.state in ("signed", "waiting"):
        return found
    bulletin = found or Bulletin(
        first=begins, until=ends, name=_name(first, last), author_id=by.id or 0, begun_at=desk.now
    )
    bulletin.until = min(ends, desk.now)
    desk.session.add(bulletin)
    desk.session.flush()
    return bulletin


def check(desk: Desk, by: Member) -> None:
    """Refused for who does not keep the ledger."""
    if not ledger.may_supervise(desk, by):
        raise Refused("bulletin_may_not", section=desk.policy.supervision.section)


def _period(desk: Desk, said: str) -> tuple[date, date]:
    words = said.strip() or "本月"
    found = read_period(words, desk.now, desk.calendar)
    if found is None:
        none = no_such_time(words)
        raise Refused("no_such_time", said=none) if none else Refused("bulletin_period", said=words)
    return found


def _midnight(desk: Desk, day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), desk.calendar.zone)


def _name(first: date, last: date) -> str:
    """2026年11月; any other stretch by its days."""
    whole = first.day == 1 and (last + timedelta(days=1)).day == 1
    if whole and (first.year, first.month) == (last.year, last.month):
        return f"{first.year}年{first.month}月"
    return f"{first.year}年{first.month}月{first.day}日至{last.month}月{last.day}日"


# --- its words --------------------------------------------------------------------------------------


def words(desk: Desk, bulletin: Bulletin) -> tuple[str, tuple[str, ...]]:
    """Title and paragraphs as they stand: composed, then changed as the corrections say."""
    title, lines = paper.compose(_told(desk, bulletin, _figures(desk, bulletin)))
    kept = [line for line in changed(list(lines), bulletin.changes) if line]
    return bulletin.title or title, tuple(kept)


def _figures(desk: Desk, bulletin: Bulletin) -> Figures:
    return figures(desk, bulletin.first, bulletin.until)


def _told(desk: Desk, bulletin: Bulletin, found: Figures) -> Told:
    rule = desk.policy.supervision.bulletin
    limit = due(rule.limit, bulletin.signed_at or desk.now, desk.calendar, "office").at
    return Told(
        name=bulletin.name,
        total=found.total,
        units=found.units,
        overdue=tuple(_named(one) for one, _ in found.overdue),
        late_reports=found.late_reports,
        lights={name: [_named(one) for one in lit] for name, lit in found.lights.items()},
        second=tuple(_named(one) for one in found.second),
        looked_back=tuple((_named(one), bool(one.details["look_back"]["true"])) for one in found.looked_back),
        best=rule.best,
        best_from=rule.best_from,
        asks=rule.asks,
        limit=desk.calendar.local(limit).date(),
    )


def _named(matter: Matter) -> Named:
    return Named(matter.section or "未定单位", f"{matter.series}{matter.number}号", matter.title)


def correct(desk: Desk, bulletin: Bulletin, said: str, by: Member) -> None:
    """Take a correction. Refused: em_correction, em_not_in_text, words_too_long, bulletin_state."""
    check(desk, by)
    _check_state(bulletin, "draft", "sent_back")
    change = change_of(said)
    if change is None:
        raise Refused("em_correction")
    if change[0] == "title":
        bulletin.title = " ".join(change[1].split())[:80]
    else:
        before = "\n".join(words(desk, bulletin)[1])
        if change[0] in ("replace", "remove") and change[1] not in before:
            raise Refused("em_not_in_text", words=change[1])
        if len(before) + len(change[-1]) > TEXT_LIMIT:
            raise Refused("words_too_long", limit=TEXT_LIMIT, length=len(before) + len(change[-1]))
        bulletin.changes = [*bulletin.changes, change]
    desk.session.add(bulletin)
    _note(desk, bulletin, "bulletin_corrected", by, words=said.strip()[:500])


def _check_state(bulletin: Bulletin, *states: str) -> None:
    if bulletin.state not in states:
        raise Refused("bulletin_state", name=bulletin.name, state=bulletin.state, issue=bulletin.issue)


# --- its signature ----------------------------------------------------------------------------------


def submit(desk: Desk, bulletin: Bulletin, by: Member) -> Member:
    """送签: whoever signs it out gets it with its text. Refused: bulletin_state, post_vacant, signer_away."""
    check(desk, by)
    _check_state(bulletin, "draft", "sent_back")
    signer = _signer(desk)
    title, lines = words(desk, bulletin)
    bulletin.state, bulletin.signer_id, bulletin.sent_back = "waiting", signer.id, None
    bulletin_clock.begin(desk, bulletin)
    card = post.to_member(
        desk,
        signer,
        "bulletin.to_sign",
        kind="question",
        buttons=bulletin_clock.signing(bulletin),
        by=by.name,
        title=title,
        due=bulletin.due_at.isoformat() if bulletin.due_at else None,
        text="\n".join(lines),
    )
    if card is None:
        raise Refused("bulletin_signer_away", name=signer.name)
    _note(desk, bulletin, "bulletin_submitted", by, signer=signer.name)
    return signer


def _signer(desk: Desk) -> Member:
    """Who signs it out now: the post that the policy names, or who stands in."""
    rule = desk.policy.supervision.bulletin
    section = bearings.supervision(desk)
    about = Bearings(section, None, (), "", None, supervision=section)
    found = posts.holder(rule.signer, about, desk.roster)
    owner = people.by_name(found.name, session=desk.session) if found else None
    if owner is None:
        names = desk.policy.posts.names
        raise Refused("post_vacant", post=names.get(rule.signer, rule.signer), step="签发通报")
    return absence.who_acts(desk, owner, desk.now)[0]


def withdraw(desk: Desk, bulletin: Bulletin, by: Member) -> None:
    """撤回修改: it is a draft again."""
    check(desk, by)
    _check_state(bulletin, "waiting")
    bulletin.state, bulletin.signer_id = "draft", None
    bulletin_clock.end(desk, bulletin)
    _note(desk, bulletin, "bulletin_withdrawn", by)


def send_back(desk: Desk, bulletin: Bulletin, by: Member, remarks: str) -> None:
    """退改, with remarks for who drafted it."""
    check_signer(desk, bulletin, by)
    bulletin.state, bulletin.sent_back = "sent_back", " ".join(remarks.split())[:500]
    bulletin_clock.end(desk, bulletin)
    _note(desk, bulletin, "bulletin_sent_back", by, words=bulletin.sent_back)
    post.to_member(
        desk,
        people.member(bulletin.author_id, session=desk.session),
        "bulletin.sent_back",
        kind="note",
        buttons=[[["bulletin_open", bulletin.id, "✏️ 修改"]]],
        by=by.name,
        name=bulletin.name,
        words=bulletin.sent_back,
    )


def check_signer(desk: Desk, bulletin: Bulletin, by: Member) -> None:
    """Refused bulletin_state, not_approver."""
    _check_state(bulletin, "waiting")
    if not bulletin_clock.may_sign(desk, bulletin, by):
        raise Refused("not_approver", name=people.member(bulletin.signer_id or 0, session=desk.session).name)


def sign(desk: Desk, bulletin: Bulletin, by: Member) -> None:
    """签发: its issue number, the paper and the ledger; who drafted it and who signed get both."""
    check_signer(desk, bulletin, by)
    rule = desk.policy.supervision.bulletin
    bulletin.signed_at = desk.now
    bulletin.year = desk.calendar.local(desk.now).year
    bulletin.issue = matters.next_number(rule.series, bulletin.year, session=desk.session)
    bulletin.state, bulletin.signer_id = "signed", by.id
    bulletin_clock.end(desk, bulletin)
    _write(desk, bulletin, by)
    _note(desk, bulletin, "bulletin_signed", by, issue=bulletin.issue)
    author = people.member(bulletin.author_id, session=desk.session)
    for member in {one.id: one for one in (author, by)}.values():
        send_files(desk, bulletin, member)


def _write(desk: Desk, bulletin: Bulletin, by: Member) -> None:
    rule, found = desk.policy.supervision.bulletin, _figures(desk, bulletin)
    title, lines = words(desk, bulletin)
    made = paper.Bulletin(
        masthead=rule.masthead,
        issue=bulletin.issue or 0,
        office=desk.policy.emergency.paper.office,
        signed_on=desk.calendar.local(desk.now).date(),
        title=title,
        paragraphs=lines,
        units=found.units,
        total=found.total,
        signed_by=by.name,
        report_to=rule.to,
        send_to=rule.copies,
        written_at=desk.now,
    )
    annexed = paper.task_ledger_xlsx(_ledger(desk, found), written_at=desk.now)
    name = f"{rule.masthead}第{bulletin.issue}期（{bulletin.name}）"
    docx = paper.supervision_bulletin_docx(made)
    bulletin.file_id = hand_out.keep(desk, f"{name}.docx", hand_out.DOCX, docx, by=by).id
    bulletin.ledger_id = hand_out.keep(desk, f"{name}台账.xlsx", hand_out.XLSX, annexed, by=by).id
    desk.session.add(bulletin)


def _ledger(desk: Desk, found: Figures) -> list[LedgerTask]:
    ids = {one.handler_id for one, _ in found.tasks if one.handler_id}
    handlers = people.with_ids(ids, session=desk.session)
    rows = [_row(desk, one, task, found.percents, handlers) for one, task in found.tasks]
    order = {one.name: place for place, one in enumerate(found.fields)}
    return sorted(rows, key=lambda row: order.get(row.field, len(order)))


def _row(
    desk: Desk, matter: Matter, task: Task, percents: dict[int, int], handlers: dict[int, Member]
) -> LedgerTask:
    percent = percents.get(matter.id or 0)
    handler = handlers.get(matter.handler_id or 0)
    return LedgerTask(
        field=task.field,
        number=matter.register_no,
        title=matter.title,
        source=matter.sender or "",
        lead=task.unit,
        supporting="、".join(matter.units),
        handler=handler.name if handler else "",
        given=_day(desk, task.given_at),
        first_due=_day(desk, task.first_due_at),
        due=_day(desk, task.due_at),
        progress=None if percent is None else percent / 100,
        state=_STATES.get(matter.state, matter.state),
        closed=_day(desk, matter.closed_at) if matter.closed_at else None,
        result=matter.result or "",
    )


def _day(desk: Desk, at: datetime) -> date:
    return desk.calendar.local(at).date()


def send_files(desk: Desk, bulletin: Bulletin, member: Member) -> None:
    """The paper and the ledger to a member."""
    for file_id, wording in ((bulletin.file_id, "bulletin.paper"), (bulletin.ledger_id, "bulletin.ledger")):
        post.to_member(
            desk, member, wording, kind="note", file_id=file_id, name=bulletin.name, issue=bulletin.issue
        )


def circulate(desk: Desk, bulletin: Bulletin, by: Member) -> int:
    """发各单位: whoever answers for a task of the period gets the paper, once; how many got it."""
    check(desk, by)
    _check_state(bulletin, "signed")
    held = {one.handler_id for one, _ in _figures(desk, bulletin).tasks if one.handler_id}
    told = 0
    for member in people.with_ids(held, session=desk.session).values():
        cause = f"bulletin_out:{bulletin.id}:{member.id}"
        facts: dict[str, Any] = {"name": bulletin.name, "issue": bulletin.issue}
        card = post.to_member(
            desk, member, "bulletin.paper", kind="note", file_id=bulletin.file_id, cause=cause, **facts
        )
        told += card is not None
    _note(desk, bulletin, "bulletin_circulated", by, told=told)
    return told


def _note(desk: Desk, bulletin: Bulletin, act: str, by: Member, **facts: Any) -> None:
    about = {"bulletin": bulletin.name, **facts}
    journal.write(act, now=desk.now, session=desk.session, member_id=by.id, **about)
