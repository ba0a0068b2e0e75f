"""An outgoing message as a call of the Bot API, and what Telegram's refusals mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import httpx
from telegram import Bot, InputFile, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from handlers.outgoing import Outgoing

_AS_WANTED = ("message is not modified", "message to delete not found", "message identifier is not specified")
_OUT_OF_REACH = ("message to edit not found", "message can't be edited", "message can't be deleted")
_GONE = (
    "chat not found",
    "kicked",
    "not a member",
    "group chat was deactivated",
    "chat was deleted",
    "peer_id_invalid",
    "no rights to send",
    "not enough rights to send",
    "chat_write_forbidden",
    "user not found",
)


@dataclass(frozen=True)
class Trouble:
    """Why a message was not taken.

    done: it stands as wanted, or can no longer be changed · refused: for good (`cause`: blocked, gone, bad) ·
    moved: the chat has a new id · wait: 429 · unauthorized: the token is not valid · line: no connection ·
    server: Telegram failed, or nobody knows whether it was taken.
    """

    kind: Literal["done", "refused", "moved", "wait", "unauthorized", "line", "server"]
    cause: str = ""
    seconds: float = 0.0
    new_chat_id: int = 0


async def call(bot: Bot, message: Outgoing) -> int | None:
    """Sends, edits or deletes; the id of the message. Raises TelegramError."""
    if message.op == "delete":
        await bot.delete_message(message.chat_id, message.message_id or 0)
        return message.message_id
    if message.op == "edit":
        await bot.edit_message_text(
            message.text,
            chat_id=message.chat_id,
            message_id=message.message_id,
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            reply_markup=message.keyboard,
        )
        return message.message_id
    return (await _send(bot, message)).message_id


async def _send(bot: Bot, message: Outgoing) -> Message:
    reply = ReplyParameters(message.reply_to, allow_sending_without_reply=True) if message.reply_to else None
    if message.document is not None and message.op == "photo":
        name, content = message.document
        return await bot.send_photo(
            message.chat_id,
            InputFile(content, filename=name),
            caption=message.text or None,
            parse_mode=ParseMode.HTML,
            disable_notification=message.silent,
            reply_parameters=reply,
        )
    if message.document is not None:
        name, content = message.document
        return await bot.send_document(
            message.chat_id,
            InputFile(content, filename=name),
            caption=message.text or None,
            parse_mode=ParseMode.HTML,
            reply_markup=message.keyboard,
            disable_notification=message.silent,
            reply_parameters=reply,
        )
    return await bot.send_message(
        message.chat_id,
        message.text,
        parse_mode=ParseMode.HTML,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        reply_markup=message.keyboard,
        disable_notification=message.silent,
        reply_parameters=reply,
    )


def trouble_of(error: TelegramError, chat_id: int) -> Trouble:
    """What an error of the library means for the message."""
    match error:
        case RetryAfter():
            return Trouble("wait", seconds=_seconds(error))
        case ChatMigrated():
            return Trouble("moved", new_chat_id=error.new_chat_id)
        case InvalidToken():
            return Trouble("unauthorized")
        case Forbidden() | BadRequest():
            return _refusal(error, chat_id)
    if isinstance(error.__cause__, httpx.ConnectError | httpx.ConnectTimeout):
        return Trouble("line")
    return Trouble("server")


def _refusal(error: Forbidden | BadRequest, chat_id: int) -> Trouble:
    said = error.message.lower()
    if any(words in said for words in _AS_WANTED + _OUT_OF_REACH):
        return Trouble("done")
    if any(words in said for words in _GONE):
        return Trouble("refused", "gone")
    if isinstance(error, Forbidden):
        return Trouble("refused", "blocked" if chat_id > 0 else "gone")
    return Trouble("refused", "bad")


def _seconds(error: RetryAfter) -> float:
    after = error.retry_after
    return float(after) if isinstance(after, int) else after.total_seconds()
