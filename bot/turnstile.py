"""Who writes faster than anybody works is let through slowly: one member, or one group, and nobody else.

Nothing is lost over it: what waits here is kept in the inbox already, and is played again after a restart.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

from telegram import Update

KNOWN = 10_000
"""senders and groups that are remembered"""


@dataclass(frozen=True)
class Rate:
    """`burst` updates at once, then one every so many seconds."""

    burst: int
    every: float


@dataclass(frozen=True)
class Rates:
    """How fast a sender, and all of a group together, may go on."""

    sender: Rate = Rate(40, 1.0)
    group: Rate = Rate(120, 0.25)


class Turnstile:
    """Lets updates through in order. `slowed` is called with the first update that has to wait, and its key.

    The key is the id of the sender or of the group, whoever it is that goes too fast. Without rates
    everything goes through at once.
    """

    def __init__(
        self,
        through: Callable[[Update], None],
        slowed: Callable[[Update, int], None],
        rates: Rates | None,
        seconds: Callable[[], float],
    ) -> None:
        self._through, self._slowed = through, slowed
        self._rates, self._seconds = rates, seconds
        self._free_at: OrderedDict[int, float] = OrderedDict()
        self._lines: dict[int, deque[Update]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def admit(self, update: Update) -> None:
        """Let an update through, now or when it is its turn."""
        keys = _keys(update) if self._rates is not None else ()
        key = next((key for key in keys if key in self._lines or self._wait(key) > 0), None)
        if key is None:
            self._pass(update, keys)
        elif key in self._lines:
            self._lines[key].append(update)
        else:
            self._lines[key] = deque([update])
            task = asyncio.create_task(self._let_through(key), name="turnstile")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            self._slowed(update, key)

    def drop(self) -> int:
        """Forget what waits: how many."""
        for task in self._tasks:
            task.cancel()
        left = sum(map(len, self._lines.values()))
        self._lines.clear()
        return left

    async def _let_through(self, key: int) -> None:
        line = self._lines[key]
        while line:
            await asyncio.sleep(self._wait(key))
            update = line.popleft()
            self._pass(update, _keys(update))
        del self._lines[key]

    def _pass(self, update: Update, keys: tuple[int, ...]) -> None:
        now = self._seconds()
        for key in keys:
            self._free_at[key] = max(self._free_at.get(key, now), now) + self._rate(key).every
            self._free_at.move_to_end(key)
        while len(self._free_at) > KNOWN:
            self._free_at.popitem(last=False)
        self._through(update)

    def _wait(self, key: int) -> float:
        """Seconds until the next update of this sender or group may go on."""
        rate, now = self._rate(key), self._seconds()
        return max(0.0, self._free_at.get(key, now) - now - (rate.burst - 1) * rate.every)

    def _rate(self, key: int) -> Rate:
        assert self._rates is not None
        return self._rates.group if key < 0 else self._rates.sender


def _keys(update: Update) -> tuple[int, ...]:
    """The sender, and the group; in private they are one."""
    user, chat = update.effective_user, update.effective_chat
    return tuple(dict.fromkeys(one.id for one in (user, chat) if one is not None))
