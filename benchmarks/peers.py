"""How others do the same, measured the same way: APScheduler with a job per reminder, PTB's AIORateLimiter.

python -m benchmarks.peers
"""

from __future__ import annotations

import asyncio
import importlib.util
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from telegram import Bot
from telegram.ext import AIORateLimiter, ApplicationBuilder
from telegram.request import HTTPXRequest

from benchmarks.sending import CHATS, FLOOR, MESSAGES, until
from bot.clock import SystemClock
from bot.sandbox import Sandbox

DUE = 1_000
LATER = datetime(2100, 1, 1, tzinfo=UTC)
_rang: list[float] = []


def ring(_number: int) -> None:
    """The least a reminder's job can do."""
    _rang.append(time.time())


def scheduler(kind: str, jobs: int, folder: Path) -> dict[str, float]:
    """Seconds to plan so many reminders, and what becomes of a thousand of them due in one second."""
    found = asyncio.run(_plan_and_ring(_store(kind, folder), jobs))
    if kind == "SQLite":
        found["start"] = asyncio.run(_start(_store(kind, folder)))
    return found


def _store(kind: str, folder: Path) -> Any:
    return MemoryJobStore() if kind == "memory" else SQLAlchemyJobStore(url=f"sqlite:///{folder}/jobs.db")


async def _plan_and_ring(store: Any, jobs: int) -> dict[str, float]:
    _rang.clear()
    plan = AsyncIOScheduler(timezone=UTC, jobstores={"default": store})
    plan.start(paused=True)
    began = time.perf_counter()
    for i in range(jobs - DUE):
        plan.add_job(ring, "date", [i], run_date=LATER + timedelta(seconds=i))
    planned = (time.perf_counter() - began) / (jobs - DUE) * jobs
    seconds = 5.0 if isinstance(store, MemoryJobStore) else 30.0
    at = SystemClock().now() + timedelta(seconds=seconds)
    for i in range(DUE):
        run_date = at + timedelta(seconds=i / DUE)
        plan.add_job(ring, "date", [i], run_date=run_date, misfire_grace_time=None)
    plan.resume()
    began = time.perf_counter()
    store.get_due_jobs(SystemClock().now())
    looked = time.perf_counter() - began
    await until(lambda: len(_rang) == DUE, seconds + 120)
    late = _rang[-1] - (at + timedelta(seconds=1 - 1 / DUE)).timestamp()
    plan.shutdown(wait=False)
    return {"planned": planned, "looked": looked, "late": late}


async def _start(store: Any) -> float:
    """Seconds of a start with the jobs in the store."""
    plan = AsyncIOScheduler(timezone=UTC, jobstores={"default": store})
    began = time.perf_counter()
    plan.start()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    seconds = time.perf_counter() - began
    plan.shutdown(wait=False)
    return seconds


async def limiter() -> dict[str, float]:
    """A thousand messages to two hundred chats through AIORateLimiter, and a late one to another chat."""
    async with Sandbox.serve() as sandbox:
        sandbox.enforce_limits = True
        crowd = [sandbox.person(f"居民{i}") for i in range(CHATS)]
        leader = sandbox.person("领导")
        for one in (*crowd, leader):
            one.chat.bot = "member"
        request = HTTPXRequest(connection_pool_size=256, pool_timeout=300)
        builder = ApplicationBuilder().token(sandbox.token).base_url(sandbox.base_url).request(request)
        async with builder.rate_limiter(AIORateLimiter(max_retries=10)).build() as application:
            bot: Bot = application.bot
            began = time.perf_counter()
            backlog = [bot.send_message(crowd[i % CHATS].id, f"{i}") for i in range(MESSAGES)]
            sending = asyncio.gather(*backlog)
            await asyncio.sleep(2)
            asked = time.perf_counter()
            await bot.send_message(leader.id, "特急")
            waited = time.perf_counter() - asked
            await sending
            seconds = time.perf_counter() - began
        refused = sum(one["status"] == 429 for one in sandbox.requests)
    return {"seconds": seconds, "refused": refused, "urgent": waited}


def main() -> None:
    """Print what was measured."""
    print("| peer | what | measured |\n|---|---|---|")
    for kind, jobs in (("memory", 10_000), ("memory", 100_000), ("SQLite", 10_000)):
        with tempfile.TemporaryDirectory(prefix="duban-") as folder:
            found = scheduler(kind, jobs, Path(folder))
        said = (
            f"planned in {found['planned']:.1f} s · what is due looked up in {found['looked'] * 1000:.2f} ms"
        )
        said += f" · last of {DUE:,} due in one second late by {found['late']:.2f} s"
        said += f" · start {found['start']:.2f} s" if "start" in found else ""
        print(f"| APScheduler, {kind} | {jobs:,} reminders, a job each | {said} |", flush=True)
    if importlib.util.find_spec("aiolimiter") is None:
        print("| AIORateLimiter | not measured | aiolimiter is not installed |")
        return
    found = asyncio.run(limiter())
    said = f"{found['seconds']:.1f} s = {found['seconds'] / FLOOR:.2f} ×"
    said += f" · {found['refused']:.0f} refused with 429 · an urgent one after {found['urgent']:.2f} s"
    print(f"| AIORateLimiter | {MESSAGES:,} messages to {CHATS} chats | {said} |")


if __name__ == "__main__":
    main()
