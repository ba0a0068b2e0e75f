"""Trouble on order: what the next calls or updates are to suffer."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

Json = dict[str, Any]

CALL_FAULTS = ("too_many_requests", "error", "cut_before", "cut_after", "slow")
UPDATE_FAULTS = ("duplicate_update", "reorder_update")


@dataclass
class Fault:
    """One order of trouble.

    kind: `too_many_requests` (429, waits `retry_after` seconds) · `error` (`status` 500, 502, 409, ... and
    Telegram's words in `description`) ·
    `cut_before` and `cut_after` (the connection is cut before the call has its effect, or after it) ·
    `slow` (effect at once, answer after `seconds`) · `duplicate_update` · `reorder_update`.
    method: the call it hits; None hits every call but getUpdates, "*" really every one.
    chat_id: only calls that name this chat. count: how many it hits; None means until removed.
    lasts: seconds after which it ends by itself; a 429 then names the seconds that are left.
    """

    kind: str
    method: str | None = None
    chat_id: int | None = None
    count: int | None = 1
    retry_after: int = 1
    status: int = 500
    description: str = ""
    seconds: float = 30.0
    lasts: float | None = None
    hits: int = 0
    since: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in CALL_FAULTS + UPDATE_FAULTS:
            raise ValueError(f"kind must be one of {', '.join(CALL_FAULTS + UPDATE_FAULTS)}, not {self.kind}")
        self.since = time.monotonic()

    @property
    def is_over(self) -> bool:
        used_up = self.count is not None and self.hits >= self.count
        return used_up or (self.lasts is not None and time.monotonic() >= self.since + self.lasts)

    @property
    def seconds_left(self) -> int:
        if self.lasts is None:
            return self.retry_after
        return max(1, math.ceil(self.since + self.lasts - time.monotonic()))

    def hits_call(self, method: str, chat_id: int | None) -> bool:
        if self.kind not in CALL_FAULTS or self.is_over:
            return False
        if self.method is None:
            right_method = method != "getUpdates"
        else:
            right_method = self.method == "*" or self.method.lower() == method.lower()
        return right_method and (self.chat_id is None or self.chat_id == chat_id)


class Faults:
    """The orders in force, oldest first."""

    def __init__(self) -> None:
        self.orders: list[Fault] = []
        self.listeners: list[Callable[[Fault, str, int | None], None]] = []
        """each is told of a fault that hits a call, before the call has its effect: fault, method, chat"""

    def add(self, kind: str, **details: Any) -> Fault:
        """Orders trouble: `add("too_many_requests", chat_id=5, retry_after=3, count=2)`; see `Fault`."""
        fault = Fault(kind, **details)
        self.orders.append(fault)
        return fault

    def clear(self) -> None:
        self.orders.clear()

    def take(self, kind: str) -> bool:
        """Whether an update suffers this now; counts the hit."""
        fault = next((f for f in self.orders if f.kind == kind and not f.is_over), None)
        if fault is not None:
            fault.hits += 1
            for listener in self.listeners:
                listener(fault, "update", None)
        return fault is not None

    def for_call(self, method: str, chat_id: int | None) -> Fault | None:
        """The first order that hits this call; counts the hit."""
        fault = next((f for f in self.orders if f.hits_call(method, chat_id)), None)
        if fault is not None:
            fault.hits += 1
            for listener in self.listeners:
                listener(fault, method, chat_id)
        return fault

    def as_json(self) -> list[Json]:
        return [
            {f.name: getattr(fault, f.name) for f in fields(Fault) if f.name != "since"}
            for fault in self.orders
        ]
