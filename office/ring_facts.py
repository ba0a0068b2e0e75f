"""What a ring says: of a step that is due, and of a matter's own limit."""

from __future__ import annotations

from typing import Any

from office import cards
from office.ring_batch import Batch
from rules import procedure as steps_of
from storage.models import Matter, Step


def of_step(batch: Batch, matter: Matter, step: Step) -> dict[str, Any]:
    """JSON values; instants as ISO strings."""
    rule = batch.desk.policy.procedures[matter.procedure].step(step.key)
    said = {"step": steps_of.step_name(rule, matter.details, step.cycle), "source": rule.source}
    return _facts(batch, matter, step, rule.todo) | said | _limit(batch, matter, step.due_at)


def of_whole(batch: Batch, matter: Matter, step: Step) -> dict[str, Any]:
    """The same of the matter's own limit, for whoever holds `step` now."""
    procedure = batch.desk.policy.procedures[matter.procedure]
    rule = procedure.step(step.key)
    said = {"step": "全件办结", "source": procedure.whole.source if procedure.whole else rule.source}
    return _facts(batch, matter, step, rule.todo) | said | _limit(batch, matter, matter.due_at)


def _facts(batch: Batch, matter: Matter, step: Step, todo: str) -> dict[str, Any]:
    return {
        "register_no": matter.register_no,
        "title": matter.title,
        "sender": matter.sender,
        "todo": todo,
        "holder": batch.members[step.holder_id].name,
        "for": batch.members[step.for_id].name if step.for_id else None,
        "since": step.holder_since.isoformat(),
        "remark": matter.remark,
        "received": matter.received_at.isoformat(),
    }


def _limit(batch: Batch, matter: Matter, due_at: Any) -> dict[str, Any]:
    procedure = batch.desk.policy.procedures[matter.procedure]
    return {
        "due": due_at.isoformat(),
        "left": cards.left_words(batch.desk, due_at, procedure),
        "late": due_at <= batch.desk.now,
    }
