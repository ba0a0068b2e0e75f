"""修改 with a plain sentence: 期限改到周五, 承办人换成综合科, 文号是云财〔2026〕12号."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

from rules.reading.dates import doubt_in, limit_in, past_limit_in
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
    bare: re.Pattern[str]
    """改到周五, 换成综合科: a change that names no field"""
    change: re.Pattern[str]
    instead: re.Pattern[str]


@lru_cache(maxsize=8)
def _shapes(words: CorrectionWords) -> _Shapes:
    groups = "|".join(f"(?P<{name}>{any_of(getattr(words, name))})" for name in _FIELDS[:5])
    more = f"(?P<copies>{any_of(words.copies)})|(?P<procedure>{any_of(words.procedure)})"
    return _Shapes(
        re.compile(rf"(?:^|[,。;、\s]|把|将|那个)(?:{groups}|{more}) ?(?=\S)"),
        re.compile(
            rf"(?:^|(?<=[,。;、\s]))(?:再|还有|另外|并且?|同时|也|然后|还|顺便|都|请|把[^,。;\s]{{1,12}}?)?"
            rf"(?:{any_of(words.bare_changes)})"
        ),
        re.compile(rf"(?:的)? ?[:,]? ?(?:{any_of(words.changes)}|[:,的了 ])*"),
        re.compile(r"(?:改|换|变更?|调整?)[成为作给到]?"),
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


def begins_change(plain: str, context: Context) -> bool:
    """Whether a text opens as a change to something that is there: 改到下周五…, 期限改到…, 换成督查科."""
    shapes = _shapes(context.words.correction)
    field = shapes.field.match(plain)
    return shapes.instead.match(plain, field.end() if field else 0) is not None


def _pieces(said: Text, context: Context) -> list[tuple[str, Text]]:
    """The fields a sentence names, each with what is said of it; a change without a field has no name."""
    shapes = _shapes(context.words.correction)
    marks: list[re.Match[str]] = []
    for match in sorted([*shapes.field.finditer(said.plain), *shapes.bare.finditer(said.plain)], key=_place):
        if not marks or match.start() >= marks[-1].end() + 2:
            marks.append(match)
    pieces = [("before", said.cut(0, marks[0].start()))] if marks else []
    for at, match in enumerate(marks):
        end = marks[at + 1].start() if at + 1 < len(marks) else len(said.plain)
        change = shapes.change.match(said.plain, match.end())
        start = change.end() if change else match.end()
        if start < end:
            pieces += _parted(str(match.lastgroup or ""), said.cut(start, end), context)
    return pieces


def _parted(name: str, value: Text, context: Context) -> list[tuple[str, Text]]:
    """A value and what else is said after it: 换成王海涛，周五前办结."""
    titles = scan(value, context).titles if name == "title" else ()
    if name == "title" and not titles:
        return [(name, value)]
    comma = re.compile("[,。;]").search(value.plain, titles[0].end if titles else 0)
    if comma is None or name == "sender":
        return [(name, value)]
    return [(name, value.cut(0, comma.start())), ("", value.cut(comma.end(), len(value.plain)))]


def _place(match: re.Match[str]) -> tuple[int, bool]:
    return match.start(), match.lastgroup is None


def _value(name: str, value: Text, context: Context) -> dict[str, Any]:
    match name:
        case "due":
            return _limit(value, context)
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
        case "before":
            changed = _bare(value, context)
            return {
                key: changed[key] for key in ("due", "due_words", "unsure_due", "urgency") if key in changed
            }
        case "procedure":
            return _procedure(value.plain, context)
        case _:
            return _bare(value, context)


def _limit(value: Text, context: Context) -> dict[str, Any]:
    limit = limit_in(value.plain, context)
    if limit:
        return {"due": limit.at, "due_words": limit.words}
    if doubt := doubt_in(value.plain, context):
        return {"unsure_due": doubt}
    past = past_limit_in(f"延到{value.plain}", context)
    return {"past_due": past} if past else {}


def _handlers(value: Text, context: Context) -> dict[str, Any]:
    """Who is named; of 综合科改成督查科 who is named last."""
    instead = list(_shapes(context.words.correction).instead.finditer(value.plain))
    new = value.cut(instead[-1].end(), len(value.plain)) if instead else value
    found = who(scan(new, context), context)
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
    """Changes that name no field: 改成加急, 改到周五, 换成综合科, a number by itself."""
    changed: dict[str, Any] = {}
    numbers = document_numbers(said.plain, context.words.number)
    if numbers:
        changed["number"] = numbers[0].text
    if urgency := urgency_of(said.plain, context.words):
        changed["urgency"] = urgency
    if has(said.plain, context.words.correction.none):
        changed["urgency"] = None
    changed |= {} if numbers else _limit(said, context)
    changed |= _handlers(said, context)
    return changed or _procedure(said.plain, context)
