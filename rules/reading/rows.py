"""Rows of the reading sets: a message or a question in, what was understood of it out, as plain JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from rules.reading.message import read_message
from rules.reading.models import Context
from rules.reading.question import read_question
from rules.reading.words import Secrecy, Words
from rules.roster import Roster
from rules.working_time import Calendar


def answer_row(
    row: Mapping[str, Any], *, roster: Roster, calendar: Calendar, words: Words, secrecy: Secrecy
) -> dict[str, Any]:
    """The answer to `{"id", "kind", "text", "reference", "from", "chat"}`; instants as wall clock."""
    reference = datetime.fromisoformat(row["reference"])
    context = Context(
        roster=roster,
        calendar=calendar,
        words=words,
        secrecy=secrecy,
        writer=row.get("from"),
        chat=row.get("chat") or "private",
        reference=reference if reference.tzinfo else reference.replace(tzinfo=calendar.zone),
    )
    read = read_question if row.get("kind") == "question" else read_message
    answer = read(row["text"], context).model_dump()
    return {"id": row["id"], **{key: _plain(value, calendar) for key, value in answer.items()}}


def _plain(value: Any, calendar: Calendar) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner, calendar) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner, calendar) for inner in value]
    if isinstance(value, datetime):
        return calendar.local(value).strftime("%Y-%m-%dT%H:%M")
    return value.isoformat() if isinstance(value, date) else value
