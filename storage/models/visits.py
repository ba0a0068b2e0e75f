"""Visits of supervision."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from storage.models.columns import Table, instant, json_of


class Visit(Table, table=True):
    """A visit 督查 (V6): in which form, where, what was seen and found."""

    id: int | None = Field(default=None, primary_key=True)
    matter_id: int | None = Field(default=None, foreign_key="matter.id", index=True)
    """the task it was about; null: a unit"""
    unit: str | None = Field(default=None, index=True)
    form: str
    place: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    words: str
    findings: list[str] = json_of(list)
    entered: list[int | None] = json_of(list)
    """the tasks that findings became, by place; null: none yet"""
    member_id: int = Field(foreign_key="member.id")
    happened_at: datetime = instant(index=True)
    recorded_at: datetime = instant()
