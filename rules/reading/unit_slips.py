"""Names of the office's units as fingers miss them: 财正局, 督察科, 农业农材局. Never taken, only offered.

One slip of typing (one character wrong, missing, too many, or two changed about) from a name that ends the
same way, where a unit can stand by itself. What departments are called elsewhere (林业局) is no slip, and
neither is a unit of the city or the province.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from rules.reading.normal import any_of
from rules.reading.units import forms_of
from rules.reading.words import UnitWords
from rules.roster import Roster

_ENDINGS = "局科镇乡"
_SHORTEST, _LONGEST = 3, 14
"""characters of a name that a slip may be of; of shorter ones a slip would be half of them"""


Edges = Literal["both", "before", "none"]


class UnitSlip(NamedTuple):
    """A unit whose name was mistyped, and where."""

    names: tuple[str, ...]
    """full names of all units that may be meant: ask"""
    start: int
    end: int


class _Shapes(NamedTuple):
    typed: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    place: re.Pattern[str]
    names: dict[str, str]
    elsewhere: re.Pattern[str]


def unit_slips(
    plain: str,
    roster: Roster,
    words: UnitWords,
    taken: tuple[tuple[int, int], ...],
    *,
    edges: Edges = "both",
) -> tuple[UnitSlip, ...]:
    """Every slip in a unit's name that a text holds; `taken` are the stretches that are understood.

    `edges`: on which sides it has to be seen that a unit stands by itself.
    """
    return tuple(_found(plain, _shapes(roster, words), taken, edges))


def meant_unit(typed: str, roster: Roster, words: UnitWords) -> tuple[str, ...]:
    """Full names of the units one slip away from what was typed; none where it is right, or another's."""
    return _near(typed, _shapes(roster, words))


def _found(
    plain: str, shapes: _Shapes, taken: tuple[tuple[int, int], ...], edges: Edges
) -> Iterator[UnitSlip]:
    last = 0
    for ending in re.finditer(f"[{_ENDINGS}]", plain):
        end = ending.end()
        if not shapes.after.match(plain, end) if edges == "both" else shapes.place.match(plain, end):
            continue
        for start in range(max(last, end - _LONGEST), end - _SHORTEST + 1):
            typed = plain[start:end]
            free = not any(a < end and start < b for a, b in taken)
            if not free or not (edges == "none" or shapes.before.search(plain[:start][-8:])):
                continue
            names = _near(typed, shapes)
            if names:
                yield UnitSlip(names, start, end)
                last = end
                break


def _near(typed: str, shapes: _Shapes) -> tuple[str, ...]:
    if typed in shapes.names or shapes.elsewhere.fullmatch(typed) or not shapes.typed.fullmatch(typed):
        return ()
    forms = [form for form in shapes.names if form[-1] == typed[-1]]
    from rapidfuzz import process  # here: a start compares nothing
    from rapidfuzz.distance import OSA

    near = process.extract(typed, forms, scorer=OSA.distance, score_cutoff=1, limit=None)
    return tuple(dict.fromkeys(shapes.names[form] for form, _, _ in near))


@lru_cache(maxsize=8)
def _shapes(roster: Roster, words: UnitWords) -> _Shapes:
    names = {
        form: unit.name
        for unit in reversed(roster.units)
        for form in forms_of(unit, words)
        if len(form) >= _SHORTEST and form.endswith(tuple(_ENDINGS))
    }
    above = any_of(words.above + words.ministries + words.outside_before)
    edge = r"[\s,。;:!?、()\[\]【】/+&]"
    return _Shapes(
        re.compile(rf"(?!{above})[\u3400-\u9fff]{{{_SHORTEST},{_LONGEST}}}"),
        re.compile(rf"(?:^|{edge}|{any_of(words.verbs_before)})$"),
        re.compile(rf"(?:$|{edge}|《|{any_of(words.after_bare)}|参加|参会|出席|列席|主持)"),
        re.compile(any_of(words.not_unit_after)),
        names,
        re.compile(rf"县?{any_of(words.elsewhere)}"),
    )
