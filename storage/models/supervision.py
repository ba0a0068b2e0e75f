"""What tasks 督办事项 have beside their matter: the row of the spreadsheet that each came from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from storage.models.columns import instant, json_of


class LedgerRow(SQLModel, table=True):
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
