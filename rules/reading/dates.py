"""Dates inside a message: `rules/when` reads them, this says which of its readings is taken for sure."""

from __future__ import annotations

import re
from datetime import datetime
from typing import NamedTuple

from rules.patterns import lazy
from rules.reading.models import Context, Doubt, Period
from rules.when import Instant, read_limit, read_past, read_past_limit, read_period

_WEEKDAY = r"(?:下下|下|本|这|上)?个?(?:周|星期|礼拜)[一二三四五六日天]"
_DAY = rf"(?:(?:\d{{1,2}}月)?\d{{1,2}}[日号]|{_WEEKDAY})"
_RANGE = lazy(r"(?<=[\d日号]) ?[-~] ?(?=(?:\d{1,2}月)?\d{1,2}[日号])")
_MONTHS = lazy(r"(?<![\d.-])(?P<first>\d{1,2})月?[-~到](?P<last>\d{1,2})月(?!\d)")
_LISTED = lazy(rf"(?P<first>{_DAY})(?:[、和]?{_DAY})*[、和]?(?P<last>{_DAY})")

_WEEK = lazy(r"(?P<which>下下|下|本|这|上)个?(?:周|星期)(?![一二三四五六日天末])")
_BARE_WEEKDAY = lazy(r"(?<![下本这上个])(?:周|星期)[一二三四五六日天]")

_DAY_OR_LENGTH = lazy(
    r"(?:限期?|限时)(?:在|为)?\d{1,2}日(?![前之以内止])|(?<![\d月.-])\d{1,2}日(?=办结|答复|回复|办完|完成)"
)
"""限期15日办结: by the 15th, or in 15 days"""

_LONGEST_OF_DAYS = 100
"""a stretch said with days (20日到25日) that comes out longer was not meant so"""


class Limit(NamedTuple):
    """A limit that a text names, and where."""

    at: datetime
    words: str
    start: int
    end: int
    event: bool = False
    """the hour of a meeting or the like"""


def limit_in(plain: str, context: Context) -> Limit | None:
    """The limit a text sets; None too where its words can be read in two ways: a wrong limit does harm."""
    found = read_limit(plain, context.reference, context.calendar)
    if found is None or found.readings or found.passed or _DAY_OR_LENGTH.search(plain):
        return None
    return Limit(found.at, found.words, *found.span, found.event)


def due_in(plain: str, context: Context) -> Limit | None:
    """The same for what has to be done: the hour of a meeting is no limit."""
    limit = limit_in(plain, context)
    return None if limit and limit.event else limit


def doubt_in(plain: str, context: Context) -> Doubt | None:
    """The instants of which a limit means one: 明天前, or 11月17日前 on the 18th. None where it is sure."""
    found = read_limit(plain, context.reference, context.calendar)
    return doubt_of(found) if found else None


def doubt_of(found: Instant) -> Doubt | None:
    """The same of a limit that was read."""
    if found.passed and not found.readings:
        return Doubt(words=found.words, at=(found.passed, found.at), over=True)
    return Doubt(words=found.words, at=tuple(sorted(found.readings))) if found.readings else None


def past_limit_in(plain: str, context: Context) -> str | None:
    """The words of a limit that is over already: 昨天前."""
    found = read_past_limit(plain, context.reference, context.calendar)
    return found.words if found else None


def past_in(plain: str, context: Context) -> datetime | None:
    """When something happened, where a time of day is given."""
    found = read_past(plain, context.reference, context.calendar)
    return found.at if found and found.precision == "minute" else None


def period_in(plain: str, context: Context) -> Period | None:
    """The first and last day of a stretch of time; days written in a row (8日、9日) make one."""
    year = re.sub(r"(?<![\d年])全年", "今年", re.sub("(?<=年)全年", "", plain))
    months = _MONTHS.sub(r"\g<first>月至\g<last>月", year.replace("前三季度", "1月至9月"))
    joined = _LISTED.sub(r"\g<first>至\g<last>", _RANGE.sub("至", _of_that_week(months)))
    found = read_period(joined, context.reference, context.calendar)
    days = re.search(r"[日号]", joined) is not None
    return None if found and days and (found[1] - found[0]).days > _LONGEST_OF_DAYS else found


def past_period_in(plain: str, context: Context) -> Period | None:
    """The same where the question is what has been: a stretch still to come is the last one gone by."""
    found = period_in(plain, context)
    if found is None or found[0] <= context.calendar.local(context.reference).date():
        return found
    return period_in(f"{plain},已过", context)  # with 已 in it, `rules/when` looks back


def _of_that_week(plain: str) -> str:
    """下周我休假,周一到周五: the weekdays after the week are days of it."""
    week = _WEEK.search(plain)
    if week is None or not _BARE_WEEKDAY.search(plain, week.end()):
        return plain
    rest = _BARE_WEEKDAY.sub(rf"{week['which']}\g<0>", plain[week.end() :])
    return plain[: week.start()] + rest
