"""A spreadsheet somebody sent: .xlsx or .csv as rows of plain text under known columns."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from rules.harmless import harmless
from rules.patterns import lazy

if TYPE_CHECKING:  # openpyxl takes long to import: who opens a workbook waits for it, not the start
    from openpyxl.worksheet.worksheet import Worksheet

SIZE_LIMIT = 2 * 1024 * 1024
UNPACKED_LIMIT = 40 * 1024 * 1024
ROW_LIMIT = 3000
COLUMN_LIMIT = 64
REACH_LIMIT = 20_000
"""Lines of a sheet that are looked at, blank ones included."""
HEADER_WITHIN = 10
"""Titles and notes may stand over the header line: it is looked for in this many lines."""

_REMARK = lazy(r"[（(].*?[）)]")
_FORMULA = lazy(rb"<(?:\w+:)?f[ >/]")

Line = tuple[int, tuple[str, ...]]
"""Number of a line in the file, from 1, and its cells."""


class Unreadable(Exception):
    """A file that cannot be read; says which and why, in Chinese."""


class Sheet(BaseModel):
    """The rows under one header. `columns` are known keys, "" where a column is not known."""

    model_config = ConfigDict(frozen=True)

    name: str
    title: str = ""
    """of the sheet itself, where the file has names for its sheets"""
    columns: tuple[str, ...]
    heads: tuple[str, ...]
    """the columns as the file names them"""
    lines: tuple[Line, ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        """Columns of the file that nothing is read from."""
        pairs = zip(self.heads, self.columns, strict=True)
        return tuple(head for head, key in pairs if head and not key)


class SheetRow(NamedTuple):
    """A line of a sheet, whose cells are found by the keys of its columns."""

    sheet: Sheet
    number: int
    """of the line in the file, from 1"""
    cells: tuple[str, ...]

    def cell(self, key: str) -> str:
        """What stands in a column; empty where there is none."""
        if key not in self.sheet.columns:
            return ""
        place = self.sheet.columns.index(key)
        return self.cells[place].strip() if place < len(self.cells) else ""

    def fault(self, key: str, said: str, *, without: str = "") -> str:
        """Where something is wrong, and what; `without`: the column's name where the sheet has none."""
        known = key in self.sheet.columns
        head = self.sheet.heads[self.sheet.columns.index(key)] if known else without
        value = f"“{self.cell(key)}”" if self.cell(key) else ""
        return f"{self.sheet.name} 第{self.number}行 {head}{value}：{said}"


NAMES = "姓名", "单位"


def read(
    name: str,
    content: bytes,
    heads: Mapping[str, str],
    *,
    needed: Collection[str] = ("name", "date"),
    named: Collection[str] = NAMES,
) -> list[Sheet]:
    """The sheets of a file that have a header line; `heads` gives the key of each column name.

    A header line has one of the `needed` keys and another one; `named` are columns it is asked for with.
    Raises Unreadable for what is no such file, is too big, or has no header line anywhere.
    """
    if len(content) > SIZE_LIMIT:
        raise Unreadable(f"{name}：文件超过 {SIZE_LIMIT // 1024 // 1024} MB，请分成几份")
    suffix = PurePath(name).suffix.lower()
    if suffix == ".csv":
        grids: Iterable[tuple[str, str, list[Line]]] = [(name, "", _csv_lines(name, content))]
    elif suffix == ".xlsx":
        grids = _workbook(name, content)
    else:
        raise Unreadable(f"{name}：只收 .xlsx 和 .csv，旧的 .xls 请另存为 .xlsx")
    found = [sheet for grid in grids if (sheet := _under_header(*grid, heads, needed))]
    if not found:
        asked = "".join(f"“{column}”" for column in named)
        raise Unreadable(f"{name}：前 {HEADER_WITHIN} 行里没有认得出的表头，须有{asked}等列")
    return found


def _under_header(
    name: str, title: str, lines: list[Line], heads: Mapping[str, str], needed: Collection[str]
) -> Sheet | None:
    for place, (_, cells) in enumerate(lines[:HEADER_WITHIN]):
        columns = tuple(heads.get(_head(cell), "") for cell in cells)
        if set(needed) & set(columns) and sum(map(bool, columns)) > 1:
            below = tuple(lines[place + 1 :])
            return Sheet(name=name, title=title, columns=columns, heads=cells, lines=below)
    return None


