"""Questions about many matters as SQL: filters, pages, counts, averages, ranks.

Nothing is loaded but what is shown. `Filters.sight` is who may see what; it stands in every query.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    and_,
    case,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from storage import search
from storage.fitting import Filters, conditions, order, overdue
from storage.models import Matter, Step

FIRST_BLOCKS, MOST_BLOCKS = 2, 16
"""of the search index of PostgreSQL: how many are looked through first, and at most"""


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
        rows = select(col(Matter.id)).where(*conditions(filters)).order_by(*order(filters)).limit(limit)
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
        .where(fits, *conditions(filters))
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
        return rows.select_from(Matter).where(*conditions(filters))
    source, row_id, fits = search.matching(query, session=session)
    return rows.select_from(source.join(Matter, col(Matter.id) == row_id)).where(fits, *conditions(filters))


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
    late = and_(col(Matter.state) == "open", overdue(filters))
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
