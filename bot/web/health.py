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


def look(desk: Desk, sweep_age: float | None) -> Health:
    """How it stands; `sweep_age`: seconds since the last sweep, None before the first."""
    update = _age(inbox.oldest_undone(session=desk.session), desk.now)
    message = _age(outbox.oldest_unsent(now=desk.now, session=desk.session), desk.now)
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
    )


def _age(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else max((now - since).total_seconds(), 0.0)
