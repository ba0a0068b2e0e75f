"""The real program around a database, in this process, against a sandbox; the sample office in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import SecretStr
from sqlmodel import select

from bot.app import Program, build
from bot.clock import SystemClock
from bot.pacing import TELEGRAM
from bot.running import collect_seldom
from bot.sandbox import Sandbox
from bot.settings import Settings
from bot.turnstile import Rate, Rates
from office import members
from office.desk import Desk
from storage.migrations import upgrade
from storage.models import Member

UNSLOWED = Rates(sender=Rate(1, 0.0), group=Rate(1, 0.0))
"""everybody may write as fast as a benchmark does"""
SAMPLE = Path(members.__file__).with_name("sample")


def settings_for(sandbox: Sandbox, folder: Path, url: str) -> Settings:
    """The program's settings: this sandbox, this database."""
    return Settings(
        token=SecretStr(sandbox.token),
        base_url=sandbox.base_url,
        base_file_url=sandbox.base_file_url,
        data_dir=folder,
        database=SecretStr(url),
        lease_seconds=3600,
    )


@asynccontextmanager
async def running(sandbox: Sandbox, folder: Path, url: str) -> AsyncIterator[Program]:
    """The program, started, with Telegram's published limits."""
    upgrade(url)
    settings = settings_for(sandbox, folder, url)
    program = build(settings, clock=SystemClock(), limits=TELEGRAM, rates=UNSLOWED)
    await program.start()
    collect_seldom()  # as the program does then
    try:
        yield program
    finally:
        await program.stop()


def take_over(desk: Desk, ids: dict[str, int]) -> None:
    """The sample office's people; whoever is named can be reached under this Telegram id."""
    files = [(p.name, p.read_bytes()) for p in sorted(SAMPLE.glob("*.csv")) if p.stem in ("units", "staff")]
    members.import_people(desk, files, by=None)
    for member in desk.session.exec(select(Member)):
        member.telegram_id, member.reach = ids[member.name], "ok"
