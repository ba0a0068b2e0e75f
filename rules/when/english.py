"""The few English ways of naming a day: "Friday", "next Monday", "tomorrow", "December 1, 2026"."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from rules.patterns import lazy
from rules.when.terms import ONE_DAY, Days, Scene, add_months, month_end, one, yearly

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

_DAYS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1, "day after tomorrow": 2}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = r"(?P<day>mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday|r|rs|s)?(?![a-z])"
_MONTH = (
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:uary|ruary|ch|il|ust|tember|ober|ember)?"
)


@lru_cache(maxsize=1)
def _parser() -> DateDataParser:
    """dateparser reads dates that name their month in English.

    It is slow to import and to make: made once, and who writes Chinese does not wait for it.
    """
    from dateparser.date import DateDataParser

    return DateDataParser(
        languages=["en"], settings={"STRICT_PARSING": True, "PREFER_LOCALE_DATE_ORDER": True}
    )


def _relative(found: re.Match[str], scene: Scene) -> Days:
    return one(scene.today + _DAYS[found["rel"]] * ONE_DAY)


def _weekday(found: re.Match[str], scene: Scene) -> Days:
    monday = scene.today - scene.today.weekday() * ONE_DAY
    day = monday + _WEEKDAYS.index(found["day"]) * ONE_DAY
    if found["rel"] == "this":
        return one(day)
    if found["rel"] == "last":
        return one(day - 7 * ONE_DAY)
    if found["rel"] == "next":  # said on Wednesday, "next Friday" may be either; "next Monday" only one
        return one(day + 7 * ONE_DAY) if day <= scene.today else Days(())
    return Days(tuple(day + n * 7 * ONE_DAY for n in range(-2, 3)))


def _named(found: re.Match[str], scene: Scene) -> Days:
    words = " ".join(re.sub(r"[,.]|(?<=[0-9])(?:st|nd|rd|th)|\bof\b", " ", found["date"]).split())
    read = _parser().get_date_data(f"{words} {found['y'] or 2024}").date_obj
    if read is None:
        return one(None)
    return one(read.date()) if found["y"] else yearly(read.month, read.day, scene)


def _end(found: re.Match[str], scene: Scene) -> Days:
    today, of = scene.today, found["of"]
    monday = today - today.weekday() * ONE_DAY
    quarter = add_months(today.replace(day=1), 2 - (today.month - 1) % 3)
    ends = {
        "day": today,
        "week": monday + 4 * ONE_DAY,
        "month": month_end(today),
        "quarter": month_end(quarter),
        "year": today.replace(month=12, day=31),
    }
    return one(ends[of])


def _week(found: re.Match[str], scene: Scene) -> Days:
    monday = (
        scene.today
        - scene.today.weekday() * ONE_DAY
        + (7 * ONE_DAY if found["rel"] == "next" else 0 * ONE_DAY)
    )
    return Days((monday + 4 * ONE_DAY,), weak=True, stretch=True, periods=((monday, monday + 6 * ONE_DAY),))


ENGLISH_DAYS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Scene], Days]], ...] = (
    (
        lazy(r"(?:the )?(?P<rel>yesterday|today|tonight|tomorrow|day after tomorrow)(?![a-z])"),
        _relative,
    ),
    (lazy(r"(?:the )?end of (?:the |this )?(?P<of>day|week|month|quarter|year)(?![a-z])"), _end),
    (lazy(r"(?:(?P<rel>this|next|last) |on )?" + _WEEKDAY), _weekday),
    (lazy(r"(?P<rel>this|next) week(?![a-z])"), _week),
    (
        lazy(
            rf"(?P<date>{_MONTH}\.? ?[0-9]{{1,2}}(?:st|nd|rd|th)?"
            rf"|[0-9]{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}\.?)"
            r"(?![0-9a-z:])(?:,? ?(?P<y>20[0-9]{2})(?![0-9:]))?"
        ),
        _named,
    ),
)
