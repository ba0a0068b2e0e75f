"""The ladder 催办升级: what rings when, as a limit runs, and whom it reaches (rules.md D2, D6, D7, P1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple

from rules.limits import Clock, due, point
from rules.policy import Ladder, Quiet
from rules.working_time import Calendar

Why = Literal["away", "never_started", "blocked"]


class Planned(NamedTuple):
    """A row for the clocks: kind is remind, due, overdue or rung; `at` is aware, in UTC."""

    kind: str
    place: int
    at: datetime


class Candidate(NamedTuple):
    """Who stands on a rung: nobody (`name` None), or somebody who can or cannot be told now."""

    who: str
    name: str | None
    hindrance: Why | None = None
    told: bool = False
    """whether this person was told of this cause on another rung"""
    holder: bool = False
    """whether this is who should have done it"""


class Climbed(NamedTuple):
    """Where a ring got to: the rung that was reached, if any, those skipped on the way, or past the last."""

    reached: Candidate | None
    skipped: tuple[Candidate, ...]
    exhausted: bool = False


def plan(
    ladder: Ladder, began: datetime, due_at: datetime, calendar: Calendar, clock: Clock, quiet: Quiet | None
) -> list[Planned]:
    """Everything that is to ring for a limit that runs from `began` to `due_at`, in order.

    With `quiet` (ordinary matters) nothing rings at night or on a day off: it waits until they end.
    """
    reminders = sorted({_reminder(text, began, due_at, calendar, clock) for text in ladder.remind})
    planned = [Planned("remind", i, at) for i, at in enumerate(reminders) if began < at < due_at]
    planned.append(Planned("due", 0, due_at))
    planned.append(Planned("overdue", 0, due(ladder.overdue, due_at, calendar, clock).at))
    for i, rung in enumerate(ladder.rungs):
        limit, anchor = (rung.at, began) if rung.at else (rung.after or "", due_at)
        planned.append(Planned("rung", i, due(limit, anchor, calendar, clock).at))
    if quiet is None:
        return planned
    return [ring._replace(at=awake(ring.at, quiet, calendar)) for ring in planned]


def _reminder(text: str, began: datetime, due_at: datetime, calendar: Calendar, clock: Clock) -> datetime:
    if text.endswith("%"):
        return point(int(text[:-1]) / 100, began, due_at, calendar, clock)
    days = int(text[1:-2])
    day = calendar.previous_working_day(calendar.local(due_at).date(), days)
    return calendar.opens_at(day).astimezone(UTC)


def awake(at: datetime, quiet: Quiet, calendar: Calendar) -> datetime:
    """`at` itself, or the end of the quiet hours or days off it falls into (UTC)."""
    local = calendar.local(at)
    while True:
        if quiet.days_off and not calendar.is_working_day(local.date()):
            day = calendar.next_working_day(local.date())
            local = datetime.combine(day, quiet.until, calendar.zone)
        elif local.time() < quiet.until:
            return datetime.combine(local.date(), quiet.until, calendar.zone).astimezone(UTC)
        elif local.time() >= quiet.from_:
            local = datetime.combine(local.date() + timedelta(days=1), quiet.until, calendar.zone)
        else:
            return local.astimezone(UTC)


def climb(start: int, candidates: Sequence[Candidate], *, insist: bool = False) -> Climbed:
    """Whom rung `start` reaches: itself, or, past those who cannot be told, the next one at once.

    Somebody who already knows ends the climb without a ring: nothing is told twice for one cause. A rung
    on which nobody stands, or the holder, has nobody to tell: it passes without a ring, unless somebody
    was skipped before it or somebody must be found (`insist`: the holder himself cannot be told).
    """
    skipped: list[Candidate] = []
    for candidate in candidates[start:]:
        if candidate.told:
            return Climbed(None, tuple(skipped))
        if candidate.name is None or candidate.holder:
            if not (skipped or insist):
                return Climbed(None, ())
        elif candidate.hindrance is None:
            return Climbed(candidate, tuple(skipped))
        else:
            skipped.append(candidate)
    return Climbed(None, tuple(skipped), exhausted=True)


def time_left(now: datetime, due_at: datetime, calendar: Calendar, clock: Clock) -> timedelta | int:
    """What is left until a limit, negative when it is over: working days (int) or a length of time.

    Over a change of day, office time is counted in working days; within one day, and round the clock,
    in hours and minutes.
    """
    if clock == "round":
        return due_at - now
    today, last = calendar.local(now).date(), calendar.local(due_at).date()
    if today != last:
        days = _working_days_between(min(today, last), max(today, last), calendar)
        if days:
            return days if last > today else -days
        return due_at - now
    return calendar.measure(now, due_at) or due_at - now


def _working_days_between(first: date, last: date, calendar: Calendar) -> int:
    return sum(calendar.is_working_day(first + timedelta(days=i)) for i in range(1, (last - first).days + 1))
