"""How fast Telegram may be written to: its published limits, and the pauses it asks for.

30 messages a second overall, one a second to a chat (five in five seconds), twenty a minute to a group.
Edits and deletions count overall only. A message counts from its start until its answer and then for the
length of the window: whenever in between Telegram counted it, the limit holds.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from storage.outbox import URGENT

LOST = 3.0
"""seconds after which a message still under way is taken to have been counted long ago"""
BURST = 3
"""ordinary messages that may follow each other at once before they are spread evenly over the second"""
FLOOD = 3
"""refusals by different chats in a row, with no message taken in between, that mean the whole bot"""


@dataclass(eq=False)
class Slot:
    """A message under way, or just sent. Monotonic seconds."""

    chat_id: int
    started: float
    ended: float | None = None

    def counted(self, now: float) -> float:
        """The latest moment at which Telegram may have counted it."""
        return min(now, self.started + LOST) if self.ended is None else self.ended


@dataclass(eq=False)
class Window:
    """At most `most` messages in any `seconds`."""

    most: int
    seconds: float
    slots: list[Slot] = field(default_factory=list)

    def wait(self, now: float, keep: int = 0) -> float:
        """Seconds until there is room for one more, with `keep` places left free."""
        self.slots = [slot for slot in self.slots if slot.counted(now) + self.seconds > now]
        surplus = len(self.slots) - (self.most - keep)
        if surplus < 0:
            return 0.0
        free = sorted(slot.counted(now) + self.seconds for slot in self.slots)
        return free[surplus] - now


@dataclass(frozen=True)
class Limits:
    """Telegram's limits as (messages, seconds)."""

    overall: tuple[int, float] = (30, 1.0)
    chat: tuple[int, float] = (5, 5.0)
    group: tuple[int, float] = (20, 60.0)
    reserved: int = 3
    """places of a group's minute that only emergencies and urgent matters take"""


TELEGRAM = Limits()
UNLIMITED = Limits(overall=(100_000, 1.0), chat=(100_000, 1.0), group=(100_000, 1.0))
"""for the sandbox, whose office clock runs faster than Telegram would let anybody write"""


class Pacing:
    """Says how long a message has to wait. `seconds` is a monotonic clock."""

    def __init__(self, limits: Limits = TELEGRAM, seconds: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._seconds = seconds
        self._overall = Window(*limits.overall)
        self._chats: defaultdict[int, Window] = defaultdict(lambda: Window(*limits.chat))
        self._groups: defaultdict[int, Window] = defaultdict(lambda: Window(*limits.group))
        self._paused: dict[int, float] = {}
        self._all_paused = 0.0
        self._even = 0.0
        """when the next ordinary message would come if they were spread evenly"""
        self._refused: list[int] = []
        """chats that were refused since a message was last taken"""

    def wait(self, chat_id: int, priority: int, op: str) -> float:
        """Seconds until this message may be sent; 0 or less when it may now."""
        return max(self.opening(priority), self._wait_of_chat(chat_id, priority, op))

    def opening(self, priority: int) -> float:
        """Seconds until any message of this priority may be sent; 0 or less when one may now.

        Ordinary messages are spread evenly, so that a place is never far away for an urgent one.
        """
        now = self._seconds()
        wait = max(self._all_paused - now, self._overall.wait(now))
        return max(wait, self._even - BURST * self._interval - now) if priority > URGENT else wait

    def closed(self) -> dict[int, float]:
        """Chats to which nothing may be sent now, with the seconds that it takes."""
        now = self._seconds()
        self._paused = {chat: until for chat, until in self._paused.items() if until > now}
        waits = {chat: until - now for chat, until in self._paused.items()}
        for windows in (self._chats, self._groups):
            for chat, window in list(windows.items()):
                waits[chat] = max(waits.get(chat, 0.0), window.wait(now))
                if not window.slots:
                    del windows[chat]
        return {chat: wait for chat, wait in waits.items() if wait > 0}

    def begin(self, chat_id: int, op: str) -> Slot:
        """A message is under way from now on."""
        now = self._seconds()
        slot = Slot(chat_id, now)
        self._even = max(self._even, now) + self._interval
        self._overall.slots.append(slot)
        if _is_new(op):
            self._chats[chat_id].slots.append(slot)
            if chat_id < 0:
                self._groups[chat_id].slots.append(slot)
        return slot

    def end(self, slot: Slot) -> None:
        """Its answer is there."""
        slot.ended = self._seconds()

    def remember(self, chat_id: int, op: str, age: float) -> None:
        """Another program, or this one before it was started, sent a message `age` seconds ago."""
        slot = self.begin(chat_id, op)
        slot.started = slot.ended = self._seconds() - max(age, 0.0)
        self._even -= self._interval

    def cancel(self, slot: Slot) -> None:
        """It was not sent after all."""
        slot.ended = slot.started - 3600.0
        self._even -= self._interval

    def taken(self) -> None:
        """Telegram took a message: whatever it refused before was about one chat."""
        self._refused.clear()

    def refuse(self, chat_id: int, seconds: float) -> bool:
        """Telegram asked to wait (429): pauses that chat, or everything; whether it is everything.

        The answer does not say whom it is about. A limit of one chat lets messages to other chats
        through, one of the whole bot does not: so everything pauses only after several different chats
        were refused in a row with nothing taken in between.
        """
        self.pause(chat_id, seconds)
        if chat_id not in self._refused:
            self._refused.append(chat_id)
        everything = len(self._refused) >= FLOOD
        if everything:
            self.pause_all(seconds)
            self._refused.clear()
        return everything

    def pause(self, chat_id: int, seconds: float) -> None:
        self._paused[chat_id] = max(self._paused.get(chat_id, 0.0), self._seconds() + seconds)

    def pause_all(self, seconds: float) -> None:
        self._all_paused = max(self._all_paused, self._seconds() + seconds)

    @property
    def _interval(self) -> float:
        most, seconds = self._limits.overall
        return seconds / most

    def _wait_of_chat(self, chat_id: int, priority: int, op: str) -> float:
        now = self._seconds()
        waits = [self._paused.get(chat_id, 0.0) - now, 0.0]
        if _is_new(op):
            waits.append(self._chats[chat_id].wait(now))
            if chat_id < 0:
                keep = self._limits.reserved if priority > URGENT else 0
                waits.append(self._groups[chat_id].wait(now, keep))
        return max(waits)


def _is_new(op: str) -> bool:
    return op in ("send", "document")
