"""Rows that are written at once: one that goes on to be worked with, or many."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    JSON,
    ColumnElement,
    Text,
    any_,
    bindparam,
    cast,
    column,
    func,
    insert,
    literal,
    literal_column,
    select,
    update,
)
from sqlalchemy.orm import make_transient_to_detached, object_session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key
from sqlmodel import Session, SQLModel

from storage.engine import is_embedded
from storage.types import in_utc

Row = TypeVar("Row", bound=SQLModel)


def keep(row: Row, *, session: Session) -> Row:
    """Insert a new row now and give it its id; from then on the session knows it as one that it loaded.

    The same as to add and to flush it, in half the time: nothing has to be put in order with other rows.
    """
    session.flush()  # what it refers to
    names, statement = _insert(type(row))
    values = {name: getattr(row, name) for name in names}
    row.id = session.connection().execute(statement, values).scalar_one()
    make_transient_to_detached(row)
    if stale := session.identity_map.get(identity_key(instance=row)):
        session.expunge(stale)  # of a row that was taken back with a savepoint
    session.add(row)
    return row


def change(row: SQLModel, values: dict[str, Any]) -> None:
    """Write these columns of a row now; its session takes them as loaded."""
    session = object_session(row)
    assert session is not None
    session.connection().execute(_update(type(row)), values | {"of_row": row.id})  # type: ignore[attr-defined]
    for name, value in values.items():
        set_committed_value(row, name, value)


def keep_all(table: type[SQLModel], rows: Sequence[dict[str, Any]], *, session: Session) -> None:
    """Insert rows that have the same columns, every one that has no default in the table among them."""
    if rows:
        session.connection().execute(*_many(table, rows, session))


def numbered(table: type[SQLModel], rows: Sequence[dict[str, Any]], *, session: Session) -> list[int]:
    """The same; the ids that they were given, in order."""
    if not rows:
        return []
    statement, values = _many(table, rows, session)
    ids, embedded = table.__table__.c.id, is_embedded(session)  # type: ignore[attr-defined]
    given = statement.returning(ids, sort_by_parameter_order=True) if embedded else statement.returning(ids)
    return sorted(session.connection().execute(given, values).scalars())


def _many(table: type[SQLModel], rows: Sequence[dict[str, Any]], session: Session) -> tuple[Any, Any]:
    """PostgreSQL is sent rows as one value: it and its driver take longer for thousands of them."""
    if is_embedded(session):
        return insert(table), rows
    return _from_json(table, tuple(rows[0])), {"rows": _written(rows)}


def among(column: Any, values: Collection[Any], *, session: Session) -> ColumnElement[bool]:
    """The condition that a column has one of these values; PostgreSQL is sent them as one."""
    if is_embedded(session):
        return column.in_(values)  # type: ignore[no-any-return]
    return column == any_(literal(list(values), ARRAY(column.type)))  # type: ignore[no-any-return]


def among_given(column: Any, name: str, *, embedded: bool) -> ColumnElement[bool]:
    """The same in a statement that is built once: the list of values is given under a name."""
    if embedded:
        return column.in_(bindparam(name, expanding=True))  # type: ignore[no-any-return]
    return column == any_(bindparam(name, type_=ARRAY(column.type)))  # type: ignore[no-any-return]


@cache
def _from_json(table: type[SQLModel], names: tuple[str, ...]) -> Any:
    of_table: Any = literal_column(f"CAST(NULL AS {table.__tablename__})")
    given = func.json_populate_recordset(of_table, cast(bindparam("rows", type_=Text), JSON))
    columns: list[Any] = [column(one) for one in names]
    return insert(table).from_select(names, select(*columns).select_from(given.table_valued(*columns)))


def _instant(value: datetime) -> str:
    return in_utc(value).isoformat()


_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_instant).encode


@cache
def _update(table: type[SQLModel]) -> Any:
    return update(table).where(table.__table__.c.id == bindparam("of_row"))  # type: ignore[attr-defined]


@cache
def _insert(table: type[SQLModel]) -> tuple[tuple[str, ...], Any]:
    """The columns that are given, and the statement; once for each table."""
    columns = table.__table__.c  # type: ignore[attr-defined]
    return tuple(one.key for one in columns if one.key != "id"), insert(table).returning(columns.id)
