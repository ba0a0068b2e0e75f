"""A notice goes with its post (P1, P3): to the stand-in of who is away, to another liaison.

What a stand-in has answered he sees through; what nobody has answered comes back when the leave is over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from office import absence, cards
from office.desk import Desk
from office.meetings import notice
from storage import matters, meetings, people
from storage.models import Absence, Clock, Invitation, Matter, Member

Rows = defaultdict[int, list[dict[str, Any]]]


def follow(desk: Desk, member: Member) -> None:
    """A leave of a member was recorded, begins, is taken back or is over: his notices follow it."""
    told: Rows = defaultdict(list)
    for one, matter in meetings.notices_of(member.id or 0, desk.now, session=desk.session):
        owner = people.member(one.for_id or one.member_id or 0, session=desk.session)
        to = _who_answers(desk, matter, one, owner)
        if to.id != one.member_id:
            _hand(desk, matter, one, to, owner, told)
        elif to.id == owner.id and one.round and _nobody_acts(desk, matter, one, owner):
            told[matter.id or 0].append(notice.reach(desk, one) | {"to": None, "was": owner.name})
    _tell_organisers(desk, told)


def _who_answers(desk: Desk, matter: Matter, one: Invitation, owner: Member) -> Member:
    """Who has the notice: who comes to the meeting in the owner's place, who acts for him now, or himself."""
    holder = people.member(one.member_id or 0, session=desk.session)
    if one.answer == "replaced":
        return holder
    then, away = absence.who_acts(desk, owner, matter.event_at or desk.now)
    if away is not None and matter.state == "open":
        return then
    if one.answer != "waiting":
        return holder if one.for_id else owner
    return absence.who_acts(desk, owner, desk.now)[0]


def _nobody_acts(desk: Desk, matter: Matter, one: Invitation, owner: Member) -> bool:
    """Whether he should answer or come, is away, and nobody stands in for him."""
    if one.answer == "replaced" or (matter.state != "open" and one.answer != "waiting"):
        return False
    at_it = matter.event_at is not None and not absence.present(desk, owner, matter.event_at)
    return at_it or (one.answer == "waiting" and not absence.present(desk, owner, desk.now))


def _hand(desk: Desk, matter: Matter, one: Invitation, to: Member, owner: Member, told: Rows) -> None:
    was = people.member(one.member_id or 0, session=desk.session)
    notice.retire(desk, matter, one, to=to.name)
    one.member_id, one.for_id = to.id, None if to.id == owner.id else owner.id
    desk.session.add(one)
    if not one.round:
        return
    reached = notice.tell(desk, matter, one, one.round)
    notice.note(desk, matter, "meeting_handed_on", None, name=one.name, was=was.name, to=to.name)
    told[matter.id or 0].append(notice.reach(desk, one) | {"to": to.name, "was": was.name, "told": reached})


def _tell_organisers(desk: Desk, told: Rows) -> None:
    """One message a meeting: who has whose notice now, and whom nobody stands in for."""
    for matter_id, rows in told.items():
        matter = matters.matter(matter_id, session=desk.session)
        day = desk.calendar.local(desk.now).date()
        said = ",".join(f"{row['was']}>{row['to']}" for row in rows)
        cause = f"mt:handed:{matter_id}:{matter.details['round']}:{day}:{said}"
        notice.tell_organiser(desk, matter, "meeting.handed_on", cause=cause, rows=rows)
        cards.refresh(desk, matter)


def to_successor(desk: Desk, old: Member, new: Member, unit: str | None = None) -> None:
    """Somebody else answers from now on, for good: for a unit (P3), or in all of it where he left.

    What was answered stays answered; what was not is asked of the new one. Whom the old one stood in for
    keeps his post: the new one only stands in.
    """
    told: Rows = defaultdict(list)
    for one, matter in meetings.notices_of(old.id or 0, desk.now, session=desk.session):
        if (unit is not None and one.unit != unit) or one.member_id == new.id:
            continue
        stood_in = one.for_id is not None and one.for_id != old.id
        owner = people.member(one.for_id or 0, session=desk.session) if stood_in else new
        if one.answer == "waiting":
            _hand(desk, matter, one, new, owner, told)
        else:
            notice.retire(desk, matter, one, to=new.name)
            one.member_id, one.for_id = new.id, None if new.id == owner.id else owner.id
            desk.session.add(one)
    _tell_organisers(desk, told)


def _heard(desk: Desk, row: Clock) -> None:
    leave = desk.session.get_one(Absence, row.about_id)
    follow(desk, people.member(leave.member_id, session=desk.session))


CLOCKS: dict[str, Callable[[Desk, Clock], None]] = {absence.HEARD: _heard}
"""what falls due here (office/tick.py)"""
