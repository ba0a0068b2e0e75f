"""On the day of a meeting (M2): agenda, materials, signing in; when it is over, the minutes follow."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from office import cards, hand_out, move, post
from office.desk import Desk, Refused
from office.meetings import change, checks, clocks, notice, silent
from rules.meetings import may_sign_in, span
from storage import files, matters, meetings, people
from storage.models import Clock, Invitation, Matter, Member
from storage.outbox import REMINDER


def opens(desk: Desk, row: Clock) -> None:
    """Signing in opens: everybody who is to come is told, with the materials; the organiser gets the code."""
    matter = matters.matter(row.matter_id or 0, session=desk.session)
    if matter.state != "open" or not matter.details.get("noticed"):
        return
    kept = files.of_matter(matter.id or 0, session=desk.session)
    told: set[int] = set()
    for one in meetings.invitations(matter.id or 0, session=desk.session):
        for member in _coming(desk, one):
            if member.id is not None and member.id not in told:
                told.add(member.id)
                _remind(desk, matter, one, member)
                for file in kept if member.telegram_id and member.reach == "ok" else ():
                    hand_out.send(
                        desk,
                        member.telegram_id or 0,
                        file,
                        "file.sent",
                        member=member,
                        priority=REMINDER,
                        name=file.name,
                        register_no=matter.register_no,
                    )
    _give_code(desk, matter)


def _coming(desk: Desk, one: Invitation) -> list[Member]:
    """Who is reminded of the day: who comes instead, where the office knows him; else who answered."""
    instead = people.by_name(one.substitute, session=desk.session) if one.substitute else None
    if instead is not None:
        return [instead]
    return [people.member(one.member_id, session=desk.session)] if one.member_id else []


def _remind(desk: Desk, matter: Matter, one: Invitation, member: Member) -> None:
    post.to_member(
        desk,
        member,
        "meeting.day",
        kind="note",
        matter=matter,
        cause=f"mt:day:{matter.id}:{matter.details['round']}:{member.id}",
        buttons=[[["mt_in", one.id, "✋ 签到"]]],
        name=one.name,
        **notice.facts(desk, matter),
    )


def _give_code(desk: Desk, matter: Matter) -> None:
    organiser = people.member(matter.handler_id or matter.registrar_id, session=desk.session)
    post.to_member(
        desk,
        organiser,
        "meeting.code",
        kind="note",
        matter=matter,
        cause=f"mt:code:{matter.id}:{matter.details['round']}",
        buttons=[[["mt_came", matter.id, "📋 签到名单"]]],
        code=matter.details["code"],
        until=until(desk, matter).isoformat(),
        **notice.facts(desk, matter),
    )


def until(desk: Desk, matter: Matter) -> datetime:
    """When signing in closes."""
    assert matter.event_at is not None
    return matter.event_at + span(desk.policy.meetings.sign_in.closes)


# --- signing in -------------------------------------------------------------------------------------


def come(desk: Desk, invitation_id: int, by: Member) -> Matter:
    """签到 by button: his own place, or one that he takes instead. Refused: mt_no_time, button_unknown."""
    one = meetings.invitation(invitation_id, session=desk.session)
    if one is None or not is_of(one, by):
        raise Refused("button_unknown")
    matter = matters.matter(one.matter_id, session=desk.session)
    if matter.state != "open" or not _open(desk, matter):
        assert matter.event_at is not None
        first = matter.event_at - span(desk.policy.meetings.sign_in.opens)
        raise Refused(
            "mt_no_time",
            register_no=matter.register_no,
            first=first.isoformat(),
            until=until(desk, matter).isoformat(),
        )
    _enter(desk, matter, one, by, "button")
    return matter


def is_of(one: Invitation, member: Member) -> bool:
    """Whether somebody comes for an invitation: who was asked, who comes instead, anybody of the unit."""
    asked = member.id in (one.member_id, one.for_id)
    return asked or one.substitute == member.name or one.unit == member.unit


def _open(desk: Desk, matter: Matter) -> bool:
    assert matter.event_at is not None
    return may_sign_in(desk.now, matter.event_at, desk.policy.meetings.sign_in)


def _enter(desk: Desk, matter: Matter, one: Invitation, by: Member, how: str) -> None:
    if one.came_at is not None:
        return
    one.came_at, one.came_by = desk.now, how
    desk.session.add(one)
    notice.note(desk, matter, "meeting_came", by, to=one.name, who=by.name, how=how)
    cards.refresh(desk, matter)


def come_by_code(desk: Desk, code: str, by: Member) -> tuple[str, Matter | None]:
    """签到 4821: in (with the meeting), wrong, locked (tried too often), or none (nothing to sign in to)."""
    rule, near = desk.policy.meetings.sign_in, span(desk.policy.meetings.sign_in.opens)
    found = [
        (one, matter)
        for matter in meetings.between(
            desk.now - span(rule.closes), desk.now + near + near, session=desk.session
        )
        if _open(desk, matter)
        for one in meetings.invitations(matter.id or 0, session=desk.session)
        if is_of(one, by)
    ]
    for one, matter in found:
        if one.tries < rule.tries and matter.details["code"] == code:
            _enter(desk, matter, one, by, "code")
            return "in", matter
    for one, _ in found:
        one.tries += 1
        desk.session.add(one)
    if not found:
        return "none", None
    return ("locked" if all(one.tries >= rule.tries for one, _ in found) else "wrong"), found[0][1]


def came(desk: Desk, matter: Matter) -> dict[str, Any]:
    """Who signed in, when, and who has not."""
    invited = meetings.invitations(matter.id or 0, session=desk.session)
    there = sorted((one for one in invited if one.came_at), key=lambda one: (one.came_at, one.place))
    return {
        "total": len(invited),
        "came": [_line(one) | {"at": one.came_at.isoformat()} for one in there if one.came_at],
        "absent": [_line(one) for one in invited if one.came_at is None],
    }


def _line(one: Invitation) -> dict[str, Any]:
    return {"name": one.name, "substitute": one.substitute}


# --- the end ----------------------------------------------------------------------------------------


def over(desk: Desk, row: Clock) -> None:
    """The meeting is over: it counts as held, checks that nobody signed end, the minutes begin (M3).

    One whose notice never went out was not held. A change that still waits for its approval lapses.
    """
    matter = matters.matter(row.matter_id or 0, session=desk.session)
    if matter.state != "open" or matter.details.get("held"):
        return
    organiser = people.member(matter.handler_id or matter.registrar_id, session=desk.session)
    if not matter.details.get("noticed"):
        change.cancel(desk, matter, organiser, "到开会时间仍未发出通知，视为未召开")
        return
    if matter.details.get("wanted"):
        notice.tell_organiser(desk, matter, "meeting.change_lapsed")
    details = {key: value for key, value in matter.details.items() if key != "wanted"}
    matter.details = details | {"held": True}
    desk.session.add(matter)
    for step in matters.open_steps(matter.id or 0, session=desk.session):
        move.end(desk, matter, step, organiser, "会议已召开，未确认", state="cancelled")
    notice.note(desk, matter, "meeting_held", None, unit=matter.section, kind=matter.details["kind"])
    rule = move.procedure_of(desk, matter).step("minutes")
    checks.give_cards(desk, matter, move.begin(desk, matter, rule, told=False))
    cards.refresh(desk, matter)


CLOCKS = {
    clocks.CHASE: silent.chase,
    clocks.UNREACHED: silent.unreached,
    clocks.DAY: opens,
    clocks.OVER: over,
}
