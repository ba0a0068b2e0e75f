"""A limit as the policy writes it ("30min", "2h", "today", "1wd", "5d", "-3wd") → an instant, from an anchor.

What the units mean is fixed by rules.md, "Counting time".
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from rules.patterns import lazy
from rules.working_time import Calendar

Clock = Literal["office", "round"]
"""office: minutes and hours run in office hours; round: round the clock."""
Unit = Literal["min", "h", "d", "wd", "today"]

_LIMIT = lazy(r"(?P<before>-?)(?P<amount>[1-9][0-9]{0,3})(?P<unit>min|h|wd|d)")
_ALLOWED = 'a limit is written "30min", "2h", "5d" (days), "10wd" (working days), "today", or "-3wd" (before)'


class Limit(BaseModel):
    """A time allowed from an anchor, or before it. `amount` is 0 for "today"."""

    model_config = ConfigDict(frozen=True)

    amount: int
    unit: Unit
    before: bool = False


class Due(BaseModel):
    """When a limit runs out (UTC); provisional when it was counted over a year without a notice."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    provisional: bool


@cache
def parse_limit(text: str) -> Limit:
    """Reads a limit; raises ValueError that says what is allowed."""
    if text == "today":
        return Limit(amount=0, unit="today")
    found = _LIMIT.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r}: {_ALLOWED}")
    return Limit.model_validate({**found.groupdict(), "before": bool(found["before"])})


def due(limit: Limit | str, anchor: datetime, calendar: Calendar, clock: Clock) -> Due:
    """When `limit`, counted from `anchor`, runs out.

    Raises ValueError for a malformed limit or an anchor without a zone.
    """
    limit = parse_limit(limit) if isinstance(limit, str) else limit
    amount = -limit.amount if limit.before else limit.amount
    if limit.unit in ("min", "h"):
        span = timedelta(minutes=amount) if limit.unit == "min" else timedelta(hours=amount)
        if clock == "round":  # no calendar in it, so nothing to guess
            return Due(at=calendar.local(anchor).astimezone(UTC) + span, provisional=False)
        at = calendar.add_working(anchor, span)
    elif limit.unit == "wd":
        at = calendar.add_working_days(anchor, amount)
    elif limit.unit == "d":
        at = calendar.add_days(anchor, amount)
    else:
        at = _today(anchor, calendar)
    return Due(at=at.astimezone(UTC), provisional=_crosses_guessed_year(anchor, at, calendar))


def _today(anchor: datetime, calendar: Calendar) -> datetime:
    day = calendar.local(anchor).date()
    over = anchor >= calendar.close_of(day)
    return calendar.add_working_days(day, 1 if over else 0)


def _crosses_guessed_year(anchor: datetime, at: datetime, calendar: Calendar) -> bool:
    first, last = sorted((calendar.local(anchor).date(), calendar.local(at).date()))
    return any(
        calendar.is_provisional(first.replace(year=year, month=1, day=1))
        for year in range(first.year, last.year + 1)
    )


def point(fraction: float, start: datetime, end: datetime, calendar: Calendar, clock: Clock) -> datetime:
    """The instant (UTC) at a share of the way from `start` to `end`: 0.5 is half of it.

    In office time when `clock` is "office" and there is some between the two, else in elapsed time.
    """
    working = calendar.measure(start, end) if clock == "office" else timedelta(0)
    if working > timedelta(0):
        return calendar.add_working(start, working * fraction).astimezone(UTC)
    first, last = start.astimezone(UTC), end.astimezone(UTC)
    return first + (last - first) * fraction


def in_words(amount: timedelta) -> str:
    """A length of time in the words people use, its sign left out: "2 小时 10 分", "1 天 3 小时"."""
    minutes = abs(amount) // timedelta(minutes=1)
    hours, minutes_over = divmod(minutes, 60)
    days, hours_over = divmod(hours, 24)
    if days:
        return f"{days} 天 {hours_over} 小时" if hours_over else f"{days} 天"
    if hours:
        return f"{hours} 小时 {minutes_over} 分" if minutes_over else f"{hours} 小时"
    return f"{minutes} 分钟" if minutes else "不到 1 分钟"
