"""Opening the database: SQLite (WAL) by default, PostgreSQL by its URL."""

from __future__ import annotations

import fcntl
import json
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url


def open_engine(url: str) -> Engine:
    """An engine for `url`; SQLite gets WAL, FULL synchronisation, foreign keys and a busy timeout.

    Every SQLite transaction begins IMMEDIATE: there is one writer, and a transaction that first reads
    and then writes must not find that another wrote in between. A connection with the execution option
    `read_only` only reads, and waits for nobody. Errors never carry the values of a statement.
    """
    dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, json_serializer=dumps, pool_pre_ping=True, hide_parameters=True)
    engine = create_engine(url, json_serializer=dumps, connect_args={"timeout": 15}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


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
