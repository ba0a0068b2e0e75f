"""Duties that come again in chat: 已完成 under the card that asks for one (V3)."""

from __future__ import annotations

from handlers import reading
from handlers.context import Turn
from office import recurring, recurring_work
from office.desk import Refused
from storage.models import Occurrence


def done(turn: Turn, target: str) -> None:
    """已完成: it is settled, the card says so."""
    desk = turn.desk
    occurrence = desk.session.get(Occurrence, reading.number(target))
    if occurrence is None or recurring.rule_of(desk, occurrence).done != "confirmed":
        raise Refused("button_unknown")
    recurring_work.confirm(desk, occurrence, turn.member)
    turn.rewrite("recurring.done", **recurring.facts(desk, occurrence))


VERBS = {"recurring_done": done}
