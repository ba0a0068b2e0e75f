"""What is counted of the matters that fit a question: how long they took, how units stand, who has not read.

Persons are never ranked (rules.md I4).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from office.ask import Asker, Found, filters_of
from office.desk import Desk
from rules.asking import Question
from rules.limits import in_words
from rules.policy import Procedure
from rules.rates import Rate
from storage import asked, matters, people
from storage.asked import Averages, Standing
from storage.models import Matter

RANKED = 20


class Unread(NamedTuple):
    """Who has read a matter, or confirmed its receipt, and who has not: names with their units."""

    matter: Matter
    read: list[str]
    unread: list[str]


def average_times(desk: Desk, question: Question, asker: Asker) -> dict[str, Any]:
    """How long closed matters took: by kind, by unit and by step (D16), with how many there were."""
    filters = filters_of(desk, question, asker)
    kinds, session = desk.policy.procedures, desk.session
    by_kind = asked.average_times(filters, "procedure", session=session)
    by_unit = asked.average_times(filters, "section", session=session)
    by_step = asked.step_times(filters, session=session)
    total = sum(one.matters for one in by_kind)
    mean = sum(one.matters * one.seconds for one in by_kind) / total if total else None
    return {
        "total": total,
        "mean": spent(mean) if mean is not None else None,
        "kinds": [_average(kinds[one.key[0]].name, one) for one in sorted(by_kind, key=_most)],
        "units": [_average(one.key[0], one) for one in sorted(by_unit, key=_slowest)[:RANKED]],
        "steps": [_average(_step_name(kinds[one.key[0]], one.key[1]), one) for one in by_step],
    }


def _average(name: str, one: Averages) -> dict[str, Any]:
    return {"name": name, "count": one.matters, "time": spent(one.seconds)}


def _most(one: Averages) -> tuple[int, str]:
    return -one.matters, one.key[0]


def _slowest(one: Averages) -> tuple[int, str]:
    return -round(one.seconds), one.key[0]


def _step_name(procedure: Procedure, key: str) -> str:
    names = {step.key: step.name for step in procedure.steps}
    return f"{procedure.name} · {names.get(key, key)}"


def spent(seconds: float) -> str:
    """A mean length of time: "2.4 天" from a day on, else "3 小时 10 分"."""
    if seconds >= timedelta(days=1).total_seconds():
        return f"{seconds / timedelta(days=1).total_seconds():.1f} 天"
    return in_words(timedelta(minutes=round(seconds / 60)))


def standings(desk: Desk, question: Question, asker: Asker) -> dict[str, Any]:
    """How units stand beside each other: received, closed, overdue; never persons (rules.md I4)."""
    filters = filters_of(desk, question, asker)
    by = "sender" if question.by_sender else "section"
    rows = asked.standings(filters, by, session=desk.session)
    if question.by_sender:
        known, order = {u.name for u in desk.roster.units if u.level == "units"}, _most_given
    else:
        known, order = set(), _BEST.get(question.state or "", _best_rate)
    rows = sorted((row for row in rows if not known or row.unit in known), key=order)
    return {
        "by": by,
        "total": len(rows),
        "rows": [_standing(place, row) for place, row in enumerate(rows[:RANKED], 1)],
    }


def _standing(place: int, row: Standing) -> dict[str, Any]:
    return {
        "place": place,
        "unit": row.unit,
        "given": row.given,
        "closed": row.closed,
        "overdue": row.overdue,
        "rate": Rate(row.closed, row.given).rough,
        "in_time": Rate(row.on_time, row.due).rough,
    }


def _best_rate(row: Standing) -> tuple[float, int, str]:
    return -(row.closed / row.given if row.given else 0), -row.closed, row.unit


def _most_closed(row: Standing) -> tuple[float, int, str]:
    return -row.closed, 0, row.unit


def _most_overdue(row: Standing) -> tuple[float, int, str]:
    return -row.overdue, 0, row.unit


def _most_given(row: Standing) -> tuple[float, int, str]:
    return -row.given, 0, row.unit


_BEST = {"closed": _most_closed, "overdue": _most_overdue}


def unread(desk: Desk, found: Found) -> list[Unread]:
    """Who has not read, or not confirmed receipt of, each of the matters that are still open."""
    known = (matters.matter(i, session=desk.session) for i in found.ids)
    lists = (_unread(desk, one) for one in known if one.state == "open")
    return [one for one in lists if one is not None]


def _unread(desk: Desk, matter: Matter) -> Unread | None:
    procedure = desk.policy.procedures[matter.procedure]
    readers = {step.key for step in procedure.steps if step.holder == "scope"}
    steps = [one for one in matters.steps(matter.id or 0, session=desk.session) if one.state != "cancelled"]
    if readers:
        steps = [one for one in steps if one.key in readers]
        waiting = [one for one in steps if one.state == "open"]
    else:
        steps = [one for one in steps if one.state == "open"]
        waiting = [one for one in steps if one.acknowledged_at is None]
    if not waiting:
        return None
    who = people.with_ids({one.holder_id for one in steps}, session=desk.session)
    names = {one.id: f"{who[one.holder_id].name}（{who[one.holder_id].unit}）" for one in steps}
    open_ids = {one.id for one in waiting}
    return Unread(
        matter, [names[s.id] for s in steps if s.id not in open_ids], [names[s.id] for s in waiting]
    )
