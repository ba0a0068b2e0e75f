"""Progress 进展 (V3): a task's reports at its rhythm; who is late, by period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict, Field

from office import absence, bearings, cards, recurring
from office.desk import Desk, Refused
from rules.recurring import Rhythm, in_words, named, period_of
from storage import journal, matters, occurrences, people, progress
from storage.models import Matter, Member, Occurrence, Progress

WORDS_LIMIT = 1000
DONE = "progress_reported"
"""the act that settles it"""


class Report(BaseModel):
    """What a report says, checked; JSON-ready, kept in a draft."""

    model_config = ConfigDict(extra="forbid")

    percent: int | None = Field(default=None, ge=0, le=100)
    words: str = ""
    why: str | None = None
    """why it went down"""
    file_id: int | None = None
    claimed_at: datetime | None = None
    unchanged: bool = False
    """as last time"""


class Owed(NamedTuple):
    """A task whose report is asked for, or was given in the same period."""

    occurrence: Occurrence
    matter: Matter
    last: Progress | None
    percent: int | None
    """the last one that was given"""

    @property
    def done(self) -> bool:
        return self.occurrence.state == "done"


class Late(NamedTuple):
    """A report that did not come in time; `done_at` None: that has not come at all."""

    matter: Matter
    liaison: str | None
    period: str
    due_at: datetime
    done_at: datetime | None


# --- reporting --------------------------------------------------------------------------------------


def may_report(desk: Desk, matter: Matter, by: Member) -> bool:
    """Who answers for it, his stand-in, his unit, and the section that supervises (told by telephone)."""
    if by.id == matter.handler_id or by.unit in (matter.section, bearings.supervision(desk)):
        return True
    handler = people.member(matter.handler_id, session=desk.session) if matter.handler_id else None
    return handler is not None and handler.stand_in == by.name


def check(desk: Desk, matter: Matter, by: Member) -> None:
    """Refused progress_no_task, progress_over, progress_not_yours."""
    if matter.procedure not in desk.policy.tasks:
        raise Refused("progress_no_task", register_no=matter.register_no)
    if matter.state != "open":
        raise Refused("progress_over", **cards.matter_facts(desk, matter))
    if not may_report(desk, matter, by):
        handler = people.member(matter.handler_id, session=desk.session) if matter.handler_id else None
        name = handler.name if handler else None
        raise Refused("progress_not_yours", register_no=matter.register_no, holder=name, unit=matter.section)


def percent_of(desk: Desk, matter: Matter) -> int | None:
    """The last percentage that was given for a task."""
    found = progress.percents_of([matter.id or 0], session=desk.session)
    return found.get(matter.id or 0)


def falls_from(desk: Desk, matter: Matter, given: Report) -> int | None:
    """The percentage that a report falls behind without saying why; None where it does not."""
    before = percent_of(desk, matter)
    if before is None or given.percent is None or given.percent >= before or given.why:
        return None
    return before


def report(desk: Desk, matter: Matter, by: Member, given: Report) -> Progress:
    """Keep a report; it settles what is asked for.

    Refused as `check` says, and progress_empty, progress_too_long, progress_falls (before, now),
    progress_nothing_before.
    """
    check(desk, matter, by)
    given = _filled(desk, matter, given)
    before = falls_from(desk, matter, given)
    if before is not None:
        raise Refused("progress_falls", register_no=matter.register_no, before=before, now=given.percent)
    running = _running(desk, matter)
    kept = Progress(
        matter_id=matter.id or 0,
        period=_period(desk, matter, running),
        percent=given.percent,
        words=given.words,
        why=given.why,
        file_id=given.file_id,
        by_id=by.id or 0,
        reported_at=desk.now,
        claimed_at=given.claimed_at,
    )
    desk.session.add(kept)
    desk.session.flush()
    if running is not None and is_asked(desk, running):
        recurring.done(desk, running, by)
    _note(desk, matter, by, kept)
    cards.refresh(desk, matter)
    return kept


def _filled(desk: Desk, matter: Matter, given: Report) -> Report:
    """A report with its words in one line; 与上次相同 takes over what was said last."""
    if given.unchanged:
        last = progress.latest(matter.id or 0, session=desk.session)
        if last is None:
            raise Refused("progress_nothing_before", register_no=matter.register_no)
        given = given.model_copy(update={"percent": percent_of(desk, matter), "words": "与上期相同"})
    words = " ".join(given.words.split())
    if not words and given.percent is None and given.file_id is None:
        raise Refused("progress_empty", register_no=matter.register_no)
    if len(words) > WORDS_LIMIT:
        raise Refused("progress_too_long", limit=WORDS_LIMIT, length=len(words))
    return given.model_copy(update={"words": words})


def _running(desk: Desk, matter: Matter) -> Occurrence | None:
    """What a task owes now, the earliest first."""
    found = occurrences.running_of(matter.id or 0, session=desk.session)
    of_tasks = [one for one in found if one.duty in duties(desk)]
    return min(of_tasks, key=lambda one: one.due_at, default=None)


def _period(desk: Desk, matter: Matter, running: Occurrence | None) -> str | None:
    """The period a report is for: the one asked for; else the one it was given for today; else this one."""
    if running is None:
        return None
    today = desk.calendar.local(desk.now).date()
    if is_asked(desk, running):
        return running.period
    last = occurrences.last_done(matter.id or 0, session=desk.session)
    if last is not None and last.done_at is not None and desk.calendar.local(last.done_at).date() == today:
        return last.period
    return period_of(recurring.rule_of(desk, running).rhythm, today).key


def _note(desk: Desk, matter: Matter, by: Member, kept: Progress) -> None:
    journal.write(
        DONE,
        now=desk.now,
        session=desk.session,
        happened_at=kept.claimed_at,
        member_id=by.id,
        matter_id=matter.id,
        percent=kept.percent,
        said=f" {kept.percent}%" if kept.percent is not None else "",
        words=f"{kept.words}（{kept.why}）" if kept.why else kept.words,
        period=in_words(kept.period) if kept.period else None,
    )


# --- what is asked for ------------------------------------------------------------------------------


def duties(desk: Desk) -> list[str]:
    """The duties of the policy that reports of tasks settle."""
    return [key for key, rule in desk.policy.recurring.items() if rule.of_tasks]


def is_asked(desk: Desk, occurrence: Occurrence) -> bool:
    """Whether it is asked for by now, even if its clock has not rung yet."""
    return occurrence.state in occurrences.OPEN and occurrence.asks_at <= desk.now


def owed_by(desk: Desk, member: Member) -> list[Owed]:
    """A liaison's list: what is asked for of his tasks and those he stands in for, and what of it he gave.

    Where everything is given, the list of the last period.
    """
    known, owners = duties(desk), _owners(desk, member)
    asked = occurrences.asked_of(owners, member.id or 0, known, now=desk.now, session=desk.session)
    asked = [one for one in asked if is_owed(desk, one[0])]
    periods = {one.period for one, _ in asked}
    if not periods and (last := occurrences.last_period_of(member.id or 0, session=desk.session)):
        periods = {last.period}
    given = occurrences.settled_of(owners, known, periods, session=desk.session)
    return _with_last(desk, sorted([*given, *asked], key=lambda one: (one[0].due_at, one[1].id)))


def owing(desk: Desk) -> set[int]:
    """The ids of who may have a report asked of him: who answers for the task, was asked, or stands in."""
    found = occurrences.asked_from(duties(desk), now=desk.now, session=desk.session)
    away = people.with_ids(found & people.away(desk.now, session=desk.session), session=desk.session)
    return found | {absence.who_acts(desk, one, desk.now)[0].id or 0 for one in away.values()}


def _with_last(desk: Desk, found: Sequence[occurrences.Asked]) -> list[Owed]:
    ids = [matter.id or 0 for _, matter in found]
    last = progress.latest_of(ids, session=desk.session)
    percents = progress.percents_of(ids, session=desk.session)
    return [
        Owed(one, matter, last.get(matter.id or 0), percents.get(matter.id or 0)) for one, matter in found
    ]


def _owners(desk: Desk, member: Member) -> list[int]:
    """The member and those he stands in for now."""
    away = people.with_ids(people.away(desk.now, session=desk.session), session=desk.session)
    acting = (i for i, one in away.items() if absence.who_acts(desk, one, desk.now)[0].id == member.id)
    return [member.id or 0, *acting]


def is_owed(desk: Desk, occurrence: Occurrence) -> bool:
    """Whether the task is still in the unit's hands: once it has fed back its result, nothing is asked."""
    matter = matters.matter(occurrence.matter_id or 0, session=desk.session)
    procedure = desk.policy.procedures[matter.procedure]
    steps = matters.open_steps(matter.id or 0, session=desk.session)
    return any(procedure.step(one.key).holder in ("section", "handler") for one in steps)


