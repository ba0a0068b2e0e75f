"""An update from JSON. One that cannot be read is reduced to what can: it must not stop those behind it."""

from __future__ import annotations

import logging
from typing import Any

from telegram import Bot, Update

from rules.harmless import storable

HIGHEST_ID = 2**63 - 1

_ENTITIES = frozenset({"entities", "caption_entities"})
_SAID = _ENTITIES | {"message_id", "date", "chat", "from", "text", "caption", "id", "chat_instance", "data"}

Json = dict[str, Any]

log = logging.getLogger("duban.decoding")


def update_of(data: object, bot: Bot) -> Update | None:
    """As much of the update as python-telegram-bot can read. None for what has no id."""
    number = data.get("update_id") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(number, int) or not 0 <= number <= HIGHEST_ID:
        return None
    return _read(data, bot)[1]


def readable(answer: Json) -> Json:
    """The answer to getUpdates, each update reduced to what can be read of it.

    Polling would ask for the same updates for ever: it has no other way around one that it cannot read.
    """
    found = answer.get("result")
    return answer | {"result": [_read(one, None)[0] for one in found]} if isinstance(found, list) else answer


def _read(data: Json, bot: Bot | None) -> tuple[Json, Update]:
    """The most of an update that can be read: all, what was said and by whom, its id; as JSON and read."""
    data = storable(data)
    for left in (data, _said(data, _SAID), _said(data, _SAID - _ENTITIES)):
        try:
            update = Update.de_json(left, bot)
        except Exception as error:  # a year out of range, a missing key, a number for an object, too deep …
            log.warning("not all read", extra={"update": data["update_id"], "error": type(error).__name__})
        else:
            return left, update
    log.error("not understood", extra={"update": data["update_id"]})
    left = {"update_id": data["update_id"]}
    return left, Update.de_json(left, bot)


def _said(data: Json, keys: frozenset[str]) -> Json:
    """An update with nothing in it but who said or pressed what, and where."""
    left: Json = {"update_id": data["update_id"]}
    for kind in (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY):
        if isinstance(data.get(kind), dict):
            left[kind] = {key: value for key, value in data[kind].items() if key in keys}
    return left
