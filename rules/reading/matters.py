"""What is to be done with registered matters: 12号办结, 23号件签收, 8号延到11号, 35号转秘书二科."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, TypeVar

from rules.patterns import lazy
from rules.reading.dates import due_in
from rules.reading.deferral import ASKING, read_deferral
from rules.reading.handlers import charged
from rules.reading.models import Act, Context, Item
from rules.reading.normal import Text, any_of, has, tidy, words_in
from rules.reading.numbers import RegisterNumber
from rules.reading.people import PersonMention
from rules.reading.scan import Scan, blank
from rules.reading.talk import asks, denied, supposes
from rules.reading.units import UnitMention
from rules.reading.words import ActWords

_Mark = TypeVar("_Mark", RegisterNumber, UnitMention, PersonMention)

_NEAR = 8
"""characters that may stand between a verb of handing over and who gets it"""


_FORMULA = lazy(r"特此[\u3400-\u9fff]{2}|请(?:予以?|给予?)?(?:销号|办结|结案|核销|审核|查收|知悉|确认)")
"""what a reply ends in"""
_REFUSED = lazy(r"不(?:予|再|同意|批准|许|准)[^,。;!?\n]{0,10}$")
"""不同意44号件延期"""


class Deed(NamedTuple):
    """An act on matters that are there already."""

    act: Act
    items: tuple[Item, ...]


class _Verb(NamedTuple):
    act: Act
    word: str
    start: int
    end: int


class _Shapes(NamedTuple):
    verbs: tuple[tuple[Act, re.Pattern[str]], ...]
    opinion: re.Pattern[str]
    courtesy: re.Pattern[str]


@lru_cache(maxsize=8)
def _shapes(words: ActWords) -> _Shapes:
    verbs: tuple[tuple[Act, tuple[str, ...]], ...] = (
        ("defer", words.defer),
        ("close", words.close),
        ("hand_over", words.firm_hand_over + words.hand_over + words.takes + words.arrows),
        ("sign", words.sign),
    )
    courtesy = any_of(words.courtesy)
    return _Shapes(
        tuple(
            (
                act,
                re.compile(rf"(?:已经?)?{any_of(listed)}(?!位)" + (r"|销(?= {2})" if act == "close" else "")),
            )
            for act, listed in verbs
        ),
        re.compile(any_of(words.opinion_heads)),
        re.compile(rf"^(?:[\s,。;:!?、()]|{courtesy})+|(?:[\s,;:!?、]|{any_of(words.thanks)})+$"),
    )


def read_matters(scan: Scan, context: Context) -> Deed | None:
    """The act on the registered matters a message names; None where it does nothing with them.

    Where parts of a message do different things (12号签收,13号转财政局) none is taken: it has to be asked.
    """
    scan = scan._replace(registers=tuple(r for r in scan.registers if r.sure or _bound(scan, r, context)))
    if not scan.registers or supposes(scan.unnumbered, context.words.talk):
        return None
    deeds = [deed for part in _parts(scan, context) if (deed := _deed(part, context))]
    if not deeds or len({deed.act for deed in deeds}) > 1:
        return None
    return Deed(deeds[0].act, tuple(item for deed in deeds for item in deed.items))


def _parts(scan: Scan, context: Context) -> tuple[Scan, ...]:
    """The message cut before each matter that follows what is done with the one before."""
    cuts = [0]
    verbs = _verbs(scan.unnumbered, context)
    for before, register in pairwise(scan.registers):
        if any(before.end <= verb.start and verb.end <= register.start for verb in verbs):
            edges = (scan.mask.rfind(mark, before.end, register.start) for mark in ",。;!\n ")
            cuts.append(max(max(edges) + 1, before.end))
    if len(cuts) == 1:
        return (scan,)
    return tuple(_between(scan, a, b) for a, b in pairwise([*cuts, len(scan.mask)]))


def _between(scan: Scan, start: int, end: int) -> Scan:
    """The same message with everything outside the stretch blanked out: places stay what they are."""

    def inside(marks: tuple[_Mark, ...]) -> tuple[_Mark, ...]:
        return tuple(mark for mark in marks if start <= mark.start and mark.end <= end)

    outside = [(0, start), (end, len(scan.mask))]
    return scan._replace(
        text=Text(blank(scan.text.given, outside), blank(scan.text.plain, outside)),
        mask=blank(scan.mask, outside),
        units=inside(scan.units),
        people=inside(scan.people),
        registers=inside(scan.registers),
    )


def _deed(scan: Scan, context: Context) -> Deed | None:
    """The act of one part."""
    plain = scan.unnumbered
    verbs = _verbs(plain, context)
    defers = [verb for verb in verbs if verb.act == "defer"]
    if defers:
        return Deed("defer", _deferred(scan, defers, context))
    asked = asks(plain, context.words.talk)
    for verb in verbs:
        if verb.act == "hand_over":
            items = _handed_over(scan, verb, context)
            if items and (not asked or _is_request(plain)):
                return Deed("hand_over", items)
        elif not asked and verb.act == "close":
            return Deed("close", _closed(scan, verb, context))
        elif not asked and verb.act == "sign":
            return Deed("sign", _signed(scan, verb, context))
    return None


def _bound(scan: Scan, register: RegisterNumber, context: Context) -> bool:
    """Whether a bare 12号 is a matter: alone between commas, or with a word of dealing with matters."""
    start = max(scan.mask.rfind(mark, 0, register.start) for mark in ",。;!?\n") + 1
    ends = [at for mark in ",。;!?\n" if (at := scan.mask.find(mark, register.end)) >= 0]
    rest = scan.unnumbered[start : min(ends, default=len(scan.mask))]
    words = context.words.acts
    return (
        not words_in(words.limit_words).sub("", rest).strip("就是 ")
        or has(rest, words.dealing + words.not_in_time)
        or "个件" in scan.mask
    )


def _is_request(plain: str) -> bool:
    """A question that asks for the act: 能不能转给秘书一科."""
    return ASKING.search(plain) is not None and "谁" not in plain


def _verbs(plain: str, context: Context) -> list[_Verb]:
    """The verbs that are not taken back, in the order they count: deferring first, then as they stand."""
    found = []
    for act, pattern in _shapes(context.words.acts).verbs:
        for match in pattern.finditer(plain):
            if not _taken_back(plain, match.start(), act, context) and not _fails(plain, match.end()):
                found.append(_Verb(act, match.group(0), match.start(), match.end()))
    receipts = context.words.acts.receipts
    later = {"defer": 0, "close": 1, "hand_over": 1, "sign": 1}
    return sorted(found, key=lambda v: (later[v.act], v.word in receipts, v.start))


def _taken_back(plain: str, at: int, act: Act, context: Context) -> bool:
    """别转给财政局: with 转 the 给 after it is taken back too."""
    talk = context.words.talk
    if act == "defer" and _REFUSED.search(plain[:at]):
        return True
    if act != "hand_over":
        return denied(plain, at, talk)
    start = max(plain.rfind(mark, 0, at) for mark in ",。;!?\n ") + 1
    firm = _firm(context.words.acts).finditer(plain, start, at + 4)
    return denied(plain, at, talk) or any(denied(plain, match.start(), talk) for match in firm)


@lru_cache(maxsize=8)
def _firm(words: ActWords) -> re.Pattern[str]:
    return re.compile(any_of(words.firm_hand_over))


def _fails(plain: str, end: int) -> bool:
    """办结不了, 交不了"""
    return re.match(r"不了|不成|不掉", plain[end : end + 2]) is not None


def _closed(scan: Scan, verb: _Verb, context: Context) -> tuple[Item, ...]:
    remark, clause = _rest(scan, verb, context), _clause_of(scan, verb, context)
    if clause and clause.startswith(remark or ""):
        remark = clause
    return tuple(Item(matter=r.number, remark=remark) for r in scan.registers)


def _clause_of(scan: Scan, verb: _Verb, context: Context) -> str | None:
    """23号已按要求整改完毕,请销号: the clause of the verb, where it says more than that it is done."""
    start = max([r.end for r in scan.registers if r.end <= verb.start], default=0)
    start = max(start, *(scan.mask.rfind(mark, 0, verb.start) + 1 for mark in ",。;!\n "))
    said = _shapes(context.words.acts).courtesy.sub("", scan.text.given[start : verb.start])
    more = len(re.findall(r"[\u3400-\u9fff]", said)) >= 3
    return tidy(scan.text.given[start : verb.end]) if more else None


def _signed(scan: Scan, verb: _Verb, context: Context) -> tuple[Item, ...]:
    """Signed for, with the opinion where one is given."""
    shapes = _shapes(context.words.acts)
    last = max(r.end for r in scan.registers)
    opinion = shapes.opinion.search(scan.mask, min(verb.start, last))
    if opinion:
        remark: str | None = tidy(scan.text.given[opinion.start() :])
    elif verb.word in context.words.acts.receipts:
        remark = None
    else:
        remark = _rest(scan, verb, context)
    people = charged(scan, context, start=verb.end).people if opinion else ()
    return tuple(Item(matter=r.number, remark=remark, people=people) for r in scan.registers)


def _rest(scan: Scan, verb: _Verb, context: Context) -> str | None:
    """What is said after number and verb, else between them; before them only if it says something."""
    shapes, given = _shapes(context.words.acts), scan.text.given
    named = [(m.start, m.end) for m in scan.units] + [(m.start, m.end) for m in scan.people]
    doers = [(a, b) for a, b in named if b <= verb.start and not scan.mask[b : verb.start].strip(" 已都也均")]
    spans = sorted([*((r.start, r.end) for r in scan.registers), *doers, (verb.start, verb.end)])
    edges = [0, *(edge for span in spans for edge in span), len(given)]
    pieces = [given[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]
    for piece in reversed(pieces):
        rest = tidy(shapes.courtesy.sub("", _FORMULA.sub("", piece)))
        needed = 2 if piece is not pieces[0] else 6
        if len(re.findall(r"[\u3400-\u9fff\d]", rest)) >= needed and re.search(r"[\u3400-\u9fff]", rest):
            return rest
    return None


def _deferred(scan: Scan, verbs: list[_Verb], context: Context) -> tuple[Item, ...]:
    limit, reason, past, doubt = read_deferral(scan, ((v.start, v.end) for v in verbs), context)
    return tuple(
        Item(
            matter=r.number,
            due=limit.at if limit else None,
            due_words=limit.words if limit else None,
            unsure_due=doubt,
            past_due=past,
            remark=reason,
        )
        for r in scan.registers
    )


def _handed_over(scan: Scan, verb: _Verb, context: Context) -> tuple[Item, ...]:
    """Who gets it; nobody named right after the verb is no handing over."""
    start = min(verb.start, *(r.start for r in scan.registers))
    to = charged(scan, context, start=start, free_from=verb.end)
    named = any(verb.start <= at <= verb.end + _NEAR or at < verb.start < end for at, end in to.spans)
    before = any(scan.registers[0].end <= at < verb.start for at, _ in to.spans)
    if not named and not to.all and not (before and verb.word in context.words.acts.firm_hand_over):
        return ()
    limit = due_in(scan.unnumbered, context)
    return tuple(
        Item(
            matter=r.number,
            people=to.people,
            units=to.units,
            ambiguous=to.ambiguous,
            choices=to.choices,
            due=limit.at if limit else None,
            due_words=limit.words if limit else None,
        )
        for r in scan.registers
    )
