"""Runs acts off the event loop, each in one transaction.

Acts decide on what they read, so one is done at a time: with SQLite because there is one writer, with
PostgreSQL because each waits for its turn, among all programs that work on the database. What only keeps or
notes something does not wait for acts there.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Literal, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot.clock import Clock
from office.desk import Calendars, Desk, open_desk
from rules.policy import Policy
from storage.engine import acting, is_passing, reading, writing_once

T = TypeVar("T")

Way = Literal["in_turn", "side_by_side", "once"]
"""in turn with all acts; beside them, where nothing is decided that another act may change; the same
where only one statement writes, or `storage.engine.together` is said before the first that does"""

PAUSES = (0.05, 0.2, 0.5, 1.0, 2.0)
"""seconds between tries when the database is busy or away"""
SIDE_BY_SIDE = 3
"""threads for what does not wait for acts, on a database that takes several writers"""

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
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self.engine = engine
        self._engines: dict[Way, Engine] = {
            "in_turn": acting(engine),
            "side_by_side": engine,
            "once": writing_once(engine),
        }
        self.policy = policy
        self.calendars = calendars
        self.clock = clock
        self._pauses = pauses
        self.committed: Callable[[], None] = lambda: None
        self._acts = ThreadPoolExecutor(1, thread_name_prefix="act")
        self._notes = self._acts
        if engine.dialect.name != "sqlite":
            self._notes = ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="note")
        self._readers = ThreadPoolExecutor(1, thread_name_prefix="look")

    async def do(self, act: Callable[[Desk], T], *, now: datetime | None = None, way: Way = "in_turn") -> T:
        """Run an act in one transaction; its exception rolls back and is raised here.

        A cancelled caller does not stop the act: what was begun is committed.
        """
        loop = asyncio.get_running_loop()
        thread = self._acts if way == "in_turn" else self._notes
        result = await loop.run_in_executor(thread, lambda: self.do_now(act, now=now, way=way))
        self.committed()
        return result

    def do_now(self, act: Callable[[Desk], T], *, now: datetime | None = None, way: Way = "in_turn") -> T:
        """The same in this thread; tried again while the database is busy or away for a moment."""
        for pause in self._pauses:
            try:
                return self._try(act, now, way)
            except DBAPIError as error:
                if not is_passing(error):
                    raise
                log.warning("database busy", extra={"error": type(error.orig).__name__, "pause": pause})
            time.sleep(pause)
        return self._try(act, now, way)

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
        """Once more where the connection turns out to have broken since it was used last."""
        try:
            return self._read(query)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        return self._read(query)

    def _read(self, query: Callable[[Session, datetime], T]) -> T:
        with reading(self.engine) as connection, Session(connection) as session:
            return query(session, self.clock.now())

    def close(self) -> None:
        """Finish what is under way and end the threads."""
        for threads in (self._acts, self._notes, self._readers):
            threads.shutdown()

    def _try(self, act: Callable[[Desk], T], now: datetime | None, way: Way) -> T:
        with Session(self._engines[way], expire_on_commit=False) as session, session.begin():
            session.connection()  # its turn has come; only then is it asked what time it is
            return act(self._desk(session, now))

    def _desk(self, session: Session, now: datetime | None) -> Desk:
        return open_desk(session, now or self.clock.now(), self.policy, self.calendars)
