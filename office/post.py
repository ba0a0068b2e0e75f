"""Putting messages into the outbox: to a person, to a group; held back while ordinary matters keep quiet."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from office.desk import Desk
from storage import outbox
from storage.models import Matter, Member
from storage.outbox import EMERGENCY, PLAIN, REMINDER, URGENT, Letter

NEAR = timedelta(hours=12)
"""so long before what a matter is about nothing waits for the morning"""


def pressing(desk: Desk, matter: Matter) -> bool:
    """Whether a matter keeps no quiet hours: an urgent one, or one whose event is near."""
    if desk.policy.procedures[matter.procedure].urgent:
        return True
    return matter.event_at is not None and matter.event_at - NEAR <= desk.now <= matter.event_at


def family(desk: Desk, matter: Matter) -> str:
    """The file of texts in which a matter rings."""
    kind = desk.policy.procedures[matter.procedure].kind
    return "emergency" if kind == "emergency" else "alert"


def priority(desk: Desk, matter: Matter) -> int:
    """How pressing messages about a matter are for delivery."""
    if desk.policy.procedures[matter.procedure].kind == "emergency":
        return EMERGENCY
    return URGENT if pressing(desk, matter) else REMINDER


def to_member(
    desk: Desk,
    member: Member,
    wording: str,
    *,
    kind: str,
    matter: Matter | None = None,
    step_id: int | None = None,
    cause: str | None = None,
    buttons: list[Any] | None = None,
    reply_to_card: int | None = None,
    priority_: int | None = None,
    file_id: int | None = None,
    draft_id: int | None = None,
    **facts: Any,
) -> int | None:
    """A message to a member's private chat: the id of its card.

    None where he cannot be told or was told of this cause. With `file_id` it is the file, and the words stand
    under it.
    """
    written = letter(
        desk,
        member,
        wording,
        kind=kind,
        matter=matter,
        step_id=step_id,
        cause=cause,
        buttons=buttons,
        reply_to_card=reply_to_card,
        priority_=priority_,
        file_id=file_id,
        draft_id=draft_id,
        **facts,
    )
    return outbox.post(written, session=desk.session) if written else None


def letter(
    desk: Desk,
    member: Member,
    wording: str,
    *,
    kind: str,
    matter: Matter | None = None,
    step_id: int | None = None,
    cause: str | None = None,
    buttons: list[Any] | None = None,
    reply_to_card: int | None = None,
    priority_: int | None = None,
    file_id: int | None = None,
    draft_id: int | None = None,
    **facts: Any,
) -> Letter | None:
    """The same, written but not yet put into the outbox, where `cause` may have been told before."""
    if member.telegram_id is None or member.reach != "ok":
        return None
    to = {"chat_id": member.telegram_id, "member_id": member.id}
    card = {
        **to,
        "kind": kind,
        "matter_id": matter.id if matter else None,
        "step_id": step_id,
        "draft_id": draft_id,
        "standing": True,
    }
    message = {
        **PLAIN,
        **to,
        "op": "send" if file_id is None else "document",
        "file_id": file_id,
        "priority": _level(desk, matter) if priority_ is None else priority_,
        "wording": wording,
        "facts": {**facts, "buttons": buttons or []},
        "cause": cause,
        "reply_to_card": reply_to_card,
        "not_before": _held_back(desk, matter),
        "created_at": desk.now,
    }
    return Letter(card, message)


def _level(desk: Desk, matter: Matter | None) -> int:
    return priority(desk, matter) if matter else REMINDER


def to_group(
    desk: Desk,
    chat_id: int,
    wording: str,
    *,
    kind: str,
    matter: Matter,
    cause: str | None = None,
    file_id: int | None = None,
    **facts: Any,
) -> None:
    """A message to a group about a matter; with `file_id` it is the file."""
    card = {"chat_id": chat_id, "kind": kind, "matter_id": matter.id, "standing": True}
    message = {
        **PLAIN,
        "op": "send" if file_id is None else "document",
        "file_id": file_id,
        "chat_id": chat_id,
        "priority": priority(desk, matter),
        "wording": wording,
        "facts": {"buttons": [], **facts},
        "cause": cause,
        "silent": not pressing(desk, matter),
        "created_at": desk.now,
    }
    outbox.post(Letter(card, message), session=desk.session)


def _held_back(desk: Desk, matter: Matter | None) -> datetime | None:
    if matter is None or pressing(desk, matter):
        return None
    return desk.quiet_until
