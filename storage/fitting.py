"""Which matters a question means, as conditions of a query."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, and_, cast, exists, false, func, not_, or_, select
from sqlmodel import col

from storage import search
from storage.models import Matter, Member, Step

Span = tuple[datetime, datetime]
"""from the first instant to before the second"""


@dataclass(frozen=True)
class Sight:
    """Somebody who may see only the matters of these units, and those he registered himself."""

    units: tuple[str, ...]
    registrar_id: int | None = None


class Lighted(NamedTuple):
    """Supervised tasks that have a light: its place, from when on each light is (rules/supervision.py)."""

    place: int
    bounds: tuple[datetime | None, ...]
    answered: tuple[tuple[str, tuple[str, ...]], ...]
    """by procedure: the steps at which the unit has answered"""


@dataclass(frozen=True)
class Filters:
    """Which matters are meant. What is empty does not matter; `sight` None is somebody who may see all."""

    now: datetime
    sight: Sight | None
    procedures: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    """senders, or units that handle or hold"""
    holders: tuple[int, ...] = ()
    """members in whose hands a matter is; where it is over, was"""
    ever: bool = False
    """with holders: also what was in their hands before, or was registered by them"""
    state: str | None = None
    """open, overdue, due_soon, closed, waiting_signature"""
    span: Span | None = None
    """of registration; of closing for closed ones; of the limit for overdue and due_soon ones"""
    words: tuple[str, ...] = ()
    number: str | None = None
    """the sender's document number, or a register number in full"""
    told: str | None = None
    """a document number that the title, the result or the number of the answer tells of"""
    register: tuple[str, int, int] | None = None
    """series, year and number, where `number` reads as a register number"""
    matter: int | None = None
    """a short register number"""
    series: str | None = None
    """the series that it is of"""
    light: Lighted | None = None
    signing: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """by procedure: the steps that are signatures"""


def conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """What a matter must satisfy to be among those asked for."""
    found = [*_identity(filters), *_in_state(filters)]
    if filters.procedures:
        found.append(col(Matter.procedure).in_(filters.procedures))
    if filters.units:
        found.append(_concerns(filters.units, open_only=filters.state not in (None, "closed")))
    if filters.light is not None:
        found += [col(Matter.state) == "open", *_has_light(filters.light)]
    if filters.sight is not None:
        found.append(_seen(filters.sight))
    if filters.words and not any(search.grams(word) for word in filters.words):
        found.append(false())
    return found


def _identity(filters: Filters) -> list[ColumnElement[bool]]:
    """Numbers name their matters, whatever became of them; else what was taken back does not count."""
    if filters.matter is not None:
        of_series = [col(Matter.series) == filters.series] if filters.series else []
        return [col(Matter.number) == filters.matter, *of_series]
    if filters.register is not None:
        series, year, number = filters.register
        in_register = and_(
            col(Matter.series) == series, col(Matter.year) == year, col(Matter.number) == number
        )
        return [or_(in_register, col(Matter.doc_number) == filters.number)]
    if filters.number:
        return [col(Matter.doc_number) == filters.number]
    return [col(Matter.state) != "void"]


def _in_state(filters: Filters) -> list[ColumnElement[bool]]:
    match filters.state:
        case "overdue":
            return [col(Matter.state) == "open", overdue(filters)]
        case "due_soon":
            return [col(Matter.state) == "open", _due_soon(filters)]
        case "waiting_signature":
            return [col(Matter.state) == "open", _waiting(filters), *_within(Matter.registered_at, filters)]
        case "open":
            held = [_held(filters)] if filters.holders else []
            return [col(Matter.state) == "open", *held, *_within(Matter.registered_at, filters)]
        case "closed":
            return _closed(filters)
        case _:
            held = [_held(filters)] if filters.holders else []
            return [*held, *_within(Matter.registered_at, filters)]


def _has_light(lit: Lighted) -> list[ColumnElement[bool]]:
    heavier = [not_(_at_least(lit, lit.place + 1))] if lit.place + 1 < len(lit.bounds) else []
    return [*([_at_least(lit, lit.place)] if lit.place else []), *heavier]


