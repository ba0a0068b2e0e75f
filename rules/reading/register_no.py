"""A register number that opens a text: 督〔2026〕8号, 督8号, 8号件, #8, 会[2026]3号, 访 三号."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from rules.reading.normal import read
from rules.reading.numbers import CHINESE, figure

_OWN = ("督", "专")
"""series that are no ordinary words before a number"""


class RegisterNo(NamedTuple):
    """A register number as it was said, and what follows it."""

    series: str | None
    year: int | None
    number: int
    rest: str


def read_register_no(text: str, series: Collection[str]) -> RegisterNo | None:
    """The register number that a text begins with; None where it begins with none.

    `series`: the series that there are. A bare number without 号 or 件 counts where a blank, a comma or the
    end follows it.
    """
    names = "|".join(map(re.escape, sorted(series, key=len, reverse=True)))
    found = re.match(
        rf"\s*[#]?\s*(?P<series>{names})?\s*(?:[〔\[【(](?P<year>\d{{4}})年?[〕\]】)])?\s*第?\s*"
        rf"(?P<number>\d{{1,5}}|{CHINESE}{{1,6}})\s*(?P<unit>号件?|件)?(?![\d-])",
        read(text).plain,
    )
    if found is None:
        return None
    rest = text[found.end() :]
    number = figure(found["number"])
    after = text[found.end("number") :]
    # 督8现场…: nothing else is called so; 会3点, 访5家 may be something else
    named = found["series"] in _OWN and not re.match(r"[月日年点时]", after)
    sure = found["unit"] or named or not after or after[0] in " \t\n，,：:。"
    if number is None or not sure or (not found["number"].isdigit() and not found["unit"]):
        return None
    year = int(found["year"]) if found["year"] else None
    return RegisterNo(found["series"], year, number, rest.strip(" \t\n，,：:。"))
