"""A question that names somebody whom nobody knows: those near are offered, none is taken in silence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handlers import reading
from handlers.context import Turn, rows_of
from rules.reading import misnamed

FORM = "misnamed"
AS_WRITTEN = "as_written"


def offers(turn: Turn, text: str, topic: str | None, *, look: bool = False) -> bool:
    """Say that a name in a question is nobody's, with those near. False: its names are known.

    `topic`: its keyword; `look`: the words are looked for, not read.
    """
    found = misnamed(text, topic, reading.context(turn))
    if found is None:
        return False
    data = found._asdict() | {"text": text, "look": look}
    draft = turn.begin_draft(FORM, data)
    near: list[list[Any]] = [
        ["misnamed", f"{draft.id}:{place}", name] for place, name in enumerate(found.names)
    ]
    last: list[Sequence[Any]] = [
        ["misnamed", f"{draft.id}:{AS_WRITTEN}", f"按“{found.typed}”查找"],
        ["cancel", draft.id],
    ]
    turn.answer("ask.misnamed", draft_id=draft.id, buttons=[*rows_of(near), last], **found._asdict())
    return True
