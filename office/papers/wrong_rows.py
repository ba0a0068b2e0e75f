"""Rows of a ledger that could not be taken over, given back to be corrected and sent again (V1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from office.papers.ledger import LedgerColumn, Sheet, write_xlsx
from office.supervision.task_columns import FAULT, NAMES, PLACE
from office.supervision.task_sheets import WrongRow

_WIDTHS: Final = {"number": 8, "field": 12, "title": 36, "requirements": 30, "units": 22, "remark": 20}


def wrong_rows_xlsx(rows: Sequence[WrongRow], *, written_at: datetime) -> bytes:
    """The rows under the usual columns, what is wrong in front, the wrong cells coloured."""
    keys = [key for key in NAMES if any(row.said.get(key) for row in rows) or key in _ALWAYS]
    columns = (
        LedgerColumn(title=FAULT, width=46),
        LedgerColumn(title=PLACE, width=16),
        *(LedgerColumn(title=NAMES[key], width=_WIDTHS.get(key, 16)) for key in keys),
    )
    cells = tuple(
        ("\n".join(row.lines), row.place, *(row.said.get(key) or None for key in keys)) for row in rows
    )
    marked = {
        (number, 2 + keys.index(key))
        for number, row in enumerate(rows)
        for key, _ in row.faults
        if key in keys
    }
    sheet = Sheet(name="待更正", columns=columns, rows=cells, marked=frozenset(marked))
    return write_xlsx([sheet], written_at=written_at)


_ALWAYS: Final = ("title", "section", "due")
