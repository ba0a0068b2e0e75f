"""What falls due: clocks, recurring rounds, notices of holidays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field

from storage.models.columns import Table, instant, json_of

_ABOUT = text("about_id IS NOT NULL")


class Clock(Table, table=True):
    """Something that falls due at an instant: a reminder, a limit, a rung of a ladder.

    `step_id` is null where it concerns the matter's own limit. A fired row stays, for the record.
    """

    __table_args__ = (
        Index("clock_due", "state", "at"),
        Index("clock_step", "step_id", "state"),
        Index("clock_matter", "matter_id", "state"),
        Index("clock_about", "about_id", sqlite_where=_ABOUT, postgresql_where=_ABOUT),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    """remind, due, overdue, rung, absence …"""
    place: int = 0
    """which reminder or rung of the ladder, from 0"""
    matter_id: int | None = Field(default=None, foreign_key="matter.id")
    step_id: int | None = Field(default=None, foreign_key="step.id")
    about_id: int | None = None
    """what else it is about (an absence)"""
    at: datetime = instant()
    state: str = "pending"
    """pending, fired, cancelled, superseded, set_aside"""
    fired_at: datetime | None = instant(nullable=True)
    tries: int = 0
    error: str | None = None


class Round(Table, table=True):
    """A recurring piece of work: when it is next due. Moved on in the transaction that does the work."""

    name: str = Field(primary_key=True)
    next_at: datetime = instant()
    done_for: datetime | None = instant(nullable=True)


class HolidayNotice(Table, table=True):
    """A year's official notice of holidays, as it was loaded."""

    year: int = Field(primary_key=True)
    document: dict[str, Any] = json_of(dict)
    loaded_at: datetime = instant()
