"""An office under siege: the sample office, its real program, somebody who puts updates into it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
from doubles import MovableClock
from hostile.siege import Siege
from office_day import SAMPLE, ZONE, Day, staff_the_office
from pydantic import SecretStr

from bot.app import build
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from bot.turnstile import Rates


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox.serve(port=0) as running:
        yield running


@pytest.fixture
def rates() -> Rates | None:
    """How fast people may write; a test of flooding gives some."""
    return None


@pytest.fixture
async def office(
    sandbox: Sandbox, tmp_path: Path, rates: Rates | None, database_url: str
) -> AsyncIterator[Day]:
    """The sample office on Tuesday, 24 November 2026, at 08:45."""
    clock = MovableClock(datetime(2026, 11, 24, 8, 45, tzinfo=ZONE))
    settings = Settings(
        token=SecretStr(sandbox.token),
        base_url=sandbox.base_url,
        base_file_url=sandbox.base_file_url,
        data_dir=tmp_path,
        database=SecretStr(database_url),
    )
    program = build(settings, clock=clock, rates=rates)
    await program.start()
    day = Day(sandbox, program, clock, settings)
    persons, day.groups = sandbox.load_office(SAMPLE, started=True)
    ids = {name: person.id for name, person in persons.items()}
    groups = {name: group.id for name, group in day.groups.items()}
    await day.does(lambda desk: staff_the_office(desk, ids, groups))
    yield day
    await day.program.stop()


@pytest.fixture
async def siege(office: Day) -> AsyncIterator[Siege]:
    under = Siege(office)
    await office.program.sweep()
    await office.settled()
    yield under
    under.close()
