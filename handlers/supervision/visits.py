"""Visits of supervision in chat (V6): one message, pictures and a place with it; findings become tasks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from handlers import limits, misnamed, naming, reading
from handlers.context import Turn, rows_of
from office import bearings
from office.desk import Refused
from office.register import TITLE_LIMIT
from office.supervision import ledger, visits
from office.supervision.ledger import TaskForm
from rules import reading as rules
from rules.rates import Rate
from rules.reading import Misnamed, doubt_of
from rules.reading.register_no import read_register_no
from rules.visit import read_visit
from rules.when import read_limit, read_past, read_period
from storage import drafts
from storage.models import Draft, File, Matter, Visit

FORM = "visit_due"
PICTURE_UP_TO = 10 * 1024 * 1024
"""bytes of a picture that is kept; a larger one stays with Telegram alone"""
WORD = "督查"
_HEAD = 6
"""characters that may stand before the unit: 暗访"""


def record(turn: Turn, said: str) -> None:
    """督查 8号 现场 … · 督查 水利局 暗访 …, or in reply to a task's card."""
    visits.check(turn.desk, turn.member)
    if found := _misnamed(turn, said):
        misnamed.offer(turn, found, said, "visit_unit")
        return
    matter, unit, rest = _whom(turn, said)
    read = read_visit(rest, turn.desk.policy.supervision.forms)
    row = visits.record(turn.desk, read, turn.member, matter=matter, unit=unit, at=_happened(turn, rest))
    turn.desk.session.flush()
    turn.answer(
        "visit.recorded",
        kind="visit",
        matter_id=matter.id if matter else None,
        buttons=_findings(row),
        **_facts(turn, row, matter),
    )


def _misnamed(turn: Turn, said: str) -> Misnamed | None:
    """A slip of typing in the name of the unit that was visited: it stands first."""
    found = rules.misnamed(said, None, reading.context(turn))
    head = said[: said.find(found.typed)] if found else ""
    return found if found and len(head) <= _HEAD and not reading.who(turn, head)[1] else None


def unit_put_right(turn: Turn, target: str) -> None:
    """The unit that was meant is pressed."""
    _, said = misnamed.put_right(turn, target, "visit_unit")
    record(turn, said or "")


def _whom(turn: Turn, said: str) -> tuple[Matter | None, str | None, str]:
    """The task or the unit that was visited, and the rest of the message."""
    series = {one.series for one in turn.desk.policy.tasks.values()}
    if read_register_no(said, series) is not None:
        matter, rest = naming.matter_of(turn, said, series=series, states=())
        return matter, None, rest
    units = reading.who(turn, said)[1]
    if units:
        return None, units[0], said
    if turn.reply_card is not None and turn.reply_card.matter_id is not None:
        matter, rest = naming.matter_of(turn, said, series=series, states=())
        return matter, None, rest
    return None, None, said


def _happened(turn: Turn, said: str) -> datetime:
    """When it was: the past time that is named, else now."""
    now = turn.desk.calendar.local(turn.desk.now)
    found = read_past(said, now, turn.desk.calendar)
    return found.at if found is not None and not found.readings else turn.desk.now


def _findings(row: Visit) -> list[list[list[Any]]]:
    buttons = [
        ["visit_task", f"{row.id}:{place}", f"📌 问题{place + 1}转督办"] for place in range(len(row.findings))
    ]
    return [[list(button) for button in line] for line in rows_of(buttons)]


def _facts(turn: Turn, row: Visit, matter: Matter | None) -> dict[str, Any]:
    return {
        "form": visits.form_name(turn.desk, row.form),
        "register_no": matter.register_no if matter else None,
        "title": matter.title if matter else None,
        "unit": row.unit,
        "place": row.place,
        "at": row.happened_at.isoformat(),
        "words": row.words,
        "findings": row.findings,
        "by": visits.who(turn.desk, row),
    }


def locate(turn: Turn) -> bool:
    """A place sent soon after a visit was recorded. False: it belongs to none."""
    if turn.place is None:
        return False
    row = visits.locate(turn.desk, turn.member, *turn.place)
    if row is None:
        return False
    matter = turn.desk.session.get(Matter, row.matter_id) if row.matter_id else None
    turn.answer("visit.located", **_facts(turn, row, matter))
    return True


