"""What time it is. The only place of the program that reads the machine's clock."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """`now()` is aware and in UTC. `simulated`: the office's time can be moved."""

    simulated: bool

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    simulated = False

    def now(self) -> datetime:
        return datetime.now(UTC)


class SteppedClock:
    """An office clock that can be moved forward.

    It does not pass an instant at which something is due before that is done (`wait_at`): a clock that was
    moved over a weekend looks as if the weekend had gone by, not as if the program had been switched off.
    """

    simulated = True

    def __init__(self) -> None:
        self._waits_at: datetime | None = None

    def target(self) -> datetime:
        """Where the clock has been moved to."""
        raise NotImplementedError

    def now(self) -> datetime:
        """Where the office has got to on the way there."""
        target = self.target()
        return target if self._waits_at is None else min(target, self._waits_at)

    def wait_at(self, instant: datetime | None) -> None:
        """Do not pass this instant for now; None lets the clock run."""
        self._waits_at = instant


class FileClock(SteppedClock):
    """The machine's clock plus an offset in a file, `{"offset": seconds}`, that the sandbox moves."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._known: tuple[tuple[int, int] | None, timedelta] = None, timedelta(0)
        """which file was read, and what it said; together, for several threads ask"""

    def target(self) -> datetime:
        return datetime.now(UTC) + self._offset()

    def _offset(self) -> timedelta:
        """Read from the file again if it was replaced; a file that is not there (yet) moves nothing."""
        seen, offset = self._known
        with contextlib.suppress(FileNotFoundError):
            state = self._path.stat()
            if seen != (state.st_mtime_ns, state.st_ino):
                offset = timedelta(seconds=json.loads(self._path.read_text(encoding="utf-8"))["offset"])
                self._known = (state.st_mtime_ns, state.st_ino), offset
        return offset
