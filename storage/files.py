"""Files kept with matters, or with a draft until it is confirmed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from storage.models import File, FileContent, Matter, Outbox


def of_matter(matter_id: int, *, session: Session) -> list[File]:
    """The files of a matter whose content is kept, in the order in which they came."""
    kept = col(File.id).in_(select(FileContent.file_id))
    rows = select(File).where(col(File.matter_id) == matter_id, kept)
    return list(session.exec(rows.order_by(col(File.id))))


def of_visit(visit_id: int, *, session: Session) -> list[File]:
    """The pictures of a visit, in order."""
    rows = select(File).where(col(File.visit_id) == visit_id)
    return list(session.exec(rows.order_by(col(File.id))))


def with_ids(ids: Collection[int], *, session: Session) -> list[File]:
    """The files with these ids, in order."""
    if not ids:
        return []
    return list(session.exec(select(File).where(col(File.id).in_(list(ids))).order_by(col(File.id))))


def same_content(sha256: str, *, session: Session) -> list[Matter]:
    """The matters that keep a file of this content, void ones left out, the newest first."""
    rows = (
        select(Matter)
        .join(File, col(File.matter_id) == col(Matter.id))
        .where(col(File.sha256) == sha256, col(Matter.state) != "void")
        .order_by(col(Matter.id).desc())
        .limit(5)
    )
    return list(session.exec(rows))


def give(ids: Collection[int], matter_id: int, *, session: Session) -> None:
    """Files that waited for a confirmation belong to a matter from now on."""
    waiting = update(File).where(col(File.id).in_(list(ids)), col(File.matter_id).is_(None))
    session.connection().execute(waiting.values(matter_id=matter_id))


def forget(ids: Collection[int], *, session: Session) -> int:
    """Drop files that belong to no matter or visit and wait to be sent to nobody: how many."""
    sent = select(Outbox.file_id).where(col(Outbox.file_id).is_not(None))
    alone = (col(File.matter_id).is_(None), col(File.visit_id).is_(None), col(File.id).not_in(sent))
    found = list(session.exec(select(File.id).where(col(File.id).in_(list(ids)), *alone)))
    session.connection().execute(delete(FileContent).where(col(FileContent.file_id).in_(found)))
    session.connection().execute(delete(File).where(col(File.id).in_(found)))
    return len(found)


def forget_waiting(*, before: datetime, session: Session) -> int:
    """Drop files whose draft nobody confirmed: how many."""
    rows = select(File.id).where(col(File.matter_id).is_(None), col(File.added_at) < before)
    return forget([i for i in session.exec(rows) if i is not None], session=session)
