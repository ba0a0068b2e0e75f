"""What tests of reading share: the sample office as a roster, the shipped words, a context at an instant."""

from __future__ import annotations

import csv
import tomllib
from datetime import datetime, time
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rules.reading import Context, Secrecy, Words
from rules.roster import Person, Roster, Unit
from rules.working_time import Calendar, Hours

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "office" / "sample"
POLICY = ROOT / "rules" / "policy"
ZONE = ZoneInfo("Asia/Shanghai")


@cache
def office() -> dict[str, Any]:
    """Roster, calendar, words and secrecy, as `answer_row` takes them."""
    hours = Hours(sessions=((time(9), time(12)), (time(13, 30), time(17, 30))))
    return {
        "roster": _roster(),
        "calendar": Calendar(ZONE, hours),
        "words": Words.model_validate(_toml("words.toml")),
        "secrecy": secrecy(),
    }


@cache
def secrecy() -> Secrecy:
    return Secrecy.model_validate(_toml("secrecy.toml"))


def context(
    writer: str | None = "王思雨", reference: str = "2026-11-18T10:20", chat: str = "private"
) -> Context:
    at = datetime.fromisoformat(reference).replace(tzinfo=ZONE)
    return Context(**office(), writer=writer, chat=chat, reference=at)


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((POLICY / name).read_text(encoding="utf-8"))


def _rows(name: str) -> list[dict[str, str]]:
    with (SAMPLE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _roster() -> Roster:
    def several(cell: str) -> tuple[str, ...]:
        return tuple(filter(None, cell.split("|")))

    units = (
        Unit(name=r["name"], short_names=several(r["short_names"]), kind=r["kind"], level=r["level"])
        for r in _rows("units.csv")
    )
    people = (
        Person(
            name=r["name"],
            unit=r["unit"],
            post=r["post"],
            stand_in=r["stand_in"] or None,
            in_charge_of=several(r["in_charge_of"]),
            roles=several(r["roles"]),
        )
        for r in _rows("staff.csv")
    )
    return Roster(units=tuple(units), people=tuple(people))
