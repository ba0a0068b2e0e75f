"""What goes over when another person answers for a unit (P3): in one transaction, told with one list."""

from __future__ import annotations

from typing import Any

from office import bearings, move, post
from office.desk import Desk
from office.meetings import handed_on
from office.supervision import progress, progress_list
from rules.roster import ROLES
from storage import liaisons, matters, people
from storage.models import LiaisonChange, Matter, Member

LISTED = 15


def go_over(desk: Desk, change: LiaisonChange, by: Member) -> None:
    """Everything of the old one is the new one's; both, the section and the administrators are told."""
    who = people.with_ids([change.from_id, change.to_id], session=desk.session)
    old, new = who[change.from_id], who[change.to_id]
    change.moved = [matter.id or 0 for matter in _move(desk, old, new, by)]
    _follow(desk, old, new)
    handed_on.to_successor(desk, old, new, change.unit)
    _tell(desk, change, old, new)


def _move(desk: Desk, old: Member, new: Member, by: Member) -> list[Matter]:
    """What the old one holds, also where somebody stands in for him, and answers for: the new one's."""
    old_id, new_id = old.id or 0, new.id or 0
    moved = {matter.id: matter for matter in liaisons.handled_by(old_id, session=desk.session)}
    held = [step for step, _ in matters.held_by(old_id, session=desk.session) if step.for_id is None]
    for step in [*held, *people.steps_for(old_id, session=desk.session)]:
        matter = matters.matter(step.matter_id, session=desk.session)
        moved.setdefault(matter.id, matter)
        move.reassign(desk, step, new, cause="liaison_changed", by=by, told=False)
    liaisons.pass_on(old_id, new_id, session=desk.session)
    for matter in moved.values():
        desk.session.refresh(matter)
    return list(moved.values())


def _follow(desk: Desk, old: Member, new: Member) -> None:
    """The new one stands where the old one stood: liaison of the unit, B岗 of whom he was B岗 of."""
    for one in people.with_role("liaison", unit=new.unit, session=desk.session):
        one.roles = [role for role in one.roles if role != "liaison"]
        desk.session.add(one)
    for one in liaisons.leaning_on(old.name, new.unit, session=desk.session):
        if one.id != new.id:
            one.stand_in = new.name
    if new.stand_in in (None, new.name):
        new.stand_in = old.stand_in if old.stand_in not in (None, new.name) else old.name
    new.roles = [role for role in ROLES if role in {*new.roles, "handler", "liaison"}]
    desk.session.add_all([old, new])
    desk.session.flush()
    desk.forget_roster()


def _tell(desk: Desk, change: LiaisonChange, old: Member, new: Member) -> None:
    """The new one gets one list of what he takes over; the old one, the section, administrators a line."""
    listed = [
        {
            "register_no": one.register_no,
            "title": one.title,
            "due": one.due_at.isoformat() if one.due_at else None,
        }
        for one in matters.with_ids(change.moved, session=desk.session)
    ]
    said = facts(desk, change) | {"rows": listed[:LISTED], "count": len(listed)}
    rest = [one for one in progress.owed_by(desk, new) if not one.done]
    said["owed"] = len(rest)
    buttons: list[list[list[Any]]] = [[["menu", "mine", "📋 打开待办"]]]
    if rest:
        buttons[0].append(["progress_list", 0, "📈 要报的进展"])
    post.to_member(desk, new, "liaison.taken", kind="note", buttons=buttons, **said)
    for card in progress_list.standing(desk, old):
        card.standing = False
    head = bearings.head_of(desk, bearings.supervision(desk))
    told = [old, *([head] if head else [])]
    told += people.with_role("admin", session=desk.session)
    for one in {one.id: one for one in told if one.id != new.id}.values():
        post.to_member(
            desk, one, "liaison.changed", kind="note", cause=f"liaison:{change.id}:done:{one.id}", **said
        )


def facts(desk: Desk, change: LiaisonChange) -> dict[str, Any]:
    """A change in words. JSON values."""
    ids = [i for i in (change.from_id, change.to_id, change.asked_by, change.given_by) if i]
    who = people.with_ids(ids, session=desk.session)
    old, new = who[change.from_id], who[change.to_id]
    instead = change.given_by is not None and change.given_by != change.from_id
    return {
        "unit": change.unit,
        "old": old.name,
        "new": new.name,
        "asker": who[change.asked_by].name,
        "phone": new.phone,
        "given": change.given_at is not None,
        "taken": change.taken_at is not None,
        "joined": new.telegram_id is not None,
        "state": change.state,
        "instead": who[change.given_by].name if instead and change.given_by else None,
        "why": change.why,
        "open": len(liaisons.handled_by(change.from_id, session=desk.session)),
    }
