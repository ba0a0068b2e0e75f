"""Names in a question that nobody in the office has, though somebody has nearly the same."""

from __future__ import annotations

from typing import NamedTuple

from rules.patterns import lazy
from rules.reading.models import Context
from rules.reading.normal import read, without_mention
from rules.reading.people import PersonMention, misspelt, surname_of
from rules.reading.scan import Scan, scan
from rules.reading.unit_slips import UnitSlip

_HELD = lazy(r"(?P<name>[\u3400-\u9fff]{2,4})(?:的?(?:手上|手里|手头|桌上)|名下)")
_NOBODY = lazy("[我你您他她咱谁]|[今明昨现目当]|各位|大家|哪[个位些]|什么|几个|[局科镇乡委办室长任]$")

_ALIKE = 6
"""persons of one surname that are offered"""


class Misnamed(NamedTuple):
    """A name that is not in the office's lists, and whom it may mean."""

    typed: str
    names: tuple[str, ...]
    """full names of persons or units; empty where there is none"""


def misnamed(text: str, topic: str | None, context: Context) -> Misnamed | None:
    """The first name of a question that is nobody's; None where there is none. `topic`: its keyword."""
    seen = scan(without_mention(read(text)), context)
    known = seen.known
    slips: list[UnitSlip | PersonMention] = [
        *seen.slips_at("none", context),
        *misspelt(seen.mask, context.roster, context.words.people, seen.units),
    ]
    free = [s for s in slips if not any(a < s.end and s.start < b for a, b in known)]
    if free:
        first = min(free, key=lambda slip: slip.start)
        return Misnamed(seen.mask[first.start : first.end], first.names)
    return _unknown_holder(seen, topic, context)


def holder_named(text: str) -> bool:
    """Whether a text asks what somebody has on the desk: 王小鸣手上有什么."""
    found = _HELD.match(text.strip())
    return found is not None and not _NOBODY.search(found["name"])


def _unknown_holder(seen: Scan, topic: str | None, context: Context) -> Misnamed | None:
    """王小二手上有什么: a name where only a person's can stand; those of the same surname are near."""
    found = _HELD.match(seen.mask.strip())
    if found is None or topic is None or found["name"] != topic or seen.people or seen.units:
        return None
    surname = surname_of(topic, context.words.people)
    alike = (one.name for one in context.roster.people if one.name.startswith(surname))
    return Misnamed(topic, tuple(alike)[:_ALIKE])
