"""Calling a meeting: caps, clashes, merging looked at; the checks begin side by side (rules.md M1, M5)."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from office import attachments, cards, move, post, register
from office.desk import Desk, Refused
from office.meetings import change, clocks, notice
from rules import meetings as rules
from rules.meetings import MeetingKind, Over, Plan, Slot
from rules.posts import head_of
from storage import matters, meetings, outbox, people, search
from storage.models import Card, Clock, Matter, Member, Step

CHECKS = ("notice", "plan", "place", "papers", "people", "service")
"""the steps that begin with the call; those of the minutes follow when it is over"""
FIELD_NAMES = {
    "title": "会议主题",
    "at": "时间",
    "place": "地点",
    "who": "参会单位或人员",
    "reason": "超标准的理由",
}


class MeetingForm(BaseModel):
    """What is known of a meeting before it is called; JSON-ready, kept in a draft."""

    model_config = ConfigDict(extra="forbid")

    title: str | None = Field(default=None, max_length=200)
    at: datetime | None = None
    ends: datetime | None = None
    readings: list[datetime] = []
    place: str | None = Field(default=None, max_length=change.PLACE_LIMIT)
    host: str | None = None
    units: list[str] = []
    people: list[str] = []
    others: list[str] = []
    """who takes part and is in none of the office's lists: told by hand"""
    vague: list[str] = []
    """words that name nobody: 各有关部门"""
    ambiguous: list[list[str]] = []
    agenda: list[str] = []
    pages: int | None = Field(default=None, ge=1)
    report_minutes: int | None = Field(default=None, ge=1)
    speech_minutes: int | None = Field(default=None, ge=1)
    section: str | None = None
    reason: str | None = Field(default=None, max_length=300)
    holders: dict[str, str] = {}
    """who checks what, by step"""
    files: list[int] = []
    matter_id: int | None = None


def kind_of(desk: Desk, form: MeetingForm) -> MeetingKind:
    """The kind of meeting that a form says by its title."""
    return desk.policy.meetings.kind_said(form.title or "")


def ends_of(desk: Desk, form: MeetingForm) -> datetime:
    """When it ends: as it was said, else after the usual time."""
    assert form.at is not None
    return form.ends or form.at + rules.span(desk.policy.meetings.hours)


def overs(desk: Desk, form: MeetingForm) -> list[Over]:
    """The caps that it exceeds (M5)."""
    known = desk.roster.unit_by_name
    departments = sum(unit in known and known[unit].level == "units" for unit in form.units)
    departments += len(form.others)
    days = 1
    if form.at is not None:
        first, last = (desk.calendar.local(at).date() for at in (form.at, ends_of(desk, form)))
        days = (last - first).days + 1
    plan = Plan(departments, form.pages, form.report_minutes, form.speech_minutes, days)
    return rules.over_caps(kind_of(desk, form), plan)


def missing(desk: Desk, form: MeetingForm) -> list[str]:
    """What has still to be asked for, in order."""
    lacking = [name for name in ("title", "at", "place") if not getattr(form, name)]
    if not (form.units or form.people or form.host):
        lacking.append("who")
    if not lacking and overs(desk, form) and not form.reason:
        lacking.append("reason")
    return lacking


def slot(matter: Matter) -> Slot:
    """When and where a meeting that was called is, and with whom."""
    assert matter.event_at is not None
    people_ = {*matter.scope, *filter(None, (matter.details.get("host"),))}
    ends = matter.event_ends_at or matter.event_at
    return Slot(
        matter.event_at, ends, matter.details.get("place"), frozenset(people_), frozenset(matter.units)
    )


def _slot_of(desk: Desk, form: MeetingForm) -> Slot:
    assert form.at is not None
    named = {*form.people, *filter(None, (form.host,))}
    return Slot(form.at, ends_of(desk, form), form.place, frozenset(named), frozenset(form.units))


class Beside(BaseModel):
    """Another meeting that stands in the way of one, or could be held with it."""

    matter_id: int
    register_no: str
    title: str
    at: datetime
    room: bool = False
    """the same room at the same time"""
    people: list[str] = []
    """who would have to be in both"""
    merge: bool = False
    """nearly the same people near that time"""


def beside(desk: Desk, wanted: Slot, but: int | None = None) -> list[Beside]:
    """The meetings that clash with one, and those that could be merged with it."""
    reach = timedelta(days=max(desk.policy.meetings.merge.days, 10))
    near = meetings.between(wanted.begins - reach, wanted.ends + reach, session=desk.session)
    found = (_beside(desk, wanted, one) for one in near if one.id != but)
    return [one for one in found if one.room or one.people or one.merge]


def _beside(desk: Desk, wanted: Slot, matter: Matter) -> Beside:
    other = slot(matter)
    room, both = rules.clash(wanted, other)
    return Beside(
        matter_id=matter.id or 0,
        register_no=matter.register_no,
        title=matter.title,
        at=other.begins,
        room=room,
        people=both,
        merge=rules.could_merge(wanted, other, desk.policy.meetings.merge),
    )


def beside_form(desk: Desk, form: MeetingForm) -> list[Beside]:
    """The same of a meeting that is not called yet; nothing before its time is known."""
    return beside(desk, _slot_of(desk, form)) if form.at is not None else []


def check(desk: Desk, form: MeetingForm, by: Member) -> None:
    """Refused: mt_not_yours, fields_missing, mt_past, mt_reversed."""
    if not desk.policy.may(by.roles, "register"):
        raise Refused("may_not_register")
    if lacking := missing(desk, form):
        raise Refused("fields_missing", fields=[FIELD_NAMES[name] for name in lacking])
    assert form.at is not None
    if form.at <= desk.now:
        raise Refused("mt_past", at=form.at.isoformat())
    if ends_of(desk, form) <= form.at:
        raise Refused("mt_reversed")


