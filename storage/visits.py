"""Visits of supervision."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.models import Visit


def of_matter(matter_id: int, *, session: Session) -> list[Visit]:
    """The visits to a task, in order."""
    rows = select(Visit).where(col(Visit.matter_id) == matter_id)
    return list(session.exec(rows.order_by(col(Visit.happened_at))))


def latest_of(member_id: int, *, since: datetime, session: Session) -> Visit | None:
    """The visit that a member recorded last, not before an instant."""
    rows = select(Visit).where(col(Visit.member_id) == member_id, col(Visit.recorded_at) >= since)
    return session.exec(rows.order_by(col(Visit.id).desc()).limit(1)).first()


def count_forms(
    start: datetime, end: datetime, units: Collection[str] | None = None, *, session: Session
) -> dict[str, int]:
    """How many visits there were in each form from `start` to before `end`; to these units, or to all."""
    within = (col(Visit.happened_at) >= start, col(Visit.happened_at) < end)
    rows = select(Visit.form, func.count()).where(*within).group_by(Visit.form)
    if units is not None:
        rows = rows.where(col(Visit.unit).in_(units))
    return dict(session.exec(rows).all())
