"""What tasks 督办事项 have beside their matter: the row of the spreadsheet that each came from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field

from storage.models.columns import Table, instant, json_of


class LedgerRow(Table, table=True):
    """A row of an imported ledger as it was last taken over: what a later import is compared with (V1)."""

    __tablename__ = "ledger_row"
    id: int | None = Field(default=None, primary_key=True)
    ledger: str = Field(index=True)
    """which ledger it belongs to, by the name of the file that brought it first"""
    key: str = Field(index=True)
    """the words of the task, without blanks and stops"""
    matter_id: int = Field(foreign_key="matter.id", unique=True)
    row: dict[str, Any] = json_of(dict)
    taken_at: datetime = instant()


class Bulletin(Table, table=True):
    """A supervision bulletin 督查通报 (V8): drafted from the journal, corrected, signed out, numbered."""

    id: int | None = Field(default=None, primary_key=True)
    first: datetime = instant()
    until: datetime = instant()
    """the period: from `first` to before `until`"""
    name: str
    """2026年11月"""
    state: str = "draft"
    """draft, waiting (for its signature), sent_back, signed"""
    changes: list[list[str]] = json_of(list)
    """corrections to the text, in order"""
    title: str | None = None
    author_id: int = Field(foreign_key="member.id")
    begun_at: datetime = instant()
    signer_id: int | None = Field(default=None, foreign_key="member.id")
    due_at: datetime | None = instant(nullable=True)
    """by when it is to be signed, while it waits for that"""
    signed_at: datetime | None = instant(nullable=True)
    sent_back: str | None = None
    issue: int | None = None
    year: int | None = None
    file_id: int | None = Field(default=None, foreign_key="file.id")
    ledger_id: int | None = Field(default=None, foreign_key="file.id")
