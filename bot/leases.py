"""What this program may do alone, among all that work on one PostgreSQL.

A program that was frozen knows when it wakes that its leases have lapsed: each counts from before it was
asked for, on a clock that goes on while the program stands still. SQLite has one program, which holds
everything.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine
from sqlmodel import Session

from storage import leases, outbox

log = logging.getLogger("duban.leases")


class Leases:
    """Leases of one program, renewed four times while they hold, which is for `length` seconds.

    What a dead program did is taken over within five quarters of that. `seconds` is a monotonic clock.
    """

    def __init__(
        self,
        engine: Engine,
        wanted: Collection[str],
        *,
        length: float,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = outbox.new_claimer()
        self.alone = engine.dialect.name == "sqlite"
        self.length = length
        self._engine = engine
        self._wanted = frozenset(wanted)
        self._seconds = seconds
        self._held: frozenset[str] = frozenset()
        self._until = 0.0
        self._ended = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="lease")

    def holds(self, name: str) -> bool:
        """Whether this program may do it now."""
        return self.alone or (name in self._held and self._seconds() < self._until)

    @property
    def until(self) -> float:
        """The monotonic second until which no other program takes what this one has in hand."""
        return math.inf if self.alone else self._until

    def holds_until(self, second: float) -> bool:
        """Whether that second, asked for earlier, has not come."""
        return self._seconds() < second

    async def renew(self) -> None:
        """Renew all leases and take those that have lapsed. Raises SQLAlchemyError."""
        if self.alone or self._ended:
            return
        before, asked = self._held, self._seconds()
        held = await asyncio.get_running_loop().run_in_executor(self._thread, self._renew)
        self._held, self._until = held, asked + self.length
        for name in held - before:
            log.info("taken over", extra={"duty": name})

    async def give_up(self) -> None:
        """Let others take over at once, and take nothing any more."""
        if self._ended:
            return
        self._ended, self._held = True, frozenset()
        if not self.alone:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._give_up)
        self._thread.shutdown()

    def _renew(self) -> frozenset[str]:
        with Session(self._engine) as session, session.begin():
            held = leases.renew(self.name, seconds=self.length, session=session)
        missing = self._wanted - held
        if self.name not in held or missing:
            with Session(self._engine) as session, session.begin():
                held |= leases.take_over(self.name, missing, seconds=self.length, session=session)
        return frozenset(held & self._wanted)

    def _give_up(self) -> None:
        with Session(self._engine) as session, session.begin():
            leases.give_up(self.name, session=session)
