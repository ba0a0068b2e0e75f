"""The rounds of duty: reminders, the change-over, who cannot be reached, gaps ahead (E6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from office import absence, duty_hand_over, duty_notices, duty_swap, post
from office.desk import Desk
from office.duty import POST_NAMES, OnDuty, after, change_over, day_of, keeper, on_duty, rostered, week
from storage import duty, journal, people
from storage.models import Clock, DutyCheck, Member
from storage.outbox import URGENT

UNANSWERED = "duty_unanswered"
"""the clock that looks for those who have not answered the change-over check"""
_WHY = {"never": "尚未启用本助手", "blocked": "停用了本助手"}


def evening(desk: Desk) -> None:
    """The evening before: tomorrow's three are reminded."""
    duty_notices.remind(desk, day_of(desk, desk.now) + timedelta(days=1))


def reachable(desk: Desk) -> None:
    """Before the change-over: who cannot be reached through the bot is reported."""
    at = after(desk, desk.policy.duty.reach_lead, desk.now)
    on = on_duty(desk, at)
    lost = [(member, _WHY[member.reach]) for member in on.members() if member.reach != "ok"]
    _report(desk, on, lost, "before")


def change_over_(desk: Desk) -> None:
    """The change-over: those on duty are asked to answer, the hand-over begins, old swaps lapse."""
    on = on_duty(desk, desk.now)
    if duty.day(on.day, session=desk.session) is None and not duty.in_use(session=desk.session):
        return
    duty_swap.lapse(desk, on.day)
    duty_notices.call_in(desk, on)
    duty_hand_over.begin(desk, on.day)
    at = after(desk, desk.policy.duty.unanswered_after, desk.now)
    desk.session.add(Clock(kind=UNANSWERED, about_id=on.day.toordinal(), at=at))
    if empty := [POST_NAMES[p] for p in ("leader", "first") if p not in on.posts()]:
        _tell_empty(desk, on, empty)


def answer(desk: Desk, check: DutyCheck, by: Member) -> None:
    """到岗: the check is answered; the first time counts."""
    if check.answered_at is None:
        check.answered_at = desk.now
        desk.session.add(check)
        journal.write(
            "duty_here", now=desk.now, session=desk.session, member_id=by.id, day=check.day.isoformat()
        )


def unanswered(desk: Desk, day: date) -> None:
    """After the change-over: who is on duty and has not answered the check is reported."""
    on = on_duty(desk, desk.now)
    if on.day != day:
        return
    silent = {check.member_id for check in duty.unanswered(day, session=desk.session)}
    lost = [
        (member, _WHY.get(member.reach, "没有应答到岗")) for member in on.members() if member.id in silent
    ]
    _report(desk, on, lost, "after")


def gaps(desk: Desk) -> None:
    """Daily: what the roster lacks in the days ahead is pointed out to whoever keeps it."""
    if not duty.in_use(session=desk.session):
        return
    today = day_of(desk, desk.now)
    found = gaps_ahead(desk, today, desk.policy.duty.look_ahead + 1)
    if found:
        days = desk.policy.duty.look_ahead
        _tell_keeper(desk, "duty.gaps", f"duty:gaps:{today}", lines=found, days=days)


def gaps_ahead(desk: Desk, first: date, count: int) -> list[dict[str, str]]:
    """Posts without anybody who can be there: day (ISO), post and why, day by day."""
    return [
        {"day": on.day.isoformat(), "post": POST_NAMES[key], "why": why}
        for on in week(desk, first, count)
        for key, why in _lacking(desk, on)
    ]


def _lacking(desk: Desk, on: OnDuty) -> Iterable[tuple[str, str]]:
    row = duty.day(on.day, session=desk.session)
    named = rostered(desk, row) if row is not None else {}
    posts = on.posts()
    for key in POST_NAMES:
        acting = posts.get(key)
        if acting is None:
            yield key, f"{named[key].name} 已离岗" if key in named else "未排"
        elif not absence.present(desk, acting, change_over(desk, on.day)):
            yield key, f"{acting.name} 请假，无人代"
        elif key in on.instead and any(one.id == acting.id for k, one in posts.items() if k != key):
            yield key, f"{on.instead[key].name} 请假，代班的 {acting.name} 当天另有班"


def _report(desk: Desk, on: OnDuty, lost: list[tuple[Member, str]], phase: str) -> None:
    """Told to the day's leader and whoever keeps the roster; the leader's own case to the director."""
    if not lost:
        return
    ids = {member.id for member, _ in lost}
    told = [on.leader, keeper(desk)]
    if on.leader is None or on.leader.id in ids:
        told += people.with_role("director", session=desk.session)[:1]
    facts: dict[str, Any] = {"day": on.day.isoformat(), "phase": phase}
    facts["lost"] = [_lost(desk, on, member, why) for member, why in lost]
    for one in {m.id: m for m in told if m is not None and m.id not in ids}.values():
        cause = f"duty:lost:{on.day}:{phase}:{one.id}"
        post.to_member(desk, one, "duty.lost", kind="note", cause=cause, priority_=URGENT, **facts)
    names = [member.name for member, _ in lost]
    journal.write("duty_unreachable", now=desk.now, session=desk.session, names=names, phase=phase)


def _fire(what: Callable[[Desk, int], None]) -> Callable[[Desk, Clock], None]:
    def fire(desk: Desk, row: Clock) -> None:
        assert row.about_id is not None
        what(desk, row.about_id)

    return fire


CLOCKS: dict[str, Callable[[Desk, Clock], None]] = {
    UNANSWERED: _fire(lambda desk, day: unanswered(desk, date.fromordinal(day))),
    duty_hand_over.REMIND: _fire(duty_hand_over.remind),
    duty_hand_over.LEADER: _fire(duty_hand_over.tell_leader),
}
"""what of duty can fall due, one line a kind of clock"""


def _lost(desk: Desk, on: OnDuty, member: Member, why: str) -> dict[str, str | None]:
    mine = (POST_NAMES[key] for key, one in on.posts().items() if one.id == member.id)
    stand_in = absence.stand_in_of(desk, member)
    return {
        "name": member.name,
        "phone": member.phone,
        "posts": "、".join(mine),
        "why": why,
        "stand_in": stand_in.name if stand_in else None,
    }


def _tell_empty(desk: Desk, on: OnDuty, empty: list[str]) -> None:
    told = [keeper(desk), *people.with_role("director", session=desk.session)[:1]]
    for one in {m.id: m for m in told if m is not None}.values():
        cause = f"duty:empty:{on.day}:{one.id}"
        day = on.day.isoformat()
        post.to_member(
            desk, one, "duty.empty", kind="note", cause=cause, priority_=URGENT, day=day, posts=empty
        )


def _tell_keeper(desk: Desk, wording: str, cause: str, **facts: Any) -> None:
    """Whoever keeps the roster; the administrators where he cannot be told."""
    kept = keeper(desk)
    admins = people.with_role("admin", session=desk.session)
    for one in [kept, *admins] if kept is not None else admins:
        if post.to_member(desk, one, wording, kind="note", cause=cause, **facts) is not None:
            return