def call(
    desk: Desk,
    form: MeetingForm,
    by: Member,
    *,
    send: bool = True,
    group_chat_id: int | None = None,
    card: Card | None = None,
) -> Matter:
    """Call it: number, journal, checks with a name each; the notice goes out unless `send` is False.

    Over a cap it waits for the approval. `card`: a message in the group which becomes its card there.
    """
    check(desk, form, by)
    exceeded = overs(desk, form)
    matter = _matter(desk, form, by, exceeded, group_chat_id)
    matter.details["send"] = send
    desk.session.add(matter)
    desk.session.flush()
    attachments.give(desk, form.files, matter, by)
    notice.note(desk, matter, "registered", by, register_no=matter.register_no)
    notice.list_invited(desk, matter)
    _begin(desk, matter, (*(("approve",) if exceeded else ()), *CHECKS))
    clocks.set_clocks(desk, matter)
    _show_in_group(desk, matter, card)
    search.index(matter, session=desk.session)
    if send and not exceeded:
        notice.send(desk, matter, by)
    return matter


def _matter(
    desk: Desk, form: MeetingForm, by: Member, exceeded: list[Over], group_chat_id: int | None
) -> Matter:
    assert by.id is not None and form.at is not None
    return Matter(
        **register.numbered(desk, desk.policy.procedures[meetings.PROCEDURE]),
        title=form.title or "",
        section=form.section or by.unit,
        units=form.units,
        scope=form.people,
        handler_id=by.id,
        received_at=desk.now,
        registered_at=desk.now,
        registrar_id=by.id,
        group_chat_id=group_chat_id,
        event_at=form.at,
        event_ends_at=ends_of(desk, form),
        details=_details(desk, form, exceeded),
    )


def _details(desk: Desk, form: MeetingForm, exceeded: list[Over]) -> dict[str, Any]:
    kept = form.model_dump(
        mode="json",
        include={"others", "place", "host", "agenda", "pages", "report_minutes", "speech_minutes", "reason"},
    )
    return kept | {
        "kind": kind_of(desk, form).key,
        "over": [one._asdict() for one in exceeded],
        "holders": _holders(desk, form),
        "code": f"{secrets.randbelow(10_000):04}",
        "round": 0,
    }


def _holders(desk: Desk, form: MeetingForm) -> dict[str, str]:
    """Who checks what: as named, else the head of the policy's unit; the host signs the minutes."""
    usual: dict[str, str] = {}
    for step, unit in desk.policy.meetings.holders.items():
        known = desk.roster.unit_called(unit)
        head = head_of(known.name, desk.roster) if known else None
        if head is not None:
            usual[step] = head.name
    if form.host:
        usual["sign_minutes"] = form.host
    return usual | form.holders


def _begin(desk: Desk, matter: Matter, keys: tuple[str, ...]) -> list[Step]:
    """Begin steps; whoever holds several of them gets one card for all."""
    procedure = move.procedure_of(desk, matter)
    steps = [step for key in keys for step in move.begin(desk, matter, procedure.step(key), told=False)]
    give_cards(desk, matter, steps)
    return steps


def give_cards(desk: Desk, matter: Matter, steps: list[Step]) -> None:
    """One card for each holder; a step whose holder cannot be reached rings its first rung at once."""
    for holder_id in dict.fromkeys(step.holder_id for step in steps):
        own = [step for step in steps if step.holder_id == holder_id]
        if _has_card(desk, matter, holder_id):
            continue
        if cards.hand_to_holder(desk, matter, own[0], people.member(holder_id, session=desk.session)) is None:
            desk.session.add_all(
                Clock(kind="unreached", matter_id=matter.id, step_id=step.id, at=desk.now) for step in own
            )


def _has_card(desk: Desk, matter: Matter, member_id: int) -> bool:
    standing = matters.standing_cards(matter.id or 0, kinds=["holder"], session=desk.session)
    return any(card.member_id == member_id for card in standing)


def _show_in_group(desk: Desk, matter: Matter, card: Card | None) -> None:
    if card is not None:
        card.kind, card.matter_id, card.draft_id = "group", matter.id, None
        level = post.priority(desk, matter)
        outbox.enqueue_edit(card, priority=level, now=desk.now, session=desk.session)


# --- approval ---------------------------------------------------------------------------------------


def held_approval(desk: Desk, step_id: int, by: Member) -> tuple[Step, Matter]:
    """The approval of a meeting that `by` holds. Refused: not_holder, step_over, button_unknown."""
    step, matter, rule = move.held(desk, step_id, by, "acknowledge")
    if rule.key != "approve":
        raise Refused("button_unknown")
    return step, matter


def approve(desk: Desk, step_id: int, by: Member, *, granted: bool, reason: str = "") -> Matter:
    """The director on a meeting over a cap (M5): granted, the notice goes out; else it is not held."""
    step, matter = held_approval(desk, step_id, by)
    if not granted:
        change.cancel(desk, matter, by, f"未获批准：{move.check_words(reason)}")
        return matter
    move.end(desk, matter, step, by, "同意召开")
    organiser = people.member(matter.handler_id or matter.registrar_id, session=desk.session)
    if matter.details.get("send"):
        notice.send(desk, matter, organiser)
    post.to_member(
        desk,
        organiser,
        "meeting.approved",
        kind="note",
        matter=matter,
        register_no=matter.register_no,
        title=matter.title,
        by=by.name,
        sent=bool(matter.details.get("noticed")),
    )
    cards.refresh(desk, matter)
    return matter
