"""Supervision 督查督办: rhythm, lights, the second round, look-backs as data (rules.md V2 to V5, V10)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from rules.limits import Limit, due, parse_limit
from rules.working_time import Calendar

Rhythm = Literal["half_monthly", "monthly", "quarterly"]
RHYTHMS: dict[Rhythm, str] = {"half_monthly": "每半月", "monthly": "每月", "quarterly": "每季度"}


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _limit(text: str) -> str:
    try:
        parse_limit(text)
    except ValueError:
        raise ValueError('写作 "3wd"、"5d"，到期前加负号如 "-3wd"') from None
    return text


class Light(_Table):
    """A light 灯: from when on a task has it. The first has no threshold: it is that of every task."""

    key: str
    name: str
    sign: str
    words: tuple[str, ...]
    """what people call it: 红灯, 红牌"""
    since: str | None = None
    """"-5wd": from five working days before the limit; "due": from the limit; "5wd": after it"""

    @field_validator("since")
    @classmethod
    def _threshold(cls, text: str | None) -> str | None:
        return text if text in ("due", None) else _limit(text)


class SecondRound(_Table):
    """The second round 二次督办 (V5)."""

    returned: int = Field(ge=1, le=9)
    """how often a result was sent back"""
    overdue: str
    """how long the limit is over"""
    limit: str
    """the limit for putting it right 限期整改"""
    tells: tuple[str, ...] = Field(min_length=1)
    """who is told: the first of them in the second round, the next in the third"""

    _limits = field_validator("overdue", "limit")(_limit)


class LookBack(_Table):
    """Looking back 回访 on closed tasks (V4)."""

    share: int = Field(ge=0, le=100)
    """how many of a hundred"""
    after: str
    limit: str
    """within what time the answer is expected"""

    _limits = field_validator("after", "limit")(_limit)


class VisitForm(_Table):
    """A form of supervision 督查方式 (V6)."""

    key: str
    name: str
    words: tuple[str, ...] = Field(min_length=1)
    """what people call it; the longest that fits tells the form"""
    on_the_spot: bool = False
    """whether it counts for the share of visits on the spot"""


class BulletinRule(_Table):
    """The monthly bulletin 督查通报 (V8)."""

    masthead: str
    series: str
    """the number series of its issues"""
    signer: str
    """the post that signs it out"""
    to: tuple[str, ...]
    copies: tuple[str, ...]
    best: int = Field(ge=0, le=50)
    """how many units at most are named as the best"""
    best_from: int = Field(ge=0, le=100)
    """from which rate of completion on (of a hundred)"""
    limit: str
    """by when what is overdue is to be done; stands for {limit} in `asks`"""
    asks: tuple[str, ...]
    sign: str
    """by when it is signed, from when it is handed in"""
    ladder: str
    """what rings for that"""

    _limits = field_validator("limit", "sign")(_limit)


class SupervisionRule(_Table):
    """supervision.toml."""

    section: str
    """which section supervises, by its full or a short name"""
    procedure: str
    """the procedure of a task that names no other"""
    rhythm: Rhythm
    fields: tuple[str, ...]
    """fields 领域 that tasks stand in, known by name in a line; others may be written after 领域"""
    sources: tuple[str, ...]
    """what tasks come from, known by name in a line"""
    lights: tuple[Light, ...] = Field(min_length=2)
    hand_over: str
    """how long an old liaison may take to confirm that another follows him (P3)"""
    second: SecondRound
    look_back: LookBack
    bulletin: BulletinRule
    forms: tuple[VisitForm, ...] = Field(min_length=1)

    _hand_over = field_validator("hand_over")(_limit)

    @model_validator(mode="after")
    def _first_light(self) -> SupervisionRule:
        if self.lights[0].since is not None or any(one.since is None for one in self.lights[1:]):
            raise ValueError("lights：第一种灯不写 since，其余都要写，由轻到重")
        return self


class Lit(NamedTuple):
    """What decides a task's light."""

    due_at: datetime | None
    answered: bool
    """whether the unit has fed back: time no longer counts against it"""
    floor: int
    """the place of the light that it has at least: raised by a second notice"""


def bounds(rule: SupervisionRule, now: datetime, calendar: Calendar) -> list[datetime | None]:
    """For each light: tasks whose limit is at or before this instant have it; None for the first."""
    return [_bound(one.since, now, calendar) for one in rule.lights]


def _bound(since: str | None, now: datetime, calendar: Calendar) -> datetime | None:
    if since is None or since == "due":
        return now if since else None
    limit = parse_limit(since)
    return due(
        Limit(amount=limit.amount, unit=limit.unit, before=not limit.before), now, calendar, "office"
    ).at


def light(task: Lit, limits: Sequence[datetime | None]) -> int:
    """The place of a task's light among the lights; `limits` as `bounds` gives them."""
    passed = 0
    if task.due_at is not None and not task.answered:
        over = [i for i, bound in enumerate(limits) if bound is not None and task.due_at <= bound]
        passed = max(over, default=0)
    return min(max(passed, task.floor), len(limits) - 1)


def is_looked_back_on(register_no: str, share: int) -> bool:
    """Whether a closed task is among those looked back on: fixed by its number, not by chance."""
    digest = hashlib.sha256(register_no.encode()).digest()
    return int.from_bytes(digest[:4]) % 100 < share
