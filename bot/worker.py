"""Runs acts off the event loop, each in one transaction: one writer for SQLite, a small pool otherwise."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from bot.clock import Clock
from office.desk import Calendars, Desk, open_desk
from rules.policy import Policy

T = TypeVar("T")

PAUSES = (0.05, 0.2, 0.5, 1.0, 2.0)
"""seconds between tries when the database is busy or away"""
_SERIALIZATION = {"40001", "40P01"}
"""SQLSTATE of transactions that lost against another and may simply be done again"""

log = logging.getLogger("duban.worker")


class Worker:
    """Gives acts a desk in a transaction of their own and commits it.

    `committed` is called on the event loop after each transaction of `do`.
    """

    def __init__(
        self,
        engine: Engine,
        policy: Policy,
        calendars: Calendars,
        clock: Clock,
        threads: int = 1,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self.engine = engine
        self.policy = policy
        self.calendars = calendars
        self.clock = clock
        self._pauses = pauses
        self.committed: Callable[[], None] = lambda: None
        self._writers = ThreadPoolExecutor(threads, thread_name_prefix="act")
        self._readers = ThreadPoolExecutor(1, thread_name_prefix="look")

    async def do(self, act: Callable[[Desk], T], *, now: datetime | None = None) -> T:
        """Run an act in one transaction; its exception rolls back and is raised here.

        A cancelled caller does not stop the act: what was begun is committed.
        """
        loop = asyncio.get_running_loop()
        result = await loop.run_in_executor(self._writers, lambda: self.do_now(act, now=now))
        self.committed()
        return result

    def do_now(self, act: Callable[[Desk], T], *, now: datetime | None = None) -> T:
        """The same in this thread; tried again while the database is busy or away for a moment."""
        for pause in self._pauses:
            try:
                return self._once(act, now)
            except DBAPIError as error:
                if not is_passing(error):
                    raise
                log.warning("database busy", extra={"error": type(error.orig).__name__, "pause": pause})
            time.sleep(pause)
        return self._once(act, now)

    async def look(self, query: Callable[[Desk], T]) -> T:
        """Run a query that writes nothing; it does not wait for the writer."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.look_now, query)

    async def peek(self, query: Callable[[Session, datetime], T]) -> T:
        """The same as `look` for what is asked very often and needs no desk."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._peek_now, query)

    def look_now(self, query: Callable[[Desk], T]) -> T:
        """The same in this thread."""
        return self._peek_now(lambda session, now: query(self._desk(session, now)))

    def _peek_now(self, query: Callable[[Session, datetime], T]) -> T:
        connection = self.engine.connect().execution_options(read_only=True)
        with connection, Session(connection) as session:
            return query(session, self.clock.now())

    def close(self) -> None:
        """Finish what is under way and end the threads."""
        self._writers.shutdown()
        self._readers.shutdown()

    def _once(self, act: Callable[[Desk], T], now: datetime | None) -> T:
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            return act(self._desk(session, now))

    def _desk(self, session: Session, now: datetime | None) -> Desk:
        return open_desk(session, now or self.clock.now(), self.policy, self.calendars)


def is_passing(error: DBAPIError) -> bool:
    """Whether a database error may be gone when the transaction is simply tried again."""
    state = getattr(error.orig, "sqlstate", None)
    return isinstance(error, OperationalError) or error.connection_invalidated or state in _SERIALIZATION
