"""What sheets of units and staff say: values ready to be kept, or every mistake by row and column.

The columns are those of `office/sample`; their Chinese names serve as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from office.sheets import Sheet
from rules.patterns import lazy
from rules.roster import ROLES, Roster

HEADS = {
    **{key: key for key in ("name", "short_names", "kind", "level", "unit", "post", "stand_in")},
    **{key: key for key in ("in_charge_of", "phone", "roles", "active_until")},
    **dict.fromkeys(("姓名", "名称", "单位名称", "全称", "群名称"), "name"),
    **dict.fromkeys(("单位", "科室", "所在单位", "所属单位", "部门", "所在科室", "工作单位"), "unit"),
    **dict.fromkeys(("简称", "别名"), "short_names"),
    **dict.fromkeys(("类别", "单位类别"), "kind"),
    **dict.fromkeys(("层级", "群层级"), "level"),
    **dict.fromkeys(("职务", "岗位"), "post"),
    **dict.fromkeys(("b岗", "代岗", "代岗人", "替岗"), "stand_in"),
    **dict.fromkeys(("分管", "分管单位", "分管科室"), "in_charge_of"),
    **dict.fromkeys(("电话", "手机", "手机号", "联系电话", "手机号码", "电话号码"), "phone"),
    **dict.fromkeys(("角色", "权限"), "roles"),
    **dict.fromkeys(("截止日期", "到期日", "跟班截止", "有效期至"), "active_until"),
    **{"date": "date", "leader": "leader", "first": "first", "second": "second"},
    **{"日期": "date", "带班领导": "leader", "主班": "first", "副班": "second"},
}
ROLE_WORDS = {
    "管理员": "admin",
    "收发员": "clerk",
    "文书": "clerk",
    "承办人": "handler",
    "联络员": "liaison",
    "科室负责人": "section_head",
    "分管副主任": "deputy_director",
    "办公室主任": "director",
    "分管领导": "leader",
    "主要领导": "chief_leader",
    "值班员": "duty",
}
ROLE_NAMES = {role: word for word, role in reversed(ROLE_WORDS.items())}
KINDS = {"leaders": "领导", "office": "办公室", "bureau": "部门", "town": "乡镇"}
LEVELS = {"leaders": "领导", "office": "办公室", "section": "科室", "units": "单位"}
_PHONE = lazy(r"1\d{10}|(0\d{2,3}-?)?[2-9]\d{6,7}(-\d{1,6})?")
_NAME = lazy(r"[\u3400-\u9fffA-Za-z·. ]{2,30}")
_DAY = lazy(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_SEPARATORS = lazy(r"[|、，,;；\n]+")
_HAN_SPACE = lazy(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
NEITHER = "不是单位表或人员表。人员表须有“姓名、单位”列，单位表须有“名称、类别、层级”列"
EMPTY: dict[str, Any] = {
    "short_names": (),
    "in_charge_of": (),
    "roles": (),
    "stand_in": None,
    "active_until": None,
}
"""what an empty cell means, where it is not an empty text"""

Values = dict[str, Any]


class Sheets(BaseModel):
    """What the sheets say. `units` and `people` hold only the columns that the sheets have."""

    model_config = ConfigDict(frozen=True)

    units: tuple[Values, ...] = ()
    people: tuple[Values, ...] = ()
    mistakes: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    """sheets of other kinds (groups, duty): nothing is read from them"""
    unknown: tuple[str, ...] = ()
    """columns that nothing is read from"""


def role_of(word: str) -> str | None:
    """admin, 管理员 → admin"""
    return word if word in ROLES else ROLE_WORDS.get(word)


def day_of(word: str) -> date | None:
    """2027-01-31, 2027年1月31日 → the day; None for what is no date."""
    found = _DAY.fullmatch(word)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def phone_of(word: str) -> str | None:
    """A mobile number, or a landline with or without its area code; None for anything else."""
    plain = re.sub(r"[\s()（）]", "", word)
    return plain if _PHONE.fullmatch(plain) else None


def plain_name(word: str) -> str:
    """李 明 → 李明: rosters widen two-character names."""
    return _HAN_SPACE.sub("", word.strip())


def is_name(word: str) -> bool:
    """Whether a word can be a person's name."""
    return _NAME.fullmatch(word) is not None


