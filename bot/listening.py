"""Hearing from Telegram: by long polling, or by webhook."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from ssl import SSLContext
from typing import Any

from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import Application
from telegram.request import HTTPXRequest

from bot.decoding import readable
from bot.failed import Failed
from bot.leases import Leases
from bot.screening import KINDS
from bot.settings import Settings
from storage.leases import POLLING

LONG_POLL = timedelta(seconds=25)
LONGEST_PAUSE = 30.0
"""seconds between two tries to reach Telegram"""
WRONG_TOKEN = "Telegram 不认可这个令牌（TELEGRAM_BOT_TOKEN），请向 @BotFather 核对。"  # noqa: S105 - no token

log = logging.getLogger("duban.listening")

Telegram = Application[Any, Any, Any, Any, Any, Any]


class PollingRequest(HTTPXRequest):
    """Fetches updates, and says so when Telegram no longer knows the token: polling would end silently."""

    def __init__(self, certificates: SSLContext) -> None:
        super().__init__(
            connection_pool_size=2,
            connect_timeout=10.0,
            pool_timeout=5.0,
            httpx_kwargs={"verify": certificates},
        )
        self.unauthorized: Callable[[], None] = lambda: None
        self.answered_at = 0.0
        """monotonic seconds of the last answer with updates, or with none"""

    async def do_request(self, *args: Any, **details: Any) -> tuple[int, bytes]:
        code, content = await super().do_request(*args, **details)
        if code == 200:
            self.answered_at = time.monotonic()
        if code in (401, 404):
            self.unauthorized()
        return code, content

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        return readable(HTTPXRequest.parse_json_payload(payload))


class Listening:
    """Begins and ends hearing. `fail` is called when it can never succeed again."""

    def __init__(
        self,
        settings: Settings,
        telegram: Telegram,
        polling: PollingRequest,
        leases: Leases,
        fail: Callable[[Failed], None],
    ) -> None:
        self._settings = settings
        self._telegram = telegram
        self._leases = leases
        self._polling = polling
        self._turn = asyncio.Lock()
        self._ended = False
        polling.unauthorized = lambda: fail(Failed(WRONG_TOKEN))

    async def introduce(self) -> None:
        """Ask Telegram who we are, however long it takes to reach it. Raises Failed for a wrong token."""
        await reach(self._telegram.initialize)

    async def start(self) -> None:
        """Have updates brought, or fetch them. Raises Failed where Telegram does not accept the webhook."""
        if self._settings.webhook_url is not None:
            await reach(self._set_webhook)
        else:
            await self.follow()

    def age(self) -> float | None:
        """Seconds since Telegram last answered when asked for updates; None where we do not ask."""
        updater = self._telegram.updater
        if self._settings.webhook_url is not None or updater is None or not updater.running:
            return None
        return time.monotonic() - self._polling.answered_at

    async def follow(self) -> None:
        """Fetch updates while it is this program that does, of all that use the token."""
        updater = self._telegram.updater
        if self._settings.webhook_url is not None or updater is None:
            return
        async with self._turn:
            fetches = self._leases.holds(POLLING) and not self._ended
            if fetches and not updater.running:
                self._polling.answered_at = time.monotonic()
                await updater.start_polling(
                    timeout=LONG_POLL,
                    bootstrap_retries=-1,
                    allowed_updates=list(KINDS),
                    drop_pending_updates=False,
                    error_callback=_say,
                )
            elif updater.running and not fetches:
                with contextlib.suppress(TelegramError):  # why polling had ended before
                    await updater.stop()

    async def stop(self) -> None:
        """No more updates."""
        self._ended = True
        await self.follow()

    async def _set_webhook(self) -> None:
        url, secret = self._settings.webhook_url, self._settings.webhook_secret
        assert url is not None
        assert secret is not None
        try:
            await self._telegram.bot.set_webhook(
                url, secret_token=secret.get_secret_value(), allowed_updates=list(KINDS)
            )
        except BadRequest as error:
            raise Failed(f"Telegram 不接受这个 webhook 地址（DUBAN_WEBHOOK_URL）：{error.message}") from None


async def reach(ask: Callable[[], Awaitable[object]]) -> None:
    """Ask Telegram something until it answers. Raises Failed when it does not know the token."""
    pause = 1.0
    while True:
        try:
            await ask()
        except InvalidToken:
            raise Failed(WRONG_TOKEN) from None
        except (NetworkError, RetryAfter) as error:
            log.warning("telegram not reached", extra={"error": type(error).__name__, "pause": pause})
        else:
            return
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


def _say(error: TelegramError) -> None:
    """What goes wrong while polling; it is tried again."""
    if isinstance(error, Conflict):
        log.error("另一个程序正在用同一个令牌收取消息：同一令牌只能有一个程序轮询，请停掉另一个。")
    else:
        log.warning("no updates", extra={"error": type(error).__name__})
