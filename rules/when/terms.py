"""The parts an expression is made of, as plain values, and the counting of months."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from rules.working_time import Calendar

N = r"(?:[0-9]{1,3}|[零一二两三四五六七八九十廿卅百]{1,5})"
"""A small number, in figures or numerals."""

Measure = Literal["minutes", "days", "months", "working"]

Tail = Literal["", "by", "within", "after", "from", "ago"]
"""What follows: 前/止, 内, 后, 起, and 前 behind a length of time."""

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Scene:
    """When and where the words were written: `now` on the office's wall clock."""

    now: datetime
    calendar: Calendar

    @property
    def today(self) -> date:
        return self.now.date()

    def wall(self, day: date, minutes: int) -> datetime:
        """The instant `minutes` after midnight of a day; 1440 and more belong to the day after."""
        day += minutes // 1440 * ONE_DAY
        clock = datetime.min.time().replace(hour=minutes % 1440 // 60, minute=minutes % 60)
        return datetime.combine(day, clock, self.calendar.zone)


@dataclass(frozen=True, slots=True)
class Days:
    """A day in words. `dates` holds its occurrences in order: one where the words fix it (明天), several
    where it comes back (周五, 25日), none where it is no limit (月初, 2月30日). `periods` are the first and
    last days meant, where it is a stretch."""

    dates: tuple[date, ...]
    weak: bool = False
    """a limit only where something marks it as one: 12号, 12/4, 三季度"""
    marked: bool = False
    """marked as a limit by its own words: 节前, 节后第二个工作日"""
    stretch: bool = False
    """a stretch whose end is the limit, so that 前 behind it is unclear: 本周, 三季度, 今年"""
    periods: tuple[tuple[date, date], ...] = ()
    rival: date | None = None
    """another day that the words name as well: 12月4日（周四）, where the 4th is a Friday"""


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day, in minutes after midnight; 1440 is the end of the day."""

    minutes: int
    loose: bool = False
    """an hour of the twelve, which may be twelve hours later: 三点"""
    part: str = ""
    """the part of the day it was said with: dawn, morning, noon, afternoon, evening, night"""
    bare: bool = False
    """a part of the day alone: 下午, 中午前"""
    hours: bool = False
    """by the office's hours: 下班, 上班"""
    vague: bool = False
    """no limit can be read from it: 今晚, 明早"""


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time; a vague one (几天) has no amount."""

    amount: int
    unit: Measure
    vague: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A recurrence: how it is written down, and the next times it falls due, by day or to the minute."""

    text: str
    dates: tuple[date, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """One expression in a text, by its offsets in the regular text.

    Exactly one of days, clock, span or rule leads; a clock may follow days or a rule.
    """

    start: int
    end: int
    days: Days | None = None
    clock: Clock | None = None
    span: Span | None = None
    rule: Rule | None = None
    tail: Tail = ""
    minus: int = 0
    """minutes before the instant: 下班前半小时"""
    last: Mention | None = None
    """the other end, where two ends are named: 25日至27日"""
    vague: bool = False
    """understood as a time, but not as one instant: 几天内, 周五前两天"""


_WEEKDAYS = {
    sign: n for n, signs in enumerate(("1一", "2二", "3三", "4四", "5五", "6六", "7日天")) for sign in signs
}


def weekday_number(sign: str) -> int:
    """Monday is 0."""
    return _WEEKDAYS[sign]


def one(day: date | None, weak: bool = False) -> Days:
    """A day the words fix, or none where there is no such day."""
    return Days((day,) if day else (), weak=weak)


def yearly(month: int, day: int, scene: Scene) -> Days:
    """A day that comes every year; the 29th of February every fourth."""
    years = range(scene.today.year - 8, scene.today.year + 9)
    return Days(in_order(day_or_none(year, month, day) for year in years))


def day_or_none(year: int, month: int, day: int) -> date | None:
    """The date, or None where the calendar has no such day."""
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= months.monthrange(year, month)[1]):
        return None
    return date(year, month, day)


def add_months(day: date, count: int) -> date:
    """The same day so many months on, the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    """The last day of a month."""
    return day.replace(day=months.monthrange(day.year, day.month)[1])


def in_order(dates: Iterable[date | None]) -> tuple[date, ...]:
    """Days in order, each once; what is None left out."""
    return tuple(sorted({day for day in dates if day}))
