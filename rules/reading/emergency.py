"""Something has happened or is happening to people or property here: its words, when, where, what kind.

Papers and talk about emergencies are none; where people are hurt, hardly anything speaks against one.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from rules.patterns import lazy
from rules.reading.dates import past_in
from rules.reading.models import Category, Context, Item
from rules.reading.normal import Text, any_of, has, tidy, words_in
from rules.reading.numbers import document_numbers
from rules.reading.talk import asks, supposes
from rules.reading.titles import titles
from rules.reading.words import EmergencyWords
from rules.when import read_instants

_PLACE = 40
"""characters of a place"""
_HAN = r"[\u3400-\u9fff]"
_OURS = r"(?:我们|我|咱们|咱)(?=镇|乡|局|县|村|这|单位)"
_CLAUSE = lazy(r"[^,。;:!\n]+")
_TOLD_BY = lazy(r"^.*(?:反映|来电|接报|接到|[说称](?=[^,。;]{2})|[检排巡]查[^,。;]{0,6}?发现)")
"""白沙镇群众来电反映: who tells of it is not where it is"""
_COUNT = r"(?:\d+|[一二两三四五六七八九十几数百多]+)"


class _Shapes(NamedTuple):
    event: re.Pattern[str]
    hurt: re.Pattern[str]
    crowd: re.Pattern[str]
    signs: re.Pattern[str]
    place_label: re.Pattern[str]
    time_label: re.Pattern[str]
    place_end: re.Pattern[str]
    counted_people: re.Pattern[str]
    counted: re.Pattern[str]
    noun: re.Pattern[str]
    no_place: re.Pattern[str]
    at_place: re.Pattern[str]
    figure: re.Pattern[str]
    spoken_of: re.Pattern[str]
    intro: re.Pattern[str]


@lru_cache(maxsize=8)
def _shapes(words: EmergencyWords) -> _Shapes:
    events = words.nature + words.accident + words.health + words.society
    casualty = any_of(words.casualties)
    people = rf"{_COUNT} ?[多来几]?(?:余)?(?:名|个|位|人|头|户|只|羽|条)"
    return _Shapes(
        re.compile(any_of(events)),
        re.compile(
            rf"{people}[^,。;\n]{{0,12}}?{casualty}|{casualty}[^,。;\n无没]{{0,4}}?{people}"
            rf"|{any_of(words.victims)}[^,。;\n无没]{{0,6}}?{casualty}"
            rf"|死{_COUNT}人?[,、]?伤{_COUNT}|{_COUNT}死{_COUNT}伤"
        ),
        re.compile(people),
        re.compile(any_of(words.signs)),
        re.compile(rf"{any_of(words.place_labels)} ?[:是在] ?([^,。;\n]{{2,60}})"),
        re.compile(rf"{any_of(words.time_labels)} ?[:是] ?([^,。;\n]{{2,40}})"),
        re.compile(any_of(words.place_ends)),
        re.compile(rf"{_COUNT}(?:名|人|余|多|位|辆|户|间|只|头)"),
        re.compile(rf"{_COUNT}个"),
        re.compile(any_of(words.place_nouns)),
        re.compile(rf"^{any_of(words.no_place)}"),
        re.compile(
            rf"(?:(?<!正)(?<!现)在(?!建|场|校|职|岗)|位于)([A-Z0-9\u3400-\u9fff][^,。;\s]{{1,24}}?)"
            rf"(?={any_of(events)}|讨|要|闹|[,。;\s]|$)"
        ),
        re.compile(
            rf"(?<![\u3400-\u9fff]){any_of(words.figures)}[里上都快要像直得在又也就、]{{0,4}}(?={any_of(events)})"
        ),
        re.compile(
            rf"{any_of(events)}[^,。;\n]{{0,4}}的(?:那?个?事情?|那个事|问题)儿?[^,。;\n]{{0,4}}(?:处理|解决|搞|办|说|谈|查|怎)"
            r"|(?:要求|须|需|务必|尽快|立即|请)[^,。;\n]{0,14}(?:上报|报送|报来|统计|汇总|摸排|报)[^,。;\n]{0,12}(?:情况|损失|数据|材料)"
        ),
        re.compile(
            rf"^(?:{any_of(words.heads)}[:,!。 ]+|喂|报告(?:领导)?)*"
            rf"(?:我是{_HAN}{{2,8}}?)?(?:我?们?这[边里]?是?)?(?:{_OURS})?"
        ),
    )


def read_emergency(text: Text, context: Context) -> Item | None:
    """The emergency a message reports, or None where it reports none."""
    words, shapes = context.words.emergency, _shapes(context.words.emergency)
    text = Text(text.given, words_in(words.idioms).sub(_blanks, text.plain))
    event = _event(text.plain, context, shapes)
    if event is None or not _happens(text, event, context, shapes):
        return None
    return Item(
        remark=text.given.strip(),
        occurred=_occurred(text.plain, context, shapes),
        place=_place(text, event, context, shapes),
        category=_category(text.plain, event, words),
    )


def _event(plain: str, context: Context, shapes: _Shapes) -> re.Match[str] | None:
    """The first word of an event; one that is weak by itself only where people are hurt or it is going on."""
    found = list(shapes.event.finditer(plain))
    strong = next((m for m in found if m.group(0) not in context.words.emergency.weak), None)
    return strong or (found[0] if found else shapes.hurt.search(plain))


def _happens(text: Text, event: re.Match[str], context: Context, shapes: _Shapes) -> bool:
    words, (given, plain) = context.words.emergency, text
    if document_numbers(plain, context.words.number) or titles(Text(plain, plain), context.words.titles):
        return False
    if has(plain, words.hard_not) or shapes.spoken_of.search(plain) or shapes.figure.search(plain):
        return False
    hurt = shapes.hurt.search(plain) is not None
    followed = has(plain[:12], words.follow_ups)
    if not (hurt or followed) and _in_doubt(plain, event, context, shapes):
        return False
    if has(given, words.jokes) and not followed:
        return False
    signs = len({m.group(0) for m in shapes.signs.finditer(plain)}) + (shapes.crowd.search(plain) is not None)
    if event.group(0) not in words.outages:
        signs += _is_done(plain, event) + _is_placed(plain, event, shapes)
    if event.group(0) in words.weak and not followed:
        return signs >= 1 if hurt else signs >= 2
    return hurt or followed or signs >= 1


def _is_done(plain: str, event: re.Match[str]) -> bool:
    """起火了"""
    return re.match(r"[^,。;\n]{0,8}?了", plain[event.end() - 1 : event.end() + 10]) is not None


def _is_placed(plain: str, event: re.Match[str], shapes: _Shapes) -> bool:
    """Whether a word for a place stands before the event in its clause."""
    return shapes.noun.search(re.split(r"[,。;\n]", plain[: event.start()])[-1]) is not None


def _in_doubt(plain: str, event: re.Match[str], context: Context, shapes: _Shapes) -> bool:
    """Asked, supposed or told of something else."""
    talk, words = context.words.talk, context.words.emergency
    told = [c for c in re.split(r"[,。;!\n]", plain) if shapes.event.search(c)]
    return (
        any(asks(c, talk) for c in told)
        or supposes(plain, talk)
        or has(_without_work(plain, event, words), words.soft_not)
    )


def _without_work(plain: str, event: re.Match[str], words: EmergencyWords) -> str:
    """The text without what speaks against no event: the work in which it was found, whose home it is at."""
    if re.search(r"(?<![没未])(?<!没有)发现[^。;\n]*$", plain[: event.start()]):
        plain = words_in(words.at_work).sub(" ", plain)
    ill = event.group(0) in words.health or event.group(0) in words.weak
    return plain if ill else words_in(words.own_family).sub(" ", plain)


def _occurred(plain: str, context: Context, shapes: _Shapes) -> datetime | None:
    label = shapes.time_label.search(plain)
    return past_in(label.group(1) if label else plain, context)


def _category(plain: str, event: re.Match[str], words: EmergencyWords) -> Category:
    word = "中毒" if "中毒" in plain else event.group(0)
    if "中毒" in word:
        return "事故灾难" if has(plain, words.gas) else "公共卫生"
    if word in words.outages and has(plain, words.nature):  # 停电了,暴雪压断线路
        return "自然灾害"
    if word in words.fires and has(plain, words.wild):
        return "自然灾害"
    if word in words.either:
        return "事故灾难" if has(plain, words.sites) else "自然灾害"
    kinds: tuple[tuple[Category, tuple[str, ...]], ...] = (
        ("社会安全", words.society),
        ("公共卫生", words.health),
        ("自然灾害", words.nature),
        ("事故灾难", words.accident),
    )
    return next((kind for kind, listed in kinds if word in listed), "事故灾难")


def _place(text: Text, event: re.Match[str], context: Context, shapes: _Shapes) -> str | None:
    """Its field, else the best of what stands before the event, before the first event, elsewhere."""
    label = shapes.place_label.search(text.plain)
    if label:
        return tidy(text.given[label.start(1) : label.end(1)])[:_PLACE]
    first = shapes.event.search(text.plain)
    spans = [
        *_clauses(text.plain, event.start())[:-1],
        *_clauses(text.plain, first.start() if first else event.start()),
    ]
    places = [place for a, b in spans for place in _described(text.plain[a:b], shapes, context)]
    after = [m.group(0) for m in _CLAUSE.finditer(text.plain, event.end())]
    after = [place for clause in after[:6] for place in _described(clause.lstrip("了着"), shapes, context)]
    called = [place for place in places + after if shapes.noun.search(place)]
    nearest = next(iter(called or places), None)
    beside = _named_after(text.plain, event.end(), shapes)
    if nearest and beside and not has(nearest, (beside,)):
        nearest = f"{beside}{nearest}"[:_PLACE] if text.plain.find(nearest) < event.start() else nearest
    return _with_town(nearest, text.plain, context)


def _named_after(plain: str, event: int, shapes: _Shapes) -> str | None:
    """气体站爆炸了,工业园区东门: a clause after the event that is nothing but a place."""
    rest = _CLAUSE.match(plain, event)
    for clause in _CLAUSE.finditer(plain, rest.end() if rest else event):
        nouns = list(shapes.noun.finditer(clause.group(0)))
        if (
            nouns
            and nouns[-1].end() == len(clause.group(0).rstrip()) <= 14
            and re.match(rf"{_HAN}{{3}}", clause.group(0))
        ):
            return None if shapes.no_place.search(clause.group(0)) else clause.group(0).strip()
    return None


def _with_town(place: str | None, plain: str, context: Context) -> str | None:
    """The place with its town before it, where the town is said elsewhere; without a place the town."""
    towns = [form for u in context.roster.units if u.kind == "town" for form in (u.name, *u.short_names)]
    said = words_in(tuple(towns)).search(plain)
    if place is None:
        return said.group(0) if said else None
    if said is None or has(place, tuple(towns)) or said.start() > plain.find(place) >= 0:
        return place
    return f"{said.group(0)}{place}"[:_PLACE]


def _clauses(plain: str, event: int) -> list[tuple[int, int]]:
    """The stretch of the event's clause before it, then the clauses before that, then the whole."""
    cuts = [
        m.end()
        for m in re.finditer(r"[,。;!\n]|(?<!\d):|(?<=[^\s\da-zA-Z]) | (?=[^\s\da-zA-Z])", plain[:event])
    ]
    edges = [0, *cuts, event]
    spans = list(zip(edges, edges[1:], strict=False))[::-1]
    return [*spans, (0, len(plain))]


