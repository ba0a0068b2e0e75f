"""Duty: the roster, swaps, checks, hand-overs, the log."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from storage.emergencies import PROCEDURE
from storage.models import DutyCheck, DutyDay, DutyEntry, DutyHandOver, DutySwap, Matter

POSTS = ("leader", "first", "second")
"""the posts of a day: 带班领导, 主班, 副班"""


def day(day: date, *, session: Session) -> DutyDay | None:
    """The roster of a day."""
    return session.get(DutyDay, day)


def days(first: date, last: date, *, session: Session) -> dict[date, DutyDay]:
    """The roster from one day to another, both included."""
    rows = select(DutyDay).where(col(DutyDay.day) >= first, col(DutyDay.day) <= last)
    return {row.day: row for row in session.exec(rows.order_by(col(DutyDay.day)))}


def in_use(*, session: Session) -> bool:
    """Whether the office keeps a roster at all."""
    return session.exec(select(DutyDay).limit(1)).first() is not None


def kept_last(*, session: Session) -> int | None:
    """The member who put something into the roster last."""
    rows = select(DutyDay.kept_by).where(col(DutyDay.kept_by).is_not(None))
    return session.exec(rows.order_by(col(DutyDay.kept_at).desc())).first()


def open_swaps(*, session: Session) -> list[DutySwap]:
    """Swaps that nobody has decided yet, in the order in which they were asked for."""
    rows = select(DutySwap).where(col(DutySwap.state).in_(["asked", "agreed"]))
    return list(session.exec(rows.order_by(col(DutySwap.id))))


def granted_swaps(*, session: Session) -> list[DutySwap]:
    """Swaps that the duty leader consented to."""
    rows = select(DutySwap).where(col(DutySwap.state) == "granted").order_by(col(DutySwap.id))
    return list(session.exec(rows))


def check(day: date, member_id: int, *, session: Session) -> DutyCheck | None:
    """The change-over check of a person on a day."""
    rows = select(DutyCheck).where(col(DutyCheck.day) == day, col(DutyCheck.member_id) == member_id)
    return session.exec(rows).first()


def unanswered(day: date, *, session: Session) -> list[DutyCheck]:
    """The checks of a day that were not answered."""
    rows = select(DutyCheck).where(col(DutyCheck.day) == day, col(DutyCheck.answered_at).is_(None))
    return list(session.exec(rows.order_by(col(DutyCheck.id))))


def hand_over(day: date, *, session: Session) -> DutyHandOver | None:
    """The hand-over at the change-over of a day."""
    return session.exec(select(DutyHandOver).where(col(DutyHandOver.day) == day)).first()


def entries(day: date, *, session: Session) -> list[DutyEntry]:
    """The log of a day of duty, by when it happened."""
    rows = select(DutyEntry).where(col(DutyEntry.day) == day)
    return list(session.exec(rows.order_by(col(DutyEntry.happened_at), col(DutyEntry.id))))


def unfinished(*, session: Session) -> list[DutyEntry]:
    """Entries of any day without a result, oldest first."""
    rows = select(DutyEntry).where(col(DutyEntry.finished_at).is_(None))
    return list(session.exec(rows.order_by(col(DutyEntry.happened_at), col(DutyEntry.id))))


def next_number(day: date, *, session: Session) -> int:
    """The number of a day's next entry, from 1."""
    return (session.exec(select(func.max(DutyEntry.number)).where(col(DutyEntry.day) == day)).one() or 0) + 1


def entry_of_card(card_id: int, *, session: Session) -> DutyEntry | None:
    """The entry that a card shows."""
    return session.exec(select(DutyEntry).where(col(DutyEntry.card_id) == card_id)).first()


def open_matters(unit: str | None, *, session: Session) -> list[Matter]:
    """Open emergencies, then the open matters of the unit that keeps the duty room, oldest first."""
    emergency = col(Matter.procedure) == PROCEDURE
    rows = select(Matter).where(col(Matter.state) == "open", or_(emergency, col(Matter.section) == unit))
    return list(session.exec(rows.order_by(emergency.desc(), col(Matter.id))))
