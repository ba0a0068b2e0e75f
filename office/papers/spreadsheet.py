"""The one way to make an .xlsx ledger 台账: sheets of typed columns, ready to filter, sort and print.

Text stays text. A cell is written as a string whatever it begins with, so Excel never computes it; and
because a ledger is often saved as CSV, where that is forgotten, a text that would begin a formula there
(= + - @, also in full width, also behind blanks) gets an apostrophe in front, the mark people type
themselves for "this is text". It is part of the value, so it survives saving, CSV and all.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from math import ceil, isfinite
from typing import Final
from unicodedata import east_asian_width, normalize

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooter, HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.functions import tostring

from office.papers.ledger import LedgerColumn, Sheet, Value
from office.papers.package import printable, sealed
from rules.patterns import lazy

TEXT_LIMIT: Final = 32_767
"""UTF-16 units an Excel cell takes."""
NAME_LIMIT: Final = 31
"""UTF-16 units the name of a sheet takes."""
_MARK: Final = PatternFill("solid", fgColor="FFFFD9D9")
_LINE: Final = 15
"""points of a line of 11 point type"""
_HIGHEST: Final = 409
"""points: what a row may have"""
_PAPERS: Final = {"A3": 8, "A4": 9}
_CUT: Final = "……（以下略）"
_FORMATS: Final = {
    "text": "@",
    "int": "0",
    "number": "0.##",
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm",
    "percent": "0.0%",
}
# bool is an int and datetime a date to isinstance: the exact type is asked for.
_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "text": (str,),
    "int": (int,),
    "number": (int, float),
    "date": (date,),
    "datetime": (datetime,),
    "percent": (int, float),
}
# Excel's calendar is sound from here on; before it lies its 29 February 1900.
_FIRST_DAY: Final = date(1900, 3, 1)
_EXACT_INTEGER: Final = 10**15
_ESCAPE_LIKE = lazy("_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_NAME = lazy(r"[\[\]:*?/\\\n\t]")


def write_xlsx(sheets: Sequence[Sheet], *, written_at: datetime) -> bytes:
    """As office/papers/ledger.py says."""
    if not sheets:
        raise ValueError("a ledger needs at least one sheet")
    workbook = Workbook()
    workbook.remove(workbook["Sheet"])
    styles = _add_styles(workbook)
    for name, sheet in zip(sheet_names(sheet.name for sheet in sheets), sheets, strict=True):
        _write_sheet(workbook.create_sheet(name), sheet, styles)
    file = io.BytesIO()
    workbook.save(file)
    return sealed(file.getvalue(), {"docProps/core.xml": _properties(written_at)})


def safe_text(text: str) -> str:
    """`text` as a cell takes it: printable, no formula in Excel or CSV, no longer than a cell."""
    clean = printable(text)
    begins = normalize("NFKC", clean.lstrip()[:1])
    guarded = f"'{clean}" if begins in {"=", "+", "-", "@"} or clean[:1] in {"\t", "\n"} else clean
    escaped = _ESCAPE_LIKE.sub("_x005F_", guarded)
    return escaped if _units(escaped) <= TEXT_LIMIT else _cut(escaped, TEXT_LIMIT - _units(_CUT)) + _CUT


def sheet_names(names: Iterable[str]) -> list[str]:
    """The names as Excel takes them: without []:*?/\\, short, none empty, none twice in any case."""
    taken: set[str] = {"history"}  # Excel keeps this one for itself
    result: list[str] = []
    for wanted in names:
        plain = _NOT_IN_NAME.sub(" ", printable(wanted)).strip(" '") or "台账"
        name, count = _cut(plain, NAME_LIMIT).rstrip(" '"), 1
        while name.casefold() in taken:
            count += 1
            mark = f"（{count}）"
            name = _cut(plain, NAME_LIMIT - _units(mark)) + mark
        taken.add(name.casefold())
        result.append(name)
    return result


def _write_sheet(worksheet: Worksheet, sheet: Sheet, styles: dict[str, str]) -> None:
    for number, column in enumerate(sheet.columns, 1):
        _put(worksheet, 1, number, safe_text(column.title), styles["head"])
        worksheet.column_dimensions[get_column_letter(number)].width = column.width
        worksheet.column_dimensions[get_column_letter(number)].hidden = column.hidden
    for line, row in enumerate(sheet.rows, 2):
        if len(row) != len(sheet.columns):
            raise ValueError(
                f"{sheet.name}: row {line} has {len(row)} values for {len(sheet.columns)} columns"
            )
        for number, (column, value) in enumerate(zip(sheet.columns, row, strict=True), 1):
            _put(worksheet, line, number, _fitting(column, value), styles[column.kind])
            if (line - 2, number - 1) in sheet.marked:
                worksheet.cell(line, number).fill = _MARK
        worksheet.row_dimensions[line].height = _height(sheet.columns, row)
    worksheet.freeze_panes = "A2"
    worksheet.auto_filter.ref = worksheet.dimensions
    _set_up_print(worksheet, sheet.paper)


def _height(columns: Sequence[LedgerColumn], row: Sequence[Value]) -> float:
    """Points for the tallest cell of wrapped text; programs differ in working it out themselves."""
    lines = [
        sum(max(1, ceil(_width(line) / column.width)) for line in value.split("\n"))
        for column, value in zip(columns, row, strict=True)
        if isinstance(value, str)
    ]
    return min(_HIGHEST, _LINE * max(lines, default=1) + 3)


def _width(text: str) -> float:
    """In a column's measure, the width of a digit; a Chinese character takes a little over two."""
    return sum(2.2 if east_asian_width(letter) in "WFA" else 1.1 for letter in text)


