"""Reports of progress (V3)."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.models import Progress


def of_matter(matter_id: int, *, session: Session) -> list[Progress]:
    """All reports of a task, in order."""
    rows = select(Progress).where(col(Progress.matter_id) == matter_id).order_by(col(Progress.id))
    return list(session.exec(rows))


def latest(matter_id: int, *, session: Session) -> Progress | None:
    """The last report of a task."""
    return latest_of([matter_id], session=session).get(matter_id)


def latest_of(matter_ids: Collection[int], *, session: Session) -> dict[int, Progress]:
    """The last report of each of these tasks that has one."""
    last = (
        select(func.max(Progress.id))
        .where(col(Progress.matter_id).in_(list(matter_ids)))
        .group_by(col(Progress.matter_id))
    )
    found = session.exec(select(Progress).where(col(Progress.id).in_(last)))
    return {one.matter_id: one for one in found}


def percents_of(matter_ids: Collection[int], *, session: Session) -> dict[int, int]:
    """The last percentage that was given for each of these tasks."""
    last = (
        select(func.max(Progress.id))
        .where(col(Progress.matter_id).in_(list(matter_ids)), col(Progress.percent).is_not(None))
        .group_by(col(Progress.matter_id))
    )
    found = session.exec(select(Progress).where(col(Progress.id).in_(last)))
    return {one.matter_id: one.percent for one in found if one.percent is not None}