def _head(cell: str) -> str:
    """The name of a column: without blanks, a mark of what must be filled in, a remark in brackets."""
    return _REMARK.sub("", "".join(cell.split())).strip("*＊").lower() or "".join(cell.split()).lower()


# --- .csv -------------------------------------------------------------------------------------------


def _csv_lines(name: str, content: bytes) -> list[Line]:
    text = _decoded(name, content)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    lines: list[Line] = []
    try:
        for cells in reader:
            _add(lines, name, reader.line_num, cells)
    except csv.Error as error:
        raise Unreadable(f"{name} 第{reader.line_num}行：不是有效的 CSV（{error}）") from None
    return lines


def _decoded(name: str, content: bytes) -> str:
    """UTF-8 with or without a mark at its start, UTF-16 with one, else GB18030 (what Excel saves here)."""
    encodings = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable(f"{name}：文字编码认不出，请存为 UTF-8 的 CSV 或 .xlsx")


def _add(lines: list[Line], name: str, number: int, cells: Iterable[str]) -> None:
    """Add a line unless it is blank."""
    row = tuple(harmless(cell).strip() for cell in cells)
    if not any(row):
        return
    if len(lines) >= ROW_LIMIT:
        raise Unreadable(f"{name}：超过 {ROW_LIMIT} 行，请分成几份")
    if len(row) > COLUMN_LIMIT:
        raise Unreadable(f"{name} 第{number}行：超过 {COLUMN_LIMIT} 列")
    lines.append((number, row))


# --- .xlsx ------------------------------------------------------------------------------------------


def _workbook(name: str, content: bytes) -> Iterator[tuple[str, str, list[Line]]]:
    from openpyxl import load_workbook

    has_formulas = _check_archive(name, content)
    try:
        values = load_workbook(io.BytesIO(content), data_only=True)
        written = load_workbook(io.BytesIO(content)) if has_formulas else values
    except Exception:  # a damaged workbook fails wherever its fault is: in the archive, the XML, a style
        raise Unreadable(f"{name}：不是有效的 .xlsx") from None
    for sheet in values.worksheets:
        title = name if len(values.worksheets) == 1 else f"{name}·{sheet.title}"
        yield title, sheet.title, _sheet_lines(title, sheet, written[sheet.title])


def _check_archive(name: str, content: bytes) -> bool:
    """Whether a cell holds a formula. Unreadable for what is no workbook or unpacks too big."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > UNPACKED_LIMIT:
                raise Unreadable(f"{name}：内容过大，请只留要导入的行和列")
            pages = [one for one in entries if one.filename.startswith("xl/worksheets/")]
            return any(_FORMULA.search(archive.read(one)) for one in pages)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError):
        raise Unreadable(f"{name}：不是有效的 .xlsx（设了打开密码的请先取消密码）") from None


def _sheet_lines(name: str, sheet: Worksheet, written: Worksheet) -> list[Line]:
    from openpyxl.utils import get_column_letter

    if sheet.max_row > REACH_LIMIT:
        raise Unreadable(f"{name}：表格延伸到第 {sheet.max_row} 行，请删去末尾的空行")
    merged = _merged(sheet)
    width = min(sheet.max_column, COLUMN_LIMIT)
    lines: list[Line] = []
    for number, row in enumerate(sheet.iter_rows(max_col=width, values_only=True), start=1):
        cells = []
        for column, own in enumerate(row, start=1):
            place = merged.get((number, column), (number, column))
            value = sheet.cell(*place).value if place != (number, column) else own
            if value is None and _is_formula(written.cell(*place).value):
                at = f"{get_column_letter(column)}{number}"
                raise Unreadable(f"{name} {at}：公式还没有算出结果，请复制后“粘贴为数值”再存")
            cells.append(_as_text(value))
        _add(lines, name, number, cells)
    return lines


def _merged(sheet: Worksheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Each cell of a range merged downwards → where its value stands; merged sideways it counts once."""
    places = {}
    for area in sheet.merged_cells.ranges:
        for row in range(area.min_row + 1, min(area.max_row, ROW_LIMIT) + 1):
            places[row, area.min_col] = (area.min_row, area.min_col)
    return places


def _is_formula(value: object) -> bool:
    from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

    if isinstance(value, ArrayFormula | DataTableFormula):
        return True
    return isinstance(value, str) and value.startswith("=")


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value).strip()
