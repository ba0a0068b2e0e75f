"""A stretch of a message that tells of one supervised task, out of which is taken what was understood."""

from __future__ import annotations

import re

from rules.patterns import lazy
from rules.reading.models import Context
from rules.reading.normal import Text, any_of, tidy
from rules.reading.people import PersonMention
from rules.reading.scan import Scan, blank, scan
from rules.reading.task_shapes import EDGES, shapes_of
from rules.reading.units import UnitMention, all_of
from rules.supervision import SupervisionRule

_JOINED = lazy(r" ?[、/+&和与及] ?|以及")


class Line:
    """A stretch that tells of one task: what was taken out of it, and what is left."""

    def __init__(self, text: Text, context: Context, rule: SupervisionRule) -> None:
        self.seen: Scan = scan(text, context)
        self.left = blank(text.plain, ((r.start, r.end) for r in self.seen.registers if r.sure))
        self.context, self.rule = context, rule
        self.shapes = shapes_of(context.words)
        self.found: dict[str, object] = {}

    def take(self, start: int, end: int) -> None:
        """What was understood is no part of the matter itself."""
        self.left = blank(self.left, [(start, end)])

    def take_words(self, plain: str, words: str) -> None:
        """The same, where the words stand."""
        self.take(at := plain.find(words), at + len(words))

    def keep(self, name: str, value: object) -> None:
        if value and name not in self.found:
            self.found[name] = value

    def given(self, start: int, end: int) -> str:
        return tidy(self.seen.text.given[start:end])

    def units(self) -> list[UnitMention]:
        """The units that still stand in what is left."""
        return [u for u in self.seen.units if self.left[u.start : u.end].strip()]

    def row_from(self, start: int) -> list[UnitMention]:
        """The units from a place on that stand in one row: 财政局、教育局."""
        row: list[UnitMention] = []
        for unit in self.units():
            fits = unit.start == start if not row else _JOINED.fullmatch(self.left, row[-1].end, unit.start)
            if fits:
                row.append(unit)
        return row

    def everyone_at(self, at: int) -> int:
        """How many characters there name all units of a kind: 各乡镇."""
        words = self.context.words.units
        found = re.compile(any_of(words.all_towns + words.all_bureaus)).match(self.left, at)
        return found.end() - at if found else 0

    def charge_all(self, at: int, length: int) -> None:
        """All units of a kind support it."""
        units = all_of(self.left[at : at + length], self.context.roster, self.context.words.units)
        known: tuple[str, ...] = self.found.get("units", ())  # type: ignore[assignment]
        rest = (name for name in (*known, *units) if name != self.found.get("section"))
        self.found["units"] = tuple(dict.fromkeys(rest))

    def charge(self, row: list[UnitMention], name: str) -> None:
        """The first of a row that leads is the lead unit, the others support it."""
        names = [unit.name for unit in row]
        if name == "lead" and "section" not in self.found and names:
            self.found["section"] = names.pop(0)
        known: tuple[str, ...] = self.found.get("units", ())  # type: ignore[assignment]
        rest = (*known, *(one for one in names if one != self.found.get("section")))
        if rest:
            self.found["units"] = tuple(dict.fromkeys(rest))

    def charge_person(self, person: PersonMention) -> None:
        """Somebody is charged; or asked for, where the name means several."""
        key, value = ("people", person.person) if person.person else ("choices", person.names)
        known: tuple[object, ...] = self.found.get(key, ())  # type: ignore[assignment]
        self.found[key] = (*known, value)

    def stands_alone(self, start: int, end: int) -> bool:
        """Whether a stretch of what is left has an edge on both sides."""
        before, after = self.left[start - 1 : start] or " ", self.left[end : end + 1] or " "
        return all(re.fullmatch(EDGES, one) for one in (before, after))
