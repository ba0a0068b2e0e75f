"""What a duty roster says: days with their people, or every mistake by row and column.

The columns are those of `office/sample/duty.csv`; their Chinese names serve as well. An empty cell is a gap.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from office.duty import POST_NAMES
from office.roster_sheets import nearest, plain_name
from office.sheets import Sheet, SheetRow
from rules.patterns import lazy
from storage.duty import POSTS

HEADS = {
    **{key: key for key in ("date", *POSTS)},
    **dict.fromkeys(("日期", "值班日期", "时间"), "date"),
    **dict.fromkeys(("带班领导", "带班", "带班人", "带班县领导", "值班领导"), "leader"),
    **dict.fromkeys(("主班", "主班人员", "主值班", "值班员", "值班人员", "值班人"), "first"),
    **dict.fromkeys(("副班", "副班人员", "副值班", "副值班员"), "second"),
}
NO_HEADER = "没有认得出的表头，值班表须有“日期、带班领导、主班、副班”列"
_DAY = lazy(
    r"(?:(?P<year>\d{4})[-/.年])?(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})[日号]?"
    r"\s*(?:[（(]?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])[）)]?)?"
)
_WEEKDAYS = "一二三四五六日"
FAR = timedelta(days=400)
_ANYBODY = lazy(r"[、，,;；/|\n]|\s{2,}")

Day = dict[str, str | None]
"""post → name, None where nobody is named"""


class DutySheet(NamedTuple):
    """What the sheets say: days in the order of the sheet."""

    days: dict[date, Day]
    mistakes: tuple[str, ...]
    unknown: tuple[str, ...]
    """columns that nothing is read from"""


def examine(
    sheets: Iterable[Sheet], names: Collection[str], today: date, *, any_year: bool = False
) -> DutySheet:
    """Read all sheets; a day without a year is the one nearest to `today`.

    A day more than a year off is taken for a slip, unless `any_year`.
    """
    days: dict[date, Day] = {}
    mistakes: list[str] = []
    unknown: dict[str, None] = {}
    for sheet in sheets:
        missing = [POST_NAMES[post] for post in ("leader", "first") if post not in sheet.columns]
        if "date" not in sheet.columns or missing:
            mistakes.append(f"{sheet.name}：缺少列 {'、'.join(missing) or '日期'}。{NO_HEADER}")
            continue
        unknown |= dict.fromkeys(sheet.unknown)
        seen: dict[date, int] = {}
        for number, cells in sheet.lines:
            row = SheetRow(sheet, number, cells)
            try:
                day = _day(row, today, any_year=any_year)
            except ValueError as error:
                mistakes.append(row.fault("date", str(error)))
                day = None
            _read_row(row, day, names, days, seen, mistakes)
    return DutySheet(days, tuple(mistakes), tuple(unknown))


def nearest_day(month: int, day: int, today: date) -> date:
    """The date of a month and day that is nearest to `today`. Raises ValueError for what is no date."""
    found = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    if not found:
        raise ValueError("没有这一天")
    return min(found, key=lambda one: abs(one - today))


def read_day(cell: str, today: date) -> date:
    """2026-11-16, 11月16日, 11/16（周一） → the day. Raises ValueError with what would be right."""
    found = _DAY.fullmatch(cell.strip())
    if found is None:
        raise ValueError("不是日期，写作 2026-11-16 或 11月16日")
    month, number = int(found["month"]), int(found["day"])
    try:
        day = date(int(found["year"]), month, number) if found["year"] else nearest_day(month, number, today)
    except ValueError:
        raise ValueError("没有这一天，请核对月和日") from None
    weekday = found["weekday"]
    if weekday and _WEEKDAYS.index(weekday.replace("天", "日")) != day.weekday():
        raise ValueError(f"{day.isoformat()} 是周{_WEEKDAYS[day.weekday()]}，请核对日期")
    return day


def _day(row: SheetRow, today: date, *, any_year: bool) -> date:
    if not row.cell("date"):
        raise ValueError("不能为空")
    day = read_day(row.cell("date"), today)
    if abs(day - today) > FAR and not any_year:
        raise ValueError(f"离今天（{today.isoformat()}）超过一年，请核对年份")
    return day


def _read_row(
    row: SheetRow,
    day: date | None,
    names: Collection[str],
    days: dict[date, Day],
    seen: dict[date, int],
    mistakes: list[str],
) -> None:
    people = {post: _name(row, post, names, mistakes) for post in POSTS if post in row.sheet.columns}
    _check_twice(row, people, mistakes)
    if day is None:
        return
    if day in seen:
        mistakes.append(row.fault("date", f"与第{seen[day]}行是同一天，每天只能有一行"))
    elif day in days:
        mistakes.append(row.fault("date", "另一张表里已有这一天，每天只能有一行"))
    seen.setdefault(day, row.number)
    days.setdefault(day, people)


def _name(row: SheetRow, post: str, names: Collection[str], mistakes: list[str]) -> str | None:
    cell = row.cell(post)
    if not cell:
        return None
    name = plain_name(cell)
    if name in names:
        return name
    if _ANYBODY.search(cell):
        mistakes.append(row.fault(post, "每班只能写一个人的姓名"))
    else:
        mistakes.append(row.fault(post, f"人员中没有这个人{nearest(name, names)}"))
    return None


def _check_twice(row: SheetRow, people: Mapping[str, str | None], mistakes: list[str]) -> None:
    posts: dict[str, str] = {}
    for post, name in people.items():
        if name and name in posts:
            mistakes.append(row.fault(post, f"与{POST_NAMES[posts[name]]}是同一个人"))
        elif name:
            posts[name] = post
