"""Days in words: "2026年12月1日", "12/4", "下周三", "后天", "本月底", "三季度末", "25号".

Each rule is a pattern and what it means on the day it was written. Days without any date are understood,
but no limit: a day the calendar does not have (2月30日), a stretch too loose to end (月初).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from rules.patterns import lazy
from rules.when.english import ENGLISH_DAYS
from rules.when.holidays import read_holiday
from rules.when.months import YEAR, read_month, year_of
from rules.when.terms import ONE_DAY, Days, N, Scene, day_or_none, in_order, one, weekday_number, yearly
from rules.when.text import number

DayRule = tuple[re.Pattern[str], Callable[[re.Match[str], Scene], Days]]

_RELATIVE = {
    "大前": -3,
    "前": -2,
    "昨": -1,
    "今": 0,
    "当": 0,
    "即": 0,
    "明": 1,
    "次": 1,
    "翌": 1,
    "隔": 1,
    "第二": 1,
    "后": 2,
    "大后": 3,
}
_NOT_A_DAY = r"(?![件文线楼令门院单批案卷议提公码机车厅室桌窗督会通工台站店])"
_BEFORE = lazy(r"之前|以前|前(?![往来去台期面提])")
WEEKDAY = lazy(r"[(,]?(?:周|星期|礼拜)(?P<day>[一二三四五六日天1-7])\)?")


def read_days(signs: str, start: int, scene: Scene) -> tuple[Days, int] | None:
    """The day that begins at `start`, and where its words end."""
    for pattern, meaning in _RULES:
        if found := pattern.match(signs, start):
            return meaning(found, scene), found.end()
    return read_holiday(signs, start, scene) or read_month(signs, start, scene)


def _full_date(found: re.Match[str], scene: Scene) -> Days:
    year, month, day = (number(found[part]) or 0 for part in "ymd")
    return one(day_or_none(year, month, day))


def _eight_figures(found: re.Match[str], scene: Scene) -> Days:
    return one(day_or_none(int(found[1]), int(found[2]), int(found[3])), weak=True)


def _month_and_day(found: re.Match[str], scene: Scene) -> Days:
    month, day = 1 if found["m"] == "元" else number(found["m"]) or 0, number(found["d"]) or 0
    if found["y"]:
        return one(day_or_none(year_of(found["y"], scene), month, day))
    return yearly(month, day, scene)


def _numeric(found: re.Match[str], scene: Scene) -> Days:
    days = yearly(int(found["m"]), int(found["d"]), scene)
    return Days(days.dates, weak=True)


def _day_of_month(found: re.Match[str], scene: Scene) -> Days:
    day, first = number(found["d"]) or 0, scene.today.replace(day=1)
    months = (divmod(first.year * 12 + first.month - 1 + n, 12) for n in range(-4, 5))
    return Days(in_order(day_or_none(year, month + 1, day) for year, month in months), weak=True)


def _relative(found: re.Match[str], scene: Scene) -> Days:
    day = one(scene.today + _RELATIVE[found["rel"]] * ONE_DAY)
    before = found["rel"] == "明" and _BEFORE.match(found.string, found.end())
    return replace(day, rival=scene.today) if before else day  # 明天前: by tomorrow, or before it begins?


def _several(found: re.Match[str], scene: Scene) -> Days:
    """明后天, 今明两天, 后天大后天: a stretch of days."""
    first, last = {
        "今明": (0, 1),
        "明后": (1, 2),
        "昨今": (-1, 0),
        "今明后": (0, 2),
        "后天大后": (2, 3),
        "明天后": (1, 2),
        "今天明": (0, 1),
    }[found["rel"]]
    start, end = scene.today + first * ONE_DAY, scene.today + last * ONE_DAY
    return Days((end,), weak=True, stretch=True, periods=((start, end),))


def _week_offset(words: str) -> int:
    if words.startswith("上"):
        return -words.count("上")
    return words.count("下") or (1 if words == "次" else 0)


def _weekday(found: re.Match[str], scene: Scene) -> Days:
    monday = scene.today - scene.today.weekday() * ONE_DAY
    day = monday + weekday_number(found["day"]) * ONE_DAY
    if found["rel"]:
        return one(day + timedelta(weeks=_week_offset(found["rel"])))
    return Days(tuple(day + timedelta(weeks=n) for n in range(-2, 3)))


def _workday_of_week(found: re.Match[str], scene: Scene) -> Days:
    """下周第一个工作日; none where the week has fewer."""
    monday = scene.today - scene.today.weekday() * ONE_DAY + timedelta(weeks=_week_offset(found["rel"]))
    working = [day for n in range(7) if scene.calendar.is_working_day(day := monday + n * ONE_DAY)]
    count = len(working) if found["last"] else number(found["nth"]) if found["nth"] else 1
    return one(working[count - 1] if count and count <= len(working) else None)


def _week(found: re.Match[str], scene: Scene) -> Days:
    """A week as a stretch ends on its Friday; once that is past, or a day off, on its Sunday."""
    monday = scene.today - scene.today.weekday() * ONE_DAY + timedelta(weeks=_week_offset(found["rel"] or ""))
    friday, sunday = monday + 4 * ONE_DAY, monday + 6 * ONE_DAY
    if found["loose"]:
        return Days((), periods=((friday + ONE_DAY, sunday),))
    ends = (friday, sunday) if scene.calendar.is_working_day(friday) else (sunday,)
    return Days(ends, stretch=not found["end"], periods=((monday, sunday),))


def _unclear(found: re.Match[str], scene: Scene) -> Days:
    return Days(())


_WEEK = r"(?:周|星期|礼拜)"
_REL_WEEK = r"(?P<rel>本|这一?个?|当|下{1,3}一?个?|上{1,3}一?个?|次)"
_ALONE = r"(?<![0-9零一二三四五六七八九十两几半多每第近])"

_RULES: tuple[DayRule, ...] = (
    (
        lazy(r"(?P<y>[0-9]{4})(?P<s>[-/.])(?P<m>[0-9]{1,2})(?P=s)(?P<d>[0-9]{1,2})日?(?![0-9])t?"),
        _full_date,
    ),
    (lazy(r"(?P<y>(?:19|20)[0-9]{2}) (?P<m>[0-9]{2}) (?P<d>[0-9]{2})(?![0-9])"), _full_date),
    (lazy(r"((?:19|20)[0-9]{2})(0[1-9]|1[0-2])([0-3][0-9])(?![0-9a-z号])"), _eight_figures),
    # the moon's calendar is not read
    (lazy(rf"(?:农历|阴历|旧历)(?:{YEAR})?(?:{N}|[正腊冬])月[初廿]?{N}?[日号]?"), _unclear),
    (
        lazy(rf"[正腊冬]月(?:初{N}|廿?{N}日?)?|{N}月初{N}|{N}月廿[一二三四五六七八九](?![日号])"),
        _unclear,
    ),
    (lazy(rf"大年(?:初{N}|三十)|除夕"), _unclear),
    (
        lazy(
            rf"(?P<y>{YEAR})?(?P<m>{N}|元)月份?(?P<d>{N})(?:[日号](?:子|那天)?"
            r"|(?![0-9个份次期周天名项人届批万亿千元%]|季度))"
        ),
        _month_and_day,
    ),
    (
        lazy(
            r"(?P<m>1[0-2]|0?[1-9])(?P<s>[-/.])(?P<d>3[01]|[12][0-9]|0?[1-9])"
            r"(?![0-9%a-z/.万亿千百元个小天日年月周名次项份倍米公页章节条版件人]|-[0-9])"
        ),
        _numeric,
    ),
    (lazy(r"(?P<rel>今明后|今明|明后|昨今|今天明|明天后|后天大后)[两三]?[天日](?!气)"), _several),
    (
        lazy(
            r"(?P<rel>大后|大前|(?<![今以之然此最])后|(?<![目以之提从日])前|今|明|昨)(?:天(?![气然])|日(?![报常头]))"
        ),
        _relative,
    ),
    (
        lazy(r"(?P<rel>今|明|昨)(?:儿个?)?(?=早|晚|晨|夜|午|上午|下午|中午|凌晨|傍晚|下班|上班)"),
        _relative,
    ),
    (lazy(r"(?P<rel>今|明|昨|后)儿个?"), _relative),
    (lazy(r"(?P<rel>前)(?=晚[上间]?)(?<![之以])"), _relative),
    (
        lazy(
            r"(?:(?<=收到)|(?<=[,。;!?(:\n])|(?<![\u4e00-\u9fff]))"
            r"(?:(?P<rel>当|次|翌|隔)[天日](?!报)|(?P<second>第二)天)"
        ),
        lambda found, scene: one(scene.today + (_RELATIVE[found["rel"]] if found["rel"] else 1) * ONE_DAY),
    ),
    (lazy(r"(?P<rel>当|次|翌|隔|第二)[天日](?!报)"), _unclear),
    (lazy(r"(?P<rel>即)日(?=起|内|前|办)"), _relative),
    (
        lazy(rf"{_REL_WEEK}{_WEEK}(?P<day>[一二三四五六日天]|[1-7](?![0-9个天日号份件项次名点:%.周至]))"),
        _weekday,
    ),
    (
        lazy(
            rf"{_ALONE}(?P<rel>){_WEEK}(?P<day>[一二三四五六日天](?![年])|[1-7](?![0-9个天日号份件项次名点:%.周至年]))"
        ),
        _weekday,
    ),
    (
        lazy(rf"{_REL_WEEK}{_WEEK}的?(?:第(?P<nth>{N})个|(?P<last>最后一个)|首个)工作[日天]"),
        _workday_of_week,
    ),
    (lazy(rf"{_REL_WEEK}{_WEEK}(?:(?P<end>末(?=之?前|以前)|底|结束(?=之?前))|(?P<loose>末))?"), _week),
    (
        lazy(
            r"(?P<rel>)(?<![每工本上下这0-9一二两三几])周(?:(?P<end>末(?=之?前|以前)|底(?=之?前|以前))|(?P<loose>末)|(?=内))"
        ),
        _week,
    ),
    *ENGLISH_DAYS,
    (
        lazy(
            rf"(?<![第零一二三四五六七八九十#〕\])号.年月-])(?P<d>{N})(?:日(?![常报用均程])|号{_NOT_A_DAY})"
        ),
        _day_of_month,
    ),
)
