"""The program, wired once: intake, handlers, delivery and scheduler around one database."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import Application, ApplicationBuilder

import handlers
from bot.clock import Clock, FileClock, SystemClock
from bot.delivery import Delivery
from bot.intake import InOrder, Intake
from bot.pacing import UNLIMITED, Limits, Pacing
from bot.scheduler import Scheduler
from bot.screening import KINDS
from bot.settings import Settings
from bot.web.server import Web
from bot.worker import Worker
from handlers import commands
from handlers.texts import Texts
from office.desk import Calendars
from rules.policy import load_policy
from storage import inbox
from storage.engine import open_engine
from storage.migrations import upgrade

POOL = 4
"""threads that run acts on a database that takes several writers"""
CONNECTIONS = 64
"""to Telegram: messages to so many chats may be under way at once"""
ANSWER_WITHIN = 45.0
"""seconds an answer of Telegram is waited for; a message given up too early would be sent twice"""
LONG_POLL = timedelta(seconds=25)
CATCH_UP = 3.0
"""seconds that a moved clock waits at an instant for its messages to go out"""

log = logging.getLogger("duban.app")

Telegram = Application[Any, Any, Any, Any, Any, Any]


class Unusable(Exception):
    """The program cannot go on; the message says why, in Chinese."""


@dataclass
class Program:
    """Everything that runs. May be started once; stopping again does nothing."""

    settings: Settings
    engine: Engine
    worker: Worker
    intake: Intake
    in_order: InOrder
    telegram: Telegram
    delivery: Delivery
    scheduler: Scheduler
    web: Web | None = None
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    """set when the program has to end by itself; `fault` says why"""
    fault: Unusable | None = None
    _stopped: bool = False
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def clock(self) -> Clock:
        return self.worker.clock

    async def start(self) -> None:
        """Take up the work where it was left. Raises Unusable."""
        if self.settings.embedded:
            upgrade(self.settings.database_url)
        await self._initialize()
        self.intake.bot = self.telegram.bot
        await self.intake.replay()
        await self.telegram.start()
        await self.delivery.start(alone=self.settings.embedded)
        self.scheduler.start()
        if self.web is not None:
            await self.web.start()
        await self._listen()
        self._tasks.append(asyncio.create_task(self._publish(), name="commands"))
        log.info("started", extra={"bot": self.telegram.bot.id, "database": self.engine.dialect.name})

    async def stop(self) -> None:
        """Stop taking updates, finish what is in hand, leave the rest in the tables."""
        if self._stopped:
            return
        self._stopped = True
        updater = self.telegram.updater
        if updater is not None and updater.running:
            await updater.stop()
        if self.web is not None:
            await self.web.stop()
        await self.scheduler.stop()
        self.in_order.stopping = True
        self.intake.drop_waiting()
        if self.telegram.running:
            await self.telegram.stop()
        await self.delivery.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.telegram.shutdown()
        self.worker.close()
        self.engine.dispose()
        log.info("stopped")

    async def sweep(self) -> None:
        """Do what has fallen due, now."""
        await self.scheduler.sweep()

    async def settle(self, *, also: Callable[[], bool] = lambda: True, within: float = 10.0) -> None:
        """Wait until every update has had its effect and every message that may be sent is out.

        `also`: a further condition. Raises TimeoutError that says what is left.
        """
        until = time.monotonic() + within
        while (left := await self._left(also)) is not None:
            if time.monotonic() > until:
                raise TimeoutError(f"still waiting for {left}")
            await asyncio.sleep(0.01)

    async def _left(self, also: Callable[[], bool]) -> str | None:
        if not also():
            return "what the caller waits for"
        since = await self.worker.look(lambda desk: inbox.oldest_undone(session=desk.session))
        if self.intake.open or since is not None:
            return "updates"
        return None if await self.delivery.is_idle() else "messages"

    async def _initialize(self) -> None:
        """Ask Telegram who we are, however long it takes to reach it."""
        pause = 1.0
        while True:
            try:
                return await self.telegram.initialize()
            except InvalidToken:
                raise Unusable(
                    "Telegram 不认可这个令牌（TELEGRAM_BOT_TOKEN），请向 @BotFather 核对。"
                ) from None
            except (NetworkError, RetryAfter) as error:
                log.warning("telegram not reached", extra={"error": type(error).__name__, "pause": pause})
            await asyncio.sleep(pause)
            pause = min(pause * 2, 30.0)

    async def _listen(self) -> None:
        """Have updates brought by webhook, or fetch them."""
        settings, updater = self.settings, self.telegram.updater
        if settings.webhook_url is not None and settings.webhook_secret is not None:
            await self.telegram.bot.set_webhook(
                settings.webhook_url,
                secret_token=settings.webhook_secret.get_secret_value(),
                allowed_updates=list(KINDS),
            )
            return
        assert updater is not None
        await updater.start_polling(
            timeout=LONG_POLL,
            bootstrap_retries=-1,
            allowed_updates=list(KINDS),
            drop_pending_updates=False,
            error_callback=self._polling_failed,
        )

    def _polling_failed(self, error: TelegramError) -> None:
        if isinstance(error, Conflict):
            log.error("另一个程序正在用同一个令牌收取消息：同一令牌只能有一个程序轮询，请停掉另一个。")
        elif isinstance(error, InvalidToken):
            self.fail(Unusable("Telegram 不再认可这个令牌（TELEGRAM_BOT_TOKEN）。"))
        else:
            log.warning("no updates", extra={"error": type(error).__name__})

    def fail(self, fault: Unusable) -> None:
        """End the program: it cannot do its work any more."""
        self.fault = fault
        self.ended.set()

    async def _publish(self) -> None:
        """Tell Telegram the commands; without them everything works all the same."""
        try:
            await commands.publish(self.telegram.bot)
        except TelegramError as error:
            log.warning("commands not published", extra={"error": type(error).__name__})


def build(settings: Settings, clock: Clock | None = None, limits: Limits | None = None) -> Program:
    """Wire the program. Raises PolicyError where the policy has mistakes.

    A clock that can be moved is the sandbox's: nothing is paced then, unless `limits` are given.
    """
    assert settings.token is not None
    os.environ["PTB_TIMEDELTA"] = "true"  # spans of time as timedelta, which later versions only know
    clock = clock or (FileClock(settings.clock_file) if settings.clock_file else SystemClock())
    policy = load_policy(settings.policy_dir)
    if settings.embedded:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database_url)
    threads = 1 if settings.embedded else POOL
    worker = Worker(engine, policy, Calendars(settings.zone, policy), clock, threads)
    texts = Texts(settings.zone)
    intake, in_order = Intake(worker), InOrder(worker)
    telegram = _telegram(settings, intake, in_order)
    telegram.bot_data |= {"worker": worker, "texts": texts}
    telegram.add_error_handler(in_order.note_failure)
    handlers.register(telegram)
    in_order.again = telegram.process_update
    pacing = Pacing(limits or (UNLIMITED if clock.simulated else Limits()))
    delivery = Delivery(worker, telegram.bot, texts, pacing)
    worker.committed = delivery.wake
    scheduler = Scheduler(worker, lambda: delivery.drained(CATCH_UP))
    program = Program(settings, engine, worker, intake, in_order, telegram, delivery, scheduler)
    if settings.listen is not None:
        program.web = Web(settings, intake, worker, scheduler)
    return program


def _telegram(settings: Settings, intake: Intake, in_order: InOrder) -> Telegram:
    assert settings.token is not None
    return (
        ApplicationBuilder()
        .token(settings.token.get_secret_value())
        .base_url(settings.base_url)
        .base_file_url(settings.base_file_url)
        .update_queue(intake)
        .concurrent_updates(in_order)
        .job_queue(None)
        .connection_pool_size(CONNECTIONS)
        .pool_timeout(ANSWER_WITHIN)
        .connect_timeout(10.0)
        .read_timeout(ANSWER_WITHIN)
        .write_timeout(ANSWER_WITHIN)
        .media_write_timeout(120.0)
        .build()
    )
