"""The people and units of one office as plain values: what the rules may know of them.

The database and the CSV folder (`office/sample`) both turn into a `Roster`; nothing in `rules/`
knows where it came from. The columns are those of rules.md's P1 to P4.
"""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict

Level = Literal["leaders", "office", "section", "units"]

ROLES = (
    "admin",
    "clerk",
    "handler",
    "liaison",
    "section_head",
    "deputy_director",
    "director",
    "leader",
    "chief_leader",
    "duty",
)


class Unit(BaseModel):
    """A unit 单位: the county leaders, the office, a section, a bureau or a town."""

    model_config = ConfigDict(frozen=True)

    name: str
    short_names: tuple[str, ...] = ()
    kind: str = "bureau"
    """leaders, office, bureau or town"""
    level: Level = "units"


class Person(BaseModel):
    """A member 工作人员, by full name; `stand_in` is the name of the B岗 (P1)."""

    model_config = ConfigDict(frozen=True)

    name: str
    unit: str
    post: str = ""
    stand_in: str | None = None
    in_charge_of: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


class Roster(BaseModel):
    """Everybody and every unit of the office."""

    model_config = ConfigDict(frozen=True)

    units: tuple[Unit, ...] = ()
    people: tuple[Person, ...] = ()

    @cached_property
    def _hash(self) -> int:
        return hash((self.units, self.people))

    def __hash__(self) -> int:
        """Found once: what reading prepares for a roster is kept under it."""
        return self._hash

    @cached_property
    def by_name(self) -> dict[str, Person]:
        return {person.name: person for person in self.people}

    @cached_property
    def unit_by_name(self) -> dict[str, Unit]:
        return {unit.name: unit for unit in self.units}

    def members_of(self, unit: str) -> tuple[Person, ...]:
        """The people of the unit with this full name, in roster order."""
        return tuple(person for person in self.people if person.unit == unit)

    def unit_called(self, name: str) -> Unit | None:
        """The unit of this full or short name."""
        return next((unit for unit in self.units if name == unit.name or name in unit.short_names), None)

    def with_role(self, role: str, unit: str | None = None) -> tuple[Person, ...]:
        """The people who hold `role`, of one unit if it is given."""
        return tuple(p for p in self.people if role in p.roles and (unit is None or p.unit == unit))
