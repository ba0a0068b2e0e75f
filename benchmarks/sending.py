"""Messages on their way out, with the sandbox keeping Telegram's published limits.

A thousand to two hundred chats; an urgent one into that backlog, and into one of ten thousand; one to another
chat after a group was refused with 429: `python -m benchmarks.sending [--only sqlite|postgresql]`
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import insert
from sqlmodel import col, select

from benchmarks import cluster, rig
from bot.app import Program
from bot.sandbox import Person, Sandbox
from storage.models import Outbox
from storage.outbox import PLAIN, REMINDER, URGENT

CHATS, MESSAGES = 200, 1_000
MANY = 10_000
FLOOR = (MESSAGES - 30) / 30
"""seconds: thirty at once, then thirty a second"""
URGENTS = 7


@dataclass
class Office:
    """A running program and chats that it may write to."""

    sandbox: Sandbox
    program: Program
    crowd: list[Person]

    async def enqueue(self, chats: Sequence[int], priority: int) -> None:
        rows = [
            PLAIN
            | {
                "op": "send",
                "chat_id": chat,
                "priority": priority,
                "wording": "help.nothing_to_cancel",
                "facts": {"buttons": []},
                "created_at": self.program.clock.now(),
            }
            for chat in chats
        ]
        await self.program.worker.do(lambda desk: desk.session.connection().execute(insert(Outbox), rows))

    async def unsent(self) -> int:
        waiting = select(Outbox.id).where(col(Outbox.state).in_(["pending", "sending"]))
        return len(await self.program.worker.peek(lambda session, now: session.exec(waiting).all()))

    def refusals(self) -> int:
        return sum(request["status"] == 429 for request in self.sandbox.requests)


async def until(done: Callable[[], bool], within: float = 30.0) -> float:
    """Seconds until something is so."""
    began = time.perf_counter()
    while not done():
        if time.perf_counter() - began > within:
            raise TimeoutError(f"not within {within} s")
        await asyncio.sleep(0.001)
    return time.perf_counter() - began


def measure(url: str, act: Callable[[Office], Awaitable[list[float]]]) -> list[float]:
    """What `act` measures in a running office."""

    async def run() -> list[float]:
        with tempfile.TemporaryDirectory(prefix="duban-") as folder:
            async with Sandbox.serve() as sandbox, rig.running(sandbox, Path(folder), url) as program:
                sandbox.enforce_limits = True
                crowd = [sandbox.person(f"居民{i}") for i in range(CHATS)]
                for one in crowd:
                    one.chat.bot = "member"
                return await act(Office(sandbox, program, crowd))

    return asyncio.run(run())


async def thousand(office: Office) -> list[float]:
    """Seconds until a thousand messages to two hundred chats were taken. None may be refused."""
    began = time.perf_counter()
    await office.enqueue([office.crowd[i % CHATS].id for i in range(MESSAGES)], REMINDER)
    await until(lambda: sum(len(one.received) for one in office.crowd) == MESSAGES, 120)
    seconds = time.perf_counter() - began
    assert office.refusals() == 0, f"{office.refusals()} messages were refused with 429"
    return [seconds]


def urgent(waiting: int) -> Callable[[Office], Awaitable[list[float]]]:
    """Seconds from an urgent message until it was taken, while `waiting` others are being sent."""

    async def act(office: Office) -> list[float]:
        await office.enqueue([office.crowd[i % CHATS].id for i in range(waiting)], REMINDER)
        await asyncio.sleep(2.0)
        seconds = []
        for number in range(URGENTS):
            leader = office.sandbox.person(f"领导{number}")
            leader.chat.bot = "member"
            began = time.perf_counter()
            await office.enqueue([leader.id], URGENT)
            await until(lambda leader=leader: bool(leader.received))
            seconds.append(time.perf_counter() - began)
            await asyncio.sleep(0.7)
        assert await office.unsent() > waiting / 10, "the backlog was gone before the end"
        return seconds

    return act


async def after_429(office: Office) -> list[float]:
    """Seconds of a message to another chat, right after a group was refused for half a minute."""
    seconds = []
    for number in range(URGENTS):
        group = office.sandbox.group(f"群{number}")
        fault = office.sandbox.faults.add("too_many_requests", chat_id=group.id, retry_after=30)
        await office.enqueue([group.id] * 3, REMINDER)
        await until(lambda fault=fault: fault.hits == 1)
        other, began = office.crowd[number], time.perf_counter()
        await office.enqueue([other.id], REMINDER)
        await until(lambda other=other: bool(other.received))
        seconds.append(time.perf_counter() - began)
    return seconds


def main() -> None:
    """Print the slowest of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    given = parser.parse_args()
    logging.basicConfig(level=logging.CRITICAL)
    acts = {
        f"{MESSAGES:,} messages to {CHATS} chats (the limit: {FLOOR:.1f} s)": thousand,
        f"urgent, {MESSAGES:,} waiting": urgent(MESSAGES),
        f"urgent, {MANY:,} waiting": urgent(MANY),
        "another chat after a 429": after_429,
    }
    for name in cluster.here(given.only):
        for what, act in acts.items():
            with cluster.database(name) as url:
                seconds = measure(url, act)
            said = f"slowest {max(seconds):.3f} s, median {statistics.median(seconds):.3f} s"
            print(f"{name}, {what}: {said}", flush=True)


if __name__ == "__main__":
    main()
