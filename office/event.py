"""The event that a matter is about (a meeting, a signing): limits that count from it move with it.

Whoever holds a step whose limit moved is told once, in one message. For all kinds of matters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from office import cards, move, post, running
from office.desk import Desk
from rules.event import Moved, changed, counts_from_event
from storage import journal, matters, people
from storage.models import Matter, Member, Step


def fix(
    desk: Desk, matter: Matter, at: datetime, ends: datetime | None, by: Member | None = None
) -> list[Moved]:
    """Say when the event is, for the first time or anew; the limits that moved with it, in order."""
    before = matter.event_at
    matter.event_at, matter.event_ends_at = at, ends
    desk.session.add(matter)
    _note(desk, matter, "event_fixed", by, was=_iso(before), until=at.isoformat(), ends=_iso(ends))
    steps = {step.id or 0: step for step in _counting(desk, matter)}
    moved = changed(_new_limit(desk, matter, step) for step in steps.values())
    for one in moved:
        _move(desk, matter, steps[one.step_id], one)
    _tell(desk, matter, steps, moved)
    cards.refresh(desk, matter)
    return moved


def cancel(desk: Desk, matter: Matter, by: Member, reason: str) -> list[Step]:
    """There will be no event: the steps whose limits count from it end; their holders are told once."""
    steps = _counting(desk, matter)
    for step in steps:
        move.end(desk, matter, step, by, reason, state="cancelled")
    _note(desk, matter, "event_cancelled", by, words=reason)
    for holder, own in _by_holder(desk, steps):
        names = [_name(desk, matter, step) for step in own]
        post.to_member(
            desk,
            holder,
            "note.event_cancelled",
            kind="note",
            matter=matter,
            register_no=matter.register_no,
            title=matter.title,
            by=by.name,
            reason=reason,
            steps=names,
        )
    return steps


def _counting(desk: Desk, matter: Matter) -> list[Step]:
    """The open steps whose limits depend on the event."""
    procedure = move.procedure_of(desk, matter)
    steps = matters.open_steps(matter.id or 0, session=desk.session)
    return [step for step in steps if counts_from_event(procedure.step(step.key))]


def _new_limit(desk: Desk, matter: Matter, step: Step) -> Moved:
    rule = move.procedure_of(desk, matter).step(step.key)
    due = running.due_of(desk, matter, rule, desk.now)
    return Moved(step.id or 0, step.due_at, due.at if due else None, bool(due and due.provisional))


def _move(desk: Desk, matter: Matter, step: Step, one: Moved) -> None:
    step.due_at = step.first_due_at = one.due
    step.provisional, step.acknowledged_at = one.provisional, None
    running.restart(desk, matter, step)
    journal.write(
        "event_moved",
        now=desk.now,
        session=desk.session,
        matter_id=matter.id,
        step_id=step.id,
        step=_name(desk, matter, step),
        was=_iso(one.was),
        until=_iso(one.due),
    )


def _tell(desk: Desk, matter: Matter, steps: dict[int, Step], moved: list[Moved]) -> None:
    by_step = {one.step_id: one for one in moved}
    for holder, own in _by_holder(desk, [steps[one.step_id] for one in moved]):
        rows = [_row(desk, matter, step, by_step[step.id or 0]) for step in own]
        post.to_member(
            desk,
            holder,
            "note.event_moved",
            kind="note",
            matter=matter,
            buttons=[[["details", matter.id]]],
            register_no=matter.register_no,
            title=matter.title,
            event=_iso(matter.event_at),
            steps=rows,
            provisional=any(by_step[step.id or 0].provisional for step in own),
        )


def _row(desk: Desk, matter: Matter, step: Step, one: Moved) -> dict[str, Any]:
    return {
        "name": _name(desk, matter, step),
        "was": _iso(one.was),
        "due": _iso(one.due),
        "at_once": one.at_once(desk.now),
    }


def _by_holder(desk: Desk, steps: Iterable[Step]) -> list[tuple[Member, list[Step]]]:
    """The steps of each holder, in order."""
    found: dict[int, list[Step]] = defaultdict(list)
    for step in steps:
        found[step.holder_id].append(step)
    who = people.with_ids(found, session=desk.session)
    return [(who[holder_id], own) for holder_id, own in found.items()]


def _name(desk: Desk, matter: Matter, step: Step) -> str:
    return move.procedure_of(desk, matter).step(step.key).name


def _note(desk: Desk, matter: Matter, act: str, by: Member | None, **facts: Any) -> None:
    journal.write(
        act,
        now=desk.now,
        session=desk.session,
        member_id=by.id if by else None,
        matter_id=matter.id,
        **facts,
    )


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
