"""The answer to an act: what was done, and how the matter stands now."""

from __future__ import annotations

from typing import Any

from handlers.context import Turn
from office import cards
from storage.models import Matter


def say_done(turn: Turn, matter: Matter, did: str, *, rewrite: bool = False) -> None:
    """Say over the button and in the chat what was done, and with whom the matter is now."""
    turn.say(f"{matter.register_no} {did}")
    running = cards.matter_facts(turn.desk, matter)["steps"]
    line = f"现在：{running[0]['name']} — {running[0]['holder']}" if running else None
    facts: dict[str, Any] = {
        "register_no": matter.register_no,
        "title": matter.title,
        "did": did,
        "state_line": line,
    }
    buttons = [[["details", matter.id], ["timeline", matter.id]]]
    if rewrite:
        turn.rewrite("move.done", buttons=buttons, **facts)
    else:
        turn.answer("move.done", buttons=buttons, matter_id=matter.id, **facts)
