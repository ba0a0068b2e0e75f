"""Limits around public holidays: "春节前", "节后第二个工作日", "国庆节后三个工作日内"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from rules.patterns import lazy
from rules.when.months import YEAR, year_of
from rules.when.terms import ONE_DAY, Days, N, Scene
from rules.when.text import number
from rules.working_time import Calendar

_NAMES = {"过年": "春节", "年": "春节", "五一": "劳动", "劳动节": "劳动", "十一": "国庆"}
_BEFORE = r"(?:之?前(?![夕后往期台来])|以前)"
_AFTER = r"(?:之?后(?![勤续期台])|以后)"
_OFF = r"小?长假|假期|放假|假日|黄金周|收假"

_HOLIDAY = lazy(
    rf"(?P<y>{YEAR})?的?(?:(?P<name>元旦|春节|过年|清明|五一|劳动节|端午|中秋|国庆|十一(?=节|{_BEFORE}|{_AFTER}|{_OFF}))"
    rf"(?:国际)?(?:劳动)?(?:佳节|节日?)?(?:{_OFF}|假)?"
    rf"|(?<![环季章细情调关礼时小音佳])节(?:假日)?(?={_BEFORE}|{_AFTER})"
    rf"|(?<![0-9零一二三四五六七八九十百两今明去前后近半几多往历当上])(?P<new>年)(?={_BEFORE}|{_AFTER})"
    rf"|(?:{_OFF})(?={_BEFORE}|{_AFTER}))"
    rf"(?:(?P<ended>结束)?(?:(?P<before>{_BEFORE})(?:的?最后[一1]个?工作[日天])?|(?P<after>{_AFTER})))?"
)
_LOOSE = lazy(
    r"的?(?:第|前|头)?[0-9零一二两三四五六七八九十几半]{1,3}个?(?:周|星期|礼拜|月|天|日|工作日|小时)"
)
_NTH = lazy(
    rf"的?(?:上班)?(?:的?(?:第(?P<nth>{N})|首|头一)个?(?:工作日|上班日|天上班|天)"
    rf"|(?P<within>{N})个?工作日(?=之?内|以内))|上班第一天"
)

_SOON = timedelta(days=21)


def read_holiday(signs: str, start: int, scene: Scene) -> tuple[Days, int] | None:
    """The working day before or after a public holiday's break, or the break itself."""
    found = _HOLIDAY.match(signs, start)
    if not found:
        return None
    breaks = tuple(_breaks(found, scene))
    if not (found["before"] or found["after"]) or found["ended"]:
        return Days((), weak=True, stretch=True, periods=breaks), found.end()
    if found["before"]:
        dates = (scene.calendar.previous_working_day(first) for first, _ in breaks)
        return _unless_loose(Days(tuple(dates), marked=True), signs, found.end())
    more = _NTH.match(signs, found.end())
    if not more:
        dates = (scene.calendar.next_working_day(last) for _, last in breaks)
        return _unless_loose(Days(tuple(dates), marked=True), signs, found.end())
    said = more["nth"] or more["within"]
    n = number(said) if said else 1
    dates = (scene.calendar.next_working_day(last, n) for _, last in breaks if n)
    return Days(tuple(dates), marked=True), more.end()


def _unless_loose(days: Days, signs: str, end: int) -> tuple[Days, int]:
    """ "春节前三天", "节后一周": nobody can tell from where they count."""
    loose = _LOOSE.match(signs, end)
    return (Days(()), loose.end()) if loose else (days, end)


def _breaks(found: re.Match[str], scene: Scene) -> Iterator[tuple[date, date]]:
    """The breaks of a holiday, from first to last day off: those around now, or those of the year named."""
    said = found["new"] or found["name"] or ""
    name = _NAMES.get(said, said)
    if found["y"]:
        year = min(max(year_of(found["y"], scene), 1900), 2300)
        return _breaks_between(date(year, 1, 1), date(year, 12, 31), name, scene.calendar)
    near = _near_breaks(scene.today, name, scene.calendar)
    over, soon = near[:1], near[1:2]
    if not said and over and soon and over[0][1] < scene.today and soon[0][0] - scene.today < _SOON:
        return iter(near[1:])  # with the next one so near, 节后 is after that
    return iter(near)


@lru_cache(maxsize=32)
def _near_breaks(today: date, name: str, calendar: Calendar) -> tuple[tuple[date, date], ...]:
    return tuple(_breaks_between(today - timedelta(days=12), today + timedelta(days=400), name, calendar))


def _breaks_between(day: date, last: date, name: str, calendar: Calendar) -> Iterator[tuple[date, date]]:
    while day <= last:
        holiday = calendar.holiday_name(day)
        if holiday and name in holiday:
            first, day = _run(calendar, day)
            yield first, day
        day += ONE_DAY


def _run(calendar: Calendar, day: date) -> tuple[date, date]:
    first = last = day
    while not calendar.is_working_day(first - ONE_DAY):
        first -= ONE_DAY
    while not calendar.is_working_day(last + ONE_DAY):
        last += ONE_DAY
    return first, last
