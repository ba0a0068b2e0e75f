"""修改 with a plain sentence: 期限改到周五, 承办人换成综合科, 文号是云财〔2026〕12号."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

from rules.reading.dates import limit_in
from rules.reading.handlers import who
from rules.reading.models import Context, Item
from rules.reading.normal import Text, any_of, has, read, tidy, without_mention
from rules.reading.numbers import document_numbers, figure
from rules.reading.procedures import urgency_of
from rules.reading.scan import scan
from rules.reading.secrecy import screen
from rules.reading.senders import named
from rules.reading.words import CorrectionWords

_FIELDS = ("due", "handler", "title", "number", "sender", "urgency", "copies", "procedure")


class _Shapes(NamedTuple):
    field: re.Pattern[str]
    change: re.Pattern[str]


@lru_cache(maxsize=8)
def _shapes(words: CorrectionWords) -> _Shapes:
    groups = "|".join(f"(?P<{name}>{any_of(getattr(words, name))})" for name in _FIELDS[:5])
    more = f"(?P<copies>{any_of(words.copies)})|(?P<procedure>{any_of(words.procedure)})"
    return _Shapes(
        re.compile(rf"(?:^|[,。;、\s]|把|将|那个)(?:{groups}|{more}) ?(?=\S)"),
        re.compile(rf"(?:的)? ?[:,]? ?(?:{any_of(words.changes)}|[:,的了 ])*"),
    )


def read_correction(text: str, context: Context) -> Item:
    """What a sentence changes in an entry: only the changed fields are in `model_fields_set`.

    Handlers come as `people`, `units` and, where more than one person fits, `ambiguous`. A classified mark
    changes nothing: screen the text before.
    """
    if screen(text, context.secrecy) == "classified":
        return Item()
    said = without_mention(read(text))
    changed: dict[str, Any] = {}
    for name, value in _pieces(said, context):
        changed.update(_value(name, value, context))
    return Item(**(changed or _bare(said, context)))


def _pieces(said: Text, context: Context) -> list[tuple[str, Text]]:
    """The fields a sentence names, each with what is said of it."""
    shapes = _shapes(context.words.correction)
    labels = list(shapes.field.finditer(said.plain))
    pieces = []
    for at, match in enumerate(labels):
        if at and match.start() < labels[at - 1].end() + 2:
            continue
        name = str(match.lastgroup)
        end = labels[at + 1].start() if at + 1 < len(labels) else len(said.plain)
        change = shapes.change.match(said.plain, match.end())
        start = change.end() if change else match.end()
        if start < end:
            pieces.append((name, said.cut(start, end)))
    return pieces


def _value(name: str, value: Text, context: Context) -> dict[str, Any]:
    match name:
        case "due":
            limit = limit_in(value.plain, context)
            return {"due": limit.at, "due_words": limit.words} if limit else {}
        case "handler":
            return _handlers(value, context)
        case "title":
            title = tidy(value.given).strip('《》“”"')
            partly = has(value.plain, context.words.correction.partly)
            return {"title": title} if title and not partly else {}
        case "number":
            numbers = document_numbers(value.plain, context.words.number)
            return {"number": numbers[0].text} if numbers else {}
        case "sender":
            kept = re.split("，?(?:而)?不是|,不是", value.given)[0]
            sender = named(read(tidy(kept)), context)
            return {"sender": sender} if sender else {}
        case "copies":
            copies = figure(tidy(value.plain).removesuffix("份").strip())
            return {"copies": copies} if copies else {}
        case _:
            return _procedure(value.plain, context)


def _handlers(value: Text, context: Context) -> dict[str, Any]:
    found = who(scan(value, context), context)
    changed = {
        "people": found.people,
        "units": found.units,
        "ambiguous": found.ambiguous,
        "choices": found.choices,
    }
    return changed if any(changed.values()) else {}


def _procedure(plain: str, context: Context) -> dict[str, Any]:
    kinds = dict(context.words.correction.procedures)
    said = [word for word in sorted(kinds, key=len, reverse=True) if word in plain]
    return {"procedure": kinds[said[0]]} if said else {}


def _bare(said: Text, context: Context) -> dict[str, Any]:
    """A correction that names no field: 改成加急, 改到周五, 换成综合科, a number by itself."""
    numbers = document_numbers(said.plain, context.words.number)
    if numbers:
        return {"number": numbers[0].text}
    if has(said.plain, context.words.correction.none):
        return {"urgency": None}
    urgency = urgency_of(said.plain, context.words)
    if urgency:
        return {"urgency": urgency}
    limit = limit_in(said.plain, context)
    if limit:
        return {"due": limit.at, "due_words": limit.words}
    return _handlers(said, context) or _procedure(said.plain, context)
