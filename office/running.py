"""The clocks of steps and matters: set when a limit begins, moved with it, stopped when it is met."""

from __future__ import annotations

from datetime import datetime

from office import post
from office.desk import Desk
from rules import procedure as steps_of
from rules.ladder import Planned, awake
from rules.limits import Due
from rules.policy import Ladder, Procedure, StepRule
from storage import clocks
from storage.models import Matter, Step


def whole_of(desk: Desk, matter: Matter) -> Due | None:
    """The matter's own limit as it stands now."""
    return Due(at=matter.due_at, provisional=matter.provisional) if matter.due_at else None


def due_of(desk: Desk, matter: Matter, rule: StepRule, begun: datetime) -> Due | None:
    """When a step that begins at `begun` is due; None where that depends on an event nobody knows yet."""
    return steps_of.step_due(
        rule,
        registered=matter.registered_at,
        received=matter.received_at,
        begun=begun,
        whole=whole_of(desk, matter),
        event=matter.event_at,
        event_end=matter.event_ends_at,
        procedure=desk.policy.procedures[matter.procedure],
        calendar=desk.calendar,
    )


def phase_due(desk: Desk, matter: Matter, phase: int) -> Due:
    """When a phase of a matter ends (V9)."""
    at = datetime.fromisoformat(matter.details["phases"][phase]["due"])
    return Due(at=at, provisional=desk.calendar.is_provisional(desk.calendar.local(at).date()))


def start_step(desk: Desk, matter: Matter, step: Step, rule: StepRule) -> None:
    """Set the clocks of a step's limit."""
    if step.due_at is not None:
        _set(desk, matter, ladder_of(desk, matter, rule), step.began_at, step.due_at, step.id, rule)


def ladder_of(desk: Desk, matter: Matter, rule: StepRule) -> Ladder:
    """The ladder of a step: its own, or the one that the level of an emergency asks for."""
    level = desk.policy.emergency.level(matter.details.get("level"))
    name = level.ladders.get(rule.key) if level else None
    return desk.policy.ladders[name or rule.ladder]


def start_whole(desk: Desk, matter: Matter, procedure: Procedure) -> None:
    """Set the clocks of the matter's own limit; the closing step has the same limit and rings for it."""
    if matter.due_at is not None:
        ladder = procedure.whole.ladder if procedure.whole else procedure.steps[-1].ladder
        _set(desk, matter, desk.policy.ladders[ladder], matter.received_at, matter.due_at, None)


def restart(desk: Desk, matter: Matter, step: Step | None) -> None:
    """Set the clocks anew after a limit has moved (deferral, a notice loaded)."""
    procedure = desk.policy.procedures[matter.procedure]
    if step is None:
        clocks.cancel(matter_id=matter.id, whole_only=True, session=desk.session)
        start_whole(desk, matter, procedure)
    else:
        clocks.cancel(step_id=step.id, session=desk.session)
        start_step(desk, matter, step, procedure.step(step.key))


def _set(
    desk: Desk,
    matter: Matter,
    ladder: Ladder,
    began: datetime,
    due_at: datetime,
    step_id: int | None,
    rule: StepRule | None = None,
) -> None:
    procedure = desk.policy.procedures[matter.procedure]
    clock = (rule.clock if rule else None) or procedure.clock
    loud = post.pressing(desk, matter) or _is_in_quiet_hours(desk, matter.event_at)
    rings = desk.rings(ladder, began, due_at, clock, loud=loud)
    kept = [ring for ring in rings if _rings(desk, ring, step_id)]
    clocks.plan(kept, matter_id=matter.id, step_id=step_id, session=desk.session)


def _rings(desk: Desk, ring: Planned, step_id: int | None) -> bool:
    if step_id is None and ring.kind == "rung":
        return False  # the step that runs has a ladder of its own; the matter's limit is told to its holder
    if ring.kind == "due" and ring.at == desk.now and step_id is not None:
        return False  # due at once: whoever gets the step, or is told of its new limit, sees it there
    # where the limit or its ladder changed, what the new one would have reminded of may be past
    return ring.kind != "remind" or ring.at > desk.now


def _is_in_quiet_hours(desk: Desk, event: datetime | None) -> bool:
    """Whether what a matter is about is itself at night or on a day off: what counts from it rings then."""
    return event is not None and awake(event, desk.policy.calendar.quiet, desk.calendar) > event
