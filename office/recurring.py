"""Duties that come again (V3): one occurrence at a time, the next made in the transaction that settles it.

So the periods follow each other without gap or double, whatever the clock does. An occurrence is asked for,
rings by its ladder, and is done, or gives way to the next as missed. What asking and reminding mean for a
duty is in office/recurring_work.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from office import absence, bearings
from office.desk import Desk, Refused
from rules import posts, recurring
from rules.ladder import Candidate, Why, climb
from rules.posts import Bearings
from rules.recurring import Period, RecurringRule
from storage import clocks, journal, matters, occurrences, people, rows
from storage.models import Matter, Member, Occurrence

ASK, REMIND, DUE, OVERDUE, RUNG, NEXT = (
    f"recurring_{kind}" for kind in ("ask", "remind", "due", "overdue", "rung", "next")
)
RINGS = (ASK, REMIND, DUE, OVERDUE, RUNG)


def rule_of(desk: Desk, occurrence: Occurrence) -> RecurringRule:
    """What the policy says of its duty."""
    return desk.policy.recurring[occurrence.duty]


def begin(desk: Desk, duty: str, matter: Matter | None = None) -> Occurrence:
    """Begin a duty of the office, or of a task, with the first period still to be asked for.

    Nothing changes where it runs.
    """
    matter_id = matter.id if matter else None
    found = occurrences.running(duty, matter_id, session=desk.session)
    if found is not None:
        return found
    rule = desk.policy.recurring[duty]
    return _make(desk, duty, matter_id, recurring.first_after(rule, desk.now, desk.calendar))


def follow_rhythm(desk: Desk, matter: Matter, *, new: bool = False) -> None:
    """Begin what a task owes by its rhythm (`details["rhythm"]`), call off what it no longer owes.

    `new`: it was entered just now, so that it owes nothing yet.
    """
    wanted = [
        key
        for key, rule in desk.policy.recurring.items()
        if rule.of_tasks and rule.rhythm == matter.details.get("rhythm") and matter.state == "open"
    ]
    running = [] if new else occurrences.running_of(matter.id or 0, session=desk.session)
    for one in running:
        if one.duty not in wanted:
            call_off(desk, one)
    for duty in wanted:
        if new:
            period = recurring.first_after(desk.policy.recurring[duty], desk.now, desk.calendar)
            _plan(desk, Occurrence(duty=duty, matter_id=matter.id, period=period.key), period)
        else:
            begin(desk, duty, matter)


def begin_missing(desk: Desk) -> None:
    """Begin every duty that has nothing running: a new rule, a task that came in another way."""
    running = occurrences.running_duties(session=desk.session)
    for key, rule in desk.policy.recurring.items():
        if not rule.of_tasks and key not in running:
            begin(desk, key)
    for matter in occurrences.without(list(desk.policy.tasks), session=desk.session):
        if matter.details.get("rhythm"):
            follow_rhythm(desk, matter)


def _make(desk: Desk, duty: str, matter_id: int | None, period: Period) -> Occurrence:
    """The occurrence of a period, with its clocks; the period after it where this one is settled."""
    rule = desk.policy.recurring[duty]
    found = occurrences.of_period(duty, matter_id, period.key, session=desk.session)
    while found is not None and found.state in ("done", "missed"):
        period = recurring.after(period, rule.rhythm)
        found = occurrences.of_period(duty, matter_id, period.key, session=desk.session)
    return _plan(desk, found or Occurrence(duty=duty, matter_id=matter_id, period=period.key), period)


def _plan(desk: Desk, one: Occurrence, period: Period) -> Occurrence:
    """An occurrence is kept, with its instants and clocks."""
    rule = rule_of(desk, one)
    at = recurring.when(rule, period, desk.calendar)
    one.asks_at, one.due_at, one.provisional, one.state = at.asks_at, at.due_at, at.provisional, "waiting"
    if one.id is None:
        rows.keep(one, session=desk.session)
    desk.session.add(one)
    desk.session.flush()
    _set_clocks(desk, one, rule, period)
    return one


def _set_clocks(desk: Desk, one: Occurrence, rule: RecurringRule, period: Period) -> None:
    clocks.keep(_planned(desk, one, rule, period), about_id=one.id, session=desk.session)


def _planned(
    desk: Desk, one: Occurrence, rule: RecurringRule, period: Period
) -> Iterator[tuple[str, int, datetime]]:
    """What falls due for an occurrence, as kind, place, instant."""
    asked = max(one.asks_at, desk.now)
    if one.state == "waiting":
        yield ASK, 0, asked
    if asked < one.due_at:
        for ring in desk.rings(desk.policy.ladders[rule.ladder], asked, one.due_at, "office"):
            yield f"recurring_{ring.kind}", ring.place, ring.at
    yield NEXT, 0, recurring.gives_way_at(rule, period, desk.calendar)


def done(desk: Desk, occurrence: Occurrence, by: Member | None) -> Occurrence:
    """It is done: its clocks stop, the next period follows. Refused where it is settled already.

    The caller notes in the journal what was done. Returns the occurrence that follows.
    """
    if occurrence.state not in occurrences.OPEN:
        raise Refused("occurrence_over", **facts(desk, occurrence))
    occurrence.state, occurrence.done_at = "done", desk.now
    occurrence.done_by = by.id if by else None
    return _next(desk, occurrence)


def give_way(desk: Desk, occurrence: Occurrence) -> None:
    """The next period is asked for: what was not done is missed."""
    if occurrence.state in occurrences.OPEN:
        occurrence.state = "missed"
        note(desk, "recurring_missed", occurrence, None)
        _next(desk, occurrence)


def call_off(desk: Desk, occurrence: Occurrence) -> None:
    """It is not owed any more: nothing follows it."""
    occurrence.state = "cancelled"
    _stop(desk, occurrence)


def _next(desk: Desk, occurrence: Occurrence) -> Occurrence:
    _stop(desk, occurrence)
    rule = rule_of(desk, occurrence)
    period = recurring.after(recurring.named(occurrence.period), rule.rhythm)
    return _make(desk, occurrence.duty, occurrence.matter_id, period)


def _stop(desk: Desk, occurrence: Occurrence) -> None:
    desk.session.add(occurrence)
    desk.session.flush()
    occurrences.stop_clocks(occurrence.id or 0, (*RINGS, NEXT), now=desk.now, session=desk.session)


def recompute(desk: Desk) -> int:
    """A notice of holidays is loaded: what was counted without it is counted anew; how many moved."""
    moved = 0
    for one in occurrences.provisional(session=desk.session):
        rule, period = rule_of(desk, one), recurring.named(one.period)
        at = recurring.when(rule, period, desk.calendar)
        moved += (one.asks_at, one.due_at) != at[:2]
        one.asks_at, one.due_at, one.provisional = at
        _stop(desk, one)
        _set_clocks(desk, one, rule, period)
    return moved


def is_over(desk: Desk, occurrence: Occurrence) -> bool:
    """Whether the next period is to be asked for by now: nobody is asked for this one any more."""
    period = recurring.named(occurrence.period)
    return recurring.gives_way_at(rule_of(desk, occurrence), period, desk.calendar) <= desk.now


def is_owed(desk: Desk, occurrence: Occurrence) -> bool:
    """Whether its task, if it has one, is still open."""
    if occurrence.matter_id is None:
        return True
    return matters.matter(occurrence.matter_id, session=desk.session).state == "open"


def answers(desk: Desk, occurrence: Occurrence) -> Member | None:
    """Who is to do it now, a stand-in where he is away; None where the post is vacant."""
    owner = owner_of(desk, occurrence)
    return absence.who_acts(desk, owner, desk.now)[0] if owner else None


def asked_of(desk: Desk, occurrence: Occurrence) -> Member | None:
    """Who can be asked for it: who is to do it, else his stand-in, else the head of his unit."""
    acting = answers(desk, occurrence)
    if acting is None or acting.reach == "ok":
        return acting
    head = posts.head_of(acting.unit, desk.roster)
    names = [name for name in (acting.stand_in, head.name if head else None) if name]
    found = people.named(names, session=desk.session)
    return next((one for one in found if one.reach == "ok"), None)


def owner_of(desk: Desk, occurrence: Occurrence) -> Member | None:
    """Whose duty it is: the post's, or of a task who answers for it."""
    rule = rule_of(desk, occurrence)
    if occurrence.matter_id is not None:
        matter = matters.matter(occurrence.matter_id, session=desk.session)
        found = posts.holder(rule.who, bearings.bearings(desk, matter), desk.roster)
    else:
        found = next(iter(desk.roster.with_role(rule.who, unit_of(desk, rule))), None)
    return people.by_name(found.name, session=desk.session) if found else None


