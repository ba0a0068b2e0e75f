"""Office hours, public holidays and make-up workdays: what time the office works, added and measured.

The State Council's yearly notice decides (rules.md, "Counting time"). `holidays` knows the notices of
past years and guesses the coming ones; the office's own notices lie over it, year by year.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, field_validator

CERTAIN_YEARS = (2023, 2024, 2025, 2026)
"""Years whose table in `holidays` was compared day by day with the published notices (a test does it)."""

_DAY = timedelta(days=1)
_NO_TIME = timedelta(0)


class Hours(BaseModel):
    """Office hours of a working day: sessions in order, each (start, end), with the lunch break between."""

    model_config = ConfigDict(frozen=True)

    sessions: tuple[tuple[time, time], ...]

    @field_validator("sessions")
    @classmethod
    def _in_order(cls, sessions: tuple[tuple[time, time], ...]) -> tuple[tuple[time, time], ...]:
        if not sessions:
            raise ValueError("办公时间至少要有一段")
        if any(start >= end for start, end in sessions):
            raise ValueError("办公时间每一段的开始须早于结束")
        if any(before[1] > after[0] for before, after in pairwise(sessions)):
            raise ValueError("办公时间各段须按先后排列，不得重叠")
        return sessions

    @property
    def opens(self) -> time:
        return self.sessions[0][0]

    @property
    def closes(self) -> time:
        return self.sessions[-1][1]


class Notice(BaseModel):
    """One year's official notice of holidays: days off with their holiday, weekend days that are worked.

    Days at the end of December before `year` may belong to it.
    """

    model_config = ConfigDict(frozen=True)

    year: int
    off: dict[date, str]
    worked: dict[date, str]


def notices_from(document: Mapping[str, Any]) -> dict[int, Notice]:
    """Reads a notice in the form of holiday-cn: `{"year", "days": [{"date", "name", "isOffDay"}]}`.

    A document without days has no notice in it yet: the answer is empty.
    Raises ValueError with a Chinese sentence that names the fault.
    """
    year, days = document.get("year"), document.get("days")
    if isinstance(year, bool) or not isinstance(year, int) or not 1950 <= year <= 2200:
        raise ValueError(f"年份（year）应是四位数字，现为 {year!r}")
    if not isinstance(days, list):
        raise ValueError("缺少日期列表（days）")
    table: dict[bool, dict[date, str]] = {True: {}, False: {}}
    for number, row in enumerate(days, start=1):
        day, name, off = _notice_row(row, number, year)
        if day in table[True] or day in table[False]:
            raise ValueError(f"第 {number} 条：{day} 重复")
        table[off][day] = name
    return {year: Notice(year=year, off=table[True], worked=table[False])} if days else {}


def _notice_row(row: object, number: int, year: int) -> tuple[date, str, bool]:
    if not isinstance(row, Mapping):
        raise ValueError(f"第 {number} 条不是一组字段")
    name, text, off = row.get("name"), row.get("date"), row.get("isOffDay")
    if not isinstance(name, str) or not name:
        raise ValueError(f"第 {number} 条缺少节日名称（name）")
    if not isinstance(off, bool):
        raise ValueError(f"第 {number} 条的 isOffDay 应为 true（放假）或 false（上班）")
    try:
        day = date.fromisoformat(str(text))
    except ValueError:
        raise ValueError(f"第 {number} 条的日期应如 {year}-01-01，现为 {text!r}") from None
    if not date(year - 1, 12, 1) <= day <= date(year, 12, 31):
        raise ValueError(f"第 {number} 条的日期 {day} 不属于 {year} 年的安排")
    if not off and day.weekday() < 5:
        raise ValueError(f"第 {number} 条：{day} 不是周末，不能作调休上班日")
    return day, name, off


@lru_cache(maxsize=64)
def _library_year(year: int) -> tuple[Mapping[date, str], frozenset[date]]:
    """What `holidays` says of a year: days off with their names, weekend days that are worked."""
    import holidays  # here: a start asks for no year

    table = holidays.country_holidays("CN", years=year, expand=False, language="zh_CN")
    off = {day: _plain_name(name) for day, name in table.items() if day.year == year}
    for day in sorted(off):  # a swapped day off carries no holiday's name: it belongs to the one beside it
        off[day] = off[day] or next((off[day - k * _DAY] for k in range(1, 6) if day - k * _DAY in off), "")
    for day in sorted(off, reverse=True):
        off[day] = off[day] or next((off[day + k * _DAY] for k in range(1, 6) if day + k * _DAY in off), "")
    return MappingProxyType(off), frozenset(day for day in table.weekend_workdays if day.year == year)


def _plain_name(name: str) -> str:
    """ "清明节（补假）" → "清明节"; "休息日（由 … 调休）" → "", it has no name of its own."""
    plain = name.partition("（")[0]
    return "" if plain == "休息日" else plain


class Calendar:
    """The office's time. Immutable; all instants must be aware, all answers are in the office's zone."""

    __slots__ = ("_notices", "_off", "_sessions", "_worked", "hours", "zone")

    def __init__(
        self, zone: ZoneInfo, hours: Hours, notices: Mapping[int, Notice] = MappingProxyType({})
    ) -> None:
        self.zone = zone
        self.hours = hours
        self._notices = frozenset(notices)
        self._sessions: dict[date, tuple[tuple[datetime, datetime], ...]] = {}
        self._off = {day: name for notice in notices.values() for day, name in notice.off.items()}
        self._worked = {day: name for notice in notices.values() for day, name in notice.worked.items()}

    # Days

    def is_working_day(self, day: date) -> bool:
        """Whether the office works that day: the notice, else `holidays`, else Monday to Friday."""
        if day in self._worked or day in self._off:
            return day in self._worked
        if day.year not in self._notices:
            off, worked = _library_year(day.year)
            if day in off or day in worked:
                return day in worked
        return day.weekday() < 5

    def holiday_name(self, day: date) -> str | None:
        """The holiday a day off belongs to; None for a working day and for a plain weekend."""
        if self.is_working_day(day):
            return None
        if day in self._off or day.year in self._notices:
            return self._off.get(day)
        return _library_year(day.year)[0].get(day) or None

    def is_provisional(self, day: date) -> bool:
        """Whether the day's year has no notice yet, so that what is said of it is a guess (暂按…推算)."""
        return day.year not in self._notices and day.year not in CERTAIN_YEARS

    def next_working_day(self, day: date, n: int = 1) -> date:
        """The nth working day after `day`."""
        return self._nth_working_day(day, n, _DAY)

    def previous_working_day(self, day: date, n: int = 1) -> date:
        """The nth working day before `day`."""
        return self._nth_working_day(day, n, -_DAY)

    def _nth_working_day(self, day: date, n: int, step: timedelta) -> date:
        if n < 1:
            raise ValueError("n must be at least 1")
        while n:
            day += step
            n -= self.is_working_day(day)
        return day

    # Instants

    def local(self, at: datetime) -> datetime:
        """The instant on the office's wall clock. Raises ValueError for one without a zone."""
        if at.tzinfo is None:
            raise ValueError("an instant needs a zone")
        return at.astimezone(self.zone)

    def opens_at(self, day: date) -> datetime:
        return datetime.combine(day, self.hours.opens, self.zone)

    def close_of(self, day: date) -> datetime:
        """Close of business of that day, whether or not it is worked."""
        return datetime.combine(day, self.hours.closes, self.zone)

    def is_working(self, at: datetime) -> bool:
        """Whether the office works at that instant; the end of a session is no longer in it."""
        now = self.local(at)
        return self.is_working_day(now.date()) and any(
            start <= now.time() < end for start, end in self.hours.sessions
        )

    # Adding and measuring

    def add_working(self, start: datetime, amount: timedelta) -> datetime:
        """The instant `amount` of office time after `start`, or before it when negative.

        It lies within office hours or at the end of a session (at its start, going backwards).
        """
        if amount < _NO_TIME:
            return self._subtract_working(start, -amount)
        at = self.local(start).astimezone(UTC)
        for opens, closes in self._sessions_from(self.local(start).date()):
            left = closes - max(opens, at)
            if left >= amount and closes >= at:
                return self.local(max(opens, at) + amount)
            amount -= max(left, _NO_TIME)
        raise OverflowError("date out of range")

    def _subtract_working(self, start: datetime, amount: timedelta) -> datetime:
        at = self.local(start).astimezone(UTC)
        for opens, closes in self._sessions_until(self.local(start).date()):
            left = min(closes, at) - opens
            if left >= amount:
                return self.local(min(closes, at) - amount)
            amount -= max(left, _NO_TIME)
        raise OverflowError("date out of range")

    def measure(self, start: datetime, end: datetime) -> timedelta:
        """Office time from `start` to `end`; negative when `end` comes first. The inverse of add_working."""
        if end < start:
            return -self.measure(end, start)
        first, last = self.local(start).astimezone(UTC), self.local(end).astimezone(UTC)
        total = _NO_TIME
        for opens, closes in self._sessions_from(self.local(start).date()):
            if opens >= last:
                break
            total += max(min(closes, last) - max(opens, first), _NO_TIME)
        return total

    def add_working_days(self, start: datetime | date, n: int) -> datetime:
        """Close of business of the nth working day after `start`'s day, which is not counted.

        Negative n counts before it; 0 is the day itself, or the next working day.
        """
        day = self._day_of(start)
        if n > 0:
            return self.close_of(self.next_working_day(day, n))
        if n < 0:
            return self.close_of(self.previous_working_day(day, -n))
        return self.close_of(day if self.is_working_day(day) else self.next_working_day(day))

    def add_days(self, start: datetime | date, n: int) -> datetime:
        """Close of business of the nth calendar day; a day off moves on to the next working day.

        Counted backwards (negative n) it moves to the working day before.
        """
        day = self._day_of(start) + n * _DAY
        if self.is_working_day(day):
            return self.close_of(day)
        return self.close_of(self.next_working_day(day) if n >= 0 else self.previous_working_day(day))

    def _day_of(self, start: datetime | date) -> date:
        return self.local(start).date() if isinstance(start, datetime) else start

    def _sessions_from(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Sessions of working days from `day` on. In UTC: differences in one zone would ignore its shifts."""
        while True:
            yield from self._sessions_of(day)
            day += _DAY

    def _sessions_until(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        while True:
            yield from reversed(self._sessions_of(day))
            day -= _DAY

    def _sessions_of(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The sessions of a day, none of a day off. Found once: every limit asks for them."""
        found = self._sessions.get(day)
        if found is None:
            hours = self.hours.sessions if self.is_working_day(day) else ()
            found = tuple((self._utc(day, start), self._utc(day, end)) for start, end in hours)
            self._sessions[day] = found
        return found

    def _utc(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone).astimezone(UTC)
