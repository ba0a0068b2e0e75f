"""Campaigns 专项行动 (V9): phases with dates, targets in numbers per unit, who stands where, evaluation.

Units are asked for their numbers before a phase ends; at its end everybody concerned gets the table.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from office import bearings, post, register
from office.desk import Desk, Refused
from rules import posts
from rules.campaign import Campaign, reached, shown
from rules.limits import due
from rules.posts import Bearings
from storage import campaigns, journal, matters, people
from storage.models import Clock, Goal, Group, Matter, Member

PROCEDURE = "campaign"
ASK, REMIND, TABLE = "campaign_ask", "campaign_remind", "campaign_table"
_BEFORE = {ASK: "-3wd", REMIND: "-1wd"}
"""before the end of a phase: numbers are asked for, then those that have not come"""
NAMES = {"title": "名称", "phases": "阶段", "targets": "目标", "units": "单位"}


class PhaseForm(BaseModel):
    """A phase as it was entered, with its date."""

    model_config = ConfigDict(extra="forbid")

    name: str
    due: datetime


class TargetForm(BaseModel):
    """A target as it was entered: so many of what."""

    model_config = ConfigDict(extra="forbid")

    name: str
    number: float = Field(gt=0)
    measure: str = ""


class CampaignForm(BaseModel):
    """What is known of a campaign before it is entered; JSON-ready, kept in a draft."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(default="", max_length=register.TITLE_LIMIT)
    phases: list[PhaseForm] = []
    targets: list[TargetForm] = []
    units: list[str] = []
    left: list[str] = []
    """what was not understood of what was said last"""

    def missing(self) -> list[str]:
        """What has still to be asked for, in order."""
        return [name for name in NAMES if not getattr(self, name)]


class Place(NamedTuple):
    """Where one unit stands on one target."""

    unit: str
    goal: str
    value: str
    reached: bool
    reported: bool


class Standing(NamedTuple):
    """Who stands where on one target."""

    target: str
    places: tuple[Place, ...]
    reached: int


def form_of(read: Campaign) -> CampaignForm:
    """What was read, as a form. Refused: too_long, goal_not_positive."""
    if len(read.title) > register.TITLE_LIMIT:
        limit, length = register.TITLE_LIMIT, len(read.title)
        raise Refused("too_long", field=NAMES["title"], limit=limit, length=length)
    _check_goals({one.name: one.number for one in read.targets})
    return CampaignForm(
        title=read.title,
        phases=[PhaseForm(name=one.name, due=one.due) for one in read.phases],
        targets=[TargetForm(name=one.name, number=one.number, measure=one.measure) for one in read.targets],
        units=list(read.units),
        left=list(read.left),
    )


def _check_goals(numbers: dict[str, float]) -> None:
    """A goal of nothing is none: nobody can be measured against it."""
    for target, number in numbers.items():
        if number <= 0:
            raise Refused("goal_not_positive", target=target)


def enter(desk: Desk, form: CampaignForm, by: Member) -> Matter:
    """A campaign with its phases, its goals and their clocks. Refused with what is missing or past."""
    if lacking := form.missing():
        raise Refused("fields_missing", fields=[NAMES[name] for name in lacking])
    if form.phases[0].due <= desk.now:
        raise Refused("due_past", due=form.phases[0].due.isoformat())
    procedure = desk.policy.tasks[PROCEDURE]
    last = form.phases[-1].due
    assert by.id is not None
    matter = Matter(
        **register.numbered(desk, procedure),
        title=form.title,
        section=by.unit,
        units=form.units,
        received_at=desk.now,
        registered_at=desk.now,
        registrar_id=by.id,
        group_chat_id=register.group_of(desk, by.unit),
        due_at=last,
        first_due_at=last,
        provisional=desk.calendar.is_provisional(desk.calendar.local(last).date()),
        details={"phases": [one.model_dump(mode="json") for one in form.phases]},
    )
    register.enter(desk, matter, procedure, by)
    _set_goals(desk, matter, form)
    for place, phase in enumerate(form.phases):
        _set_clocks(desk, matter, place, phase.due)
    return matter


