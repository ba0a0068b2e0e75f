"""The journal 留痕: append-only. Who, when it happened, when it was recorded, what."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert
from sqlmodel import Session, col, select

from storage.models import Entry
from storage.rows import among, keep_all


def write(
    act: str,
    *,
    now: datetime,
    session: Session,
    member_id: int | None = None,
    matter_id: int | None = None,
    step_id: int | None = None,
    happened_at: datetime | None = None,
    **facts: Any,
) -> None:
    """Add an entry; `facts` must be JSON values."""
    session.flush()  # what it is about
    entry = {
        "act": act,
        "member_id": member_id,
        "matter_id": matter_id,
        "step_id": step_id,
        "happened_at": happened_at or now,
        "recorded_at": now,
        "facts": facts,
    }
    session.connection().execute(_ENTRY, entry)


_ENTRY = insert(Entry)


class Note(NamedTuple):
    """An entry to be written with others: everything but when."""

    act: str
    matter_id: int | None
    step_id: int | None
    facts: dict[str, Any]


def write_all(notes: Sequence[Note], *, now: datetime, session: Session) -> None:
    """Add entries of what the office itself did now, in order."""
    when = {"member_id": None, "happened_at": now, "recorded_at": now}
    keep_all(Entry, [note._asdict() | when for note in notes], session=session)


def of_matter(matter_id: int, *, session: Session) -> list[Entry]:
    """Everything that happened to a matter, in the order in which it was recorded."""
    rows = select(Entry).where(col(Entry.matter_id) == matter_id).order_by(col(Entry.id))
    return list(session.exec(rows))


def of_step(step_id: int, acts: Sequence[str], *, session: Session) -> list[Entry]:
    """What of these acts happened in a step, in order."""
    return of_steps([step_id], acts, session=session)


def of_steps(step_ids: Collection[int], acts: Sequence[str], *, session: Session) -> list[Entry]:
    """The same of several steps."""
    of_these = among(Entry.step_id, step_ids, session=session)
    rows = select(Entry).where(of_these, col(Entry.act).in_(list(acts)))
    return list(session.exec(rows.order_by(col(Entry.id))))


def last_of_matter(matter_id: int, act: str, *, session: Session) -> Entry | None:
    """The latest entry of this act in a matter."""
    rows = select(Entry).where(col(Entry.matter_id) == matter_id, col(Entry.act) == act)
    return session.exec(rows.order_by(col(Entry.id).desc())).first()
