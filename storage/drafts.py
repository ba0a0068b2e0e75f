"""Conversations under way, kept so that a restart goes on where the person was."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from storage import rows
from storage.models import Card, Draft

KEPT_FOR = timedelta(hours=24)


def begin(
    form: str,
    *,
    chat_id: int,
    member_id: int,
    data: dict[str, Any],
    now: datetime,
    session: Session,
    asking: str | None = None,
    source_message_id: int | None = None,
    nothing_asks: bool = False,
) -> Draft:
    """A new draft; earlier ones of the same person and chat stop asking but can still be confirmed.

    `nothing_asks`: it is known that none of them does.
    """
    if not nothing_asks:
        session.connection().execute(_STOP, {"chat": chat_id, "member": member_id})
    draft = Draft(
        chat_id=chat_id,
        member_id=member_id,
        form=form,
        data=data,
        asking=asking,
        source_message_id=source_message_id,
        created_at=now,
        updated_at=now,
    )
    return rows.keep(draft, session=session)


_STOP = (
    update(Draft)
    .where(
        col(Draft.chat_id) == bindparam("chat"),
        col(Draft.member_id) == bindparam("member"),
        col(Draft.state) == "open",
        col(Draft.asking).is_not(None),
    )
    .values(asking=None)
)


def asking(*, chat_id: int, member_id: int, now: datetime, session: Session) -> Draft | None:
    """The draft that waits for this person's next message in this chat."""
    session.flush()
    who = {"chat_id": chat_id, "member_id": member_id, "since": now - KEPT_FOR}
    found = session.connection().execute(_ASKING, who).scalar()  # mostly there is none
    return session.get_one(Draft, found) if found is not None else None


_ASKING: Any = (
    select(Draft.id)
    .where(
        col(Draft.chat_id) == bindparam("chat_id"),
        col(Draft.member_id) == bindparam("member_id"),
        col(Draft.state) == "open",
        col(Draft.asking).is_not(None),
        col(Draft.updated_at) > bindparam("since"),
    )
    .order_by(col(Draft.id).desc())
    .limit(1)
)


def draft(draft_id: int, *, session: Session) -> Draft | None:
    """The draft with this id."""
    return session.exec(_DRAFT, params={"id": draft_id}).first()


_DRAFT = select(Draft).where(col(Draft.id) == bindparam("id"))


def latest(*, chat_id: int, member_id: int, now: datetime, session: Session) -> Draft | None:
    """The latest open draft of this person in this chat, asking or not."""
    rows = (
        select(Draft)
        .where(
            col(Draft.chat_id) == chat_id,
            col(Draft.member_id) == member_id,
            col(Draft.state) == "open",
            col(Draft.updated_at) > now - KEPT_FOR,
        )
        .order_by(col(Draft.id).desc())
    )
    return session.exec(rows).first()


def of_message(chat_id: int, message_id: int, *, session: Session) -> Draft | None:
    """The draft that a person's message began."""
    rows = select(Draft).where(col(Draft.chat_id) == chat_id, col(Draft.source_message_id) == message_id)
    return session.exec(rows.order_by(col(Draft.id).desc())).first()


def card_of(draft_id: int, *, session: Session) -> Card | None:
    """The latest card that shows a draft."""
    rows = select(Card).where(col(Card.draft_id) == draft_id, col(Card.kind) == "draft")
    return session.exec(rows.order_by(col(Card.id).desc())).first()


def cards_of(draft_id: int, *, session: Session) -> list[Card]:
    """The cards that show a draft and still have their buttons."""
    return list(session.exec(_CARDS_OF, params={"draft_id": draft_id}))


_CARDS_OF = (
    select(Card)
    .where(col(Card.draft_id) == bindparam("draft_id"), col(Card.kind) == "draft", col(Card.standing))
    .order_by(col(Card.id))
)


def write(
    draft: Draft,
    *,
    now: datetime,
    data: dict[str, Any] | None = None,
    asking: str | None = None,
    state: str = "open",
) -> None:
    """Keep what has been understood so far, what is asked next, and whether the draft is over."""
    kept = {"data": draft.data if data is None else data, "asking": asking, "state": state, "updated_at": now}
    if any(getattr(draft, name) != value for name, value in kept.items()):
        rows.change(draft, kept)


def keep(
    form: str, *, chat_id: int, member_id: int, data: dict[str, Any], now: datetime, session: Session
) -> Draft:
    """Something to come back to that asks nothing and ends nothing that asks (what a list answers)."""
    draft = Draft(
        chat_id=chat_id,
        member_id=member_id,
        form=form,
        data=data,
        state="kept",
        created_at=now,
        updated_at=now,
    )
    session.add(draft)
    session.flush()
    return draft


def kept(form: str, *, chat_id: int, member_id: int, since: datetime, session: Session) -> Draft | None:
    """What was last kept of this form by this person in this chat, if it is not older."""
    rows = select(Draft).where(
        col(Draft.chat_id) == chat_id,
        col(Draft.member_id) == member_id,
        col(Draft.state) == "kept",
        col(Draft.form) == form,
        col(Draft.updated_at) > since,
    )
    return session.exec(rows.order_by(col(Draft.updated_at).desc(), col(Draft.id).desc())).first()
