"""Counting how supervised tasks are done (V8): what was given, done, due, done in time; the rates of these.

办结率 = done / given, 按期办结率 = done in time / due. A deferred task is due at its new date and shown as
deferred; one that was transferred is out of remit and counted apart. Without a denominator there is no rate.
All instants are aware.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final, NamedTuple

NO_RATE: Final = "—"


class Task(NamedTuple):
    """A task as it is counted."""

    unit: str
    """the lead unit 牵头单位"""
    field: str
    given_at: datetime
    due_at: datetime
    """its limit as it stands: after a deferral the new one"""
    first_due_at: datetime
    answered_at: datetime | None = None
    """when the unit gave the result that it was struck off with, or that is being checked"""
    closed_at: datetime | None = None
    transferred_at: datetime | None = None


class Rate(NamedTuple):
    """A share, with the numbers it was made of."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The share of one; None where the denominator is zero."""
        return self.part / self.whole if self.whole else None

    @property
    def words(self) -> str:
        """66.7%, or — where the denominator is zero."""
        return f"{self.value:.1%}" if self.value is not None else NO_RATE

    @property
    def rough(self) -> str:
        """67%, in whole per cent, for a line in the chat."""
        return f"{self.value:.0%}" if self.value is not None else NO_RATE

    @property
    def formula(self) -> str:
        """12÷18＝66.7%"""
        return f"{self.part}÷{self.whole}＝{self.words}"


class Tally(NamedTuple):
    """The tasks of a unit, a field or all of them, in a period."""

    name: str
    given: int = 0
    """in hand in the period: open when it began, or given in it; without those transferred"""
    new: int = 0
    """given in the period"""
    done: int = 0
    """struck off in the period"""
    due: int = 0
    """whose limit ran out in the period, or had run out before and they were not done"""
    on_time: int = 0
    """of these, answered within the limit and struck off"""
    overdue: int = 0
    """whose limit is over at the end of the period, and no answer"""
    deferred: int = 0
    transferred: int = 0

    @property
    def done_rate(self) -> Rate:
        """办结率"""
        return Rate(self.done, self.given)

    @property
    def on_time_rate(self) -> Rate:
        """按期办结率"""
        return Rate(self.on_time, self.due)


def count(name: str, tasks: Iterable[Task], first: datetime, until: datetime) -> Tally:
    """The tasks of the period from `first` to before `until`, as they stood at its end."""
    found = [one for one in tasks if one.given_at < until and not _over_before(one, first)]
    kept = [one for one in found if not _by(one.transferred_at, until)]
    due = [one for one in kept if one.due_at < until]
    return Tally(
        name,
        given=len(kept),
        new=sum(one.given_at >= first for one in kept),
        done=sum(_by(one.closed_at, until) for one in kept),
        due=len(due),
        on_time=sum(_by(one.closed_at, until) and not is_late(one, until) for one in due),
        overdue=sum(is_overdue(one, until) for one in due),
        deferred=sum(one.due_at > one.first_due_at for one in kept),
        transferred=len(found) - len(kept),
    )


def _over_before(task: Task, first: datetime) -> bool:
    return _by(task.closed_at, first) or _by(task.transferred_at, first)


def _by(at: datetime | None, until: datetime) -> bool:
    return at is not None and at < until


def is_late(task: Task, until: datetime) -> bool:
    """Whether the unit's answer came after the limit; for a task without one, its end counts."""
    answered = task.answered_at or task.closed_at or until
    return answered > task.due_at


def is_overdue(task: Task, until: datetime) -> bool:
    """Whether at that instant the limit is over, the task is not done with and nothing was answered."""
    if _by(task.closed_at, until) or _by(task.transferred_at, until) or task.due_at >= until:
        return False
    return not _by(task.answered_at, until)


def tallies(
    tasks: Iterable[Task], by: Callable[[Task], str], first: datetime, until: datetime
) -> list[Tally]:
    """A tally for each unit or field, the best completion first; who had nothing to do is last."""
    groups: dict[str, list[Task]] = defaultdict(list)
    for task in tasks:
        groups[by(task)].append(task)
    found = [count(name, theirs, first, until) for name, theirs in groups.items()]
    return sorted((one for one in found if one.given or one.transferred), key=_rank)


def _rank(tally: Tally) -> tuple[float, float, int, str]:
    done, on_time = tally.done_rate.value, tally.on_time_rate.value
    return (1 if done is None else -done, 1 if on_time is None else -on_time, tally.overdue, tally.name)
