"""One office, one program, one lot of troubles: people work, things go wrong, then all comes to rest."""

from __future__ import annotations

import asyncio
import json
import random
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from chaos import truths
from chaos.databases import Database
from chaos.ledger import Ledger
from chaos.machine import Machine
from chaos.members import Members
from chaos.troubles import Troubles
from doubles import until
from office_day import SAMPLE, ZONE, staff_the_office
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session
from test_emergency_kill import load_roster
from test_kill import TEN_O_CLOCK

from bot.clock import FileClock
from bot.sandbox import Group, Person, Sandbox
from bot.worker import Worker
from office.desk import Calendars
from rules.policy_files import load_policy
from storage import clocks, inbox, outbox
from storage.engine import open_engine
from storage.migrations import upgrade

AT_REST = 180.0
"""seconds in which everything comes to rest once nothing goes wrong any more"""


@dataclass(frozen=True)
class Size:
    """How much of it: `kills`, at random instants `uptime` seconds after a start on average."""

    kills: int
    uptime: float
    pace: float
    seconds: float
    slow: float


SHORT = Size(kills=3, uptime=2.5, pace=1.5, seconds=1.5, slow=2.0)
LONG = Size(kills=26, uptime=2.5, pace=2.0, seconds=3.0, slow=30.0)


async def play(seed: int, size: Size, database: Database, folder: Path) -> tuple[Ledger, list[str]]:
    """What happened, and the truths that were broken."""
    async with Sandbox.serve(port=0) as sandbox:
        people, groups = staff(sandbox, folder, database.url)
        machine = Machine(sandbox, folder, database)
        ledger = Ledger(sandbox, machine)
        chance = random.Random(seed)
        members = Members(ledger, chance, people, groups["综合科内部群"], size.pace)
        rooms = groups["综合科内部群"], groups["县府办工作群"]
        troubles = Troubles(ledger, chance, people, *rooms, size.seconds, size.slow)
        try:
            await machine.start()
            await _until_up(machine)
            await _in_trouble(members, troubles, chance, size)
            left = await _comes_to_rest(ledger)
            await machine.stop(AT_REST)
            return ledger, left + truths.broken(ledger)
        finally:
            if machine.runs:
                await machine.stop(AT_REST)
            ledger.close()
            machine.close()


async def _in_trouble(members: Members, troubles: Troubles, chance: random.Random, size: Size) -> None:
    """Until it has been killed often enough, then at a standstill; people finish what they began."""
    working = [asyncio.create_task(one) for one in members.all()]
    try:
        await _goes_wrong(troubles, chance, size)
        members.over.set()
        await troubles.stands_still()
    finally:
        members.over.set()
        troubles.sandbox.faults.clear()
        await asyncio.wait(working, timeout=60)
        for task in working:
            task.cancel()
        done = await asyncio.gather(*working, return_exceptions=True)
    for one in done:
        if isinstance(one, Exception):
            raise one


async def _goes_wrong(troubles: Troubles, chance: random.Random, size: Size) -> None:
    """Troubles and kills; at the end the program runs, and nothing is wrong."""
    over = asyncio.Event()
    going_wrong = asyncio.create_task(_troubles(troubles, over))
    try:
        await _kills(troubles, chance, size)
    finally:
        over.set()
        await going_wrong
    troubles.sandbox.faults.clear()
    if not troubles.machine.runs:
        await troubles.machine.start()
        await _until_up(troubles.machine)


async def _troubles(troubles: Troubles, over: asyncio.Event) -> None:
    while not over.is_set():
        await troubles.next()


async def _kills(troubles: Troubles, chance: random.Random, size: Size) -> None:
    machine, ledger = troubles.machine, troubles.ledger
    while ledger.counts["kills"] < size.kills:
        await asyncio.sleep(chance.expovariate(1 / size.uptime))
        async with troubles.calm:
            if machine.runs:
                await machine.kill()
                ledger.killed()
            else:
                ledger.counts["ended by itself"] += 1
            await machine.start()
            await _often_up(machine, chance)


async def _often_up(machine: Machine, chance: random.Random) -> None:
    """Most starts are waited for; some are killed in the middle."""
    if chance.random() < 0.8:
        await _until_up(machine)


async def _until_up(machine: Machine) -> None:
    """It has begun to fetch updates, or has ended by itself."""
    log = machine.folder / "log"
    before = log.stat().st_size

    def is_up() -> bool:
        with log.open("rb") as lines:
            lines.seek(before)
            return b'"started"' in lines.read() or not machine.runs

    await until(is_up, within=240)


async def _comes_to_rest(ledger: Ledger) -> list[str]:
    """Every update done, every message out, every clock rung; what is left after a long while."""
    machine = ledger.machine

    def rests() -> bool:
        latest = machine.ask_or_none("SELECT max(id) FROM outbox") or [(0,)]
        ledger.last_message = latest[0][0] or 0
        return _left(machine) is None

    try:
        await until(rests, AT_REST)
    except TimeoutError:
        return [f"it does not come to rest: {_left(machine)}"]
    return []


def _left(machine: Machine) -> str | None:
    if waiting := len(machine.sandbox.cloud.updates.waiting):
        return f"{waiting} updates that were not fetched"
    try:
        with Session(machine.engine) as session:
            now = machine.now
            undone, unsent = inbox.waiting(session=session), outbox.waiting(now=now, session=session)
            due = clocks.next_at(session=session)
    except (DBAPIError, OSError) as error:
        return f"the database: {type(error).__name__}"
    if undone[0]:
        return f"updates without effect: {undone}"
    if due is not None and due <= now:
        return f"a clock that was due at {due}; it is {now}"
    return f"messages: {unsent}" if unsent[0] else None


def staff(
    sandbox: Sandbox, folder: Path, url: str, at: datetime = TEN_O_CLOCK
) -> tuple[dict[str, Person], dict[str, Group]]:
    """The sample office, with somebody on duty; it is Tuesday, ten o'clock, unless another time is given."""
    (folder / "clock.json").write_text(json.dumps({"offset": at.timestamp() - time.time()}))
    people, groups = sandbox.load_office(SAMPLE, started=True)
    upgrade(url)
    policy = load_policy()
    clock = FileClock(folder / "clock.json")
    worker = Worker(open_engine(url), policy, Calendars(ZONE, policy), clock)
    ids, chats = {n: p.id for n, p in people.items()}, {n: g.id for n, g in groups.items()}
    worker.do_now(lambda desk: staff_the_office(desk, ids, chats))
    worker.close()
    worker.engine.dispose()
    load_roster(folder, url)
    return people, groups
