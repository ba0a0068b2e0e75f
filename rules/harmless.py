"""Text from outside as it may be kept and shown.

What cannot be seen, or turns around what stands beside it, is gone.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any

from rules.patterns import lazy

LONGEST_NAME = 60

_UNSTORABLE = lazy("[\\x00\\ud800-\\udfff]")
_KEPT = "\n\t"
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NO_WIDTH = frozenset("\u200b\u2060\ufeff\u2028\u2029")
_UNSEEN = _DIRECTIONS | _NO_WIDTH


def harmless(text: str) -> str:
    """Without controls, marks of direction, characters of no width and halves of surrogates; lines stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(filter(_may_stay, text.replace("\r\n", "\n").replace("\r", "\n")))


def harmless_name(text: str) -> str:
    """The same on one line, of bounded length: names of people, groups, and what stands in a table's cell."""
    return " ".join(harmless(text).split())[:LONGEST_NAME]


def storable(value: Any) -> Any:
    """JSON that any database takes, of what python-telegram-bot makes of an update.

    NUL and halves of surrogates give way to U+FFFD, so that places hold. Instants become Unix seconds: the
    library leaves the one of a message that is inaccessible as it is.
    """
    if isinstance(value, datetime):
        return int(value.timestamp())
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {key: storable(one) for key, one in value.items()}
    return [storable(one) for one in value] if isinstance(value, list | tuple) else value


def _may_stay(char: str) -> bool:
    if char in _KEPT:
        return True
    return char not in _UNSEEN and unicodedata.category(char) not in ("Cc", "Cs")
