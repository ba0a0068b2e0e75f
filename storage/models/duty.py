"""Duty: roster, swaps, checks, hand-over, log."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from storage.models.columns import Table, instant, json_of


class DutyDay(Table, table=True):
    """Who is on duty 值班 from the change-over of a day to that of the next (E6); null is a gap."""

    __tablename__ = "duty_day"
    day: date = Field(primary_key=True)
    leader_id: int | None = Field(default=None, foreign_key="member.id")
    first_id: int | None = Field(default=None, foreign_key="member.id")
    second_id: int | None = Field(default=None, foreign_key="member.id")
    kept_by: int | None = Field(default=None, foreign_key="member.id")
    """who imported it last; null: whoever runs the program"""
    kept_at: datetime = instant(index=True)


class DutySwap(Table, table=True):
    """A swap 换班: on `days` the two change places, once the other agrees and the leader consents."""

    __tablename__ = "duty_swap"
    id: int | None = Field(default=None, primary_key=True)
    days: list[str] = json_of(list)
    """one or two days as ISO dates; the first one's leader consents"""
    asker_id: int = Field(foreign_key="member.id", index=True)
    other_id: int = Field(foreign_key="member.id")
    leader_id: int = Field(foreign_key="member.id")
    asked_at: datetime = instant()
    state: str = "asked"
    """asked, agreed, granted, declined (by the other), refused (by the leader), withdrawn, lapsed"""
    agreed_at: datetime | None = instant(nullable=True)
    decided_at: datetime | None = instant(nullable=True)


class DutyCheck(Table, table=True):
    """The change-over check 到岗 of one person on duty."""

    __tablename__ = "duty_check"
    __table_args__ = (UniqueConstraint("day", "member_id"),)

    id: int | None = Field(default=None, primary_key=True)
    day: date
    member_id: int = Field(foreign_key="member.id")
    asked_at: datetime = instant()
    answered_at: datetime | None = instant(nullable=True)


class DutyHandOver(Table, table=True):
    """The hand-over 交接班 at the change-over of `day`, signed by who leaves, then by who relieves him."""

    __tablename__ = "duty_hand_over"
    id: int | None = Field(default=None, primary_key=True)
    day: date = Field(unique=True)
    outgoing_id: int | None = Field(default=None, foreign_key="member.id")
    incoming_id: int | None = Field(default=None, foreign_key="member.id")
    began_at: datetime = instant()
    items: list[dict[str, Any]] = json_of(list)
    """the open items as they were when the outgoing one signed"""
    remark: str | None = None
    outgoing_signed_at: datetime | None = instant(nullable=True)
    incoming_signed_at: datetime | None = instant(nullable=True)


class DutyEntry(Table, table=True):
    """An entry of the duty log 值班日志, to the minute; what was not said stays empty."""

    __tablename__ = "duty_entry"
    __table_args__ = (UniqueConstraint("day", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    day: date
    """the day of duty, which goes on past midnight"""
    number: int
    happened_at: datetime = instant()
    recorded_at: datetime = instant()
    member_id: int = Field(foreign_key="member.id")
    text: str
    """as it was written"""
    unit: str | None = None
    person: str | None = None
    phone: str | None = None
    content: str
    told: str | None = None
    instruction: str | None = None
    result: str | None = None
    additions: list[dict[str, Any]] = json_of(list)
    """later ones: at, by, field, text"""
    finished_at: datetime | None = instant(index=True, nullable=True)
    card_id: int | None = Field(default=None, foreign_key="card.id", index=True)
