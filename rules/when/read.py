"""The readings the office asks for: a limit, a time gone by, a period, every expression of a text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from rules.patterns import lazy
from rules.when.instant import Instant
from rules.when.masks import NUMBERS, masked, overlaps
from rules.when.mentions import find_mentions
from rules.when.period import find_period
from rules.when.resolve import ahead, back, instant
from rules.when.sentence import find_limit, find_past_limit, says_only
from rules.when.terms import Mention, Scene
from rules.when.text import Text, regular
from rules.working_time import Calendar

_YEARS = range(1900, 2200)
"""Years a message can be written in; the reckoning of days stays far from the ends of the calendar."""

_JUST_NOW = lazy(r"刚刚|刚才|方才|适才|(?<![一-龥])刚(?=[接收发来出打])")
_AS_OF = lazy(r"截[至止]到?$")


def _scene(reference: datetime, calendar: Calendar) -> Scene | None:
    now = calendar.local(reference)
    return Scene(now, calendar) if now.year in _YEARS else None


def read_limit(text: str, reference: datetime, calendar: Calendar) -> Instant | None:
    """The limit that a phrase or a whole sentence names, later than `reference`; None where there is none."""
    scene = _scene(reference, calendar)
    return find_limit(regular(text), scene) if scene else None


def read_past_limit(text: str, reference: datetime, calendar: Calendar) -> Instant | None:
    """A limit that a text names and that is over already ("昨天前"), so that it can be said to be."""
    scene = _scene(reference, calendar)
    read = regular(text)
    return find_past_limit(read, scene) if scene and not find_limit(read, scene) else None


def read_past(text: str, reference: datetime, calendar: Calendar) -> Instant | None:
    """When something happened, not after `reference`: "20分钟前", "凌晨2点40", "刚才"."""
    scene = _scene(reference, calendar)
    return _find_past(regular(text), scene) if scene else None


def read_period(text: str, reference: datetime, calendar: Calendar) -> tuple[date, date] | None:
    """The first and last day of the stretch that is named: "本周", "上个月", "11月25日至27日", "周五下午"."""
    scene = _scene(reference, calendar)
    return find_period(regular(text), scene) if scene else None


def read_instants(text: str, reference: datetime, calendar: Calendar) -> list[Instant]:
    """Every expression of time outside document numbers, in order: the next instant it means, or the last
    where it can only be past. Whether one is a limit is not judged."""
    scene = _scene(reference, calendar)
    if not scene:
        return []
    read = regular(text)
    found = (_either(mention, read, scene) for mention in _outside_numbers(read, scene))
    return [each for each in found if each]


def answer_row(row: Mapping[str, Any], calendar: Calendar) -> dict[str, Any]:
    """The answer to a row `{"id", "text", "reference"}`: its limit; or, where the text says nothing but a
    time gone by (5天前, 2010-01-29), that one. `at` is null where nothing, or more than one, can be meant.
    """
    reference = datetime.fromisoformat(row["reference"])
    if reference.tzinfo is None:
        reference = reference.replace(tzinfo=calendar.zone)
    found = read_limit(row["text"], reference, calendar) or _past_phrase(row["text"], reference, calendar)
    answer: dict[str, Any] = {"id": row["id"], "at": None, "precision": None, "rule": None}
    if not found:
        return answer
    if found.readings:
        return {**answer, "readings": [_wall(at) for at in found.readings]}
    return {**answer, "at": _wall(found.at), "precision": found.precision, "rule": found.rule}


def _wall(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M")


def _outside_numbers(text: Text, scene: Scene) -> list[Mention]:
    stretches = masked(text.signs, NUMBERS)
    return [m for m in find_mentions(text.signs, scene) if not overlaps(m.start, m.end, stretches)]


def _either(mention: Mention, text: Text, scene: Scene) -> Instant | None:
    found = ahead(mention, scene) or back(mention, scene)
    return instant(mention, found, text, scene) if found else None


def _past_phrase(words: str, reference: datetime, calendar: Calendar) -> Instant | None:
    scene, text = _scene(reference, calendar), regular(words)
    return _find_past(text, scene) if scene and says_only(text, scene) else None


def _find_past(text: Text, scene: Scene) -> Instant | None:
    stretches = masked(text.signs)
    found: list[Instant] = []
    for mention in find_mentions(text.signs, scene):
        happened = None if overlaps(mention.start, mention.end, stretches) else back(mention, scene)
        as_of = _AS_OF.search(text.signs[: mention.start])
        distant = happened and scene.now - happened.readings[0] > timedelta(days=300) and _is_yearly(mention)
        if happened and not as_of and not distant and not (mention.tail == "by" and mention.days):
            found.append(instant(mention, happened, text, scene))
    exact = [each for each in found if each.precision == "minute"]
    return next(iter(exact), None) or next(iter(found), None) or _just_now(text, scene)


def _is_yearly(mention: Mention) -> bool:
    return mention.days is not None and len(mention.days.dates) > 8


def _just_now(text: Text, scene: Scene) -> Instant | None:
    found = _JUST_NOW.search(text.signs)
    if not found:
        return None
    words, span = text.words(*found.span()), text.span(*found.span())
    return Instant(at=scene.now, precision="minute", words=words, span=span)
