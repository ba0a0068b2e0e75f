"""What the moves of a task bring with them: lights, the second round, its family (V1, V4, V5).

Called by the acts that move any matter (office/move.py, close.py, defer.py), which know nothing of tasks.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from office import bearings, cards, post, recurring, running
from office.desk import Desk, Refused
from office.supervision import look_back, second, standing
from rules import procedure as steps_of
from rules.policy import StepRule
from storage import journal, matters, people
from storage.models import Matter, Step


def is_task(desk: Desk, matter: Matter) -> bool:
    """Whether a matter is supervised."""
    return matter.procedure in desk.policy.tasks


def entered(desk: Desk, matter: Matter) -> None:
    """A task was entered: its limit is watched."""
    second.begin_watch(desk, matter, matter.due_at)


def signed(desk: Desk, matter: Matter, rule: StepRule) -> None:
    """A step was signed. With the unit's answer time stops to count against it; late it stays late."""
    if is_task(desk, matter) and rule.words:
        standing.raise_to(matter, standing.by_time(desk, matter))


def sent_back(desk: Desk, matter: Matter, again: Step) -> None:
    """A result was sent back: the second time it is a second round (V5)."""
    rule = desk.policy.procedures[matter.procedure].step(again.key)
    if is_task(desk, matter) and rule.words and again.cycle >= desk.policy.supervision.second.returned:
        second.begin(desk, matter, again, "returned", f"反馈已被退回 {again.cycle} 次")


def check_close(desk: Desk, matter: Matter) -> None:
    """Refused while parts of it are open, which are named."""
    if not is_task(desk, matter):
        return
    left = [one.register_no for one in standing.parts(desk, matter) if one.state == "open"]
    if left:
        raise Refused("children_open", register_no=matter.register_no, left=left)


def who_strikes_off(desk: Desk, matter: Matter) -> dict[str, Any]:
    """Who may strike a task off, and what the unit does instead: it feeds its result back."""
    supervisor = bearings.in_post(desk, matter, "supervisor")
    return {"may": supervisor.name if supervisor else None, "number": matter.number}


def ended(desk: Desk, matter: Matter) -> None:
    """A task is struck off or transferred: it owes no reports any more, and may be looked back on."""
    if not is_task(desk, matter):
        return
    recurring.follow_rhythm(desk, matter)
    if matter.state == "closed":
        look_back.plan(desk, matter)
    if matter.parent_id is not None:
        _tell_whole(desk, matters.matter(matter.parent_id, session=desk.session))


def _tell_whole(desk: Desk, whole: Matter) -> None:
    """The last part is over: whoever holds the whole is told that it can be struck off."""
    parts = standing.parts(desk, whole)
    over = bool(parts) and not any(one.state == "open" for one in parts)
    if whole.state != "open" or not is_task(desk, whole) or not over:
        return
    cards.refresh(desk, whole)
    for step in matters.open_steps(whole.id or 0, session=desk.session):
        holder = people.member(step.holder_id, session=desk.session)
        shown = [standing.part_facts(desk, one) for one in parts]
        post.to_member(
            desk,
            holder,
            "task.children_done",
            kind="note",
            matter=whole,
            cause=f"parts:{whole.id}:{len(parts)}:{max(one.id or 0 for one in parts)}:{step.id}",
            buttons=[[["close", step.id, "✅ 销号"], ["details", whole.id]]],
            register_no=whole.register_no,
            title=whole.title,
            parts=shown,
        )


def check_deferral(desk: Desk, matter: Matter, until: datetime) -> None:
    """Refused where a part would outlive the whole: that is deferred first (V1)."""
    if matter.parent_id is None or not is_task(desk, matter):
        return
    whole = matters.matter(matter.parent_id, session=desk.session)
    if is_task(desk, whole) and whole.due_at is not None and until > whole.due_at:
        due = whole.due_at.isoformat()
        raise Refused("defer_outlives", register_no=matter.register_no, whole=whole.register_no, due=due)


def deferred(desk: Desk, matter: Matter, before: datetime | None) -> None:
    """The limit of a task has moved: it is watched anew, and parts that had the same limit move with it."""
    if not is_task(desk, matter) or matter.due_at == before or matter.due_at is None:
        return
    second.watch(desk, matter, matter.due_at)
    for part in standing.parts(desk, matter):
        if part.state == "open" and part.due_at == before:
            _follow(desk, matter, part)


def _follow(desk: Desk, whole: Matter, part: Matter) -> None:
    before, until = part.due_at, whole.due_at
    assert until is not None
    part.due_at, part.provisional = until, whole.provisional
    procedure = desk.policy.procedures[part.procedure]
    for step in matters.open_steps(part.id or 0, session=desk.session):
        if steps_of.takes_whole(procedure.step(step.key)):
            step.due_at, step.acknowledged_at, step.provisional = until, None, part.provisional
            running.restart(desk, part, step)
    words = f"随 {whole.register_no} 延期"
    note: dict[str, Any] = {"until": until.isoformat(), "words": words}
    journal.write("limit_followed", now=desk.now, session=desk.session, matter_id=part.id, **note)
    deferred(desk, part, before)
    cards.refresh(desk, part)
