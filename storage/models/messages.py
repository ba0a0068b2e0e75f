"""Intake, conversation, delivery; what programs share; what was refused."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index
from sqlmodel import Field

from storage.models.columns import Table, chat_id_of, instant, json_of


class Inbox(Table, table=True):
    """An update as it arrived, kept until it has had its effect; then only its id stays."""

    __table_args__ = (Index("inbox_undone", "done_at", "update_id"),)

    update_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    chat_id: int | None = chat_id_of()
    claimed_by: str | None = None
    """the program that has it in hand, where several work on one database"""
    payload: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    """the update as JSON; null once done, and from the start where nothing may be kept"""
    screened: str | None = None
    """why the payload was not kept: classified, stranger"""
    received_at: datetime = instant()
    done_at: datetime | None = instant(nullable=True)
    tries: int = 0
    error: str | None = None


class Lease(Table, table=True):
    """What one program holds alone until an instant of the database's clock, unless it renews it."""

    name: str = Field(primary_key=True)
    """polling, sending, or the holder's own name: it lives"""
    holder: str
    until: datetime = instant()


class Standstill(Table, table=True):
    """Something that stands still (bot/watchdog.py), until it goes on again; told of once."""

    name: str = Field(primary_key=True)
    """updates, polling, messages, ticks"""
    since: datetime = instant()


class Draft(Table, table=True):
    """A conversation under way: what has been understood so far and what is being asked."""

    __table_args__ = (Index("draft_open", "chat_id", "member_id", "state"),)

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = chat_id_of(nullable=False)
    member_id: int = Field(foreign_key="member.id")
    form: str
    """log, close, send_back, hand_over, defer, sign …"""
    data: dict[str, Any] = json_of(dict)
    asking: str | None = None
    source_message_id: int | None = None
    state: str = "open"
    """open, done, cancelled"""
    created_at: datetime = instant()
    updated_at: datetime = instant()


class Card(Table, table=True):
    """A message of the bot that stands in a chat and can be replied to or edited in place."""

    __table_args__ = (
        Index("card_message", "chat_id", "message_id"),
        Index("card_matter", "matter_id", "standing"),
    )

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = chat_id_of(nullable=False)
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


class Outbox(Table, table=True):
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
    """send, edit, delete, document, photo (a picture that is drawn when it is sent)"""
    chat_id: int = chat_id_of(nullable=False)
    member_id: int | None = Field(default=None, foreign_key="member.id")
    card_id: int | None = Field(default=None, foreign_key="card.id")
    priority: int
    """0 emergency, 1 urgent, 2 answer, 3 reminder, 4 digest"""
    wording: str
    facts: dict[str, Any] = json_of(dict)
    cause: str | None = Field(default=None, unique=True)
    reply_to: int | None = None
    """message id of a person's message that this answers"""
    reply_to_card: int | None = None
    silent: bool = False
    file_id: int | None = Field(default=None, foreign_key="file.id")
    not_before: datetime | None = instant(nullable=True)
    created_at: datetime = instant()
    state: str = "pending"
    """pending, sending, sent, failed, superseded"""
    claimed_by: str | None = None
    claimed_at: datetime | None = instant(nullable=True)
    sent_at: datetime | None = instant(nullable=True)
    tries: int = 0
    error: str | None = None


class File(Table, table=True):
    """A file kept with a matter or waiting to be sent. `content` is outside the row in `file_content`."""

    id: int | None = Field(default=None, primary_key=True)
    matter_id: int | None = Field(default=None, foreign_key="matter.id", index=True)
    visit_id: int | None = Field(default=None, foreign_key="visit.id", index=True)
    """the visit that it shows (V6)"""
    name: str
    mime: str
    size: int
    sha256: str
    telegram_file_id: str | None = None
    added_by: int | None = Field(default=None, foreign_key="member.id")
    added_at: datetime = instant()


class FileContent(Table, table=True):
    """The bytes of a file."""

    __tablename__ = "file_content"
    file_id: int = Field(primary_key=True, foreign_key="file.id")
    content: bytes


class Refusal(Table, table=True):
    """How often somebody or something was refused on a day: a count, never who or what."""

    day: date = Field(primary_key=True)
    cause: str = Field(primary_key=True)
    """stranger, classified, flood, wrong_code, dropped"""
    count: int = 0


class Secret(Table, table=True):
    """One-time values of the installation (the first administrator's code), as SHA-256."""

    name: str = Field(primary_key=True)
    digest: str
    tries: int = 0
    used_at: datetime | None = instant(nullable=True)
