"""Duty 值班 (E6): who is on duty at an instant, who keeps the roster, where it has gaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from office import absence, bearings
from office.desk import Desk
from rules import limits
from storage import duty, people
from storage.duty import POSTS
from storage.models import DutyDay, Member

POST_NAMES = {"leader": "带班领导", "first": "主班", "second": "副班"}
_NOBODY: Mapping[str, Member] = MappingProxyType({})


class OnDuty(NamedTuple):
    """Who acts as duty leader, first and second; None: nobody is on the roster for it.

    `instead`: post → whom the one named there stands in for, who is on leave (P1).
    """

    leader: Member | None
    first: Member | None
    second: Member | None
    day: date
    """the day of duty: before the change-over it is still the day before"""
    instead: Mapping[str, Member] = _NOBODY

    def posts(self) -> dict[str, Member]:
        """The posts that somebody fills, in order."""
        filled = zip(POSTS, (self.leader, self.first, self.second), strict=True)
        return {post: member for post, member in filled if member is not None}

    def members(self) -> list[Member]:
        """Everybody on duty, each once, the leader first."""
        return list({member.id: member for member in self.posts().values()}.values())


def day_of(desk: Desk, at: datetime) -> date:
    """The day of duty that an instant belongs to."""
    local = desk.calendar.local(at)
    before = local.time() < desk.policy.duty.change_over
    return local.date() - timedelta(days=before)


def change_over(desk: Desk, day: date) -> datetime:
    """The instant at which a day's duty begins."""
    return datetime.combine(day, desk.policy.duty.change_over, desk.calendar.zone)


def after(desk: Desk, span: str, at: datetime) -> datetime:
    """An instant a span of the policy later, round the clock."""
    return limits.due(span, at, desk.calendar, "round").at


def on_duty(desk: Desk, at: datetime) -> OnDuty:
    """Who is on duty at an instant, leave taken into account (P2).

    Where the one on the roster is away, his stand-in acts (`instead` says for whom); a post whose
    people are all away stays with the one on the roster. Swaps that were granted are in the roster.
    """
    day = day_of(desk, at)
    row = duty.day(day, session=desk.session)
    return _acting(desk, row, day, at) if row is not None else OnDuty(None, None, None, day)


def _acting(desk: Desk, row: DutyDay, day: date, at: datetime) -> OnDuty:
    found: dict[str, Member | None] = {}
    instead: dict[str, Member] = {}
    for post, member in rostered(desk, row).items():
        acting = _who_acts(desk, member, at)
        found[post] = acting
        if acting is not None and acting.id != member.id:
            instead[post] = member
    return OnDuty(found.get("leader"), found.get("first"), found.get("second"), day, instead)


def _who_acts(desk: Desk, member: Member, at: datetime) -> Member | None:
    """A member, his stand-in while he is away or after he has left; None where there is nobody."""
    if member.active:
        return absence.who_acts(desk, member, at)[0]
    stand_in = absence.stand_in_of(desk, member)
    return absence.who_acts(desk, stand_in, at)[0] if stand_in else None


def rostered(desk: Desk, row: DutyDay) -> dict[str, Member]:
    """Whom the roster of a day names, by post."""
    ids = {post: getattr(row, f"{post}_id") for post in POSTS}
    named = people.with_ids([i for i in ids.values() if i is not None], session=desk.session)
    return {post: named[i] for post, i in ids.items() if i is not None}


def week(desk: Desk, first: date, count: int) -> list[OnDuty]:
    """Who will be on duty on so many days, as known now: at each day's change-over."""
    return [on_duty(desk, change_over(desk, first + timedelta(days=i))) for i in range(count)]


def acting_on(desk: Desk, days: Iterable[date]) -> dict[date, OnDuty]:
    """Who is on duty on each of these days, as known now; of the day that runs: who is on at this instant."""
    today = day_of(desk, desk.now)
    return {day: on_duty(desk, desk.now if day == today else change_over(desk, day)) for day in days}


def room(desk: Desk) -> str | None:
    """The full name of the unit that keeps the duty room."""
    found = desk.roster.unit_called(desk.policy.duty.room)
    return found.name if found else None


def may_keep(desk: Desk, member: Member) -> bool:
    """Whether a member may change the roster: by right, or as one of the duty room."""
    return desk.policy.may(member.roles, "keep_duty") or member.unit == room(desk)


def keeper(desk: Desk) -> Member | None:
    """Who keeps the roster: who changed it last, else the head of the duty room, else an administrator."""
    last = duty.kept_last(session=desk.session)
    if last is not None and (member := people.member(last, session=desk.session)).active:
        return absence.who_acts(desk, member, desk.now)[0]
    head = bearings.acting_head_of(desk, room(desk))
    return head or next(iter(people.with_role("admin", session=desk.session)), None)
