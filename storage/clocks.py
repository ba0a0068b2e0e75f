"""What falls due: rows with an instant each. The cost goes with what is due, never with what is open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Session, col

from rules.ladder import Planned
from storage.models import Clock
from storage.rows import among


def plan(rings: Sequence[Planned], *, matter_id: int | None, step_id: int | None, session: Session) -> None:
    """Keep what is to ring for a step, or for a matter's own limit."""
    about = {"matter_id": matter_id, "step_id": step_id, "state": "pending", "tries": 0}
    if rings:
        session.connection().execute(_CLOCK, [ring._asdict() | about for ring in rings])


_CLOCK = insert(Clock)


def keep(
    rows: Iterable[tuple[str, int, datetime]],
    *,
    matter_id: int | None = None,
    about_id: int | None = None,
    session: Session,
) -> None:
    """Keep what falls due by itself, as kind, place, instant: of a matter, or of what else it is about."""
    about = {"matter_id": matter_id, "about_id": about_id, "state": "pending", "tries": 0}
    found = [{"kind": kind, "place": place, "at": at} | about for kind, place, at in rows]
    if found:
        session.connection().execute(_CLOCK, found)


def next_at(*, session: Session) -> datetime | None:
    """The earliest instant at which something falls due."""
    session.flush()
    found: datetime | None = session.connection().execute(_EARLIEST).scalar()
    return found


_EARLIEST: Any = select(col(Clock.at)).where(col(Clock.state) == "pending").order_by(col(Clock.at)).limit(1)


def due(*, now: datetime, limit: int, session: Session) -> list[Clock]:
    """The rows that are due, earliest first, without those that another program has in hand."""
    rows = (
        select(Clock)
        .where(col(Clock.state) == "pending", col(Clock.at) <= now)
        .order_by(col(Clock.at), col(Clock.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(session.execute(rows).scalars())


def settle(ids: Iterable[int], *, state: str, now: datetime, session: Session) -> None:
    """Note what became of rows that were due: fired, superseded, cancelled, set_aside."""
    these = among(Clock.id, list(ids), session=session)
    session.connection().execute(update(Clock).where(these).values(state=state, fired_at=now))


OF_A_LIMIT = ("remind", "due", "overdue", "rung")
"""kinds that ring for a limit; what else a matter has to wait for is not its limit's"""


def cancel(
    *,
    step_id: int | None = None,
    matter_id: int | None = None,
    whole_only: bool = False,
    kinds: Iterable[str] = (),
    session: Session,
) -> None:
    """Cancel what is pending of a step or of a matter (`whole_only`: of the matter's own limit)."""
    of_these = {"of_step": step_id, "of_matter": matter_id}
    given = {name: value for name, value in of_these.items() if value is not None}
    session.connection().execute(_stop(frozenset(given), whole_only, tuple(kinds)), given)


@cache
def _stop(given: frozenset[str], whole_only: bool, kinds: tuple[str, ...]) -> Any:
    stop = update(Clock).where(col(Clock.state) == "pending").values(state="cancelled")
    if "of_step" in given:
        stop = stop.where(col(Clock.step_id) == bindparam("of_step"))
    if "of_matter" in given:
        stop = stop.where(col(Clock.matter_id) == bindparam("of_matter"))
    if whole_only:
        stop = stop.where(col(Clock.step_id).is_(None), col(Clock.kind).in_(OF_A_LIMIT))
    return stop.where(col(Clock.kind).in_(kinds)) if kinds else stop


def of_kind(matter_id: int, kind: str, *, session: Session) -> list[Clock]:
    """What of a kind still waits for its instant in a matter, the earliest first."""
    rows = select(Clock).where(
        col(Clock.matter_id) == matter_id, col(Clock.kind) == kind, col(Clock.state) == "pending"
    )
    return list(session.execute(rows.order_by(col(Clock.at), col(Clock.id))).scalars())
