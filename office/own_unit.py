"""What a unit's own people may put right of their unit (P3, P4): telephone, post, B岗, short names.

Everything stands in the journal, and the administrators are told.
"""

from __future__ import annotations

from typing import Any

from office import personnel, post
from office.desk import Desk, Refused
from office.roster_sheets import UnitIndex
from storage import journal, people
from storage.models import Member, Unit

SHORT_NAMES = 8
LENGTHS = range(2, 13)
_NAMES = {"phone": "电话", "post": "职务", "stand_in": "B岗"}


def of(desk: Desk, member: Member) -> Unit:
    """A member's own unit. Refused own_unit_none."""
    found = next((one for one in people.units(session=desk.session) if one.name == member.unit), None)
    if found is None:
        raise Refused("own_unit_none")
    return found


def members_of(desk: Desk, unit: str) -> list[Member]:
    """The active members of a unit, in order."""
    named = [one.name for one in desk.roster.members_of(unit)]
    return people.named(named, session=desk.session)


def correct_person(desk: Desk, line: str, by: Member) -> Member:
    """张三 电话 13900001234 B岗 李四 职务 科长, of one's own unit; without a name, of oneself.

    Refused own_unit_other, own_unit_stand_in, people_nothing_to_change, liaison_columns, people_line.
    """
    unit = of(desk, by).name
    first = line.split()[:1]
    name = first[0] if first and first[0] in desk.roster.by_name else by.name
    member = personnel.by_name(desk, name)
    if member.unit != unit:
        raise Refused("own_unit_other", name=name, unit=member.unit)
    said = line if first and first[0] == name else f"{name} {line}"
    values = personnel.read_line(desk, said, unit=unit)
    changes = {key: value for key, value in values.items() if key in _NAMES and getattr(member, key) != value}
    if not changes:
        raise Refused("people_nothing_to_change", name=name)
    stand_in = desk.roster.by_name.get(str(changes.get("stand_in") or ""))
    if stand_in is not None and stand_in.unit != unit:
        raise Refused("own_unit_stand_in", name=stand_in.name, unit=stand_in.unit)
    before = {_NAMES[key]: getattr(member, key) or "无" for key in changes}
    for key, value in changes.items():
        setattr(member, key, value)
    desk.session.add(member)
    desk.session.flush()
    desk.forget_roster()
    after = {_NAMES[key]: value or "无" for key, value in changes.items()}
    _tell(desk, by, unit, member.name, before, after, about_id=member.id)
    return member


def correct_short_names(desk: Desk, names: list[str], by: Member) -> Unit:
    """The short names by which people call one's own unit.

    Refused short_name_length, short_name_taken (whose), short_names_many.
    """
    unit = of(desk, by)
    wanted = [name for name in dict.fromkeys(names) if name != unit.name]
    if len(wanted) > SHORT_NAMES:
        raise Refused("short_names_many", limit=SHORT_NAMES)
    others = UnitIndex((one.name, one.short_names) for one in desk.roster.units if one.name != unit.name)
    for name in wanted:
        if len(name) not in LENGTHS:
            raise Refused("short_name_length", name=name)
        if (taken := others.find(name)) is not None or name in desk.roster.by_name:
            raise Refused("short_name_taken", name=name, unit=taken)
    if not wanted or wanted == unit.short_names:
        raise Refused("people_nothing_to_change", name=unit.name)
    before, unit.short_names = "、".join(unit.short_names) or "无", wanted
    desk.session.add(unit)
    desk.session.flush()
    desk.forget_roster()
    _tell(desk, by, unit.name, unit.name, {"简称": before}, {"简称": "、".join(wanted)})
    return unit


def _tell(
    desk: Desk,
    by: Member,
    unit: str,
    whose: str,
    before: dict[str, Any],
    after: dict[str, Any],
    about_id: int | None = None,
) -> None:
    said: dict[str, Any] = {"unit": unit, "name": whose, "before": before, "after": after}
    journal.write(
        "unit_corrected", now=desk.now, session=desk.session, member_id=by.id, about_id=about_id, **said
    )
    for one in people.with_role("admin", session=desk.session):
        if one.id != by.id:
            post.to_member(desk, one, "liaison.corrected", kind="note", by=by.name, **said)
