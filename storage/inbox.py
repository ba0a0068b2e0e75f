"""Updates as they arrived, each kept until it has had its effect."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from storage.models import Inbox, Refusal


def keep(
    update_id: int,
    *,
    payload: dict[str, Any] | None,
    chat_id: int | None,
    screened: str | None,
    now: datetime,
    done: bool = False,
    session: Session,
) -> bool:
    """Keep an update, or only its id where it is `done` at once; False if it had arrived before."""
    row = {
        "update_id": update_id,
        "payload": None if done else payload,
        "chat_id": chat_id,
        "screened": screened,
        "received_at": now,
        "done_at": now if done else None,
        "tries": 0,
    }
    if session.connection().execute(select(Inbox.update_id).where(col(Inbox.update_id) == update_id)).first():  # type: ignore[call-overload]
        return False
    try:
        with session.begin_nested():
            session.connection().execute(insert(Inbox).values(row))
    except IntegrityError:
        return False
    return True


def mark_done(update_id: int, *, now: datetime, error: str | None = None, session: Session) -> bool:
    """Note that an update has had its effect and forget what it said; False if that was noted before."""
    done = (
        update(Inbox)
        .where(col(Inbox.update_id) == update_id, col(Inbox.done_at).is_(None))
        .values(done_at=now, payload=None, error=error)
    )
    return bool(session.connection().execute(done).rowcount)


def is_done(update_id: int, *, session: Session) -> bool:
    """Whether an update has had its effect already."""
    row = session.connection().execute(
        select(Inbox.done_at).where(col(Inbox.update_id) == update_id)  # type: ignore[call-overload]
    )
    found = row.first()
    return found is not None and found[0] is not None


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


def oldest_undone(*, session: Session) -> datetime | None:
    """When the oldest update arrived that has not had its effect."""
    oldest = select(func.min(Inbox.received_at)).where(col(Inbox.done_at).is_(None))
    found: datetime | None = session.connection().execute(oldest).scalar()
    return found


def count_refusal(cause: str, day: date, *, session: Session) -> None:
    """Count somebody or something that was refused on a day."""
    counted = update(Refusal).where(col(Refusal.day) == day, col(Refusal.cause) == cause)
    if not session.connection().execute(counted.values(count=Refusal.count + 1)).rowcount:
        session.connection().execute(insert(Refusal).values(day=day, cause=cause, count=1))


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
