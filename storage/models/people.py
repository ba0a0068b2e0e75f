"""Units, members, their absences, groups."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field

from storage.models.columns import Table, chat_id_of, instant, json_of


class Unit(Table, table=True):
    """A unit 单位 (P4). `level` is the layer of groups it belongs to: leaders, office, section, units."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    short_names: list[str] = json_of(list)
    kind: str
    level: str
    position: int = 0


class Member(Table, table=True):
    """A member 工作人员. `reach` is never (has not started the bot), ok or blocked."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    unit: str = Field(index=True)
    post: str = ""
    stand_in: str | None = None
    in_charge_of: list[str] = json_of(list)
    phone: str = ""
    roles: list[str] = json_of(list)
    active: bool = True
    active_until: date | None = None
    """the last day of a secondment 跟班学习 (P6); null = no end"""
    telegram_id: int | None = chat_id_of(unique=True)
    reach: str = "never"
    join_code: str | None = Field(default=None, index=True)
    """SHA-256 of the one-time code, never the code itself."""
    join_expires: datetime | None = instant(nullable=True)
    digest: bool = True
    position: int = 0


class Absence(Table, table=True):
    """A leave 请假 (P2): the member is away from `starts` until `ends` (exclusive)."""

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    first_day: date
    last_day: date
    starts: datetime = instant()
    ends: datetime = instant(index=True)
    stand_in: str | None = None
    recorded_by: int = Field(foreign_key="member.id")
    cancelled: bool = False


class LiaisonChange(Table, table=True):
    """A change of the person who answers for a unit (P3): done once both have confirmed."""

    __tablename__ = "liaison_change"
    id: int | None = Field(default=None, primary_key=True)
    unit: str = Field(index=True)
    from_id: int = Field(foreign_key="member.id")
    to_id: int = Field(foreign_key="member.id")
    asked_by: int = Field(foreign_key="member.id")
    asked_at: datetime = instant()
    given_at: datetime | None = instant(nullable=True)
    """when the old one confirmed, or somebody of the supervising section in his place"""
    given_by: int | None = Field(default=None, foreign_key="member.id")
    why: str | None = None
    """why somebody else confirmed in his place"""
    taken_at: datetime | None = instant(nullable=True)
    """when the new one confirmed"""
    state: str = "asked"
    """asked, done, withdrawn, declined"""
    decided_at: datetime | None = instant(nullable=True)
    moved: list[int] = json_of(list)
    """the matters that went over"""


class Group(Table, table=True):
    """A group chat bound to a unit and a level by an administrator (P4)."""

    __tablename__ = "chat_group"
    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = chat_id_of(unique=True, nullable=False)
    was_chat_id: int | None = chat_id_of(index=True)
    """before it became a supergroup"""
    name: str
    unit: str
    level: str
    bound_by: int | None = Field(default=None, foreign_key="member.id")
