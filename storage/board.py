"""How open matters stand, in groups, and the next limits: what the board shows. Counted in the index.

Both queries read the indexes of what is open (`matter_board`, `matter_next`) and never a closed matter.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Table, and_, case, func, literal_column, or_, select
from sqlmodel import Session

from storage.models import Matter, Occurrence, Step
from storage.occurrences import OPEN

_M: Table = Matter.__table__  # type: ignore[attr-defined]
_O: Table = Occurrence.__table__  # type: ignore[attr-defined]
_S: Table = Step.__table__  # type: ignore[attr-defined]
# as a literal: an index of part of a table is used only where the query says that part in the same words
_OPEN: ColumnElement[bool] = literal_column("matter.state") == literal_column("'open'")


class Scope(NamedTuple):
    """What of the open matters is counted; `units` and `field` None is all of them."""

    procedures: tuple[str, ...]
    units: tuple[str, ...] | None = None
    """lead units 牵头单位, by full name"""
    field: str | None = None


class Counted(NamedTuple):
    """A group of open matters: how many in all, with a limit that is over, with one before `soon`."""

    unit: str | None
    field: str | None
    open: int
    overdue: int
    soon: int


class Next(NamedTuple):
    """A matter whose limit is among the next."""

    id: int
    procedure: str
    register_no: str
    title: str
    unit: str | None
    due_at: datetime


def groups(scope: Scope, now: datetime, soon: datetime, *, session: Session) -> list[Counted]:
    """The open matters of a scope by unit and field."""
    due = _M.c.due_at
    over, near = case((due <= now, 1), else_=0), case(((due > now) & (due <= soon), 1), else_=0)
    grouped = (_M.c.section, _M.c.field)
    counts = (func.count(), func.coalesce(func.sum(over), 0), func.coalesce(func.sum(near), 0))
    rows = select(*grouped, *counts).where(*_conditions(scope)).group_by(*grouped)
    return [Counted(*row) for row in session.connection().execute(rows)]


def next_limits(scope: Scope, now: datetime, *, limit: int, session: Session) -> list[Next]:
    """The open matters of a scope whose limits come next, the nearest first."""
    columns: Sequence[Any] = (
        _M.c.id,
        _M.c.procedure,
        _M.c.register_no,
        _M.c.title,
        _M.c.section,
        _M.c.due_at,
    )
    rows = select(*columns).where(*_conditions(scope), _M.c.due_at > now)
    found = session.connection().execute(rows.order_by(_M.c.due_at, _M.c.id).limit(limit))
    return [Next(*row) for row in found]


class Owed(NamedTuple):
    """Reports of progress that are asked of a unit and not given: how many, how many past their limit."""

    unit: str | None
    asked: int
    late: int


Hands = Mapping[str, Collection[str]]
"""procedure → the steps in which a task is in its unit's hands"""


def owed_reports(
    scope: Scope, duties: Sequence[str], hands: Hands, now: datetime, *, session: Session
) -> list[Owed]:
    """The reports that tasks of a scope owe now, by unit."""
    late = func.coalesce(func.sum(case((_O.c.due_at <= now, 1), else_=0)), 0)
    with_unit = or_(*(and_(_M.c.procedure == one, _S.c.key.in_(keys)) for one, keys in hands.items()))
    in_hand = select(_S.c.id).where(_S.c.matter_id == _M.c.id, _S.c.state == "open", with_unit).exists()
    rows = (
        select(_M.c.section, func.count(), late)
        .select_from(_O.join(_M, _M.c.id == _O.c.matter_id))
        .where(_O.c.state.in_(OPEN), _O.c.asks_at <= now, _O.c.duty.in_(duties), *_conditions(scope), in_hand)
        .group_by(_M.c.section)
    )
    return [Owed(*row) for row in session.connection().execute(rows)]


def _conditions(scope: Scope) -> list[ColumnElement[bool]]:
    conditions = [_OPEN, _M.c.procedure.in_(scope.procedures)]
    if scope.units is not None:
        conditions.append(_M.c.section.in_(scope.units))
    if scope.field is not None:
        conditions.append(_M.c.field == scope.field)
    return conditions
