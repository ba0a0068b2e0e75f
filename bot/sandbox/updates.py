"""The bot's queue of updates: given out by long polling or by webhook, kept until acknowledged."""

import asyncio
import http.client
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.faults import Faults

Json = dict[str, Any]

CONFLICT_POLL = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
CONFLICT_WEBHOOK = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
HOLD_BACK = 0.5  # seconds an update is held back when no later one overtakes it


@dataclass(eq=False)
class _Waiting:
    update: Json
    copies: int = 1  # how often it is to be given out before it is forgotten
    given: bool = False

    @property
    def id(self) -> int:
        return int(self.update["update_id"])


@dataclass
class Webhook:
    url: str
    secret: str | None
    max_connections: int
    last_error_date: int | None = None
    last_error_message: str | None = None


class Updates:
    """Ids rise by one from `first_id`; what arrives while no bot listens waits."""

    def __init__(self, faults: Faults, first_id: int) -> None:
        self.faults = faults
        self.next_id = first_id
        self.waiting: list[_Waiting] = []
        self.allowed: set[str] | None = None
        self.webhook: Webhook | None = None
        self.webhook_retry = 0.5  # seconds after a delivery that failed
        self._arrived = asyncio.Event()
        self._poller: asyncio.Future[None] | None = None
        self._courier: asyncio.Task[None] | None = None
        self._held: _Waiting | None = None

    # -- arriving -----------------------------------------------------------------------------
    def push(self, kind: str, payload: Json) -> int | None:
        """Queues an update of that kind; its id, or None when the bot did not ask for the kind."""
        if kind not in self.allowed if self.allowed else kind in NOT_BY_DEFAULT:
            return None
        return self.inject({"update_id": self.next_id, kind: payload})

    def inject(self, update: Json) -> int:
        """Queues an update as it is; one without `update_id` gets the next."""
        update = {"update_id": self.next_id} | update
        self.next_id = max(self.next_id, update["update_id"] + 1)
        entry = _Waiting(update, copies=2 if self.faults.take("duplicate_update") else 1)
        if self._held is None and self.faults.take("reorder_update"):
            self._held = entry
            asyncio.get_running_loop().call_later(HOLD_BACK, self._release)
        else:
            self._queue(entry)
            self._release()
        return entry.id

    def _queue(self, entry: _Waiting) -> None:
        self.waiting.append(entry)
        self._arrived.set()

    def _release(self) -> None:
        if self._held is not None:
            held, self._held = self._held, None
            self._queue(held)

    def drop_all(self) -> None:
        self.waiting.clear()

    # -- long polling -------------------------------------------------------------------------
    async def poll(self, offset: int, limit: int, within: float, allowed: Sequence[str] | None) -> list[Json]:
        """`getUpdates`: a newer call ends this one with 409, as Telegram does."""
        if self.webhook is not None:
            raise ApiError(409, CONFLICT_WEBHOOK)
        if allowed is not None:
            self.allowed = set(allowed) or None
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(ApiError(409, CONFLICT_POLL))
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poller = mine
        self._acknowledge(offset)
        await self._until_there_is_something(mine, within)
        batch = self.waiting[:limit]
        for entry in batch:
            entry.given = True
        return [entry.update for entry in batch]

    async def _until_there_is_something(self, mine: asyncio.Future[None], within: float) -> None:
        if not self.waiting and within > 0:
            self._arrived.clear()
            arrived = asyncio.create_task(self._arrived.wait())
            either: set[asyncio.Future[Any]] = {arrived, mine}
            try:
                await asyncio.wait(either, timeout=within, return_when=asyncio.FIRST_COMPLETED)
            finally:
                arrived.cancel()
        if mine.done():
            mine.result()
        mine.cancel()

    def _acknowledge(self, offset: int) -> None:
        if offset < 0:
            del self.waiting[: max(len(self.waiting) + offset, 0)]
            return
        for entry in [e for e in self.waiting if e.given and e.id < offset]:
            self._done(entry)

    def _done(self, entry: _Waiting) -> None:
        entry.copies -= 1
        entry.given = False
        if entry.copies <= 0 and entry in self.waiting:
            self.waiting.remove(entry)

    def end_polls(self) -> None:
        """Lets a waiting poll answer with nothing: the server is closing."""
        self._arrived.set()

    # -- webhook ------------------------------------------------------------------------------
    def set_webhook(self, webhook: Webhook, allowed: Sequence[str] | None) -> None:
        if not urlsplit(webhook.url).hostname:
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if allowed is not None:
            self.allowed = set(allowed) or None
        self.webhook = webhook
        if self._courier is None or self._courier.done():
            self._courier = asyncio.create_task(self._deliver())

    async def delete_webhook(self) -> None:
        self.webhook = None
        if self._courier is not None:
            self._courier.cancel()
            await asyncio.gather(self._courier, return_exceptions=True)
            self._courier = None

    async def _deliver(self) -> None:
        while (webhook := self.webhook) is not None:
            if not self.waiting:
                self._arrived.clear()
                await self._arrived.wait()
                continue
            entry = self.waiting[0]
            error = await asyncio.to_thread(_post, webhook, entry.update)
            if error is None:
                self._done(entry)
                continue
            webhook.last_error_date, webhook.last_error_message = int(time.time()), error
            await asyncio.sleep(self.webhook_retry)

    def webhook_info(self) -> Json:
        hook = self.webhook
        info: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(self.waiting)}
        if hook is not None:
            info |= {"url": hook.url, "max_connections": hook.max_connections, "ip_address": "127.0.0.1"}
            if hook.last_error_date is not None:
                info |= {
                    "last_error_date": hook.last_error_date,
                    "last_error_message": hook.last_error_message,
                }
        return info | ({"allowed_updates": sorted(self.allowed)} if self.allowed else {})


def _post(webhook: Webhook, update: Json) -> str | None:
    """Delivers one update; None, or what went wrong in Telegram's words."""
    parts = urlsplit(webhook.url)
    headers = {"Content-Type": "application/json"}
    if webhook.secret:
        headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=20)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, json.dumps(update), headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return f"Connection failed: {type(error).__name__}"
    finally:
        connection.close()
    return None if 200 <= status < 300 else f"Wrong response from the webhook: {status}"