def unit_of(desk: Desk, rule: RecurringRule) -> str | None:
    """The full name of the unit whose post has the duty; None where the post is there once."""
    wanted = rule.unit
    found = (unit for unit in desk.roster.units if wanted in (unit.name, *unit.short_names))
    return next((unit.name for unit in found), wanted)


def facts(desk: Desk, occurrence: Occurrence) -> dict[str, Any]:
    """What is said of it: duty, period in words, due, who did it when. JSON values."""
    by = people.member(occurrence.done_by, session=desk.session) if occurrence.done_by else None
    return {
        "duty": rule_of(desk, occurrence).name,
        "period": recurring.in_words(occurrence.period),
        "due": occurrence.due_at.isoformat(),
        "provisional": occurrence.provisional,
        "late": occurrence.due_at <= desk.now,
        "state": occurrence.state,
        "done_at": occurrence.done_at.isoformat() if occurrence.done_at else None,
        "by": by.name if by else None,
    }


def note(desk: Desk, act: str, occurrence: Occurrence, by: Member | None, **more: Any) -> None:
    """An entry of the journal about it."""
    journal.write(
        act,
        now=desk.now,
        session=desk.session,
        member_id=by.id if by else None,
        matter_id=occurrence.matter_id,
        occurrence=occurrence.id,
        duty=rule_of(desk, occurrence).name,
        period=recurring.in_words(occurrence.period),
        **more,
    )


