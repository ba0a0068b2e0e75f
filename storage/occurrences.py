"""Duties that come again: what is open, what became of a period (V3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from storage.models import Clock, Matter, Occurrence

OPEN = ("waiting", "asked")


def of_period(duty: str, matter_id: int | None, period: str, *, session: Session) -> Occurrence | None:
    """What a period is for a duty of the office (`matter_id` None) or of a task."""
    rows = select(Occurrence).where(
        col(Occurrence.duty) == duty,
        col(Occurrence.period) == period,
        col(Occurrence.matter_id).is_(None) if matter_id is None else col(Occurrence.matter_id) == matter_id,
    )
    return session.exec(rows).first()


def running(duty: str, matter_id: int | None, *, session: Session) -> Occurrence | None:
    """The one that is not settled; there is at most one."""
    rows = select(Occurrence).where(
        col(Occurrence.duty) == duty,
        col(Occurrence.state).in_(OPEN),
        col(Occurrence.matter_id).is_(None) if matter_id is None else col(Occurrence.matter_id) == matter_id,
    )
    return session.exec(rows).first()


def running_of(matter_id: int, *, session: Session) -> list[Occurrence]:
    """Those of a matter that are not settled."""
    rows = select(Occurrence).where(col(Occurrence.matter_id) == matter_id, col(Occurrence.state).in_(OPEN))
    return list(session.exec(rows.order_by(col(Occurrence.id))))


def running_duties(*, session: Session) -> set[str]:
    """The duties of the office that have one that is not settled."""
    rows = select(Occurrence.duty).where(col(Occurrence.state).in_(OPEN), col(Occurrence.matter_id).is_(None))
    return set(session.exec(rows))


def without(procedures: Collection[str], *, session: Session) -> list[Matter]:
    """Open matters of these kinds that have nothing running."""
    running = select(Occurrence.matter_id).where(
        col(Occurrence.state).in_(OPEN), col(Occurrence.matter_id).is_not(None)
    )
    rows = select(Matter).where(
        col(Matter.state) == "open",
        col(Matter.procedure).in_(list(procedures)),
        col(Matter.id).not_in(running),
    )
    return list(session.exec(rows.order_by(col(Matter.id))))


def provisional(*, session: Session) -> list[Occurrence]:
    """Those that are not settled and were counted over a year without a notice."""
    rows = select(Occurrence).where(col(Occurrence.provisional), col(Occurrence.state).in_(OPEN))
    return list(session.exec(rows))


def asked_at(duty: str, at: datetime, *, session: Session) -> list[Occurrence]:
    """Those of a duty that are asked for at one instant and not settled."""
    rows = select(Occurrence).where(
        col(Occurrence.duty) == duty, col(Occurrence.asks_at) == at, col(Occurrence.state).in_(OPEN)
    )
    return list(session.exec(rows.order_by(col(Occurrence.id))))


def stop_clocks(occurrence_id: int, kinds: Iterable[str], *, now: datetime, session: Session) -> None:
    """What is pending of these kinds rings no more."""
    stop = (
        update(Clock)
        .where(col(Clock.about_id) == occurrence_id, col(Clock.kind).in_(list(kinds)))
        .where(col(Clock.state) == "pending")
        .values(state="cancelled", fired_at=now)
    )
    session.connection().execute(stop)


Asked = tuple[Occurrence, Matter]


def asked_of(
    owners: Collection[int], member_id: int, duties: Iterable[str], *, now: datetime, session: Session
) -> list[Asked]:
    """What of open tasks is asked for and not settled: of these owners' tasks, or asked of the member."""
    rows = (
        select(Occurrence, Matter)
        .join(Matter, col(Matter.id) == col(Occurrence.matter_id))
        .where(
            col(Occurrence.state).in_(OPEN),
            col(Occurrence.asks_at) <= now,
            col(Occurrence.duty).in_(list(duties)),
            col(Matter.state) == "open",
            or_(col(Matter.handler_id).in_(list(owners)), col(Occurrence.asked_id) == member_id),
        )
        .order_by(col(Occurrence.due_at), col(Matter.id))
    )
    return [(one, of) for one, of in session.exec(rows)]


def asked_from(duties: Iterable[str], *, now: datetime, session: Session) -> set[int]:
    """The ids of who answers for a task, or was asked, of which one of these duties is asked for now."""
    rows = (
        select(Matter.handler_id, Occurrence.asked_id)
        .join(Matter, col(Matter.id) == col(Occurrence.matter_id))
        .where(
            col(Occurrence.state).in_(OPEN),
            col(Occurrence.asks_at) <= now,
            col(Occurrence.duty).in_(list(duties)),
            col(Matter.state) == "open",
        )
        .distinct()
    )
    return {one for row in session.exec(rows) for one in row if one is not None}


def settled_of(
    owners: Collection[int], duties: Collection[str], periods: Collection[str], *, session: Session
) -> list[Asked]:
    """What these owners did of these duties in these periods, where it was asked for."""
    rows = (
        select(Occurrence, Matter)
        .join(Matter, col(Matter.id) == col(Occurrence.matter_id))
        .where(
            col(Occurrence.state) == "done",
            col(Occurrence.done_by).is_not(None),
            col(Occurrence.duty).in_(list(duties)),
            col(Occurrence.period).in_(list(periods)),
            col(Matter.handler_id).in_(list(owners)),
        )
        .order_by(col(Occurrence.due_at), col(Matter.id))
    )
    return [(one, of) for one, of in session.exec(rows)]


def last_done(matter_id: int, *, session: Session) -> Occurrence | None:
    """The last of a task that was done by somebody."""
    rows = select(Occurrence).where(
        col(Occurrence.matter_id) == matter_id,
        col(Occurrence.state) == "done",
        col(Occurrence.done_by).is_not(None),
    )
    return session.exec(rows.order_by(col(Occurrence.done_at).desc(), col(Occurrence.id).desc())).first()


def last_period_of(owner_id: int, *, session: Session) -> Occurrence | None:
    """The last that an owner did of his tasks."""
    rows = (
        select(Occurrence)
        .join(Matter, col(Matter.id) == col(Occurrence.matter_id))
        .where(col(Matter.handler_id) == owner_id, col(Occurrence.done_by).is_not(None))
        .order_by(col(Occurrence.done_at).desc(), col(Occurrence.id).desc())
    )
    return session.exec(rows).first()


def ending_in(periods: Collection[str], duties: Iterable[str], *, session: Session) -> list[Asked]:
    """What was asked for of tasks in these periods, with the task; those called off left out."""
    rows = (
        select(Occurrence, Matter)
        .join(Matter, col(Matter.id) == col(Occurrence.matter_id))
        .where(
            col(Occurrence.period).in_(list(periods)),
            col(Occurrence.duty).in_(list(duties)),
            col(Occurrence.state) != "cancelled",
        )
        .order_by(col(Matter.section), col(Matter.id))
    )
    return [(one, of) for one, of in session.exec(rows)]
