"""Supervised tasks of a period, with what decides how they are counted (V8)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from storage.models import Bulletin, Deferral, Matter, Occurrence, Progress, Step


def in_hand(procedures: Sequence[str], first: datetime, until: datetime, *, session: Session) -> list[Matter]:
    """The tasks in hand between two instants: given before the second, not over before the first."""
    rows = select(Matter).where(
        col(Matter.procedure).in_(procedures),
        col(Matter.registered_at) < until,
        col(Matter.state) != "void",
        or_(col(Matter.closed_at).is_(None), col(Matter.closed_at) >= first),
    )
    return list(session.exec(rows.order_by(col(Matter.id))))


def answered(ids: Collection[int], keys: Collection[str], *, session: Session) -> dict[int, datetime]:
    """When the unit last gave its result, by task: the end of the last signed step of these keys."""
    rows = (
        select(Step.matter_id, func.max(col(Step.ended_at)))
        .where(col(Step.matter_id).in_(ids), col(Step.key).in_(keys), col(Step.state) == "done")
        .group_by(col(Step.matter_id))
    )
    return {matter_id: at for matter_id, at in session.exec(rows) if at is not None}


def working(ids: Collection[int], keys: Collection[str], *, session: Session) -> set[int]:
    """The tasks at which the unit is at work again: a step of these keys runs."""
    rows = select(Step.matter_id).where(
        col(Step.matter_id).in_(ids), col(Step.key).in_(keys), col(Step.state) == "open"
    )
    return set(session.exec(rows))


def deferred(ids: Collection[int], *, session: Session) -> dict[int, list[Deferral]]:
    """The granted deferrals of tasks, in order."""
    rows = select(Deferral).where(col(Deferral.matter_id).in_(ids), col(Deferral.state) == "granted")
    found: dict[int, list[Deferral]] = {}
    for one in session.exec(rows.order_by(col(Deferral.id))):
        found.setdefault(one.matter_id, []).append(one)
    return found


def late_reports(
    ids: Collection[int], first: datetime, until: datetime, *, session: Session
) -> list[Occurrence]:
    """The reports of progress that were due in the period and came late or not at all."""
    due = col(Occurrence.due_at)
    rows = select(Occurrence).where(
        col(Occurrence.matter_id).in_(ids),
        due >= first,
        due < until,
        col(Occurrence.state) != "cancelled",
        or_(col(Occurrence.done_at).is_(None), col(Occurrence.done_at) > due),
    )
    return list(session.exec(rows.order_by(col(Occurrence.id))))


def percents(ids: Collection[int], *, session: Session) -> dict[int, int]:
    """Where each task stands by its last report that said so."""
    rows = select(Progress).where(col(Progress.matter_id).in_(ids), col(Progress.percent).is_not(None))
    ordered = session.exec(rows.order_by(col(Progress.id)))
    return {one.matter_id: one.percent for one in ordered if one.percent is not None}


def bulletin(bulletin_id: int, *, session: Session) -> Bulletin | None:
    """The bulletin with this id."""
    return session.get(Bulletin, bulletin_id)


def bulletin_of(name: str, *, session: Session) -> Bulletin | None:
    """The latest bulletin of a period."""
    rows = select(Bulletin).where(col(Bulletin.name) == name).order_by(col(Bulletin.id).desc())
    return session.exec(rows).first()
