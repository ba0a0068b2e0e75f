"""The board as a picture: /board, 看板, 看板 水利局, 看板 城建领域 (P7, V8)."""

from __future__ import annotations

from typing import Any

from handlers.context import Turn
from office import board
from office.ask import Asker
from storage import outbox
from storage.models import Card, Outbox
from storage.outbox import ANSWER


def command(turn: Turn) -> None:
    """/board, /board 水利局"""
    show(turn, turn.text.partition(" ")[2])


def show(turn: Turn, said: str) -> None:
    """The board that is meant; it is drawn when it is sent, from how things stand then."""
    view = board.view_of(turn.desk, said, Asker(turn.member, turn.group))
    card = Card(chat_id=turn.chat_id, member_id=turn.member_id, kind="note")
    turn.desk.session.add(card)
    turn.desk.session.flush()
    facts: dict[str, Any] = {"view": view._asdict(), "buttons": []}
    message = Outbox(
        op="photo",
        chat_id=turn.chat_id,
        member_id=turn.member_id,
        card_id=card.id,
        priority=ANSWER,
        wording="board.caption",
        facts=facts,
        reply_to=turn.message_id if turn.group else None,
        created_at=turn.desk.now,
    )
    outbox.enqueue(message, session=turn.desk.session)
