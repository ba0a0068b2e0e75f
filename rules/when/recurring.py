"""Recurring limits: "每周一", "每月25日前", "每季度末", "每半月", as a rule with its next days.

The rules are written like RFC 5545, with two words of our own: FREQ=WORKDAY (each working day) and
BYWORKDAY (the nth working day of the month, -1 the last).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice

from rules.patterns import lazy
from rules.when.terms import ONE_DAY, N, Rule, Scene, day_or_none, month_end, weekday_number
from rules.when.text import number
from rules.working_time import Calendar

_BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_AND = r"[、,和及与]"
_WEEKDAYS = r"(?:周|星期|礼拜)?[一二三四五六日天1-6](?![0-9个天])"

_WORKDAY = lazy(r"每一?个?工作[日天]|每逢工作日")
_DAILY = lazy(rf"每(?P<n>{N})?[天日]|天天|按日|逐日")
_WEEKLY = lazy(
    rf"(?:每(?P<two>两个?|2个?|双|隔)?一?个?|隔|逢|每逢|按|逐)(?:周|星期|礼拜)"
    rf"(?:末|(?:周|星期|礼拜)?(?P<first>[一二三四五六日天1-6](?![次回]))(?:(?P<to>[至到-]){_WEEKDAYS}|(?:{_AND}{_WEEKDAYS})*))?"
)
_MONTHLY = lazy(
    rf"(?:每(?:一个|个)?|按|逐)月(?:份|度)?的?(?:(?P<days>{N}[日号]?(?:{_AND}{N}[日号])*)(?<=[日号])|(?P<end>[底末]|最后一天)|(?P<last>最后一个工作[日天])"
    rf"|第(?P<nth>{N})个工作[日天]|(?P<one>首个工作日)|(?P<ten>[上中下])旬|(?P<loose>初|中))?"
)
_HALF_MONTHLY = lazy(r"每半个?月")
_QUARTERLY = lazy(
    rf"(?:每一?个?|按|逐)季度?的?(?:[底末](?:(?=个?月)个?月)?|最后一天|(?P<which>首|第[一二三]个?|末个?|最后一个)月的?)?"
    rf"(?P<day>{N}[日号])?(?P<loose>初)?"
)
_HALF_YEARLY = lazy(r"每半年[底末]?")
_YEARLY = lazy(
    rf"(?:每一?年|按年)度?的?年?(?:(?P<m>{N}|元)月份?(?:(?P<d>{N})[日号]|(?P<end>[底末]))?|[底末])?"
)
_HOURLY = lazy(rf"每(?:隔)?(?P<n>{N}|半)?个?(?P<unit>小时|钟头|分钟)")


def read_rule(signs: str, start: int, scene: Scene) -> tuple[Rule, int] | None:
    """The recurrence that begins at `start`; its text is empty where it is too loose for a rule (每月初)."""
    for pattern, meaning in _RULES:
        if found := pattern.match(signs, start):
            text = meaning(found)
            if pattern is _HOURLY:
                return Rule(text, at=scene.now + _pause(text) if text else None), found.end()
            dates = islice(occurrences(text, scene.today, scene.calendar), 3) if text else ()
            return Rule(text, tuple(dates)), found.end()
    return None


def occurrences(rule: str, since: date, calendar: Calendar) -> Iterator[date]:
    """The days a rule falls on, from `since` on; an INTERVAL counts from the first of them."""
    parts = dict(part.split("=") for part in rule.split(";"))
    step, weekly = int(parts.get("INTERVAL", "1")), parts["FREQ"] == "WEEKLY"
    first: date | None = None
    for n in range(366 * 5):
        day = since + n * ONE_DAY
        if not _falls_on(day, parts, calendar):
            continue
        first = first or day
        apart = (day - first + first.weekday() * ONE_DAY).days // 7 if weekly else (day - first).days
        if parts["FREQ"] not in ("WEEKLY", "DAILY") or apart % step == 0:
            yield day


def _falls_on(day: date, parts: dict[str, str], calendar: Calendar) -> bool:
    if parts["FREQ"] == "WORKDAY":
        return calendar.is_working_day(day)
    if "BYMONTH" in parts and str(day.month) not in parts["BYMONTH"].split(","):
        return False
    if "BYDAY" in parts:
        return _BYDAY[day.weekday()] in parts["BYDAY"].split(",")
    if "BYMONTHDAY" in parts:
        last = month_end(day).day
        return any(
            day.day == (n if n > 0 else last + 1 + n) for n in map(int, parts["BYMONTHDAY"].split(","))
        )
    if "BYWORKDAY" in parts:
        return day == _nth_working_day(day, int(parts["BYWORKDAY"]), calendar)
    return True


def _nth_working_day(day: date, nth: int, calendar: Calendar) -> date:
    if nth < 0:
        return calendar.previous_working_day(month_end(day) + ONE_DAY)
    return calendar.next_working_day(day.replace(day=1) - ONE_DAY, nth)


def _pause(text: str) -> timedelta:
    freq, interval = text.removeprefix("FREQ=").split(";INTERVAL=")
    return timedelta(hours=int(interval)) if freq == "HOURLY" else timedelta(minutes=int(interval))


def _daily(found: re.Match[str]) -> str:
    return "" if found["n"] else "FREQ=DAILY"  # every third day, but counted from which?


def _weekly(found: re.Match[str]) -> str:
    interval = ";INTERVAL=2" if found["two"] or found[0].startswith("隔") else ""
    if not found["first"]:
        return f"FREQ=WEEKLY{interval};BYDAY=FR"
    named = [
        weekday_number(sign)
        for sign in re.findall(r"[一二三四五六日天1-6]", found[0][found.start("first") - found.start() :])
    ]
    days = range(named[0], named[-1] + 1) if found["to"] else named
    return f"FREQ=WEEKLY{interval};BYDAY=" + ",".join(_BYDAY[n] for n in sorted(set(days)))


def _monthly(found: re.Match[str]) -> str:
    if found["loose"]:
        return ""
    if found["last"] or found["nth"] or found["one"]:
        nth = -1 if found["last"] else number(found["nth"]) if found["nth"] else 1
        return f"FREQ=MONTHLY;BYWORKDAY={nth}" if nth and nth <= 15 else ""
    days = [number(said) or 0 for said in re.findall(N, found["days"] or "")]
    if not all(1 <= day <= 31 for day in days):
        return ""
    ten = {"上": "10", "中": "20"}.get(found["ten"] or "", "-1")
    return "FREQ=MONTHLY;BYMONTHDAY=" + (",".join(map(str, sorted(days))) or ten)


def _quarterly(found: re.Match[str]) -> str:
    which = {"首": 1, "第一": 1, "第二": 2, "末": 3, "最后": 3, "第三": 3}.get(
        (found["which"] or "末").rstrip("个一"), 3
    )
    which = 1 if found["which"] and found["which"].startswith("第一") else which
    day = (number(found["day"][:-1]) if found["day"] else -1) or 0
    if found["loose"] or not (day == -1 or 1 <= day <= 31):
        return ""
    months = ",".join(str(month) for month in range(which, 13, 3))
    return f"FREQ=MONTHLY;INTERVAL=3;BYMONTH={months};BYMONTHDAY={day}"


def _yearly(found: re.Match[str]) -> str:
    month = 12 if not found["m"] else 1 if found["m"] == "元" else number(found["m"]) or 0
    day = number(found["d"]) if found["d"] else -1
    if not (1 <= month <= 12) or (found["m"] and not (found["d"] or found["end"])):
        return ""
    if day != -1 and not day_or_none(2024, month, day or 0):
        return ""
    return f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}"


def _hourly(found: re.Match[str]) -> str:
    hours = found["unit"] != "分钟"
    if found["n"] == "半":
        return "FREQ=MINUTELY;INTERVAL=30" if hours else ""
    n = number(found["n"]) if found["n"] else 1
    return f"FREQ={'HOURLY' if hours else 'MINUTELY'};INTERVAL={n}" if n else ""


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_WORKDAY, lambda found: "FREQ=WORKDAY"),
    (_HOURLY, _hourly),
    (_HALF_MONTHLY, lambda found: "FREQ=MONTHLY;BYMONTHDAY=15,-1"),
    (_HALF_YEARLY, lambda found: "FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=-1"),
    (_DAILY, _daily),
    (_WEEKLY, _weekly),
    (_MONTHLY, _monthly),
    (_QUARTERLY, _quarterly),
    (_YEARLY, _yearly),
)
