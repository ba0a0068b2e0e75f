"""A change-over in mid-emergency: the next day's duty takes it over, with its clocks (rules.md E6)."""

from __future__ import annotations

from datetime import timedelta

from office import cards, duty, move, post
from office.desk import Desk
from storage import journal, matters, people
from storage.models import Clock, Matter

KIND = "em_shift"


def set_clock(desk: Desk, matter: Matter) -> None:
    """An open emergency is looked at again when the next day's duty begins."""
    at = duty.change_over(desk, duty.day_of(desk, desk.now) + timedelta(days=1))
    desk.session.add(Clock(kind=KIND, matter_id=matter.id, at=at))


def change_over(desk: Desk, row: Clock) -> None:
    """The duty of the next day takes an open emergency over, with its clocks; nobody there: it stays."""
    matter = matters.matter(row.matter_id or 0, session=desk.session)
    if matter.state != "open":
        return
    set_clock(desk, matter)
    found = duty.on_duty(desk, desk.now)
    staff = [one for one in (found.first, found.second) if one is not None]
    before = dict(matter.details)
    if found.leader is not None:
        matter.details = matter.details | {"duty_leader": found.leader.name}
    if staff:
        others = [one.name for one in staff[1:]]
        matter.details = matter.details | {"duty_officer": staff[0].name, "duty_others": others}
    desk.session.add(matter)
    journal.write(
        "changed_over",
        now=desk.now,
        session=desk.session,
        matter_id=matter.id,
        before=[before["duty_leader"], before["duty_officer"]],
        after=[matter.details["duty_leader"], matter.details["duty_officer"]],
    )
    _pass_on(desk, matter)
    for member in people.named(matter.details["duty_others"], session=desk.session):
        cause = f"em:{matter.id}:told:{member.id}"
        post.to_member(desk, member, "view", kind="view", matter=matter, cause=cause)
    cards.refresh(desk, matter)


def _pass_on(desk: Desk, matter: Matter) -> None:
    for step in matters.open_steps(matter.id or 0, session=desk.session):
        post_ = move.procedure_of(desk, matter).step(step.key).holder
        to = people.by_name(str(matter.details[post_]), session=desk.session)
        if to is not None and to.id != step.holder_id:
            move.reassign(desk, step, to, cause="change_over")


CLOCKS = {KIND: change_over}
