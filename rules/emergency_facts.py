"""What the words of a report already say: of its elements, of how grave it is, of what is sensitive (E1, E2).

Only what a clause plainly says is taken, in its own words; what is left is asked for. Nothing is judged:
a level is suggested, never set.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field, field_validator

from rules.patterns import lazy
from rules.reading.numbers import figure

_BREAK = lazy(r"[，；。！？;!?\s]+|(?<!\d),|,(?!\d)|、(?=已|正|仍|另)")
_APART = lazy(r"(?<=\d)\s+(?=[名人])")
_UNSURE = lazy(r"不明|不详|不清|未知|核实|待查")
_FILLING = lazy(r"^(?:截至目前|目前|现在|现场|据报|据了解|已?(?:造成|导致|致使|致))+")
_NUMBER = r"(?:\d[\d,]*|[一二两三四五六七八九十百千几数多]+)"
_ABOUT = r"(?:约|近|超过?|至少|另有|仍有|尚有|有)?(?<!第)"
_COUNT = rf"{_ABOUT}{_NUMBER}[余多几]?(?:名|人(?!民)|位|个(?!小时|月))"
_NONE = r"[暂尚]?(?:无|未|没有)"
_NEAR = 15
"""characters between a count and what happened to those counted"""
_CAUSED = lazy(r"(?:造成|导致|致使|致)(?!电|函|歉|辞)")


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Clue(_Data):
    """Words by which a clause says an element; one that begins with ^ must stand at its beginning."""

    element: str
    words: tuple[str, ...] = Field(min_length=1)
    needs: tuple[str, ...] = ()
    """one of these must stand in the clause too"""
    unless: tuple[str, ...] = ()
    """words that, standing before, make it something else: 已救出2名被困人员 is a measure"""
    counted: bool = False
    """said of so many people: taken from the count on, and from the clause that says the event, too"""


class Harm(_Data):
    """From how much on a level is suggested: people, and 万元. None: not by this."""

    dead: int | None = Field(default=None, ge=1)
    injured: int | None = Field(default=None, ge=1)
    """seriously 重伤"""
    loss: int | None = Field(default=None, ge=1)
    """direct, in 万元"""


class Season(_Data):
    """A sensitive time: a stretch of every year ("03-03") or of one ("2026-03-03"), and what it is called."""

    name: str
    first: str
    last: str

    @field_validator("first", "last")
    @classmethod
    def _day(cls, text: str) -> str:
        date.fromisoformat(text if len(text) > 5 else f"2024-{text}")
        return text

    def has(self, day: date) -> bool:
        """Whether a day lies in it; a stretch like 12-30 to 01-03 goes over the year's end."""
        if len(self.first) > 5:
            return self.first <= day.isoformat() <= self.last
        at = f"{day:%m-%d}"
        if self.first <= self.last:
            return self.first <= at <= self.last
        return at >= self.first or at <= self.last


class Sensitive(_Data):
    """What makes an emergency one to be reported whatever its level."""

    places: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    """words that speak of a sensitive time"""
    seasons: tuple[Season, ...] = ()


class Suffered(NamedTuple):
    """What was counted: people, and 万元."""

    dead: int
    injured: int
    loss: float


def told(clues: Sequence[Clue], text: str, place: str | None = None, *, opens: bool = True) -> dict[str, str]:
    """What the words of a report say of its elements, each in its own words; clauses of one are joined.

    石桥镇滑坡，2人失联，已关阀、已疏散120人 → casualties 2人失联, measures 已关阀，已疏散120人.
    `opens`: the words begin with the event itself, which is no element of these.
    """
    found: dict[str, list[str]] = {}
    for _, element, said in _facts(clues, text, place, opens=opens):
        if element:
            found.setdefault(element, []).append(said)
    return {element: "，".join(said) for element, said in found.items()}


def _facts(
    clues: Sequence[Clue], text: str, place: str | None, *, opens: bool = True
) -> Iterator[tuple[str, str, str]]:
    """Each clause with the element it speaks of and what it says; without element what says the event."""
    clauses = [part for part in _BREAK.split(_APART.sub("", text)) if part]
    event = next((i for i, part in enumerate(clauses) if place and place in part), 0) if opens else -1
    for number, clause in enumerate(clauses):
        found = None if _UNSURE.search(clause) else _fact(clues, clause, states_event=number <= event)
        yield clause, *(found or ("", ""))


