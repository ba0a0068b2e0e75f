"""Messages on their way out: the outbox is emptied, most pressing first, as fast as Telegram allows.

A message is rendered in the transaction that claims it and noted in another after Telegram took it. A crash
between the two may repeat it, never lose it. What becomes of a refused one is decided in office/delivered.py.
Of several programs on one database one sends: Telegram's limits then hold without a word between them.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import DBAPIError
from telegram import Bot
from telegram.error import TelegramError

from bot.channels.telegram import Trouble, call, trouble_of
from bot.leases import Leases
from bot.pacing import Pacing, Slot
from bot.worker import Way, Worker
from handlers.outgoing import Outgoing, compose
from handlers.texts import Texts
from office import delivered, groups
from office.desk import Desk
from storage import leases, outbox
from storage.leases import SENDING
from storage.models import Outbox
from storage.outbox import DIGEST, URGENT, Ready

POLL = 0.5
"""seconds after which the outbox is looked into without having been woken: other processes fill it too"""
PAGE = 50
PAGES = 6
REMEMBERED = timedelta(minutes=1)
"""what was sent so lately counts against Telegram's limits for who sends next"""
STEPS_ASIDE = 5
"""tries after which a message that the server fails on no longer holds up its chat"""
LONGEST_REST = 60.0
GRACE = 10.0
"""seconds that messages under way are waited for at a stop"""

log = logging.getLogger("duban.delivery")


@dataclass(frozen=True)
class Sending:
    """A claimed message, rendered."""

    row_id: int
    tries: int
    message: Outgoing


