"""A ledger 台账 before it is written: sheets of typed columns, ready to filter, sort and print.

How it becomes an .xlsx is office/papers/spreadsheet.py, which is imported by who writes one: openpyxl takes
long to import, and the program's start would wait for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

Kind = Literal["text", "int", "number", "date", "datetime", "percent"]
Value = str | int | float | date | datetime | None


class LedgerColumn(BaseModel):
    """A column: its Chinese title, what its cells are, its width in characters (half a Chinese one each).

    An empty `percent` is written as — (its denominator was zero).
    """

    model_config = ConfigDict(frozen=True)

    title: str
    kind: Kind = "text"
    width: float = 12
    hidden: bool = False
    """a key that is sent back with the row and that nobody needs to see"""


class Sheet(BaseModel):
    """A sheet; each row has one value per column, None for an empty cell.

    Dates and times are naive and in the office's zone, percentages fractions of one.
    """

    model_config = ConfigDict(frozen=True, strict=True)

    name: str
    columns: tuple[LedgerColumn, ...]
    rows: tuple[tuple[Value, ...], ...] = ()
    marked: frozenset[tuple[int, int]] = frozenset()
    """cells that are to be looked at, by row and column from 0: they are coloured"""
    paper: Literal["A4", "A3"] = "A4"
    """what it is printed on, across; A3 for many columns"""


def write_xlsx(sheets: Sequence[Sheet], *, written_at: datetime) -> bytes:
    """The sheets as an .xlsx file; equal sheets give equal bytes.

    `written_at` is the (aware) instant the file's properties show. ValueError: no sheet, a row that does
    not fit its columns, a time with a zone.
    """
    from office.papers import spreadsheet

    return spreadsheet.write_xlsx(sheets, written_at=written_at)