def late(desk: Desk, period: str) -> list[Late]:
    """Reports that came late or not at all, of every rhythm whose period ends in this one (2026-11, 2026Q4).

    By unit. Who was asked only after the limit (the program was not running) is not named.
    """
    found = []
    for one, matter in asked_in(desk, period):
        over = (one.done_at or desk.now) > one.due_at
        excused = one.state == "done" and one.done_by is None
        in_time = one.asked_at is not None and one.asked_at < one.due_at
        if over and in_time and not excused:
            liaison = people.member(matter.handler_id, session=desk.session) if matter.handler_id else None
            name = liaison.name if liaison else None
            found.append(Late(matter, name, one.period, one.due_at, one.done_at))
    return found


def asked_in(desk: Desk, period: str) -> list[occurrences.Asked]:
    """What was asked for of tasks in periods that end in this one, with the task."""
    known = duties(desk)
    found = occurrences.ending_in(_ending_in(period), known, session=desk.session)
    return [(one, matter) for one, matter in found if one.asked_at is not None or one.done_by is not None]


def _ending_in(period: str) -> list[str]:
    whole = named(period)
    days = [whole.first + timedelta(days=n) for n in range((whole.last - whole.first).days + 1)]
    found: list[str] = []
    for rhythm in get_args(Rhythm):
        found += [one.key for day in days if (one := period_of(rhythm, day)).last == day]
    return found


