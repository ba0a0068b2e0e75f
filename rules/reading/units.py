"""Units of the office in a text: full names, short names, abbreviations; and units outside it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rules.reading.normal import any_of, words_in
from rules.reading.words import UnitWords
from rules.roster import Roster, Unit

_HAN = r"[\u3400-\u9fff]"
_COUNTED = (
    r"(?:\d+|[一二两三四五六七八九十几数多]+)余?多?(?:户|名|位|个)?"
    r"(?:村民|群众|居民|业主|老人|职工|家长|商户|农户)"
)
"""龙潭乡17户村民: the place, not the unit"""
_ORDINAL = "[一二三四五六七八九]"
_MONTH = "[一二三四五六七八九十]{1,2}月"


class UnitMention(NamedTuple):
    """A unit of the office's list that a text names, and where."""

    name: str
    """full name"""
    start: int
    end: int


class OutsideUnit(NamedTuple):
    """A unit that is not of the office's list, as typed."""

    name: str
    start: int
    end: int
    above: bool
    """of the city, the province or the state"""


class _Index(NamedTuple):
    names: dict[str, str]
    """every form a unit is known by → full name"""
    bare: frozenset[str]
    """forms that are ordinary words too: 综合, 交通"""
    pattern: re.Pattern[str]
    outside_before: re.Pattern[str]
    county_before: re.Pattern[str]
    not_unit_after: re.Pattern[str]
    bare_before: re.Pattern[str]
    bare_after: re.Pattern[str]
    short: re.Pattern[str]
    shared: re.Pattern[str]
    """秘书一 of 秘书一、二科"""
    towns: tuple[str, ...]
    sections: tuple[str, ...]
    bureaus: tuple[str, ...]


def unit_mentions(
    plain: str, roster: Roster, words: UnitWords, outside: tuple[OutsideUnit, ...] = ()
) -> tuple[UnitMention, ...]:
    """Every unit of the office a text names, in order. A unit with 市 or 省 before it is not the county's.

    `outside` are the units of others in the text: 市政府总值班室 is not the county's 总值班室.
    """
    index = _index(roster, words)
    found: list[UnitMention] = []
    others = [(unit.start, unit.end) for unit in outside if unit.above and unit.name not in index.names]
    for match in index.pattern.finditer(plain):
        if _is_ours(plain, match, index) and not any(
            a < match.end() and match.start() < b for a, b in others
        ):
            found.append(UnitMention(index.names[match["name"]], match.start(), match.end()))
    taken = [(m.start, m.end) for m in found] + others
    for match in index.short.finditer(plain):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            name = _abbreviated(match.group(0), plain, match.start(), index)
            if name:
                found.append(UnitMention(name, match.start(), match.end()))
    found += [
        UnitMention(index.names[m["form"] + "科"], m.start(), m.end()) for m in index.shared.finditer(plain)
    ]
    return _without_house(sorted(found, key=lambda m: m.start), roster)


def all_of(plain: str, roster: Roster, words: UnitWords) -> tuple[str, ...]:
    """The units a word for all of them means: 各乡镇 → the towns, 各科室 → the sections."""
    index = _index(roster, words)
    groups = (
        (words.all_towns, index.towns),
        (words.all_sections, index.sections),
        (words.all_bureaus, index.bureaus),
    )
    return tuple(dict.fromkeys(n for said, names in groups if words_in(said).search(plain) for n in names))


def outside_units(plain: str, words: UnitWords) -> tuple[OutsideUnit, ...]:
    """Units of the city, the province, the state, and others that are named as senders are."""
    shapes = _outside_shapes(words)
    found: list[OutsideUnit] = []
    for match in shapes.unit.finditer(plain):
        start, end = match.span("unit")
        free = not found or found[-1].end <= start
        if free and shapes.opens.search(plain, max(0, start - 8), start):
            name = plain[start:end]
            if name in words.own:
                continue
            above = name.startswith(words.above) or name.startswith(words.ministries)
            found.append(OutsideUnit(name, start, end, above))
    return tuple(found)


def goes_on(words: UnitWords) -> str:
    """What follows a sender: a verb of sending, or the time its report is of (1-10月经济运行简报)."""
    figures = r"\d{1,2}[-~至]\d{1,2}月|20\d\d年|\d{1,2}月(?:份|(?!\d))"
    return rf"{any_of(words.after_sender)}|{figures}|{_MONTH}份?"


class _Outside(NamedTuple):
    unit: re.Pattern[str]
    opens: re.Pattern[str]


