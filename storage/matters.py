"""Matters and their steps; the number series."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, or_, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from storage.engine import insert_for, is_embedded
from storage.models import Card, Deferral, Matter, Member, Series, Step
from storage.rows import among, among_given


def next_number(series: str, year: int, *, session: Session) -> int:
    """The next number of a series in a year: no gap, no duplicate. Given back if the caller rolls back."""
    first = {"series": series, "year": year, "last": 1}
    return int(session.connection().execute(_advance(is_embedded(session)), first).scalar_one())


@cache
def _advance(embedded: bool) -> Any:
    more = {"index_elements": ["series", "year"], "set_": {"last": Series.last + 1}}
    return insert_for(Series, embedded).on_conflict_do_update(**more).returning(col(Series.last))


def matter(matter_id: int, *, session: Session) -> Matter:
    """The matter with this id, which must exist."""
    return session.get_one(Matter, matter_id)


def with_ids(ids: Sequence[int], *, session: Session) -> list[Matter]:
    """The matters with these ids, in this order."""
    rows = select(Matter).where(among(Matter.id, ids, session=session))
    found = {one.id: one for one in session.exec(rows)}
    return [found[i] for i in ids if i in found]


def step(step_id: int, *, session: Session) -> Step | None:
    """The step with this id."""
    return session.get(Step, step_id)


def step_and_matter(step_id: int, *, session: Session) -> tuple[Step, Matter] | None:
    """The same with its matter."""
    return session.exec(_STEP_AND_MATTER, params={"step_id": step_id}).first()


_STEP_AND_MATTER = (
    select(Step, Matter)
    .join(Matter, col(Matter.id) == col(Step.matter_id))
    .where(col(Step.id) == bindparam("step_id"))
)


def open_steps(matter_id: int, *, session: Session) -> list[Step]:
    """The steps of a matter that run now."""
    return list(session.exec(_OPEN_STEPS, params={"matter_id": matter_id}))


_OPEN_STEPS = (
    select(Step)
    .where(col(Step.matter_id) == bindparam("matter_id"), col(Step.state) == "open")
    .order_by(col(Step.position), col(Step.id))
)


def steps_of(matter_ids: Collection[int], *, open_only: bool, session: Session) -> dict[int, list[Step]]:
    """The steps of several matters, by matter, in their order."""
    rows = select(Step).where(among(Step.matter_id, matter_ids, session=session))
    if open_only:
        rows = rows.where(col(Step.state) == "open")
    found: dict[int, list[Step]] = {matter_id: [] for matter_id in matter_ids}
    for one in session.exec(rows.order_by(col(Step.position), col(Step.id))):
        found[one.matter_id].append(one)
    return found


def steps(matter_id: int, *, session: Session) -> list[Step]:
    """All steps of a matter in the order in which they began."""
    rows = select(Step).where(col(Step.matter_id) == matter_id)
    return list(session.exec(rows.order_by(col(Step.began_at), col(Step.id))))


def last_step(matter_id: int, key: str, *, session: Session) -> Step | None:
    """The latest run of a step."""
    rows = select(Step).where(col(Step.matter_id) == matter_id, col(Step.key) == key)
    return session.exec(rows.order_by(col(Step.id).desc())).first()


def held_by(member_id: int, *, session: Session) -> list[tuple[Step, Matter]]:
    """The open steps a member holds, earliest limit first."""
    rows = (
        select(Step, Matter)
        .join(Matter, col(Matter.id) == col(Step.matter_id))
        .where(col(Step.holder_id) == member_id, col(Step.state) == "open", col(Matter.state) == "open")
        .order_by(col(Step.due_at), col(Step.id))
    )
    return [(one, of) for one, of in session.exec(rows)]


def held_in(unit: str, *, but_not_by: int, session: Session) -> list[tuple[Step, Matter]]:
    """The open steps that members of a unit hold, one of them left out; earliest limit first."""
    others = select(Member.id).where(col(Member.unit) == unit, col(Member.id) != but_not_by)
    rows = (
        select(Step, Matter)
        .join(Matter, col(Matter.id) == col(Step.matter_id))
        .where(col(Step.holder_id).in_(others), col(Step.state) == "open", col(Matter.state) == "open")
        .order_by(col(Step.due_at), col(Step.id))
    )
    return [(one, of) for one, of in session.exec(rows)]


def with_number(number: int, *, states: Sequence[str] = ("open",), session: Session) -> list[Matter]:
    """The matters that carry this register number, the newest first."""
    rows = select(Matter).where(col(Matter.number) == number)
    if states:
        rows = rows.where(col(Matter.state).in_(list(states)))
    return list(session.exec(rows.order_by(col(Matter.registered_at).desc()).limit(20)))


def called(register_no: str, *, session: Session) -> Matter | None:
    """The matter of this whole register number: 督〔2026〕8号."""
    found = re.search(r"〔\d{4}〕(\d{1,9})号$", register_no)
    number = int(found[1]) if found else 0
    rows = select(Matter).where(col(Matter.number) == number, col(Matter.register_no) == register_no)
    return session.exec(rows).first()


def last_registered_by(member_id: int, *, session: Session) -> Matter | None:
    """The matter that a member registered last."""
    rows = select(Matter).where(col(Matter.registrar_id) == member_id)
    return session.exec(rows.order_by(col(Matter.id).desc()).limit(1)).first()


def with_doc_number(doc_number: str, *, session: Session) -> list[Matter]:
    """The matters registered under a sender's document number (key for duplicates), void ones left out."""
    session.flush()
    found = session.connection().execute(_WITH_DOC_NUMBER, {"doc_number": doc_number}).scalars().all()
    return with_ids(found, session=session) if found else []


