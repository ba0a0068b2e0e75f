"""What a batch of rings needs is loaded at once, what was decided is written at once.

A morning's thousand reminders cost some queries together, not some each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from office import cards, post, ring_together
from office.desk import Desk
from storage import clocks, journal, matters, outbox, people
from storage.journal import Note
from storage.matters import Standing
from storage.models import Clock, Matter, Member, Step
from storage.outbox import Letter

TOLD = ("rang_due", "rang_overdue", "climbed", "rang_remind")
"""the entries of a step that say who was told of it"""


class Told(NamedTuple):
    """Somebody was told of a step."""

    act: str
    to: str
    at: datetime


class Cause(NamedTuple):
    """What rings together: the rows of one step, or of a matter's own limit (`step` None)."""

    matter: Matter
    step: Step | None
    rows: list[Clock]


@dataclass
class Batch:
    """Causes of as many matters, what is known of them, and what becomes of them."""

    desk: Desk
    causes: list[Cause]
    steps: dict[int, list[Step]]
    """the steps that run, by matter"""
    members: dict[int, Member]
    away: set[int]
    standing: dict[int, list[Standing]]
    before: dict[int, list[Told]]
    """who was told of a step, in order; only where a rung is due"""
    told: set[str] = field(default_factory=set)
    """causes that were told; those not asked for are not known"""
    settled: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """ids of clocks, by what became of them"""
    letters: list[Letter] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    edited: dict[int, list[Standing]] = field(default_factory=lambda: defaultdict(list))
    """cards that change, by priority"""
    removed: dict[int, list[Standing]] = field(default_factory=lambda: defaultdict(list))

    def named(self, name: str) -> Member | None:
        """The active member of this full name."""
        return self._by_name.get(name)

    def ask(self, causes: Sequence[str]) -> None:
        """Learn which of these causes were told."""
        self.told |= outbox.told(causes, session=self.desk.session)

    def send(self, letter: Letter | None) -> bool:
        """Have a message put into the outbox; False where nobody can be told or was told of its cause."""
        if letter is None or letter.message["cause"] in self.told:
            return False
        self.told.add(letter.message["cause"])
        self.letters.append(letter)
        return True

    def note(self, matter: Matter, step: Step, act: str, **facts: Any) -> None:
        """Have an entry written; who was told now counts as told before for what follows."""
        self.notes.append(Note(act, matter.id, step.id, facts))
        if act in TOLD:
            self.before.setdefault(step.id or 0, []).append(Told(act, facts["to"], self.desk.now))

    def remove(self, card: Standing, priority: int) -> None:
        """Take a card away: a newer one stands for it."""
        self.removed[priority].append(card)

    def write(self) -> None:
        """Write everything that was decided."""
        session, now = self.desk.session, self.desk.now
        for state, ids in self.settled.items():
            clocks.settle(ids, state=state, now=now, session=session)
        tasks = {one.matter.id or 0 for one in self.causes if one.matter.procedure in self.desk.policy.tasks}
        letters = ring_together.gathered(self.desk, self.letters, tasks, self.members)
        outbox.enqueue_all(letters, session=session)
        for priority, gone in self.removed.items():
            matters.let_stand_no_more([card.id for card in gone], session=session)
            outbox.enqueue_deletes(gone, priority=priority, now=now, session=session)
        for priority, changed in self.edited.items():
            outbox.enqueue_edits(changed, priority=priority, now=now, session=session)
        journal.write_all(self.notes, now=now, session=session)

    def __post_init__(self) -> None:
        self._by_name = {one.name: one for one in self.members.values() if one.active}


def load(desk: Desk, rows: Sequence[Clock], climbing: Sequence[str]) -> Batch:
    """What the rows that are due are about. `climbing`: kinds of rows that climb a ladder."""
    session = desk.session
    ids = list(dict.fromkeys(row.matter_id or 0 for row in rows))
    found = {one.id: one for one in matters.with_ids(ids, session=session)}
    steps = matters.steps_of(ids, open_only=True, session=session)
    known = {one.id: one for of_matter in steps.values() for one in of_matter}
    groups: dict[tuple[int | None, int | None], list[Clock]] = defaultdict(list)
    batch = Batch(
        desk,
        [],
        steps,
        {one.id: one for one in people.everybody(session=session) if one.id is not None},
        people.away(desk.now, session=session),
        matters.standing_of(ids, session=session),
        _before(desk, [row.step_id for row in rows if row.kind in climbing and row.step_id]),
    )
    for row in rows:
        groups[row.matter_id, row.step_id].append(row)
    for (matter_id, step_id), of_cause in groups.items():
        matter, step = found[matter_id], known.get(step_id)
        if matter.state == "open" and (step is not None or step_id is None):
            batch.causes.append(Cause(matter, step, of_cause))
        else:
            batch.settled["superseded"] += [row.id for row in of_cause if row.id is not None]
    return batch


def _before(desk: Desk, step_ids: list[int]) -> dict[int, list[Told]]:
    found: dict[int, list[Told]] = {step_id: [] for step_id in step_ids}
    for entry in journal.of_steps(step_ids, TOLD, session=desk.session) if step_ids else ():
        found[entry.step_id or 0].append(Told(entry.act, entry.facts["to"], entry.happened_at))
    return found


def refresh(batch: Batch) -> None:
    """Edit the cards of the matters wherever they stand."""
    desk = batch.desk
    read = [cause.matter.id or 0 for cause in batch.causes if cards.has_readers(desk, cause.matter)]
    steps = matters.steps_of(read, open_only=False, session=desk.session) if read else {}
    for matter, step, _ in batch.causes:
        standing = batch.standing[matter.id or 0]
        changed = cards.to_edit(desk, matter, step, standing, steps.get(matter.id or 0, []))
        batch.edited[post.priority(desk, matter)] += changed
