"""Ringing: reminders to the holder, then overdue, then rung by rung up the ladder (rules.md D2, P1).

Each person is told once for one cause, why, and by whom it was left. Acknowledging quiets the reminders,
never the limit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from office import emergency_buttons, post, ring_batch, ring_facts, rung
from office.desk import Desk
from office.ring_batch import Batch, Cause
from storage import people
from storage.matters import Standing
from storage.models import Clock, Matter, Step

LATE = timedelta(minutes=2)
"""later than this after its instant a ring is marked 延迟: the program was not running"""
_RANK = {"remind": 0, "due": 1, "overdue": 2}
KINDS = (*_RANK, *rung.KINDS)


def ring(desk: Desk, rows: Sequence[Clock]) -> None:
    """Ring what is due and settle it.

    When several reminders of one cause to the holder are due at once (the program was not running), he is
    told the last of them only; the others are superseded.
    """
    for part in _parts(rows):
        batch = ring_batch.load(desk, part, rung.KINDS)
        ladders = {
            cause.step.id: rung.standing(batch, cause.matter, cause.step)
            for cause in batch.causes
            if cause.step is not None and any(row.kind in rung.KINDS for row in cause.rows)
        }
        climbing = (one for ladder in ladders.values() for one in ladder if one.member is not None)
        batch.ask([*_reminders(batch), *(cause for one in climbing for cause in (one.cause, one.unreached))])
        for cause in batch.causes:
            _ring(batch, cause, ladders)
        ring_batch.refresh(batch)
        batch.write()


def causes(rows: Sequence[Clock]) -> list[list[Clock]]:
    """The rows by what they ring for, in order."""
    groups: dict[tuple[int | None, int | None], list[Clock]] = {}
    for row in rows:
        groups.setdefault((row.matter_id, row.step_id), []).append(row)
    return list(groups.values())


def _parts(rows: Sequence[Clock]) -> Iterator[list[Clock]]:
    """The rows in parts that ring together: of a matter only one cause, for one sees what another did."""
    left = causes(rows)
    while left:
        first = {group[0].matter_id: group for group in reversed(left)}
        part = [group for group in left if first[group[0].matter_id] is group]
        left = [group for group in left if first[group[0].matter_id] is not group]
        yield [row for group in part for row in group]


def _reminders(batch: Batch) -> Iterator[str]:
    for cause in batch.causes:
        for step in _told_steps(batch, cause):
            yield from (_cause(row, step) for row in cause.rows if row.kind in _RANK)


def _told_steps(batch: Batch, cause: Cause) -> list[Step]:
    """The step whose holder is told; for the matter's own limit, whoever holds it now."""
    return [cause.step] if cause.step is not None else batch.steps[cause.matter.id or 0]


def _cause(row: Clock, step: Step) -> str:
    return f"{row.kind}:{row.id}:{step.id}"


def _ring(batch: Batch, cause: Cause, ladders: dict[int | None, list[rung.Standing]]) -> None:
    late = batch.desk.now - cause.rows[0].at > LATE
    to_holder = sorted(
        (row for row in cause.rows if row.kind in _RANK), key=lambda r: (_RANK[r.kind], r.place)
    )
    for row in to_holder[-1:]:
        for step in _told_steps(batch, cause):
            if row.kind != "remind" or not _is_quiet(batch, step):
                _remind(batch, cause, step, row, late)
    for row in cause.rows:
        if row.kind in rung.KINDS and cause.step is not None:
            rung.ring(batch, cause.matter, cause.step, row, ladders[cause.step.id], late)
    for row in cause.rows:
        assert row.id is not None
        batch.settled["superseded" if row in to_holder[:-1] else "fired"].append(row.id)


def _is_quiet(batch: Batch, step: Step) -> bool:
    """Whether its holder is not to be reminded: he acknowledged it, or put the reminders off."""
    put_off = step.snoozed_until is not None and step.snoozed_until > batch.desk.now
    return step.acknowledged_at is not None or put_off


def _remind(batch: Batch, cause: Cause, step: Step, row: Clock, late: bool) -> None:
    desk, matter, holder = batch.desk, cause.matter, batch.members[step.holder_id]
    earlier = _standing(batch, step, "reminder")
    main = _standing(batch, step, "holder")
    facts = ring_facts.of_whole if cause.step is None else ring_facts.of_step
    letter = post.letter(
        desk,
        holder,
        f"{post.family(desk, matter)}.reminder",
        kind="reminder",
        matter=matter,
        step_id=step.id,
        cause=_cause(row, step),
        buttons=_buttons(desk, step, matter),
        reply_to_card=main.id if main else None,
        **facts(batch, matter, step),
        rang=row.kind,
        delayed=late,
    )
    if not batch.send(letter):
        return
    if earlier is not None:
        batch.remove(earlier, post.priority(desk, matter))
    batch.note(matter, step, f"rang_{row.kind}", to=holder.name, delayed=late, due_for=row.at.isoformat())


def _buttons(desk: Desk, step: Step, matter: Matter) -> list[list[list[Any]]]:
    if post.family(desk, matter) == "emergency":
        return emergency_buttons.ringing(step, matter)
    first: list[list[Any]] = [] if step.acknowledged_at else [["acknowledge", step.id]]
    procedure = desk.policy.procedures[matter.procedure]
    rule = procedure.step(step.key)
    if not procedure.in_order and "sign" in rule.verbs:  # its card lists all steps; here it is this one
        first.insert(0, ["sign", step.id, f"✔️ {rule.sign}"])
    return [[*first, ["snooze", step.id, "🔕 稍后提醒"], ["details", matter.id]]]


def _standing(batch: Batch, step: Step, kind: str) -> Standing | None:
    """The holder's card of this kind."""
    found = (card for card in batch.standing[step.matter_id] if card.kind == kind and card.step_id == step.id)
    return next((card for card in found if card.member_id == step.holder_id), None)


def report_set_aside(desk: Desk, ids: list[int], error: str) -> None:
    """Tell the administrators that something that fell due could not be done."""
    for member in people.with_role("admin", session=desk.session):
        post.to_member(
            desk,
            member,
            "alert.set_aside",
            kind="note",
            cause=f"aside:{ids[0]}:{member.id}",
            ids=ids,
            error=error,
        )
