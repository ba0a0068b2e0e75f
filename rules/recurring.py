"""Duties that come again 周期工作 (V3): which period, from which day to which, asked for and due when.

Periods of a rhythm tile the calendar: the one after another begins the day after it ends. A point of a
period is written "-3wd" (its third last working day; "-1wd" its last), "+2wd" (the second working day after
it) or "25" (that day of its last month).
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from rules.patterns import lazy
from rules.working_time import Calendar

Rhythm = Literal["weekly", "half_monthly", "monthly", "quarterly", "yearly"]
_POINT = lazy(r"(?P<sign>[+-])(?P<days>[1-9][0-9]?)wd|(?P<day>[1-9]|[12][0-9]|3[01])")
_KEYS: dict[Rhythm, re.Pattern[str]] = {
    "weekly": lazy(r"(?P<year>\d{4})-W(?P<part>\d\d)"),
    "half_monthly": lazy(r"(?P<year>\d{4})-(?P<month>\d\d)(?P<half>[上下])"),
    "monthly": lazy(r"(?P<year>\d{4})-(?P<month>\d\d)"),
    "quarterly": lazy(r"(?P<year>\d{4})Q(?P<part>[1-4])"),
    "yearly": lazy(r"(?P<year>\d{4})"),
}
_DAY = timedelta(days=1)


class RecurringRule(BaseModel):
    """A duty that comes again: who, what, at which rhythm, asked for and due when, what counts as done."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    rhythm: Rhythm
    who: str
    """a post of posts.toml; handler: who answers for each open task of this rhythm"""
    unit: str | None = None
    """whose post it is, where several units have it; by the unit's full or a short name"""
    ask: str
    due: str
    ladder: str
    done: str
    """the act that settles it"""
    source: str

    @field_validator("ask", "due")
    @classmethod
    def _point(cls, text: str) -> str:
        if not _POINT.fullmatch(text):
            raise ValueError('写作 "-3wd"（期末倒数第3个工作日）、"+2wd"（期后第2个）或 "25"（25日）')
        return text

    @model_validator(mode="after")
    def _fits(self) -> RecurringRule:
        if self.rhythm in ("weekly", "half_monthly") and (self.ask.isdigit() or self.due.isdigit()):
            raise ValueError('每周、每半月的写作 "-1wd" 或 "+1wd"，不写几日')
        return self

    @property
    def of_tasks(self) -> bool:
        """Whether each open task of this rhythm has it."""
        return self.who == "handler"


class Period(NamedTuple):
    """A period by its key: 2026-W48, 2026-11上, 2026-11, 2026Q4, 2026; `last` is in it."""

    rhythm: Rhythm
    key: str
    first: date
    last: date


class When(NamedTuple):
    """When a duty of a period is asked for and due (UTC); provisional over a year without a notice."""

    asks_at: datetime
    due_at: datetime
    provisional: bool


def period_of(rhythm: Rhythm, day: date) -> Period:
    """The period of this rhythm that a day is in."""
    match rhythm:
        case "weekly":
            year, week, _ = day.isocalendar()
            first = date.fromisocalendar(year, week, 1)
            return Period(rhythm, f"{year:04}-W{week:02}", first, first + 6 * _DAY)
        case "half_monthly":
            first, last = _month_end(day, 1)
            middle = first.replace(day=15)
            if day <= middle:
                return Period(rhythm, f"{day:%Y-%m}上", first, middle)
            return Period(rhythm, f"{day:%Y-%m}下", middle + _DAY, last)
        case "monthly":
            return Period(rhythm, f"{day:%Y-%m}", *_month_end(day, 1))
        case "quarterly":
            return Period(rhythm, f"{day:%Y}Q{(day.month + 2) // 3}", *_month_end(day, 3))
        case "yearly":
            return Period(rhythm, f"{day:%Y}", *_month_end(day, 12))


