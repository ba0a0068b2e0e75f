"""Months, quarters, half-years, years and their ends: "本月底", "下月5日", "三季度末", "年内"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from rules.patterns import lazy
from rules.when.terms import ONE_DAY, Days, N, Scene, add_months, in_order, month_end, one, weekday_number
from rules.when.text import number

YEAR = (
    r"(?:(?:今|明|后|去|前|本|来|上|当)年度?|(?:19|20)[0-9]{2}年度?|[0-9]{2}年(?=[0-9元])"
    r"|[零一二三四五六七八九]{4}年度?|[一二两]千[零一二三四五六七八九十百]{0,6}年)"
)
_YEARS = {"今": 0, "本": 0, "当": 0, "明": 1, "来": 1, "后": 2, "去": -1, "上": -1, "前": -2}
_REL = r"本|这一?个?|当|下{1,2}一?个?|上{1,2}一?个?|次"
_TENTHS = {"上": 10, "中": 20}

_END = r"(?P<end>[底末低终](?!总结|考核|决算|述职)|最后一天|结束(?=之?前|以前))"
_MONTH = lazy(
    rf"(?P<y>{YEAR})?的?(?:(?P<rel>{_REL})月(?:份|度)?|(?P<m>{N}|元)月(?P<fen>份)?|(?<![0-9一二三四五六七八九十个每年])(?=月[底末内]))月?的?"
    r"(?:(?P<d>"
    + N
    + r")[日号]|(?P<ten>[上中下])旬|(?P<loose>初|中(?!旬)|中上旬|中下旬|(?:第[一二三四五1-5]|最后一)周)"
    rf"|(?:第(?P<count>[一二三四五1-5])个?|(?P<final>最后一个))(?:周|星期|礼拜)(?P<day>[一二三四五六日天])"
    rf"|(?:第?(?P<nth>{N})个|(?P<last>最后一个|最后1个|末个)|(?P<first>首个))工作[日天]|{_END})?"
)
_QUARTER = lazy(
    rf"(?P<y>{YEAR})?的?(?:第?(?P<q>[一二三四1-4])个?季度|q(?P<q2>[1-4])(?![0-9])|(?P<rel>{_REL})季度?"
    rf"|(?<![每一二三四1-4个])季度?(?=[末底内])|(?<![每四换])季(?=末))(?:的?(?P<last>最后一个)工作日|{_END}|(?P<loose>初|中))?"
)
_HALF = lazy(rf"(?P<y>{YEAR})?(?P<half>[上下])半年(?:{_END})?")
_WHOLE = lazy(
    rf"(?:(?P<y>{YEAR})年?|(?P<bare>(?<![0-9零一二三四五六七八九十每半往当去前多几今明全周])年度?)(?=[底末终内]))(?:{_END}|(?P<loose>初|中))?"
)


def year_of(words: str, scene: Scene) -> int:
    """今年, 2026年, 26年, 二零二六年, 两千零四年 → the year."""
    if words[0] in _YEARS and "年" in words[:2]:
        return scene.today.year + _YEARS[words[0]]
    said = number(words.rstrip("年度")) or 0
    return said + 2000 if said < 100 else said


def read_month(signs: str, start: int, scene: Scene) -> tuple[Days, int] | None:
    """A day or stretch named by its month, quarter, half-year or year."""
    for pattern, meaning in _RULES:
        if found := pattern.match(signs, start):
            return meaning(found, scene), found.end()
    return None


def _month(found: re.Match[str], scene: Scene) -> Days:
    firsts = _firsts_of_months(found, scene)
    if found["d"]:
        day = number(found["d"]) or 0
        return Days(in_order(first.replace(day=day) for first in firsts if 1 <= day <= month_end(first).day))
    if found["ten"]:
        return _tenth(found["ten"], firsts)
    if found["nth"] or found["first"] or found["last"]:
        return Days(in_order(_nth_working_day(found, first, scene) for first in firsts))
    if found["day"]:
        return Days(in_order(_nth_weekday(found, first) for first in firsts))
    periods = tuple((first, month_end(first)) for first in firsts)
    named_only = bool(found["m"]) and not (found["y"] or found["end"] or found["fen"])
    if found["loose"] or named_only:
        return Days((), weak=True, stretch=True, periods=() if found["loose"] else periods)
    return _stretch(periods, found)


def _firsts_of_months(found: re.Match[str], scene: Scene) -> list[date]:
    this = scene.today.replace(day=1)
    if found["y"] and (found["m"] or found["rel"]):
        this = this.replace(year=min(max(year_of(found["y"], scene), 1), 9998))
    if found["rel"]:
        return [add_months(this, _offset(found["rel"]))]
    if found["m"]:
        month = 1 if found["m"] == "元" else number(found["m"]) or 0
        if not 1 <= month <= 12:
            return []
        return [this.replace(month=month, year=this.year + n) for n in ((0,) if found["y"] else range(-2, 3))]
    return [add_months(this, n) for n in range(-1, 3)]


def _offset(words: str) -> int:
    if words[0] == "上":
        return -words.count("上")
    return words.count("下") or (1 if words[0] == "次" else 0)


def _tenth(which: str, firsts: list[date]) -> Days:
    starts = {"上": 1, "中": 11, "下": 21}
    ends = [first.replace(day=_TENTHS[which]) if which in _TENTHS else month_end(first) for first in firsts]
    periods = tuple((end.replace(day=starts[which]), end) for end in ends)
    return Days(tuple(ends), stretch=which == "中", periods=periods)


def _nth_working_day(found: re.Match[str], first: date, scene: Scene) -> date | None:
    if found["last"]:
        return scene.calendar.previous_working_day(add_months(first, 1))
    nth = number(found["nth"]) if found["nth"] else 1
    day = scene.calendar.next_working_day(first - ONE_DAY, nth) if nth else None
    return day if day and day.month == first.month else None


def _nth_weekday(found: re.Match[str], first: date) -> date | None:
    """第二个星期三, 最后一个周五 of the month."""
    wanted = weekday_number(found["day"])
    if found["final"]:
        last = month_end(first)
        return last - (last.weekday() - wanted) % 7 * ONE_DAY
    day = first + ((wanted - first.weekday()) % 7 + 7 * ((number(found["count"]) or 1) - 1)) * ONE_DAY
    return day if day.month == first.month else None


def _stretch(periods: tuple[tuple[date, date], ...], found: re.Match[str]) -> Days:
    return Days(
        tuple(last for _, last in periods), weak=not found["end"], stretch=not found["end"], periods=periods
    )


def _quarter(found: re.Match[str], scene: Scene) -> Days:
    year = year_of(found["y"], scene) if found["y"] else scene.today.year
    this = date(min(max(year, 2), 9990), (scene.today.month - 1) // 3 * 3 + 1, 1)
    which = found["q"] or found["q2"]
    if which:
        first = this.replace(month=(number(which) or 1) * 3 - 2)
        firsts = [add_months(first, 12 * n) for n in ((0,) if found["y"] else (-1, 0, 1))]
    elif found["rel"]:
        firsts = [add_months(this, 3 * _offset(found["rel"]))]
    else:
        firsts = [add_months(this, 3 * n) for n in (-1, 0, 1)]
    periods = tuple((first, add_months(first, 3) - ONE_DAY) for first in firsts)
    if found["last"]:
        return Days(tuple(scene.calendar.previous_working_day(last + ONE_DAY) for _, last in periods))
    return Days(()) if found["loose"] else _stretch(periods, found)


def _half(found: re.Match[str], scene: Scene) -> Days:
    year = year_of(found["y"], scene) if found["y"] else scene.today.year
    years = (year,) if found["y"] else (year - 1, year, year + 1)
    months = (1, 6) if found["half"] == "上" else (7, 12)
    return _stretch(tuple(_whole_months(year, *months) for year in years if 1 <= year <= 9998), found)


def _whole_months(year: int, first: int, last: int) -> tuple[date, date]:
    return date(year, first, 1), month_end(date(year, last, 1))


def _year(found: re.Match[str], scene: Scene) -> Days:
    if found["loose"]:
        return one(None)
    year = scene.today.year if found["bare"] else year_of(found["y"], scene)
    return _stretch((_whole_months(min(max(year, 1), 9998), 1, 12),), found)


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Scene], Days]], ...] = (
    (_MONTH, _month),
    (_QUARTER, _quarter),
    (_HALF, _half),
    (_WHOLE, _year),
)
