"""What the sheets of a ledger of tasks say (V1): rows to be entered, or what is wrong by row and column.

Columns are known by their Chinese names in any order. Cells merged downwards count for every row; a field
also stands as the name of a sheet, or as a line of its own between the rows (一、农业农村领域).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from office.roster_sheets import UnitIndex, day_of, nearest, plain_name
from office.sheets import Sheet
from office.supervision.task_columns import LENGTHS, NAMES, RHYTHMS
from rules.patterns import lazy
from rules.roster import Person, Roster
from rules.when import read_limit
from rules.working_time import Calendar

_BETWEEN = lazy(r"[、，,;；\n/]+|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_HEADING = lazy(r"(?:[（(]?[一二三四五六七八九十]{1,3}[）)、.．])\s*(.+)")
_COUNTED = lazy(r"(?:领域|方面|类)?\s*(?:[（(][^（()）]*[）)])?$")
_TOTAL = lazy(r"[合总小]\s*计[:：]?\s*\d*\s*[条项]?")
_NO_FIELD = lazy(r"(?:sheet|工作表|表)\s*\d*", re.I)
_NOBODY = lazy(r"(?:各|有关|相关|其他|县直).*(?:单位|部门|机关)$|等$|^(?:无|—|-|/)$")
_TOWNS = lazy(r"各(?:乡镇|乡\(镇\)|镇乡|镇).*")
_NO_DAY = lazy(r"长期|持续|常年|全年|坚持|推进|不限|无")
_SERIAL = lazy(r"[45]\d{4}")
_MONTH = lazy(r"(?:\d{4}年)?\d{1,2}月")


_TASK = ("title", "requirements", "section", "due")
"""a line that has none of these is no task"""


class TaskRow(BaseModel):
    """A row that is right. `due` is an instant; `said` are its cells, by which a later import compares."""

    model_config = ConfigDict(frozen=True)

    place: str
    """农业农村 第14行"""
    number: str = ""
    field: str = ""
    title: str
    requirements: str = ""
    source: str = ""
    section: str
    units: tuple[str, ...] = ()
    handler: str | None = None
    due: datetime
    rhythm: str | None = None
    remark: str = ""
    said: dict[str, str]


class WrongRow(BaseModel):
    """A row that is not: its cells, and what is wrong with which of them."""

    model_config = ConfigDict(frozen=True)

    place: str
    said: dict[str, str]
    faults: tuple[tuple[str, str], ...]
    """key of the column, and what is wrong: 农业农村 第14行 C列 牵头单位：“水利厅”不是…"""

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(line for _, line in self.faults)


class Ledger(BaseModel):
    """What the sheets of a ledger say."""

    model_config = ConfigDict(frozen=True)

    rows: tuple[TaskRow, ...] = ()
    wrong: tuple[WrongRow, ...] = ()
    notes: tuple[str, ...] = ()
    """what was read otherwise than it is written, or left out"""
    unknown: tuple[str, ...] = ()
    """columns that nothing is read from"""


class Wrong(ValueError):
    """A cell that cannot be taken; says what would be right."""


def key_of(said: Mapping[str, str]) -> str:
    """What names a task from one import to the next: its words, whatever the blanks and stops."""
    text = unicodedata.normalize("NFKC", said.get("title") or said.get("requirements", ""))
    return "".join(letter for letter in text if letter.isalnum()).lower()


class Reader:
    """Reads the rows of a ledger by what the office knows: its units, people, calendar and the instant."""

    def __init__(self, roster: Roster, calendar: Calendar, now: datetime) -> None:
        self._roster, self._calendar, self._now = roster, calendar, now
        self._units = UnitIndex((unit.name, unit.short_names) for unit in roster.units)
        self._notes: list[str] = []

    def keys(self, sheets: Sequence[Sheet]) -> list[str]:
        """What names the tasks of the sheets."""
        return [key_of(cells.said) for sheet in sheets for cells in _lines(sheet, several=len(sheets) > 1)]

    def read(self, sheets: Sequence[Sheet], known_due: Mapping[tuple[str, str], datetime]) -> Ledger:
        """All sheets together. `known_due`: limits of tasks entered before, by key and the words of the
        cell: they are not read again, for 6月底 means another year in July."""
        rows: list[TaskRow] = []
        wrong: list[WrongRow] = []
        seen: dict[tuple[str, str], str] = {}
        several = len(sheets) > 1
        for cells in (one for sheet in sheets for one in _lines(sheet, several=several)):
            values, faults = self._row(cells, known_due)
            twin = (key_of(cells.said), str(values.get("section")))
            if twin in seen and not faults:
                faults.append(cells.fault("title", f"与{seen[twin]}重复：任务和牵头单位都一样"))
            seen.setdefault(twin, cells.place)
            if faults:
                wrong.append(WrongRow(place=cells.place, said=cells.said, faults=tuple(faults)))
            else:
                rows.append(TaskRow(place=cells.place, said=cells.said, **values))
        unknown = tuple(dict.fromkeys(head for sheet in sheets for head in sheet.unknown))
        return Ledger(rows=tuple(rows), wrong=tuple(wrong), notes=tuple(self._notes), unknown=unknown)

    def _row(
        self, cells: _Cells, known_due: Mapping[tuple[str, str], datetime]
    ) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        said = cells.said
        values: dict[str, Any] = {"title": said.get("title") or said.get("requirements", "")}
        faults: list[tuple[str, str]] = []
        due = known_due.get((key_of(said), said.get("due", "")))
        readers: dict[str, Callable[[str], Any]] = {
            **{key: _within(key) for key in ("number", "field", "title", "source", "remark")},
            "requirements": _within("requirements"),
            "section": lambda cell: self._lead(cells, cell),
            "units": lambda cell: self._supporting(cells, cell),
            "handler": lambda cell: self._person(cell, values.get("section")),
            "due": lambda cell: due or self._limit(cell),
            "rhythm": _rhythm,
        }
        for key, reader in readers.items():
            cell = said.get(key, "")
            try:
                if cell:
                    values[key] = reader(cell)
                elif key in ("title", "section", "due"):
                    raise Wrong("不能为空")
            except Wrong as error:
                faults.append(cells.fault(key, str(error)))
        if "section" in values:
            values["section"], also = values["section"]
            values["units"] = tuple(dict.fromkeys((*also, *values.get("units", ()))))
        if not said.get("title"):
            values.pop("requirements", None)
        return values, faults

    def _lead(self, cells: _Cells, cell: str) -> tuple[str, tuple[str, ...]]:
        """The unit that leads; where several are named, the first does and the others support."""
        first, *others = (self._unit(part) for part in _parts(cell))
        if others:
            self._notes.append(f"{cells.place} 写了 {1 + len(others)} 个牵头单位：{first}牵头，其余列为配合")
        return first, tuple(others)

    def _supporting(self, cells: _Cells, cell: str) -> tuple[str, ...]:
        found: list[str] = []
        for part in _parts(cell):
            if self._units.find(part):
                found.append(self._unit(part))
            elif _TOWNS.fullmatch(unicodedata.normalize("NFKC", part)):
                found += [unit.name for unit in self._roster.units if unit.kind == "town"]
            elif _NOBODY.search(part):
                self._notes.append(f"{cells.place} 配合单位“{part}”没有指明是哪个，未列入")
            else:
                found.append(self._unit(part))
        return tuple(dict.fromkeys(found))

    def _unit(self, word: str) -> str:
        found = self._units.find(word)
        if found is not None:
            return found
        raise Wrong(f"“{word}”不是本县单位{self._near(word)}")

    def _near(self, word: str) -> str:
        """，是否“县水利局”？ by full and short names."""
        owners = {name: unit.name for unit in self._roster.units for name in (unit.name, *unit.short_names)}
        found = re.search("“(.+)”", nearest(word, owners))
        return f"，是否“{owners[found[1]]}”？" if found else self._units.hint(word)

    def _person(self, cell: str, section: tuple[str, Any] | None) -> str:
        name = plain_name(cell)
        person = self._roster.by_name.get(name)
        if person is not None:
            return person.name
        unit = section[0] if section else ""
        theirs: Sequence[Person] = self._roster.members_of(unit) or self._roster.people
        hint = nearest(name, (one.name for one in theirs)).replace("是不是", "是否")
        if not hint and unit and len(theirs) < 4:
            hint = f"，{unit}已登记的有{'、'.join(one.name for one in theirs)}"
        raise Wrong(f"名单中没有“{name}”{hint or '；也可以留空，由单位联络员承办'}")

    def _limit(self, cell: str) -> datetime:
        day = day_of(cell)
        if _SERIAL.fullmatch(cell):
            day = date(1899, 12, 30) + timedelta(days=int(cell))
            raise Wrong(f"“{cell}”是没有设成日期的日期，是否“{day.isoformat()}”？")
        words = f"{cell}底" if _MONTH.fullmatch(cell) else cell
        found = read_limit(words, self._now, self._calendar)
        if found is None and day is not None:
            raise Wrong(f"“{cell}”已经过去，请写今后的日期")
        if found is None:
            reason = "没有说到哪一天" if _NO_DAY.search(cell) else "读不出时限"
            raise Wrong(f"“{cell}”{reason}，应如 {self._now.year}-12-31、11月底前、三季度末")
        if found.readings:
            days = "或".join(f"{at:%Y-%m-%d}" for at in found.readings)
            raise Wrong(f"“{cell}”可以有两种读法，是 {days}？")
        if found.passed:
            raise Wrong(f"“{cell}”今年已经过去，请写明年份，如 {found.at:%Y-%m-%d}")
        return found.at


class _Cells(NamedTuple):
    """A row's cells by key, and where it stands."""

    place: str
    columns: Mapping[str, str]
    """key → C列 牵头单位"""
    said: dict[str, str]

    def fault(self, key: str, words: str) -> tuple[str, str]:
        column = self.columns.get(key) or f"缺少“{NAMES[key]}”列"
        return key, f"{self.place} {column}：{words}"


