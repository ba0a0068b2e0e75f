"""The program's own web server: the webhook, and whether all is well."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import logging
import socket
from collections.abc import Generator

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from telegram import Update
from telegram.error import TelegramError

from bot.decoding import update_of
from bot.failed import Failed
from bot.intake import Intake
from bot.settings import Settings
from bot.watchdog import Watchdog, metrics

LARGEST_UPDATE = 2**20
"""bytes of a webhook request"""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name

log = logging.getLogger("duban.web")


class _Server(uvicorn.Server):
    """Leaves signals to the program."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


class Web:
    """Serves /health and /metrics, and /webhook where updates are brought by webhook."""

    def __init__(self, settings: Settings, intake: Intake, watchdog: Watchdog) -> None:
        assert settings.listen is not None
        self._settings = settings
        self._intake = intake
        self._watchdog = watchdog
        config = uvicorn.Config(self.app(), log_config=None, access_log=False, lifespan="off")
        self._server = _Server(config)
        self._serving: asyncio.Task[None] | None = None

    def app(self) -> Starlette:
        routes = [Route("/health", self._health), Route("/metrics", self._metrics)]
        if self._settings.webhook_url is not None:
            routes.append(Route("/webhook", self._webhook, methods=["POST"]))
        return Starlette(routes=routes)

    async def start(self) -> None:
        """Listen. Raises Failed where the port is taken."""
        assert self._settings.listen is not None
        host, port = self._settings.listen
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            listening = socket.create_server((host, port), family=family)
        except OSError as error:
            raise Failed(f"不能在 {host}:{port} 监听（DUBAN_LISTEN）：{error.strerror}") from None
        self._serving = asyncio.create_task(self._server.serve(sockets=[listening]), name="web")

    async def stop(self) -> None:
        self._server.should_exit = True
        if self._serving is not None:
            await self._serving

    async def _health(self, request: Request) -> Response:
        health = await self._watchdog.look()
        return JSONResponse(health.model_dump(), 200 if health.ok else 503)

    async def _metrics(self, request: Request) -> Response:
        health = await self._watchdog.look()
        return Response(metrics(health), media_type="text/plain; version=0.0.4; charset=utf-8")

    async def _webhook(self, request: Request) -> Response:
        """Telegram brings an update; it tries again on any answer but 200."""
        if not self._is_telegram(request):
            return Response(status_code=403)
        update = _read(await _body(request), self._intake)
        if update is None:
            return Response(status_code=400)
        try:
            await self._intake.put(update)
        except TelegramError:
            return Response(status_code=503)
        return Response()

    def _is_telegram(self, request: Request) -> bool:
        secret = self._settings.webhook_secret
        given = request.headers.get(SECRET_HEADER, "")
        return secret is not None and hmac.compare_digest(given.encode(), secret.get_secret_value().encode())


async def _body(request: Request) -> bytes:
    """The request's body; empty where it is longer than any update."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_UPDATE:
            return b""
    return body


def _read(body: bytes, intake: Intake) -> Update | None:
    try:
        return update_of(json.loads(body), intake.bot)
    except (ValueError, RecursionError):
        return None
