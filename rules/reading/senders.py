"""Who sent a document: a unit of the county by its full name, any other as typed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rules.reading.form import Field
from rules.reading.models import Context
from rules.reading.normal import Text, any_of
from rules.reading.scan import Scan
from rules.reading.units import unit_mentions
from rules.reading.words import DocumentWords, Words

_HAN = r"[\u3400-\u9fff]"


class Sender(NamedTuple):
    name: str
    start: int
    end: int
    ours: bool
    """a unit of the office's list"""


class _Shapes(NamedTuple):
    outside: re.Pattern[str]
    opens: re.Pattern[str]
    own: re.Pattern[str]
    goes_on: re.Pattern[str]
    charged: re.Pattern[str]
    told: re.Pattern[str]


@lru_cache(maxsize=8)
def _shapes(words: Words) -> _Shapes:
    entry, units = words.document, words.units
    ending = any_of(units.outside_endings)
    tail = rf"(?=$|[\s,。;:、()《<\d【\[]|{any_of(entry.sends)})"
    body = rf"{any_of(units.above + units.beside)}{_HAN}{{0,14}}?{ending}|{any_of(units.ministries)}"
    plain_body = rf"(?<![\u3400-\u9fff]){_HAN}{{2,10}}?{any_of(units.plain_endings)}"
    charging = tuple(word for word in entry.to if word not in entry.log)
    return _Shapes(
        re.compile(rf"(?=(?P<unit>{body}|{plain_body}){tail})"),
        re.compile(rf"(?:^|[^\u3400-\u9fff]|{any_of(entry.log + units.verbs_before)})$"),
        re.compile(any_of(units.own)),
        re.compile(rf" ?(?:$|[\s,。;:()《<\d【\[]|{any_of(entry.sends)})"),
        re.compile(rf"{any_of(charging)}[: ]?$"),
        re.compile(rf"{any_of(entry.told_before)}$"),
    )


def find_sender(scan: Scan, form: tuple[Field, ...], context: Context) -> Sender | None:
    """The sender of the document a text tells of: from its field, before its title, inside its title."""
    for field in form:
        if field.name == "sender":
            value = _first(scan, field.start, field.end, context, labelled=True)
            if value:
                return value
    head_end = scan.titles[0].start if scan.titles else len(scan.mask)
    return (
        _first(scan, 0, head_end, context)
        or _in_title(scan, context)
        or (_first(scan, head_end, len(scan.mask), context, sent=True) if scan.titles else None)
    )


def is_above(sender: str, words: Words) -> bool:
    """Whether an outside sender is of the city, the province or the state."""
    return sender.startswith(words.units.above) or sender.startswith(words.units.ministries)


def _first(
    scan: Scan, start: int, end: int, context: Context, *, labelled: bool = False, sent: bool = False
) -> Sender | None:
    """The first unit of a stretch that sends and is not charged with anything."""
    shapes = _shapes(context.words)
    found = [Sender(u.name, u.start, u.end, True) for u in scan.units if start <= u.start and u.end <= end]
    found += _outside(scan, start, end, shapes, found)
    own = shapes.own.search(scan.mask, start, end)
    writer = context.roster.by_name.get(context.writer or "")
    if own and writer:
        found.append(Sender(writer.unit, own.start(), own.end(), True))
    ordered = sorted(found, key=lambda sender: sender.start)
    return next((s for s in ordered if labelled or _sends(scan, s, shapes, context, sent)), None)


def _outside(scan: Scan, start: int, end: int, shapes: _Shapes, taken: list[Sender]) -> list[Sender]:
    """Units that are not of the office's list, as typed."""
    found: list[Sender] = []
    for match in shapes.outside.finditer(scan.mask, start, end):
        at, until = match.span("unit")
        free = not any(s.start < until and at < s.end for s in (*taken, *found))
        if free and shapes.opens.search(scan.mask, max(start, at - 8), at):
            found.append(Sender(scan.text.given[at:until].replace(" ", ""), at, until, False))
    return found


def _sends(scan: Scan, sender: Sender, shapes: _Shapes, context: Context, sent: bool) -> bool:
    before = scan.mask[max(0, sender.start - 8) : sender.start]
    if shapes.charged.search(before) or shapes.told.search(before):
        return False
    if sent:
        return has_sent(scan.mask, sender.end, context.words.document)
    return shapes.goes_on.match(scan.mask, sender.end) is not None


def has_sent(mask: str, end: int, words: DocumentWords) -> bool:
    """Whether what follows a unit says that it sent something: 发来的, 报的."""
    return re.match(r"(?:那边)?(?:发|报|送|转|来)(?:来|过来|上来|下来)?的", mask[end : end + 8]) is not None


def _in_title(scan: Scan, context: Context) -> Sender | None:
    """《县财政局关于…的请示》"""
    for title in scan.titles[:1]:
        head, about, _ = title.text.partition("关于")
        if not about or not head:
            continue
        units = unit_mentions(head, context.roster, context.words.units)
        if units:
            return Sender(units[0].name, title.start, title.start, True)
        outside = _shapes(context.words).outside.match(head)
        if outside:
            return Sender(head, title.start, title.start, False)
    return None


def named(value: Text, context: Context) -> str:
    """A unit given by itself, as in a field of a table or a correction: full name, or as typed."""
    units = unit_mentions(value.plain, context.roster, context.words.units)
    return units[0].name if units else value.given.strip()