class Reached(NamedTuple):
    """Whom a rung reaches, on which post, and who was passed over."""

    member: Member
    post: str
    skipped: tuple[Candidate, ...]


def reached_by(desk: Desk, occurrence: Occurrence, place: int) -> Reached | None:
    """Whom this rung of the duty's ladder reaches: those who cannot be told are passed over."""
    owner = owner_of(desk, occurrence)
    if owner is None:
        return None
    return above(desk, owner, asked_of(desk, occurrence), rule_of(desk, occurrence).ladder, place)


def above(
    desk: Desk, owner: Member, holder: Member | None, ladder: str, place: int, registrar: str | None = None
) -> Reached | None:
    """Whom rung `place` of a ladder reaches above an owner, of whose work the holder was told.

    Those who cannot be told are passed over.
    """
    rungs = desk.policy.ladders[ladder].rungs
    about = Bearings(owner.unit, None, (), registrar or owner.name, owner.name)
    standing = [
        (one.who, posts.rung(one.who, bearings.person(desk, owner), about, desk.roster)) for one in rungs
    ]
    names = [found.name for _, found in standing if found]
    known = {one.name: one for one in people.named(names, session=desk.session)}
    away = people.away(desk.now, session=desk.session)
    candidates = [
        _candidate(who, known.get(found.name) if found else None, holder, away) for who, found in standing
    ]
    climbed = climb(place, candidates)
    if climbed.reached is None or climbed.reached.name is None:
        return None
    return Reached(known[climbed.reached.name], desk.policy.posts.names[climbed.reached.who], climbed.skipped)


def _candidate(who: str, member: Member | None, holder: Member | None, away: set[int]) -> Candidate:
    if member is None:
        return Candidate(who, None)
    hindrance: Why | None = None
    if member.id in away:
        hindrance = "away"
    elif member.reach != "ok":
        hindrance = "blocked" if member.reach == "blocked" else "never_started"
    return Candidate(who, member.name, hindrance, holder=holder is not None and member.id == holder.id)
