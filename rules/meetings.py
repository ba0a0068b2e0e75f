"""Meetings as rules: caps, clashes, merging, signing in, counting (rules.md M1 to M7).

Everything that differs from office to office is data (`rules/policy/meetings.toml`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from rules.limits import parse_limit


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _span(text: str) -> str:
    limit = parse_limit(text)
    if limit.unit not in ("min", "h") or limit.before:
        raise ValueError('写作分钟或小时，如 "30min"、"2h"')
    return text


def span(text: str) -> timedelta:
    """The length of "30min" or "2h"."""
    limit = parse_limit(text)
    return timedelta(minutes=limit.amount) if limit.unit == "min" else timedelta(hours=limit.amount)


class MeetingKind(_Data):
    """A kind of meeting and its caps (M5)."""

    key: str
    name: str
    words: tuple[str, ...]
    """what its title says; none: only the kind of what says nothing else"""
    departments: int = Field(ge=1)
    pages: int = Field(ge=1)
    report_minutes: int = Field(ge=1)
    speech_minutes: int = Field(ge=1)
    days: int = Field(ge=1)


class Room(_Data):
    """A room, and how many it seats."""

    name: str
    words: tuple[str, ...] = ()
    """what else it is called"""
    seats: int = Field(ge=1)


class MergeRule(_Data):
    """When two meetings could be one (M5): within so many days, that share of people in per cent."""

    days: int = Field(ge=0)
    share: int = Field(ge=1, le=100)


class ReminderRule(_Data):
    """When who has not answered is asked again (M7)."""

    after: tuple[str, ...]
    """limits counted from the notice, in office time"""
    before: str
    """so long before the beginning, whatever the time"""

    _before = field_validator("before")(_span)

    @field_validator("after")
    @classmethod
    def _limits(cls, texts: tuple[str, ...]) -> tuple[str, ...]:
        for text in texts:
            parse_limit(text)
        return texts


class SignInRule(_Data):
    """Signing in: from when to when, counted from the beginning; how many wrong codes."""

    opens: str
    closes: str
    tries: int = Field(ge=1)

    _spans = field_validator("opens", "closes")(_span)


class CountRule(_Data):
    """Counting (M6): after how many rises in a row it is circulated."""

    circulated_after: int = Field(ge=1)


class MeetingRule(_Data):
    """What the office goes by in its meetings."""

    office: str
    minutes_masthead: str
    minutes_series: str
    hours: str
    default: str
    kinds: tuple[MeetingKind, ...] = Field(min_length=1)
    rooms: tuple[Room, ...] = ()
    holders: dict[str, str] = {}
    merge: MergeRule
    reminders: ReminderRule
    sign_in: SignInRule
    count: CountRule

    _hours = field_validator("hours")(_span)

    @model_validator(mode="after")
    def _default_is_a_kind(self) -> MeetingRule:
        if self.default not in {kind.key for kind in self.kinds}:
            raise ValueError(f"default：没有“{self.default}”这一类会议")
        return self

    def kind(self, key: str | None) -> MeetingKind:
        """The kind of this key; the usual one where there is none."""
        found = (kind for kind in self.kinds if kind.key == key)
        return next(found, None) or next(kind for kind in self.kinds if kind.key == self.default)

    def kind_said(self, text: str) -> MeetingKind:
        """The kind that words say: 全县…会议."""
        said = (kind for kind in self.kinds if any(word in text for word in kind.words))
        return next(said, None) or self.kind(None)

    def room(self, text: str) -> Room | None:
        """The room that is called so."""
        called = {name: room for room in self.rooms for name in (room.name, *room.words)}
        return called.get(text)

    def room_in(self, text: str) -> Room | None:
        """The room that is called so, or the only one whose name has these words: 二楼."""
        found = [room for room in self.rooms if text.strip() and text.strip() in room.name]
        return self.room(text.strip()) or (found[0] if len(found) == 1 else None)


# --- caps -------------------------------------------------------------------------------------------


class Plan(NamedTuple):
    """What of a meeting the caps look at; None where it was not said."""

    departments: int
    pages: int | None
    report_minutes: int | None
    speech_minutes: int | None
    days: int
    """of the calendar, begun ones too"""


class Over(NamedTuple):
    """A cap that is exceeded."""

    name: str
    said: int
    cap: int
    unit: str


def over_caps(kind: MeetingKind, plan: Plan) -> list[Over]:
    """The caps that a meeting exceeds (M5)."""
    looked = (
        Over("参会部门", plan.departments, kind.departments, "个"),
        Over("汇报材料", plan.pages or 0, kind.pages, "页"),
        Over("汇报时间", plan.report_minutes or 0, kind.report_minutes, "分钟"),
        Over("领导讲话", plan.speech_minutes or 0, kind.speech_minutes, "分钟"),
        Over("会期", plan.days, kind.days, "天"),
    )
    return [one for one in looked if one.said > one.cap]


# --- clashes and merging ----------------------------------------------------------------------------


class Slot(NamedTuple):
    """When and where a meeting is, and who is there: full names of persons and units."""

    begins: datetime
    ends: datetime
    place: str | None
    people: frozenset[str]
    units: frozenset[str]


def overlap(one: Slot, other: Slot) -> bool:
    """Whether two meetings are at the same time; one that begins when the other ends is not."""
    return one.begins < other.ends and other.begins < one.ends


def clash(one: Slot, other: Slot) -> tuple[bool, list[str]]:
    """Whether two meetings want the same room at once, and who would have to be in both."""
    if not overlap(one, other):
        return False, []
    return bool(one.place and one.place == other.place), sorted(one.people & other.people)


def could_merge(one: Slot, other: Slot, rule: MergeRule) -> bool:
    """Whether nearly the same people meet near that time (M5: such meetings are merged)."""
    if abs(one.begins - other.begins) > timedelta(days=rule.days):
        return False
    here, there = one.people | one.units, other.people | other.units
    smaller = min(len(here), len(there))
    return smaller > 0 and len(here & there) * 100 >= smaller * rule.share


# --- signing in -------------------------------------------------------------------------------------


def may_sign_in(now: datetime, begins: datetime, rule: SignInRule) -> bool:
    """Whether it is around the beginning."""
    return begins - span(rule.opens) <= now <= begins + span(rule.closes)


# --- counting ---------------------------------------------------------------------------------------


def rises(counts: Sequence[int]) -> int:
    """How many times in a row the number rose up to the last one (M6)."""
    in_a_row = 0
    for earlier, later in zip(reversed(counts[:-1]), reversed(counts[1:]), strict=True):
        if later <= earlier:
            break
        in_a_row += 1
    return in_a_row
