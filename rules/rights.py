"""Who may see and do what (rules.md P4): people by unit and role, groups by their level."""

from __future__ import annotations

from collections.abc import Iterable

from rules.policy import Policy
from rules.posts import Bearings, in_charge, rung
from rules.roster import Person, Roster

_OFFICE_LEVELS = ("leaders", "office", "section")


def sees_all(person: Person, roster: Roster, policy: Policy) -> bool:
    """Whether a person may see every matter: by right, or as one of the office's own people."""
    if policy.may(person.roles, "see_all"):
        return True
    unit = roster.unit_by_name.get(person.unit)
    return unit is not None and unit.level in _OFFICE_LEVELS


def units_of(person: Person) -> tuple[str, ...]:
    """The units whose matters a person may see who may not see all."""
    return (person.unit, *person.in_charge_of)


def group_sees_all(level: str, policy: Policy) -> bool:
    """Whether a group of this level may be shown every matter."""
    return policy.posts.groups.get(level) == "all"


def concerns(unit_names: Iterable[str], matter: Bearings, people_units: Iterable[str]) -> bool:
    """Whether a matter concerns one of these units: sent, handled or held there."""
    touched = {matter.section, matter.sender, *matter.units, *people_units}
    return any(name in touched for name in unit_names)


def may_take_over(person: Person, held_by: Person, matter: Bearings, roster: Roster) -> bool:
    """Whether somebody may take a step from its holder: the stand-in, the head, or who is above them."""
    above = (rung(who, held_by, matter, roster) for who in ("stand_in", "section_head", "deputy_director"))
    if any(one is not None and one.name == person.name for one in above):
        return True
    return "director" in person.roles or in_charge(held_by.unit, "leader", roster) == person
