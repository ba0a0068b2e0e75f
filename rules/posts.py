"""Who holds what: the holder of a step and the person on a rung, from the roster (rules.md D7, P1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rules.roster import Person, Roster


class Bearings(NamedTuple):
    """What of a matter decides who is in charge of it: names of units and persons."""

    section: str | None
    """the responsible section or unit"""
    sender: str | None
    units: tuple[str, ...]
    registrar: str
    handler: str | None
    duty_leader: str | None = None
    """who is on duty for an emergency"""
    duty_officer: str | None = None
    supervision: str | None = None
    """the section that supervises (V2)"""


def holder(post: str, matter: Bearings, roster: Roster) -> Person | None:
    """Who holds a step whose holder is `post` (scope is not one post: each reader has a step)."""
    match post:
        case "registrar":
            return roster.by_name.get(matter.registrar)
        case "section" | "handler":
            return _handler(matter, roster)
        case "unit_head":
            heads = roster.with_role("section_head", matter.section) if matter.section else ()
            return next(iter(heads), None)
        case "supervisor":
            return supervisor(matter, roster)
        case "duty_leader":
            return roster.by_name.get(matter.duty_leader or "")
        case "duty_officer":
            return roster.by_name.get(matter.duty_officer or "")
        case "deputy_director":
            return deputy_director(matter, roster) or _first(roster, "director")
        case "leader":
            return leader(matter, roster) or _first(roster, "chief_leader")
        case _:
            return _first(roster, post)


def rung(who: str, held_by: Person, matter: Bearings, roster: Roster) -> Person | None:
    """Who stands on rung `who` above the holder; None where there is no such post for this matter."""
    match who:
        case "stand_in":
            return roster.by_name.get(held_by.stand_in or "")
        case "section_head":
            return head_of(held_by.unit, roster)
        case "registrar":
            return roster.by_name.get(matter.registrar)
        case "duty_leader":
            return roster.by_name.get(matter.duty_leader or "")
        case "supervisor":
            return supervisor(matter, roster)
        case "deputy_director":
            return in_charge(held_by.unit, "deputy_director", roster) or deputy_director(matter, roster)
        case "leader":
            return leader(matter, roster)
        case _:
            return _first(roster, who)


def head_of(unit: str, roster: Roster) -> Person | None:
    """The head of a section 科室负责人; of a bureau or town its liaison 联络员, else the first there."""
    for role in ("section_head", "liaison"):
        if marked := roster.with_role(role, unit):
            return marked[0]
    known = roster.unit_by_name.get(unit)
    members = roster.members_of(unit)
    return members[0] if members and known is not None and known.level == "units" else None


def by_order_only(roster: Roster) -> list[Person]:
    """Who is a unit's liaison only because he stands first of several: nobody there is marked."""
    units = (one.name for one in roster.units if one.level == "units")
    heads = (head_of(unit, roster) for unit in units if len(roster.members_of(unit)) > 1)
    return [one for one in heads if one is not None and not {"section_head", "liaison"} & set(one.roles)]


def supervisor(matter: Bearings, roster: Roster) -> Person | None:
    """Who answers for supervision: the head of the section that supervises."""
    return head_of(matter.supervision, roster) if matter.supervision else None


def deputy_director(matter: Bearings, roster: Roster) -> Person | None:
    """The deputy director in charge of the section, else of the registrar's section, else the first."""
    registrar = roster.by_name.get(matter.registrar)
    for unit in (matter.section, registrar.unit if registrar else None):
        if unit and (found := in_charge(unit, "deputy_director", roster)):
            return found
    return _first(roster, "deputy_director")


def leader(matter: Bearings, roster: Roster) -> Person | None:
    """The leader whose instruction it is; else who is in charge of the units concerned, of the sender, or of
    its county counterpart.

    Where none of these says, the first of the leaders who is not the chief leader (常务).
    """
    sender = roster.by_name.get(matter.sender or "")
    if sender is not None and {"leader", "chief_leader"} & set(sender.roles):
        return sender
    leaders = [one for one in roster.with_role("leader") if "chief_leader" not in one.roles]
    for unit in _concerned(matter, roster):
        for one in leaders:
            if unit in one.in_charge_of:
                return one
    return leaders[0] if leaders else None


def in_charge(unit: str, role: str, roster: Roster) -> Person | None:
    """Who of a role answers for a unit."""
    return next((one for one in roster.with_role(role) if unit in one.in_charge_of), None)


def _handler(matter: Bearings, roster: Roster) -> Person | None:
    if matter.handler:
        return roster.by_name.get(matter.handler)
    return head_of(matter.section, roster) if matter.section else None


def _concerned(matter: Bearings, roster: Roster) -> Iterator[str]:
    yield from (unit for unit in (matter.sender, matter.section, *matter.units) if unit)
    if matter.sender and matter.sender not in roster.unit_by_name:
        yield from _counterparts(matter.sender, roster)


def _counterparts(sender: str, roster: Roster) -> Iterator[str]:
    """County units whose short name stands in an outside sender's: 省财政厅 → 县财政局."""
    for unit in roster.units:
        if unit.level == "units" and any(len(s) >= 2 and s in sender for s in unit.short_names):
            yield unit.name


def _first(roster: Roster, role: str) -> Person | None:
    return next(iter(roster.with_role(role)), None)
