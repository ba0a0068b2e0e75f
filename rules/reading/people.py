"""Persons of the office in a text: full names, surname and post, given names, familiar forms, slips.

A form that fits one person is that person; one that fits several is all of them, to be asked about. A slip
of typing is asked about even where it fits only one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rules.reading.normal import any_of
from rules.reading.slips import Sounds, may_be_names
from rules.reading.units import UnitMention
from rules.reading.words import PeopleWords
from rules.roster import Person, Roster


class PersonMention(NamedTuple):
    """A person whom a text names, and where."""

    names: tuple[str, ...]
    """full names of all who fit; more than one: ask"""
    start: int
    end: int
    sure: bool = True
    """False for a slip of typing: ask, even where it fits only one"""

    @property
    def person(self) -> str | None:
        """The full name of the one person that is meant for certain."""
        return self.names[0] if self.sure and len(self.names) == 1 else None


class _Index(NamedTuple):
    full: re.Pattern[str]
    posted: re.Pattern[str]
    placed: re.Pattern[str]
    alone: re.Pattern[str]
    familiar: re.Pattern[str]
    given: re.Pattern[str]
    surnames: dict[str, tuple[Person, ...]]
    given_names: dict[str, tuple[Person, ...]]
    sounds: Sounds
    before: re.Pattern[str]
    charging: re.Pattern[str]
    after: re.Pattern[str]
    not_after: re.Pattern[str]


def person_mentions(
    plain: str, roster: Roster, words: PeopleWords, units: tuple[UnitMention, ...] = ()
) -> tuple[PersonMention, ...]:
    """Everyone a text names, in order. `units` are those of the text: one beside a person settles which."""
    index = _index(roster, words)
    found: list[PersonMention] = []
    for reader in (_full_names, _posts, _familiar_forms, _given_names, _slips):
        for mention in reader(plain, roster, words, index, units):
            if mention.names and not any(m.start < mention.end and mention.start < m.end for m in found):
                found.append(mention)
    return tuple(sorted(found, key=lambda m: m.start))


def misspelt(
    plain: str, roster: Roster, words: PeopleWords, units: tuple[UnitMention, ...]
) -> list[PersonMention]:
    """Every slip in a full name, whether somebody is charged there or only spoken of."""
    found = _slips(plain, roster, words, _index(roster, words), units, charged=True)
    return [one for one in found if one.end - one.start > 2]


def surname_of(name: str, words: PeopleWords) -> str:
    """The surname: two characters where it is a known double one."""
    return name[:2] if name[:2] in words.double_surnames and len(name) > 2 else name[:1]


@lru_cache(maxsize=8)
def _index(roster: Roster, words: PeopleWords) -> _Index:
    surnames: dict[str, tuple[Person, ...]] = {}
    given: dict[str, tuple[Person, ...]] = {}
    for person in roster.people:
        surname = surname_of(person.name, words)
        surnames[surname] = (*surnames.get(surname, ()), person)
        if len(person.name) - len(surname) == 2:
            rest = person.name[len(surname) :]
            given[rest] = (*given.get(rest, ()), person)
    surname, posts = any_of(surnames), any_of(p for p, _ in words.posts)
    elders = any_of(words.elders)
    return _Index(
        re.compile(any_of(p.name for p in roster.people)),
        re.compile(
            rf"(?P<surname>{surname})(?P<vice>副)?(?P<post>{posts})(?!{any_of(words.not_post_after)})"
        ),
        re.compile(rf"的?(?P<vice>副)?(?P<post>{posts})(?!{any_of(words.not_post_after)})"),
        re.compile(rf"(?P<post>{any_of(words.sole_posts)})(?!{any_of(words.not_post_after)})"),
        re.compile(rf"(?:[小老](?P<a>{surname})(?!{elders})|(?P<b>{surname}){elders})(?:同志)?"),
        re.compile(any_of(given)),
        surnames,
        given,
        Sounds(
            words.sounds,
            (p.name for p in roster.people),
            {form: tuple(p.name for p in people) for form, people in given.items()},
        ),
        re.compile(rf"(?:^|[\s,。;:!?、()\[\]【】/+&@]|{any_of(words.before_name)})$"),
        re.compile(rf"{any_of(words.before_slip)}[: ]*$"),
        re.compile(rf"(?:$|[\s,。;:!?、()\[\]【】/+&]|{any_of(words.after_name)})"),
        re.compile(any_of(words.not_name_after)),
    )


def _full_names(
    plain: str, _r: Roster, _w: PeopleWords, index: _Index, _u: tuple[UnitMention, ...]
) -> list[PersonMention]:
    return [
        PersonMention((match.group(0),), match.start(), match.end())
        for match in index.full.finditer(plain)
        if not index.not_after.match(plain, match.end())
    ]


def _slips(
    plain: str,
    _r: Roster,
    _w: PeopleWords,
    index: _Index,
    units: tuple[UnitMention, ...],
    *,
    charged: bool = False,
) -> list[PersonMention]:
    """孟小棠, 李文波 where a name can stand; 李文搏, 李博文 where somebody is charged, or `charged` is."""
    found = []
    within = {at for unit in units for at in range(unit.start, unit.end)}
    for start, lengths in may_be_names(plain):
        if start in within or not _may_begin(plain, start, index, units):
            continue
        told = charged or _is_charged(plain, start, index, units)
        for length in lengths:
            typed, end = plain[start : start + length], start + length
            if not index.after.match(plain, end) or any(u.start < end and start < u.end for u in units):
                continue
            names = index.sounds.alike(typed) if length > 2 or told else ()
            names = names or (index.sounds.near(typed) if told else ())
            if names:
                found.append(PersonMention(names, start, end, sure=False))
                break
    return found


def _is_charged(plain: str, start: int, index: _Index, units: tuple[UnitMention, ...]) -> bool:
    """转…, 交给…, or right after a unit: 综合科李文搏."""
    return any(u.end == start for u in units) or bool(index.charging.search(plain, max(0, start - 8), start))


def _posts(
    plain: str, roster: Roster, words: PeopleWords, index: _Index, units: tuple[UnitMention, ...]
) -> list[PersonMention]:
    """王科长, 许副主任, 周常务; 综合科科长; 县长 alone."""
    found = []
    for match in index.posted.finditer(plain):
        people = _holding(index.surnames[match["surname"]], match["vice"], match["post"], words)
        names = _of_unit(people, match.start(), match.end(), units, plain)
        found.append(PersonMention(names, match.start(), match.end()))
    for unit in units:
        post = index.placed.match(plain, unit.end)
        if post:
            people = _holding(roster.members_of(unit.name), post["vice"], post["post"], words)
            found.append(PersonMention(tuple(p.name for p in people), unit.end, post.end()))
    for match in index.alone.finditer(plain):
        if index.before.search(plain, max(0, match.start() - 8), match.start()):
            people = tuple(p for p in roster.people if p.post == match["post"])
            if len(people) == 1:
                found.append(PersonMention((people[0].name,), match.start(), match.end()))
    return found


def _holding(
    people: tuple[Person, ...], vice: str | None, said: str, words: PeopleWords
) -> tuple[Person, ...]:
    """Those whose post is the one said; a deputy is called by the post without 副 where no other fits."""
    post = ("副" if vice else "") + dict(words.posts)[said]
    exact = tuple(p for p in people if p.post == post)
    return exact or tuple(p for p in people if p.post.endswith(post))


def _familiar_forms(
    plain: str, _r: Roster, words: PeopleWords, index: _Index, units: tuple[UnitMention, ...]
) -> list[PersonMention]:
    """小王, 老张, 罗姐: not for leaders, who are called by their posts."""
    found = []
    for match in index.familiar.finditer(plain):
        if not _stands_alone(plain, match.start(), match.end(), index, units):
            continue
        people = tuple(p for p in index.surnames[match["a"] or match["b"]] if "leader" not in p.roles)
        found.append(
            PersonMention(
                _of_unit(people, match.start(), match.end(), units, plain), match.start(), match.end()
            )
        )
    return found


def _given_names(
    plain: str, _r: Roster, words: PeopleWords, index: _Index, units: tuple[UnitMention, ...]
) -> list[PersonMention]:
    found = []
    for match in index.given.finditer(plain):
        post = index.placed.match(plain, match.end())  # 志远科长
        if _stands_alone(plain, match.start(), post.end() if post else match.end(), index, units):
            names = _of_unit(index.given_names[match.group(0)], match.start(), match.end(), units, plain)
            found.append(PersonMention(names, match.start(), match.end()))
    return found


def _stands_alone(plain: str, start: int, end: int, index: _Index, units: tuple[UnitMention, ...]) -> bool:
    """Whether a name can stand here: after 给, a unit or a blank, before 办, 和 or a blank."""
    return _may_begin(plain, start, index, units) and bool(index.after.match(plain, end))


def _may_begin(plain: str, start: int, index: _Index, units: tuple[UnitMention, ...]) -> bool:
    if index.before.search(plain, max(0, start - 8), start):
        return True
    return any(u.end == start or plain[u.end : start] == "的" for u in units)


def _of_unit(
    people: tuple[Person, ...], start: int, end: int, units: tuple[UnitMention, ...], plain: str
) -> tuple[str, ...]:
    """Only those of the unit written beside the person, where one is; else of a unit the text names."""
    beside = {u.name for u in units if plain[u.end : start].strip("的、 ()") == "" and u.end <= start}
    beside |= {
        u.name
        for u in units
        if u.start >= end and plain[end : u.start].strip("( ") == "" and u.start - end <= 1
    }
    near = tuple(p.name for p in people if p.unit in beside)
    named = tuple(p.name for p in people if p.unit in {u.name for u in units})
    if near:
        return near
    return named if len(named) == 1 else tuple(p.name for p in people)
