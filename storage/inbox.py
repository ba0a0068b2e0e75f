"""Updates as they arrived, each kept until it has had its effect."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal,
    literal_column,
    null,
    or_,
    outerjoin,
    select,
    update,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from storage import leases, people
from storage.engine import insert_for, insert_into, is_embedded
from storage.models import Inbox, Member, Refusal

Turn = Literal["now", "later", "never"]
"""whether a program may handle an update"""


def keep(
    update_id: int,
    *,
    payload: dict[str, Any] | None,
    chat_id: int | None,
    screened: str | None,
    now: datetime,
    done: bool = False,
    claimed_by: str | None = None,
    session: Session,
) -> Turn:
    """Keep an update, or only its id where it is `done` at once; never if it had arrived before.

    Later if an earlier one of its chat has had no effect yet; SQLite, with its one program, does not ask.
    """
    row = {
        "update_id": update_id,
        "payload": None if done else payload,
        "chat_id": chat_id,
        "claimed_by": claimed_by,
        "screened": screened,
        "received_at": now,
        "done_at": now if done else None,
        "tries": 0,
    }
    waits = session.connection().execute(_keeping(is_embedded(session)), row).scalar()
    return "never" if waits is None else "later" if waits else "now"


@cache
def _keeping(embedded: bool) -> Any:
    kept = insert_for(Inbox, embedded).on_conflict_do_nothing()
    return kept.returning(literal(0) if embedded else _waits())


def mark_done(update_id: int, *, now: datetime, error: str | None = None, session: Session) -> bool:
    """Note that an update has had its effect and forget what it said; False if that was noted before."""
    done = {"id": update_id, "done_at": now, "payload": None, "error": error}
    return bool(session.connection().execute(_MARK_DONE, done).rowcount)


_MARK_DONE = update(Inbox).where(col(Inbox.update_id) == bindparam("id"), col(Inbox.done_at).is_(None))


def take(
    update_id: int, telegram_id: int | None, *, now: datetime, session: Session
) -> tuple[bool, Member | None]:
    """Mark an update as done, and find the active member who sent it: PostgreSQL is asked once for both."""
    if telegram_id is None or is_embedded(session):
        noted = mark_done(update_id, now=now, session=session)
        member = None if telegram_id is None else people.by_telegram_id(telegram_id, session=session)
        return noted, member
    about = {"id": update_id, "done_at": now, "telegram_id": telegram_id}
    noted, member = session.execute(_TAKE, about).one()
    return noted, people.in_hand(member, session)


_TAKEN = (
    update(Inbox)
    .where(col(Inbox.update_id) == bindparam("id"), col(Inbox.done_at).is_(None))
    .values(done_at=bindparam("done_at"), payload=null(), error=null())
    .returning(col(Inbox.update_id))
    .cte()
)
_ONE = select(exists(select(_TAKEN)).label("noted")).subquery()
_TAKE: Any = select(_ONE.c.noted, Member).select_from(outerjoin(_ONE, Member, people.SENDER))


def is_done(update_id: int, *, session: Session) -> bool:
    """Whether an update has had its effect already."""
    found = session.connection().execute(_DONE_AT, {"id": update_id}).first()
    return found is not None and found[0] is not None


_DONE_AT: Any = select(col(Inbox.done_at)).where(col(Inbox.update_id) == bindparam("id"))


def take_up(holder: str, *, without: Collection[int], session: Session) -> list[Inbox]:
    """Claim what has had no effect and is in no living program's hands, in order of arrival.

    What is claimed for `holder` counts as in its hands only where it is among `without`.
    """
    free = select(Inbox.update_id).where(col(Inbox.done_at).is_(None))  # type: ignore[call-overload]
    if not is_embedded(session):
        others = and_(col(Inbox.claimed_by) != holder, col(Inbox.claimed_by).in_(leases.living()))
        free = free.where(or_(col(Inbox.claimed_by).is_(None), ~others))
    ids = set(session.connection().execute(free.with_for_update(skip_locked=True)).scalars()) - set(without)
    session.connection().execute(update(Inbox).where(col(Inbox.update_id).in_(ids)).values(claimed_by=holder))
    rows = session.execute(select(Inbox).where(col(Inbox.update_id).in_(ids)).order_by(col(Inbox.update_id)))
    return list(rows.scalars())


def turn_of(update_id: int, holder: str, *, session: Session) -> Turn:
    """Whether `holder` may handle an update: later while an earlier one of the chat has had no effect.

    Never where another program took it over.
    """
    row = session.connection().execute(_PLACE, {"id": update_id}).first()
    if row is None:
        return "now"
    claimed_by, waits = row
    if claimed_by != holder:
        return "never"
    return "later" if waits else "now"


def _waits() -> ColumnElement[bool]:
    """Whether an earlier update of its chat has had no effect yet."""
    before = aliased(Inbox)
    this: ColumnElement[int] = literal_column("inbox.update_id")
    chat: ColumnElement[int] = literal_column("inbox.chat_id")
    return exists().where(
        col(before.done_at).is_(None),
        col(before.update_id) < this,
        col(before.chat_id).is_not_distinct_from(chat),
    )


_PLACE: Any = select(col(Inbox.claimed_by), _waits()).where(col(Inbox.update_id) == bindparam("id"))


def is_moving(chat_id: int, *, session: Session) -> bool:
    """Whether a chat has said that it was a group of another id before, and that has had no effect yet."""
    rows = select(Inbox.payload).where(col(Inbox.done_at).is_(None), col(Inbox.chat_id) == chat_id)  # type: ignore[call-overload]
    payloads = session.connection().execute(rows).scalars()
    return any("migrate_from_chat_id" in (one or {}).get("message", {}) for one in payloads)


def undone(*, session: Session) -> list[Inbox]:
    """The updates that have not had their effect, in order of arrival."""
    rows = session.execute(select(Inbox).where(col(Inbox.done_at).is_(None)).order_by(col(Inbox.update_id)))
    return list(rows.scalars())


def count_try(update_id: int, *, session: Session) -> int:
    """Count one more try of an update; how many there were."""
    session.connection().execute(
        update(Inbox).where(col(Inbox.update_id) == update_id).values(tries=Inbox.tries + 1)
    )
    row = session.connection().execute(select(Inbox.tries).where(col(Inbox.update_id) == update_id))  # type: ignore[call-overload]
    return int(row.scalar_one())


def waiting(*, session: Session) -> tuple[int, datetime | None]:
    """How many updates have not had their effect, and when the oldest of them arrived."""
    rows = select(func.count(), func.min(Inbox.received_at)).where(col(Inbox.done_at).is_(None))
    count, oldest = session.connection().execute(rows).one()
    return count, oldest


def count_refusal(cause: str, day: date, *, session: Session) -> None:
    """Count somebody or something that was refused on a day."""
    row = insert_into(Refusal, session).values(day=day, cause=cause, count=1)
    once_more = row.on_conflict_do_update(index_elements=["day", "cause"], set_={"count": Refusal.count + 1})
    session.connection().execute(once_more)


def forget(*, before: datetime, session: Session) -> int:
    """Drop the ids of updates that were done before an instant: how many."""
    gone = delete(Inbox).where(col(Inbox.done_at) < before)
    return int(session.connection().execute(gone).rowcount)


def set_aside(update_id: int, *, error: str, now: datetime, session: Session) -> bool:
    """Note that an update could not be handled; what it said is kept. False if that was noted before."""
    aside = (
        update(Inbox)
        .where(col(Inbox.update_id) == update_id, col(Inbox.done_at).is_(None))
        .values(done_at=now, error=error[:200], tries=Inbox.tries + 1)
    )
    return bool(session.connection().execute(aside).rowcount)
