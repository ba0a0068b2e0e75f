"""What stands in a stretch of text, before deciding what it means: titles, numbers, units, persons."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rules.reading.models import Context
from rules.reading.normal import Text
from rules.reading.numbers import DocumentNumber, RegisterNumber, document_numbers, register_numbers
from rules.reading.people import PersonMention, person_mentions
from rules.reading.titles import Title, titles
from rules.reading.unit_slips import Edges, UnitSlip, unit_slips
from rules.reading.units import OutsideUnit, UnitMention, outside_units, unit_mentions


class Scan(NamedTuple):
    """What stands in a text by itself: titles, numbers, units."""

    text: Text
    mask: str
    """the text with titles (as 《 》) and document numbers blanked out; as long as the text"""
    numbers: tuple[DocumentNumber, ...]
    titles: tuple[Title, ...]
    units: tuple[UnitMention, ...]
    outside: tuple[OutsideUnit, ...]
    people: tuple[PersonMention, ...]
    registers: tuple[RegisterNumber, ...]
    slips: tuple[UnitSlip, ...]

    @property
    def known(self) -> tuple[tuple[int, int], ...]:
        """The stretches that are understood for certain as units, persons, register numbers."""
        known = [(m.start, m.end) for m in self.units] + [(m.start, m.end) for m in self.registers]
        known += [(m.start, m.end) for m in self.people if m.sure]
        return (*known, *((unit.start, unit.end) for unit in self.outside if unit.above))

    def slips_at(self, edges: Edges, context: Context) -> tuple[UnitSlip, ...]:
        """Slips in units' names where they may stand less plainly than `slips` do."""
        return unit_slips(self.mask, context.roster, context.words.units, self.known, edges=edges)

    @property
    def unnumbered(self) -> str:
        """The mask with register numbers blanked out too: what is left for dates."""
        return blank(self.mask, ((r.start, r.end) for r in self.registers))


def scan(text: Text, context: Context) -> Scan:
    """Find titles, document numbers and units, each blanked out for what is read after it."""
    words = context.words
    found = titles(text, words.titles)
    mask = text.plain
    for title in found:
        mask = mask[: title.start] + "《" + " " * (title.end - title.start - 2) + "》" + mask[title.end :]
    numbers = document_numbers(mask, words.number)
    mask = blank(mask, ((n.start, n.end) for n in numbers))
    outside = outside_units(mask, words.units)
    units = unit_mentions(mask, context.roster, words.units, outside)
    people = person_mentions(mask, context.roster, words.people, units)
    registers = register_numbers(mask, words.number)
    known = [(m.start, m.end) for marks in (units, people, registers) for m in marks]
    known += [(unit.start, unit.end) for unit in outside if unit.above]
    slips = unit_slips(mask, context.roster, words.units, tuple(known))
    return Scan(text, mask, numbers, found, units, outside, people, registers, slips)


def blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with these stretches replaced by blanks."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
