"""One repeating job that does what has fallen due.

Reminders, limits, rungs and recurring rounds are rows with an instant each (storage/clocks.py, the table
`Round`), not jobs: they outlive a restart, can be shared by several processes, and follow a moved clock.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import SteppedClock
from bot.worker import Worker
from office import tick

EVERY, EVERY_SIMULATED = 1.0, 0.25
"""seconds between two sweeps"""
STALLED = 5.0
"""seconds without a sweep after which the job is set anew"""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)

log = logging.getLogger("duban.scheduler")


class Scheduler:
    """Sweeps again and again. `settled` waits until messages are out, before a moved clock goes on."""

    def __init__(self, worker: Worker, settled: Callable[[], Awaitable[None]]) -> None:
        self._worker = worker
        self._settled = settled
        self._turn = asyncio.Lock()
        self._reached = _LONG_AGO
        self._jobs: AsyncIOScheduler | None = None
        self._waker: asyncio.Task[None] | None = None
        self._still = asyncio.Event()
        self._still.set()
        self.last_sweep: float | None = None
        """monotonic seconds of the last sweep that went well, or of the start"""
        if isinstance(worker.clock, SteppedClock):
            worker.clock.wait_at(None)

    def start(self) -> None:
        every = EVERY_SIMULATED if self._worker.clock.simulated else EVERY
        self._jobs = AsyncIOScheduler(timezone=UTC)
        self._jobs.add_job(
            self._sweep_or_log,
            "interval",
            seconds=every,
            id="sweep",
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        self._jobs.start()
        self.last_sweep = time.monotonic()
        self._waker = asyncio.create_task(self._stay_awake(every), name="waker")

    def age(self) -> float | None:
        """Seconds since a sweep last went well, or since the start; None before it."""
        return None if self.last_sweep is None else time.monotonic() - self.last_sweep

    async def stop(self) -> None:
        """No more sweeps; one under way is finished."""
        if self._jobs is None or self._waker is None:
            return
        self._waker.cancel()
        self._jobs.pause()
        await self._still.wait()  # APScheduler would cancel a sweep under way and call that an error
        self._jobs.shutdown(wait=False)
        self._jobs = None

    async def _stay_awake(self, every: float) -> None:
        """APScheduler waits for an instant of the machine's clock, after it is set back for all that time."""
        while True:
            await asyncio.sleep(STALLED)
            if self._jobs is not None and self._still.is_set() and (self.age() or 0.0) > STALLED:
                self._jobs.reschedule_job("sweep", trigger="interval", seconds=every)

    async def sweep(self) -> None:
        """Do what is due now.

        The first sweep after a start does everything at the present instant: what fell due meanwhile is
        late. Later ones let a moved clock pass through every instant in order.
        """
        async with self._turn:
            clock = self._worker.clock
            if isinstance(clock, SteppedClock) and self._reached > _LONG_AGO:
                await self._pass_through(clock)
            else:
                began = clock.now()
                if await self._is_due():
                    await self._work_off()
                self._reached = began
                if isinstance(clock, SteppedClock):
                    clock.wait_at(await self._next_at())
        self.last_sweep = time.monotonic()

    async def _pass_through(self, clock: SteppedClock) -> None:
        """Up to where the clock stood before it was last asked what is due: it may be moved meanwhile."""
        target, at = clock.target(), await self._next_at()
        while at is not None and at <= target:
            clock.wait_at(max(at, self._reached))
            done = await self._work_off()
            self._reached = clock.now()
            await self._settled()
            if not done:  # nobody takes it: the clock must not stand still over it
                clock.wait_at(None)
                return
            target, at = clock.target(), await self._next_at()
        self._reached = max(self._reached, target)
        clock.wait_at(at)

    async def _work_off(self) -> int:
        total = 0
        while done := await self._worker.do(tick.tick):
            total += done
        if total:
            log.info("due", extra={"rows": total})
        return total

    async def _is_due(self) -> bool:
        at = await self._next_at()
        return at is not None and at <= self._worker.clock.now()

    async def _next_at(self) -> datetime | None:
        return await self._worker.look(tick.next_at)

    async def _sweep_or_log(self) -> None:
        self._still.clear()
        try:
            await self.sweep()
        except Exception as error:  # the next sweep tries again
            log.exception("sweep failed", extra={"error": type(error).__name__})
            if isinstance(self._worker.clock, SteppedClock):
                self._worker.clock.wait_at(None)
        finally:
            self._still.set()
