"""The program as processes of their own, on a database that outlives them."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from doubles import until
from sqlalchemy import text

from bot.sandbox import Sandbox
from storage.engine import open_engine, reading

LEASE = float(os.environ.get("DUBAN_TEST_LEASE") or 2.0)
"""seconds that a killed or frozen program is waited for; 9 outside of tests"""
IN_FLIGHT = "SELECT count(*) FROM outbox WHERE state = 'sending'"


class Database:
    """Reads what the programs have written. It must be closed."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with reading(self.engine) as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    async def settled(self, sandbox: Sandbox, within: float = 20.0) -> None:
        """Everything has had its effect and every message is out."""
        await until(lambda: not sandbox.cloud.updates.waiting, within)
        await until(lambda: not self.ask("SELECT 1 FROM inbox WHERE done_at IS NULL"), within)
        waiting = "SELECT 1 FROM outbox WHERE state IN ('pending', 'sending')"
        await until(lambda: not self.ask(waiting), within)

    def close(self) -> None:
        self.engine.dispose()


class Process(Database):
    """One program."""

    def __init__(self, sandbox: Sandbox, folder: Path, url: str, **settings: str) -> None:
        super().__init__(url)
        self.folder = folder
        self.kills = 0
        self._environ = {
            name: value for name, value in os.environ.items() if not name.startswith(("DUBAN_", "TELEGRAM_"))
        } | {
            "TELEGRAM_BOT_TOKEN": sandbox.token,
            "TELEGRAM_BASE_URL": sandbox.base_url,
            "DUBAN_DATA_DIR": str(folder),
            "DUBAN_DATABASE_URL": url,
            "DUBAN_CLOCK_FILE": str(folder / "clock.json"),
            "DUBAN_LEASE_SECONDS": str(LEASE),
            **settings,
        }
        self._running: asyncio.subprocess.Process | None = None

    async def start(self, log: str = "log") -> None:
        with (self.folder / log).open("ab") as errors:
            self._running = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run"),
                env=self._environ,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=errors,
            )

    async def kill(self) -> None:
        """kill -9"""
        self.send(signal.SIGKILL)
        assert self._running is not None
        await self._running.wait()
        self.kills += 1

    def send(self, number: signal.Signals) -> None:
        assert self._running is not None
        assert self._running.returncode is None, "it had ended by itself"
        self._running.send_signal(number)

    async def stop(self, within: float = 20.0) -> int | None:
        """SIGTERM, and a frozen one goes on; its exit code."""
        if self._running is None or self._running.returncode is not None:
            return None
        self._running.send_signal(signal.SIGTERM)
        self._running.send_signal(signal.SIGCONT)
        try:
            return await asyncio.wait_for(self._running.wait(), within)
        except TimeoutError:
            self._running.kill()
            raise


class Programs(Database):
    """Three programs on one database, by the names they give themselves."""

    def __init__(self, sandbox: Sandbox, folder: Path, url: str, *each: dict[str, str]) -> None:
        """`each`: the settings of each."""
        super().__init__(url)
        self.folder = folder
        self.all = [Process(sandbox, folder, url, **settings) for settings in each or ({}, {}, {})]
        self.in_flight = 0
        """messages that were on their way when a program was killed or frozen: they may come twice"""

    async def __aenter__(self) -> Programs:
        for number, program in enumerate(self.all):
            await program.start(f"log{number}")
        await until(lambda: len(self.names()) == len(self.all), within=30)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*(program.stop() for program in self.all))
        for one in (*self.all, self):
            one.close()

    def log(self, number: int) -> list[dict[str, Any]]:
        lines = (self.folder / f"log{number}").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def names(self) -> dict[str, Process]:
        started = {
            line["program"]: number
            for number in range(len(self.all))
            for line in self.log(number)
            if line["event"] == "started"
        }
        return {name: self.all[number] for name, number in started.items()}

    def holder(self, duty: str) -> str:
        ((name,),) = self.ask(f"SELECT holder FROM lease WHERE name = '{duty}'")
        return name

    async def taken_over(self, duty: str, since: str) -> float:
        """Seconds until another program does it."""
        begun = time.monotonic()
        await until(lambda: self.holder(duty) != since, within=20)
        seconds = time.monotonic() - begun
        print(f"{duty}: taken over after {seconds:.1f} s, a lease being {LEASE:g} s")
        return seconds

    def hit(self, name: str, number: signal.Signals) -> None:
        self.names()[name].send(number)
        ((under_way,),) = self.ask(IN_FLIGHT)
        self.in_flight += under_way
