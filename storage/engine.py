"""Opening the database: SQLite (WAL) by default, PostgreSQL by its URL."""

from __future__ import annotations

import fcntl
import json
from pathlib import Path
from typing import IO, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlmodel import Session, SQLModel

DRIVER = "postgresql+psycopg"
ANSWER_WITHIN = 60.0
"""seconds that PostgreSQL may take to answer before its machine is taken to be gone"""
STANDS_STILL = 10.0
"""seconds after which PostgreSQL ends a transaction that nothing is done in: its program stands still"""
_LOST = {"40001", "40P01", "55P03"}
"""SQLSTATE of transactions that lost against another and may simply be done again"""
_AWAY = ("08", "53", "57P", "25P03")
"""how the SQLSTATE begins when PostgreSQL ended the connection, stops or is only starting, or lacks room"""


def open_engine(
    url: str, *, answer_within: float | None = ANSWER_WITHIN, stands_still: float = STANDS_STILL
) -> Engine:
    """An engine for `url`; SQLite gets WAL, FULL synchronisation, foreign keys and a busy timeout.

    Every SQLite transaction begins IMMEDIATE: there is one writer, and a transaction that first reads
    and then writes must not find that another wrote in between. A connection with the execution option
    `read_only` only reads, and waits for nobody. Errors never carry the values of a statement.
    """
    dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    found = with_driver(url)
    options: dict[str, Any] = {"json_serializer": dumps, "hide_parameters": True}
    if found.get_backend_name() != "sqlite":
        from storage import postgresql as server  # the driver is not there for nothing

        return server.open_engine(found, answer_within=answer_within, stands_still=stands_still, **options)
    engine = create_engine(found, connect_args={"timeout": 15}, **options)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def with_driver(url: str) -> URL:
    """The address with the driver that we bring along: postgresql://… and postgres://… name none."""
    if url.startswith("postgres://"):
        url = "postgresql" + url.removeprefix("postgres")
    found = make_url(url)
    return found.set(drivername=DRIVER) if found.drivername == "postgresql" else found


def reading(engine: Engine) -> Connection:
    """A connection that only reads and waits for nobody; on PostgreSQL it never opens a transaction."""
    return engine.connect().execution_options(read_only=True)


def acting(engine: Engine) -> Engine:
    """The same engine for acts: a transaction begins when no other act is under way, here or elsewhere.

    What an act decides on must not change before it has written. SQLite has one writer at a time anyway.
    """
    return engine.execution_options(acts=True)


def writing_once(engine: Engine) -> Engine:
    """The same engine for what reads and then writes with one statement: PostgreSQL needs no transaction
    for that, which saves two journeys. What writes more says `together` first."""
    return engine.execution_options(writes_once=True)


def together(session: Session) -> None:
    """What follows is one transaction on an engine that writes once, too."""
    if not is_embedded(session):
        session.connection().exec_driver_sql("BEGIN")


def is_embedded(session: Session) -> bool:
    """Whether the database is SQLite, which has one writer and one program anyway."""
    return session.get_bind().dialect.name == "sqlite"


def insert_into(table: type[SQLModel], session: Session) -> Any:
    """An insert that can say what is done where the row is there already: `on_conflict_do_…`."""
    return insert_for(table, is_embedded(session))


def insert_for(table: type[SQLModel], embedded: bool) -> Any:
    """The same, to be built once for each kind of database."""
    return (sqlite if embedded else postgresql).insert(table)


def is_passing(error: DBAPIError) -> bool:
    """Whether a database error may be gone when the transaction is simply tried again."""
    state = getattr(error.orig, "sqlstate", None)
    if state is None or error.connection_invalidated:  # SQLite, or a server that was not reached
        return isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated
    return state in _LOST or state.startswith(_AWAY)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Any) -> None:
    reads = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


class InUse(Exception):
    """Another program works on this SQLite database."""


def claim(url: str) -> IO[bytes]:
    """Make this process the only program on a SQLite database until the file is closed or the process ends.

    Commands that only import or copy need no claim. Raises InUse.
    """
    database = Path(make_url(url).database or "duban.db")
    database.parent.mkdir(parents=True, exist_ok=True)
    file = database.with_name(database.name + ".lock").open("wb")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise InUse from None
    return file
