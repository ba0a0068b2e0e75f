"""The first sheet of an .xlsx as rows of text; the short cells of every sheet, for marks."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from openpyxl import load_workbook

from office.incoming.page import Fault, Page, of_lines, short_of

ROWS, COLUMNS = 400, 30


def first_page(content: bytes) -> Page:
    """Fault where it is damaged."""
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = [_rows(sheet) for sheet in book.worksheets]
    except Exception:  # a damaged workbook fails wherever its fault is: in the archive, the XML, a style
        raise Fault("file_damaged") from None
    rows = sheets[0] if sheets else []
    page = of_lines("xlsx", ["\t".join(row).strip() for row in rows])
    page.rows = rows
    page.short += short_of(cell for sheet in sheets for row in sheet for cell in row)
    return page


def _rows(sheet: Any) -> list[list[str]]:
    sheet.reset_dimensions()  # what a file says of its own size need not be so
    rows = []
    for row in sheet.iter_rows(max_row=ROWS, max_col=COLUMNS, values_only=True):
        cells = [_said(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            rows.append(cells)
    return rows


def _said(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())