def _lines(sheet: Sheet, *, several: bool) -> Iterator[_Cells]:
    """The rows of a sheet that are tasks, each with its field."""
    from openpyxl.utils import get_column_letter  # here: the program's start would wait for it

    columns = {
        key: f"{get_column_letter(place)}列 {''.join(head.split())}"
        for place, (key, head) in reversed(
            list(enumerate(zip(sheet.columns, sheet.heads, strict=True), start=1))
        )
        if key
    }
    has_title = "title" in columns
    field = "" if _NO_FIELD.fullmatch(sheet.title) or not several else _plain_field(sheet.title)
    for number, cells in sheet.lines:
        said = _said(sheet, cells)
        filled = {cell for cell in cells if cell}
        if len(filled) == 1 and (found := _HEADING.fullmatch(next(iter(filled)))):
            field = _plain_field(found[1])
            continue
        if any(map(_TOTAL.fullmatch, cells)) or not any(map(said.get, _TASK)):
            continue
        field = _plain_field(said.get("field", "")) or field
        place = said.get("place") or f"{f'{sheet.title} ' if several else ''}第{number}行"
        said = {key: said.get(key, "") for key in NAMES} | {"field": field}
        if not has_title:
            said |= {"title": said["requirements"], "requirements": ""}
        yield _Cells(place, columns, said)


def _said(sheet: Sheet, cells: Sequence[str]) -> dict[str, str]:
    """The cells by key; of two columns with one meaning the first that says something."""
    said: dict[str, str] = {}
    for key, cell in zip(sheet.columns, cells, strict=False):
        if key and not said.get(key):
            said[key] = cell
    return said


def _plain_field(text: str) -> str:
    """一、农业农村领域（32项） → 农业农村"""
    found = _HEADING.fullmatch(text.strip())
    return _COUNTED.sub("", found[1] if found else text.strip()).strip()


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in _BETWEEN.split(cell) if part.strip()]


def _within(key: str) -> Callable[[str], str]:
    def check(cell: str) -> str:
        if len(cell) > LENGTHS[key]:
            raise Wrong(f"有 {len(cell)} 个字，最多 {LENGTHS[key]} 个")
        return "；".join(part.strip().rstrip("；;") for part in cell.splitlines() if part.strip())

    return check


def _rhythm(cell: str) -> str:
    found = RHYTHMS.get("".join(cell.split()).removesuffix("报送").removesuffix("报告"))
    if found is None:
        raise Wrong(f"“{cell}”不是报送频次，可填 半月、每月、每季度")
    return found
