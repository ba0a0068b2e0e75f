"""Times that no calendar has: 13月, 五季度, 2月30日."""

from __future__ import annotations

from rules.patterns import lazy
from rules.when.terms import day_or_none
from rules.when.text import number

_N = "(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
_MONTH = lazy(rf"(?<![0-9一二三四五六七八九十])(?P<m>{_N})月(?:份|(?P<d>{_N})[日号])?")
_QUARTER = lazy(rf"(?<![0-9一二三四五六七八九十前后近去])第?(?P<n>{_N})季度")
_LEAP = 2000
"""a year in which every day of the calendar is"""


def no_such_time(text: str) -> str | None:
    """The words of a month, a day or a quarter that there is none of."""
    for found in _MONTH.finditer(text):
        month, day = number(found["m"]), number(found["d"] or "1")
        if None not in (month, day) and day_or_none(_LEAP, month or 0, day or 0) is None:
            return found.group(0)
    quarters = (found.group(0) for found in _QUARTER.finditer(text) if number(found["n"]) not in _QUARTERS)
    return next(quarters, None)


_QUARTERS = (None, 1, 2, 3, 4)
"""None: 三四季度 are two"""
