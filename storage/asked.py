"""Questions about many matters as SQL: filters, pages, counts, averages, ranks.

Nothing is loaded but what is shown. `Filters.sight` is who may see what; it stands in every query.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from storage import search
from storage.models import Matter, Member, Step

Span = tuple[datetime, datetime]
"""from the first instant to before the second"""


FIRST_BLOCKS, MOST_BLOCKS = 2, 16
"""of the search index of PostgreSQL: how many are looked through first, and at most"""


@dataclass(frozen=True)
class Sight:
    """Somebody who may see only the matters of these units, and those he registered himself."""

    units: tuple[str, ...]
    registrar_id: int | None = None


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
    signing: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """by procedure: the steps that are signatures"""


class Averages(NamedTuple):
    """Of a kind of matter, a unit or a step: how many, and how long on average, in seconds."""

    key: tuple[str, ...]
    matters: int
    seconds: float


class Standing(NamedTuple):
    """A unit's matters: how many there are, were closed, were closed within the limit, are overdue now."""

    unit: str
    given: int
    closed: int
    on_time: int
    due: int
    """how many had a limit that is over: closed ones, and those overdue now"""
    overdue: int


def newest(filters: Filters, *, limit: int, session: Session) -> list[int]:
    """Ids of the matters that fit, the newest first, at most `limit`."""
    query = _index_query(filters, session)
    if not query:
        rows = select(col(Matter.id)).where(*_conditions(filters)).order_by(*_order(filters)).limit(limit)
        return [i for i in session.connection().execute(rows).scalars() if i is not None]
    if search.is_postgresql(session) and not filters.told:
        found = _in_steps(filters, query, limit, session)
        if len(found) == limit:
            return found
    return _matching(filters, query, limit, session)