def _set_goals(desk: Desk, matter: Matter, form: CampaignForm) -> None:
    assert matter.id is not None
    for position, target in enumerate(form.targets):
        for unit in form.units:
            goal = Goal(
                matter_id=matter.id,
                position=position,
                target=target.name,
                measure=target.measure,
                unit=unit,
                number=target.number,
            )
            desk.session.add(goal)
    desk.session.flush()


def _set_clocks(desk: Desk, matter: Matter, place: int, ends: datetime) -> None:
    for kind, limit in _BEFORE.items():
        day = desk.calendar.local(due(limit, ends, desk.calendar, "office").at).date()
        at = desk.calendar.opens_at(day)
        if at > desk.now:
            desk.session.add(Clock(kind=kind, place=place, matter_id=matter.id, at=at))
    desk.session.add(Clock(kind=TABLE, place=place, matter_id=matter.id, at=ends))


def set_goal(
    desk: Desk, matter: Matter, by: Member, units: tuple[str, ...], numbers: dict[str, float]
) -> None:
    """Other goals for some units; what they were stays in the journal. Only who registered it may."""
    if matter.registrar_id != by.id:
        raise Refused("not_registrar", register_no=matter.register_no)
    _check_goals(numbers)
    for unit in units:
        for goal in campaigns.goals(matter.id or 0, unit=unit, session=desk.session):
            if goal.target in numbers:
                before, goal.number = goal.number, numbers[goal.target]
                desk.session.add(goal)
                said = {"unit": unit, "target": goal.target, "before": before, "number": goal.number}
                _note(desk, matter, "goal_set", by, said)


def _note(desk: Desk, matter: Matter, act: str, by: Member, said: dict[str, Any]) -> None:
    journal.write(act, now=desk.now, session=desk.session, member_id=by.id, matter_id=matter.id, **said)


def report(desk: Desk, matter: Matter, by: Member, values: dict[str, float]) -> list[Goal]:
    """A unit's numbers, by target. Refused where it has no part in the campaign, or none is named."""
    mine = campaigns.goals(matter.id or 0, unit=by.unit, session=desk.session)
    if not mine:
        raise Refused("no_goal", register_no=matter.register_no, unit=by.unit)
    told = [goal for goal in mine if goal.target in values]
    if not told:
        raise Refused("no_value", targets=[goal.target for goal in mine])
    for goal in told:
        before, goal.value = goal.value, values[goal.target]
        goal.reported_at, goal.reported_by = desk.now, by.id
        desk.session.add(goal)
        value = shown(goal.value, goal.measure)
        said = {"unit": by.unit, "target": goal.target, "value": value, "before": before}
        _note(desk, matter, "value_reported", by, said)
    return told


def standings(desk: Desk, matter: Matter, units: tuple[str, ...] | None = None) -> list[Standing]:
    """Who of these units, or of all, stands where, by target; the furthest of their goal first."""
    by_target: dict[str, list[Goal]] = {}
    for goal in campaigns.goals(matter.id or 0, session=desk.session):
        if units is None or goal.unit in units:
            by_target.setdefault(goal.target, []).append(goal)
    return [_standing(target, goals) for target, goals in by_target.items()]


def _standing(target: str, goals: list[Goal]) -> Standing:
    ranked = sorted(goals, key=lambda one: -(one.value or 0) / one.number)
    places = tuple(
        Place(
            one.unit,
            shown(one.number, one.measure),
            shown(one.value, one.measure),
            reached(one.value, one.number),
            one.value is not None,
        )
        for one in ranked
    )
    return Standing(target, places, sum(one.reached for one in places))


def facts(desk: Desk, matter: Matter, group: Group | None = None) -> dict[str, Any]:
    """The table for the chat: in a group of what it may be shown."""
    only = bearings.units_shown(desk, group)
    found = standings(desk, matter, only)
    return {
        "only": only,
        "register_no": matter.register_no,
        "title": matter.title,
        "standings": [
            {"target": one.target, "reached": one.reached, "places": [p._asdict() for p in one.places]}
            for one in found
        ],
        "silent": sorted({p.unit for one in found for p in one.places if not p.reported}),
    }


