"""From the first message of an emergency to the duty leader's ring: our own time under load.

The real program, in this process, on a real SQLite file, over HTTP against the sandbox, with Telegram's
published limits kept; 10,000 ordinary messages to 1,000 chats wait in the outbox and are being sent.

    python -m benchmarks.emergency_ring [--waiting 10000] [--times 10]
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import insert
from sqlmodel import Session, col, select

from bot.app import Program, build
from bot.clock import SystemClock
from bot.pacing import TELEGRAM
from bot.sandbox import Person, Sandbox
from bot.settings import Settings
from office import duty_roster, members
from office.desk import Desk
from storage.models import Member, Outbox
from storage.outbox import REMINDER

SAMPLE = Path(members.__file__).with_name("sample")
CHATS = 1_000
ALLOWED = 1.0
"""seconds"""


def staff(desk: Desk, ids: dict[str, int]) -> None:
    """The sample office, reachable, with a duty roster that begins today."""
    files = [(p.name, p.read_bytes()) for p in sorted(SAMPLE.glob("*.csv")) if p.stem in ("units", "staff")]
    members.import_people(desk, files, by=None)
    for member in desk.session.exec(select(Member)):
        member.telegram_id, member.reach = ids[member.name], "ok"
    day = desk.calendar.local(desk.now).date() - timedelta(days=1)
    lines = ["date,leader,first,second"]
    lines += [f"{day + timedelta(days=i)},苏雅琴,韩冰,朱雪梅" for i in range(4)]
    duty_roster.import_roster(desk, "duty.csv", "\n".join(lines).encode())


def fill(program: Program, chats: list[int], waiting: int) -> None:
    """Ordinary messages that wait to be sent."""
    now = datetime.now(UTC)
    rows = [
        {
            "op": "send",
            "chat_id": chats[i % len(chats)],
            "priority": REMINDER,
            "wording": "help.nothing_to_cancel",
            "facts": {"buttons": []},
            "silent": True,
            "state": "pending",
            "tries": 0,
            "created_at": now,
        }
        for i in range(waiting)
    ]
    with Session(program.engine) as session, session.begin():
        session.connection().execute(insert(Outbox), rows)


def left(program: Program) -> int:
    with Session(program.engine) as session:
        rows = select(Outbox.id).where(col(Outbox.state) == "pending", col(Outbox.priority) == REMINDER)
        return len(session.exec(rows).all())


async def ring(sandbox: Sandbox, reporter: Person, leader: Person, number: int) -> float:
    """Seconds from a message to the ring it causes."""
    began = time.perf_counter()
    reporter.says(f"快报 石桥镇东河村{number}组发生山体滑坡，2人失联")

    def rang() -> bool:
        return any("请立即阅知" in m.text and f"东河村{number}组" in m.text for m in leader.received)

    while not rang():
        if time.perf_counter() - began > 30:
            raise TimeoutError("the duty leader was not called within 30 seconds")
        await asyncio.sleep(0.001)
    return time.perf_counter() - began


async def measure(waiting: int, times: int) -> list[float]:
    async with Sandbox.serve(port=0) as sandbox:
        with tempfile.TemporaryDirectory(prefix="duban-") as folder:
            settings = Settings(
                token=SecretStr(sandbox.token),
                base_url=sandbox.base_url,
                base_file_url=sandbox.base_file_url,
                data_dir=Path(folder),
                database=SecretStr(f"sqlite:///{folder}/duban.db"),
            )
            program = build(settings, clock=SystemClock(), limits=TELEGRAM)
            await program.start()
            try:
                return await _rings(sandbox, program, waiting, times)
            finally:
                await program.stop()


async def _rings(sandbox: Sandbox, program: Program, waiting: int, times: int) -> list[float]:
    persons, _ = sandbox.load_office(SAMPLE, started=True)
    await program.worker.do(lambda desk: staff(desk, {name: one.id for name, one in persons.items()}))
    crowd = [sandbox.person(f"居民{i}") for i in range(CHATS)]
    for one in crowd:
        one.chat.bot = "member"
    fill(program, [one.id for one in crowd], waiting)
    program.delivery.wake()
    await asyncio.sleep(2.0)
    seconds = []
    for number in range(times):
        seconds.append(await ring(sandbox, persons["廖志成"], persons["苏雅琴"], number + 1))
        print(f"  {number + 1:>3}. {seconds[-1] * 1000:6.0f} ms   ({left(program)} waiting)", flush=True)
        await asyncio.sleep(2.0)
    return seconds


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--waiting", type=int, default=10_000)
    arguments.add_argument("--times", type=int, default=10)
    given = arguments.parse_args()
    logging.basicConfig(level=logging.ERROR)
    print(f"python -m benchmarks.emergency_ring --waiting {given.waiting} --times {given.times}")
    seconds = asyncio.run(measure(given.waiting, given.times))
    print(
        f"first message → duty leader's ring: median {statistics.median(seconds) * 1000:.0f} ms, "
        f"slowest {max(seconds) * 1000:.0f} ms of {len(seconds)}; allowed {ALLOWED * 1000:.0f} ms"
    )
    raise SystemExit(0 if max(seconds) <= ALLOWED else 1)


if __name__ == "__main__":
    main()
