"""The search index made anew, of all matters at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select, text
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from storage.copying import copy
from storage.models import MATTER_GRAMS_POSTGRESQL, Matter, Member, Step
from storage.search import entries, is_postgresql, written

AT_A_TIME = 1_000
_INSERT = text("INSERT INTO matter_grams(rowid, grams) VALUES (:rowid, :grams)")


def fill(session: Session) -> Iterator[int]:
    """Put all matters into the index, which must be empty; after some of them, how many they were."""
    postgresql = is_postgresql(session)
    members = {one.id or 0: one for one in session.exec(select_rows(Member))}
    if postgresql:  # made at the end, it takes a fraction of the time
        session.connection().execute(text("DROP INDEX matter_grams_gin"))
    page = select_rows(Matter).order_by(col(Matter.id)).limit(AT_A_TIME)
    last = 0
    while matters := session.exec(page.where(col(Matter.id) > last)).all():
        last = matters[-1].id or 0
        _insert(_rows(matters, members, session), session)
        session.expunge_all()
        yield len(matters)
    if postgresql:
        session.connection().execute(text(MATTER_GRAMS_POSTGRESQL[1]))


def _rows(matters: Sequence[Matter], members: Mapping[int, Member], session: Session) -> list[dict[str, Any]]:
    ids, postgresql = [one.id or 0 for one in matters], is_postgresql(session)
    holders = _holders(ids, members, session)
    words = [entries(one, members[one.registrar_id], holders[one.id or 0]) for one in matters]
    return [{"rowid": n, "grams": written(w, tsvector=postgresql)} for n, w in zip(ids, words, strict=True)]


def _holders(ids: Sequence[int], members: Mapping[int, Member], session: Session) -> dict[int, list[Member]]:
    """Everybody who holds or has held each matter."""
    rows = select(Step.matter_id, Step.holder_id).where(col(Step.matter_id).in_(ids)).distinct()  # type: ignore[call-overload]
    found: dict[int, list[Member]] = {one: [] for one in ids}
    for matter_id, holder_id in session.connection().execute(rows.order_by(col(Step.holder_id))):
        found[matter_id].append(members[holder_id])
    return found


def _insert(rows: list[dict[str, Any]], session: Session) -> None:
    connection = session.connection()
    if is_postgresql(session):
        copy(connection, "matter_grams", ("rowid", "grams"), ((row["rowid"], row["grams"]) for row in rows))
    else:
        connection.execute(_INSERT, rows)
