"""What fell due: claims the clocks whose instant has come, asks the rules what to do now, writes it.

The cost goes with what is due, never with what is open. A row that raises is set aside after some tries
and reported; it never stops the others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import col

from office import (
    duty_watch,
    emergency_shift,
    instruct,
    liaisons,
    personnel,
    recurring_work,
    ring,
    rounds,
    stand_in,
)
from office.desk import Desk
from office.meetings import day, handed_on
from office.supervision import bulletin_clock, campaign, look_back, second
from storage import clocks
from storage.models import Clock

BATCH = 500
TRIES = 3

log = logging.getLogger("duban.tick")


def next_at(desk: Desk) -> datetime | None:
    """The earliest instant at which something falls due."""
    instants = (clocks.next_at(session=desk.session), rounds.next_at(desk))
    return min((at for at in instants if at is not None), default=None)


def tick(desk: Desk) -> int:
    """Do what is due now, up to a batch; how many rows were settled. Call again until it is 0."""
    rows = clocks.due(now=desk.now, limit=BATCH, session=desk.session)
    rings = [row for row in rows if row.kind in ring.KINDS]
    if rings and not _ring_together(desk, rings):
        for cause in ring.causes(rings):
            _settle(desk, cause)
    for row in rows:
        if row.kind not in ring.KINDS:
            _settle(desk, [row])
    return len(rows) + rounds.run_due(desk)


def _ring_together(desk: Desk, rows: list[Clock]) -> bool:
    """Ring all of them in one savepoint; False where something in them raised, and nothing rang."""
    try:
        with desk.session.begin_nested():
            ring.ring(desk, rows)
    except Exception as error:
        log.warning("clocks are rung one by one", extra={"error": type(error).__name__})
        return False
    return True


def _settle(desk: Desk, rows: list[Clock]) -> None:
    """Ring one cause's rows, in a savepoint of its own."""
    ids = [row.id for row in rows if row.id is not None]
    try:
        with desk.session.begin_nested():
            _fire(desk, rows)
    except Exception as error:
        log.exception("clock failed", extra={"clock": ids[0]})
        _count_try(desk, ids, type(error).__name__)


def _fire(desk: Desk, rows: list[Clock]) -> None:
    if rows[0].kind in ring.KINDS:
        ring.ring(desk, rows)
        return
    row = rows[0]
    assert row.id is not None
    _ALONE[row.kind](desk, row)
    clocks.settle([row.id], state="fired", now=desk.now, session=desk.session)


def _absence_begins(desk: Desk, row: Clock) -> None:
    assert row.about_id is not None
    stand_in.begin(desk, row.about_id)


def _absence_ends(desk: Desk, row: Clock) -> None:
    assert row.about_id is not None
    stand_in.end(desk, row.about_id)


_ALONE: dict[str, Callable[[Desk, Clock], None]] = {
    "absence": _absence_begins,
    "absence_end": _absence_ends,
    **personnel.CLOCKS,
    **duty_watch.CLOCKS,
    **emergency_shift.CLOCKS,
    **instruct.CLOCKS,
    **recurring_work.CLOCKS,
    **liaisons.CLOCKS,
    **campaign.CLOCKS,
    **bulletin_clock.CLOCKS,
    **day.CLOCKS,
    **handed_on.CLOCKS,
    second.OVERDUE: second.fell_due,
    look_back.ASKED: look_back.fell_due,
    look_back.LATE: look_back.fell_due,
}
"""what else can fall due, one line a kind"""


def _count_try(desk: Desk, ids: list[int], error: str) -> None:
    count = (
        update(Clock)
        .where(col(Clock.id).in_(ids))
        .values(tries=Clock.tries + 1, error=error, at=desk.now + timedelta(minutes=1))
    )
    desk.session.connection().execute(count)
    aside = update(Clock).where(col(Clock.id).in_(ids), col(Clock.tries) >= TRIES).values(state="set_aside")
    if desk.session.connection().execute(aside).rowcount:
        ring.report_set_aside(desk, ids, error)
