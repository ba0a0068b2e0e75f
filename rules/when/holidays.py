"""Limits around public holidays: "春节前", "节后第二个工作日", "国庆节后三个工作日内"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from rules.when.terms import ONE_DAY, Days, N, Scene
from rules.when.text import number
from rules.working_time import Calendar

_NAMES = {"元旦": "元旦", "春节": "春节", "过年": "春节", "年": "春节", "清明": "清明", "五一": "劳动"}
_NAMES |= {"劳动节": "劳动", "端午": "端午", "中秋": "中秋", "国庆": "国庆", "十一": "国庆"}
_BEFORE = r"之?前(?![夕后往期台来])|以前"
_AFTER = r"之?后(?![勤续期台])|以后"

_HOLIDAY = re.compile(
    rf"(?:(?P<name>元旦|春节|过年|清明|五一|劳动节|端午|中秋|国庆|十一(?=节|{_BEFORE}|{_AFTER}|小?长假|假期|放假|黄金周))"
    r"(?:国际)?(?:劳动)?(?:佳节|节)?(?:小?长假|假期|放假|假日|黄金周|收假|假)?"
    rf"|(?<![环季章细情调关礼时小音佳])节(?:假日)?(?={_BEFORE}|{_AFTER})"
    rf"|(?<![0-9零一二三四五六七八九十百两今明去前后近半几多往历当上])(?P<new>年)(?={_BEFORE}|{_AFTER})"
    rf"|(?:小?长假|放假|收假|假期)(?={_BEFORE}|{_AFTER}))"
    rf"(?:(?P<before>{_BEFORE})|(?P<after>{_AFTER})|(?P<during>期间)?)"
)
_NTH = re.compile(
    rf"的?(?:上班)?(?:的?(?:第(?P<nth>{N})|(?P<first>首|头一))个?(?:工作日|上班日|天上班|天)|(?P<within>{N})个?工作日(?=之?内|以内))"
    r"|上班第一天|(?P<loose>前?[0-9零一二两三四五六七八九十几半]{1,3}个?(?:周|星期|礼拜|月|天|日|工作日))"
)


def read_holiday(signs: str, start: int, scene: Scene) -> tuple[Days, int] | None:
    """The working day before or after a public holiday's break, or the break itself."""
    found = _HOLIDAY.match(signs, start)
    if not found:
        return None
    key = "春节" if found["new"] else _NAMES.get(found["name"] or "", "")
    breaks = tuple(_breaks(scene, key))
    more = _NTH.match(signs, found.end())
    if found["before"]:
        if more and more["loose"]:
            return Days(()), more.end()
        return Days(
            tuple(scene.calendar.previous_working_day(first) for first, _ in breaks), marked=True
        ), found.end()
    if not found["after"]:
        return Days((), weak=True, stretch=True, periods=breaks), found.end()
    n = _which(more) if more else 1
    end = more.end() if more else found.end()
    if not n:
        return Days(()), end
    return Days(tuple(scene.calendar.next_working_day(last, n) for _, last in breaks), marked=True), end


def _which(more: re.Match[str]) -> int | None:
    if more["loose"]:
        return None
    said = more["nth"] or more["within"]
    return number(said) if said else 1


def _breaks(scene: Scene, key: str) -> Iterator[tuple[date, date]]:
    """Days off around now, from first to last, that have a holiday of that name (any, for "") in them."""
    day, last = scene.today - timedelta(days=12), scene.today + timedelta(days=400)
    while day <= last:
        name = scene.calendar.holiday_name(day)
        if name and key in name:
            first, day = _run(scene.calendar, day)
            yield first, day
        day += ONE_DAY


def _run(calendar: Calendar, day: date) -> tuple[date, date]:
    first = last = day
    while not calendar.is_working_day(first - ONE_DAY):
        first -= ONE_DAY
    while not calendar.is_working_day(last + ONE_DAY):
        last += ONE_DAY
    return first, last
