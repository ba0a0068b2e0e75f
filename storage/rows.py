"""Rows that are written at once and go on to be worked with."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import make_transient_to_detached, object_session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key
from sqlmodel import Session, SQLModel

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


@cache
def _update(table: type[SQLModel]) -> Any:
    return update(table).where(table.__table__.c.id == bindparam("of_row"))  # type: ignore[attr-defined]


@cache
def _insert(table: type[SQLModel]) -> tuple[tuple[str, ...], Any]:
    """The columns that are given, and the statement; once for each table."""
    columns = table.__table__.c  # type: ignore[attr-defined]
    return tuple(one.key for one in columns if one.key != "id"), insert(table).returning(columns.id)