class UnitIndex:
    """Finds a unit by its full name or by a short name that is one unit's only."""

    def __init__(self, units: Iterable[tuple[str, Iterable[str]]]) -> None:
        self._full: dict[str, str] = {}
        self._short: dict[str, set[str]] = {}
        for name, shorts in units:
            self._full[_fold(name)] = name
            for short in shorts:
                self._short.setdefault(_fold(short), set()).add(name)

    def find(self, word: str) -> str | None:
        key = _fold(word)
        if key in self._full:
            return self._full[key]
        owners = self._short.get(key, set())
        return next(iter(owners)) if len(owners) == 1 else None

    def hint(self, word: str) -> str:
        """，是不是“…”？ or whose short name it is, where it is several units'."""
        owners = self._short.get(_fold(word), set())
        if len(owners) > 1:
            return f"：{'、'.join(sorted(owners))}都这样简称，请写全称"
        return nearest(word, self._full.values())


class _Row(NamedTuple):
    sheet: Sheet
    number: int
    cells: dict[str, str]

    def fault(self, key: str, said: str) -> str:
        head = self.sheet.heads[self.sheet.columns.index(key)]
        value = f"“{self.cells[key]}”" if self.cells[key] else ""
        return f"{self.sheet.name} 第{self.number}行 {head}{value}：{said}"


Reader = Callable[[str], Any]
"""Reads a cell that is not empty. Raises ValueError with what would be right."""


def _rows(sheets: Iterable[Sheet]) -> Iterator[_Row]:
    for sheet in sheets:
        for number, cells in sheet.lines:
            filled = [*cells, *[""] * (len(sheet.columns) - len(cells))]
            pairs = zip(sheet.columns, filled, strict=False)
            yield _Row(sheet, number, {key: cell for key, cell in pairs if key})


def _table(rows: Iterable[_Row], readers: Mapping[str, Reader], needed: Sequence[str]) -> _Table:
    table = _Table([], [])
    seen: dict[str, int] = {}
    for row in rows:
        values: Values = {}
        for key, cell in row.cells.items():
            if not cell and key in needed:
                table.mistakes.append(row.fault(key, "不能为空"))
            if key in readers:
                _read_cell(row, key, cell, readers[key], values, table.mistakes)
        name = values.get("name", "")
        if name and name in seen:
            table.mistakes.append(row.fault("name", f"与第{seen[name]}行重复，每个名称只能有一行"))
        seen.setdefault(name, row.number)
        table.rows.append((row, values))
    return table


def _read_cell(row: _Row, key: str, cell: str, read: Reader, values: Values, mistakes: list[str]) -> None:
    if not cell:
        values[key] = EMPTY.get(key, "")
        return
    try:
        values[key] = read(cell)
    except ValueError as error:
        mistakes.append(row.fault(key, str(error)))


class _Table(NamedTuple):
    rows: list[tuple[_Row, Values]]
    mistakes: list[str]


def examine(sheets: Sequence[Sheet], known: Roster) -> Sheets:
    """Read all sheets together: a person may be in a unit that another sheet brings."""
    unit_sheets = [sheet for sheet in sheets if _is_unit_sheet(sheet)]
    staff_sheets = [sheet for sheet in sheets if _is_staff_sheet(sheet)]
    others = tuple(s.name for s in sheets if not _is_unit_sheet(s) and not _is_staff_sheet(s))
    units = _table(_rows(unit_sheets), _unit_readers(), ("name", "kind", "level"))
    named = {values["name"]: values.get("short_names", ()) for _, values in units.rows if "name" in values}
    index = UnitIndex({**{unit.name: unit.short_names for unit in known.units}, **named}.items())
    people = _table(_rows(staff_sheets), _person_readers(index), ("name", "unit"))
    mistakes = [*units.mistakes, *people.mistakes, *_check_stand_ins(people, known)]
    if others and not unit_sheets and not staff_sheets:
        mistakes.append(f"{'、'.join(others)}：{NEITHER}")
    return Sheets(
        units=tuple(values for _, values in units.rows),
        people=tuple(values for _, values in people.rows),
        mistakes=tuple(mistakes),
        skipped=others,
        unknown=tuple(dict.fromkeys(head for s in (*unit_sheets, *staff_sheets) for head in s.unknown)),
    )