def _described(stretch: str, shapes: _Shapes, context: Context) -> list[str]:
    """The places in what stands before an event: after 在, else up to the last word a place is called by."""
    rest = shapes.intro.sub("", stretch)
    for instant in read_instants(stretch, context.reference, context.calendar):
        rest = rest.replace(instant.words, "|")
    rest = re.sub("刚[刚才]?", "", rest)
    found = (_one_place(part, shapes) for part in rest.split("|"))
    return [place for place in found if place]


def _one_place(part: str, shapes: _Shapes) -> str | None:
    at = shapes.at_place.search(part)
    rest = shapes.intro.sub("", at.group(1) if at else part)
    rest = _TOLD_BY.sub("", rest) or rest
    for cut in (shapes.place_end.search(rest), shapes.counted_people.search(rest)):
        rest = rest[: cut.start()] if cut and cut.start() <= len(rest) else rest
    nouns = list(shapes.noun.finditer(rest))
    counted = shapes.counted.search(rest) or shapes.counted_people.match(rest)
    if counted and not counted.start():
        return None
    end = nouns[-1].end() if nouns else (counted.start() if counted else len(rest))
    candidate = tidy(rest[:end])
    if (
        not 2 <= len(candidate) <= _PLACE
        or shapes.no_place.search(candidate)
        or shapes.event.search(candidate)
    ):
        return None
    return candidate if re.search(rf"{_HAN}{{2}}|[A-Z]\d", candidate) else None


def _blanks(match: re.Match[str]) -> str:
    return " " * len(match.group(0))
