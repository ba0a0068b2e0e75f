"""The program, wired once: intake, handlers, delivery and scheduler around one database."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import IO, TYPE_CHECKING

import httpx
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from telegram.error import TelegramError
from telegram.ext import ApplicationBuilder
from telegram.request import HTTPXRequest

import handlers
from bot.clock import Clock, FileClock, SystemClock
from bot.delivery import Delivery
from bot.failed import Failed
from bot.intake import InOrder, Intake
from bot.leases import Leases
from bot.listening import Listening, PollingRequest, Telegram
from bot.pacing import UNLIMITED, Limits, Pacing
from bot.scheduler import Scheduler
from bot.settings import Settings
from bot.turnstile import Rates
from bot.watchdog import Watchdog
from bot.web.health import Ages
from bot.worker import Worker
from handlers import commands
from handlers.texts import Texts
from office.desk import Calendars
from rules.policy import Policy
from rules.policy_files import load_policy
from storage import inbox
from storage.engine import InUse, claim, open_engine
from storage.leases import POLLING, SENDING
from storage.migrations import CannotUpgrade, upgrade

if TYPE_CHECKING:
    from bot.web.server import Web

CONNECTIONS = 64
"""to Telegram: messages to so many chats may be under way at once"""
ANSWER_WITHIN = 45.0
"""seconds an answer of Telegram is waited for; a message given up too early would be sent twice"""
HINT = "若是 PostgreSQL，请检查地址和权限；若升级后又退回旧版本，请换回新版本"
CATCH_UP = 3.0
"""seconds that a moved clock waits at an instant for its messages to go out"""

log = logging.getLogger("duban.app")


@dataclass
class Program:
    """Everything that runs. May be started once; stopping again does nothing."""

    settings: Settings
    engine: Engine
    worker: Worker
    leases: Leases
    intake: Intake
    in_order: InOrder
    telegram: Telegram
    delivery: Delivery
    scheduler: Scheduler
    polling: PollingRequest
    web: Web | None = None
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    """set when the program has to end by itself; `fault` says why"""
    fault: Failed | None = None
    _claim: IO[bytes] | None = None
    _stopped: bool = False
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.watchdog = Watchdog(
            self.worker,
            lambda: Ages(self.scheduler.age(), self.intake.unkept(), self.listening.age()),
            name=self.leases.name,
            alone=self.leases.alone,
            heartbeat_url=self.settings.heartbeat_url,
        )
        self.listening = Listening(self.settings, self.telegram, self.polling, self.leases, self.fail)

    @property
    def clock(self) -> Clock:
        return self.worker.clock

    async def start(self) -> None:
        """Take up the work where it was left. Raises Failed."""
        try:
            self._open_database()
            await self.leases.renew()
            await self.listening.introduce()
            self.intake.bot = self.telegram.bot
            await self.intake.replay()
        except (SQLAlchemyError, CannotUpgrade) as error:
            raise Failed(f"数据库用不了（{type(error).__name__}）；{HINT}") from error
        await self.telegram.start()
        await self.delivery.start()
        self.scheduler.start()
        self.watchdog.start()
        if self.web is not None:
            await self.web.start()
        await self.listening.start()
        self._tasks.append(asyncio.create_task(self._publish(), name="commands"))
        if not self.leases.alone:
            for act in (self.leases.renew, self.listening.follow, self.intake.replay):
                self._tasks.append(asyncio.create_task(self._again_and_again(act), name=act.__name__))
        about = {"bot": self.telegram.bot.id, "database": self.engine.dialect.name}
        log.info("started", extra={**about, "program": self.leases.name})

    async def stop(self) -> None:
        """Stop taking updates, finish what is in hand, leave the rest in the tables."""
        if self._stopped:
            return
        self._stopped = True
        await self.listening.stop()
        if self.web is not None:
            await self.web.stop()
        await self.watchdog.stop()
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
        for request in (self.telegram.bot.request, self.polling):
            await request.shutdown()  # open still where Telegram did not know the token
        with contextlib.suppress(SQLAlchemyError):  # it lapses
            await self.leases.give_up()
        self.worker.close()
        self.engine.dispose()
        if self._claim is not None:
            self._claim.close()
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
        undone, _ = await self.worker.peek(lambda session, _: inbox.waiting(session=session))
        if self.intake.open or undone:
            return "updates"
        return None if await self.delivery.is_idle() else "messages"

    def fail(self, fault: Failed) -> None:
        """End the program: it cannot do its work any more."""
        self.fault = self.fault or fault
        self.ended.set()

    def _open_database(self) -> None:
        """The database is brought up to date; an embedded one is ours alone."""
        if self.settings.embedded:
            try:
                self._claim = claim(self.settings.database_url)
            except InUse:
                raise Failed("另一个督办程序正在使用这个数据库，请先停掉它。") from None
        upgrade(self.settings.database_url)

    async def _again_and_again(self, act: Callable[[], Awaitable[object]]) -> None:
        """As often as leases are renewed; what fails is tried the next time."""
        while True:
            try:
                await act()
            except Exception as error:  # nothing may end it: the leases would lapse for good
                log.error("leases", extra={"act": act.__name__, "error": type(error).__name__})
            await asyncio.sleep(self.leases.length / 4)

    async def _publish(self) -> None:
        """Tell Telegram the commands; without them everything works all the same."""
        try:
            await commands.publish(self.telegram.bot)
        except TelegramError as error:
            log.warning("commands not published", extra={"error": type(error).__name__})


def build(
    settings: Settings,
    clock: Clock | None = None,
    limits: Limits | None = None,
    rates: Rates | None = None,
    policy: Policy | None = None,
) -> Program:
    """Wire the program; `policy` where it is loaded already. Raises PolicyError where it has mistakes.

    A clock that can be moved is the sandbox's: nothing is paced then, unless `limits` are given, and nobody
    is slowed, unless `rates` are.
    """
    assert settings.token is not None
    os.environ["PTB_TIMEDELTA"] = "true"  # spans of time as timedelta, which later versions only know
    clock = clock or (FileClock(settings.clock_file) if settings.clock_file else SystemClock())
    policy = policy or load_policy(settings.policy_dir)
    if settings.embedded:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database_url, stands_still=settings.lease_seconds)
    worker = Worker(engine, policy, Calendars(settings.zone, policy), clock)
    texts = Texts(settings.zone, clock.now)
    leases = Leases(engine, (POLLING, SENDING), length=settings.lease_seconds)
    intake = Intake(worker, leases, rates or (None if clock.simulated else Rates()))
    in_order = InOrder(worker, intake, leases)
    certificates = httpx.create_ssl_context()  # read once: it takes long
    polling = PollingRequest(certificates)
    telegram = _telegram(settings, intake, in_order, polling, certificates)
    telegram.bot_data |= {"worker": worker, "texts": texts}
    telegram.add_error_handler(in_order.note_failure)
    handlers.register(telegram)
    in_order.again = telegram.process_update
    pacing = Pacing(limits or (UNLIMITED if clock.simulated else Limits()))
    delivery = Delivery(worker, telegram.bot, texts, pacing, leases)
    worker.committed = delivery.wake
    scheduler = Scheduler(worker, lambda: delivery.drained(CATCH_UP))
    program = Program(
        settings, engine, worker, leases, intake, in_order, telegram, delivery, scheduler, polling
    )
    if settings.listen is not None:
        from bot.web.server import Web  # here: who is not listened for needs no server

        program.web = Web(settings, intake, program.watchdog)
    return program


def _telegram(
    settings: Settings,
    intake: Intake,
    in_order: InOrder,
    polling: PollingRequest,
    certificates: SSLContext,
) -> Telegram:
    assert settings.token is not None
    request = HTTPXRequest(
        connection_pool_size=CONNECTIONS,
        pool_timeout=ANSWER_WITHIN,
        connect_timeout=10.0,
        read_timeout=ANSWER_WITHIN,
        write_timeout=ANSWER_WITHIN,
        media_write_timeout=120.0,
        httpx_kwargs={"verify": certificates},
    )
    return (
        ApplicationBuilder()
        .token(settings.token.get_secret_value())
        .base_url(settings.base_url)
        .base_file_url(settings.base_file_url)
        .update_queue(intake)
        .concurrent_updates(in_order)
        .job_queue(None)
        .request(request)
        .get_updates_request(polling)
        .build()
    )
