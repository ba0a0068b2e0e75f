"""PostgreSQL's driver, one round trip for a statement that was sent before.

pg8000 parses, describes and executes each statement anew and waits for the server after each of the three;
it waits for `begin` twice and for `commit` three times. Here a connection keeps what it has prepared. The
server plans each statement for its own values all the same (`plan_cache_mode` in storage/engine.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from pg8000 import legacy  # type: ignore[import-untyped]
from pg8000.converters import make_params  # type: ignore[import-untyped]
from pg8000.dbapi import convert_paramstyle  # type: ignore[import-untyped]
from pg8000.exceptions import DatabaseError  # type: ignore[import-untyped]
from sqlalchemy.dialects.postgresql.pg8000 import PGDialect_pg8000

KEPT = 300
"""prepared statements of a connection; the one prepared first makes room"""
_UNIQUE = "23505"


class Dialect(PGDialect_pg8000):
    """SQLAlchemy's dialect of pg8000, with the connections of this file."""

    supports_statement_cache = True
    use_insertmanyvalues_wo_returning = True
    """rows of one table go in one statement: the driver would send each by itself"""

    def connect(self, *args: Any, **named: Any) -> Any:
        return Connection(*args, **named)

    def do_ping(self, dbapi_connection: Any) -> bool:
        """Whether the server is there: the transaction that follows begins with it."""
        dbapi_connection.execute_simple("begin transaction")
        return True


class Connection(legacy.Connection):  # type: ignore[misc]
    """A connection that prepares a statement when it is sent first."""

    def __init__(self, *args: Any, **named: Any) -> None:
        self._prepared: dict[str, tuple[Any, ...]] = {}
        self._sock = self._usock = None
        try:
            super().__init__(*args, **named)
        except BaseException:
            _drop(self._sock, self._usock)
            raise

    def cursor(self) -> Cursor:
        return Cursor(self)

    def close(self) -> None:
        """End the connection; one that is broken, too, leaves no socket behind."""
        sockets = (self._sock, self._usock)
        try:
            super().close()
        finally:
            _drop(*sockets)

    def commit(self) -> None:
        self.execute_simple("commit")

    def rollback(self) -> None:
        if self._in_transaction:
            self.execute_simple("rollback")

    def run_prepared(self, operation: str, args: Sequence[Any]) -> Any:
        """What the server answers, for the driver's cursor; the driver's errors as they are."""
        if not self._in_transaction and not self.autocommit:
            self.execute_simple("begin transaction")
        known = self._prepared.get(operation) or self._prepare(operation, args)
        statement, name, columns, input_funcs = known
        return self.execute_named(name, make_params(self.py_types, args), columns, input_funcs, statement)

    def _prepare(self, operation: str, args: Sequence[Any]) -> tuple[Any, ...]:
        if len(self._prepared) >= KEPT:
            oldest = next(iter(self._prepared))
            self.close_prepared_statement(self._prepared.pop(oldest)[1])
        statement, _ = convert_paramstyle("format", operation, args)
        known = self._prepared[operation] = (statement, *self.prepare_statement(statement, ()))
        return known


def _drop(*sockets: Any) -> None:
    """Close what the driver leaves to the garbage collector."""
    for one in sockets:
        with suppress(OSError):
            if one is not None:
                one.close()


class Cursor(legacy.Cursor):  # type: ignore[misc]
    """A cursor whose statements with parameters are prepared."""

    def execute(self, operation: str, args: Any = (), stream: Any = None) -> Cursor:
        if not args or stream is not None or self._c is None or self._c._sock is None:
            super().execute(operation, args, stream)
            return self
        try:
            self._context = self._c.run_prepared(operation, args)
        except DatabaseError as error:
            is_duplicate = isinstance(error.args[0], dict) and error.args[0].get("C") == _UNIQUE
            raise (legacy.IntegrityError if is_duplicate else legacy.ProgrammingError)(*error.args) from None
        self._row_iter = iter(self._context.rows or ())
        return self
