"""Groups: each bound to a unit and a level by an administrator, which decides what may be said there (P4)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update
from sqlmodel import col

from office import personnel
from office.desk import Desk, Refused
from office.roster_sheets import LEVELS, UnitIndex, nearest
from rules import rights
from rules.roster import Unit
from storage import journal, people
from storage.models import Card, Draft, Group, Matter, Member, Outbox


def bind(desk: Desk, chat_id: int, title: str, unit: str, level: str | None, *, by: Member) -> Group:
    """Bind a group to a unit (full or short name), at its level unless one is named. Again: changes it."""
    personnel.check_right(desk, by, "bind_groups")
    index = UnitIndex((one.name, one.short_names) for one in desk.roster.units)
    name = index.find(unit)
    if name is None:
        raise Refused("group_no_unit", unit=unit, hint=index.hint(unit))
    level = level or desk.roster.unit_by_name[name].level
    if level not in LEVELS:
        raise Refused("group_no_level", level=level, hint=nearest(level, LEVELS))
    group = people.group_of_chat(chat_id, session=desk.session) or Group(
        chat_id=chat_id, name=title, unit=name, level=level
    )
    group.name, group.unit, group.level, group.bound_by = title, name, level, by.id
    desk.session.add(group)
    _note(desk, "group_bound", group, by)
    return group


def unbind(desk: Desk, chat_id: int, *, by: Member) -> str:
    """Take a group's binding away: its name."""
    personnel.check_right(desk, by, "bind_groups")
    group = people.group_of_chat(chat_id, session=desk.session)
    if group is None:
        raise Refused("group_not_bound")
    _drop(desk, group, "group_unbound", by)
    return group.name


def removed(desk: Desk, chat_id: int, by: Member | None = None) -> bool:
    """The bot was taken out of a group: whether it was bound."""
    group = people.group_of_chat(chat_id, session=desk.session)
    if group is None:
        return False
    _drop(desk, group, "group_left", by)
    return True


def migrated(desk: Desk, old: int, new: int) -> bool:
    """A group has become a supergroup with another id: its binding, matters, drafts and mail go along.

    Telegram says so in the old chat, in the new one, and whenever something is sent to the old one: whether
    this was the first time. What was written for the old chat since goes along each time.
    """
    group = people.group_of_chat(old, session=desk.session)
    if group is not None:
        _move_binding(desk, group, new)
    _move_rows(desk, old, new)
    return group is not None


def _move_binding(desk: Desk, group: Group, new: int) -> None:
    already = people.group_of_chat(new, session=desk.session)
    if already is not None:
        desk.session.delete(already)
        desk.session.flush()
    old, group.chat_id = group.chat_id, new
    group.was_chat_id = old
    desk.session.add(group)
    _note(desk, "group_migrated", group, None, was=old)


def levels(desk: Desk) -> list[str]:
    """The levels of groups that the policy knows."""
    return list(desk.policy.posts.groups)


def units_for(desk: Desk, level: str) -> list[Unit]:
    """The units a group of this level may belong to: those of the level first, then the office's own."""
    own = [unit for unit in desk.roster.units if unit.level == level]
    return own + [unit for unit in desk.roster.units if unit.kind == "office" and unit not in own]


def facts(desk: Desk, group: Group) -> dict[str, Any]:
    """A group's card."""
    return {
        "name": group.name,
        "unit": group.unit,
        "level": LEVELS.get(group.level, group.level),
        "sees_all": rights.group_sees_all(group.level, desk.policy),
    }


def _drop(desk: Desk, group: Group, act: str, by: Member | None) -> None:
    _note(desk, act, group, by)
    standing = update(Card).where(col(Card.chat_id) == group.chat_id, col(Card.standing))
    desk.session.execute(standing.values(standing=False))
    waiting = update(Outbox).where(col(Outbox.chat_id) == group.chat_id, col(Outbox.state) == "pending")
    desk.session.execute(waiting.values(state="superseded"))
    desk.session.delete(group)
    desk.session.flush()


def _move_rows(desk: Desk, old: int, new: int) -> None:
    """Messages of the old chat cannot be edited any more: its cards stand no longer, edits are dropped.

    A message that is under way may have been taken before the group moved: what becomes of it is noted yet.
    """
    session = desk.session
    session.execute(update(Matter).where(col(Matter.group_chat_id) == old).values(group_chat_id=new))
    session.execute(update(Draft).where(col(Draft.chat_id) == old).values(chat_id=new))
    sent = update(Card).where(col(Card.chat_id) == old, col(Card.message_id).is_not(None))
    session.execute(sent.values(standing=False))
    session.execute(
        update(Card).where(col(Card.chat_id) == old, col(Card.message_id).is_(None)).values(chat_id=new)
    )
    pending = update(Outbox).where(col(Outbox.chat_id) == old, col(Outbox.state) == "pending")
    session.execute(pending.where(col(Outbox.op).in_(["edit", "delete"])).values(state="superseded"))
    unsent = col(Outbox.state).in_(["pending", "sending"])
    to_old = update(Outbox).where(col(Outbox.chat_id) == old, unsent)
    session.execute(to_old.values(chat_id=new, reply_to=None))


def _note(desk: Desk, act: str, group: Group, by: Member | None, **facts: Any) -> None:
    about = {"chat_id": group.chat_id, "name": group.name, "unit": group.unit, "level": group.level, **facts}
    journal.write(act, now=desk.now, session=desk.session, member_id=by.id if by else None, **about)