def _is_unit_sheet(sheet: Sheet) -> bool:
    return {"name", "kind", "level"} <= set(sheet.columns) and "unit" not in sheet.columns


def _is_staff_sheet(sheet: Sheet) -> bool:
    return {"name", "unit"} <= set(sheet.columns) and "level" not in sheet.columns


def _check_stand_ins(people: _Table, known: Roster) -> Iterator[str]:
    names = {values.get("name", "") for _, values in people.rows} | set(known.by_name)
    for row, values in people.rows:
        stand_in = values.get("stand_in")
        if stand_in and stand_in == values.get("name"):
            yield row.fault("stand_in", "不能是本人")
        elif stand_in and stand_in not in names:
            yield row.fault("stand_in", f"人员中没有这个人{nearest(stand_in, names)}")


def _unit_readers() -> dict[str, Reader]:
    return {
        "name": lambda cell: _within(cell, 60),
        "short_names": _parts,
        "kind": lambda cell: _word_of(cell, KINDS),
        "level": lambda cell: _word_of(cell, LEVELS),
    }


def _person_readers(index: UnitIndex) -> dict[str, Reader]:
    return {
        "name": _name,
        "unit": lambda cell: _unit(cell, index),
        "post": lambda cell: _within(cell, 40),
        "stand_in": plain_name,
        "in_charge_of": lambda cell: tuple(_unit(part, index) for part in _parts(cell)),
        "phone": _phone,
        "roles": lambda cell: tuple(dict.fromkeys(_role(part) for part in _parts(cell))),
        "active_until": _day,
    }


def _within(cell: str, length: int) -> str:
    if len(cell) > length:
        raise ValueError(f"最多 {length} 个字")
    return cell


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _SEPARATORS.split(cell) if part.strip())


def _word_of(cell: str, words: Mapping[str, str]) -> str:
    for key, word in words.items():
        if cell in (key, word):
            return key
    raise ValueError(f"可填 {'、'.join(f'{key}（{word}）' for key, word in words.items())}")


def _name(cell: str) -> str:
    name = plain_name(cell)
    if not is_name(name):
        raise ValueError("姓名应为 2 到 30 个汉字或字母")
    return name


def _unit(cell: str, index: UnitIndex) -> str:
    found = index.find(cell)
    if found is None:
        raise ValueError(f"没有单位“{cell}”{index.hint(cell)}")
    return found


def _phone(cell: str) -> str:
    found = phone_of(cell)
    if found is None:
        raise ValueError("电话应为 11 位手机号，或带区号的座机如 0871-12345678")
    return found


def _role(part: str) -> str:
    found = role_of(part)
    if found is None:
        known = "、".join(f"{role}（{ROLE_NAMES[role]}）" for role in ROLES)
        raise ValueError(f"没有角色“{part}”，可填 {known}")
    return found


def _day(cell: str) -> date:
    found = day_of(cell)
    if found is None:
        raise ValueError("日期应如 2027-01-31")
    return found


def _fold(word: str) -> str:
    return "".join(unicodedata.normalize("NFKC", word).split())


def nearest(word: str, choices: Iterable[str]) -> str:
    """，是不是“…”？ for the closest of the choices, if one is close."""
    from rapidfuzz import fuzz, process  # here: a start compares nothing

    best = process.extractOne(word, [one for one in choices if one], scorer=fuzz.ratio, score_cutoff=50)
    return f"，是不是“{best[0]}”？" if best else ""
