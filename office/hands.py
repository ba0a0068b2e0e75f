"""Whose hand a step needs: another than the one that did the work (V4), or none where it is the same."""

from __future__ import annotations

from collections.abc import Iterator

from office import absence, bearings
from office.desk import Desk, Refused
from rules import posts
from rules.policy import StepRule
from storage import matters, people
from storage.models import Matter, Member, Step

_INSTEAD = ("deputy_director", "director")
"""posts that sign in place of a section all of whom did the work themselves"""


def holder_for(desk: Desk, matter: Matter, rule: StepRule) -> tuple[Member, Member | None]:
    """Who acts on a step and for whom; where he did what the step looks at, another who did not."""
    acting, absent = bearings.holder_for(desk, matter, rule)
    if not rule.other_than or acting.id not in workers(desk, matter, rule):
        return acting, absent
    other = next(_others(desk, matter, rule, acting), None)
    return (other, None) if other else (acting, absent)


def passed_over(desk: Desk, matter: Matter, rule: StepRule, before: Step) -> str | None:
    """Why a step that allows it is passed over: nobody holds the post, or who signed before does."""
    if not rule.pass_over:
        return None
    found = posts.holder(rule.holder, bearings.bearings(desk, matter), desk.roster)
    if found is None:
        return "未设"
    who = people.with_ids([i for i in (before.signed_by, before.for_id) if i], session=desk.session)
    return "同一人" if found.name in {one.name for one in who.values()} else None


def check_another(desk: Desk, matter: Matter, rule: StepRule, by: Member) -> None:
    """Refused where `by` did the work that this step looks at; says who may."""
    if not rule.other_than or by.id not in workers(desk, matter, rule):
        return
    may = [one.name for one in _others(desk, matter, rule, by)]
    raise Refused("same_hand", register_no=matter.register_no, step=rule.name, may=may)


def workers(desk: Desk, matter: Matter, rule: StepRule) -> set[int]:
    """The ids of those who did the work: its handler, and whoever signed for it."""
    steps = matters.steps(matter.id or 0, session=desk.session)
    signed = {one.signed_by for one in steps if one.key in rule.other_than and one.state == "done"}
    return {one for one in (matter.handler_id, *signed) if one is not None}


def _others(desk: Desk, matter: Matter, rule: StepRule, owner: Member) -> Iterator[Member]:
    """Who may sign in place of `owner`: his section, then those above it; who is away is left out."""
    did = workers(desk, matter, rule)
    section = desk.roster.members_of(bearings.supervision(desk) or owner.unit)
    named = people.named([one.name for one in section], session=desk.session)
    above = (bearings.in_post(desk, matter, post) for post in _INSTEAD)
    seen: set[int] = set()
    for one in (*named, *filter(None, above)):
        if one.id is None or one.id in did | seen or not absence.present(desk, one, desk.now):
            continue
        seen.add(one.id)
        yield one
