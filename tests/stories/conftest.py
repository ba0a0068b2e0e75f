"""What stories share: the sandbox, and the sample office with everybody in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
from doubles import MovableClock
from night import begin_night
from office_day import SAMPLE, ZONE, Day, check_requests, check_timelines, staff_the_office
from pydantic import SecretStr

from bot.app import build
from bot.sandbox.server import Sandbox
from bot.settings import Settings


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox.serve(port=0) as running:
        yield running


@pytest.fixture
def begins() -> str:
    """When the story begins; a test that begins at another time parametrises it."""
    return "2026-11-24 08:45"


@pytest.fixture
async def office(sandbox: Sandbox, tmp_path: Path, begins: str, database_url: str) -> AsyncIterator[Day]:
    """The sample office on Tuesday, 24 November 2026, at 08:45."""
    clock = MovableClock(datetime.fromisoformat(begins).replace(tzinfo=ZONE))
    settings = Settings(
        token=SecretStr(sandbox.token),
        base_url=sandbox.base_url,
        base_file_url=sandbox.base_file_url,
        data_dir=tmp_path,
        database=SecretStr(database_url),
    )
    program = build(settings, clock=clock)
    await program.start()
    day = Day(sandbox, program, clock, settings)
    persons, day.groups = sandbox.load_office(SAMPLE)
    ids = {name: person.id for name, person in persons.items()}
    await day.does(lambda desk: staff_the_office(desk, ids, {name: g.id for name, g in day.groups.items()}))
    for person in persons.values():
        person.chat.bot = "member"
    yield day
    check_timelines(day)
    await day.program.stop()
    check_requests(sandbox, tmp_path)


@pytest.fixture
async def night(office: Day) -> Day:
    """The same in the night to 25 November, when an emergency is about to be reported."""
    await begin_night(office)
    return office