def _in_steps(filters: Filters, query: str, limit: int, session: Session) -> list[int]:
    """The newest matters that fit, if there are enough among the newest; PostgreSQL's index knows no order.

    What is written often is found among the newest matters without the index; less often, in the last
    blocks; then in as many blocks as should hold enough. What is rarer may be looked for in all.
    """
    found = _matching(filters, query, limit, session, recent_only=True)
    blocks = search.blocks(session)
    enough = FIRST_BLOCKS
    while len(found) < limit and enough <= min(MOST_BLOCKS, len(blocks) // 2):
        within = _index_query(filters, session, blocks[:enough])
        found = _matching(filters, within, limit, session)
        hoped_for = 3 * limit * enough // (2 * len(found)) + 1 if found else MOST_BLOCKS + 1
        enough = max(hoped_for, enough + 1)
    return found


def _matching(
    filters: Filters, query: str, limit: int, session: Session, *, recent_only: bool = False
) -> list[int]:
    source, row_id, fits = search.matching(query, recent_only=recent_only, session=session)
    rows = (
        select(col(Matter.id))
        .select_from(source.join(Matter, col(Matter.id) == row_id))
        .where(fits, *_conditions(filters))
        .order_by(source.c.rowid.desc())
        .limit(limit)
    )
    return [i for i in session.connection().execute(rows).scalars() if i is not None]


def count(filters: Filters, *, session: Session) -> int:
    """How many matters fit, exactly."""
    counted = _of_all(filters, select(func.count(col(Matter.id))), session)
    return int(session.connection().execute(counted).scalar_one())


def _of_all(filters: Filters, rows: Select[Any], session: Session) -> Select[Any]:
    """A query over all matters that fit."""
    query = _index_query(filters, session)
    if not query:
        return rows.select_from(Matter).where(*_conditions(filters))
    source, row_id, fits = search.matching(query, session=session)
    return rows.select_from(source.join(Matter, col(Matter.id) == row_id)).where(fits, *_conditions(filters))


def average_times(filters: Filters, by: str, *, session: Session) -> list[Averages]:
    """How long matters that were closed took, from receipt, by procedure or by section (D16)."""
    key = col(Matter.procedure) if by == "procedure" else col(Matter.section)
    took = _seconds(col(Matter.received_at), col(Matter.closed_at), session)
    rows = _of_all(replace(filters, state="closed"), select(key, func.count(), func.avg(took)), session)
    found = session.connection().execute(rows.where(key.is_not(None)).group_by(key))
    return [Averages((name,), number, float(seconds)) for name, number, seconds in found]


def step_times(filters: Filters, *, session: Session) -> list[Averages]:
    """How long each step of matters that were closed took, by procedure and step (D16)."""
    step = aliased(Step)  # the conditions ask for steps of their own
    took = _seconds(col(step.began_at), col(step.ended_at), session)
    keys = (col(Matter.procedure), col(step.key), func.min(col(step.position)))
    rows = _of_all(replace(filters, state="closed"), select(*keys, func.count(), func.avg(took)), session)
    rows = rows.join(step, and_(col(step.matter_id) == col(Matter.id), col(step.state) == "done"))
    found = sorted((row[0], row[2], *row) for row in session.connection().execute(rows.group_by(*keys[:2])))
    return [Averages((kind, key), number, float(took)) for _, _, kind, key, _, number, took in found]


def standings(filters: Filters, by: str, *, session: Session) -> list[Standing]:
    """Matters counted by their responsible unit, or by their sender (`by`: section, sender)."""
    unit = col(Matter.section) if by == "section" else col(Matter.sender)
    closed, limit = col(Matter.state) == "closed", col(Matter.due_at)
    in_time = and_(closed, or_(limit.is_(None), col(Matter.closed_at) <= limit))
    late = and_(col(Matter.state) == "open", _overdue(filters))
    counts = [_counted(one) for one in (closed, in_time, or_(closed, late), late)]
    counted: Any = select(unit, func.count(), *counts)
    rows = _of_all(filters, counted, session)
    found = session.connection().execute(rows.where(unit.is_not(None)).group_by(unit))
    return [Standing(*row) for row in found]


def _counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _seconds(first: Any, last: Any, session: Session) -> ColumnElement[float]:
    if search.is_postgresql(session):
        return cast(func.extract("epoch", last - first), Float)
    return (func.julianday(last) - func.julianday(first)) * 86_400.0


# --- what fits --------------------------------------------------------------------------------------


def _index_query(filters: Filters, session: Session, blocks: Sequence[str] = ()) -> str:
    """What the search index is asked; the conditions say the rest, and what is seen again, exactly.

    Without words it is asked only for units, and only where nothing else leads to few matters: those that
    are open and those of a period have an index of their own.
    """
    leads = filters.span is not None or filters.state not in (None, "closed")
    if filters.number or filters.matter is not None or (leads and not (filters.words or filters.told)):
        return ""
    seen: list[str] = []
    if filters.sight is not None:
        seen = [search.of_unit(unit) for unit in filters.sight.units]
        if filters.sight.registrar_id is not None:
            seen.append(search.of_registrar(filters.sight.registrar_id))
    units = [search.of_unit(unit) for unit in filters.units]
    told = [search.of_number(filters.told)] if filters.told else []
    return search.query_for(
        filters.words, units, seen, told, blocks, postgresql=search.is_postgresql(session)
    )


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    found = [*_identity(filters), *_in_state(filters)]
    if filters.procedures:
        found.append(col(Matter.procedure).in_(filters.procedures))
    if filters.units:
        found.append(_concerns(filters.units, open_only=filters.state not in (None, "closed")))
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
            return [col(Matter.state) == "open", _overdue(filters)]
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


def _within(instant: Any, filters: Filters) -> list[ColumnElement[bool]]:
    if filters.span is None:
        return []
    first, last = filters.span
    return [col(instant) >= first, col(instant) < last]


def _closed(filters: Filters) -> list[ColumnElement[bool]]:
    found = [col(Matter.state) == "closed"]
    if filters.span is not None:  # so that the index of closed_at is used, and not that of the state
        found = [col(Matter.state).not_in(("open", "returned", "void")), *_within(Matter.closed_at, filters)]
    if filters.holders:
        found.append(or_(_had(filters), col(Matter.handler_id).in_(filters.holders)))
    return found


def _overdue(filters: Filters) -> ColumnElement[bool]:
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


def _order(filters: Filters) -> list[Any]:
    if filters.state == "closed" and filters.span is not None:
        return [col(Matter.closed_at).desc(), col(Matter.id).desc()]
    if filters.state is None and filters.span is not None:
        return [col(Matter.registered_at).desc(), col(Matter.id).desc()]
    return [col(Matter.id).desc()]
