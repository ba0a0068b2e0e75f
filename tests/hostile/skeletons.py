"""What Telegram's objects look like, for making up updates.

From the published description where it is present, else from python-telegram-bot's own classes.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import telegram

PUBLISHED = Path(__file__).resolve().parents[2].parent / "shared" / "bot_api" / "api.json"
_ALWAYS = re.compile(r"(?:always|must be) [\"“'*_]*([a-z_]+)")
_PLAIN = {"int": "Integer", "float": "Float", "str": "String", "bool": "Boolean", "datetime": "Integer"}
_KEYS = {"from_user": "from"}
_NOT_SENT = {"api_kwargs", "bot", "self"}


@dataclass(frozen=True)
class Field:
    """A field of an object: its key, its type ("Array of Array of PhotoSize"), what it always says."""

    key: str
    type: str
    required: bool
    always: str | None = None


@dataclass(frozen=True)
class Skeleton:
    """An object's fields; or, where it is one of several, which."""

    fields: tuple[Field, ...] = ()
    one_of: tuple[str, ...] = ()


@cache
def skeletons() -> dict[str, Skeleton]:
    """All objects by name."""
    return _published() if PUBLISHED.exists() else known_to_ptb()


def _published() -> dict[str, Skeleton]:
    types: dict[str, Any] = json.loads(PUBLISHED.read_text(encoding="utf-8"))["types"]
    return {
        name: Skeleton(tuple(map(_field, one.get("fields", ()))), tuple(one.get("subtypes", ())))
        for name, one in types.items()
    }


def _field(one: dict[str, Any]) -> Field:
    said = _ALWAYS.search(one["description"])
    return Field(one["name"], one["types"][0], one["required"], said[1] if said else None)


def known_to_ptb() -> dict[str, Skeleton]:
    """The same from the constructors of python-telegram-bot's classes."""
    return {
        name: Skeleton(tuple(_parameters(cls)))
        for name, cls in vars(telegram).items()
        if inspect.isclass(cls) and issubclass(cls, telegram.TelegramObject)
    }


def _parameters(cls: type[Any]) -> Iterator[Field]:
    for name, parameter in inspect.signature(cls.__init__).parameters.items():
        if name in _NOT_SENT or name.startswith("_") or parameter.kind is parameter.VAR_KEYWORD:
            continue
        required = parameter.default is parameter.empty
        yield Field(_KEYS.get(name, name), _type_of(str(parameter.annotation)), required)


def _named(word: str) -> object:
    return getattr(telegram, word, None)


def _type_of(annotation: str) -> str:
    words = [w for w in re.findall(r"\w+", annotation) if w in _PLAIN or inspect.isclass(_named(w))]
    name = _PLAIN.get(words[0], words[0]) if words else "String"
    return "Array of " * annotation.count("Sequence") + name


def kinds() -> tuple[Field, ...]:
    """Every kind of update."""
    return tuple(field for field in skeletons()["Update"].fields if field.key != "update_id")
