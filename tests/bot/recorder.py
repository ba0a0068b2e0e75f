"""A handler in the place of the office's, for tests of what comes in."""

from __future__ import annotations

import asyncio
from typing import Any

from telegram import Update
from telegram.ext import TypeHandler

from bot.app import Program
from storage import inbox


class Recorder:
    """A handler in the place of the office's: notes what it is given, and lets a test hold it up."""

    def __init__(self, program: Program) -> None:
        self.seen: list[Update] = []
        self.finished: list[int] = []
        self.held: dict[int, asyncio.Event] = {}
        self.fails = 0
        self.error: Exception = RuntimeError("this handler fails")
        self._worker = program.worker
        program.telegram.handlers.clear()
        program.telegram.add_handler(TypeHandler(Update, self._take))

    async def _take(self, update: Update, context: Any) -> None:
        self.seen.append(update)
        chat = update.effective_chat
        if chat is not None and chat.id in self.held:
            await self.held[chat.id].wait()
        if self.fails:
            self.fails -= 1
            raise self.error
        await self._worker.do(
            lambda desk: inbox.mark_done(update.update_id, now=desk.now, session=desk.session)
        )
        self.finished.append(update.update_id)

    @property
    def texts(self) -> list[str]:
        return [u.effective_message.text for u in self.seen if u.effective_message is not None]


async def cut_short(restart, handled: Recorder, person) -> tuple[Program, Recorder]:
    """Start anew while the first update of a person is in hand and others wait behind it."""
    recorders: list[Recorder] = []
    restarting = asyncio.create_task(restart(lambda again: recorders.append(Recorder(again))))
    await asyncio.sleep(0.1)
    handled.held[person.id].set()
    return await restarting, recorders[0]
