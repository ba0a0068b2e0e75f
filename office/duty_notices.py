"""What those on duty are told: the evening before, at the change-over, and when the roster changes (E6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from office import post
from office.desk import Desk
from office.duty import POST_NAMES, OnDuty, change_over, day_of, on_duty
from storage import duty, outbox
from storage.models import DutyCheck, Member, Round
from storage.outbox import URGENT

EVENING = "duty_evening"
"""the round whose reminder comes the evening before"""


def posts_facts(on: OnDuty, *, phones: bool) -> list[dict[str, Any]]:
    """Who is on duty, post by post, in order; names are None in a gap."""
    found = on.posts()
    shown = []
    for key, name in POST_NAMES.items():
        member = found.get(key)
        shown.append(
            {
                "post": name,
                "name": member.name if member else None,
                "phone": member.phone if member and phones else "",
                "instead": on.instead[key].name if key in on.instead else None,
            }
        )
    return shown


def own_facts(on: OnDuty, member: Member) -> dict[str, Any]:
    """What one of those on duty is told: his posts, for whom he stands in, who else is on."""
    mine = [key for key, one in on.posts().items() if one.id == member.id]
    return {
        "day": on.day.isoformat(),
        "mine": "、".join(POST_NAMES[key] for key in mine),
        "instead": "、".join(on.instead[key].name for key in mine if key in on.instead),
        "posts": posts_facts(on, phones=True),
    }


def remind(desk: Desk, day: date) -> None:
    """The reminder before a day of duty, once for each who is on it."""
    on = on_duty(desk, change_over(desk, day))
    for member in on.members():
        facts = own_facts(on, member) | {"at": change_over(desk, day).isoformat()}
        post.to_member(desk, member, "duty.reminder", kind="note", cause=_reminder(day, member), **facts)


def _reminder(day: date, member: Member) -> str:
    return f"duty:reminder:{day}:{member.id}"


def call_in(desk: Desk, on: OnDuty) -> None:
    """The change-over check: each of those on duty now is asked to answer 到岗, once a day."""
    for member in on.members():
        assert member.id is not None
        if duty.check(on.day, member.id, session=desk.session) is not None:
            continue
        check = DutyCheck(day=on.day, member_id=member.id, asked_at=desk.now)
        desk.session.add(check)
        desk.session.flush()
        post.to_member(
            desk,
            member,
            "duty.on_now",
            kind="note",
            cause=f"duty:here:{check.id}",
            buttons=[[["duty_here", check.id, "🫡 到岗"]]],
            priority_=URGENT,
            **own_facts(on, member),
        )


def tell_changed(desk: Desk, before: Mapping[date, OnDuty]) -> None:
    """The roster of these days has changed: who comes on or goes off now or at the next change-over is told.

    Days further off come with their reminder the evening before.
    """
    round_ = desk.session.get(Round, EVENING)
    for day, was in before.items():
        if day == day_of(desk, desk.now):
            on = on_duty(desk, desk.now)
            _tell_off(desk, was, on)
            call_in(desk, on)
        elif day > desk.calendar.local(desk.now).date() and (
            round_ is not None and round_.next_at >= change_over(desk, day)
        ):
            _tell_off(desk, was, on_duty(desk, change_over(desk, day)))
            remind(desk, day)


def _tell_off(desk: Desk, was: OnDuty, on: OnDuty) -> None:
    still = {member.id for member in on.members()}
    for member in was.members():
        known = outbox.was_told(_reminder(on.day, member), session=desk.session)
        if member.id not in still and known:
            facts: dict[str, Any] = {"day": on.day.isoformat(), "posts": posts_facts(on, phones=False)}
            post.to_member(desk, member, "duty.off", kind="note", **facts)


def note(desk: Desk, member: Member | None, wording: str, **facts: Any) -> int | None:
    """A plain word to somebody, if there is somebody."""
    return post.to_member(desk, member, wording, kind="note", **facts) if member else None
