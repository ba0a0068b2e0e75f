"""Who does what only one program may do, where several work on one PostgreSQL.

Each program keeps a lease on its own name, by which the others see that it lives, and may hold the leases on
polling and on sending. All of them are renewed together; what is not renewed lapses. Time is the
database's, the one clock that all programs share, and never the office's.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Interval,
    ScalarSelect,
    cast,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlmodel import Session, col

from storage.engine import insert_into
from storage.models import Lease

POLLING, SENDING = "polling", "sending"


def renew(holder: str, *, seconds: float, session: Session) -> set[str]:
    """Renew whatever `holder` holds: which names."""
    mine = update(Lease).where(col(Lease.holder) == holder).values(until=_in(seconds))
    return set(session.connection().execute(mine.returning(col(Lease.name))).scalars())


def take_over(holder: str, wanted: Collection[str], *, seconds: float, session: Session) -> set[str]:
    """Take what nobody holds any more, and the holder's own name: which names.

    Waits for nobody: a lease that another program leans on (`is_held`) is not taken from under it.
    """
    lapsed = select(col(Lease.name)).where(col(Lease.name).in_(list(wanted)), _lapsed())
    free = lapsed.with_for_update(skip_locked=True)
    session.connection().execute(delete(Lease).where(col(Lease.name).in_(free)))
    rows = [{"name": name, "holder": holder, "until": _in(seconds)} for name in sorted({holder, *wanted})]
    new = insert_into(Lease, session).values(rows).on_conflict_do_nothing().returning(col(Lease.name))
    return set(session.connection().execute(new).scalars())


def is_held(name: str, holder: str, *, session: Session) -> bool:
    """Whether the lease is this holder's, and stays so until this transaction ends; it can be renewed."""
    mine = select(col(Lease.name)).where(col(Lease.name) == name, col(Lease.holder) == holder, ~_lapsed())
    return session.connection().execute(mine.with_for_update(read=True, key_share=True)).first() is not None


def living() -> ScalarSelect[str]:
    """Programs whose lease has not lapsed, for a condition on what they claimed."""
    return select(Lease.holder).where(~_lapsed()).scalar_subquery()  # type: ignore[call-overload, no-any-return]


def give_up(holder: str, *, session: Session) -> None:
    """Let go of everything; and of programs that ended long ago."""
    long_ago = func.clock_timestamp() - cast(literal("1 day"), Interval)
    gone = delete(Lease).where(or_(col(Lease.holder) == holder, col(Lease.until) < long_ago))
    session.connection().execute(gone)


def _in(seconds: float) -> ColumnElement[datetime]:
    return func.clock_timestamp() + cast(literal(f"{seconds} seconds"), Interval)


def _lapsed() -> ColumnElement[bool]:
    return col(Lease.until) < func.clock_timestamp()
