"""Lengths of time: "20分钟", "两个半小时", "10个工作日", "半个月", "3至5日", "2 hours"."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

from rules.patterns import lazy
from rules.when.terms import ONE_DAY, Measure, N, Scene, Span, add_months
from rules.when.text import number


class _Unit(NamedTuple):
    group: str
    words: str
    measure: Measure
    size: int


_UNITS = (
    _Unit("minute", r"分钟|分(?!之(?![前内后])|[管公局工处级数析])|min(?:ute)?s?(?![a-z])", "minutes", 1),
    _Unit("quarter", r"刻钟", "minutes", 15),
    _Unit("hour", r"小时|钟头|(?<=个)钟|h(?:(?:ou)?rs?)?(?![a-z])", "minutes", 60),
    _Unit("workday", r"工作[日天]|工做日|天工作日|(?:working|business) days?", "working", 1),
    _Unit(
        "day",
        r"自然[日天]|日历[日天]|天(?![气数然])|days?(?![a-z])|日(?=之?内|以内|之?后|以后|\((?:不含|不包|不计|扣除|除))",
        "days",
        1,
    ),
    _Unit("week", r"(?:周|星期|礼拜)(?![年岁期边报密一二三四五六日天末])|weeks?(?![a-z])", "days", 7),
    _Unit("month", r"(?<=个)月|months?(?![a-z])", "months", 1),
    _Unit("season", r"(?<=个)季度", "months", 3),
    _Unit("year", r"年(?![0-9零一二三四五六七八九十元度级代终初底末])|years?(?![a-z])", "months", 12),
)
_ENGLISH = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
_MOST = {"minutes": 60 * 24 * 366, "days": 3660, "months": 240, "working": 2000}
_VAGUE = Span(0, "days", vague=True)

_UNIT = "|".join(f"(?P<{unit.group}>{unit.words})" for unit in _UNITS)
_BOTH = lazy(rf"({N})个?(?:小时|钟头|h)[零又]?({N})(?:分钟|分(?!之(?![前内后])|管)|min)")
_DECIMAL = lazy(r"([0-9]{1,2}\.[0-9])个?(?:小时|钟头|h(?:(?:ou)?rs?)?(?![a-z]))")
_HALF = lazy(r"半个?(小时|钟头|钟|月|年|天|工作日)")
_AND_HALF = lazy(rf"({N})个半(小时|钟头|钟|月)|({N})年半")
_PLAIN = lazy(
    rf"(?:{N}(?:个工作日|日|天|个)?[-~至到])?"
    rf"(?P<n>[0-9]{{1,4}}|{N}[几多来余]?|[几数][十百]?|若干|(?:{'|'.join(_ENGLISH)})(?= ))"
    rf"[ 个]?(?:{_UNIT})(?P<half>半)?"
)


def read_span(signs: str, start: int) -> tuple[Span, int] | None:
    """The length of time that begins at `start`, and where it ends."""
    if found := _BOTH.match(signs, start):
        return _both(number(found[1]), number(found[2])), found.end()
    if found := _DECIMAL.match(signs, start):
        return Span(round(float(found[1]) * 60), "minutes"), found.end()
    if found := _HALF.match(signs, start):
        return _half(found[1]), found.end()
    if found := _AND_HALF.match(signs, start):
        return _and_half(found), found.end()
    found = _PLAIN.match(signs, start)
    if not found or (found["year"] and len(found["n"]) == 4):  # 2026年 is a year, not a length
        return None
    return _plain(found), found.end()


def _both(hours: int | None, minutes: int | None) -> Span:
    if hours is None or minutes is None:
        return _VAGUE
    return Span(hours * 60 + minutes, "minutes")


def _half(unit: str) -> Span:
    if unit in ("小时", "钟头", "钟"):
        return Span(30, "minutes")
    if unit == "月":
        return Span(15, "days")
    return Span(6, "months") if unit == "年" else _VAGUE


def _and_half(found: re.Match[str]) -> Span:
    count = number(found[1] or found[3])
    if count is None or found[2] == "月":
        return _VAGUE
    return Span(count * 60 + 30, "minutes") if found[2] else Span(count * 12 + 6, "months")


def _plain(found: re.Match[str]) -> Span:
    unit = next(unit for unit in _UNITS if found[unit.group])
    words = found["n"]
    rough = words[0] in "几数若" or words[-1] in "几多来余"
    count = _ENGLISH.get(words) or (None if rough else number(words))
    if not count or found["half"] or count * unit.size > _MOST[unit.measure]:
        return _VAGUE
    return Span(count * unit.size, unit.measure)


def day_after(span: Span, day: date, scene: Scene, sign: int = 1) -> date:
    """The day so many days, months or working days after another (before, when sign is -1)."""
    if span.unit == "working":
        return scene.calendar.add_working_days(day, sign * span.amount).date()
    if span.unit == "months":
        return add_months(day, sign * span.amount)
    return day + sign * span.amount * ONE_DAY


def from_now(span: Span, scene: Scene, sign: int = 1) -> datetime:
    """The instant so far from now: to the minute, or at close of business of the day."""
    if span.unit == "minutes":
        return scene.now + sign * timedelta(minutes=span.amount)
    return scene.calendar.close_of(day_after(span, scene.today, scene, sign))
