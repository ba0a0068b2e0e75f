"""Calling a meeting: caps, clashes, merging looked at; the checks begin side by side (rules.md M1, M5)."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from office import attachments, post, register
from office.desk import Desk, Refused
from office.meetings import caps, change, checks, clocks, notice
from rules import meetings as rules
from rules.meetings import MeetingKind, Over, Slot
from rules.posts import head_of
from storage import meetings, outbox, search
from storage.models import Card, Matter, Member

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
    ends = ends_of(desk, form) if form.at is not None else None
    sizes = form.model_dump(include=set(caps.SIZES))
    return caps.exceeded(desk, kind_of(desk, form), [*form.units, *form.others], form.at, ends, sizes)


def missing(desk: Desk, form: MeetingForm) -> list[str]:
    """What has still to be asked for, in order."""
    lacking = [name for name in ("title", "at", "place") if not getattr(form, name)]
    if not (form.units or form.people or form.others or form.host):
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
    checks.begin(desk, matter, *(("approve",) if exceeded else ()), *CHECKS)
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


def _show_in_group(desk: Desk, matter: Matter, card: Card | None) -> None:
    if card is not None:
        card.kind, card.matter_id, card.draft_id = "group", matter.id, None
        level = post.priority(desk, matter)
        outbox.enqueue_edit(card, priority=level, now=desk.now, session=desk.session)
