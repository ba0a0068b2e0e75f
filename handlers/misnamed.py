"""Somebody is named whom nobody knows: those near are offered, none is taken in silence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handlers import reading
from handlers.context import Turn, rows_of
from office.desk import Refused
from rules.reading import Misnamed, misnamed
from storage import drafts
from storage.models import Draft

FORM = "misnamed"
_AS_WRITTEN = "as_written"


def offers(turn: Turn, text: str, topic: str | None, *, look: bool = False) -> bool:
    """Say that a name in a question is nobody's, with those near. False: its names are known.

    `topic`: its keyword; `look`: the words are looked for, not read.
    """
    found = misnamed(text, topic, reading.context(turn))
    if found is not None:
        offer(turn, found, text, "misnamed", as_written=True, look=look)
    return found is not None


def offer(
    turn: Turn, found: Misnamed, text: str, verb: str, *, as_written: bool = False, **data: Any
) -> None:
    """Offer those near as buttons of `verb`, which take the text with the name put right."""
    draft = turn.begin_draft(FORM, {**found._asdict(), "text": text, "verb": verb, **data})
    near = [[verb, f"{draft.id}:{place}", name] for place, name in enumerate(found.names)]
    last: list[Sequence[Any]] = [["cancel", draft.id]]
    if as_written:
        last.insert(0, [verb, f"{draft.id}:{_AS_WRITTEN}", f"按“{found.typed}”查找"])
    turn.answer(
        "ask.misnamed",
        draft_id=draft.id,
        buttons=[*rows_of(near), last],
        as_written=as_written,
        **found._asdict(),
    )


def put_right(turn: Turn, target: str, verb: str) -> tuple[Draft, str | None]:
    """The text with the name that was pressed; None where it was meant as it was written."""
    draft = reading.open_draft(turn, target, FORM)
    data, place = draft.data, target.partition(":")[2]
    name = reading.picked(data["names"], place)
    if data["verb"] != verb or (name is None and place != _AS_WRITTEN):
        raise Refused("button_unknown")
    drafts.write(draft, now=turn.desk.now, state="done")
    turn.rewrite("ask.put_right", typed=data["typed"], name=name)
    return draft, str(data["text"]).replace(data["typed"], name, 1) if name else None
