"""Logging a document and pressing a button, next to the simplest bot there is: it says what it hears."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from sqlmodel import col, select
from telegram import Update
from telegram.ext import Application, ApplicationBuilder, ContextTypes, MessageHandler, filters

from benchmarks import rig
from bot.app import Program
from bot.sandbox import Person, Sandbox
from bot.sandbox.cloud import Pressed
from storage.models import Draft, Matter

WARM, TIMES = 20, 150
CLERK = "王思雨"

Json = dict[str, Any]


def said(number: int, person: Person, text: str) -> Json:
    """The update of a private message."""
    sender = {"id": person.id, "is_bot": False, "first_name": person.name}
    chat = {"id": person.id, "type": "private", "first_name": person.name}
    message = {"message_id": number, "date": int(time.time()), "chat": chat, "from": sender, "text": text}
    return {"update_id": number, "message": message}


def pressed(number: int, person: Person, data: str) -> Json:
    """The update of a button of the bot's own message."""
    update = said(number, person, "请核对")
    message = update.pop("message")
    query = {
        "id": str(number),
        "from": message["from"],
        "chat_instance": "1",
        "data": data,
        "message": message,
    }
    return update | {"callback_query": query}


def echo(times: int = TIMES) -> float:
    """Seconds of a bare python-telegram-bot application that answers a message with its own words."""

    async def say(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text(update.message.text or "")

    async def run() -> float:
        async with Sandbox.serve() as sandbox:
            clerk = sandbox.person(CLERK)
            clerk.chat.bot = "member"
            bot = ApplicationBuilder().token(sandbox.token).base_url(sandbox.base_url).build()
            bot.add_handler(MessageHandler(filters.TEXT, say))
            async with bot:
                return await _median(lambda i: _handle(bot, said(i, clerk, "登记")), times)

    return asyncio.run(run())


async def _handle(bot: Application[Any, Any, Any, Any, Any, Any], update: Json) -> float:
    received = Update.de_json(update, bot.bot)
    began = time.perf_counter()
    await bot.process_update(received)
    return time.perf_counter() - began


async def _median(act: Callable[[int], Awaitable[float]], times: int) -> float:
    seconds = [await act(i + 1) for i in range(WARM + times)]
    return statistics.median(seconds[WARM:])


def office(url: str, times: int = TIMES) -> dict[str, float]:
    """Seconds from an update's arrival until its effect and its answer in the outbox are committed."""

    async def run() -> dict[str, float]:
        with tempfile.TemporaryDirectory(prefix="duban-") as folder:
            async with Sandbox.serve() as sandbox, rig.running(sandbox, Path(folder), url) as program:
                people, _ = sandbox.load_office(rig.SAMPLE, started=True)
                ids = {name: one.id for name, one in people.items()}
                await program.worker.do(lambda desk: rig.take_over(desk, ids))
                await program.sweep()
                await program.watchdog.stop()
                await program.scheduler.stop()
                await program.listening.stop()
                await program.delivery.stop()  # measured is what the answer waits for, not what follows it
                return await _Office(sandbox, program, people[CLERK]).measure(times)

    return asyncio.run(run())


class _Office:
    def __init__(self, sandbox: Sandbox, program: Program, clerk: Person) -> None:
        self._sandbox, self._program, self._clerk = sandbox, program, clerk
        self._card = clerk.says("登记")  # heard by nobody: some message that the buttons stand under
        self._commits: asyncio.Queue[float] = asyncio.Queue()
        program.worker.committed = lambda: self._commits.put_nowait(time.perf_counter())

    async def measure(self, times: int) -> dict[str, float]:
        line = await _median(lambda i: self._put(said(1_000 + i, self._clerk, _line(i))), times)
        self._drafts = await self._all(_open_drafts())
        assert len(self._drafts) == WARM + times, f"{len(self._drafts)} of {WARM + times} lines were read"
        button = await _median(self._press, times)
        assert len(await self._all(select(Matter.id))) == WARM + times, "not every document was logged"
        return {"log": line, "press": button}

    async def _all(self, rows: Any) -> list[Any]:
        return await self._program.worker.peek(lambda session, now: list(session.exec(rows)))

    async def _press(self, i: int) -> float:
        number, clerk = 5_000 + i, self._clerk
        waiting = Pressed(str(number), clerk.user, self._card, time.monotonic(), _future())
        self._sandbox.cloud.pressed[waiting.id] = waiting
        return await self._put(pressed(number, clerk, f"confirm:{self._drafts[i - 1]}"))

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
    return (
        select(Draft.id).where(col(Draft.form) == "log", col(Draft.state) == "open").order_by(col(Draft.id))
    )