def _fact(clues: Sequence[Clue], clause: str, *, states_event: bool) -> tuple[str, str] | None:
    for clue in clues:
        if states_event and not clue.counted:
            continue
        if clue.needs and not any(word in clause for word in clue.needs):
            continue
        plain = _FILLING.sub("", clause) if not clue.counted else clause
        said = _counted(clue, plain) if clue.counted else plain if _has(clue, plain) else None
        if said:
            return clue.element, said
    return None


def _has(clue: Clue, clause: str) -> bool:
    return any(clause.startswith(word[1:]) if word[0] == "^" else word in clause for word in clue.words)


def _counted(clue: Clue, clause: str) -> str | None:
    """From the count, or from what says that there are none, to the end of the clause."""
    words = "|".join(map(re.escape, clue.words))
    shapes = (
        rf"{_NONE}.{{0,6}}?(?:{words})",
        rf"{_COUNT}(?:(?!{_COUNT}).){{0,{_NEAR}}}?(?:{words})",
        rf"{_NUMBER}[死伤]",
        rf"[压砸淹烧炸撞摔]?(?:{words})[者人员]*(?:约|近|达|为|增至)?{_NUMBER}",
        rf"(?:有人|人员|多人).{{0,4}}(?:{words})",
    )
    caused = _CAUSED.search(clause)
    head, said = (clause[: caused.start()], clause[caused.end() :]) if caused else ("", clause)
    found = [match for shape in shapes if (match := re.search(shape, said))]
    if not found:
        return None
    start = min(match.start() for match in found)
    before = head + said[:start]
    return None if any(word in before for word in clue.unless) else said[start:]


# --- how grave, and whether sensitive ---------------------------------------------------------------


def suffered(casualties: str, loss: str = "") -> Suffered:
    """Count the dead, the seriously injured and the loss in what is known of them."""
    sums = [
        float(found[1]) * {"亿": 10_000, "万": 1, "": 0.0001}[found[2]]
        for found in re.finditer(r"([\d.]+)余?(亿|万|)元", loss.replace(",", ""))
        if found[1].replace(".", "", 1).isdigit()
    ]
    dead = _people(casualties, "死亡|遇难|身亡|罹难|死(?!亡)")
    return Suffered(dead, _people(casualties, "重伤|危重"), max(sums, default=0.0))


def _people(text: str, words: str) -> int:
    number = r"(\d+|[一二两三四五六七八九十百千]+)"
    before = re.findall(rf"{number}余?多?[名人位个]{{0,2}}[^，、；。\d]{{0,6}}?(?:{words})", text)
    after = re.findall(rf"(?:{words})[者人员数]*(?:达|为|约)?{number}余?[名人位]", text)
    return sum(figure(one) or 0 for one in before) or sum(figure(one) or 0 for one in after)


def reaches(harm: Harm, count: Suffered) -> tuple[str, ...]:
    """By what a count reaches a level's harm: ("死亡3人",); nothing where it does not."""
    by = (
        (harm.dead, count.dead, f"死亡{count.dead}人"),
        (harm.injured, count.injured, f"重伤{count.injured}人"),
        (harm.loss, count.loss, f"直接经济损失{count.loss:g}万元"),
    )
    return tuple(words for limit, reached, words in by if limit is not None and reached >= limit)


def sensitive(
    rule: Sensitive, clues: Sequence[Clue], text: str, known: Mapping[str, str], day: date
) -> tuple[str, ...]:
    """Why it is to be reported whatever its level: ("敏感地点：小学", "敏感时段：国庆").

    A place counts where the event is said, not where the injured were brought to.
    """
    place = known.get("place", "")
    event = "，".join([place, *(clause for clause, element, _ in _facts(clues, text, place) if not element)])
    whole = "，".join([text, *known.values()])
    seasons = [one.name for one in rule.seasons if one.has(day)]
    found = {
        "敏感地点": [word for word in rule.places if word in event],
        "敏感人员": [word for word in rule.people if word in whole],
        "敏感时段": list(dict.fromkeys([*seasons, *(word for word in rule.times if word in whole)])),
    }
    return tuple(f"{what}：{'、'.join(words)}" for what, words in found.items() if words)
