"""A day in the office, told by moving the clock: the real program over real HTTP against the sandbox.

`await office.at("09:00")`, `await clerk.says("登记 …")`, `await office.passes("31 minutes")`,
`head.sees("已逾期")`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from doubles import MovableClock
from sqlmodel import Session, col, select

from bot.app import Program, build
from bot.sandbox.people import Group, Person
from bot.sandbox.server import Sandbox
from bot.sandbox.world import Message
from bot.settings import Settings
from office import emergency_timeline, members, timeline
from office.desk import Desk
from storage import models
from storage.models import Matter, Member

ZONE = ZoneInfo("Asia/Shanghai")
SAMPLE = Path(members.__file__).with_name("sample")
CHECKER = Path(__file__).resolve().parents[2].parent / "shared" / "bot_api" / "validate_requests.py"


class Someone:
    """A person of the office, with a telephone; every act waits until the program has done its part."""

    def __init__(self, day: Day, person: Person) -> None:
        self.day = day
        self.person = person

    @property
    def name(self) -> str:
        return self.person.name

    async def says(self, text: str, *, group: Group | None = None, reply_to: Message | None = None) -> None:
        self.person.says(text, chat=group, reply_to=reply_to)
        await self.day.settled()

    async def presses(self, label: str, *, on: str = "", group: Group | None = None) -> str | None:
        """Press a button on the latest message that has it (and contains `on`); the toast over it."""
        answer = await self.person.presses(self.card(on, label, group=group), label)
        await self.day.settled()
        return answer.text if answer else None

    def card(self, text: str = "", label: str = "", *, group: Group | None = None) -> Message:
        """The latest standing message of the bot with this text and a button with this label."""
        for message in reversed(self.received(group)):
            buttons = [button.label for row in message.buttons for button in row]
            if text in message.text and (not label or any(label in one for one in buttons)):
                return message
        shown = "\n---\n".join(
            f"{m.text}\n[{'|'.join(b.label for row in m.buttons for b in row)}]"
            for m in self.received(group)[-4:]
        )
        raise AssertionError(f"{self.name} sees no {text!r} with {label!r}; the last messages:\n{shown}")

    def received(self, group: Group | None = None) -> list[Message]:
        chat = group.chat if group else self.person.chat
        return [m for m in chat.messages if m.sender is self.day.sandbox.cloud.bot and not m.deleted]

    def sees(self, *texts: str, group: Group | None = None) -> Message:
        """The latest standing message of the bot that has all of these texts."""
        for message in reversed(self.received(group)):
            if all(text in message.text for text in texts):
                return message
        shown = "\n---\n".join(m.text for m in self.received(group)[-5:])
        raise AssertionError(f"{self.name} does not see {texts}; the last messages:\n{shown}")

    def sees_nothing_of(self, text: str) -> None:
        found = [m.text for m in self.received() if text in m.text]
        assert not found, f"{self.name} sees {found[-1]}"

    def count(self, text: str) -> int:
        """How many messages ever had this text, deleted ones included."""
        bot = self.day.sandbox.cloud.bot
        return sum(m.sender is bot and text in m.text for m in self.person.chat.messages)


class Day:
    """One office: sandbox, program, clock."""

    def __init__(self, sandbox: Sandbox, program: Program, clock: MovableClock, settings: Settings) -> None:
        self.sandbox, self.program, self.clock, self.settings = sandbox, program, clock, settings
        self.groups: dict[str, Group] = {}
        self._people: dict[str, Someone] = {}

    def somebody(self, name: str) -> Someone:
        return self._people.setdefault(name, Someone(self, self.sandbox.person(name)))

    def group(self, name: str) -> Group:
        return self.groups[name]

    async def at(self, when: str) -> None:
        """Move on to "09:00" of the day, or to "2026-11-24 09:00"; everything in between happens."""
        now = self.clock.target().astimezone(ZONE)
        text = when if len(when) > 5 else f"{now:%Y-%m-%d} {when}"
        await self._go_on_to(datetime.fromisoformat(text).replace(tzinfo=ZONE))

    async def passes(self, amount: str) -> None:
        """Let time pass: "31 minutes", "2 hours", "1 day"."""
        number, unit = amount.split()
        name = unit if unit.endswith("s") else f"{unit}s"
        await self._go_on_to(self.clock.target() + timedelta(**{name: int(number)}))

    async def _go_on_to(self, at: datetime) -> None:
        assert at >= self.clock.target()
        self.clock.set(at)
        await self.program.sweep()
        await self.settled()

    async def settled(self) -> None:
        await self.program.settle(also=lambda: not self.sandbox.cloud.updates.waiting)

    async def off(self) -> None:
        """Switch the program off."""
        await self.program.stop()

    async def on(self, *, at: str | None = None) -> None:
        """Switch it on again, at a later time."""
        if at is not None:
            self.clock.set(datetime.fromisoformat(at).replace(tzinfo=ZONE))
        self.program.engine.dispose()  # somebody may have looked at the tables meanwhile
        self.program = build(self.settings, clock=self.clock)
        await self.program.start()
        await self.program.sweep()
        await self.settled()

    async def does(self, act: Callable[[Desk], Any]) -> Any:
        """Something done at the desk itself, in one transaction."""
        return await self.program.worker.do(act)

    def rows(self, table: type[Any]) -> list[Any]:
        with Session(self.program.engine) as session:
            return list(session.exec(select(table).order_by(*table.__table__.primary_key.columns)))

    def matter(self, number: int = 1) -> Matter:
        with Session(self.program.engine) as session:
            return session.exec(select(Matter).where(col(Matter.number) == number)).one()


def staff_the_office(desk: Desk, ids: dict[str, int], groups: dict[str, int]) -> None:
    """The sample office, everybody with a telephone and reachable, its groups bound."""
    files = [
        (path.name, path.read_bytes())
        for path in sorted(SAMPLE.glob("*.csv"))
        if path.stem in ("units", "staff")
    ]
    members.import_people(desk, files, by=None)
    for member in desk.session.exec(select(Member)):
        member.telegram_id, member.reach = ids[member.name], "ok"
    rows = [line.split(",") for line in (SAMPLE / "groups.csv").read_text(encoding="utf-8").splitlines()[1:]]
    for name, unit, level in rows:
        desk.session.add(models.Group(chat_id=groups[name], name=name, unit=unit, level=level))


def check_requests(sandbox: Sandbox, folder: Path) -> None:
    """Every request the program sent keeps to the published Bot API, where its description is present."""
    if not CHECKER.exists():
        return
    record = folder / "requests.jsonl"
    record.write_text("".join(json.dumps(one) + "\n" for one in sandbox.requests), encoding="utf-8")
    found = subprocess.run(
        [sys.executable, str(CHECKER), "check", str(record)], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout[-2000:] + found.stderr[-500:]


def check_timelines(day: Day) -> None:
    """Whatever was written into the journal about a matter is shown in words, never by its key."""
    kinds = {one.id: one.procedure for one in day.rows(Matter)}
    about = [(one.act, kinds[one.matter_id]) for one in day.rows(models.Entry) if one.matter_id is not None]
    named = {"emergency": emergency_timeline.names}
    unnamed = {act for act, kind in about if not named.get(kind, timeline.names)(act)}
    assert not unnamed, f"acts without words: {sorted(unnamed)}"
