"""The program as processes of their own, on a database that outlives them."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from doubles import until
from sqlalchemy import text

from bot.sandbox import Sandbox
from storage.engine import open_engine

LEASE = 2.0
"""seconds that a killed or frozen program is waited for"""


class Database:
    """Reads what the programs have written. It must be closed."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        connection = self.engine.connect().execution_options(read_only=True)
        with connection:
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

    async def stop(self) -> int | None:
        """SIGTERM; its exit code."""
        if self._running is None or self._running.returncode is not None:
            return None
        self._running.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self._running.wait(), 20)
