"""How a task stands: its light, its parts, the task that it is a part of (V1, V5)."""

from __future__ import annotations

from typing import Any

from office.desk import Desk
from rules import procedure as steps_of
from rules import supervision
from rules.supervision import Light, Lit
from storage import matters
from storage.models import Matter


def light(desk: Desk, matter: Matter) -> Light:
    """A task's light: by its limit, never lighter than a second notice has made it."""
    lit = Lit(matter.due_at, is_answered(desk, matter), floor(matter))
    rule = desk.policy.supervision
    return rule.lights[supervision.light(lit, supervision.bounds(rule, desk.now, desk.calendar))]


def by_time(desk: Desk, matter: Matter) -> int:
    """The place of the light that the limit alone gives a task now."""
    bounds = supervision.bounds(desk.policy.supervision, desk.now, desk.calendar)
    return supervision.light(Lit(matter.due_at, False, 0), bounds)


def floor(matter: Matter) -> int:
    """The place of the light that a task has at least."""
    return int(matter.details.get("floor", 0))


def raise_to(matter: Matter, place: int) -> None:
    """From now on a task has at least this light."""
    if place > floor(matter):
        matter.details = matter.details | {"floor": place}


def is_answered(desk: Desk, matter: Matter) -> bool:
    """Whether the unit has fed back: the task lies with those who check it."""
    procedure = desk.policy.procedures[matter.procedure]
    running = matters.open_steps(matter.id or 0, session=desk.session)
    return bool(running) and all(steps_of.is_answered(procedure, one.key) for one in running)


def parts(desk: Desk, matter: Matter) -> list[Matter]:
    """What a task was split into; what was taken back does not count."""
    found = matters.children(matter.id or 0, session=desk.session)
    return [one for one in found if one.procedure in desk.policy.tasks and one.state != "void"]


def part_facts(desk: Desk, part: Matter) -> dict[str, Any]:
    """A part as a line: number, unit, light, whether it is open."""
    shown = light(desk, part) if part.state == "open" else None
    return {
        "id": part.id,
        "register_no": part.register_no,
        "title": part.title,
        "section": part.section,
        "state": part.state,
        "light": shown.sign if shown else None,
        "result": part.result,
        "due": part.due_at.isoformat() if part.due_at else None,
    }


def facts(desk: Desk, matter: Matter) -> dict[str, Any] | None:
    """What the card of a task shows beside what every matter shows; None for other matters."""
    if matter.procedure not in desk.policy.tasks:
        return None
    whole = matters.matter(matter.parent_id, session=desk.session) if matter.parent_id else None
    lit = light(desk, matter) if matter.state == "open" else None
    rounds = matter.details.get("second", [])
    return {
        "field": matter.field,
        "light": {"sign": lit.sign, "name": lit.name} if lit else None,
        "whole": {"register_no": whole.register_no, "title": whole.title} if whole else None,
        "parts": [part_facts(desk, one) for one in parts(desk, matter)],
        "rounds": len(rounds),
        "put_right_by": rounds[-1]["until"] if rounds and matter.state == "open" else None,
        "look_back": matter.details.get("look_back"),
        "transferred": matter.details.get("transferred"),
    }