def _month_end(day: date, months: int) -> tuple[date, date]:
    """The first and last day of the group of so many months that a day is in."""
    first = (day.month - 1) // months * months + 1
    last = first + months - 1
    return date(day.year, first, 1), date(day.year, last, monthrange(day.year, last)[1])


def named(key: str) -> Period:
    """The period of a key. Raises ValueError for what is none."""
    for rhythm, pattern in _KEYS.items():
        if found := pattern.fullmatch(key):
            return period_of(rhythm, _day_in(rhythm, found.groupdict()))
    raise ValueError(f"{key!r} names no period")


def _day_in(rhythm: Rhythm, parts: dict[str, str]) -> date:
    year = int(parts["year"])
    match rhythm:
        case "weekly":
            return date.fromisocalendar(year, int(parts["part"]), 1)
        case "quarterly":
            return date(year, int(parts["part"]) * 3, 1)
        case "yearly":
            return date(year, 1, 1)
        case _:
            return date(year, int(parts["month"]), 16 if parts.get("half") == "下" else 1)


def after(period: Period, rhythm: Rhythm | None = None) -> Period:
    """The period that follows; of another rhythm, the one in which the day after it is."""
    return period_of(rhythm or period.rhythm, period.last + _DAY)


def before(period: Period) -> Period:
    """The period that it follows."""
    return period_of(period.rhythm, period.first - _DAY)


def in_words(key: str) -> str:
    """2026年11月, 2026年11月下半月, 2026年第4季度."""
    period = named(key)
    year, month = period.first.year, period.first.month
    match period.rhythm:
        case "weekly":
            return f"{key[:4]}年第{int(key[-2:])}周"
        case "half_monthly":
            return f"{year}年{month}月{key[-1]}半月"
        case "monthly":
            return f"{year}年{month}月"
        case "quarterly":
            return f"{year}年第{key[-1]}季度"
        case "yearly":
            return f"{year}年"


def when(rule: RecurringRule, period: Period, calendar: Calendar) -> When:
    """Asked for when the office opens, due at close of business; never asked for after the day it is due.

    A point that lies before the period, which has fewer working days, moves to its first one, or where it
    has none to the next. The 25th of a month that is a day off: due on the working day after it, asked for
    on the one before.
    """
    due_day = _day_of(rule.due, period, calendar, later=True)
    ask_day = min(_day_of(rule.ask, period, calendar, later=False), due_day)
    days = (period.first, ask_day, due_day)
    return When(
        asks_at=calendar.opens_at(ask_day).astimezone(UTC),
        due_at=calendar.close_of(due_day).astimezone(UTC),
        provisional=any(calendar.is_provisional(day) for day in days),
    )


def _day_of(point: str, period: Period, calendar: Calendar, *, later: bool) -> date:
    found = _POINT.fullmatch(point)
    assert found is not None, point
    if found["sign"] == "+":
        return calendar.next_working_day(period.last, int(found["days"]))
    if found["sign"] == "-":
        day = calendar.previous_working_day(period.last + _DAY, int(found["days"]))
    else:
        length = monthrange(period.last.year, period.last.month)[1]
        day = period.last.replace(day=min(int(found["day"]), length))
        if later and not calendar.is_working_day(day):
            return calendar.next_working_day(day)
        day = calendar.previous_working_day(day + _DAY)
    return max(day, calendar.next_working_day(period.first - _DAY))


def first_after(rule: RecurringRule, now: datetime, calendar: Calendar) -> Period:
    """The first period that is asked for after `now`: where a duty begins."""
    period = before(period_of(rule.rhythm, calendar.local(now).date()))
    while when(rule, period, calendar).asks_at <= now:
        period = after(period)
    return period


def gives_way_at(rule: RecurringRule, period: Period, calendar: Calendar) -> datetime:
    """When a period that was not done is given up for the next: that is asked for, and this one is due."""
    following = when(rule, after(period, rule.rhythm), calendar)
    return max(following.asks_at, when(rule, period, calendar).due_at)
