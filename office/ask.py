"""Answering questions about many matters: which fit, how many, how long they took, how units stand.

Only what the asker, or in a group the group, may see (rules.md P4). Persons are never ranked.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from office import bearings, cards
from office.desk import Desk
from rules import asking, rights, supervision
from rules import procedure as steps_of
from rules.asking import Question
from rules.limits import due
from rules.patterns import lazy
from rules.policy import StepRule
from storage import asked, matters, people
from storage.fitting import Filters, Lighted, Sight
from storage.models import Group, Matter, Member

LISTED = 100
"""of more matters than these only the newest are listed"""
TERMS = 8
"""words that must all occur"""
_REGISTER = lazy(r"(\w+)〔(\d{4})〕0*(\d{1,7})号")
_NUMBER = lazy(r"[#＃]?\s*(?:编号)?\s*([0-9]{1,6})\s*(?:号(?:件|文)?)?")
_ABOVE = ("deputy_director", "director", "leader", "chief_leader", "duty_leader")


class Asker(NamedTuple):
    """Who asks, and in which group; in private `group` is None."""

    member: Member
    group: Group | None = None


class Found(NamedTuple):
    """The matters that fit, the newest first; `total` is exact unless there are more than are listed."""

    ids: list[int]
    total: int


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
        light=_lighted(desk, question),
    )


def _with_kinds(desk: Desk, procedures: tuple[str, ...]) -> tuple[str, ...]:
    """The procedures that are asked for, and what is read alike: of letters also petitions (V7)."""
    kinds = desk.policy.procedures.values()
    alike = (one.key for one in kinds if one.recognised and set(one.recognised.of) & set(procedures))
    return (*procedures, *alike)


def narrowed(desk: Desk, question: Question, text: str) -> Question:
    """A question with what it says of tasks: lights, 督办事项."""
    lights = {one.key: one.words for one in desk.policy.supervision.lights}
    return asking.narrowed(question, text, asking.Kinds(lights, tuple(desk.policy.tasks)))


def _lighted(desk: Desk, question: Question) -> Lighted | None:
    if question.light is None:
        return None
    rule = desk.policy.supervision
    bounds = tuple(supervision.bounds(rule, desk.now, desk.calendar))
    place = next(i for i, one in enumerate(rule.lights) if one.key == question.light)
    answered = tuple(
        (key, tuple(step.key for step in one.steps if steps_of.is_answered(one, step.key)))
        for key, one in desk.policy.tasks.items()
    )
    return Lighted(place, bounds, answered)


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


# --- what an answer shows ---------------------------------------------------------------------------


def how(desk: Desk, question: Question) -> str:
    """How the question was read: 本周 · 我的 · 未办结."""
    kinds = {key: one.name for key, one in desk.policy.procedures.items()}
    lights = {one.key: one.name for one in desk.policy.supervision.lights}
    return asking.in_words(question, kinds, desk.calendar.local(desk.now).date(), lights)


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
