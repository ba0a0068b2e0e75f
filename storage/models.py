"""The tables. Table models do not validate: values are checked in plain models before they come here.

Instants are aware and in UTC. Words that the policy defines (kinds, steps, states, roles) are plain
strings: a new kind of document needs no migration.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import DDL, JSON, BigInteger, Column, Index, UniqueConstraint, event
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime


def _instant(*, index: bool = False, nullable: bool = False) -> Any:
    return Field(default=None, sa_column=Column(UtcDateTime, index=index, nullable=nullable))


def _json(default: Callable[[], Any]) -> Any:
    # pydantic looks at what the factory takes, each time; for a built-in type that takes 100 times as long
    return Field(default_factory=lambda: default(), sa_column=Column(JSON, nullable=False))


def _chat_id(*, index: bool = False, unique: bool = False, nullable: bool = True) -> Any:
    return Field(default=None, sa_column=Column(BigInteger, index=index, unique=unique, nullable=nullable))


# --- people -----------------------------------------------------------------------------------------


class Unit(SQLModel, table=True):
    """A unit 单位 (P4). `level` is the layer of groups it belongs to: leaders, office, section, units."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    short_names: list[str] = _json(list)
    kind: str
    level: str
    position: int = 0


class Member(SQLModel, table=True):
    """A member 工作人员. `reach` is never (has not started the bot), ok or blocked."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    unit: str = Field(index=True)
    post: str = ""
    stand_in: str | None = None
    in_charge_of: list[str] = _json(list)
    phone: str = ""
    roles: list[str] = _json(list)
    active: bool = True
    active_until: date | None = None
    """the last day of a secondment 跟班学习 (P6); null = no end"""
    telegram_id: int | None = _chat_id(unique=True)
    reach: str = "never"
    join_code: str | None = Field(default=None, index=True)
    """SHA-256 of the one-time code, never the code itself."""
    join_expires: datetime | None = _instant(nullable=True)
    digest: bool = True
    position: int = 0


class Absence(SQLModel, table=True):
    """A leave 请假 (P2): the member is away from `starts` until `ends` (exclusive)."""

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    first_day: date
    last_day: date
    starts: datetime = _instant()
    ends: datetime = _instant(index=True)
    stand_in: str | None = None
    recorded_by: int = Field(foreign_key="member.id")
    cancelled: bool = False


class Group(SQLModel, table=True):
    """A group chat bound to a unit and a level by an administrator (P4)."""

    __tablename__ = "chat_group"
    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = _chat_id(unique=True, nullable=False)
    name: str
    unit: str
    level: str
    bound_by: int | None = Field(default=None, foreign_key="member.id")


# --- matters ----------------------------------------------------------------------------------------


class Series(SQLModel, table=True):
    """The last number given in a number series 编号序列 of a year."""

    series: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    last: int = 0


class Matter(SQLModel, table=True):
    """A matter 事项: anything with a responsible person and a clock (D1)."""

    __table_args__ = (
        UniqueConstraint("series", "year", "number"),
        Index("matter_open", "state", "id"),
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
    units: list[str] = _json(list)
    """other units it concerns"""
    handler_id: int | None = Field(default=None, foreign_key="member.id")
    scope: list[str] = _json(list)
    """names of those who are to read it (D9)"""
    remark: str | None = None
    received_at: datetime = _instant()
    registered_at: datetime = _instant(index=True)
    registrar_id: int = Field(foreign_key="member.id", index=True)
    group_chat_id: int | None = _chat_id()
    due_at: datetime | None = _instant(nullable=True)
    first_due_at: datetime | None = _instant(nullable=True)
    due_limit: str | None = None
    """the limit as the policy writes it (10wd), or null where a date was named"""
    provisional: bool = False
    state: str = "open"
    """open, closed, returned (to its sender, D4), void (taken back by who logged it)"""
    closed_at: datetime | None = _instant(index=True, nullable=True)
    result: str | None = None
    reply_no: str | None = None
    archive_no: str | None = None
    details: dict[str, Any] = _json(dict)
    """what only this kind of matter has"""


MATTER_GRAMS = "CREATE VIRTUAL TABLE IF NOT EXISTS matter_grams USING fts5(grams, tokenize='unicode61')"
"""the search index of SQLite (storage/search.py); its rowid is the matter's id"""
MATTER_GRAMS_POSTGRESQL = (
    "CREATE TABLE IF NOT EXISTS matter_grams (rowid bigint PRIMARY KEY, grams tsvector NOT NULL)",
    "CREATE INDEX IF NOT EXISTS matter_grams_gin ON matter_grams USING gin (grams) WITH (fastupdate = off)",
)
"""the same of PostgreSQL; without a list of what is still to be indexed, which every search would read"""
event.listen(SQLModel.metadata, "after_create", DDL(MATTER_GRAMS).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]
for _statement in MATTER_GRAMS_POSTGRESQL:
    event.listen(SQLModel.metadata, "after_create", DDL(_statement).execute_if(dialect="postgresql"))  # type: ignore[no-untyped-call]


