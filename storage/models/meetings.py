"""Meetings: who was told of one, and what they answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from storage.models.columns import Table, instant


class Invitation(Table, table=True):
    """Somebody who is told of a meeting 会议通知 (M7), and his answer to the notice as it stands now."""

    __tablename__ = "meeting_invitation"
    __table_args__ = (UniqueConstraint("matter_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    matter_id: int = Field(foreign_key="matter.id", index=True)
    name: str
    """of the unit, or of the person where no unit is asked"""
    unit: str | None = None
    member_id: int | None = Field(default=None, foreign_key="member.id", index=True)
    """who answers: the unit's liaison, the person himself or who stands in; null: nobody is known there"""
    for_id: int | None = Field(default=None, foreign_key="member.id", index=True)
    """whom he stands in for (P1)"""
    place: int = 0
    """in the order in which they were named"""
    round: int = 0
    """how often the notice has gone out to him; 0: not yet"""
    told_at: datetime | None = instant(nullable=True)
    """null: the message could not be sent"""
    answer: str = "waiting"
    """waiting, received, attends, replaced"""
    answered_at: datetime | None = instant(nullable=True)
    substitute: str | None = None
    """who comes instead"""
    reason: str | None = None
    phoned_by: int | None = Field(default=None, foreign_key="member.id")
    """who told him by telephone"""
    tries: int = 0
    """how often he said a wrong code"""
    came_at: datetime | None = instant(nullable=True)
    """when he, or who came instead, signed in"""
    came_by: str | None = None
    """button or code"""
    card_id: int | None = Field(default=None, foreign_key="card.id")
    """the notice that stands in his chat"""
