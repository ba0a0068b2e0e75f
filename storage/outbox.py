"""Messages waiting to be sent. Enqueued inside an act's transaction, claimed by delivery."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, func, insert, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from storage.engine import is_embedded
from storage.matters import Standing
from storage.models import Card, Outbox
from storage.rows import among, among_given, keep_all, numbered
from storage.types import UtcDateTime

EMERGENCY, URGENT, ANSWER, REMINDER, DIGEST = range(5)
PLAIN: dict[str, Any] = {
    "state": "pending", "tries": 0, "silent": False, "reply_to": None, "reply_to_card": None, "file_id": None
}  # fmt: skip
"""what a message begins as"""
LATEST = 2000
"""more than Telegram takes in a minute"""


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


def told(causes: Collection[str], *, session: Session) -> set[str]:
    """The causes among these for which a message was enqueued before."""
    rows = select(Outbox.cause).where(among(Outbox.cause, causes, session=session))  # type: ignore[call-overload]
    return set(session.connection().execute(rows).scalars()) if causes else set()


def waiting_to(member_id: int, wording: str, *, since: datetime, session: Session) -> Outbox | None:
    """The latest message of this wording to a member that was kept since then and is not yet sent."""
    rows = select(Outbox).where(
        col(Outbox.member_id) == member_id,
        col(Outbox.wording) == wording,
        col(Outbox.state) == "pending",
        col(Outbox.created_at) >= since,
    )
    return session.execute(rows.order_by(col(Outbox.id).desc())).scalars().first()


class Letter(NamedTuple):
    """A message with the card it becomes, as rows of their tables; `card_id` is still to be filled in."""

    card: dict[str, Any]
    message: dict[str, Any]


def keep(message: dict[str, Any], *, session: Session) -> None:
    """Keep a message about a card that is there."""
    session.flush()  # what was said before goes out before
    session.connection().execute(_NEW_MESSAGE, message)


def post(letter: Letter, *, session: Session) -> int | None:
    """Keep a message with its card: the card's id; None if its cause was already told."""
    session.flush()  # what it is about, and what was said before
    cause = letter.message.get("cause")
    if cause is not None and was_told(cause, session=session):
        return None
    connection = session.connection()
    if not is_embedded(session):
        given = {f"of_card_{name}": value for name, value in letter.card.items()} | letter.message
        return int(connection.execute(_both(tuple(letter.card), tuple(letter.message)), given).scalar_one())
    card_id: int = connection.execute(_NEW_CARD, letter.card).scalar_one()
    connection.execute(_NEW_MESSAGE, letter.message | {"card_id": card_id})
    return card_id


_NEW_CARD: Any = insert(Card).returning(col(Card.id))
_NEW_MESSAGE: Any = insert(Outbox)


@cache
def _both(of_card: tuple[str, ...], of_message: tuple[str, ...]) -> Any:
    """The same as one statement, with the columns that are given."""
    cards, messages = Card.__table__.c, Outbox.__table__.c  # type: ignore[attr-defined]
    values = {name: bindparam(f"of_card_{name}", type_=cards[name].type) for name in of_card}
    card = insert(Card).values(values).returning(col(Card.id)).cte("new_card")
    given: list[Any] = [bindparam(name, type_=messages[name].type) for name in of_message]
    names = (*of_message, "card_id")
    return insert(Outbox).from_select(names, select(*given, card.c.id)).returning(col(Outbox.card_id))


def enqueue_all(letters: Sequence[Letter], *, session: Session) -> None:
    """Keep messages whose causes have not been told, with their cards."""
    ids = numbered(Card, [letter.card for letter in letters], session=session)
    rows = [letter.message | {"card_id": card_id} for letter, card_id in zip(letters, ids, strict=True)]
    keep_all(Outbox, rows, session=session)


def enqueue_edit(card: Card, *, priority: int, now: datetime, session: Session) -> None:
    """Let a card be edited in place; an edit that is still waiting serves for this one too."""
    enqueue_edits([card], priority=priority, now=now, session=session)


def enqueue_edits(
    cards: Sequence[Card | Standing], *, priority: int, now: datetime, session: Session
) -> None:
    """The same for several cards."""
    if not cards:
        return
    session.flush()  # what was said before goes out before
    edits = {"card_ids": [card.id for card in cards], "level": priority}
    served = set(session.connection().execute(_waiting_edits(is_embedded(session)), edits).scalars())
    rows = [_row("edit", card, priority, now) for card in cards if card.id not in served]
    keep_all(Outbox, rows, session=session)


@cache
def _waiting_edits(embedded: bool) -> Any:
    more_pressing = func.min if embedded else func.least
    return (
        update(Outbox)
        .where(
            among_given(Outbox.card_id, "card_ids", embedded=embedded),
            col(Outbox.op) == "edit",
            col(Outbox.state) == "pending",
        )
        .values(priority=more_pressing(col(Outbox.priority), bindparam("level")))
        .returning(col(Outbox.card_id))
    )


def _row(op: str, card: Card | Standing, priority: int, now: datetime) -> dict[str, Any]:
    return PLAIN | {
        "op": op,
        "chat_id": card.chat_id,
        "member_id": card.member_id,
        "card_id": card.id,
        "priority": priority,
        "wording": card.kind,
        "facts": {},
        "created_at": now,
    }


class Ready(NamedTuple):
    """A message that may be sent."""

    id: int
    chat_id: int
    priority: int
    op: str


_READY: Any = (col(Outbox.id), col(Outbox.chat_id), col(Outbox.priority), col(Outbox.op))