class Step(SQLModel, table=True):
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
    holder_since: datetime = _instant()
    for_id: int | None = Field(default=None, foreign_key="member.id")
    """whose post the holder stands in for (P1)"""
    began_at: datetime = _instant()
    due_at: datetime | None = _instant(nullable=True)
    first_due_at: datetime | None = _instant(nullable=True)
    due_limit: str | None = None
    provisional: bool = False
    acknowledged_at: datetime | None = _instant(nullable=True)
    snoozed_until: datetime | None = _instant(nullable=True)
    ended_at: datetime | None = _instant(nullable=True)
    signed_by: int | None = Field(default=None, foreign_key="member.id")
    opinion: str | None = None


class Deferral(SQLModel, table=True):
    """A deferral 延期 asked for before the limit and approved by someone else (V10)."""

    id: int | None = Field(default=None, primary_key=True)
    matter_id: int = Field(foreign_key="matter.id", index=True)
    step_id: int = Field(foreign_key="step.id")
    asked_by: int = Field(foreign_key="member.id")
    asked_at: datetime = _instant()
    until: datetime = _instant()
    reason: str
    approver_id: int = Field(foreign_key="member.id")
    state: str = "asked"
    """asked, granted, refused, withdrawn"""
    decided_at: datetime | None = _instant(nullable=True)


class Entry(SQLModel, table=True):
    """An entry of the journal 留痕, append-only: who, when it happened, when it was recorded, what."""

    __tablename__ = "journal"
    id: int | None = Field(default=None, primary_key=True)
    matter_id: int | None = Field(default=None, foreign_key="matter.id", index=True)
    step_id: int | None = Field(default=None, foreign_key="step.id")
    act: str
    member_id: int | None = Field(default=None, foreign_key="member.id")
    happened_at: datetime = _instant()
    recorded_at: datetime = _instant(index=True)
    facts: dict[str, Any] = _json(dict)


# --- what falls due ---------------------------------------------------------------------------------


