"""Updates on their way in: each is kept in the database before Telegram is told that it arrived.

Telegram is told with the next getUpdates, or with the webhook's answer; python-telegram-bot does so only
after `put()` has returned. What was kept and had no effect yet is played again at the next start, or by
another program on the same database.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlmodel import Session
from telegram import Bot, Update
from telegram.error import TelegramError
from telegram.ext import BaseUpdateProcessor

from bot import screening
from bot.decoding import update_of
from bot.leases import Leases
from bot.turnstile import Rates, Turnstile
from bot.worker import Worker
from handlers import errors, slowed
from office.desk import Desk
from rules.harmless import storable
from storage import inbox
from storage.engine import is_passing, together

STRANGER_PAUSE = 60.0
"""seconds in which a stranger is answered once"""
RETRY_PAUSES = (0.2, 1.0)
"""seconds before an update whose handler failed is tried again"""
AWAY_PAUSE = 1.0
"""seconds before a database or a Telegram that is away is asked again"""
LONGEST_AWAY = 300.0
"""seconds that an update waits for a Telegram that is away; its chat waits with it"""
REPLAYS = 20
"""how often an update is played again at a start before it is set aside; machines die by themselves, too"""
IN_LINE = 0.1
"""seconds before an update asks again whether another program has done what comes before it in its chat"""
AT_ONCE = 10_000
"""updates that may wait for their chat's turn; the work itself is limited by the worker's threads"""

T = TypeVar("T")

log = logging.getLogger("duban.intake")


class Intake(asyncio.Queue[object]):
    """The queue between Telegram and the handlers. `bot` must be set before anything is put."""

    bot: Bot

    def __init__(
        self,
        worker: Worker,
        leases: Leases,
        rates: Rates | None = None,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._worker = worker
        self._leases = leases
        self._in_hand: set[int] = set()
        self._next: dict[int, float] = {}
        """updates that nothing came before in their chats, and until when nobody takes them over"""
        self._seconds = seconds
        self._answered: OrderedDict[int, float] = OrderedDict()
        self._turnstile = Turnstile(self.put_nowait, self._slowed, rates, seconds)
        self._telling: set[asyncio.Task[None]] = set()
        self._unkept_since: float | None = None
        self.open = 0
        """updates that are queued or being handled"""

    async def put(self, item: object) -> None:
        """Keep an update, then queue what of it may go to the handlers.

        Raises TelegramError when it could not be kept: anything else would end polling silently.
        """
        if not isinstance(item, Update):
            return await super().put(item)
        new = item.update_id not in self._in_hand
        self._in_hand.add(item.update_id)
        try:
            until = self._leases.until
            turn, verdict = await self._worker.do(lambda desk: self._keep(desk, item), way="once")
        except Exception as error:
            self._unkept_since = self._unkept_since or self._seconds()
            log.error("update not kept", extra={"update": item.update_id, "error": type(error).__name__})
            raise TelegramError("the update could not be kept") from None
        else:
            self._unkept_since = None
            if turn != "never" and verdict.payload is not None and self._answers(item, verdict):
                if turn == "now":
                    self._next[item.update_id] = until
                self._turnstile.admit(self._taken(verdict.payload))
                new = False
        finally:
            if new:
                self.let_go(item.update_id)
        return None

    def unkept(self) -> float | None:
        """Seconds for which updates have come and could not be kept; None where all are."""
        return None if self._unkept_since is None else self._seconds() - self._unkept_since

    async def replay(self) -> int:
        """Queue, in order, what has had no effect yet and is in no living program's hands: how many."""
        payloads = await self._worker.do(self._take_up, way="side_by_side")
        for payload in payloads:
            self.put_nowait(self._taken(payload))
        return len(payloads)

    def let_go(self, update_id: int) -> None:
        """It is no longer in our hands."""
        self._in_hand.discard(update_id)
        self._next.pop(update_id, None)

    def is_next(self, update_id: int) -> bool:
        """Whether it is known without asking that nothing of its chat comes before it, here or elsewhere."""
        return self._leases.alone or self._leases.holds_until(self._next.pop(update_id, 0.0))

    def task_done(self) -> None:
        super().task_done()
        self.open = max(self.open - 1, 0)

    def drop_waiting(self) -> None:
        """Leave what is queued to the next start: it is kept."""
        self.open -= self._turnstile.drop()
        while not self.empty():
            self.get_nowait()
            self.task_done()
        self._in_hand.clear()
        self._next.clear()

    def _keep(self, desk: Desk, update: Update) -> tuple[inbox.Turn, screening.Verdict]:
        """Never its turn where it had arrived before."""
        verdict = self._judged(desk, update)
        if verdict.refusal:
            together(desk.session)
        turn = inbox.keep(
            update.update_id,
            payload=verdict.payload,
            chat_id=verdict.chat_id,
            screened=verdict.screened,
            done=verdict.done,
            claimed_by=self._leases.name,
            now=desk.now,
            session=desk.session,
        )
        if turn != "never" and verdict.refusal:
            inbox.count_refusal(verdict.refusal, desk.calendar.local(desk.now).date(), session=desk.session)
        return turn, verdict

    def _judged(self, desk: Desk, update: Update) -> screening.Verdict:
        """What becomes of it; one over which judging fails is dropped: it must not stop those behind it."""
        try:
            verdict = screening.judge(desk, update, self.bot.bot)
        except SQLAlchemyError:
            raise
        except Exception as error:
            log.error("update dropped", extra={"update": update.update_id, "error": type(error).__name__})
            return screening.Verdict(None, "dropped", done=True, refusal="dropped")
        return replace(verdict, payload=storable(verdict.payload))

    def _take_up(self, desk: Desk) -> list[dict[str, Any]]:
        payloads = []
        for row in inbox.take_up(self._leases.name, without=self._in_hand, session=desk.session):
            if row.payload is None or inbox.count_try(row.update_id, session=desk.session) > REPLAYS:
                log.error("update set aside", extra={"update": row.update_id})
                inbox.mark_done(row.update_id, now=desk.now, error="set aside", session=desk.session)
            else:
                payloads.append(row.payload)
        return payloads

    def _taken(self, payload: dict[str, Any]) -> Update:
        """It is in our hands from now on."""
        update = update_of(payload, self.bot)  # the library leaves out of JSON some of what it then asks for
        assert update is not None
        self.open += 1
        self._in_hand.add(payload["update_id"])
        return update

    def _slowed(self, update: Update, key: int) -> None:
        log.warning("slowed", extra={"update": update.update_id, "key": key})
        task = asyncio.create_task(self._tell(update, key), name="slowed")
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _tell(self, update: Update, key: int) -> None:
        try:
            await self._worker.do(lambda desk: slowed.tell(desk, update, key))
        except Exception as error:  # who is slowed is not told then; nothing else depends on it
            log.error("slowed not told", extra={"update": update.update_id, "error": type(error).__name__})

    def _answers(self, update: Update, verdict: screening.Verdict) -> bool:
        """Whether the handlers hear of it: a stranger who goes on and on is counted, but not answered."""
        user = update.effective_user
        if verdict.screened != "stranger" or user is None:
            return True
        now = self._seconds()
        if now - self._answered.get(user.id, -STRANGER_PAUSE) < STRANGER_PAUSE:
            return False
        self._answered[user.id] = now
        self._answered.move_to_end(user.id)
        if len(self._answered) > AT_ONCE:
            self._answered.popitem(last=False)
        return True


