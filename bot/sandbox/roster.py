"""The people and groups of an office's folder: units.csv, staff.csv, groups.csv."""

import csv
from dataclasses import dataclass
from pathlib import Path

FIRST_STAFF_ID = 700_000_001
FIRST_GROUP_ID = -1_002_000_000_001


@dataclass(frozen=True)
class Member:
    user_id: int
    name: str
    unit: str
    post: str
    in_charge_of: frozenset[str]
    roles: frozenset[str]


@dataclass(frozen=True)
class Room:
    """A chat group and who sits in it."""

    chat_id: int
    title: str
    members: tuple[Member, ...]


def read_roster(folder: Path) -> tuple[list[Member], list[Room]]:
    """Ids follow the order of the rows, so that they stay the same from one start to the next."""
    kinds = {row["name"]: row["kind"] for row in _rows(folder / "units.csv")}
    staff = [
        Member(
            FIRST_STAFF_ID + index,
            row["name"],
            row["unit"],
            row["post"],
            _several(row["in_charge_of"]),
            _several(row["roles"]),
        )
        for index, row in enumerate(_rows(folder / "staff.csv"))
    ]
    rooms = [
        Room(
            FIRST_GROUP_ID - index,
            row["name"],
            tuple(member for member in staff if _fits(member, row, kinds)),
        )
        for index, row in enumerate(_rows(folder / "groups.csv"))
    ]
    return staff, rooms


def _fits(member: Member, group: dict[str, str], kinds: dict[str, str]) -> bool:
    """Rule P4, layered groups: leaders, office, sections, units, each with those who lead or run it."""
    kind, level = kinds.get(member.unit, ""), group["level"]
    directs = bool(member.roles & {"director", "deputy_director"})
    if level == "leaders":
        return kind == "leaders" or "director" in member.roles
    if level == "office":
        return kind == "office"
    if level == "section":
        return member.unit == group["unit"] or (directs and group["unit"] in member.in_charge_of)
    liaisons = "town" if "乡" in group["name"] or "镇" in group["name"] else "bureau"
    return kind == liaisons or directs or (kind == "office" and "clerk" in member.roles)


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _several(cell: str | None) -> frozenset[str]:
    return frozenset(part for part in (cell or "").split("|") if part)