class Delivery:
    """Sends what stands in the outbox, to several chats at once, one message at a time to each."""

    def __init__(
        self,
        worker: Worker,
        bot: Bot,
        texts: Texts,
        pacing: Pacing,
        leases: Leases,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._worker = worker
        self._bot = bot
        self._texts = texts
        self._pacing = pacing
        self._seconds = seconds
        self._leases = leases
        self._sends = False
        self._unsure = False
        """whether messages may have been claimed without our hearing of it"""
        self._woken = asyncio.Event()
        self._under_way: dict[asyncio.Task[None], Sending] = {}
        self._resting: dict[int, float] = {}
        """messages that wait after a failure, until this monotonic second"""
        self._next_opening = POLL
        self._drained = asyncio.Event()
        """set while nothing is under way and nothing more may be sent now"""
        self._drained.set()
        self._loop: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Something may have been put into the outbox."""
        if self._loop is not None:
            self._drained.clear()
        self._woken.set()

    async def drained(self, within: float) -> None:
        """Wait until what may be sent now is out, or for `within` seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._drained.wait()

    async def start(self) -> None:
        """Begin sending, as soon as no other program does."""
        self._loop = asyncio.create_task(self._run(), name="delivery")

    async def stop(self) -> None:
        """Finish what is under way; the rest stays in the outbox."""
        if self._loop is None:
            return
        self._loop.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._loop
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=GRACE)
        for task in self._under_way:
            task.cancel()
        mine = self._leases.name
        await self._worker.do(lambda desk: outbox.release(claimer=mine, session=desk.session))

    async def is_idle(self) -> bool:
        """Whether nothing is under way and nothing could be sent."""
        if self._under_way:
            return False
        unsent, _ = await self._worker.peek(lambda session, now: outbox.waiting(now=now, session=session))
        return not unsent and not self._under_way

    # --- the loop -----------------------------------------------------------------------------------

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            try:
                pause = await self._round() if await self._may_send() else POLL
            except Exception as error:  # the loop outlives a database that is away
                log.exception("delivery failed", extra={"error": type(error).__name__})
                self._unsure, pause = True, 1.0
            if pause:
                # not wait_for: it swallows a cancellation that comes together with the awaited event
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._woken.wait()

    async def _may_send(self) -> bool:
        """Whether it is this program that sends; who begins to takes over what the last one left."""
        sends = self._leases.holds(SENDING)
        if sends and not self._sends:
            await self._take_over()
        elif sends and self._unsure:
            mine = self._row_ids()
            await self._worker.do(lambda desk: outbox.released(without=mine, session=desk.session))
        self._unsure = False
        self._sends = sends
        return sends

    async def _take_over(self) -> None:
        mine = self._row_ids()
        lately = await self._worker.do(lambda desk: _inherit(desk, mine), way="side_by_side")
        for age, row in lately:
            self._pacing.remember(row.chat_id, row.op, age)

    def _row_ids(self) -> list[int]:
        return [sending.row_id for sending in self._under_way.values()]

    async def _round(self) -> float:
        """Start sending what may be sent now; seconds to wait before looking again."""
        chosen = await self._choose()
        if not chosen:
            if not self._under_way and not self._woken.is_set():
                self._drained.set()
            return self._next_opening
        try:
            prepared = await self._worker.do(
                lambda desk: self._prepare(desk, list(chosen)), way="side_by_side"
            )
            for sending in prepared:
                task = asyncio.create_task(self._deliver(sending, chosen.pop(sending.row_id)))
                self._under_way[task] = sending
                task.add_done_callback(self._ended)
        finally:
            for slot in chosen.values():  # nothing left to tell, or taken by another process
                self._pacing.cancel(slot)
        return 0.0

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._under_way[task]
        self.wake()

    async def _choose(self) -> dict[int, Slot]:
        """The most pressing messages that may be sent now, at most one to a chat, with their places."""
        self._next_opening = POLL
        chosen: dict[int, Slot] = {}
        least = DIGEST if self._is_open(DIGEST) else URGENT
        if not self._is_open(least):
            return chosen
        self._rested()
        closed = self._pacing.closed()
        self._open_at(min(closed.values(), default=POLL))
        without = {*closed, *(sending.message.chat_id for sending in self._under_way.values())}
        for _ in range(PAGES):
            page = await self._page(least, without)
            for row in page:
                if row.chat_id in without:
                    continue
                without.add(row.chat_id)  # even if it cannot go now: what comes after it must not overtake it
                if self._is_open(row.priority):
                    self._take_up(row, chosen)
            if len(page) < PAGE or not self._is_open(least):
                break
        return chosen

    def _is_open(self, priority: int) -> bool:
        """Whether a message of this priority might be sent now."""
        wait = self._pacing.opening(priority)
        if wait > 0:
            self._open_at(wait)
        return wait <= 0

    def _take_up(self, row: Ready, chosen: dict[int, Slot]) -> None:
        wait = self._pacing.wait(row.chat_id, row.priority, row.op)
        if wait <= 0:
            chosen[row.id] = self._pacing.begin(row.chat_id, row.op)
        else:
            self._open_at(wait)

    def _rested(self) -> None:
        """Those that have waited long enough after a failure may be tried again."""
        now = self._seconds()
        self._resting = {row: until for row, until in self._resting.items() if until > now}

    async def _page(self, least: int, without_chats: set[int]) -> list[Ready]:
        return await self._worker.peek(
            lambda session, now: outbox.ready(
                now=now,
                limit=PAGE,
                least=least,
                without_chats=without_chats,
                without=self._resting,
                session=session,
            )
        )

    def _open_at(self, wait: float) -> None:
        self._next_opening = min(self._next_opening, max(wait, 0.001))

    def _prepare(self, desk: Desk, ids: list[int]) -> list[Sending]:
        """Claim and render; what there is nothing left to tell of is superseded."""
        mine = self._leases.name
        if not (self._leases.alone or leases.is_held(SENDING, mine, session=desk.session)):
            return []
        if not self._leases.alone:  # a first try may have been committed although its connection broke
            outbox.release(claimer=mine, only=ids, session=desk.session)
        rows = outbox.take(ids, now=desk.now, claimer=mine, session=desk.session)
        sendings = (self._compose(desk, row) for row in rows)
        return [sending for sending in sendings if sending is not None]

    def _compose(self, desk: Desk, row: Outbox) -> Sending | None:
        assert row.id is not None
        try:
            with desk.session.begin_nested():
                message = compose(desk, row, self._texts)
        except Exception as error:  # one message that cannot be rendered must not stop the others
            log.exception("message not rendered", extra={"row": row.id, "wording": row.wording})
            delivered.refused(desk, row.id, "bad", type(error).__name__)
            return None
        if message is None:
            outbox.note(row.id, state="superseded", session=desk.session)
            return None
        return Sending(row.id, row.tries, message)

    # --- one message --------------------------------------------------------------------------------

    async def _deliver(self, sending: Sending, slot: Slot) -> None:
        message, row_id = sending.message, sending.row_id
        about = {"row": row_id, "op": message.op, "chat": message.chat_id}
        if not self._leases.holds(SENDING):  # this program stood still: another one sends by now
            self._pacing.cancel(slot)
            await self._note(lambda desk: _put_back(desk, row_id, self._leases.name))
            return
        try:
            message_id = await call(self._bot, message)
        except TelegramError as error:
            self._pacing.end(slot)
            trouble, said = trouble_of(error, message.chat_id), error.message
            log.warning("not sent", extra={**about, "trouble": trouble.kind, "cause": trouble.cause})
            self._hold_back(sending, trouble)
            await self._note(lambda desk: _put_down(desk, sending, trouble, said))
        else:
            self._pacing.end(slot)
            self._pacing.taken()
            log.info("sent", extra=about)
            await self._note(
                lambda desk: delivered.sent(desk, row_id, message_id, message.shown), way="side_by_side"
            )

    async def _note(self, act: Callable[[Desk], None], *, way: Way = "in_turn") -> None:
        """Write down what became of a message, however long the database stays away."""
        while True:
            try:
                return await self._worker.do(act, way=way)
            except DBAPIError as error:
                log.error("message not noted", extra={"error": type(error).__name__})
                await asyncio.sleep(1.0)

    def _hold_back(self, sending: Sending, trouble: Trouble) -> None:
        """Make wait whom a failure concerns, and nobody else."""
        chat_id = sending.message.chat_id
        backoff = min(2.0**sending.tries, LONGEST_REST)
        match trouble.kind:
            case "wait":
                if self._pacing.refuse(chat_id, trouble.seconds):
                    log.warning("telegram asks to wait with everything", extra={"seconds": trouble.seconds})
            case "unauthorized":
                self._pacing.pause_all(5.0)
            case "line":
                self._pacing.pause(chat_id, 1.0)
            case "server" if sending.tries < STEPS_ASIDE:
                self._pacing.pause(chat_id, backoff)
            case "server":
                self._resting[sending.row_id] = self._seconds() + backoff


def _put_down(desk: Desk, sending: Sending, trouble: Trouble, said: str) -> None:
    """Note what becomes of a message that was not taken."""
    row_id, message = sending.row_id, sending.message
    match trouble.kind:
        case "done":
            delivered.sent(desk, row_id, message.message_id, message.shown)
            return
        case "refused":
            delivered.refused(desk, row_id, trouble.cause, said)
            return
    tries = sending.tries + (trouble.kind == "server")
    outbox.note(row_id, state="pending", claimed_by=None, tries=tries, session=desk.session)
    if trouble.kind == "moved":
        groups.migrated(desk, message.chat_id, trouble.new_chat_id)


def _put_back(desk: Desk, row_id: int, claimer: str) -> None:
    outbox.release(claimer=claimer, only=[row_id], session=desk.session)


def _inherit(desk: Desk, under_way: list[int]) -> list[tuple[float, Ready]]:
    """Put back what was claimed and not noted; what counts of what was sent, with its age in seconds."""
    released = outbox.released(without=under_way, session=desk.session)
    sent = outbox.sent_lately(since=desk.now - REMEMBERED, session=desk.session)
    lately = [((desk.now - at).total_seconds(), row) for at, row in sent]
    return [*((0.0, row) for row in released), *lately]