def _put(worksheet: Worksheet, row: int, column: int, value: Value, style: str) -> None:
    cell = worksheet.cell(row, column)
    assert isinstance(cell, Cell)  # nothing is merged here
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
    cell.style = style


def _fitting(column: LedgerColumn, value: Value) -> Value:
    """The value as its column takes it; what Excel cannot hold as a number or date becomes text."""
    if value is None:
        return "—" if column.kind == "percent" else None
    if type(value) not in _TYPES[column.kind]:
        raise ValueError(f"{column.title}: {type(value).__name__} in a column of {column.kind}")
    if isinstance(value, str):
        return safe_text(value) or None
    if isinstance(value, date):
        return _fitting_date(column, value)
    if not isfinite(value):
        raise ValueError(f"{column.title}: {value} is no number")
    if abs(value) < _EXACT_INTEGER or not isinstance(value, int):
        return value
    return str(value)


def _fitting_date(column: LedgerColumn, value: date) -> Value:
    moment = value if isinstance(value, datetime) else None
    if moment and moment.tzinfo is not None:
        raise ValueError(f"{column.title}: a time with a zone; ledgers show the office's wall clock")
    if (moment.date() if moment else value) >= _FIRST_DAY:
        return value
    return moment.isoformat(" ", "minutes") if moment else value.isoformat()


def _add_styles(workbook: Workbook) -> dict[str, str]:
    """One named style per kind of column and one for the header; kind → name of its style."""
    thin = Side(style="thin", color="FFA6A6A6")
    edges = Border(left=thin, right=thin, top=thin, bottom=thin)
    head = NamedStyle(
        "表头",
        font=Font(name="黑体", size=11),
        fill=PatternFill("solid", fgColor="FFE7EBF0"),
        border=edges,
        alignment=Alignment(horizontal="center", vertical="center", wrap_text=True),
        number_format="@",
    )
    workbook.add_named_style(head)
    for kind, number_format in _FORMATS.items():
        across = "left" if kind == "text" else "right" if kind in ("int", "number", "percent") else "center"
        style = NamedStyle(
            f"台账{kind}",
            font=Font(name="宋体", size=11),
            border=edges,
            alignment=Alignment(horizontal=across, vertical="center", wrap_text=kind == "text"),
            number_format=number_format,
        )
        workbook.add_named_style(style)
    return {"head": "表头", **{kind: f"台账{kind}" for kind in _FORMATS}}


def _set_up_print(worksheet: Worksheet, paper: str) -> None:
    """Across the paper, as wide as one page, the header on every page, name and page numbers around it."""
    setup = worksheet.page_setup
    setup.paperSize, setup.orientation = _PAPERS[paper], "landscape"
    setup.fitToWidth, setup.fitToHeight = 1, 0
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    worksheet.print_title_rows = "1:1"
    worksheet.HeaderFooter = HeaderFooter(
        oddHeader=HeaderFooterItem(center=_HeaderFooterPart(text=worksheet.title.replace("&", "&&"))),
        oddFooter=HeaderFooterItem(center=_HeaderFooterPart(text="第 &P 页，共 &N 页")),
    )


def _properties(written_at: datetime) -> str | bytes:
    instant = written_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    properties = DocumentProperties(creator="", created=instant, modified=instant)
    return tostring(properties.to_tree())


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _cut(text: str, units: int) -> str:
    """The first so many UTF-16 units, without half a character at the end."""
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")
