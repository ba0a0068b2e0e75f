"""Who is slowed because of too many messages is told so, once an hour."""

from __future__ import annotations

from telegram import Update

from office.desk import Desk
from storage import inbox, outbox, people
from storage.models import Outbox
from storage.outbox import ANSWER


def tell(desk: Desk, update: Update, key: int) -> None:
    """`key`: the member or the group that goes too fast. Strangers are only counted."""
    user, chat = update.effective_user, update.effective_chat
    inbox.count_refusal("flood", desk.calendar.local(desk.now).date(), session=desk.session)
    member = people.by_telegram_id(user.id, session=desk.session) if user else None
    if member is None or chat is None:
        return
    message = Outbox(
        chat_id=chat.id,
        member_id=member.id,
        priority=ANSWER,
        wording="help.slowed",
        facts={"group": key < 0, "name": member.name if chat.id < 0 else None, "buttons": []},
        cause=f"slowed:{key}:{desk.now:%Y%m%d%H}",
        created_at=desk.now,
    )
    outbox.enqueue(message, session=desk.session)
