"""Someone who is not a member: answered politely, told nothing of the office, kept nowhere (issue "People").

Such answers go out at once and not through the outbox, which would keep whom they went to.
"""

from __future__ import annotations

import logging
from typing import Any

from telegram import Update
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from handlers.texts import Texts

log = logging.getLogger("duban.strangers")


async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """The polite answer; how often it is given is limited where updates come in (bot/intake.py)."""
    if update.callback_query is not None:
        await update.callback_query.answer()
    elif update.message is not None:
        await say(update, context, "people.stranger", {"private": update.message.chat.id > 0})


async def say(
    update: Update, context: ContextTypes.DEFAULT_TYPE, wording: str, facts: dict[str, Any]
) -> None:
    """Tell somebody something at once; who cannot be told is left alone."""
    texts: Texts = context.bot_data["texts"]
    chat = update.effective_chat
    if chat is None:
        return
    try:
        text = texts.render(wording, facts)
        await context.bot.send_message(chat.id, text, parse_mode=ParseMode.HTML)
    except TelegramError as error:
        log.info("not told", extra={"update": update.update_id, "error": type(error).__name__})
