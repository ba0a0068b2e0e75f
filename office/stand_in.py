"""The stand-in B岗 takes over when a leave begins, and gives back when it ends (P1, P2)."""

from __future__ import annotations

from office import absence, move, post
from office.desk import Desk
from office.meetings import handed_on
from storage import matters, people
from storage.models import Absence, Member, Step


def begin(desk: Desk, absence_id: int) -> int:
    """A leave begins: what its member holds goes to who acts meanwhile; how many steps went over."""
    leave = desk.session.get_one(Absence, absence_id)
    if leave.cancelled or leave.ends <= desk.now:
        return 0
    moved = 0
    for step, _ in matters.held_by(leave.member_id, session=desk.session):
        owner = people.member(step.for_id or step.holder_id, session=desk.session)
        acting, absent = absence.who_acts(desk, owner, desk.now)
        if absent is not None and acting.id != step.holder_id:
            move.reassign(desk, step, acting, cause="absence")
            moved += 1
    handed_on.follow(desk, people.member(leave.member_id, session=desk.session))
    return moved


def end(desk: Desk, absence_id: int) -> int:
    """A leave has ended: how many steps came back.

    What a stand-in has acknowledged he finishes; what nobody has acknowledged goes back to its post.
    Both are told. Nothing happens while another leave of the member follows without a gap.
    """
    leave = desk.session.get_one(Absence, absence_id)
    member = people.member(leave.member_id, session=desk.session)
    if leave.cancelled or not absence.present(desk, member, desk.now):
        return 0
    stood_in = people.steps_for(leave.member_id, session=desk.session)
    kept = [step for step in stood_in if step.acknowledged_at is not None]
    back = [step for step in stood_in if step.acknowledged_at is None]
    for step in back:
        move.reassign(desk, step, member, cause="absence_over")
    handed_on.follow(desk, member)
    _tell(desk, leave, member, len(back), kept)
    return len(back)


def _tell(desk: Desk, leave: Absence, member: Member, back: int, kept: list[Step]) -> None:
    acting = absence.stand_in_of(desk, member, leave.stand_in)
    holders = people.with_ids({step.holder_id for step in kept}, session=desk.session)
    names = "、".join(one.name for one in holders.values())
    cause = f"leave:{leave.id}:over"
    post.to_member(
        desk,
        member,
        "leave.over",
        kind="note",
        cause=f"{cause}:member",
        back=back,
        kept=len(kept),
        names=names,
    )
    if acting is not None:
        held = sum(step.holder_id == acting.id for step in kept)
        post.to_member(
            desk,
            acting,
            "leave.back",
            kind="note",
            cause=f"{cause}:stand_in",
            name=member.name,
            back=back,
            kept=held,
        )
