"""Duties that come again, and the reports of progress that settle them (V3)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from storage.models.columns import Table, instant


class Occurrence(Table, table=True):
    """A duty of a period: of the office, or of one task. The next one is made when it is settled."""

    __table_args__ = (
        UniqueConstraint("duty", "matter_id", "period"),
        Index(
            "occurrence_office",
            "duty",
            "period",
            unique=True,
            sqlite_where=text("matter_id IS NULL"),
            postgresql_where=text("matter_id IS NULL"),
        ),
        Index("occurrence_open", "state", "matter_id"),
        Index("occurrence_matter", "matter_id", "state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    duty: str
    """a table of recurring.toml"""
    matter_id: int | None = Field(default=None, foreign_key="matter.id")
    period: str = Field(index=True)
    """2026-11, 2026-11下, 2026Q4"""
    asks_at: datetime = instant()
    due_at: datetime = instant()
    provisional: bool = False
    state: str = "waiting"
    """waiting, asked, done, missed (the next was asked for before it was done), cancelled"""
    asked_at: datetime | None = instant(nullable=True)
    asked_id: int | None = Field(default=None, foreign_key="member.id")
    """who was asked first"""
    done_at: datetime | None = instant(nullable=True)
    done_by: int | None = Field(default=None, foreign_key="member.id")


class Progress(Table, table=True):
    """A report of progress 进展 of a task; the latest one says where it stands (V3)."""

    __table_args__ = (Index("progress_matter", "matter_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    matter_id: int = Field(foreign_key="matter.id")
    period: str | None = None
    """the period it was given for; null where the task has no rhythm"""
    percent: int | None = None
    """0 to 100; null: not said"""
    words: str = ""
    why: str | None = None
    """why it went down"""
    file_id: int | None = Field(default=None, foreign_key="file.id")
    by_id: int = Field(foreign_key="member.id")
    reported_at: datetime = instant()
    claimed_at: datetime | None = instant(nullable=True)
    """the time it is said to be of, where that is another"""