class Clock(SQLModel, table=True):
    """Something that falls due at an instant: a reminder, a limit, a rung of a ladder.

    `step_id` is null where it concerns the matter's own limit. A fired row stays, for the record.
    """

    __table_args__ = (
        Index("clock_due", "state", "at"),
        Index("clock_step", "step_id", "state"),
        Index("clock_matter", "matter_id", "state"),
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
    at: datetime = _instant()
    state: str = "pending"
    """pending, fired, cancelled, superseded, set_aside"""
    fired_at: datetime | None = _instant(nullable=True)
    tries: int = 0
    error: str | None = None


class Round(SQLModel, table=True):
    """A recurring piece of work: when it is next due. Moved on in the transaction that does the work."""

    name: str = Field(primary_key=True)
    next_at: datetime = _instant()
    done_for: datetime | None = _instant(nullable=True)


class HolidayNotice(SQLModel, table=True):
    """A year's official notice of holidays, as it was loaded."""

    year: int = Field(primary_key=True)
    document: dict[str, Any] = _json(dict)
    loaded_at: datetime = _instant()


# --- intake, conversation, delivery -----------------------------------------------------------------


class Inbox(SQLModel, table=True):
    """An update as it arrived, kept until it has had its effect; then only its id stays."""

    __table_args__ = (Index("inbox_undone", "done_at", "update_id"),)

    update_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    chat_id: int | None = _chat_id()
    claimed_by: str | None = None
    """the program that has it in hand, where several work on one database"""
    payload: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    """the update as JSON; null once done, and from the start where nothing may be kept"""
    screened: str | None = None
    """why the payload was not kept: classified, stranger"""
    received_at: datetime = _instant()
    done_at: datetime | None = _instant(nullable=True)
    tries: int = 0
    error: str | None = None


class Lease(SQLModel, table=True):
    """What one program holds alone until an instant of the database's clock, unless it renews it."""

    name: str = Field(primary_key=True)
    """polling, sending, or the holder's own name: it lives"""
    holder: str
    until: datetime = _instant()


class Standstill(SQLModel, table=True):
    """Something that stands still (bot/watchdog.py), until it goes on again; told of once."""

    name: str = Field(primary_key=True)
    """updates, messages, ticks"""
    since: datetime = _instant()


class Draft(SQLModel, table=True):
    """A conversation under way: what has been understood so far and what is being asked."""

    __table_args__ = (Index("draft_open", "chat_id", "member_id", "state"),)

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = _chat_id(nullable=False)
    member_id: int = Field(foreign_key="member.id")
    form: str
    """log, close, send_back, hand_over, defer, sign …"""
    data: dict[str, Any] = _json(dict)
    asking: str | None = None
    source_message_id: int | None = None
    state: str = "open"
    """open, done, cancelled"""
    created_at: datetime = _instant()
    updated_at: datetime = _instant()


class Card(SQLModel, table=True):
    """A message of the bot that stands in a chat and can be replied to or edited in place."""

    __table_args__ = (
        Index("card_message", "chat_id", "message_id"),
        Index("card_matter", "matter_id", "standing"),
    )

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = _chat_id(nullable=False)
    message_id: int | None = None
    member_id: int | None = Field(default=None, foreign_key="member.id")
    kind: str
    """holder, group, view (live cards of a matter) · draft · reminder, note"""
    matter_id: int | None = Field(default=None, foreign_key="matter.id")
    step_id: int | None = Field(default=None, foreign_key="step.id")
    draft_id: int | None = Field(default=None, foreign_key="draft.id")
    standing: bool = True
    """whether it is still edited when the matter moves"""
    shown: str | None = None
    """checksum of what it shows, so that an edit that changes nothing is not sent"""


class Outbox(SQLModel, table=True):
    """A message to be sent, edited or deleted.

    The text is rendered when it is sent, from `wording` and `facts` (or, for a live card, from how the
    matter stands then). `cause` is unique: nothing is told twice for one cause.
    """

    __table_args__ = (
        Index("outbox_next", "state", "priority", "id"),
        Index("outbox_card", "card_id", "state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    op: str = "send"
    """send, edit, delete, document"""
    chat_id: int = _chat_id(nullable=False)
    member_id: int | None = Field(default=None, foreign_key="member.id")
    card_id: int | None = Field(default=None, foreign_key="card.id")
    priority: int
    """0 emergency, 1 urgent, 2 answer, 3 reminder, 4 digest"""
    wording: str
    facts: dict[str, Any] = _json(dict)
    cause: str | None = Field(default=None, unique=True)
    reply_to: int | None = None
    """message id of a person's message that this answers"""
    reply_to_card: int | None = None
    silent: bool = False
    file_id: int | None = Field(default=None, foreign_key="file.id")
    not_before: datetime | None = _instant(nullable=True)
    created_at: datetime = _instant()
    state: str = "pending"
    """pending, sending, sent, failed, superseded"""
    claimed_by: str | None = None
    claimed_at: datetime | None = _instant(nullable=True)
    sent_at: datetime | None = _instant(nullable=True)
    tries: int = 0
    error: str | None = None


class File(SQLModel, table=True):
    """A file kept with a matter or waiting to be sent. `content` is outside the row in `file_content`."""

    id: int | None = Field(default=None, primary_key=True)
    matter_id: int | None = Field(default=None, foreign_key="matter.id", index=True)
    name: str
    mime: str
    size: int
    sha256: str
    telegram_file_id: str | None = None
    added_by: int | None = Field(default=None, foreign_key="member.id")
    added_at: datetime = _instant()


class FileContent(SQLModel, table=True):
    """The bytes of a file."""

    __tablename__ = "file_content"
    file_id: int = Field(primary_key=True, foreign_key="file.id")
    content: bytes


class Refusal(SQLModel, table=True):
    """How often somebody or something was refused on a day: a count, never who or what."""

    day: date = Field(primary_key=True)
    cause: str = Field(primary_key=True)
    """stranger, classified, flood, wrong_code, dropped"""
    count: int = 0


class Secret(SQLModel, table=True):
    """One-time values of the installation (the first administrator's code), as SHA-256."""

    name: str = Field(primary_key=True)
    digest: str
    tries: int = 0
    used_at: datetime | None = _instant(nullable=True)


# --- duty -------------------------------------------------------------------------------------------


class DutyDay(SQLModel, table=True):
    """Who is on duty 值班 from the change-over of a day to that of the next (E6); null is a gap."""

    __tablename__ = "duty_day"
    day: date = Field(primary_key=True)
    leader_id: int | None = Field(default=None, foreign_key="member.id")
    first_id: int | None = Field(default=None, foreign_key="member.id")
    second_id: int | None = Field(default=None, foreign_key="member.id")
    kept_by: int | None = Field(default=None, foreign_key="member.id")
    """who imported it last; null: whoever runs the program"""
    kept_at: datetime = _instant(index=True)


class DutySwap(SQLModel, table=True):
    """A swap 换班: on `days` the two change places, once the other agrees and the leader consents."""

    __tablename__ = "duty_swap"
    id: int | None = Field(default=None, primary_key=True)
    days: list[str] = _json(list)
    """one or two days as ISO dates; the first one's leader consents"""
    asker_id: int = Field(foreign_key="member.id", index=True)
    other_id: int = Field(foreign_key="member.id")
    leader_id: int = Field(foreign_key="member.id")
    asked_at: datetime = _instant()
    state: str = "asked"
    """asked, agreed, granted, declined (by the other), refused (by the leader), withdrawn, lapsed"""
    agreed_at: datetime | None = _instant(nullable=True)
    decided_at: datetime | None = _instant(nullable=True)


class DutyCheck(SQLModel, table=True):
    """The change-over check 到岗 of one person on duty."""

    __tablename__ = "duty_check"
    __table_args__ = (UniqueConstraint("day", "member_id"),)

    id: int | None = Field(default=None, primary_key=True)
    day: date
    member_id: int = Field(foreign_key="member.id")
    asked_at: datetime = _instant()
    answered_at: datetime | None = _instant(nullable=True)


class DutyHandOver(SQLModel, table=True):
    """The hand-over 交接班 at the change-over of `day`, signed by who leaves, then by who relieves him."""

    __tablename__ = "duty_hand_over"
    id: int | None = Field(default=None, primary_key=True)
    day: date = Field(unique=True)
    outgoing_id: int | None = Field(default=None, foreign_key="member.id")
    incoming_id: int | None = Field(default=None, foreign_key="member.id")
    began_at: datetime = _instant()
    items: list[dict[str, Any]] = _json(list)
    """the open items as they were when the outgoing one signed"""
    remark: str | None = None
    outgoing_signed_at: datetime | None = _instant(nullable=True)
    incoming_signed_at: datetime | None = _instant(nullable=True)


class DutyEntry(SQLModel, table=True):
    """An entry of the duty log 值班日志, to the minute; what was not said stays empty."""

    __tablename__ = "duty_entry"
    __table_args__ = (UniqueConstraint("day", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    day: date
    """the day of duty, which goes on past midnight"""
    number: int
    happened_at: datetime = _instant()
    recorded_at: datetime = _instant()
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
    additions: list[dict[str, Any]] = _json(list)
    """later ones: at, by, field, text"""
    finished_at: datetime | None = _instant(index=True, nullable=True)
    card_id: int | None = Field(default=None, foreign_key="card.id", index=True)


# --- emergencies ------------------------------------------------------------------------------------


class Report(SQLModel, table=True):
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
    facts: dict[str, Any] = _json(dict)
    """what a further or the final report says, by part"""
    changes: list[list[str]] = _json(list)
    """corrections of the text in order: ["replace", old, new], ["add", text], ["remove", text]"""
    author_id: int = Field(foreign_key="member.id")
    begun_at: datetime = _instant()
    submitted_at: datetime | None = _instant(nullable=True)
    step_id: int | None = Field(default=None, foreign_key="step.id")
    """the step of its signature"""
    sent_back: str | None = None
    """why it was last sent back"""
    issue: int | None = None
    """第N期, given with the signature"""
    signed_by: int | None = Field(default=None, foreign_key="member.id")
    signed_at: datetime | None = _instant(nullable=True)
    file_id: int | None = Field(default=None, foreign_key="file.id")


class Instruction(SQLModel, table=True):
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
    given_at: datetime = _instant()


class Receipt(SQLModel, table=True):
    """Somebody an instruction was passed to, and when he confirmed it (E3)."""

    __tablename__ = "emergency_receipt"
    __table_args__ = (UniqueConstraint("instruction_id", "member_id"),)

    id: int | None = Field(default=None, primary_key=True)
    instruction_id: int = Field(foreign_key="emergency_instruction.id", index=True)
    member_id: int = Field(foreign_key="member.id")
    unit: str | None = None
    """the unit he answers for, where the instruction names a unit"""
    told_at: datetime | None = _instant(nullable=True)
    """null: the message could not be sent"""
    chased: int = 0
    confirmed_at: datetime | None = _instant(nullable=True)
    confirmed_by: int | None = Field(default=None, foreign_key="member.id")
    """who recorded it, where he was told by telephone"""
    claimed_at: datetime | None = _instant(nullable=True)
