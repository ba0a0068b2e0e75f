"""The program on a real database, talking to the sandbox over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from doubles import MovableClock
from outbox_rows import saying
from pydantic import SecretStr
from recorder import Recorder
from sqlmodel import Session, select

from bot.app import Program, build
from bot.sandbox import Person, Sandbox
from bot.settings import Settings
from bot.worker import Worker
from office.desk import Desk
from storage.engine import open_engine, reading
from storage.models import Card, Group, Member, Outbox
from storage.outbox import ANSWER

MORNING = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
"""09:00 in the office, a Tuesday"""


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(MORNING)


@pytest.fixture
async def telegram() -> AsyncIterator[Sandbox]:
    """The sandbox in the place of Telegram."""
    async with Sandbox.serve(port=0) as sandbox:
        yield sandbox


@pytest.fixture
def settings(telegram: Sandbox, tmp_path: Path, database_url: str) -> Settings:
    return Settings(
        token=SecretStr(telegram.token),
        base_url=telegram.base_url,
        base_file_url=telegram.base_file_url,
        data_dir=tmp_path,
        database=SecretStr(database_url),
    )


@pytest.fixture
async def program(settings: Settings, clock: MovableClock) -> AsyncIterator[Program]:
    """Started; with the handlers of the office."""
    program = build(settings, clock=clock)
    await program.start()
    yield program
    await program.stop()


Restart = Callable[..., Awaitable[Program]]


@pytest.fixture
async def restart(program: Program, settings: Settings, clock: MovableClock) -> AsyncIterator[Restart]:
    """Stop the program and start it anew on the same database: `again = await restart()`."""
    running = [program]

    async def anew(prepare: Callable[[Program], object] = lambda _: None) -> Program:
        await running[-1].stop()
        running.append(build(settings, clock=clock))
        prepare(running[-1])
        await running[-1].start()
        return running[-1]

    yield anew
    await running[-1].stop()


class Members:
    """Makes people of the sandbox members of the office, and its groups bound ones."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def add(self, person: Person, *roles: str) -> int:
        """Let the person be a member who has started the bot; the member's id."""
        member = Member(
            name=person.name, unit="县政府办公室", telegram_id=person.id, reach="ok", roles=list(roles)
        )
        person.chat.bot = "member"
        return await self._worker.do(lambda desk: _added(desk, member))

    async def bind(self, chat_id: int, name: str = "县府办工作群") -> int:
        group = Group(chat_id=chat_id, name=name, unit="县政府办公室", level="office")
        return await self._worker.do(lambda desk: _added(desk, group))


def _added(desk: Desk, row: Any) -> int:
    desk.session.add(row)
    desk.session.flush()
    return int(row.id)


@pytest.fixture
def members(program: Program) -> Members:
    return Members(program.worker)


Rows = Callable[[type[Any]], list[Any]]


@pytest.fixture
def rows(program: Program) -> Iterator[Rows]:
    """All rows of a table, by primary key; also after the program has ended."""
    engine = open_engine(program.settings.database_url)

    def of(table: type[Any]) -> list[Any]:
        with reading(engine) as connection, Session(connection) as session:
            return list(session.exec(select(table).order_by(*table.__table__.primary_key.columns)))

    yield of
    engine.dispose()


@pytest.fixture
def handled(program: Program) -> Recorder:
    """What comes in, handled by nobody but the recorder."""
    return Recorder(program)


@pytest.fixture
async def clerk(telegram: Sandbox, members: Members) -> Person:
    person = telegram.person("王思雨")
    await members.add(person, "clerk")
    return person


@pytest.fixture
def settled(program: Program, telegram: Sandbox) -> Callable[[], Awaitable[None]]:
    """Wait until everything that was said has had its effect."""
    return lambda: program.settle(also=lambda: not telegram.cloud.updates.waiting)


@pytest.fixture
async def nothing_left(program: Program) -> AsyncIterator[None]:
    """However a test ends, nothing stays locked or waiting."""
    yield
    assert program.in_order._in_line == {}


Enqueue = Callable[..., Awaitable[int]]


@pytest.fixture
def enqueue(program: Program) -> Enqueue:
    """Put a message into the outbox: `await enqueue(person, 12)` says something with the number 12."""

    async def put(to: Any, number: int, **values: Any) -> int:
        def act(desk: Desk) -> int:
            card = Card(chat_id=to.id, kind="note")
            desk.session.add(card)
            desk.session.flush()
            given = {
                "chat_id": to.id,
                "card_id": card.id,
                "priority": ANSWER,
                "wording": "help.short",
                "facts": saying(number),
                "created_at": desk.now,
            }
            row = Outbox(**(given | values))
            desk.session.add(row)
            desk.session.flush()
            return int(row.id)

        return await program.worker.do(act)

    return put


@pytest.fixture
def people(telegram: Sandbox) -> Callable[[int], list[Person]]:
    """So many persons who have started the bot."""

    def some(count: int) -> list[Person]:
        persons = [telegram.person(f"职员{number}") for number in range(count)]
        for person in persons:
            person.chat.bot = "member"
        return persons

    return some
