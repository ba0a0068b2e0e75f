"""Whether the program does its work: what has waited for how long."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from office.desk import Desk
from storage import inbox, outbox

PATIENCE = {
    "updates": timedelta(minutes=2),
    "messages": timedelta(minutes=5),
    "ticks": timedelta(seconds=30),
}
"""how long each may wait before it stands still"""


class Health(BaseModel):
    """Ages in seconds; null where nothing waits."""

    model_config = ConfigDict(frozen=True)

    ok: bool
    standing_still: tuple[str, ...] = ()
    """updates, messages, ticks, database"""
    oldest_update_age: float | None = None
    oldest_message_age: float | None = None
    last_tick_age: float | None = None
    undone_updates: int = 0
    unsent_messages: int = 0

    def age(self, name: str) -> float:
        """Seconds that the oldest of updates, messages or ticks has waited; 0 where nothing waits."""
        ages = {
            "updates": self.oldest_update_age,
            "messages": self.oldest_message_age,
            "ticks": self.last_tick_age,
        }
        return ages[name] or 0.0


def look(desk: Desk, sweep_age: float | None) -> Health:
    """How it stands; `sweep_age`: seconds since the last sweep, None before the first."""
    undone, oldest = inbox.waiting(session=desk.session)
    unsent, oldest_unsent = outbox.waiting(now=desk.now, session=desk.session)
    update, message = _age(oldest, desk.now), _age(oldest_unsent, desk.now)
    waits = {"updates": update, "messages": message, "ticks": sweep_age}
    still = tuple(
        name for name, age in waits.items() if age is not None and age > PATIENCE[name].total_seconds()
    )
    return Health(
        ok=not still,
        standing_still=still,
        oldest_update_age=update,
        oldest_message_age=message,
        last_tick_age=sweep_age,
        undone_updates=undone,
        unsent_messages=unsent,
    )


def _age(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else max((now - since).total_seconds(), 0.0)
