"""PostgreSQL's driver: how a connection is opened, and how long its answers are waited for.

Imported only where the database is a PostgreSQL.
"""

from __future__ import annotations

from typing import Any, TypeVar

import psycopg
import sqlalchemy
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus
from sqlalchemy import URL, Engine, create_engine, event

T = TypeVar("T")

SESSION = {
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "plan_cache_mode": "force_custom_plan",
    "tcp_keepalives_count": "3",
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "3",
    "tcp_user_timeout": "15s",
    "timezone": "UTC",
}
"""Thus PostgreSQL notices that a program's machine is gone, plans a prepared statement for its values, and
starts no helpers for a question that is answered sooner without them."""
CONNECTING: dict[str, Any] = {
    "application_name": "duban",
    "client_encoding": "utf8",
    "connect_timeout": 10,
    "cursor_factory": psycopg.RawCursor,
    "keepalives_count": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "tcp_user_timeout": 15_000,
}
"""Thus a program notices that PostgreSQL's machine is gone; what the address says goes first. A statement
goes to the server as it is written ($1, $2 …): the driver would look through it for other signs, and takes
half the time of a thousand rows for that."""
ACTS = 0x6475_6261
"""the advisory lock that acts take turns with"""
BEGIN = f"BEGIN; SET LOCAL plan_cache_mode = auto; SELECT pg_advisory_xact_lock({ACTS})"
"""How an act begins. Its statements need not be planned for their values each time: they look rows up by
their keys. Questions are planned anew, for how many matters a word is in makes the plan."""
KEPT = 300
"""prepared statements of a connection: a statement is prepared when it is sent for the sixth time"""


class Connection(psycopg.Connection[Any]):
    """A connection on which nobody waits longer than `answer_within` seconds."""

    answer_within: float | None = None

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """What the server answers. A connection that it does not answer on is closed: OperationalError."""
        try:
            return super().wait(gen, interval, timeout or self.answer_within)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:  # the answer may come yet
                self.pgconn.finish()
            raise


def open_engine(url: URL, *, answer_within: float | None, stands_still: float, **options: Any) -> Engine:
    """An engine whose connections are of this file; the times are those of storage/engine.py."""
    options |= {"use_native_hstore": False, "paramstyle": "numeric_dollar", "isolation_level": "AUTOCOMMIT"}
    engine = create_engine(url, **options)
    engine.dialect.use_insertmanyvalues_wo_returning = True  # rows of one table go in one statement

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, args: list[Any], named: dict[str, Any]) -> Connection:
        session = SESSION | {"idle_in_transaction_session_timeout": f"{stands_still * 1000:.0f}"}
        words = [named.pop("options", ""), *(f"-c {name}={value}" for name, value in session.items())]
        named = CONNECTING | named | {"autocommit": True, "options": " ".join(words)}
        connection = Connection.connect(*args, **named)
        connection.answer_within, connection.prepared_max = answer_within, KEPT
        return connection

    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: sqlalchemy.Connection) -> None:
    """Transactions are begun here and not by the driver: an act in one journey, who reads or writes once not
    at all."""
    given = connection.get_execution_options()
    if not (given.get("read_only", False) or given.get("writes_once", False)):
        begin = BEGIN if given.get("acts", False) else "BEGIN"
        connection.exec_driver_sql(begin, execution_options={"no_parameters": True})