@lru_cache(maxsize=8)
def _outside_shapes(words: UnitWords) -> _Outside:
    tail = rf"(?=$|[\s,。;:、()《<【\[]|{goes_on(words)})"
    inner = rf"(?![的是在谁了吗把给请转有没将]){_HAN}"
    opening = rf"(?!{any_of(words.not_above)}){any_of(words.above + words.beside)}"
    known = rf"{any_of(words.ministries)}(?:办公厅|办公室)?"
    body = rf"{opening}(?:{inner}){{0,14}}?{any_of(words.outside_endings)}|{known}"
    unsaid = rf"(?<![\u3400-\u9fff])(?!{any_of(words.opens_entry)})"
    bare = rf"{unsaid}(?:(?![市省县]){inner}){{2,10}}?{any_of(words.plain_endings)}"
    return _Outside(
        re.compile(rf"(?=(?P<unit>{body}|{bare}){tail})"),
        re.compile(rf"(?:^|[^\u3400-\u9fff]|{any_of(words.opens_entry + words.verbs_before)})$"),
    )


@lru_cache(maxsize=8)
def _index(roster: Roster, words: UnitWords) -> _Index:
    names: dict[str, str] = {}
    for unit in roster.units:
        for form in forms_of(unit, words):
            names.setdefault(form, unit.name)
    for other, known in words.other_names:
        if known in names:
            names.setdefault(other, names[known])
    bare = frozenset(form for form in names if not form.endswith(words.endings))
    place = any_of(words.county_names)
    short = any_of(form for form in names if form[0] != "县")
    numbered = [form[:-1] for form in names if re.search(f"{_ORDINAL}科$", form)]
    bureaus = {unit.name for unit in roster.units if unit.kind == "bureau"}
    row = rf"{any_of(form for form in bare if names[form] in bureaus)}{{0,6}}"  # 民政文旅两家
    kinds = {kind: tuple(u.name for u in roster.units if u.kind == kind) for kind in ("town", "bureau")}
    return _Index(
        names,
        bare,
        re.compile(rf"(?:{place}(?:县|区|市)?|(?<=[^县])县(?={short}))?(?P<name>{any_of(names)})"),
        re.compile(rf"(?:{any_of(words.outside_before)})$"),
        re.compile(rf"(?:^|[^\u3400-\u9fff])(?!{any_of(words.verbs_before)}){_HAN}{{1,3}}$"),
        re.compile(rf"{any_of(words.not_unit_after)}|{_COUNTED}"),
        re.compile(rf"(?:^|[\s,。;:!?、()\[\]【】/+&《》]|{any_of(words.verbs_before)}){row}$"),
        re.compile(rf"{row}(?:$|[\s,。;!?、()\[\]【】/+&《\d]|{any_of(words.after_bare)})"),
        re.compile(rf"{_HAN}{{2,9}}?局"),
        re.compile(rf"(?P<form>{any_of(numbered)})(?=[、和与,](?:{_ORDINAL}[、和与,])*{_ORDINAL}科)"),
        kinds["town"],
        tuple(u.name for u in roster.units if u.level == "section"),
        kinds["bureau"],
    )


def forms_of(unit: Unit, words: UnitWords) -> tuple[str, ...]:
    """Every form that a unit is known by."""
    name, short_names = unit.name, unit.short_names
    plain = name.translate(str.maketrans("（）", "()"))
    forms = [plain, name, *short_names]
    forms += [
        form[1:] for form in (plain, *short_names) if form.startswith("县") and form.endswith(("局", "委"))
    ]
    forms += [stem + "委" for stem in words.committees for form in short_names if form == stem + "局"]
    return tuple(form for form in forms if form)


def _is_ours(plain: str, match: re.Match[str], index: _Index) -> bool:
    before, start, end = plain[max(0, match.start() - 8) : match.start()], match.start(), match.end()
    if index.outside_before.search(before) or index.not_unit_after.match(plain, end):
        return False
    if match["name"] in index.bare:
        return bool(index.bare_before.search(before)) and bool(index.bare_after.match(plain, end))
    return plain[start] != "县" or not index.county_before.search(before)


def _abbreviated(typed: str, plain: str, at: int, index: _Index) -> str | None:
    """The one bureau whose full name holds the typed characters in order: 卫生局, 市场监督局."""
    for start in range(len(typed) - 2):
        form = typed[start:]
        before = plain[max(0, at + start - 8) : at + start]
        if index.outside_before.search(before) or not index.bare_before.search(before):
            continue
        stem = form.removeprefix("县").removesuffix("局")
        fits = [name for name in index.bureaus if len(stem) >= 2 and _holds(name, stem)]
        if len(fits) == 1:
            return fits[0]
    return None


def _holds(name: str, stem: str) -> bool:
    letters = iter(name.removeprefix("县").removesuffix("局"))
    return all(char in letters for char in stem)


def _without_house(found: list[UnitMention], roster: Roster) -> tuple[UnitMention, ...]:
    """县府办综合科 is the section, not the office too."""
    houses = {unit.name for unit in roster.units if unit.kind == "office" and unit.level == "office"}
    starts = {mention.start: mention for mention in found}
    return tuple(
        m for m in found if not (m.name in houses and m.end in starts and starts[m.end].name not in houses)
    )