class Standing(NamedTuple):
    """How a unit's reports of a period stand: asked for, given in time, given late, not given."""

    unit: str
    asked: int
    in_time: int
    late: int
    missing: int


def by_unit(desk: Desk, period: str) -> list[Standing]:
    """Every unit that was asked for reports in periods that end in this one; those that lack most first."""
    found: dict[str, list[Occurrence]] = {}
    for one, matter in asked_in(desk, period):
        found.setdefault(matter.section or "", []).append(one)
    standing = []
    for unit, rows in found.items():
        given = [one for one in rows if one.state == "done"]
        in_time = sum((one.done_at or desk.now) <= one.due_at for one in given)
        late_ = len(given) - in_time
        standing.append(Standing(unit, len(rows), in_time, late_, len(rows) - len(given)))
    return sorted(standing, key=lambda one: (-one.missing, -one.late))


# --- shown ------------------------------------------------------------------------------------------


def facts(desk: Desk, owed: Owed) -> dict[str, Any]:
    """A task of a liaison's list. JSON values."""
    return _task_facts(owed.matter, owed.last, owed.percent) | {
        "due": owed.occurrence.due_at.isoformat(),
        "late": not owed.done and owed.occurrence.due_at <= desk.now,
        "done": owed.done,
    }


def task_facts(desk: Desk, matter: Matter) -> dict[str, Any]:
    """A task and how far it is. JSON values."""
    last = progress.latest(matter.id or 0, session=desk.session)
    return _task_facts(matter, last, percent_of(desk, matter))


def _task_facts(matter: Matter, last: Progress | None, percent: int | None) -> dict[str, Any]:
    return {
        "matter_id": matter.id,
        "register_no": matter.register_no,
        "title": matter.title,
        "section": matter.section,
        "task_due": matter.due_at.isoformat() if matter.due_at else None,
        "percent": percent,
        "words": last.words if last else None,
        "at": said_at(last).isoformat() if last else None,
    }


def said_at(one: Progress) -> datetime:
    """The instant a report is of."""
    return one.claimed_at or one.reported_at


def heading(desk: Desk, rows: Sequence[Owed]) -> dict[str, Any]:
    """What stands over a liaison's list: periods, how many of how many, the next limit."""
    open_ = [one for one in rows if not one.done]
    periods = dict.fromkeys(in_words(one.occurrence.period) for one in rows)
    return {
        "period": "、".join(periods),
        "total": len(rows),
        "given": len(rows) - len(open_),
        "due": min(one.occurrence.due_at for one in open_).isoformat() if open_ else None,
        "late": sum(one.occurrence.due_at <= desk.now for one in open_),
        "provisional": any(one.occurrence.provisional for one in open_),
    }
