"""How the office writes numbers, dates and lateness on paper.

Wall-clock times are naive and already in the office's zone; nothing here reads a clock.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from rules.limits import in_words

_DIGITS = "零一二三四五六七八九"


def chinese_number(number: int) -> str:
    """1 → 一, 12 → 十二, 40 → 四十; for 1 to 99."""
    if not 1 <= number <= 99:
        raise ValueError(f"only 1 to 99 can be written here, not {number}")
    tens, ones = divmod(number, 10)
    ten = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return ten + (_DIGITS[ones] if ones else "")


def chinese_date(day: date) -> str:
    """2026年11月5日: Arabic, unpadded (GB/T 9704)."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_hour(at: datetime) -> str:
    """2时40分; a full hour is 2时."""
    return f"{at.hour}时{at.minute}分" if at.minute else f"{at.hour}时"


def chinese_moment(at: datetime, year: int | None = None) -> str:
    """11月25日2时40分, with the year in front unless it is `year`, the year of the paper."""
    day = chinese_date(at)
    return (day if at.year != year else day.removeprefix(f"{at.year}年")) + chinese_hour(at)


def over_limit(by: timedelta) -> str:
    """超时限 12 分钟: the only thing a paper says of lateness (E5); nothing when it is not late."""
    return f"超时限 {in_words(by)}" if by > timedelta(0) else ""
