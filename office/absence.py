"""Leave 请假 (P2) and who acts meanwhile (P1)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import update
from sqlmodel import col

from office import post
from office.desk import Desk, Refused
from rules.ladder import awake
from storage import journal, matters, people
from storage.models import Absence, Clock, Member

LONGEST = timedelta(days=366)
HOPS = 2
"""How far a post is passed on: to the stand-in, and to the stand-in's stand-in."""

BEGINS, ENDS = "absence", "absence_end"
HEARD = "absence_heard"
"""a leave was recorded or taken back: what others have to know of it follows"""


class Recorded(NamedTuple):
    """A leave as it was recorded: who acts meanwhile (None: nobody), how many open matters go over."""

    absence: Absence
    member: Member
    stand_in: Member | None
    open_matters: int


def present(desk: Desk, member: Member, at: datetime) -> bool:
    """Whether a member is in office at an instant."""
    return member.active and people.absence_of(_id(member), at, session=desk.session) is None


def who_acts(desk: Desk, member: Member, at: datetime) -> tuple[Member, Member | None]:
    """Who acts on a member's post at an instant, and for whom he stands in (P1).

    A stand-in who is away himself is followed to his own; whether he can be told is the ladder's business.
    Where everybody on that way is away, or nobody is named, the post stays with its member.
    """
    acting, seen = member, {_id(member)}
    for _ in range(HOPS + 1):
        away = people.absence_of(_id(acting), at, session=desk.session)
        if away is None:
            return (acting, None) if acting is member else (acting, member)
        following = stand_in_of(desk, acting, away.stand_in)
        if following is None or _id(following) in seen:
            break
        acting = following
        seen.add(_id(acting))
    return member, None


def stand_in_of(desk: Desk, member: Member, named: str | None = None) -> Member | None:
    """The person named for this leave, else the B岗 of the post."""
    name = named or member.stand_in
    return people.by_name(name, session=desk.session) if name else None


def may_record(desk: Desk, member: Member, by: Member) -> bool:
    """One's own leave; a section head's section; a deputy director's sections; the director: everybody's."""
    if member.id == by.id:
        return True
    if not desk.policy.may(by.roles, "record_leave"):
        return False
    own = "section_head" in by.roles and member.unit == by.unit
    return own or "director" in by.roles or member.unit in by.in_charge_of


def check(desk: Desk, member: Member, first_day: date, last_day: date, *, by: Member) -> None:
    """Refuses a leave that may not be recorded, with the reason."""
    if not may_record(desk, member, by):
        raise Refused("leave_not_yours", name=member.name)
    today = desk.calendar.local(desk.now).date()
    if last_day < first_day:
        raise Refused("leave_reversed", first=first_day.isoformat(), last=last_day.isoformat())
    if last_day < today:
        raise Refused("leave_past", last=last_day.isoformat())
    if last_day - first_day > LONGEST or first_day - today > LONGEST:
        raise Refused("leave_too_long")
    for other in people.absences(_id(member), first_day, last_day, session=desk.session):
        if other.ends > desk.now:
            buttons = [[["leave_off", other.id, "↩️ 销假"]]]
            raise Refused("leave_overlaps", name=member.name, buttons=buttons, **_days(other))


def away_stand_in(
    desk: Desk, member: Member, first_day: date, last_day: date, named: str | None
) -> Member | None:
    """The stand-in, if he is away himself on one of these days: then somebody must be chosen."""
    chosen = stand_in_of(desk, member, named)
    if chosen is None:
        return None
    days = people.absences(_id(chosen), first_day, last_day, session=desk.session)
    return chosen if any(one.ends > desk.now for one in days) else None


def record(
    desk: Desk, member: Member, first_day: date, last_day: date, stand_in: str | None = None, *, by: Member
) -> Recorded:
    """Record a leave of whole days, both included; from today on it begins now.

    Refused: leave_not_yours, leave_reversed, leave_past, leave_too_long, leave_overlaps,
    leave_nobody (no such stand-in), leave_own_stand_in.
    """
    check(desk, member, first_day, last_day, by=by)
    acting = stand_in_of(desk, member, stand_in)
    if stand_in is not None and acting is None:
        raise Refused("leave_nobody", name=stand_in)
    if acting is not None and acting.id == member.id:
        raise Refused("leave_own_stand_in", name=member.name)
    absence = Absence(
        member_id=_id(member),
        first_day=first_day,
        last_day=last_day,
        starts=max(_midnight(desk, first_day), desk.now),
        ends=_midnight(desk, last_day + timedelta(days=1)),
        stand_in=stand_in,
        recorded_by=_id(by),
    )
    desk.session.add(absence)
    desk.session.flush()
    _set_clocks(desk, absence)
    _tell_of(desk, absence, member, acting, by)
    days = _days(absence)
    _note(desk, "leave", by, absence, name=member.name, stand_in=acting.name if acting else None, **days)
    held = len(matters.held_by(_id(member), session=desk.session))
    return Recorded(absence, member, acting, held)


