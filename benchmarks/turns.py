"""Logging a document and pressing a button, next to the simplest bot there is: it says what it hears.

They take turns, so that whatever else the machine does falls on all of them:

    python -m benchmarks.turns [--only sqlite|postgresql]
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import and_, update
from sqlmodel import col, select
from telegram import Update
from telegram.ext import Application, ApplicationBuilder, ContextTypes, MessageHandler, filters

from benchmarks import cluster, rig
from bot.app import Program
from bot.sandbox import Person, Sandbox
from bot.sandbox.cloud import Pressed
from office.desk import Desk
from storage.models import Card, Draft, Matter, Outbox, Step

ROUNDS, WARM, EACH = 8, 1, 25
"""the first round only warms up"""
CLERK, HOLDER = "王思雨", "李文博"
"""who logs and confirms, and who is handed what was logged"""

Json = dict[str, Any]
Bot = Application[Any, Any, Any, Any, Any, Any]


def main() -> None:
    """Print seconds and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    given = parser.parse_args()
    logging.basicConfig(level=logging.CRITICAL)
    for name in cluster.here(given.only):
        with cluster.database(name) as url:
            found = measure(url)
        ratios = (f"{what} {seconds / found['echo']:.2f} ×" for what, seconds in found.items())
        print(name, *(f"{what} {seconds * 1000:.2f} ms" for what, seconds in found.items()), *ratios)


def said(number: int, person: Person, text: str) -> Json:
    """The update of a private message."""
    sender = {"id": person.id, "is_bot": False, "first_name": person.name}
    chat = {"id": person.id, "type": "private", "first_name": person.name}
    message = {"message_id": number, "date": int(time.time()), "chat": chat, "from": sender, "text": text}
    return {"update_id": number, "message": message}


def pressed(number: int, person: Person, data: str, message_id: int) -> Json:
    """The update of a button of the bot's own message."""
    update = said(number, person, "请核对")
    message = update.pop("message") | {"message_id": message_id}
    query = {
        "id": str(number),
        "from": message["from"],
        "chat_instance": "1",
        "data": data,
        "message": message,
    }
    return update | {"callback_query": query}


def measure(url: str) -> dict[str, float]:
    """Seconds of an echo, of logging one document, of pressing 确认 (press) and 已收到 (light).

    The tenth percentile of each.

    Whoever else works on the machine disturbs that least. An echo is over when its answer was taken, the
    others when their effect and their answer are committed.
    """

    async def run() -> dict[str, float]:
        async with Sandbox.serve() as sandbox, _echo(sandbox) as bot, _office(sandbox, url) as office:
            return await _rounds(bot, office)

    return asyncio.run(run())


