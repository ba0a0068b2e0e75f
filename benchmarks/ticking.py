"""What an idle sweep costs, and a thousand clocks that fall due within one second.

python -m benchmarks.ticking [--sizes 10000 100000] [--only sqlite|postgresql]
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import statistics
import time
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, insert, select
from sqlmodel import col

from benchmarks import clocks, cluster, register
from benchmarks.register import NOW, ZONE
from bot.clock import Clock, SystemClock
from bot.scheduler import Scheduler
from bot.worker import Worker
from office import rounds
from office.desk import Calendars
from rules.policy_files import load_policy
from storage.engine import open_engine
from storage.models import Entry, Outbox, Round

DUE = 1_000
SWEEPS = 400
TIMES = 5
RAW = (
    "UPDATE clock SET state = 'fired', fired_at = '{now}' WHERE id IN (SELECT id FROM clock"
    " WHERE state = 'pending' AND at <= '{now}' ORDER BY at, id LIMIT 1000)"
    " RETURNING id, matter_id, step_id, kind"
)


class Fixed:
    """An office clock that stands still, or runs from an instant on."""

    simulated = False

    def __init__(self, at: datetime, *, runs: bool = False) -> None:
        self._at, self._since = at, SystemClock().now() if runs else None

    def now(self) -> datetime:
        return self._at + (SystemClock().now() - self._since) if self._since else self._at


def worker_at(engine: Engine, clock: Clock) -> Worker:
    policy = load_policy()
    return Worker(engine, policy, Calendars(ZONE, policy), clock)


def put_off_rounds(engine: Engine) -> None:
    """The daily rounds are measured by nobody here: none is due."""
    with engine.begin() as connection:
        if not connection.execute(select(Round.name)).first():
            rows = [{"name": name, "next_at": clocks.LATER} for name in rounds.ROUNDS]
            connection.execute(insert(Round), rows)


def main() -> None:
    """Print what sweeps cost: idle ones in registers of several sizes, full ones in the largest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    given = parser.parse_args()
    logging.basicConfig(level=logging.CRITICAL)
    for name in cluster.here(given.only):
        with ExitStack() as stack:
            engines = [open_engine(stack.enter_context(cluster.database(name))) for _ in given.sizes]
            for engine, size in zip(engines, given.sizes, strict=True):
                register.fill(engine, size)
                clocks.reopen(engine)
            sweeps = ", ".join(f"{seconds * 1000:.2f} ms" for seconds in idle(*engines))
            raw, fired = thousand(engines[-1])
            late = max(lateness(engines[-1]))
        full = f"1,000 due in {fired * 1000:.0f} ms = {fired / raw:.1f} × raw {raw * 1000:.1f} ms"
        print(f"{name}, {given.sizes} matters: idle {sweeps}; {full}; last late by {late:.2f} s")


def idle(*engines: Engine) -> list[float]:
    """Median seconds of a sweep that finds nothing due, in each register; they take turns."""
    for engine in engines:
        put_off_rounds(engine)

    async def sweeps() -> list[list[float]]:
        workers = [worker_at(engine, Fixed(NOW - timedelta(days=1))) for engine in engines]
        schedulers = [Scheduler(worker, _nothing) for worker in workers]
        try:
            return [[await _timed(one) for one in schedulers] for _ in range(SWEEPS)]
        finally:
            for worker in workers:
                worker.close()

    return [statistics.median(seconds) for seconds in zip(*asyncio.run(sweeps()), strict=True)]


async def _timed(scheduler: Scheduler) -> float:
    began = time.perf_counter()
    await scheduler.sweep()
    return time.perf_counter() - began


async def _nothing() -> None:
    return


def thousand(engine: Engine) -> tuple[float, float]:
    """The fastest of a plain UPDATE … RETURNING, and of a sweep, of a thousand rows; they take turns."""
    put_off_rounds(engine)
    pairs = [(_raw(engine, turn), _fired(engine, TIMES + turn)) for turn in range(TIMES)]
    raw, fired = zip(*pairs, strict=True)
    return min(raw), min(fired)


def _raw(engine: Engine, turn: int) -> float:
    """Seconds of a plain UPDATE … RETURNING of a thousand rows and its COMMIT, without SQLAlchemy."""
    at = NOW - timedelta(hours=3, minutes=turn)
    clocks.fall_due(engine, at, DUE, turn)
    connection: Any = engine.raw_connection()
    cursor = connection.cursor()
    began = time.perf_counter()
    cursor.execute("BEGIN IMMEDIATE" if engine.dialect.name == "sqlite" else "BEGIN")
    now = (at + timedelta(seconds=1)).strftime("%Y-%m-%d %H:%M:%S.%f")
    cursor.execute(RAW.format(now=now if engine.dialect.name == "sqlite" else now + "+00"))
    assert len(cursor.fetchall()) == DUE
    cursor.execute("COMMIT")
    seconds = time.perf_counter() - began
    connection.close()
    return seconds


def _fired(engine: Engine, turn: int) -> float:
    """Seconds from a sweep's beginning until a thousand clocks are claimed, decided, journalled, enqueued."""
    at = NOW + timedelta(minutes=turn)
    clocks.fall_due(engine, at, DUE, turn)
    before = _counts(engine)
    worker = worker_at(engine, Fixed(at + timedelta(seconds=1)))
    scheduler = Scheduler(worker, _nothing)
    began = time.perf_counter()
    asyncio.run(scheduler.sweep())
    seconds = time.perf_counter() - began
    worker.close()
    _check(before, _counts(engine))
    return seconds


def _counts(engine: Engine) -> tuple[int, int]:
    """Entries of the journal, and messages that ring."""
    rang = select(func.count()).select_from(Outbox).where(col(Outbox.op) == "send")
    with engine.begin() as connection:
        entries = connection.execute(select(func.count()).select_from(Entry)).scalar_one()
        return entries, connection.execute(rang).scalar_one()


def _check(before: tuple[int, int], after: tuple[int, int]) -> None:
    done = (after[0] - before[0], after[1] - before[1])
    assert done == (DUE, DUE), f"of {DUE} clocks {done} were journalled and told"


def lateness(engine: Engine) -> list[float]:
    """Seconds from the last of a thousand clocks' instants until its message is committed."""
    put_off_rounds(engine)
    return [asyncio.run(_late(engine, turn)) for turn in range(2 * TIMES, 2 * TIMES + 3)]


async def _late(engine: Engine, turn: int) -> float:
    start = NOW + timedelta(minutes=turn)
    at = start + timedelta(seconds=1.5)
    clocks.fall_due(engine, at, DUE, turn)
    before = _counts(engine)
    clock = Fixed(start, runs=True)
    worker = worker_at(engine, clock)
    committed: list[datetime] = []
    worker.committed = lambda: committed.append(clock.now())
    scheduler = Scheduler(worker, _nothing)
    scheduler.start()
    last = at + timedelta(seconds=1 - 1 / DUE)
    await asyncio.sleep((last - clock.now()).total_seconds() + 3)
    await scheduler.stop()
    worker.close()
    _check(before, _counts(engine))
    return (committed[-1] - last).total_seconds()


if __name__ == "__main__":
    main()
