"""Messages of the outbox with a number in each, for tests of how they are delivered."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox import Person
from storage.models import Outbox


def saying(number: int) -> dict[str, Any]:
    """The facts of a message with this number in it."""
    return {"examples": [f"编号{number}"], "buttons": []}


def numbers(person: Any) -> list[int]:
    """The numbers of the messages that somebody has received, in order."""
    messages = person.received if isinstance(person, Person) else person.messages
    return [int(found[1]) for m in messages if (found := re.search("编号([0-9]+)", m.text))]


def state(rows, row_id: int) -> Outbox:
    return next(row for row in rows(Outbox) if row.id == row_id)
