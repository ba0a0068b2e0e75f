"""What may happen next in a matter: which step follows, which is due to come, what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rules.event import counts_from_event
from rules.limits import Due, due
from rules.policy import Procedure, StepRule
from rules.working_time import Calendar

FIELD_NAMES = {
    "sender": "来文单位",
    "title": "标题",
    "number": "发文字号",
    "section": "承办单位",
    "scope": "传阅范围",
    "due": "时限",
}


def first(procedure: Procedure) -> StepRule:
    """The step a matter begins with."""
    return procedure.steps[0]


def following(procedure: Procedure, key: str) -> StepRule | None:
    """The step after this one; None after the last."""
    place = procedure.position(key) + 1
    return procedure.steps[place] if place < len(procedure.steps) else None


def preceding(procedure: Procedure, key: str) -> StepRule | None:
    """The step before this one; None before the first."""
    place = procedure.position(key)
    return procedure.steps[place - 1] if place else None


def back_from(procedure: Procedure, rule: StepRule) -> StepRule | None:
    """The step that begins again when this one is sent back; None: it goes to who registered it."""
    return procedure.step(rule.back) if rule.back else preceding(procedure, rule.key)


def still_to_sign(procedure: Procedure, key: str) -> tuple[str, ...]:
    """Names of the steps from this one to before the closing one: what closing now would skip (D7, D11)."""
    steps = procedure.steps[procedure.position(key) :]
    return tuple(step.name for step in steps if not step.closes)


def missing(procedure: Procedure, fields: Mapping[str, object]) -> tuple[str, ...]:
    """The required fields that have no value yet, in the order in which they are asked for."""
    return tuple(name for name in procedure.required if not fields.get(name))


def step_name(rule: StepRule, details: Mapping[str, Any], cycle: int) -> str:
    """What a step is called; a phase by its own name: 阶段 2/3 集中整治 (V9)."""
    phases = details.get("phases", []) if rule.repeats else []
    if cycle >= len(phases):
        return rule.name
    return f"{rule.name} {cycle + 1}/{len(phases)} {phases[cycle]['name']}"


def is_answered(procedure: Procedure, key: str) -> bool:
    """Whether the unit has given its answer before this step: a step before it takes a result in words."""
    return any(one.words for one in procedure.steps[: procedure.position(key)])


def takes_whole(rule: StepRule) -> bool:
    """Whether the matter's own limit is this step's."""
    return rule.takes_due or rule.limit == "whole"


def step_due(
    rule: StepRule,
    *,
    registered: datetime,
    received: datetime,
    begun: datetime,
    whole: Due | None,
    procedure: Procedure,
    calendar: Calendar,
    event: datetime | None = None,
    event_end: datetime | None = None,
) -> Due | None:
    """When a step is due: the matter's own limit where the step takes that, else its own.

    One that counts from an event is due at once where that instant is past; it has no limit (None) as long
    as nobody knows when the event is.
    """
    if whole is not None and takes_whole(rule):
        if rule.again is None or whole.at > begun:
            return whole
        return due(rule.again, begun, calendar, procedure.clock)
    anchors = {
        "registered": registered,
        "received": received,
        "event": event,
        "event_end": event_end or event,
    }
    clock = rule.clock or procedure.clock
    if counts_from_event(rule):
        anchor = anchors[rule.from_]
        limit = due(rule.limit, anchor, calendar, clock) if anchor is not None else None
        return limit and Due(at=max(limit.at, begun), provisional=limit.provisional)
    limit = due(rule.limit, anchors.get(rule.from_) or begun, calendar, clock)
    if limit.at <= begun:  # a same-day limit whose day was over when the step began: the next office day
        limit = due(rule.limit, begun, calendar, clock)
    return limit


def whole_due(
    procedure: Procedure, *, received: datetime, named: datetime | None, calendar: Calendar
) -> Due | None:
    """The matter's own limit: the one the document names, else the procedure's; None where neither is."""
    if named is not None:
        day = calendar.local(named).date()
        return Due(at=named, provisional=calendar.is_provisional(day))
    if procedure.whole is None:
        return None
    return due(procedure.whole.limit, received, calendar, procedure.clock)
