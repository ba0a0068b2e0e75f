"""Targets of campaigns."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from storage.models.columns import Table, instant


class Goal(Table, table=True):
    """What one unit is to reach of one target of a campaign (V9), and where it stands."""

    __tablename__ = "campaign_goal"
    __table_args__ = (UniqueConstraint("matter_id", "target", "unit"),)

    id: int | None = Field(default=None, primary_key=True)
    matter_id: int = Field(foreign_key="matter.id")
    position: int
    """which target, from 0"""
    target: str
    measure: str
    unit: str
    number: float
    value: float | None = None
    """what was last reported"""
    reported_at: datetime | None = instant(nullable=True)
    reported_by: int | None = Field(default=None, foreign_key="member.id")
