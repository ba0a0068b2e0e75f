"""Duties that come again: what is open, what became of a period (V3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import update
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


def in_period(period: str, duties: Iterable[str], *, session: Session) -> list[Occurrence]:
    """All of a period, whatever became of them, those called off left out."""
    rows = select(Occurrence).where(
        col(Occurrence.period) == period,
        col(Occurrence.duty).in_(list(duties)),
        col(Occurrence.state) != "cancelled",
    )
    return list(session.exec(rows.order_by(col(Occurrence.matter_id), col(Occurrence.id))))


def provisional(*, session: Session) -> list[Occurrence]:
    """Those that are not settled and were counted over a year without a notice."""
    rows = select(Occurrence).where(col(Occurrence.provisional), col(Occurrence.state).in_(OPEN))
    return list(session.exec(rows))


def stop_clocks(occurrence_id: int, kinds: Iterable[str], *, now: datetime, session: Session) -> None:
    """What is pending of these kinds rings no more."""
    stop = (
        update(Clock)
        .where(col(Clock.about_id) == occurrence_id, col(Clock.kind).in_(list(kinds)))
        .where(col(Clock.state) == "pending")
        .values(state="cancelled", fired_at=now)
    )
    session.connection().execute(stop)
