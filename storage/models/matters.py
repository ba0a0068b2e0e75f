"""Matters, their steps, deferrals, the journal, number series, the search index."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DDL, Index, UniqueConstraint, event, text
from sqlmodel import Field

from storage.models.columns import Table, chat_id_of, instant, json_of

_WHILE_OPEN: dict[str, Any] = dict.fromkeys(("sqlite_where", "postgresql_where"), text("state = 'open'"))
"""of an index that holds only what is open; it begins with the state, or SQLite would not choose it"""


class Series(Table, table=True):
    """The last number given in a number series 编号序列 of a year."""

    series: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    last: int = 0


class Matter(Table, table=True):
    """A matter 事项: anything with a responsible person and a clock (D1)."""

    __table_args__ = (
        UniqueConstraint("series", "year", "number"),
        Index("matter_open", "state", "id"),
        Index("matter_board", "state", "section", "field", "procedure", "due_at", **_WHILE_OPEN),
        Index("matter_next", "state", "due_at", **_WHILE_OPEN),
    )

    id: int | None = Field(default=None, primary_key=True)
    procedure: str
    series: str
    year: int
    number: int = Field(index=True)
    register_no: str
    title: str
    sender: str | None = None
    doc_number: str | None = Field(default=None, index=True)
    urgency: str | None = None
    copies: int | None = None
    section: str | None = Field(default=None, index=True)
    """the responsible section or unit 承办单位, by full name"""
    units: list[str] = json_of(list)
    """other units it concerns"""
    handler_id: int | None = Field(default=None, foreign_key="member.id")
    scope: list[str] = json_of(list)
    """names of those who are to read it (D9)"""
    parent_id: int | None = Field(default=None, foreign_key="matter.id", index=True)
    """the matter that this one is a part of (V1), or came out of (M4)"""
    field: str | None = Field(default=None, index=True)
    """the field 领域 of a ledger that it stands in (V1)"""
    remark: str | None = None
    received_at: datetime = instant()
    registered_at: datetime = instant(index=True)
    registrar_id: int = Field(foreign_key="member.id", index=True)
    group_chat_id: int | None = chat_id_of()
    due_at: datetime | None = instant(nullable=True)
    first_due_at: datetime | None = instant(nullable=True)
    due_limit: str | None = None
    """the limit as the policy writes it (10wd), or null where a date was named"""
    provisional: bool = False
    event_at: datetime | None = instant(index=True, nullable=True)
    """when what it is about begins (a meeting, a signing); limits may count from it"""
    event_ends_at: datetime | None = instant(nullable=True)
    state: str = "open"
    """open, closed, returned (to its sender, D4), void (taken back by who logged it)"""
    closed_at: datetime | None = instant(index=True, nullable=True)
    result: str | None = None
    reply_no: str | None = None
    archive_no: str | None = None
    details: dict[str, Any] = json_of(dict)
    """what only this kind of matter has"""


MATTER_GRAMS = "CREATE VIRTUAL TABLE IF NOT EXISTS matter_grams USING fts5(grams, tokenize='unicode61')"
"""the search index of SQLite (storage/search.py); its rowid is the matter's id"""
MATTER_GRAMS_POSTGRESQL = (
    "CREATE TABLE IF NOT EXISTS matter_grams (rowid bigint PRIMARY KEY, grams tsvector NOT NULL)",
    "CREATE INDEX IF NOT EXISTS matter_grams_gin ON matter_grams USING gin (grams) WITH (fastupdate = off)",
)
"""the same of PostgreSQL; without a list of what is still to be indexed, which every search would read"""
event.listen(Table.metadata, "after_create", DDL(MATTER_GRAMS).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]
for _statement in MATTER_GRAMS_POSTGRESQL:
    event.listen(Table.metadata, "after_create", DDL(_statement).execute_if(dialect="postgresql"))  # type: ignore[no-untyped-call]


class Step(Table, table=True):
    """A step 环节 of a matter. Several may be open at once; each has one holder."""

    __table_args__ = (Index("step_holder", "holder_id", "state"), Index("step_matter", "matter_id", "state"))

    id: int | None = Field(default=None, primary_key=True)
    matter_id: int = Field(foreign_key="matter.id")
    key: str
    position: int
    cycle: int = 0
    """how often this step had been sent back before"""
    state: str = "open"
    """open, done, sent_back, cancelled"""
    holder_id: int = Field(foreign_key="member.id")
    holder_since: datetime = instant()
    for_id: int | None = Field(default=None, foreign_key="member.id")
    """whose post the holder stands in for (P1)"""
    began_at: datetime = instant()
    due_at: datetime | None = instant(nullable=True)
    first_due_at: datetime | None = instant(nullable=True)
    due_limit: str | None = None
    provisional: bool = False
    acknowledged_at: datetime | None = instant(nullable=True)
    snoozed_until: datetime | None = instant(nullable=True)
    ended_at: datetime | None = instant(nullable=True)
    signed_by: int | None = Field(default=None, foreign_key="member.id")
    opinion: str | None = None


class Deferral(Table, table=True):
    """A deferral 延期 asked for before the limit and approved by someone else (V10)."""

    id: int | None = Field(default=None, primary_key=True)
    matter_id: int = Field(foreign_key="matter.id", index=True)
    step_id: int = Field(foreign_key="step.id")
    asked_by: int = Field(foreign_key="member.id")
    asked_at: datetime = instant()
    until: datetime = instant()
    reason: str
    approver_id: int = Field(foreign_key="member.id")
    state: str = "asked"
    """asked, granted, refused, withdrawn"""
    decided_at: datetime | None = instant(nullable=True)


class Entry(Table, table=True):
    """An entry of the journal 留痕, append-only: who, when it happened, when it was recorded, what."""

    __tablename__ = "journal"
    id: int | None = Field(default=None, primary_key=True)
    matter_id: int | None = Field(default=None, foreign_key="matter.id", index=True)
    step_id: int | None = Field(default=None, foreign_key="step.id")
    act: str
    member_id: int | None = Field(default=None, foreign_key="member.id")
    happened_at: datetime = instant()
    recorded_at: datetime = instant(index=True)
    facts: dict[str, Any] = json_of(dict)