def takes_picture(turn: Turn) -> bool:
    """Whether a picture belongs to a visit: it comes with the message that records one, or soon after."""
    said = reading.plain(turn.text)
    if said:
        return said.startswith(f"{WORD} ")
    return visits.recent(turn.desk, turn.member) is not None


def take_picture(turn: Turn) -> None:
    """Record the visit whose message came with a picture; keep the picture with it."""
    said = reading.plain(turn.text)
    if said:
        said = said.removeprefix(WORD).strip(" ：:，,")
        if found := _misnamed(turn, said):  # whose visit it is has to be certain before it gets a picture
            raise Refused("visit_misnamed", **found._asdict())
        record(turn, said)
    row, file = visits.recent(turn.desk, turn.member), turn.file
    assert row is not None and file is not None
    sent = File(name=file.name, mime=file.mime, size=file.size, sha256="", added_at=turn.desk.now)
    sent.telegram_file_id = file.file_id
    count = visits.picture(turn.desk, row, sent, file.content, turn.member)
    matter = turn.desk.session.get(Matter, row.matter_id) if row.matter_id else None
    turn.answer("visit.pictured", count=count, **_facts(turn, row, matter))


def to_task(turn: Turn, target: str) -> None:
    """转督办: the finding becomes a task of the unit that was visited; by when is asked."""
    visit_id, _, place = target.partition(":")
    row, text = visits.finding(turn.desk, reading.number(visit_id), reading.number(place), turn.member)
    draft = turn.begin_draft(FORM, {"visit_id": row.id, "place": int(place)}, asking="due")
    turn.answer(
        "visit.ask_due",
        kind="question",
        draft_id=draft.id,
        buttons=[[["cancel", draft.id]]],
        text=text,
        unit=row.unit,
    )


def continue_due(turn: Turn, draft: Draft) -> None:
    """By when a finding is to be put right: then it is a task."""
    now = turn.desk.calendar.local(turn.desk.now)
    found = read_limit(turn.text, now, turn.desk.calendar)
    if found is None:
        raise Refused("limit_unread", words=turn.text)
    limits.sure(turn, doubt_of(found))
    place = int(draft.data["place"])
    row, text = visits.finding(turn.desk, int(draft.data["visit_id"]), place, turn.member)
    source = f"{visits.form_name(turn.desk, row.form)}发现"
    form = TaskForm(title=text[:TITLE_LIMIT], source=source, section=row.unit, due=found.at)
    form.parent_id = row.matter_id if _within(turn, row, found.at) else None
    task = ledger.enter(turn.desk, form, turn.member)
    visits.entered(turn.desk, row.id or 0, place, task)
    drafts.write(draft, now=turn.desk.now, state="done")
    due = found.at.isoformat()
    turn.answer(
        "visit.entered", matter_id=task.id, register_no=task.register_no, text=text, unit=row.unit, due=due
    )


def _within(turn: Turn, row: Visit, due: datetime) -> bool:
    """Whether the finding can be a part of the task that was visited: open, and not due after it."""
    parent = turn.desk.session.get(Matter, row.matter_id) if row.matter_id else None
    return parent is not None and parent.state == "open" and (parent.due_at is None or due <= parent.due_at)


def count(turn: Turn, said: str) -> None:
    """督查统计 11月: the forms of a period, and the share of those on the spot (V6)."""
    visits.check(turn.desk, turn.member)
    now = turn.desk.calendar.local(turn.desk.now)
    period = read_period(said, now, turn.desk.calendar) if said else (now.date().replace(day=1), now.date())
    if period is None:
        raise reading.no_period(said)
    reading.only_period(turn, said)
    first, last = period
    only = bearings.units_shown(turn.desk, turn.group)
    found = visits.shares(turn.desk, first, last, only)
    turn.answer(
        "visit.shares",
        first=first.isoformat(),
        last=last.isoformat(),
        forms=[one._asdict() for one in found.forms],
        total=found.total,
        on_the_spot=found.on_the_spot,
        share=Rate(found.on_the_spot, found.total).formula,
        only=only,
    )


VERBS = {"visit_unit": unit_put_right, "visit_task": to_task}
CONTINUE = {FORM: continue_due}
