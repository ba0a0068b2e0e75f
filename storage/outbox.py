"""Messages waiting to be sent. Enqueued inside an act's transaction, claimed by delivery."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlmodel import Session, col

from storage.models import Card, Outbox

EMERGENCY, URGENT, ANSWER, REMINDER, DIGEST = range(5)


def enqueue(message: Outbox, *, session: Session) -> Outbox | None:
    """Keep a message; None if its cause was already told."""
    if message.cause is not None and was_told(message.cause, session=session):
        return None
    session.add(message)
    session.flush()
    return message


def was_told(cause: str, *, session: Session) -> bool:
    """Whether a message for this cause was enqueued before."""
    told = select(Outbox.id).where(col(Outbox.cause) == cause)  # type: ignore[call-overload]
    return session.connection().execute(told).first() is not None


def enqueue_edit(card: Card, *, priority: int, now: datetime, session: Session) -> None:
    """Let a card be edited in place; an edit that is still waiting serves for this one too."""
    waiting = (
        update(Outbox)
        .where(col(Outbox.card_id) == card.id, col(Outbox.op) == "edit", col(Outbox.state) == "pending")
        .values(priority=func.min(col(Outbox.priority), priority))
        if session.get_bind().dialect.name == "sqlite"
        else update(Outbox)
        .where(col(Outbox.card_id) == card.id, col(Outbox.op) == "edit", col(Outbox.state) == "pending")
        .values(priority=func.least(col(Outbox.priority), priority))
    )
    if session.connection().execute(waiting).rowcount:
        return
    session.add(
        Outbox(
            op="edit",
            chat_id=card.chat_id,
            member_id=card.member_id,
            card_id=card.id,
            priority=priority,
            wording=card.kind,
            created_at=now,
        )
    )


def claim(
    *, now: datetime, claimer: str, limit: int, paused_chats: Collection[int] = (), session: Session
) -> list[int]:
    """Take up to `limit` sendable messages, most pressing first; their ids.

    A message waits for an earlier one to the same chat only through its order of id, not through a lock.
    """
    ready = (
        select(Outbox.id)  # type: ignore[call-overload]
        .where(
            col(Outbox.state) == "pending",
            or_(col(Outbox.not_before).is_(None), col(Outbox.not_before) <= now),
        )
        .order_by(col(Outbox.priority), col(Outbox.id))
        .limit(limit)
    )
    if paused_chats:
        ready = ready.where(col(Outbox.chat_id).not_in(list(paused_chats)))
    if session.get_bind().dialect.name != "sqlite":
        ready = ready.with_for_update(skip_locked=True)
    ids = [int(i) for i in session.connection().execute(ready).scalars()]
    if ids:
        session.connection().execute(
            update(Outbox)
            .where(col(Outbox.id).in_(ids))
            .values(state="sending", claimed_by=claimer, claimed_at=now)
        )
    return ids


def release(*, claimer: str | None = None, older_than: datetime | None = None, session: Session) -> int:
    """Put back what was claimed but not noted as sent (after a crash, or a pause): how many."""
    put_back = update(Outbox).where(col(Outbox.state) == "sending").values(state="pending", claimed_by=None)
    if claimer is not None:
        put_back = put_back.where(col(Outbox.claimed_by) == claimer)
    if older_than is not None:
        put_back = put_back.where(col(Outbox.claimed_at) < older_than)
    return int(session.connection().execute(put_back).rowcount)


def note(message_id: int, *, session: Session, **values: Any) -> None:
    """Note what became of a message (state, sent_at, error, tries, not_before)."""
    session.connection().execute(update(Outbox).where(col(Outbox.id) == message_id).values(**values))


def new_claimer() -> str:
    """A name for one delivery of one process."""
    return uuid.uuid4().hex[:12]


def card_of_message(chat_id: int, message_id: int, *, session: Session) -> Card | None:
    """The card that stands as this message."""
    found = select(Card).where(col(Card.chat_id) == chat_id, col(Card.message_id) == message_id)
    return session.execute(found.order_by(col(Card.id).desc())).scalars().first()


def withdraw(card_id: int | None, *, session: Session) -> bool:
    """Take back a message that has not been sent yet; whether there was one."""
    taken = (
        update(Outbox)
        .where(col(Outbox.card_id) == card_id, col(Outbox.state) == "pending")
        .values(state="superseded")
    )
    return bool(session.connection().execute(taken).rowcount)


def enqueue_delete(card: Card, *, priority: int, now: datetime, session: Session) -> None:
    """Let a card be taken away because a newer one stands for it; one not yet sent is withdrawn."""
    if card.message_id is None and withdraw(card.id, session=session):
        return
    session.add(
        Outbox(
            op="delete",
            chat_id=card.chat_id,
            member_id=card.member_id,
            card_id=card.id,
            priority=priority,
            wording=card.kind,
            created_at=now,
        )
    )
