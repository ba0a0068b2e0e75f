"""Emergencies as rules: levels, elements, and which of them are still missing (rules.md E1 to E5).

Everything that differs from city to city is data (`rules/policy/emergency.toml`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from rules.emergency_facts import Clue, Harm, Sensitive, reaches, suffered
from rules.limits import parse_limit
from rules.patterns import lazy

_CLAUSE = 6
_CLOCK = lazy(
    r"(?:刚才|刚刚|今[天日晨早晚]|昨[天日晚夜])?(?:凌晨|清晨|早上|上午|中午|下午|傍晚|晚上|夜里)?"
    r"(?:\d{1,2}(?:[:：]\d{2}|[点时](?:\d{1,2}分?|半)?)(?:左右|许|前后)?)?"
)
_EARTH = 6_371_000.0
"""metres"""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _span(text: str) -> str:
    limit = parse_limit(text)
    if limit.unit not in ("min", "h") or limit.before:
        raise ValueError('写作分钟或小时，如 "30min"、"4h"')
    return text


class Level(_Data):
    """A level 级别 of an emergency, and what follows from it."""

    key: str
    """Ⅰ"""
    name: str
    """特别重大"""
    words: tuple[str, ...]
    """what people type for it"""
    rhythm: str
    """a further report at least every so often"""
    tell: tuple[str, ...] = ()
    """posts that are told at once when an emergency gets this level"""
    ladders: dict[str, str] = {}
    """ladders in place of a step's own, by step"""
    harm: Harm = Harm()
    """from what on it is suggested"""

    _rhythm = field_validator("rhythm")(_span)


class Element(_Data):
    """An element 要素 of a report: what is asked, and what people call it."""

    key: str
    name: str
    question: str
    kind: Literal["text", "category", "time"] = "text"
    words: tuple[str, ...] = ()
    """other names for it, in corrections"""
    quick: tuple[str, ...] = ()
    """answers to be pressed"""

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.words)


class Nearby(_Data):
    """What makes two reports look like one event."""

    within: str
    likeness: int = Field(ge=1, le=100)
    """of places, in hundredths"""
    metres: int = Field(ge=1)

    _within = field_validator("within")(_span)


class PaperRule(_Data):
    """The office's form of its reports."""

    masthead: str
    series: str
    """its issue numbers 第N期"""
    office: str
    to: tuple[str, ...]
    """报"""
    copies: tuple[str, ...]
    """送"""
    phone: str = ""


class EmergencyRule(_Data):
    """How the office deals with emergencies."""

    categories: tuple[str, ...]
    unknown: str
    """what stands for what nobody knows yet: 正在核实"""
    none: tuple[str, ...]
    """answers that mean the same"""
    levels: tuple[Level, ...] = Field(min_length=1)
    rhythm: str
    """of an emergency that has no level yet"""
    elements: tuple[Element, ...] = Field(min_length=1)
    final: tuple[Element, ...] = Field(min_length=1)
    """the parts of a final report"""
    clues: tuple[Clue, ...] = ()
    """how the first words already say an element; the first that fits a clause decides"""
    sensitive: Sensitive = Sensitive()
    nearby: Nearby
    chase: tuple[str, ...]
    """when somebody who has not confirmed an instruction is told again, counted from it"""
    attach_within: str
    """how long after a report pictures, places and recordings of the same person belong to it"""
    paper: PaperRule

    _spans = field_validator("rhythm", "attach_within")(_span)

    @model_validator(mode="after")
    def _clues_fit(self) -> Self:
        strange = {clue.element for clue in self.clues} - {one.key for one in self.elements}
        if strange:
            raise ValueError(f"clues 里有不认识的要素：{'、'.join(sorted(strange))}")
        return self

    @field_validator("chase")
    @classmethod
    def _chase(cls, points: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_span(point) for point in points)

    def level(self, key: str | None) -> Level | None:
        """The level of this key."""
        return next((level for level in self.levels if level.key == key), None)

    def level_said(self, said: str) -> Level | None:
        """The level that somebody typed: 二级, Ⅱ级, 重大. The longest word decides: 特别重大 is not 重大."""
        plain = _plain(said)
        found = [
            (len(_plain(word)), level)
            for level in self.levels
            for word in (level.key, level.name, *level.words)
            if _plain(word) in plain
        ]
        return max(found, key=lambda one: one[0])[1] if found else None

    def suggested(self, casualties: str, loss: str, current: str | None) -> tuple[Level, str] | None:
        """The level that the harm known suggests, and by what; None where the current one is as grave."""
        count = suffered(casualties, loss)
        for level in self.levels:
            if level.key == current:
                return None
            if by := reaches(level.harm, count):
                return level, "、".join(by)
        return None

    def rhythm_of(self, key: str | None) -> str:
        """How often a further report is due at a level."""
        level = self.level(key)
        return level.rhythm if level else self.rhythm

    def element(self, key: str) -> Element:
        """The element, of a report or of a final report, of this key; KeyError where there is none."""
        for one in (*self.elements, *self.final):
            if one.key == key:
                return one
        raise KeyError(key)

    def is_unknown(self, said: str) -> bool:
        """Whether an answer says that it is not known yet."""
        return said.strip(" 。，,！!") in (self.unknown, *self.none)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(" ", "").lower()


def missing(elements: Iterable[Element], known: Mapping[str, Any]) -> tuple[Element, ...]:
    """The elements of which nothing was said yet, in the order in which they are asked for."""
    return tuple(one for one in elements if not known.get(one.key))


def looks_like(
    rule: Nearby,
    place: str | None,
    other: str | None,
    point: tuple[float, float] | None = None,
    other_point: tuple[float, float] | None = None,
) -> bool:
    """Whether two reports tell of one event: places near each other, or called alike."""
    if point and other_point:
        return metres(point, other_point) <= rule.metres
    if not place or not other:
        return False
    from rapidfuzz import fuzz  # here: a start compares nothing

    return fuzz.partial_ratio(place, other) >= rule.likeness


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The distance of two places, given as (latitude, longitude) in degrees."""
    lat1, lon1, lat2, lon2 = map(radians, (*one, *other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH * asin(sqrt(half))


def span(text: str) -> timedelta:
    """A length of time as the policy writes it: "30min", "4h"."""
    limit = parse_limit(text)
    return timedelta(minutes=limit.amount) if limit.unit == "min" else timedelta(hours=limit.amount)


def opening_of(text: str, limit: int) -> str:
    """The first sentence of a report, as its title until somebody writes a better one."""
    line = " ".join(text.split())
    for stop in "。；;！!":
        line = line.split(stop)[0]
    return line if len(line) <= limit else line[: limit - 1] + "…"


def event_of(said: str, place: str | None) -> str:
    """What happened, without where and when it is said: 石桥镇东河村凌晨发生山体滑坡，2人失联 → 山体滑坡.

    Without 发生 the first clause stays, its place by the full name: 凌晨2点镇化工厂起火 → 柳溪镇化工厂起火.
    """
    clauses = re.split(r"[，,、；;。]", said.rstrip("…"))
    first = next((clause.strip() for clause in clauses if len(clause.strip()) >= _CLAUSE), said)
    if place and "发生" in first:
        return re.sub(r"^了?(?:一起)?", "", first.split("发生", 1)[1]) or first
    plain = _CLOCK.sub("", first)
    return _with_place(plain if len(plain) > 1 else first, place)


def _with_place(event: str, place: str | None) -> str:
    """An event that names its place in part, with the whole of it."""
    if place and place not in event:
        for start in range(1, len(place) - 2):
            if place[start:] in event:
                return event.replace(place[start:], place, 1)
    return event
