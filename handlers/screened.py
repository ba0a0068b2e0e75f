"""Updates of which nothing was kept: classified papers are refused and deleted where possible (D13)."""

from __future__ import annotations

import logging

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes
from telegram.ext.filters import UpdateFilter

from handlers import help as helping
from handlers.context import on


class _Screened(UpdateFilter):
    def __init__(self, cause: str) -> None:
        super().__init__(name=cause)
        self._cause = cause

    def check_update(self, update: Update) -> bool:
        return self.filter(update)  # whatever kind of update it is, a pressed button too

    def filter(self, update: Update) -> bool:
        return update.api_kwargs.get("screened") == self._cause


CLASSIFIED = _Screened("classified")
STRANGER = _Screened("stranger")

log = logging.getLogger("duban.secrecy")

_refuse = on(helping.classified)


async def classified(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Delete the message where the bot may, tell the sender what to do; rule, time and member are logged."""
    message, user = update.effective_message, update.effective_user
    if message is not None:
        try:
            await context.bot.delete_message(message.chat.id, message.message_id)
        except TelegramError:
            log.info("not deleted", extra={"update": update.update_id})
    log.warning("classified refused", extra={"rule": "D13", "telegram_user": user.id if user else None})
    await _refuse(update, context)
