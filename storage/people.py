"""Members, units, groups, leave, and the notices of holidays."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from pydantic import BaseModel
from sqlalchemy import Text, and_, bindparam, cast, func, or_, true
from sqlalchemy import select as select_columns
from sqlalchemy.orm.util import identity_key
from sqlmodel import Session, SQLModel, col, select

from rules.roster import Person, Roster, Unit
from storage import models
from storage.engine import is_embedded
from storage.models import Absence, Group, HolidayNotice, Member, Step


def office(*, session: Session) -> tuple[Roster, str]:
    """Everybody who is active and every unit, in the order in which they were given; and which years have a
    notice of holidays, and since when, as one text."""
    session.flush()
    units, staff, loaded = session.connection().execute(_written(is_embedded(session))).one()
    return _roster(units, staff), loaded


@lru_cache(maxsize=4)
def _roster(units: str, staff: str) -> Roster:
    """Built once for the same words: every turn asks for it, and reading prepares much for it."""
    return Roster(
        units=tuple(Unit.model_validate(_fields(Unit, row)) for row in json.loads(units)),
        people=tuple(Person.model_validate(_fields(Person, row)) for row in json.loads(staff)),
    )


def _fields(model: type[BaseModel], row: list[Any]) -> dict[str, Any]:
    values = dict(zip(model.model_fields, row, strict=True))
    return values | {name: json.loads(values[name]) for name in _LISTS & values.keys()}


@cache
def _written(embedded: bool) -> Any:
    """All of it in one statement, each as one text of JSON: that is sooner read and compared than rows."""
    units, staff = _listed(models.Unit, Unit, embedded), _listed(Member, Person, embedded)
    loaded: Any = HolidayNotice.__table__.c  # type: ignore[attr-defined]
    notices = select_columns(loaded.year, loaded.loaded_at).order_by(loaded.year).subquery()
    return select_columns(units, staff, _as_text(notices, embedded))


def _listed(table: type[SQLModel], model: type[BaseModel], embedded: bool) -> Any:
    """The columns of a table that a plain value has, row by row; lists among them as they are written."""
    columns: Any = table.__table__.c  # type: ignore[attr-defined]
    shown = (cast(columns[name], Text) if name in _LISTS else columns[name] for name in model.model_fields)
    kept = true() if table is models.Unit else columns.active
    rows = select_columns(*shown).where(kept).order_by(columns.position, columns.id).subquery()
    return _as_text(rows, embedded)


def _as_text(rows: Any, embedded: bool) -> Any:
    array, list_of = ("json_array", "json_group_array") if embedded else ("json_build_array", "json_agg")
    listed = cast(getattr(func, list_of)(getattr(func, array)(*rows.c)), Text)
    return select_columns(func.coalesce(listed, "[]")).scalar_subquery()


_LISTS = {"short_names", "in_charge_of", "roles"}


def member(member_id: int, *, session: Session) -> Member:
    """The member with this id, who must exist."""
    return session.get_one(Member, member_id)


def by_telegram_id(telegram_id: int, *, session: Session) -> Member | None:
    """The active member behind a Telegram account."""
    return in_hand(session.exec(_BY_TELEGRAM_ID, params={"telegram_id": telegram_id}).first(), session)


SENDER = and_(col(Member.telegram_id) == bindparam("telegram_id"), col(Member.active))
"""that somebody is the active member behind a Telegram account"""
_BY_TELEGRAM_ID = select(Member).where(SENDER)


def is_member(telegram_id: int, *, session: Session) -> bool:
    """Whether an active member is behind a Telegram account."""
    return session.connection().execute(_IS_MEMBER, {"telegram_id": telegram_id}).first() is not None


_IS_MEMBER = select_columns(col(Member.id)).where(SENDER)


def by_name(name: str, *, session: Session) -> Member | None:
    """The active member of this full name."""
    for known in session.info.get("members", {}).values():
        if known in session and known.name == name and known.active:
            session.flush()  # as a query would
            return known  # type: ignore[no-any-return]
    return in_hand(session.exec(_BY_NAME, params={"name": name}).first(), session)


def in_hand(member: Member | None, session: Session) -> Member | None:
    """A session forgets whom nobody refers to any more: who acts is needed again before the turn is over."""
    if member is not None:
        session.info.setdefault("members", {})[member.id] = member
    return member


_BY_NAME = select(Member).where(col(Member.name) == bindparam("name"), col(Member.active))


def named(names: Iterable[str], *, session: Session) -> list[Member]:
    """The active members of these full names, in the order given."""
    wanted = list(names)
    found = session.exec(select(Member).where(col(Member.name).in_(wanted), col(Member.active))).all()
    by = {one.name: one for one in found}
    return [by[name] for name in wanted if name in by]


def with_ids(ids: Iterable[int], *, session: Session) -> dict[int, Member]:
    """Members by id, active or not; those this transaction has in hand are not asked for again."""
    wanted = set(ids)
    known = ((i, session.identity_map.get(identity_key(Member, i))) for i in wanted)
    members: dict[int, Member] = {i: one for i, one in known if isinstance(one, Member)}
    if missing := wanted - members.keys():
        found = session.exec(_WITH_IDS, params={"ids": list(missing)})
        members |= {one.id: one for one in found if one.id is not None}
    return members


_WITH_IDS = select(Member).where(col(Member.id).in_(bindparam("ids", expanding=True)))


def with_role(role: str, *, unit: str | None = None, session: Session) -> list[Member]:
    """The active members with a role, of one unit if it is given."""
    rows = select(Member).where(col(Member.active)).order_by(col(Member.position), col(Member.id))
    if unit is not None:
        rows = rows.where(col(Member.unit) == unit)
    return [one for one in session.exec(rows) if role in one.roles]


def group_of_chat(chat_id: int, *, session: Session) -> Group | None:
    """The group bound to a chat."""
    return session.exec(select(Group).where(col(Group.chat_id) == chat_id)).first()


def group_heard_in(chat_id: int, *, session: Session) -> Group | None:
    """The same, also for the id that the chat had before it became a supergroup.

    What was written there may come when the program knows of the move already.
    """
    heard = or_(col(Group.chat_id) == chat_id, col(Group.was_chat_id) == chat_id)
    return session.exec(select(Group).where(heard)).first()


def group_of_unit(unit: str, *, session: Session) -> Group | None:
    """The first group bound to a unit by its own level (a section's group)."""
    return session.exec(_GROUP_OF_UNIT, params={"unit": unit}).first()


_GROUP_OF_UNIT = select(Group).where(col(Group.unit) == bindparam("unit")).order_by(col(Group.id))


def chat_of_unit(unit: str, *, session: Session) -> int | None:
    """The chat of the same."""
    session.flush()
    found: int | None = session.connection().execute(_CHAT_OF_UNIT, {"unit": unit}).scalar()
    return found


_CHAT_OF_UNIT = (
    select_columns(col(Group.chat_id)).where(col(Group.unit) == bindparam("unit")).order_by(col(Group.id))
)


class Away(NamedTuple):
    """A leave, as far as others have to do with it."""

    stand_in: str | None
    """who was named for it"""


def absence_of(member_id: int, at: datetime, *, session: Session) -> Away | None:
    """The leave a member is on at an instant."""
    session.flush()
    found = session.connection().execute(_ABSENCE_OF, {"member_id": member_id, "at": at}).first()
    return Away(*found) if found else None


_ABSENCE_OF = select_columns(col(Absence.stand_in)).where(
    col(Absence.member_id) == bindparam("member_id"),
    col(Absence.cancelled).is_(False),
    col(Absence.starts) <= bindparam("at"),
    col(Absence.ends) > bindparam("at"),
)


def away(at: datetime, *, session: Session) -> set[int]:
    """The ids of everybody who is on leave at an instant."""
    rows = select(Absence.member_id).where(
        col(Absence.cancelled).is_(False), col(Absence.starts) <= at, col(Absence.ends) > at
    )
    return set(session.exec(rows))


def absences(member_id: int, first: date, last: date, *, session: Session) -> list[Absence]:
    """A member's leaves that touch the days from `first` to `last`."""
    rows = select(Absence).where(
        col(Absence.member_id) == member_id,
        col(Absence.cancelled).is_(False),
        col(Absence.first_day) <= last,
        col(Absence.last_day) >= first,
    )
    return list(session.exec(rows))


def steps_for(member_id: int, *, session: Session) -> list[Step]:
    """The open steps that others hold in a member's stead (P1)."""
    rows = select(Step).where(col(Step.for_id) == member_id, col(Step.state) == "open")
    return list(session.exec(rows.order_by(col(Step.id))))


def everybody(*, session: Session) -> list[Member]:
    """All members, active or not, in the order in which they were given."""
    return list(session.exec(select(Member).order_by(col(Member.position), col(Member.id))))


def units(*, session: Session) -> list[models.Unit]:
    """All units, in the order in which they were given."""
    rows = select(models.Unit).order_by(col(models.Unit.position), col(models.Unit.id))
    return list(session.exec(rows))


def groups(*, session: Session) -> list[Group]:
    """The bound groups."""
    return list(session.exec(select(Group).order_by(col(Group.id))))


def notices(*, session: Session) -> list[HolidayNotice]:
    """The loaded notices of holidays, by year."""
    return list(session.exec(select(HolidayNotice).order_by(col(HolidayNotice.year))))
