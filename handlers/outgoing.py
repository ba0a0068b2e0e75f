"""A row of the outbox as what Telegram is told: rendered when it is sent, from how things stand then."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from telegram import InlineKeyboardMarkup

from handlers.keyboards import keyboard
from handlers.texts import Texts
from office import board, cards, emergency_card, post
from office.board import View
from office.desk import Desk
from office.meetings import card as meeting_card
from office.papers import fonts
from storage.models import Card, File, FileContent, Matter, Outbox

TEXT_LIMIT = 4096


@dataclass(frozen=True)
class Outgoing:
    """What delivery sends: op is send, edit, delete, document or photo."""

    op: str
    chat_id: int
    text: str
    keyboard: InlineKeyboardMarkup | None
    message_id: int | None
    """what is edited or deleted"""
    reply_to: int | None
    silent: bool
    document: tuple[str, bytes] | None
    """name and bytes of a document or a picture"""
    shown: str
    """checksum of text and buttons, kept on the card so that an edit that changes nothing is not sent"""


def compose(desk: Desk, row: Outbox, texts: Texts) -> Outgoing | None:
    """What to tell Telegram for this row; None where there is nothing left to tell."""
    card = desk.session.get(Card, row.card_id) if row.card_id else None
    if row.op in ("edit", "delete") and (card is None or card.message_id is None):
        return None
    if row.op == "photo":
        return picture(desk, row, texts, fonts.chinese())
    wording: str = row.wording
    facts: dict[str, Any] | None = row.facts
    if card is not None and row.op != "delete" and row.wording in cards.COMPOSED:
        wording, facts = _live(desk, card, row.wording)
    if facts is None:
        return None
    text = "" if row.op == "delete" else texts.render(wording, facts)
    markup = keyboard(facts.get("buttons", ()))
    shown = hashlib.sha256((text + (markup.to_json() if markup else "")).encode()).hexdigest()[:16]
    if row.op == "edit" and card is not None and card.shown == shown:
        return None
    return Outgoing(
        op=row.op,
        chat_id=row.chat_id,
        text=shorten(text),
        keyboard=markup,
        message_id=card.message_id if card and row.op != "send" else None,
        reply_to=row.reply_to or _message_of(desk, row.reply_to_card),
        silent=row.silent,
        document=_document(desk, row),
        shown=shown,
    )


def picture(desk: Desk, row: Outbox, texts: Texts, type_: fonts.Type | None) -> Outgoing:
    """A board, drawn from how things stand now; in words where this machine has no Chinese type."""
    from office.papers.board import board_png  # here: the program's start would wait for Pillow

    view = View.of(row.facts["view"])
    facts = board.facts(desk, view)
    picture = board_png(board.board(desk, view), type_) if type_ else None
    return Outgoing(
        op="photo" if picture else "send",
        chat_id=row.chat_id,
        text=shorten(texts.render("board.caption" if picture else "board.text", facts)),
        keyboard=None,
        message_id=None,
        reply_to=row.reply_to,
        silent=row.silent,
        document=("看板.png", picture) if picture else None,
        shown="",
    )


def _live(desk: Desk, card: Card, wording: str) -> tuple[str, dict[str, Any] | None]:
    """The wording of a live card and what it shows, by the kind of its matter."""
    matter = desk.session.get(Matter, card.matter_id) if card.matter_id else None
    if matter is not None and post.family(desk, matter) == "emergency":
        return "emergency.order" if wording == "order" else "emergency.card", emergency_card.facts(desk, card)
    if matter is not None and desk.policy.procedures[matter.procedure].kind == "meeting":
        return "meeting.invite" if wording == "invite" else "meeting.card", meeting_card.facts(desk, card)
    return f"card.{wording}", cards.facts(desk, card)


def shorten(text: str) -> str:
    """Cut between lines what is longer than Telegram takes, and say so; no tag of ours spans lines."""
    if len(text) <= TEXT_LIMIT:
        return text
    note = "\n……（内容过长，已截断）"
    room = TEXT_LIMIT - len(note)
    line = text.rfind("\n", 0, room)
    return (text[:line] if line > 0 else re.sub(r"<[^>]*>|<[^>]*$|&[^;]*$", "", text[:room])) + note


def _message_of(desk: Desk, card_id: int | None) -> int | None:
    card = desk.session.get(Card, card_id) if card_id else None
    return card.message_id if card else None


def _document(desk: Desk, row: Outbox) -> tuple[str, bytes] | None:
    if row.file_id is None:
        return None
    file = desk.session.get_one(File, row.file_id)
    return file.name, desk.session.get_one(FileContent, row.file_id).content
