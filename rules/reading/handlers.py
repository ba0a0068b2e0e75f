"""Who is to handle, read or receive something: persons and units that a text charges."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from rules.patterns import lazy
from rules.reading.models import Context
from rules.reading.normal import any_of, read, squeeze, without_mention
from rules.reading.people import PersonMention
from rules.reading.scan import Scan, scan
from rules.reading.talk import denied
from rules.reading.unit_slips import UnitSlip
from rules.reading.units import UnitMention, all_of
from rules.reading.words import DocumentWords, Words

_Mark = UnitMention | PersonMention | UnitSlip


class Handlers(NamedTuple):
    """Who is to handle it, as far as the message says."""

    people: tuple[str, ...]
    units: tuple[str, ...]
    choices: tuple[tuple[str, ...], ...]
    """of each of these one is meant: two of one surname, a slip of typing in the name of a person or unit"""
    spans: tuple[tuple[int, int], ...]
    """where they stand"""
    all: bool
    """a word like 各乡镇 names all of a kind"""

    @property
    def ambiguous(self) -> tuple[str, ...]:
        """All who may be meant where that has to be asked."""
        return tuple(dict.fromkeys(name for names in self.choices for name in names))


class _Shapes(NamedTuple):
    to: re.Pattern[str]
    does: re.Pattern[str]
    told_after: re.Pattern[str]
    told_before: re.Pattern[str]
    reads: re.Pattern[str]
    joined: re.Pattern[str]
    edge_before: re.Pattern[str]
    edge_after: re.Pattern[str]
    writer: re.Pattern[str]


@lru_cache(maxsize=8)
def _shapes(words: DocumentWords) -> _Shapes:
    return _Shapes(
        re.compile(rf"{any_of(words.to)}(?:单位|科室|部门|人)?(?:一下)?[: 到]*$"),
        re.compile(any_of(words.does)),
        re.compile(rf" ?{any_of(words.told_after)}"),
        re.compile(rf"{any_of(words.told_before)}[: ]*$"),
        re.compile(r" ?(?:传阅|阅示|阅知|阅批|审阅|审签|阅(?!读)|批阅)"),
        re.compile(r" ?[、,/+&和与跟及同 ]+ ?(?:以及|还有|并)?|的|\(|的?同志?[、,]?"),
        re.compile(r"(?:^|[\s,。;:!?、()\[\]【】/+&》-])$"),
        re.compile(r"$|[\s,。;:!?、()\[\]【】/+&《-]"),
        re.compile(
            r"(?:转|转给|交|交给|由|给)我(?=$|[\s,。;!]|来|办|处理|负责|吧|跟|接|签|审|把关)"
            r"|我办(?=$|[\s,。;!)]|理|吧)|我(?:们?俩)?来(?:办(?!不|完|好|结|了)|吧|接|跟|负责)"
            r"|我(?:们?俩)?来?(?:(?:承办|处理|经办|弄)(?!不|完|好|结|了)|负责|吧|接(?!不|完|到)|跟(?!不|他|她|你))"
        ),
    )


_WHOSE = lazy(r"(?:那边|那里|那儿|手下|手底下)的(?![件文事])")
_CHANGED = lazy(
    r"(?:那里|那边|名下|处|手上|承办|办理|经办|负责)?,?(?:(?:改|换|变更?|调整?)[成为由到给]{1,2}|转到)"
)
_BACK_TO_ME = lazy(r"(?:[前内底班日天点]|周.|\d号)(?:就|再|要|得|把\S{1,8})?(?:交|报|转|送|发|反馈)?给我$")
"""16号交给思雨办,周五前给我: the result comes to the writer, not the matter"""


def charged(
    seen: Scan, context: Context, start: int = 0, free_from: int = 0, without: Iterable[tuple[int, int]] = ()
) -> Handlers:
    """Everybody from `start` on who is charged with something.

    Before `free_from` only one who follows a word like 转 counts; after it a unit or person by itself does.
    `without` are stretches that say something else: the sender, fields for other things.
    """
    shapes, taken = _shapes(context.words.document), tuple(without)
    marks: list[_Mark] = sorted((*seen.units, *seen.people, *seen.slips), key=lambda m: (m.start, -m.end))
    marks = [m for m in marks if m.start >= start and not any(a < m.end and m.start < b for a, b in taken)]
    accepted: list[_Mark] = []
    for at, mark in enumerate(marks):
        after = marks[at + 1] if at + 1 < len(marks) else None
        if _spared(seen.mask, mark, context, shapes):
            continue
        if _is_charged(seen.mask, mark, accepted[-1] if accepted else None, after, free_from, shapes):
            accepted.append(mark)
    accepted = _readers(seen.mask, marks, shapes) + _instead(seen.mask, accepted)
    return _handlers(seen, accepted, context, shapes, start)


def _instead(mask: str, found: list[_Mark]) -> list[_Mark]:
    """由王海涛改为赵一鸣承办, 从综合科换到督查科: only who comes after the change."""
    for before, after in pairwise(found):
        if _CHANGED.fullmatch(mask[before.end : after.start].strip()):
            return [mark for mark in found if mark.start >= after.start]
    return found


def _handlers(seen: Scan, accepted: list[_Mark], context: Context, shapes: _Shapes, start: int) -> Handlers:
    units = [m.name for m in accepted if isinstance(m, UnitMention)]
    people = [m.person for m in accepted if isinstance(m, PersonMention) and m.person]
    several = [m.names for m in accepted if isinstance(m, UnitSlip)]
    several += [m.names for m in accepted if isinstance(m, PersonMention) and not m.person]
    for either in _choices(seen, accepted):
        several.append(either)
        people = [name for name in people if name not in either]
    asked = tuple(dict.fromkeys(names for names in several if not set(names) & {*people, *units}))
    spans = [(m.start, m.end) for m in accepted]
    own = shapes.writer.search(seen.mask, start)
    if own and (people or units) and _BACK_TO_ME.search(seen.mask[: own.end()]):
        own = None
    if own and context.writer in context.roster.by_name:
        people.append(str(context.writer))
        spans.append(own.span())
    writer = context.roster.by_name.get(context.writer or "")
    ours = _own_unit(context.words).search(seen.mask, start)
    if writer and ours:
        units.append(writer.unit)
        spans.append(ours.span())
    everyone = all_of(seen.mask[start:], context.roster, context.words.units)
    units += everyone
    return Handlers(
        tuple(dict.fromkeys(people)),
        tuple(dict.fromkeys(units)),
        asked,
        tuple(sorted(spans)),
        bool(everyone),
    )


def _choices(seen: Scan, accepted: list[_Mark]) -> list[tuple[str, ...]]:
    """王海涛或者王思雨: one of the two, which has to be asked."""
    people = sorted({m for m in accepted if isinstance(m, PersonMention)}, key=lambda m: m.start)
    return [
        (*one.names, *other.names)
        for one, other in pairwise(people)
        if re.fullmatch(" ?(?:或者?|还是|要么)(?:给|转|交给|由|是)? ?", seen.mask[one.end : other.start])
    ]


@lru_cache(maxsize=8)
def _own_unit(words: Words) -> re.Pattern[str]:
    """转我科, 给我们局"""
    return re.compile(rf"(?<![不没别勿])(?:转|转给|交|交给|给|由|归|转到){any_of(words.units.own)}")


def _readers(mask: str, marks: list[_Mark], shapes: _Shapes) -> list[_Mark]:
    """许主任、沈主任传阅: persons before a word of reading, wherever they stand."""
    found: list[_Mark] = []
    next_start = -1
    for mark in reversed(marks):
        reads = shapes.reads.match(mask, mark.end) or (
            next_start >= 0 and shapes.joined.fullmatch(mask, mark.end, next_start)
        )
        told = shapes.told_before.search(mask, max(0, mark.start - 10), mark.start)
        next_start = mark.start if isinstance(mark, PersonMention) and reads and not told else -1
        if next_start >= 0:
            found.insert(0, mark)
    return found


def _spared(mask: str, mark: _Mark, context: Context, shapes: _Shapes) -> bool:
    """不用转财政局, 别给老李, 沈主任那边的孟晓棠: who is named only to be left out, or to say whose."""
    if _WHOSE.match(mask, mark.end):
        return True
    start = max(0, mark.start - 10)
    to = shapes.to.search(mask, start, mark.start)
    return to is not None and denied(mask, to.start(), context.words.talk)


def _is_charged(
    mask: str,
    mark: _Mark,
    last: _Mark | None,
    after: _Mark | None,
    free_from: int,
    shapes: _Shapes,
) -> bool:
    before = mask[max(0, mark.start - 10) : mark.start]
    if shapes.told_before.search(before):
        return False
    if shapes.to.search(before):
        return True
    if shapes.told_after.match(mask, mark.end):
        return False
    if mask.startswith("《", mark.end) and mask[: mark.start].endswith(" "):
        return False  # 转财政局 县水利局关于…: whose paper it is
    if last is not None and (mark.start <= last.end or shapes.joined.fullmatch(mask, last.end, mark.start)):
        return True
    if mark.start < free_from:
        return False
    if isinstance(mark, PersonMention):
        return True
    beside = after is not None and (
        after.start == mark.end or shapes.joined.fullmatch(mask, mark.end, after.start)
    )
    goes_on = beside or shapes.edge_after.match(mask, mark.end) or shapes.does.match(mask, mark.end)
    return bool(shapes.edge_before.search(before) and goes_on)


def read_who(text: str, context: Context) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """People, units and, where more than one person fits, all who do: 综合科王科长, 转给海涛."""
    found = read_whom(text, context)
    return found.people, found.units, found.ambiguous


def read_whom(text: str, context: Context) -> Handlers:
    """The same, with those together of whom one is meant."""
    return who(scan(without_mention(read(text)), context), context)


def who(seen: Scan, context: Context) -> Handlers:
    """Everybody a short answer names, whether charged or not: 综合科王科长."""
    marks: list[_Mark] = sorted((*seen.units, *seen.people, *seen.slips), key=lambda m: m.start)
    found = _handlers(seen, marks, context, _shapes(context.words.document), 0)
    if re.fullmatch(r"(?:还是|就|由|转)?我(?:来|自己|吧|本人|来吧)*", squeeze(seen.mask)) and context.writer:
        return found._replace(people=(context.writer,))
    return found
