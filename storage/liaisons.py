"""Changes of the person who answers for a unit (P3), and what goes over with them."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import Session, col, select

from storage.models import LiaisonChange, Matter, Member, Occurrence
from storage.occurrences import OPEN


def asked(unit: str, *, session: Session) -> LiaisonChange | None:
    """The change of a unit that is not decided."""
    rows = select(LiaisonChange).where(col(LiaisonChange.unit) == unit, col(LiaisonChange.state) == "asked")
    return session.exec(rows).first()


def waiting_for(member_id: int, *, session: Session) -> list[LiaisonChange]:
    """The changes that wait for this member to take over."""
    rows = select(LiaisonChange).where(
        col(LiaisonChange.to_id) == member_id,
        col(LiaisonChange.state) == "asked",
        col(LiaisonChange.taken_at).is_(None),
    )
    return list(session.exec(rows))


def handled_by(member_id: int, *, session: Session) -> list[Matter]:
    """The open matters that a member answers for."""
    rows = select(Matter).where(col(Matter.handler_id) == member_id, col(Matter.state) == "open")
    return list(session.exec(rows.order_by(col(Matter.due_at), col(Matter.id))))


def pass_on(from_id: int, to_id: int, *, session: Session) -> None:
    """What is asked of one is asked of the other; his matters are the other's."""
    handled = update(Matter).where(col(Matter.handler_id) == from_id, col(Matter.state) == "open")
    session.execute(handled.values(handler_id=to_id))
    owed = update(Occurrence).where(col(Occurrence.asked_id) == from_id, col(Occurrence.state).in_(OPEN))
    session.execute(owed.values(asked_id=to_id))


def leaning_on(name: str, unit: str, *, session: Session) -> list[Member]:
    """The members of a unit whose stand-in this person is."""
    rows = select(Member).where(
        col(Member.stand_in) == name, col(Member.unit) == unit, col(Member.active).is_(True)
    )
    return list(session.exec(rows.order_by(col(Member.id))))
