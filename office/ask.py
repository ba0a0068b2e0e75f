"""Answering questions about many matters: which fit, how many, how long they took, how units stand.

Only what the asker, or in a group the group, may see (rules.md P4). Persons are never ranked.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from office import bearings, cards
from office.desk import Desk
from rules import asking, rights
from rules.asking import Question
from rules.limits import due, in_words
from rules.policy import Procedure, StepRule
from storage import asked, matters, people
from storage.asked import Averages, Filters, Sight, Standing
from storage.models import Group, Matter, Member

LISTED = 100
"""of more matters than these only the newest are listed"""
RANKED = 20
TERMS = 8
"""words that must all occur"""
_REGISTER = re.compile(r"(\w+)〔(\d{4})〕0*(\d{1,7})号")
_NUMBER = re.compile(r"[#＃]?\s*(?:编号)?\s*([0-9]{1,6})\s*(?:号(?:件|文)?)?")
_ABOVE = ("deputy_director", "director", "leader", "chief_leader", "duty_leader")


class Asker(NamedTuple):
    """Who asks, and in which group; in private `group` is None."""

    member: Member
    group: Group | None = None


class Found(NamedTuple):
    """The matters that fit, the newest first; `total` is exact unless there are more than are listed."""

    ids: list[int]
    total: int


class Unread(NamedTuple):
    """Who has read a matter, or confirmed its receipt, and who has not: names with their units."""

    matter: Matter
    read: list[str]
    unread: list[str]


def sight_of(desk: Desk, asker: Asker) -> Sight | None:
    """Which matters may be shown; None is all of them."""
    if asker.group is not None:
        if rights.group_sees_all(asker.group.level, desk.policy):
            return None
        return Sight((asker.group.unit,))
    viewer = bearings.person(desk, asker.member)
    if rights.sees_all(viewer, desk.roster, desk.policy):
        return None
    return Sight(rights.units_of(viewer), asker.member.id)


def filters_of(desk: Desk, question: Question, asker: Asker) -> Filters:
    """A question as the conditions of a query."""
    named = people.named(question.people, session=desk.session)
    if question.mine:
        named = [asker.member]
    return Filters(
        now=desk.now,
        sight=sight_of(desk, asker),
        procedures=_with_kinds(desk, question.procedures),
        units=question.units,
        holders=tuple(one.id for one in named if one.id is not None),
        ever=question.period is not None,
        state=question.state,
        span=_span(desk, question),
        words=tuple((question.text or "").split()[:TERMS]),
        number=question.number,
        register=_register(question.number),
        matter=question.matter,
        series=question.series,
        signing=signatures(desk),
    )


def _with_kinds(desk: Desk, procedures: tuple[str, ...]) -> tuple[str, ...]:
    """The procedures that are asked for, and what is read alike: of letters also petitions (V7)."""
    kinds = desk.policy.procedures.values()
    alike = (one.key for one in kinds if one.recognised and set(one.recognised.of) & set(procedures))
    return (*procedures, *alike)


def _register(number: str | None) -> tuple[str, int, int] | None:
    found = _REGISTER.fullmatch(number or "")
    return (found[1], int(found[2]), int(found[3])) if found else None


def _span(desk: Desk, question: Question) -> tuple[datetime, datetime] | None:
    """The period as instants; for what is due soon, the next days where no period is named."""
    if question.period is not None:
        first, last = question.period
        return _midnight(desk, first), _midnight(desk, last + timedelta(days=1))
    if question.state == "due_soon":
        return desk.now, due(desk.policy.asking.soon, desk.now, desk.calendar, "office").at
    return None


def _midnight(desk: Desk, day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), desk.calendar.zone).astimezone(UTC)


def signatures(desk: Desk) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """By procedure: the steps that wait for the signature of somebody above."""
    kinds = desk.policy.procedures.values()
    return tuple((one.key, tuple(s.key for s in one.steps if is_signature(s))) for one in kinds)


def is_signature(rule: StepRule) -> bool:
    """Whether a step is there for a leader's or a director's signature."""
    return rule.holder in _ABOVE and (rule.opinion or rule.sign == "签发")


def sought(words: str) -> Question | None:
    """What was typed to look for: a number, or words that all occur; None where there are none."""
    text = words.strip()
    if number := _NUMBER.fullmatch(text):
        return Question(matter=int(number[1]))
    return Question(text=text) if text else None


def find(desk: Desk, question: Question, asker: Asker) -> Found:
    """The matters that fit. Of several years' No. 12 those still open, or else the newest."""
    ids = asked.newest(filters_of(desk, question, asker), limit=LISTED + 1, session=desk.session)
    if question.matter is not None:
        ids = _current(desk, ids)
    elif question.number and not ids:  # the number of an answer, or one that a result tells of
        filters = filters_of(desk, question.model_copy(update={"number": None}), asker)
        told = replace(filters, told=question.number)
        ids = asked.newest(told, limit=LISTED + 1, session=desk.session)
    return Found(ids[:LISTED], len(ids))


def _current(desk: Desk, ids: list[int]) -> list[int]:
    found = matters.with_ids(ids, session=desk.session)
    still_open = [one for one in found if one.state == "open"]
    year = max((one.year for one in found), default=0)
    return [one.id or 0 for one in still_open or [one for one in found if one.year == year]]


def count(desk: Desk, question: Question, asker: Asker, found: Found) -> int:
    """How many fit, exactly."""
    if found.total <= LISTED:
        return found.total
    return asked.count(filters_of(desk, question, asker), session=desk.session)


def may_open(desk: Desk, matter: Matter, asker: Asker) -> bool:
    """Whether the asker, or the group, may be shown this matter."""
    if asker.group is not None:
        return bearings.may_see(desk, matter, group=asker.group)
    return bearings.may_see(desk, matter, member=asker.member)


# --- measures ---------------------------------------------------------------------------------------


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
        "rate": rate(row.closed, row.given),
        "in_time": rate(row.on_time, row.due),
    }


def rate(part: int, whole: int) -> str:
    """A share in whole per cent; of nothing it is —."""
    return f"{part / whole:.0%}" if whole else "—"


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


# --- what an answer shows ---------------------------------------------------------------------------


def how(desk: Desk, question: Question) -> str:
    """How the question was read: 本周 · 我的 · 未办结."""
    kinds = {key: one.name for key, one in desk.policy.procedures.items()}
    return asking.in_words(question, kinds, desk.calendar.local(desk.now).date())


def page(desk: Desk, found: Found, offset: int, size: int) -> list[dict[str, Any]]:
    """The matters of one page as a list shows them."""
    ids = found.ids[offset : offset + size]
    return [cards.matter_facts(desk, one) for one in matters.with_ids(ids, session=desk.session)]


def examples(desk: Desk, asker: Asker) -> list[str]:
    """Three questions that this asker can ask and that have an answer."""
    recent = asked.newest(filters_of(desk, Question(), asker), limit=1, session=desk.session)
    newest = matters.matter(recent[0], session=desk.session) if recent else None
    about = f"{newest.number}号办到哪了" if newest else "昨天收了几个文"
    unit = asker.group.unit if asker.group is not None else asker.member.unit
    return ["我这周有什么要交的", about, f"{unit}逾期几件"]
