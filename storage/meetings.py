"""Meetings: those that are near, who is told of one, what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.models import Entry, Invitation, Matter

PROCEDURE = "meeting"


def between(first: datetime, last: datetime, *, session: Session) -> list[Matter]:
    """The open meetings that begin in [first, last), the earliest first."""
    rows = select(Matter).where(
        col(Matter.procedure) == PROCEDURE,
        col(Matter.state) == "open",
        col(Matter.event_at) >= first,
        col(Matter.event_at) < last,
    )
    return list(session.exec(rows.order_by(col(Matter.event_at), col(Matter.id))))


def running(*, session: Session) -> list[Matter]:
    """All open meetings, the newest first."""
    rows = select(Matter).where(col(Matter.procedure) == PROCEDURE, col(Matter.state) == "open")
    return list(session.exec(rows.order_by(col(Matter.id).desc())))


def invitations(matter_id: int, *, session: Session) -> list[Invitation]:
    """Whom a meeting concerns, in the order in which they were named."""
    rows = select(Invitation).where(col(Invitation.matter_id) == matter_id)
    return list(session.exec(rows.order_by(col(Invitation.place), col(Invitation.id))))


def invitation(invitation_id: int, *, session: Session) -> Invitation | None:
    """The invitation with this id."""
    return session.get(Invitation, invitation_id)


def with_card(card_id: int, *, session: Session) -> Invitation | None:
    """The invitation whose notice stands as this card."""
    return session.exec(select(Invitation).where(col(Invitation.card_id) == card_id)).first()


def notices_of(member_id: int, now: datetime, *, session: Session) -> list[tuple[Invitation, Matter]]:
    """What of meetings still to come a member is to answer, or another in his stead; cancelled ones as well.

    The earliest first.
    """
    rows = (
        select(Invitation, Matter)
        .join(Matter, col(Matter.id) == col(Invitation.matter_id))
        .where(
            or_(col(Invitation.member_id) == member_id, col(Invitation.for_id) == member_id),
            or_(col(Matter.state) == "open", col(Invitation.answer) == "waiting"),
            col(Matter.event_at) > now,
        )
        .order_by(col(Matter.event_at), col(Invitation.id))
    )
    return [(one, of) for one, of in session.exec(rows)]


def decisions(*, session: Session) -> list[Matter]:
    """The tasks that came out of meetings, in the order in which they were entered (M4)."""
    meeting = aliased(Matter)
    rows = select(Matter).where(
        col(Matter.parent_id).in_(select(col(meeting.id)).where(col(meeting.procedure) == PROCEDURE)),
        col(Matter.procedure) != PROCEDURE,
        col(Matter.state) != "void",
    )
    return list(session.exec(rows.order_by(col(Matter.id))))


def of_acts(acts: Sequence[str], first: datetime, last: datetime, *, session: Session) -> list[Entry]:
    """What of these acts happened in [first, last), in order."""
    rows = select(Entry).where(
        col(Entry.act).in_(list(acts)), col(Entry.happened_at) >= first, col(Entry.happened_at) < last
    )
    return list(session.exec(rows.order_by(col(Entry.id))))
