"""Stand-ins that tests share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.clock import SteppedClock


class MovableClock(SteppedClock):
    """An office clock that stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self._at = at.astimezone(UTC)

    def target(self) -> datetime:
        return self._at

    def set(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def forward(self, by: timedelta) -> None:
        self._at += by


class Seconds:
    """Monotonic seconds that pass when told to, for network pacing."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at

    def pass_(self, seconds: float) -> None:
        self.at += seconds


async def until(condition: Callable[[], object], within: float = 5.0) -> None:
    """Wait until something is so; TimeoutError after `within` seconds."""
    loop = asyncio.get_running_loop()
    end = loop.time() + within
    while not condition():
        if loop.time() > end:
            raise TimeoutError("it did not come about")
        await asyncio.sleep(0.005)
