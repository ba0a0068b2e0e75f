"""Writing many rows at once, as each of the two databases takes them fastest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from io import StringIO
from typing import Any

from sqlalchemy import JSON, Column, Connection, MetaData, Table, insert

_ESCAPED = str.maketrans({"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"})


def to_sqlite(connection: Connection, table: Table, rows: Sequence[Any]) -> None:
    """Rows that were read from the same table of another database."""
    copy = table.to_metadata(MetaData())
    for column in copy.columns:
        if isinstance(column.type, JSON) and column.nullable:  # else nothing would be the word null
            column.type = JSON(none_as_null=True)
    connection.execute(insert(copy), [dict(row._mapping) for row in rows])


def to_postgresql(connection: Connection, table: Table, rows: Sequence[Any]) -> None:
    """The same by COPY: with its parameters one by one this driver takes thirty times as long."""
    columns = list(table.columns)
    lines = ("\t".join(map(_written, columns, row)) + "\n" for row in rows)
    copy(connection, table.name, [column.name for column in columns], "".join(lines))


def copy(connection: Connection, table: str, columns: Sequence[str], lines: str) -> None:
    """Lines in the text format of COPY. Errors are those of the driver itself."""
    names = ", ".join(f'"{name}"' for name in columns)
    cursor: Any = connection.connection.cursor()
    cursor.execute(f'COPY "{table}" ({names}) FROM STDIN', stream=StringIO(lines))


def escaped(text: str) -> str:
    """A text in the text format of COPY."""
    return text.translate(_ESCAPED)


def _written(column: Column[Any], value: Any) -> str:
    if value is None and (column.nullable or not isinstance(column.type, JSON)):
        return r"\N"
    if isinstance(column.type, JSON):
        return escaped(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    if isinstance(value, bytes):
        return r"\\x" + value.hex()
    return value.isoformat() if isinstance(value, date) else escaped(str(value))
