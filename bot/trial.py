"""Trying the office without a token: the sandbox beside the program, with the sample office at work."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import SecretStr

import office
from bot import sample_office
from bot.app import Program, build
from bot.clock import Clock, FileClock
from bot.failed import Failed
from bot.running import serve, set_up_logs
from bot.sandbox.server import TOKEN
from bot.settings import Settings
from office import duty_roster
from rules.policy_files import load_policy
from rules.working_time import Calendar
from storage.migrations import upgrade

SAMPLE = Path(office.__file__).with_name("sample")
PORT = 8090
FIRST_HOUR = timedelta(hours=1)
DUTY_DAYS = 60
"""how far ahead the sample roster is filled in at each start"""


def run(settings: Settings, *, verbose: bool) -> int:
    """Run sandbox and program until SIGTERM or SIGINT; what is done stays for the next time."""
    set_up_logs(settings, level=logging.DEBUG if verbose else logging.WARNING)
    folder = settings.data_dir / "trial"
    folder.mkdir(parents=True, exist_ok=True)
    clock = FileClock(folder / "clock.json")
    calendar = _calendar(settings)
    go_to_office_hours(clock, folder / "clock.json", calendar)
    write_days_off(folder / "days.json", calendar, clock.now())
    asyncio.run(_run(settings, folder))
    return 0


def trial_settings(settings: Settings, folder: Path, address: str) -> Settings:
    """The settings of the program when it talks to the sandbox at `address`."""
    return Settings(
        token=SecretStr(TOKEN),
        base_url=f"{address}/bot",
        base_file_url=f"{address}/file/bot",
        data_dir=folder,
        database=SecretStr(f"sqlite:///{folder / 'duban.db'}"),
        policy_dir=settings.policy_dir,
        timezone=settings.timezone,
        clock_file=folder / "clock.json",
    )


def go_to_office_hours(clock: Clock, file: Path, calendar: Calendar) -> None:
    """Move the office's clock to the next opening where nobody is at work now.

    At the very first start somebody has to be for an hour: the first +1 小时 is to show what a limit is.
    """
    now = calendar.local(clock.now())
    ahead = timedelta(0) if file.exists() else FIRST_HOUR
    if calendar.is_working(now) and calendar.add_working(now, ahead) == now + ahead:
        return
    days = (now.date(), calendar.next_working_day(now.date()))
    sessions = product((day for day in days if calendar.is_working_day(day)), calendar.hours.sessions)
    openings = (datetime.combine(day, opens, calendar.zone) for day, (opens, _) in sessions)
    opening = next(one for one in openings if one > now)
    offset = json.loads(file.read_text(encoding="utf-8"))["offset"] if file.exists() else 0.0
    offset += (opening - now).total_seconds()
    file.write_text(json.dumps({"offset": offset}), encoding="utf-8")


def write_days_off(file: Path, calendar: Calendar, now: datetime) -> None:
    """The holidays and make-up workdays of this year and the next, for the sandbox's clock."""
    first = date(now.year, 1, 1)
    days = [first + timedelta(days=number) for number in range(731)]
    off = [day for day in days if day.weekday() < 5 and not calendar.is_working_day(day)]
    worked = [day for day in days if day.weekday() >= 5 and calendar.is_working_day(day)]
    lists = {"off": [day.isoformat() for day in off], "worked": [day.isoformat() for day in worked]}
    file.write_text(json.dumps(lists), encoding="utf-8")


@asynccontextmanager
async def sandbox(folder: Path, port: int = PORT) -> AsyncIterator[tuple[Process, str]]:
    """The sandbox as a process of its own, and its address; on a free port where the usual one is taken."""
    process, address = await _start(folder, port)
    if address is None and port:
        process, address = await _start(folder, 0)
    if address is None:
        raise Failed("沙盒没有启动。")
    try:
        yield process, address
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _start(folder: Path, port: int) -> tuple[Process, str | None]:
    options = ["--port", port, "--token", TOKEN, "--office", SAMPLE, "--started"]
    options += ["--keep", folder / "chats.pickle", "--clock-file", folder / "clock.json"]
    options += ["--days-file", folder / "days.json"]
    # In a session of its own: Ctrl-C reaches the program first, which then ends the sandbox.
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.sandbox", *map(str, options)),
        stdout=PIPE,
        stderr=DEVNULL if port else None,
        start_new_session=True,
    )
    assert process.stdout is not None
    async for line in process.stdout:
        _, found, rest = line.decode().partition("http://")
        if found:
            return process, (found + rest).strip().rstrip("/")
    await process.wait()
    return process, None


async def _run(settings: Settings, folder: Path) -> None:
    async with sandbox(folder) as (process, address):
        own = trial_settings(settings, folder, address)
        upgrade(own.database_url)
        program = build(own)
        program.worker.do_now(lambda desk: sample_office.settle_in(desk, SAMPLE))
        roster = (SAMPLE / "duty.csv").read_bytes()
        program.worker.do_now(lambda desk: duty_roster.fill_ahead(desk, "duty.csv", roster, DUTY_DAYS))
        sample_office.begin_work(program.worker)
        watching = asyncio.create_task(_watch(process, program))
        try:
            await serve(program, f"督办已在本机试用：请用浏览器打开 {address}/ （按 Ctrl+C 结束）")
        finally:
            watching.cancel()


async def _watch(process: Process, program: Program) -> None:
    """End the program when the sandbox ends."""
    await process.wait()
    program.fail(Failed("沙盒已停止。"))


def _calendar(settings: Settings) -> Calendar:
    rule = load_policy(settings.policy_dir).calendar
    return Calendar(ZoneInfo(settings.timezone), rule.hours, rule.own_notices())
