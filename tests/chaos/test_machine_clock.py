"""The machine's own clock is set back and forth, and the machine sleeps for a weekend.

The program runs on the real clock and at Telegram's pace; only the C library's answer to "what time is it" is
moved (machine_clock.c), for this one process.
"""

from __future__ import annotations

import shutil
import signal
import struct
import subprocess
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from chaos.databases import OnDisk
from chaos.episode import staff
from chaos.machine import Machine
from doubles import until
from office_day import ZONE

from bot.sandbox import Person, Sandbox

COMPILER = shutil.which("cc") or shutil.which("gcc")
pytestmark = [
    pytest.mark.sqlite,
    pytest.mark.chaos,
    pytest.mark.skipif(COMPILER is None, reason="no C compiler"),
]
FRIDAY = datetime(2026, 11, 27, 16, 0, tzinfo=ZONE)
WITHIN = 60.0


class MachineClock:
    """The clock of one process."""

    def __init__(self, folder: Path) -> None:
        self.file, self.library = folder / "machine.clock", folder / "machine_clock.so"
        source = Path(__file__).with_name("machine_clock.c")
        subprocess.run([str(COMPILER), "-shared", "-fPIC", "-o", self.library, source], check=True)
        self._seconds = 0

    def set(self, at: datetime) -> None:
        self._seconds = round(at.timestamp() - time.time())
        with self.file.open("r+b" if self.file.exists() else "wb") as file:
            file.write(struct.pack("q", self._seconds))

    def move(self, by: timedelta) -> None:
        """Forth, or back."""
        self.set(datetime.fromtimestamp(time.time() + self._seconds, ZONE) + by)


@pytest.fixture
async def sandbox():
    async with Sandbox.serve(port=0) as running:
        running.enforce_limits = True
        yield running


@pytest.fixture
def clock(tmp_path: Path) -> MachineClock:
    made = MachineClock(tmp_path)
    made.set(FRIDAY)
    return made


@pytest.fixture
async def machine(sandbox, tmp_path, clock):
    database = OnDisk(tmp_path, mounted=False)
    sandbox.people, sandbox.groups = staff(sandbox, tmp_path, database.url, FRIDAY)
    running = Machine(
        sandbox,
        tmp_path,
        database,
        DUBAN_CLOCK_FILE="",
        LD_PRELOAD=str(clock.library),
        MACHINE_CLOCK=str(clock.file),
    )
    await running.start()
    yield running
    running.send(signal.SIGCONT)
    await running.stop()
    running.close()


async def log(clerk: Person, number: int) -> None:
    clerk.says(f"登记 县财政局 关于第{number}项经费的请示 云财〔2026〕{number}号 转综合科")
    await until(lambda: seen(clerk, f"〔2026〕{number}号", "请核对"), WITHIN)
    card = seen(clerk, f"〔2026〕{number}号", "请核对")[-1]
    await clerk.presses(card, "确认", WITHIN)


def seen(person: Person, *words: str):
    return [m for m in person.chat.messages if all(word in m.text for word in words)]


def rung(person: Person, number: int):
    """The messages that a document is overdue; its card and the morning's list say so, too."""
    found = seen(person, "已逾期", f"收〔2026〕{number}号")
    return [message for message in found if message.text.startswith("❗ 已逾期")]


async def test_set_back_by_an_hour_it_goes_on_with_what_falls_due(machine, clock, sandbox):
    clerk, head = sandbox.people["王思雨"], sandbox.people["李文博"]
    await log(clerk, 1)
    await until(lambda: seen(head, "请签收并承办", "收〔2026〕1号"), WITHIN)
    clock.move(-timedelta(hours=1))
    await log(clerk, 2)
    await until(lambda: seen(head, "请签收并承办", "收〔2026〕2号"), WITHIN)
    clock.move(timedelta(minutes=31))  # still before the instant at which the clock was set back
    await until(lambda: rung(head, 2), WITHIN)
    assert not rung(head, 1)
    clock.move(timedelta(hours=1))
    await until(lambda: rung(head, 1), WITHIN)
    await machine.settled(sandbox, WITHIN)
    assert len(rung(head, 1)) == len(rung(head, 2)) == 1
    assert not [one for one in sandbox.requests if one["status"] == 429]


async def test_asleep_from_friday_to_monday(machine, clock, sandbox):
    """What fell due meanwhile is told once, as late; people go on where they were."""
    clerk, head = sandbox.people["王思雨"], sandbox.people["李文博"]
    await log(clerk, 1)
    await until(lambda: seen(head, "请签收并承办", "收〔2026〕1号"), WITHIN)
    machine.freeze()
    clerk.says("待办")
    clock.move(timedelta(hours=65))
    machine.thaw()
    await until(lambda: rung(head, 1), WITHIN)
    await until(lambda: seen(clerk, "待办"), WITHIN)
    await machine.settled(sandbox, WITHIN)
    (late,) = rung(head, 1)
    assert "延迟" in late.text
    assert machine.ask("SELECT count(*) FROM clock WHERE state = 'set_aside'") == [(0,)]
    await head.presses(seen(head, "请签收并承办", "当前")[-1], "签收承办", WITHIN)
    await until(lambda: machine.ask("SELECT 1 FROM journal WHERE act = 'signed'"), WITHIN)
