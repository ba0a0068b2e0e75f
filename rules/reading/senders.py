"""Who sent a document: a unit of the county by its full name, any other as typed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from rules.patterns import lazy
from rules.reading.form import Field
from rules.reading.models import Context
from rules.reading.normal import Text, any_of, has
from rules.reading.scan import Scan
from rules.reading.units import goes_on, outside_units, unit_mentions
from rules.reading.words import Words

_EDGE = lazy(r" *(?:$|[\s,。;])")
_PASSES_ON = lazy("转(?:来|发|送|办)?:")
"""综合科转:市政府办公室《关于…》: who only hands it on"""
_CODE_TAIL = lazy("(?:政|办|发|函|字|文|电|呈|请|报)+$")
"""云民函, 白政办: what follows the sign of the unit in its code"""


class Sender(NamedTuple):
    """Who sent a document, and where the text says so."""

    name: str
    start: int
    end: int
    above: bool = False
    """of the city, the province or the state"""


class _Shapes(NamedTuple):
    own: re.Pattern[str]
    goes_on: re.Pattern[str]
    has_sent: re.Pattern[str]
    charged: re.Pattern[str]
    told: re.Pattern[str]
    acts: re.Pattern[str]
    alone: re.Pattern[str]


@lru_cache(maxsize=8)
def _shapes(words: Words) -> _Shapes:
    entry = words.document
    charging = tuple(word for word in entry.to if word not in entry.log)
    return _Shapes(
        re.compile(any_of(words.units.own)),
        re.compile(rf" ?(?:$|[\s,。;:()《<【\[]|{goes_on(words.units)})"),
        re.compile(
            r"(?:那边)?(?:发|报|送|转|来)(?:来|过来|上来|下来)?的"
            r"|(?:来文|来函|[上呈]报|[报送发转]来|报送?|送)(?= *(?:$|[,。;\n]))"
        ),
        re.compile(rf"{any_of(charging)}[: ]?$"),
        re.compile(rf"{any_of(word for word in entry.told_before if word != '来自')}$"),
        re.compile(
            rf"(?:[和与及、跟同][\u3400-\u9fff]{{2,10}}?)?"
            r"(?: ?[\d一二两三四五六七八九十]{1,3}个?(?:工作日|小时|天|日|周|月)[之以]?内)?"
            rf"(?:一起|共同|联合|分别|尽快|马上|抓紧|立即)?{any_of(entry.looks_into)}"
        ),
        re.compile(r"(?:^|[\s,。;:])$"),
    )


def find_sender(
    scan: Scan, form: tuple[Field, ...], context: Context, charged: Iterable[tuple[int, int]] = ()
) -> Sender | None:
    """The sender of the document a text tells of: from its field, before its title, inside its title.

    `charged` are the places of those who are to do something about it.
    """
    for field in form:
        if field.name == "sender":
            named = _candidates(scan, field.start, field.end, context)
            if named:
                return named[0]
    head_end = scan.titles[0].start if scan.titles else len(scan.mask)
    busy = tuple(charged)
    free = [
        s for s in _candidates(scan, 0, len(scan.mask), context) if not any(a <= s.start < b for a, b in busy)
    ]
    shapes = _shapes(context.words)
    free = _before_complaint(scan, free, context)
    heads = [s for s in free if s.end <= head_end and _sends(scan, s, shapes)]
    if len(heads) > 1 and heads[1].above and _PASSES_ON.match(scan.mask, heads[0].end):
        del heads[0]
    beside_title = next((s for s in heads if s.above and s.end == head_end), None)
    head = beside_title or next(iter(heads), None)
    sent = next((s for s in free if s.start >= head_end and shapes.has_sent.match(scan.mask, s.end)), None)
    last = (s for s in free if s.start >= head_end and shapes.alone.search(scan.mask, 0, s.start))
    beside = next((s for s in last if s.above or _beside(s, scan, busy, context)), None)
    return head or _in_title(scan, context) or sent or _of_code(scan, free, context) or beside


def _before_complaint(scan: Scan, free: list[Sender], context: Context) -> list[Sender]:
    """书记信箱 李先生反映…拥堵 公安局: who comes after what is complained of is to look into it."""
    entry = context.words.document
    told = re.search(any_of(entry.reflects), scan.mask) if has(scan.mask[:16], entry.letters) else None
    return [s for s in free if told is None or s.start < told.start()]


def _of_code(scan: Scan, free: list[Sender], context: Context) -> Sender | None:
    """云教〔2026〕113号 关于…的请示 教育局 张科: the unit whose code its own number bears."""
    number = next((n.text for n in scan.numbers if not n.cited), None)
    county = context.words.units.county_names[0][:1] if context.words.units.county_names else ""
    stem = _CODE_TAIL.sub("", (number or "").partition("〔")[0]).removeprefix(county)
    for sender in free if stem else []:
        unit = context.roster.unit_by_name.get(sender.name)
        letters = iter(unit.name if unit and unit.level == "units" else "")
        person = any(mention.start == sender.end for mention in scan.people)
        if all(char in letters for char in stem) and (person or _EDGE.match(scan.mask, sender.end)):
            return sender
    return None


def _beside(sender: Sender, scan: Scan, busy: tuple[tuple[int, int], ...], context: Context) -> bool:
    """关于…的函 县水利局 转县财政局: alone behind the title, and somebody else is to handle it."""
    unit = context.roster.unit_by_name.get(sender.name)
    outside = unit is None or unit.level == "units"
    edge = _EDGE.match(scan.mask, sender.end)
    return bool(scan.titles and outside and edge and any(start >= sender.end for start, _ in busy))


def _candidates(scan: Scan, start: int, end: int, context: Context) -> list[Sender]:
    """Every unit of a stretch, in order: the office's, others, and a writer's 我局."""
    found = [Sender(u.name, u.start, u.end) for u in scan.units]
    for unit in scan.outside:
        if not any(s.start < unit.end and unit.start < s.end for s in found):
            given = scan.text.given[unit.start : unit.end].replace(" ", "")
            found.append(Sender(given, unit.start, unit.end, unit.above))
    writer = context.roster.by_name.get(context.writer or "")
    if writer:
        owns = _shapes(context.words).own.finditer(scan.mask)
        found += [Sender(writer.unit, own.start(), own.end()) for own in owns]
    return sorted((s for s in found if start <= s.start and s.end <= end), key=lambda s: s.start)


def _sends(scan: Scan, sender: Sender, shapes: _Shapes) -> bool:
    before = scan.mask[max(0, sender.start - 8) : sender.start]
    if shapes.told.search(before) or (shapes.charged.search(before) and not sender.above):
        return False
    if not sender.above and shapes.acts.match(scan.mask, sender.end) and sender.start:
        return False
    return shapes.goes_on.match(scan.mask, sender.end) is not None


def _in_title(scan: Scan, context: Context) -> Sender | None:
    """《县财政局关于…的请示》"""
    for title in scan.titles[:1]:
        head, about, _ = title.text.partition("关于")
        if not about or not head:
            continue
        units = unit_mentions(head, context.roster, context.words.units)
        if units:
            return Sender(units[0].name, title.start, title.start)
        outside = outside_units(head, context.words.units)
        if outside:
            return Sender(outside[0].name, title.start, title.start, outside[0].above)
    return None


def named(value: Text, context: Context) -> str:
    """A unit given by itself, as in a field of a table or a correction: full name, or as typed."""
    units = unit_mentions(value.plain, context.roster, context.words.units)
    return units[0].name if units else value.given.strip()