def _at_least(lit: Lighted, place: int) -> ColumnElement[bool]:
    """A second notice has raised it so far, or its limit has, as long as the unit has not answered."""
    raised = func.coalesce(col(Matter.details)["floor"].as_integer(), 0) >= place
    steps = [and_(col(Matter.procedure) == key, col(Step.key).in_(keys)) for key, keys in lit.answered]
    answered = _step(col(Step.state) == "open", or_(false(), *steps))
    due = func.coalesce(col(Matter.due_at) <= lit.bounds[place], false())
    return or_(raised, and_(due, not_(answered)))


def _within(instant: Any, filters: Filters) -> list[ColumnElement[bool]]:
    if filters.span is None:
        return []
    first, last = filters.span
    return [col(instant) >= first, col(instant) < last]


def _closed(filters: Filters) -> list[ColumnElement[bool]]:
    found = [col(Matter.state) == "closed"]
    if filters.span is not None:  # so that the index of closed_at is used, and not that of the state
        other = ("open", "returned", "void", "transferred")
        found = [col(Matter.state).not_in(other), *_within(Matter.closed_at, filters)]
    if filters.holders:
        found.append(or_(_had(filters), col(Matter.handler_id).in_(filters.holders)))
    return found


def overdue(filters: Filters) -> ColumnElement[bool]:
    """A limit that has run out: a running step's, or the matter's own."""
    return _limit(filters, *_passed(Step.due_at, filters)) | (
        and_(*_passed(Matter.due_at, filters), *_held_too(filters))
    )


def _passed(limit: Any, filters: Filters) -> list[ColumnElement[bool]]:
    return [col(limit) <= filters.now, *_within(limit, filters)]


def _due_soon(filters: Filters) -> ColumnElement[bool]:
    """A limit still to come, within the span."""
    on_step = [col(Step.due_at) > filters.now, *_within(Step.due_at, filters)]
    on_whole = [col(Matter.due_at) > filters.now, *_within(Matter.due_at, filters)]
    return _limit(filters, *on_step) | and_(*on_whole, *_held_too(filters))


def _held_too(filters: Filters) -> list[ColumnElement[bool]]:
    return [_limit(filters)] if filters.holders else []


def _limit(filters: Filters, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    held = [col(Step.holder_id).in_(filters.holders)] if filters.holders else []
    return _step(col(Step.state) == "open", *conditions, *held)


def _waiting(filters: Filters) -> ColumnElement[bool]:
    steps = [
        and_(col(Matter.procedure) == procedure, col(Step.key).in_(keys))
        for procedure, keys in filters.signing
    ]
    return _limit(filters, or_(*steps))


def _held(filters: Filters) -> ColumnElement[bool]:
    now = _step(col(Step.state) == "open", col(Step.holder_id).in_(filters.holders))
    return or_(now, _had(filters), col(Matter.registrar_id).in_(filters.holders)) if filters.ever else now


def _had(filters: Filters) -> ColumnElement[bool]:
    return _step(or_(col(Step.holder_id).in_(filters.holders), col(Step.signed_by).in_(filters.holders)))


def _step(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(1).where(col(Step.matter_id) == col(Matter.id), *conditions))


def _concerns(units: Sequence[str], *, open_only: bool = False) -> ColumnElement[bool]:
    """Sent, handled or held by one of these units (rules/rights.py says the same of one matter)."""
    members = select(col(Member.id)).where(col(Member.unit).in_(units))
    running = [col(Step.state) == "open"] if open_only else []
    listed = [
        cast(col(Matter.units), String).contains(json.dumps(unit, ensure_ascii=False), autoescape=True)
        for unit in units
    ]
    return or_(
        col(Matter.sender).in_(units),
        col(Matter.section).in_(units),
        *listed,
        _step(col(Step.holder_id).in_(members), *running),
    )


def _seen(sight: Sight) -> ColumnElement[bool]:
    own = [] if sight.registrar_id is None else [col(Matter.registrar_id) == sight.registrar_id]
    return or_(_concerns(sight.units), *own)


def order(filters: Filters) -> list[Any]:
    """The latest first, by what the question is about."""
    if filters.state == "closed" and filters.span is not None:
        return [col(Matter.closed_at).desc(), col(Matter.id).desc()]
    if filters.state is None and filters.span is not None:
        return [col(Matter.registered_at).desc(), col(Matter.id).desc()]
    return [col(Matter.id).desc()]