_WITH_DOC_NUMBER: Any = (
    select(Matter.id)
    .where(col(Matter.doc_number) == bindparam("doc_number"), col(Matter.state) != "void")
    .order_by(col(Matter.id).desc())
    .limit(10)
)


def with_title(title: str, *, section: str | None, session: Session) -> list[Matter]:
    """The open matters of a unit with exactly this title."""
    rows = select(Matter).where(
        col(Matter.section) == section, col(Matter.title) == title, col(Matter.state) == "open"
    )
    return list(session.exec(rows.order_by(col(Matter.id).desc()).limit(10)))


def children(matter_id: int, *, session: Session) -> list[Matter]:
    """The matters that are parts of this one, or came out of it, in order."""
    rows = select(Matter).where(col(Matter.parent_id) == matter_id).order_by(col(Matter.id))
    return list(session.exec(rows))


def deferral_waiting(step_id: int, *, session: Session) -> Deferral | None:
    """The deferral of a step that waits for its answer."""
    rows = select(Deferral).where(col(Deferral.step_id) == step_id, col(Deferral.state) == "asked")
    return session.exec(rows).first()


def deferrals(matter_id: int, *, session: Session) -> list[Deferral]:
    """All deferrals of a matter."""
    rows = select(Deferral).where(col(Deferral.matter_id) == matter_id).order_by(col(Deferral.id))
    return list(session.exec(rows))


def standing_cards(
    matter_id: int, *, kinds: Sequence[str] = (), step_id: int | None = None, session: Session
) -> list[Card]:
    """The cards of a matter that are still kept up to date."""
    about = {"matter_id": matter_id} | ({} if step_id is None else {"step_id": step_id})
    return list(session.exec(_standing_cards(tuple(kinds), step_id is not None), params=about))


@cache
def _standing_cards(kinds: tuple[str, ...], of_step: bool) -> Any:
    rows = select(Card).where(col(Card.matter_id) == bindparam("matter_id"), col(Card.standing))
    if kinds:
        rows = rows.where(col(Card.kind).in_(kinds))
    if of_step:
        rows = rows.where(col(Card.step_id) == bindparam("step_id"))
    return rows.order_by(col(Card.id))


class Standing(NamedTuple):
    """A card that is still kept up to date, only looked at."""

    id: int
    chat_id: int
    message_id: int | None
    member_id: int | None
    kind: str
    matter_id: int
    step_id: int | None


def standing_of(matter_ids: Collection[int], *, session: Session) -> dict[int, list[Standing]]:
    """The cards of several matters that are still kept up to date, by matter."""
    found: dict[int, list[Standing]] = {matter_id: [] for matter_id in matter_ids}
    session.flush()
    rows = _standing_of(is_embedded(session))
    for row in session.connection().execute(rows, {"matter_ids": list(matter_ids)}):
        found[row.matter_id].append(Standing(*row))
    return found


@cache
def _standing_of(embedded: bool) -> Any:
    columns = [Card.__table__.c[name] for name in Standing._fields]  # type: ignore[attr-defined]
    of_these = among_given(Card.matter_id, "matter_ids", embedded=embedded)
    return select_columns(*columns).where(of_these, col(Card.standing)).order_by(col(Card.id))


def let_stand_no_more(card_ids: Collection[int], *, session: Session) -> None:
    """Cards that something newer stands for."""
    these = among(Card.id, card_ids, session=session)
    session.connection().execute(update(Card).where(these).values(standing=False))


def between(first: datetime, last: datetime, *, session: Session) -> list[Matter]:
    """The matters registered in [first, last)."""
    rows = select(Matter).where(col(Matter.registered_at) >= first, col(Matter.registered_at) < last)
    return list(session.exec(rows.order_by(col(Matter.id))))


def with_open_limits(*, session: Session) -> list[Matter]:
    """Open matters any of whose limits is provisional."""
    provisional = select(Step.matter_id).where(col(Step.provisional), col(Step.state) == "open")
    rows = select(Matter).where(
        col(Matter.state) == "open", or_(col(Matter.provisional), col(Matter.id).in_(provisional))
    )
    return list(session.exec(rows))
