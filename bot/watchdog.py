"""Watches whether the work is done: what has waited for how long, who is told, who hears that all is well.

A program that cannot tell any more, because it is gone or its database is, is noticed by its silence: the
address of the heartbeat is no longer called.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import httpx
from sqlalchemy.exc import SQLAlchemyError

from bot.web.health import Ages, Health, look
from bot.worker import Worker
from office import standstill

EVERY = 10.0
"""seconds between two looks"""
HEARTBEAT = 60.0
PATIENCE = 10.0
"""seconds that the address of the heartbeat may take to answer"""

log = logging.getLogger("duban.watchdog")


class Watchdog:
    """Looks every 10 seconds. `name` tells this program from others on the same database."""

    def __init__(
        self,
        worker: Worker,
        ages: Callable[[], Ages],
        *,
        name: str,
        alone: bool,
        heartbeat_url: str | None,
    ) -> None:
        self._worker = worker
        self._ages = ages
        self._ticks = "ticks" if alone else f"ticks:{name}"
        self._heartbeat_url = heartbeat_url
        self._watching: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._watching = asyncio.create_task(self._watch(), name="watchdog")

    async def stop(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)

    async def look(self) -> Health:
        """How it stands; a database that does not answer is one of the things that stand still."""
        ages = self._ages()
        try:
            return await self._worker.look(lambda desk: look(desk, ages))
        except Exception as error:
            log.error("health not known", extra={"error": type(error).__name__})
            return Health(ok=False, standing_still=("database",), last_tick_age=ages.sweep)

    async def check(self) -> Health:
        """Look, and tell the administrators what has come to a standstill or goes on."""
        health = await self.look()
        if "database" not in health.standing_still:
            names = {"ticks": self._ticks}
            still = {names.get(name, name): health.age(name) for name in health.standing_still}
            known = {"updates", "messages", self._ticks} | ({"polling"} if health.last_poll_age else set())
            goes_on = known - still.keys()
            for name in still:
                log.error("standing still", extra={"what": name})
            await self._worker.do(lambda desk: standstill.note(desk, still, goes_on))
        return health

    async def _watch(self) -> None:
        loop, beat = asyncio.get_running_loop(), 0.0
        while True:
            await asyncio.sleep(EVERY)
            try:
                health = await self.check()
            except SQLAlchemyError as error:
                log.error("standstill not noted", extra={"error": type(error).__name__})
                continue
            if health.ok and self._heartbeat_url is not None and loop.time() - beat >= HEARTBEAT - 1:
                beat = loop.time()
                async with httpx.AsyncClient(timeout=PATIENCE, follow_redirects=True) as client:
                    await call(client, self._heartbeat_url)


async def call(client: httpx.AsyncClient, url: str) -> None:
    """Say that all is well; where nobody hears it, only the log knows."""
    try:
        (await client.get(url)).raise_for_status()
    except httpx.HTTPError as error:
        log.warning("heartbeat not heard", extra={"error": type(error).__name__})


def metrics(health: Health) -> str:
    """What Prometheus reads (text format 0.0.4): ages in seconds, 0 where nothing waits."""
    gauges: list[tuple[str, str, float]] = [
        ("up", "1 while nothing stands still", float(health.ok)),
        ("oldest_update_age_seconds", "age of the oldest update without effect", health.age("updates")),
        ("oldest_message_age_seconds", "age of the oldest unsent message", health.age("messages")),
        ("last_tick_age_seconds", "time since what fell due was last done", health.age("ticks")),
        ("last_poll_age_seconds", "time since Telegram last brought updates or none", health.age("polling")),
        ("undone_updates", "updates without effect", health.undone_updates),
        ("unsent_messages", "messages that might have been sent", health.unsent_messages),
    ]
    return "".join(
        f"# HELP duban_{name} {words}\n# TYPE duban_{name} gauge\nduban_{name} {value:g}\n"
        for name, words, value in gauges
    )
