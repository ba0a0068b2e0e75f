"""The machine the program runs on: its process, its sleep, its clock."""

from __future__ import annotations

import json
import signal
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from chaos.databases import Database
from office_day import ZONE
from processes import Process
from sqlalchemy.exc import DBAPIError

from bot.sandbox import Sandbox


class Machine(Process):
    """One program on one machine."""

    def __init__(self, sandbox: Sandbox, folder: Path, database: Database, **settings: str) -> None:
        super().__init__(sandbox, folder, database.url, **settings)
        self.database, self.sandbox = database, sandbox

    @property
    def runs(self) -> bool:
        return self._running is not None and self._running.returncode is None

    @property
    def pid(self) -> int:
        assert self._running is not None
        return self._running.pid

    def ask_or_none(self, query: str) -> list[tuple[Any, ...]] | None:
        """What the database says; None while it is away."""
        try:
            return self.ask(query)
        except (DBAPIError, OSError):  # its driver lets some errors of a broken connection through
            return None

    @property
    def now(self) -> datetime:
        """What the office's clock says."""
        return datetime.fromtimestamp(time.time() + self._offset(), ZONE)

    def set_clock(self, at: datetime) -> None:
        self._write(at.timestamp() - time.time())

    def move_clock(self, by: timedelta) -> None:
        """Forth, or back."""
        self._write(self._offset() + by.total_seconds())

    def _offset(self) -> float:
        return float(json.loads((self.folder / "clock.json").read_text())["offset"])

    def _write(self, offset: float) -> None:
        new = self.folder / "clock.new"
        new.write_text(json.dumps({"offset": offset}))
        new.replace(self.folder / "clock.json")

    def freeze(self) -> None:
        """The machine falls asleep."""
        self.send(signal.SIGSTOP)

    def thaw(self) -> None:
        self.send(signal.SIGCONT)
