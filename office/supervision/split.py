"""Breaking a task down 分解 among units (V1): its parts are tasks of their own, in the same series.

The whole waits at its closing step until all parts are over; what the parts owe, they owe for it.
"""

from __future__ import annotations

from typing import Any

from office import cards, move, recurring
from office.desk import Desk, Refused
from office.supervision import ledger, standing
from office.supervision.ledger import TaskForm
from storage import journal, matters, people
from storage.models import Matter, Member


def check(desk: Desk, matter: Matter, by: Member) -> None:
    """Refused where a task cannot be split any more, or not by this member."""
    if matter.procedure not in desk.policy.tasks:
        raise Refused("not_a_task", register_no=matter.register_no)
    running = matters.open_steps(matter.id or 0, session=desk.session)
    if matter.state != "open" or not running:
        raise Refused("step_over", **cards.matter_facts(desk, matter))
    holds = any(step.holder_id == by.id for step in running)
    if not (holds or matter.handler_id == by.id or ledger.may_supervise(desk, by)):
        holder = people.member(running[0].holder_id, session=desk.session)
        raise Refused("may_not_split", register_no=matter.register_no, holder=holder.name)
    if standing.is_answered(desk, matter) and not standing.parts(desk, matter):
        raise Refused("too_late_to_split", register_no=matter.register_no)


def complete(matter: Matter, form: TaskForm) -> TaskForm:
    """A part as it will be entered: what was not said of it is as of the whole."""
    return form.model_copy(
        update={
            "parent_id": matter.id,
            "title": form.title or matter.title,
            "source": form.source or matter.sender,
            "field": form.field or matter.field,
            "due": form.due or matter.due_at,
            "rhythm": form.rhythm or matter.details.get("rhythm"),
        }
    )


def split(desk: Desk, matter: Matter, forms: list[TaskForm], by: Member) -> list[Matter]:
    """Enter the parts of a task; the whole goes to its closing step. Refused as `ledger.check` says."""
    check(desk, matter, by)
    parts = [ledger.enter(desk, complete(matter, form), by) for form in forms]
    names: dict[str, Any] = {"parts": "、".join(f"{one.register_no} {one.section}" for one in parts)}
    journal.write("split", now=desk.now, session=desk.session, member_id=by.id, matter_id=matter.id, **names)
    _wait(desk, matter, by, len(parts))
    matter.details = matter.details | {"rhythm": None}  # its parts report for it
    recurring.follow_rhythm(desk, matter)
    cards.refresh(desk, matter)
    return parts


def _wait(desk: Desk, matter: Matter, by: Member, count: int) -> None:
    """End what the unit still had to do; the closing step runs until the task's own limit."""
    procedure = move.procedure_of(desk, matter)
    for step in matters.open_steps(matter.id or 0, session=desk.session):
        if procedure.step(step.key).closes:
            return
        move.end(desk, matter, step, by, f"分解为 {count} 项", state="cancelled")
    closing = next(rule for rule in procedure.steps if rule.closes)
    move.begin(desk, matter, closing, limit="whole", told=False)
