"""PostgreSQL's driver: how a connection is opened, and how long its answers are waited for.

Imported only where the database is a PostgreSQL.
"""

from __future__ import annotations

from typing import Any, TypeVar

import psycopg
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
    engine = create_engine(url, use_native_hstore=False, paramstyle="numeric_dollar", **options)
    engine.dialect.use_insertmanyvalues_wo_returning = True  # rows of one table go in one statement

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, args: list[Any], named: dict[str, Any]) -> Connection:
        session = SESSION | {"idle_in_transaction_session_timeout": f"{stands_still * 1000:.0f}"}
        words = [named.pop("options", ""), *(f"-c {name}={value}" for name, value in session.items())]
        connection = Connection.connect(*args, **CONNECTING | named, options=" ".join(words))
        connection.answer_within, connection.prepared_max = answer_within, KEPT
        return connection

    return engine
