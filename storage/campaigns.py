"""Targets of campaigns."""

from __future__ import annotations

from sqlmodel import Session, col, select

from storage.models import Goal


def goals(matter_id: int, *, session: Session, unit: str | None = None) -> list[Goal]:
    """The goals of a campaign, or of one unit in it, by target, in the order in which they came."""
    rows = select(Goal).where(col(Goal.matter_id) == matter_id)
    if unit is not None:
        rows = rows.where(col(Goal.unit) == unit)
    return list(session.exec(rows.order_by(col(Goal.position), col(Goal.id))))
