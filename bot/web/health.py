"""Whether the program does its work: what has waited for how long."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from office.desk import Desk
from storage import inbox, outbox

PATIENCE = {
    "updates": timedelta(minutes=2),
    "polling": timedelta(minutes=2),
    "messages": timedelta(minutes=5),
    "ticks": timedelta(seconds=30),
}
"""how long each may wait before it stands still"""


class Health(BaseModel):
    """Ages in seconds; null where nothing waits."""

    model_config = ConfigDict(frozen=True)

    ok: bool
    standing_still: tuple[str, ...] = ()
    """updates, polling, messages, ticks, database"""
    oldest_update_age: float | None = None
    oldest_message_age: float | None = None
    last_tick_age: float | None = None
    last_poll_age: float | None = None
    """since Telegram last answered when asked for updates; null where this program does not ask"""
    undone_updates: int = 0
    unsent_messages: int = 0

    def age(self, name: str) -> float:
        """Seconds that updates, polling, messages or ticks have waited; 0 where nothing waits."""
        ages = {
            "updates": self.oldest_update_age,
            "polling": self.last_poll_age,
            "messages": self.oldest_message_age,
            "ticks": self.last_tick_age,
        }
        return ages[name] or 0.0


class Ages(NamedTuple):
    """Seconds that only the program itself knows; None where there is nothing to say."""

    sweep: float | None
    """since the last sweep"""
    unkept: float | None = None
    """that updates have come and could not be kept"""
    poll: float | None = None
    """since Telegram last answered when asked for updates"""


def look(desk: Desk, ages: Ages) -> Health:
    """How it stands."""
    undone, oldest = inbox.waiting(session=desk.session)
    unsent, oldest_unsent = outbox.waiting(now=desk.now, session=desk.session)
    waited, message = _age(oldest, desk.now), _age(oldest_unsent, desk.now)
    update = max((age for age in (waited, ages.unkept) if age is not None), default=None)
    waits = {"updates": update, "polling": ages.poll, "messages": message, "ticks": ages.sweep}
    still = tuple(
        name for name, age in waits.items() if age is not None and age > PATIENCE[name].total_seconds()
    )
    return Health(
        ok=not still,
        standing_still=still,
        oldest_update_age=update,
        oldest_message_age=message,
        last_tick_age=ages.sweep,
        last_poll_age=ages.poll,
        undone_updates=undone,
        unsent_messages=unsent,
    )


def _age(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else max((now - since).total_seconds(), 0.0)
