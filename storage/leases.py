"""Who does what only one program may do, where several work on one PostgreSQL.

Each program keeps a lease on its own name, by which the others see that it lives, and may hold the leases on
polling and on sending. All of them are renewed together; what is not renewed lapses. Time is the
database's, the one clock that all programs share, and never the office's.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Interval, ScalarSelect, cast, delete, func, literal, or_, select
from sqlmodel import Session, col

from storage.engine import insert_into
from storage.models import Lease

POLLING, SENDING = "polling", "sending"


def renew(holder: str, wanted: Collection[str], *, seconds: float, session: Session) -> set[str]:
    """Renew what `holder` has and take what nobody has any more; which of the wanted ones are its own now."""
    until = func.clock_timestamp() + cast(literal(f"{seconds} seconds"), Interval)
    held = set()
    for name in sorted({holder, *wanted}):
        lease = insert_into(Lease, session).values(name=name, holder=holder, until=until)
        taken = lease.on_conflict_do_update(
            index_elements=["name"],
            set_={"holder": holder, "until": until},
            where=or_(col(Lease.holder) == holder, _lapsed()),
        ).returning(col(Lease.name))
        held |= set(session.connection().execute(taken).scalars())
    return held - {holder}


def is_held(name: str, holder: str, *, session: Session) -> bool:
    """Whether the lease is this holder's, and stays so until this transaction ends."""
    mine = select(Lease.name).where(col(Lease.name) == name, col(Lease.holder) == holder, ~_lapsed())  # type: ignore[call-overload]
    return session.connection().execute(mine.with_for_update(read=True)).first() is not None


def living() -> ScalarSelect[str]:
    """Programs whose lease has not lapsed, for a condition on what they claimed."""
    return select(Lease.holder).where(~_lapsed()).scalar_subquery()  # type: ignore[call-overload, no-any-return]


def give_up(holder: str, *, session: Session) -> None:
    """Let go of everything; and of programs that ended long ago."""
    long_ago = func.clock_timestamp() - cast(literal("1 day"), Interval)
    gone = delete(Lease).where(or_(col(Lease.holder) == holder, col(Lease.until) < long_ago))
    session.connection().execute(gone)


def _lapsed() -> ColumnElement[bool]:
    return col(Lease.until) < func.clock_timestamp()