class InOrder(BaseUpdateProcessor):
    """Handles the updates of a chat one after another, those of different chats side by side.

    An update whose handler failed is tried again, then set aside, so that it never stops the others.
    `again` must be set to `Application.process_update`.
    """

    again: Callable[[object], Awaitable[None]]

    def __init__(self, worker: Worker, intake: Intake, leases: Leases) -> None:
        super().__init__(AT_ONCE)
        self.stopping = False
        self._worker = worker
        self._intake = intake
        self._leases = leases
        self._locks: dict[int, asyncio.Lock] = {}
        self._in_line: Counter[int] = Counter()
        self._failed: dict[int, BaseException] = {}

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to free."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        assert isinstance(update, Update)
        turn = "later"
        while turn == "later":
            async with self._turn(_place(update)):
                turn = await self._may_go(update)
                if turn == "now":
                    await coroutine
                    await self._see_through(update)
            if turn == "later":
                await asyncio.sleep(IN_LINE)
        if turn == "never":
            coroutine.close()  # type: ignore[attr-defined]
        self._intake.let_go(update.update_id)

    async def _may_go(self, update: Update) -> inbox.Turn:
        """Where several programs work: first what came before it in its chat, whoever has that in hand."""
        if self.stopping:
            return "never"
        if self._intake.is_next(update.update_id):
            return "now"
        mine = self._leases.name
        return await self._ask(lambda session, _: inbox.turn_of(update.update_id, mine, session=session))

    async def note_failure(self, update: object, context: Any) -> None:
        """An error handler: remembers that this update has to be tried again."""
        if isinstance(update, Update):
            self._failed[update.update_id] = context.error

    @asynccontextmanager
    async def _turn(self, place: int) -> AsyncIterator[None]:
        lock = self._locks.setdefault(place, asyncio.Lock())
        self._in_line[place] += 1
        try:
            async with lock:
                yield
        finally:
            self._in_line[place] -= 1
            if not self._in_line[place]:
                del self._in_line[place], self._locks[place]

    async def _see_through(self, update: Update) -> None:
        """Make sure that the update is noted as done, one way or the other.

        A database or a Telegram that is away is waited for; whatever else raises has three tries.
        """
        began, tries = time.monotonic(), 0
        while (error := self._failed.pop(update.update_id, None)) and not await self._is_done(update):
            away = _is_away(error, time.monotonic() - began)
            tries += not away
            if tries > len(RETRY_PAUSES):
                break
            await asyncio.sleep(AWAY_PAUSE if away else RETRY_PAUSES[tries - 1])
            if self.stopping:
                return
            await self.again(update)
        if not await self._is_done(update):
            await self._set_aside(update, error)

    async def _is_done(self, update: Update) -> bool:
        return await self._ask(lambda session, _: inbox.is_done(update.update_id, session=session))

    async def _ask(self, query: Callable[[Session, datetime], T]) -> T:
        """Waits for the database where it is away: the update must not be forgotten over it."""
        while True:
            try:
                return await self._worker.peek(query)
            except DBAPIError:
                if self.stopping:
                    raise
                await asyncio.sleep(AWAY_PAUSE)

    async def _set_aside(self, update: Update, error: BaseException | None) -> None:
        """Note it as done although nothing did it; where something raised, it is reported."""
        if error is not None:
            log.error("update set aside", extra={"update": update.update_id})
        noted = False
        while not (noted or self.stopping):
            try:
                await self._worker.do(lambda desk: _note_done(desk, update, error))
                noted = True
            except DBAPIError:
                await asyncio.sleep(AWAY_PAUSE)


def _is_away(error: BaseException, seconds: float) -> bool:
    """Whether it may be gone when it is tried again, `seconds` after the first try."""
    if isinstance(error, DBAPIError):
        return is_passing(error)
    return errors.is_unreached(error) and seconds < LONGEST_AWAY


def _note_done(desk: Desk, update: Update, error: BaseException | None) -> None:
    if error is not None:
        errors.set_aside(desk, update, type(error).__name__)
    else:
        inbox.mark_done(update.update_id, now=desk.now, session=desk.session)


def _place(update: Update) -> int:
    """The chat whose order the update keeps; a person's own where there is no chat."""
    if update.effective_chat is not None:
        return update.effective_chat.id
    return update.effective_user.id if update.effective_user is not None else 0
