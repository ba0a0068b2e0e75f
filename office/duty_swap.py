"""Swaps 换班 (E6): asked for, agreed to by the other, consented to by the duty leader; then so is the roster.

On each of its days the two change places. Every step is an entry of the journal.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from office import duty_notices, post
from office.desk import Desk, Refused
from office.duty import POST_NAMES, acting_on, change_over, day_of, keeper, on_duty, rostered
from storage import duty, journal, people
from storage.duty import POSTS
from storage.models import DutyDay, DutySwap, Member

OPEN = ("asked", "agreed")


def ask(desk: Desk, by: Member, other: Member, days: Sequence[date]) -> DutySwap:
    """Ask somebody to change places on one or two days.

    Refused: duty_swap_self, duty_swap_days, duty_swap_begun, duty_swap_not_on, duty_swap_away,
    duty_swap_unreachable, duty_swap_open, duty_swap_no_leader.
    """
    if by.id == other.id:
        raise Refused("duty_swap_self")
    if not 1 <= len(set(days)) == len(days) <= 2:
        raise Refused("duty_swap_days")
    for day in days:
        _check_day(desk, by, other, day)
    if other.reach != "ok":
        raise Refused("duty_swap_unreachable", name=other.name, phone=other.phone)
    _check_alone(desk, by, days)
    leader = _consents(desk, days[0], (by, other))
    assert by.id is not None and other.id is not None and leader.id is not None
    swap = DutySwap(
        days=[day.isoformat() for day in days],
        asker_id=by.id,
        other_id=other.id,
        leader_id=leader.id,
        asked_at=desk.now,
    )
    desk.session.add(swap)
    desk.session.flush()
    _note(desk, "duty_swap_asked", swap, by)
    buttons = [[["swap_agree", swap.id, "🤝 同意换班"], ["swap_decline", swap.id, "✖️ 不换"]]]
    post.to_member(desk, other, "duty.swap_asked", kind="note", buttons=buttons, **facts(desk, swap))
    return swap


def agree(desk: Desk, swap: DutySwap, by: Member) -> None:
    """The other agrees: the duty leader is asked. Refused duty_swap_not_yours, duty_swap_over."""
    _check(desk, swap, by, swap.other_id, ("asked",))
    swap.state, swap.agreed_at = "agreed", desk.now
    _note(desk, "duty_swap_agreed", swap, by)
    leader = people.member(swap.leader_id, session=desk.session)
    buttons = [[["swap_grant", swap.id, "✅ 同意"], ["swap_refuse", swap.id, "✖️ 不同意"]]]
    post.to_member(desk, leader, "duty.swap_to_leader", kind="note", buttons=buttons, **facts(desk, swap))
    _tell(desk, swap, "duty.swap_agreed", swap.asker_id)


def decline(desk: Desk, swap: DutySwap, by: Member) -> None:
    """The other does not agree. Refused duty_swap_not_yours, duty_swap_over."""
    _check(desk, swap, by, swap.other_id, ("asked",))
    _end(desk, swap, "declined", by)
    _tell(desk, swap, "duty.swap_declined", swap.asker_id)


def grant(desk: Desk, swap: DutySwap, by: Member) -> None:
    """The duty leader consents: the two change places in the roster.

    Refused duty_swap_not_yours, duty_swap_over, and what `ask` refuses of the days as they are now.
    """
    _check(desk, swap, by, swap.leader_id, ("agreed",))
    asker, other = _both(desk, swap)
    days = [date.fromisoformat(day) for day in swap.days]
    for day in days:
        _check_day(desk, asker, other, day)
    before = acting_on(desk, days)
    for day in days:
        _change_places(desk, day, asker, other)
    _end(desk, swap, "granted", by)
    told = [swap.asker_id, swap.other_id]
    told += [one.id for one in (keeper(desk), *_leaders_of(desk, days)) if one is not None and one.id]
    _tell(desk, swap, "duty.swap_granted", *(i for i in dict.fromkeys(told) if i != by.id))
    duty_notices.tell_changed(desk, before)


def refuse(desk: Desk, swap: DutySwap, by: Member) -> None:
    """The duty leader does not consent. Refused duty_swap_not_yours, duty_swap_over."""
    _check(desk, swap, by, swap.leader_id, ("agreed",))
    _end(desk, swap, "refused", by)
    _tell(desk, swap, "duty.swap_refused", swap.asker_id, swap.other_id)


def withdraw(desk: Desk, swap: DutySwap, by: Member) -> None:
    """Who asked takes it back. Refused duty_swap_not_yours, duty_swap_over."""
    _check(desk, swap, by, swap.asker_id, OPEN)
    told = [swap.other_id] + ([swap.leader_id] if swap.state == "agreed" else [])
    _end(desk, swap, "withdrawn", by)
    _tell(desk, swap, "duty.swap_withdrawn", *told)


def lapse(desk: Desk, day: date) -> None:
    """Swaps whose first day has begun undecided come to nothing; who asked is told."""
    for swap in duty.open_swaps(session=desk.session):
        if min(swap.days) <= day.isoformat():
            _end(desk, swap, "lapsed", None)
            _tell(desk, swap, "duty.swap_lapsed", swap.asker_id, swap.other_id)


def facts(desk: Desk, swap: DutySwap) -> dict[str, Any]:
    """A swap in words: who, with whom, and for each day who takes which place."""
    asker, other = _both(desk, swap)
    leader = people.member(swap.leader_id, session=desk.session)
    days = [date.fromisoformat(day) for day in swap.days]
    granted = swap.state == "granted"
    return {
        "asker": asker.name,
        "other": other.name,
        "leader": leader.name,
        "state": swap.state,
        "days": [
            {"day": day.isoformat(), "places": _places(desk, day, asker, other, granted)} for day in days
        ],
    }


def _places(desk: Desk, day: date, asker: Member, other: Member, granted: bool) -> list[str]:
    """带班领导由 A 改为 B, for each post that changes hands."""
    row = duty.day(day, session=desk.session)
    named = rostered(desk, row) if row else {}
    pair = {asker.id: other.name, other.id: asker.name}
    lines = []
    for post_, member in named.items():
        if member.id in pair:
            was, then = member.name, pair[member.id]
            lines.append(f"{POST_NAMES[post_]}由 {then if granted else was} 改为 {was if granted else then}")
    return lines


def _check_day(desk: Desk, by: Member, other: Member, day: date) -> None:
    """One of the two is on duty that day, it has not begun, and who comes on is not away."""
    if day <= day_of(desk, desk.now):
        raise Refused("duty_swap_begun", day=day.isoformat())
    row = duty.day(day, session=desk.session)
    on = {member.id for member in rostered(desk, row).values()} if row else set()
    if not on & {by.id, other.id}:
        raise Refused("duty_swap_not_on", day=day.isoformat(), names=[by.name, other.name])
    for coming, going in ((by, other), (other, by)):
        away = people.absence_of(coming.id or 0, change_over(desk, day), session=desk.session)
        if going.id in on and (away is not None or not coming.active):
            raise Refused("duty_swap_away", name=coming.name, day=day.isoformat())


def _check_alone(desk: Desk, by: Member, days: Sequence[date]) -> None:
    wanted = {day.isoformat() for day in days}
    for swap in duty.open_swaps(session=desk.session):
        if by.id in (swap.asker_id, swap.other_id) and wanted & set(swap.days):
            raise Refused("duty_swap_open", **facts(desk, swap))


def _consents(desk: Desk, day: date, pair: tuple[Member, Member]) -> Member:
    """The duty leader of the day; the director where there is none or he is one of the two."""
    leader = on_duty(desk, change_over(desk, day)).leader
    among = {member.id for member in pair}
    chosen = [leader] if leader is not None and leader.id not in among else []
    chosen += [one for one in people.with_role("director", session=desk.session) if one.id not in among]
    reachable = [one for one in chosen if one.reach == "ok"]
    if not reachable:
        raise Refused("duty_swap_no_leader", name=chosen[0].name if chosen else None)
    return reachable[0]


def _change_places(desk: Desk, day: date, asker: Member, other: Member) -> None:
    row = desk.session.get_one(DutyDay, day)
    pair = {asker.id: other.id, other.id: asker.id}
    for post_ in POSTS:
        now = getattr(row, f"{post_}_id")
        if now in pair:
            setattr(row, f"{post_}_id", pair[now])
    desk.session.add(row)
    desk.session.flush()


def _leaders_of(desk: Desk, days: Sequence[date]) -> list[Member]:
    found = (on_duty(desk, change_over(desk, day)).leader for day in days)
    return [one for one in found if one is not None]


def _check(desk: Desk, swap: DutySwap, by: Member, whose: int, states: Sequence[str]) -> None:
    if by.id != whose:
        name = people.member(whose, session=desk.session).name
        raise Refused("duty_swap_not_yours", name=name)
    if swap.state not in states:
        raise Refused("duty_swap_over", **facts(desk, swap))


def _end(desk: Desk, swap: DutySwap, state: str, by: Member | None) -> None:
    swap.state, swap.decided_at = state, desk.now
    desk.session.add(swap)
    _note(desk, f"duty_swap_{state}", swap, by)


def _both(desk: Desk, swap: DutySwap) -> tuple[Member, Member]:
    found = people.with_ids([swap.asker_id, swap.other_id], session=desk.session)
    return found[swap.asker_id], found[swap.other_id]


def _tell(desk: Desk, swap: DutySwap, wording: str, *ids: int) -> None:
    for one in people.with_ids(ids, session=desk.session).values():
        duty_notices.note(desk, one, wording, **facts(desk, swap))


def _note(desk: Desk, act: str, swap: DutySwap, by: Member | None) -> None:
    desk.session.add(swap)
    journal.write(
        act,
        now=desk.now,
        session=desk.session,
        member_id=by.id if by else None,
        swap=swap.id,
        days=swap.days,
    )