# --- what falls due ---------------------------------------------------------------------------------


def _ask(desk: Desk, row: Clock) -> None:
    """Every unit's liaison is asked for its numbers; the second time only those that have said none since."""
    matter = _running(desk, row)
    if matter is None:
        return
    phase = matter.details["phases"][row.place]
    since = _began(matter, row.place)
    unreached = []
    for unit in matter.units:
        goals = campaigns.goals(matter.id or 0, unit=unit, session=desk.session)
        if row.kind == REMIND and all(one.reported_at and one.reported_at >= since for one in goals):
            continue
        who = bearings.acting_head_of(desk, unit)
        asked = who and post.to_member(
            desk,
            who,
            "campaign.asked",
            kind="note",
            matter=matter,
            cause=f"{row.kind}:{matter.id}:{row.place}:{unit}",
            register_no=matter.register_no,
            title=matter.title,
            phase=phase["name"],
            due=phase["due"],
            again=row.kind == REMIND,
            goals=[goal_facts(one) for one in goals],
        )
        if not asked:
            unreached.append(
                {"unit": unit, "name": who.name if who else None, "phone": who.phone if who else None}
            )
    if unreached:
        _tell_unreached(desk, matter, row, unreached)


def _tell_unreached(desk: Desk, matter: Matter, row: Clock, unreached: list[dict[str, Any]]) -> None:
    """Who leads the campaign telephones those who cannot be told here."""
    post.to_member(
        desk,
        people.member(matter.registrar_id, session=desk.session),
        "campaign.unreached",
        kind="note",
        matter=matter,
        cause=f"{row.kind}:{matter.id}:{row.place}:unreached",
        register_no=matter.register_no,
        title=matter.title,
        units=unreached,
    )


def goal_facts(goal: Goal) -> dict[str, Any]:
    """A goal and where its unit stands, for the chat."""
    return {
        "target": goal.target,
        "goal": shown(goal.number, goal.measure),
        "value": shown(goal.value, goal.measure),
    }


def _began(matter: Matter, phase: int) -> datetime:
    """When a phase began: when the one before ended."""
    if phase == 0:
        return matter.registered_at
    return datetime.fromisoformat(matter.details["phases"][phase - 1]["due"])


def _table(desk: Desk, row: Clock) -> None:
    """A phase has ended: the table to who leads it, to the group, and to the deputy director in charge."""
    matter = _running(desk, row)
    if matter is None:
        return
    phase = matter.details["phases"][row.place]
    said = facts(desk, matter) | {"phase": phase["name"]}
    told = {matter.registrar_id: people.member(matter.registrar_id, session=desk.session)}
    about = Bearings(matter.section, None, tuple(matter.units), told[matter.registrar_id].name, None)
    above = posts.deputy_director(about, desk.roster)
    member = people.by_name(above.name, session=desk.session) if above else None
    if member is not None and member.id is not None:
        told[member.id] = member
    for one in told.values():
        cause = f"{TABLE}:{matter.id}:{row.place}:{one.id}"
        post.to_member(desk, one, "campaign.table", kind="note", matter=matter, cause=cause, **said)
    if matter.group_chat_id is not None:
        cause = f"{TABLE}:{matter.id}:{row.place}:group"
        group = people.group_of_chat(matter.group_chat_id, session=desk.session)
        here = facts(desk, matter, group) | {"phase": phase["name"]}
        post.to_group(
            desk, matter.group_chat_id, "campaign.table", kind="note", matter=matter, cause=cause, **here
        )


def _running(desk: Desk, row: Clock) -> Matter | None:
    matter = matters.matter(row.matter_id or 0, session=desk.session)
    return matter if matter.state == "open" else None


CLOCKS = {ASK: _ask, REMIND: _ask, TABLE: _table}