def cancel(desk: Desk, absence: Absence, *, by: Member) -> Absence:
    """销假: take a leave back before it begins; end it now while it runs (its return is then due at once)."""
    member = people.member(absence.member_id, session=desk.session)
    if not may_record(desk, member, by):
        raise Refused("leave_not_yours", name=member.name)
    if absence.cancelled or absence.ends <= desk.now:
        raise Refused("leave_over", name=member.name)
    _stop_clocks(desk, absence)
    if desk.now < absence.starts:
        absence.cancelled = True
        desk.session.add(Clock(kind=HEARD, about_id=absence.id, at=desk.now))
        _tell_of_no_leave(desk, absence, member, by)
    else:
        absence.ends = desk.now
        desk.session.add(Clock(kind=ENDS, about_id=absence.id, at=desk.now))
    desk.session.add(absence)
    _note(desk, "leave_cancelled", by, absence, name=member.name)
    return absence


def coming(desk: Desk, member: Member) -> list[Absence]:
    """The leaves of a member that run or are still to come, earliest first."""
    today = desk.calendar.local(desk.now).date()
    found = people.absences(_id(member), today - LONGEST, today + 2 * LONGEST, session=desk.session)
    return sorted((one for one in found if one.ends > desk.now), key=lambda one: one.starts)


def _midnight(desk: Desk, day: date) -> datetime:
    return datetime.combine(day, time(), desk.calendar.zone)


def _set_clocks(desk: Desk, absence: Absence) -> None:
    """The return is told when the office wakes: nobody is rung at midnight for it."""
    back = awake(absence.ends, desk.policy.calendar.quiet, desk.calendar)
    desk.session.add(Clock(kind=HEARD, about_id=absence.id, at=desk.now))
    desk.session.add(Clock(kind=BEGINS, about_id=absence.id, at=absence.starts))
    desk.session.add(Clock(kind=ENDS, about_id=absence.id, at=back))


def _stop_clocks(desk: Desk, absence: Absence) -> None:
    stop = update(Clock).where(
        col(Clock.kind).in_([BEGINS, ENDS]),
        col(Clock.about_id) == absence.id,
        col(Clock.state) == "pending",
    )
    desk.session.connection().execute(stop.values(state="cancelled"))


def _tell_of(desk: Desk, absence: Absence, member: Member, acting: Member | None, by: Member) -> None:
    """Who stands in is told, and who is away, unless he wrote it himself."""
    facts: dict[str, Any] = {
        "name": member.name,
        "by": by.name,
        "stand_in": acting.name if acting else None,
        "begun": absence.starts <= desk.now,
        **_days(absence),
    }
    for one, wording in ((acting, "leave.you_stand_in"), (member, "leave.recorded_for_you")):
        if one is not None and one.id != by.id:
            post.to_member(
                desk, one, wording, kind="note", cause=f"leave:{absence.id}:told:{one.id}", **facts
            )


def _tell_of_no_leave(desk: Desk, absence: Absence, member: Member, by: Member) -> None:
    """Who would have stood in is told that he need not; when it has begun, its end tells him."""
    acting = stand_in_of(desk, member, absence.stand_in)
    if acting is not None and acting.id != by.id:
        cause = f"leave:{absence.id}:taken_back:{acting.id}"
        facts: dict[str, Any] = {"name": member.name, **_days(absence)}
        post.to_member(desk, acting, "leave.not_needed", kind="note", cause=cause, **facts)


def _days(absence: Absence) -> dict[str, Any]:
    return {"first": absence.first_day.isoformat(), "last": absence.last_day.isoformat()}


def _note(desk: Desk, act: str, by: Member, absence: Absence, **facts: Any) -> None:
    journal.write(act, now=desk.now, session=desk.session, member_id=by.id, absence_id=absence.id, **facts)


def _id(member: Member) -> int:
    assert member.id is not None
    return member.id
