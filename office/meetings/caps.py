"""The caps that a meeting keeps (M5): looked at when it is called, and again whenever it grows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from office.desk import Desk
from rules import meetings as rules
from rules.meetings import MeetingKind, Over, Plan
from storage.models import Matter

SIZES = ("pages", "report_minutes", "speech_minutes")


def exceeded(
    desk: Desk,
    kind: MeetingKind,
    units: Collection[str],
    at: datetime | None,
    ends: datetime | None,
    sizes: Mapping[str, Any],
) -> list[Over]:
    """The caps that a meeting with these units, from `at` to `ends`, would exceed; unknown sizes do not.

    Who is in no list of the office counts as a department.
    """
    known = desk.roster.unit_by_name
    departments = sum(unit not in known or known[unit].level == "units" for unit in units)
    days = 1
    if at is not None and ends is not None:
        days = (desk.calendar.local(ends).date() - desk.calendar.local(at).date()).days + 1
    pages, report, speech = (sizes.get(key) for key in SIZES)
    return rules.over_caps(kind, Plan(departments, pages, report, speech, days))


def with_change(desk: Desk, matter: Matter, wanted: Mapping[str, Any]) -> list[Over]:
    """The caps that a meeting would exceed as it is wanted: at, ends, units, sizes where they are named."""
    kind = desk.policy.meetings.kind(matter.details.get("kind"))
    others = [*matter.details.get("others", ()), *wanted.get("others", ())]
    units = dict.fromkeys([*matter.units, *wanted.get("units", ()), *others])
    return exceeded(
        desk,
        kind,
        units,
        wanted.get("at") or matter.event_at,
        wanted.get("ends") or matter.event_ends_at,
        larger(matter, wanted),
    )


def larger(matter: Matter, wanted: Mapping[str, Any]) -> dict[str, int]:
    """Each size as it is or is wanted, whichever is more."""
    found = {key: [matter.details.get(key), wanted.get(key)] for key in SIZES}
    return {key: max(filter(None, both)) for key, both in found.items() if any(both)}


def grown(matter: Matter, overs: Collection[Over]) -> list[Over]:
    """Those that exceed a cap further than was known when the meeting was called or approved."""
    before = {str(one["name"]): int(one["said"]) for one in matter.details["over"]}
    return [one for one in overs if one.said > before.get(one.name, 0)]


def in_words(over: Mapping[str, Any]) -> str:
    """参会部门 8 个，上限 5 个"""
    return f"{over['name']} {over['said']} {over['unit']}，上限 {over['cap']} {over['unit']}"
