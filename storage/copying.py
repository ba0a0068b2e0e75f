"""Writing many rows at once, as each of the two databases takes them fastest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import JSON, Column, Connection, MetaData, Table, insert


def to_sqlite(connection: Connection, table: Table, rows: Sequence[Any]) -> None:
    """Rows that were read from the same table of another database."""
    copy = table.to_metadata(MetaData())
    for column in copy.columns:
        if isinstance(column.type, JSON) and column.nullable:  # else nothing would be the word null
            column.type = JSON(none_as_null=True)
    connection.execute(insert(copy), [dict(row._mapping) for row in rows])


def to_postgresql(connection: Connection, table: Table, rows: Sequence[Any]) -> None:
    """The same by COPY: it is sent in one go."""
    columns = list(table.columns)
    copied = (tuple(map(_written, columns, row)) for row in rows)
    copy(connection, table.name, [column.name for column in columns], copied)


def copy(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Rows by COPY; JSON is text already. Errors are those of the driver itself."""
    names = ", ".join(f'"{name}"' for name in columns)
    cursor: Any = connection.connection.cursor()
    with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copying:
        for row in rows:
            copying.write_row(row)


def _written(column: Column[Any], value: Any) -> Any:
    if not isinstance(column.type, JSON) or (value is None and column.nullable):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