@asynccontextmanager
async def _echo(sandbox: Sandbox) -> AsyncIterator[Bot]:
    """A bare python-telegram-bot application that answers a message with its own words."""

    async def say(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text(update.message.text or "")

    bot = ApplicationBuilder().token(sandbox.token).base_url(sandbox.base_url).build()
    bot.add_handler(MessageHandler(filters.TEXT, say))
    async with bot:
        yield bot


@asynccontextmanager
async def _office(sandbox: Sandbox, url: str) -> AsyncIterator[_Office]:
    """The running program. Measured is what an answer waits for: nothing else goes on beside it."""
    with tempfile.TemporaryDirectory(prefix="duban-") as folder:
        async with rig.running(sandbox, Path(folder), url) as program:
            people, _ = sandbox.load_office(rig.SAMPLE, started=True)
            ids = {name: one.id for name, one in people.items()}
            await program.worker.do(lambda desk: rig.take_over(desk, ids))
            await program.sweep()
            for part in (program.watchdog, program.scheduler, program.listening, program.delivery):
                await part.stop()
            yield _Office(sandbox, program, people[CLERK], people[HOLDER])


async def _rounds(bot: Bot, office: _Office) -> dict[str, float]:
    found: dict[str, list[float]] = {"echo": [], "log": [], "press": [], "light": []}
    for number in range(WARM + ROUNDS):
        first = number * EACH
        times = {
            "echo": [await _handle(bot, said(i + 1, office.clerk, "登记")) for i in range(EACH)],
            "log": [await office.log(i) for i in range(first, first + EACH)],
            "press": [await office.press(*draft) for draft in await office.drafts()],
            "light": [await office.acknowledge(*step) for step in await office.steps()],
        }
        if number >= WARM:
            for what, seconds in times.items():
                found[what] += seconds
    await office.check((WARM + ROUNDS) * EACH)
    return {what: statistics.quantiles(seconds, n=10)[0] for what, seconds in found.items()}


async def _handle(bot: Bot, update: Json) -> float:
    received = Update.de_json(update, bot.bot)
    began = time.perf_counter()
    await bot.process_update(received)
    return time.perf_counter() - began


class _Office:
    def __init__(self, sandbox: Sandbox, program: Program, clerk: Person, holder: Person) -> None:
        self.clerk, self.holder = clerk, holder
        self._sandbox, self._program = sandbox, program
        self._card = clerk.says("登记")  # heard by nobody: some message that the buttons stand under
        self._commits: asyncio.Queue[float] = asyncio.Queue()
        program.worker.committed = lambda: self._commits.put_nowait(time.perf_counter())

    async def log(self, i: int) -> float:
        return await self._put(said(1_000_000 + i, self.clerk, _line(i + 1)))

    async def press(self, draft: int, card: int) -> float:
        return await self._press(2_000_000 + draft, self.clerk, f"confirm:{draft}", card)

    async def acknowledge(self, step: int, card: int) -> float:
        return await self._press(3_000_000 + step, self.holder, f"acknowledge:{step}", card)

    async def _press(self, number: int, by: Person, data: str, message_id: int) -> float:
        waiting = Pressed(str(number), by.user, self._card, time.monotonic(), _future())
        self._sandbox.cloud.pressed[waiting.id] = waiting
        return await self._put(pressed(number, by, data, message_id))

    async def drafts(self) -> list[tuple[int, int]]:
        """The documents that wait to be confirmed, and the messages of their cards."""
        await self._deliver()
        found = await self._all(_open_drafts())
        assert len(found) == EACH, f"{len(found)} of {EACH} lines were read"
        return found

    async def steps(self) -> list[tuple[int, int]]:
        """The steps whose holder has not said that he has them, and the messages of their cards."""
        await self._deliver()
        found = await self._all(_not_acknowledged())
        assert len(found) == EACH, f"{len(found)} of {EACH} documents were logged"
        return found

    async def _deliver(self) -> None:
        """Note what waits as sent, as delivery would."""

        def note(desk: Desk) -> None:
            sent = update(Outbox).where(col(Outbox.state) == "pending")
            desk.session.connection().execute(sent.values(state="sent", sent_at=desk.now))
            cards = update(Card).where(col(Card.message_id).is_(None))
            desk.session.connection().execute(cards.values(message_id=1_000_000 + col(Card.id)))

        await asyncio.to_thread(self._program.worker.do_now, note)

    async def check(self, number: int) -> None:
        assert len(await self._all(select(Matter.id))) == number, "not every document was logged"
        assert not await self._all(_not_acknowledged()), "not every document was acknowledged"

    async def _all(self, rows: Any) -> list[Any]:
        return await self._program.worker.peek(lambda session, now: list(session.exec(rows)))

    async def _put(self, update: Json) -> float:
        """As Telegram's updates come: kept in one transaction, taken in another."""
        program = self._program
        received = Update.de_json(update, program.telegram.bot)
        began = time.perf_counter()
        async with asyncio.timeout(10):
            await program.intake.put(received)
            await self._commits.get()
            seconds = await self._commits.get() - began
            await self._settled()
        assert self._commits.empty(), "more was committed than the update and its effect"
        return seconds

    async def _settled(self) -> None:
        while self._program.intake.open:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.001)


def _future() -> asyncio.Future[Any]:
    return asyncio.get_running_loop().create_future()


def _line(i: int) -> str:
    return f"登记 县财政局 云财〔2026〕{i}号 关于追加第{i}批校舍维修经费的请示 综合科"


def _open_drafts() -> Any:
    shown = (col(Card.draft_id) == col(Draft.id), col(Card.kind) == "draft")
    rows = select(Draft.id, Card.message_id).join(Card, and_(*shown))
    return rows.where(col(Draft.form) == "log", col(Draft.state) == "open").order_by(col(Draft.id))


def _not_acknowledged() -> Any:
    shown = (col(Card.step_id) == col(Step.id), col(Card.kind) == "holder")
    rows = select(Step.id, Card.message_id).join(Card, and_(*shown))
    return rows.where(col(Step.acknowledged_at).is_(None)).order_by(col(Step.id))


if __name__ == "__main__":
    main()
