"""What nobody foresaw: it is logged without what was said; the sender and the administrators are told."""

from __future__ import annotations

import logging
from collections.abc import Awaitable

from sqlalchemy.exc import DBAPIError
from telegram import Update
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError
from telegram.ext import ContextTypes

from office import post
from office.desk import Desk
from storage import inbox, outbox, people
from storage.engine import is_passing
from storage.models import Outbox
from storage.outbox import ANSWER

log = logging.getLogger("duban.errors")


async def on_error(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    """PTB's error handler: logs the kind of error, never what was written.

    The update is kept and tried again, then set aside (bot/intake.py).
    """
    error = context.error
    name = type(error).__name__
    if isinstance(error, TelegramError) and not isinstance(update, Update):
        log.warning("telegram: %s", name)
        return
    if isinstance(error, DBAPIError) and is_passing(error):
        log.warning("database busy", extra={"error": name})
        return
    if is_unreached(error):
        log.warning("telegram not reached", extra={"error": name})
        return
    update_id = update.update_id if isinstance(update, Update) else None
    log.error("update failed", extra={"update": update_id, "error": name}, exc_info=_without_values(error))


async def in_time(answer: Awaitable[object]) -> None:
    """Answer a press, or what is typed; who has waited too long for it waits no more: nothing is amiss."""
    try:
        await answer
    except BadRequest as error:
        if "query is too old" not in str(error).lower():
            raise


def is_unreached(error: BaseException | None) -> bool:
    """Whether Telegram was away or asked to wait: it may answer when it is asked again."""
    return isinstance(error, NetworkError | RetryAfter) and not isinstance(error, BadRequest)


def set_aside(desk: Desk, update: Update, error: str) -> None:
    """Note that an update could not be handled; its sender and the administrators are told."""
    if not inbox.set_aside(update.update_id, error=error, now=desk.now, session=desk.session):
        return
    user, chat = update.effective_user, update.effective_chat
    member = people.by_telegram_id(user.id, session=desk.session) if user else None
    if member is None or chat is None:
        return
    answer = Outbox(
        chat_id=chat.id,
        member_id=member.id,
        priority=ANSWER,
        wording="help.error",
        facts={"update": update.update_id, "buttons": []},
        cause=f"error:{update.update_id}",
        created_at=desk.now,
    )
    outbox.enqueue(answer, session=desk.session)
    for admin in people.with_role("admin", session=desk.session):
        cause = f"error:{update.update_id}:{admin.id}"
        post.to_member(
            desk,
            admin,
            "help.error_for_admin",
            kind="note",
            cause=cause,
            update=update.update_id,
            error=error,
        )


class _Hidden(Exception):
    """Stands for an error whose message may quote what somebody wrote."""


def _without_values(error: BaseException | None) -> BaseException | None:
    """The error with its place but without its message."""
    return None if error is None else _Hidden().with_traceback(error.__traceback__)