def ready(
    *,
    now: datetime,
    limit: int,
    least: int = DIGEST,
    without_chats: Collection[int] = (),
    without: Collection[int] = (),
    session: Session,
) -> list[Ready]:
    """Up to `limit` messages that may be sent, most pressing first; none to a chat with one under way.

    `least`: the lowest priority that is asked for.
    """
    rows = (
        select(*_READY)
        .where(_sendable(now), _chat_is_free())
        .order_by(col(Outbox.priority), col(Outbox.id))
        .limit(limit)
    )
    if least < DIGEST:
        rows = rows.where(col(Outbox.priority) <= least)
    if without_chats:
        rows = rows.where(col(Outbox.chat_id).not_in(list(without_chats)))
    if without:
        rows = rows.where(col(Outbox.id).not_in(list(without)))
    return [Ready(*row) for row in session.connection().execute(rows)]


def take(ids: Collection[int], *, now: datetime, claimer: str, session: Session) -> list[Outbox]:
    """Claim messages for sending, most pressing first, without those that another program has in hand."""
    free = select(col(Outbox.id)).where(
        col(Outbox.id).in_(list(ids)), col(Outbox.state) == "pending", _chat_is_free()
    )
    claimed = (
        update(Outbox)
        .where(col(Outbox.id).in_(free.with_for_update(skip_locked=True)))
        .values(state="sending", claimed_by=claimer, claimed_at=now)
        .returning(col(Outbox.id))
    )
    taken = list(session.connection().execute(claimed).scalars())
    rows = select(Outbox).where(col(Outbox.id).in_(taken)).order_by(col(Outbox.priority), col(Outbox.id))
    return list(session.execute(rows).scalars())


def waiting(*, now: datetime, session: Session) -> tuple[int, datetime | None]:
    """How many messages wait that might have been sent, and since when the oldest of them does."""
    since = func.coalesce(Outbox.not_before, Outbox.created_at, type_=UtcDateTime)
    rows = select(func.count(), func.min(since, type_=UtcDateTime)).where(
        or_(_sendable(now), col(Outbox.state) == "sending")
    )
    count, oldest = session.connection().execute(rows).one()
    return count, oldest


def _sendable(now: datetime) -> ColumnElement[bool]:
    held = or_(col(Outbox.not_before).is_(None), col(Outbox.not_before) <= now)
    return and_(col(Outbox.state) == "pending", held)


def _chat_is_free() -> ColumnElement[bool]:
    other = aliased(Outbox)
    return col(Outbox.chat_id).not_in(select(other.chat_id).where(col(other.state) == "sending"))  # type: ignore[call-overload]


def release(*, claimer: str, only: Collection[int] | None = None, session: Session) -> None:
    """Put back what this program claimed and has not noted as sent; of it `only` these messages."""
    put_back = update(Outbox).where(col(Outbox.state) == "sending", col(Outbox.claimed_by) == claimer)
    if only is not None:
        put_back = put_back.where(col(Outbox.id).in_(list(only)))
    session.connection().execute(put_back.values(state="pending", claimed_by=None))


def released(*, without: Collection[int], session: Session) -> list[Ready]:
    """Put back whatever was claimed and not noted as sent, by whomever, `without` what is under way here."""
    put_back = update(Outbox).where(col(Outbox.state) == "sending", col(Outbox.id).not_in(list(without)))
    rows = put_back.values(state="pending", claimed_by=None).returning(*_READY)
    return [Ready(*row) for row in session.connection().execute(rows)]


def sent_lately(*, since: datetime, session: Session) -> list[tuple[datetime, Ready]]:
    """What was sent since an instant, and when, among the latest messages."""
    latest = select(col(Outbox.sent_at), *_READY).order_by(col(Outbox.id).desc()).limit(LATEST)
    rows = session.connection().execute(latest)
    return [(at, Ready(*row)) for at, *row in rows if at is not None and at >= since]


def note(message_id: int, *, session: Session, **values: Any) -> None:
    """Note what became of a message (state, sent_at, error, tries, not_before)."""
    session.connection().execute(update(Outbox).where(col(Outbox.id) == message_id).values(**values))


def new_claimer() -> str:
    """A name for one delivery of one process."""
    return uuid.uuid4().hex[:12]


def said(card_id: int | None, *, session: Session) -> tuple[str, dict[str, Any]] | None:
    """The wording and facts of what a card last said, where it is still kept."""
    rows = select(Outbox.wording, Outbox.facts).where(  # type: ignore[call-overload]
        col(Outbox.card_id) == card_id, col(Outbox.op).in_(["send", "edit"])
    )
    found = session.connection().execute(rows.order_by(col(Outbox.id).desc())).first()
    return (found[0], dict(found[1])) if found else None


def card_of_message(chat_id: int, message_id: int, *, session: Session) -> Card | None:
    """The card that stands as this message."""
    asked = {"chat_id": chat_id, "message_id": message_id}
    return session.execute(_CARD_OF_MESSAGE, asked).scalars().first()


_CARD_OF_MESSAGE: Any = (
    select(Card)
    .where(col(Card.chat_id) == bindparam("chat_id"), col(Card.message_id) == bindparam("message_id"))
    .order_by(col(Card.id).desc())
    .limit(1)
)


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
    enqueue_deletes([card], priority=priority, now=now, session=session)


def enqueue_deletes(
    cards: Sequence[Card | Standing], *, priority: int, now: datetime, session: Session
) -> None:
    """The same for several cards."""
    session.flush()
    rows = [
        _row("delete", card, priority, now)
        for card in cards
        if card.message_id is not None or not withdraw(card.id, session=session)
    ]
    keep_all(Outbox, rows, session=session)
