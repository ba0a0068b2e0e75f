"""催办 by a person, and being reminded again later: neither touches the limit."""

from __future__ import annotations

from datetime import datetime, timedelta

from office import bearings, cards, move, post
from office.desk import Desk, Refused
from storage import clocks, journal, people
from storage.models import Clock, Matter, Member, Step

NOT_BEFORE = timedelta(minutes=5)


def urge(desk: Desk, step_id: int, by: Member) -> Member:
    """Ring the holder of a step on somebody's behalf; at most once in five minutes for one step."""
    step, matter = move.running_step(desk, step_id)
    if not bearings.may_see(desk, matter, member=by):
        raise Refused("no_such_step")
    last = journal.of_step(step_id, ("urged",), session=desk.session)
    if last and desk.now - last[-1].happened_at < NOT_BEFORE:
        wait = NOT_BEFORE - (desk.now - last[-1].happened_at)
        raise Refused("urged_lately", minutes=int(wait / timedelta(minutes=1)) + 1)
    holder = people.member(step.holder_id, session=desk.session)
    if holder.telegram_id is None or holder.reach != "ok":
        raise Refused("urge_unreached", name=holder.name, phone=holder.phone)
    shown = cards.step_facts(desk, matter, step)
    journal.write(
        "urged",
        now=desk.now,
        session=desk.session,
        member_id=by.id,
        matter_id=matter.id,
        step_id=step_id,
        to=holder.name,
        step=shown["name"],
    )
    post.to_member(
        desk,
        holder,
        "alert.urge",
        kind="reminder",
        matter=matter,
        step_id=step_id,
        buttons=[[["acknowledge", step_id], ["details", matter.id]]],
        by=by.name,
        register_no=matter.register_no,
        title=matter.title,
        step=shown["name"],
        todo=shown["todo"],
        due=shown["due"],
        left=shown["left"],
    )
    return holder


def remind_again(desk: Desk, matter: Matter, step: Step, until: datetime) -> None:
    """Keep quiet until an instant, then remind; nothing is reminded of after the limit that way."""
    step.snoozed_until = until
    clocks.cancel(step_id=step.id, kinds=["remind"], session=desk.session)
    if step.due_at is None or until < step.due_at:
        desk.session.add(Clock(kind="remind", place=99, matter_id=matter.id, step_id=step.id, at=until))
