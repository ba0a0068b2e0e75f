"""Handing a paper out: kept as a file, sent to a chat as a document."""

from __future__ import annotations

import hashlib
from typing import Any

from office.desk import Desk
from storage import outbox
from storage.models import Card, File, FileContent, Member, Outbox
from storage.outbox import ANSWER

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def keep(
    desk: Desk, name: str, mime: str, content: bytes, *, by: Member | None, matter_id: int | None = None
) -> File:
    """Keep the bytes of a paper."""
    file = File(
        matter_id=matter_id,
        name=name,
        mime=mime,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        added_by=by.id if by else None,
        added_at=desk.now,
    )
    desk.session.add(file)
    desk.session.flush()
    assert file.id is not None
    desk.session.add(FileContent(file_id=file.id, content=content))
    return file


def send(
    desk: Desk,
    chat_id: int,
    file: File,
    wording: str,
    *,
    member: Member | None = None,
    priority: int = ANSWER,
    **facts: Any,
) -> Card:
    """Send a kept file to a chat, with a wording under it."""
    card = Card(chat_id=chat_id, member_id=member.id if member else None, kind="note")
    desk.session.add(card)
    desk.session.flush()
    message = Outbox(
        op="document",
        chat_id=chat_id,
        member_id=card.member_id,
        card_id=card.id,
        priority=priority,
        wording=wording,
        facts={**facts, "buttons": []},
        file_id=file.id,
        created_at=desk.now,
    )
    outbox.enqueue(message, session=desk.session)
    return card
