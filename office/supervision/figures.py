"""What a bulletin tells, counted from the journal's tables as they stood at the end of its period (V8)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from office.desk import Desk
from rules import rates, supervision
from rules.rates import Tally, Task
from rules.supervision import Lit
from storage import counting
from storage.models import Deferral, Matter

Named = tuple[Matter, Task]


class Figures(NamedTuple):
    """The tasks of a period, and what is said of them."""

    total: Tally
    units: tuple[Tally, ...]
    """the best completion first"""
    fields: tuple[Tally, ...]
    tasks: tuple[Named, ...]
    overdue: tuple[Named, ...]
    late_reports: dict[str, int]
    """unit → how many reports of progress came late or not at all"""
    lights: dict[str, tuple[Matter, ...]]
    """name of a light that warns → the open tasks that have it, the gravest light first"""
    second: tuple[Matter, ...]
    """given a second notice in the period"""
    looked_back: tuple[Matter, ...]
    """looked back on in the period"""
    percents: dict[int, int]


def figures(desk: Desk, first: datetime, until: datetime) -> Figures:
    """Everything of the period from `first` to before `until`."""
    session, kinds = desk.session, desk.policy.tasks
    found = counting.in_hand(tuple(kinds), first, until, session=session)
    ids = [one.id or 0 for one in found]
    named = _tasks(desk, found, ids, until)
    tasks = [task for _, task in named]
    late = counting.late_reports(ids, first, until, session=session)
    unit_of = {one.id: one.section or "" for one in found}
    return Figures(
        total=rates.count("合计", tasks, first, until),
        units=tuple(rates.tallies(tasks, lambda one: one.unit, first, until)),
        fields=tuple(rates.tallies(tasks, lambda one: one.field, first, until)),
        tasks=tuple(named),
        overdue=tuple(pair for pair in named if rates.is_overdue(pair[1], until)),
        late_reports=dict(Counter(unit_of[one.matter_id] for one in late).most_common()),
        lights=_lights(desk, named, until),
        second=tuple(one for one in found if _within(_second(one), first, until)),
        looked_back=tuple(one for one in found if _within(_looked_back(one), first, until)),
        percents=counting.percents(ids, session=session),
    )


def _tasks(desk: Desk, found: list[Matter], ids: list[int], until: datetime) -> list[Named]:
    keys = {rule.key for kind in desk.policy.tasks.values() for rule in kind.steps if rule.words}
    answered = counting.answered(ids, keys, session=desk.session)
    working = counting.working(ids, keys, session=desk.session)
    deferred = counting.deferred(ids, session=desk.session)
    return [
        (one, _task(one, None if one.id in working else answered.get(one.id or 0), deferred, until))
        for one in found
        if one.due_at is not None
    ]


def _task(
    matter: Matter, answered: datetime | None, deferred: dict[int, list[Deferral]], until: datetime
) -> Task:
    assert matter.due_at is not None
    moved = matter.state == "transferred"
    return Task(
        unit=matter.section or "未定单位",
        field=matter.field or "其他",
        given_at=matter.registered_at,
        due_at=_due_at(matter, deferred.get(matter.id or 0, []), until),
        first_due_at=matter.first_due_at or matter.due_at,
        answered_at=answered,
        closed_at=None if moved else matter.closed_at,
        transferred_at=matter.closed_at if moved else None,
    )


def _due_at(matter: Matter, granted: list[Deferral], until: datetime) -> datetime:
    """The limit as it stood then: a deferral that was granted later does not count yet."""
    assert matter.due_at is not None
    known = [one for one in granted if one.decided_at is not None and one.decided_at < until]
    if len(known) == len(granted):
        return matter.due_at
    return known[-1].until if known else matter.first_due_at or matter.due_at


def _lights(desk: Desk, named: list[Named], until: datetime) -> dict[str, tuple[Matter, ...]]:
    rule = desk.policy.supervision
    bounds = supervision.bounds(rule, until, desk.calendar)
    lit: dict[int, list[Matter]] = {place: [] for place in range(len(rule.lights) - 1, 0, -1)}
    for matter, task in named:
        if matter.state == "open":
            answered = task.answered_at is not None and task.answered_at < until
            place = supervision.light(Lit(task.due_at, answered, int(matter.details.get("floor", 0))), bounds)
            if place:
                lit[place].append(matter)
    return {rule.lights[place].name: tuple(found) for place, found in lit.items() if found}


def _second(matter: Matter) -> list[str]:
    return [str(one["at"]) for one in matter.details.get("second", [])]


def _looked_back(matter: Matter) -> list[str]:
    found = matter.details.get("look_back")
    return [str(found["at"])] if found else []


def _within(instants: list[str], first: datetime, until: datetime) -> bool:
    return any(first <= datetime.fromisoformat(at) < until for at in instants)
