"""When a meeting is and how long it takes: 11月26日9点到11点半, 预计1.5小时, 半天."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from rules.patterns import lazy
from rules.reading.models import Context
from rules.when import Instant, read_instants

LENGTH = lazy(
    r"(?:预计|时长|会期|用时|开)*\s*[:：]?\s*(?:约|大约)?\s*(?=[\d一两二三四半])"
    r"(?:(?P<d>[\d一两二三]+(?:\.\d)?)\s*天|(?P<half>半天)|"
    r"(?:(?P<h>[\d一两二三四]+(?:\.\d)?)\s*(?:个)?(?P<hh>半)?小时(?P<hhh>半)?)?(?:(?P<hhalf>半)(?:个)?小时)?(?:(?P<m>\d+)\s*分钟)?)"
)
UNTIL = lazy(
    r"(?:(?<=[点时半分])|(?<=[:：]\d\d))(?:到|至|-|—+|–|~)\s*"
    r"(?:(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})[日号](?:上午|(?P<late>下午|晚上?))?)?"
    r"(?:(?P<h>\d{1,2})(?![\d月日号])(?:[:：点时](?P<m>\d{2}|半)?分?)?)?(?<=[\d点时半分日号午上晚])"
)
CLOCK = lazy(r"[:：点时]|分钟|钟头")
_DIGITS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4}

_FAR = timedelta(days=300)
"""so far ahead nobody calls a meeting: a day of this year is meant that is past"""
_YEAR = lazy(r"\d{4}|[明后来]年|\d{2}年")


def time_of(
    said: Mapping[str, Sequence[str]], context: Context
) -> tuple[datetime | None, datetime | None, tuple[datetime, ...]]:
    """When it begins and ends, or the hours to choose from where only the day was said."""
    words = " ".join(said.get("at", ()))
    until = UNTIL.search(words)
    instants = instants_in(words[: until.start()] if until else words, context)
    found = next((one for one in instants if one.precision == "minute" and CLOCK.search(one.words)), None)
    if found is None:
        return None, None, _hours(words, instants[0].at, context) if instants else ()
    at = context.calendar.local(found.at)
    if at - context.reference > _FAR and not _YEAR.search(words):
        at = at.replace(year=at.year - 1, day=min(at.day, 28) if at.month == 2 else at.day)  # asked about
    lengths = (_ends(text, at, context) for text in said.get("length", ()))
    ends = next((one for one in lengths if one), None) or (_until(until, at, context) if until else None)
    return at, ends, found.readings


_HOURS = {"上午": (9, 10), "早": (8, 9), "下午": (14, 15, 16), "晚": (19, 20), "": (9, 10, 15)}


def _hours(words: str, day: datetime, context: Context) -> tuple[datetime, ...]:
    """11月27日上午: a day without a clock time; the hours that are usual are offered."""
    at = context.calendar.local(day)
    hours = next(hours for half, hours in _HOURS.items() if half in words)
    found = (at.replace(hour=hour, minute=0, second=0, microsecond=0) for hour in hours)
    return tuple(one for one in found if one > context.reference)


def _until(until: re.Match[str], at: datetime, context: Context) -> datetime | None:
    """9点到11点半: the end, on the same day; 9点至27日12点, 9点至27日 (close of business): on another."""
    closes = context.calendar.hours.sessions[-1][1]
    hour, minute = int(until["h"] or closes.hour), 30 if until["m"] == "半" else int(until["m"] or 0)
    if until["h"] is None:
        minute = closes.minute
    if hour > 23 or minute > 59:
        return None
    hour += 12 if until["late"] and until["h"] and hour < 12 else 0
    if until["day"]:
        return _on_day(until, at.replace(hour=hour, minute=minute), at)
    end = at.replace(hour=hour, minute=minute)
    if end <= at and hour < 12:
        end = end.replace(hour=hour + 12)
    return end if end > at else None


def _on_day(until: re.Match[str], end: datetime, at: datetime) -> datetime | None:
    """The end on the day that is named, of this month where none is; in the next year if need be."""
    month, day = int(until["month"] or at.month), int(until["day"])
    try:
        found = end.replace(month=month, day=day)
        found = found if found.date() >= at.date() else found.replace(year=at.year + 1)
    except ValueError:
        return None
    return found if at < found < at + _FAR else None


_LONGEST = 1000
"""days, hours or minutes; more is no length of a meeting"""


def _ends(text: str, at: datetime, context: Context) -> datetime | None:
    """预计1.5小时, 90分钟, 半天 (until noon or close of business), 2天 (close of business of the second)."""
    found = LENGTH.fullmatch(text)
    if found is None:
        return None
    hours = context.calendar.hours
    if found["half"] and at.time() < hours.sessions[0][1]:
        return at.replace(hour=hours.sessions[0][1].hour, minute=hours.sessions[0][1].minute)
    days = _figure(found["d"])
    if max(days, _figure(found["h"]), _figure(found["m"])) > _LONGEST:
        return None
    if found["half"] or days >= 1:
        return context.calendar.close_of((at + timedelta(days=max(days - 1, 0))).date())
    length = timedelta(
        hours=_figure(found["h"]) + (0.5 if found["hh"] or found["hhh"] or found["hhalf"] else 0),
        minutes=int(found["m"] or 0),
    )
    return at + length if timedelta(minutes=5) <= length <= timedelta(hours=12) else None


def _figure(text: str | None) -> float:
    return 0.0 if text is None else float(_DIGITS.get(text, text))


def instants_in(text: str, context: Context) -> list[Instant]:
    """The instants that a text names, in order."""
    return read_instants(text, context.reference, context.calendar)
