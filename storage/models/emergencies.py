"""Emergencies: written reports, instructions and who confirmed them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from storage.models.columns import Table, instant, json_of


class Report(Table, table=True):
    """A written report of an emergency: 首报 (E2), 续报 and 终报 (E4)."""

    __tablename__ = "emergency_report"
    __table_args__ = (UniqueConstraint("matter_id", "kind", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    matter_id: int = Field(foreign_key="matter.id", index=True)
    kind: str
    """quick, follow_up, final"""
    number: int
    """of a further report: 1 of 续报一; else 0"""
    state: str = "draft"
    """draft, waiting (for its signature), sent_back, signed, kept (told, without a paper)"""
    title: str | None = None
    """null: made from what is known"""
    facts: dict[str, Any] = json_of(dict)
    """what a further or the final report says, by part"""
    changes: list[list[str]] = json_of(list)
    """corrections of the text in order: ["replace", old, new], ["add", text], ["remove", text]"""
    author_id: int = Field(foreign_key="member.id")
    begun_at: datetime = instant()
    submitted_at: datetime | None = instant(nullable=True)
    step_id: int | None = Field(default=None, foreign_key="step.id")
    """the step of its signature"""
    sent_back: str | None = None
    """why it was last sent back"""
    issue: int | None = None
    """第N期, given with the signature"""
    signed_by: int | None = Field(default=None, foreign_key="member.id")
    signed_at: datetime | None = instant(nullable=True)
    file_id: int | None = Field(default=None, foreign_key="file.id")


class Instruction(Table, table=True):
    """A leader's instruction 批示 on an emergency, with its exact words (E3); its clock is its step."""

    __tablename__ = "emergency_instruction"
    id: int | None = Field(default=None, primary_key=True)
    matter_id: int = Field(foreign_key="matter.id", index=True)
    step_id: int = Field(foreign_key="step.id", unique=True)
    number: int
    """within the emergency, from 1"""
    leader_id: int = Field(foreign_key="member.id")
    words: str
    recorded_by: int = Field(foreign_key="member.id")
    given_at: datetime = instant()


class Receipt(Table, table=True):
    """Somebody an instruction was passed to, and when he confirmed it (E3)."""

    __tablename__ = "emergency_receipt"
    __table_args__ = (UniqueConstraint("instruction_id", "member_id"),)

    id: int | None = Field(default=None, primary_key=True)
    instruction_id: int = Field(foreign_key="emergency_instruction.id", index=True)
    member_id: int = Field(foreign_key="member.id")
    unit: str | None = None
    """the unit he answers for, where the instruction names a unit"""
    told_at: datetime | None = instant(nullable=True)
    """null: the message could not be sent"""
    chased: int = 0
    confirmed_at: datetime | None = instant(nullable=True)
    confirmed_by: int | None = Field(default=None, foreign_key="member.id")
    """who recorded it, where he was told by telephone"""
    claimed_at: datetime | None = instant(nullable=True)
