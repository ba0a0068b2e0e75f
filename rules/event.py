"""Limits that count from an event, before or after it, and move with it (rules.md, "Counting time").

A meeting, a contract's signing, an instruction given: what counts from it is due at once where its instant
is past already.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

From = Literal["registered", "received", "begun", "event", "event_end"]


class Counted(Protocol):
    """What has a limit that counts from something."""

    @property
    def from_(self) -> From: ...


class Moved(NamedTuple):
    """A limit that an event took with it: where it was, where it is; both None where it has none."""

    step_id: int
    was: datetime | None
    due: datetime | None
    provisional: bool

    def at_once(self, now: datetime) -> bool:
        """Whether it would lie in the past, so that it is due at once."""
        return self.due is not None and self.due <= now


def counts_from_event(rule: Counted) -> bool:
    """Whether a limit depends on when the event is."""
    return rule.from_ in ("event", "event_end")


def changed(limits: Iterable[Moved]) -> list[Moved]:
    """Those that stand elsewhere now, the earliest first; what has no limit comes last."""
    moved = [one for one in limits if one.due != one.was]
    return sorted(moved, key=lambda one: (one.due is None, one.due, one.step_id))
