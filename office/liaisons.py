"""A change of the person who answers for a unit (P3): asked for, confirmed by both, then all goes over.

Where the old one cannot be reached or does not answer in time, somebody of the supervising section confirms
in his place and says why.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from office import absence, bearings, joining, liaison_move, move, personnel, post
from office.desk import Desk, Refused
from rules import posts
from rules.limits import due
from storage import journal, liaisons, people
from storage.models import Clock, LiaisonChange, Member

WAIT = "liaison_wait"
"""the clock that asks the supervising section where the old one has not confirmed"""


def unmarked(desk: Desk) -> str | None:
    """Which liaisons are so only by the order of the table, in a sentence; None where all are marked."""
    found = [f"{one.unit}（{one.name}）" for one in posts.by_order_only(desk.roster)]
    if not found:
        return None
    return f"没有标明联络员，暂按人员表里的第一位：{'、'.join(found)}。请在人员表“角色”栏写上“联络员”。"


def may_ask(desk: Desk, unit: str, by: Member) -> bool:
    """The unit's own people, the supervising section, the administrators."""
    return by.unit in (unit, bearings.supervision(desk)) or desk.policy.may(by.roles, "manage_members")


def ask(desk: Desk, unit: str, line: str, by: Member) -> LiaisonChange:
    """联络员换成 张三 [13900001234 科员]: begin a change; somebody new is taken on in this unit.

    Refused: liaison_not_yours, liaison_no_unit, liaison_none, liaison_same, liaison_elsewhere,
    liaison_under_way, and what is wrong with the line.
    """
    known = desk.roster.unit_by_name.get(unit)
    if known is None or known.level != "units":
        raise Refused("liaison_no_unit", unit=unit)
    if not may_ask(desk, unit, by):
        raise Refused("liaison_not_yours", unit=unit)
    old = bearings.head_of(desk, unit)
    if old is None:
        raise Refused("liaison_none", unit=unit)
    under_way = liaisons.asked(unit, session=desk.session)
    if under_way is not None:
        raise Refused(
            "liaison_under_way", buttons=withdrawing(under_way), **liaison_move.facts(desk, under_way)
        )
    new = _person(desk, unit, line, by)
    if new.id == old.id:
        raise Refused("liaison_same", unit=unit, name=old.name)
    change = LiaisonChange(
        unit=unit, from_id=old.id or 0, to_id=new.id or 0, asked_by=by.id or 0, asked_at=desk.now
    )
    if by.id == old.id:
        change.given_at, change.given_by = desk.now, by.id
    if by.id == new.id:
        change.taken_at = desk.now
    desk.session.add(change)
    desk.session.flush()
    _note(desk, "liaison_asked", change, by)
    _ask_both(desk, change, old, new)
    return change


def _person(desk: Desk, unit: str, line: str, by: Member) -> Member:
    """Who is named: one of the unit, or somebody new, taken on there without any right but its own work."""
    words = line.split()
    if not words:
        raise Refused("people_line_empty")
    found = people.by_name(words[0], session=desk.session)
    if found is None:
        values = personnel.read_line(desk, line, unit=unit)
        new = personnel.keep(desk, {**values, "roles": ("handler",)})
        _note_person(desk, "member_added", new, by)
        for admin in people.with_role("admin", session=desk.session):
            said: dict[str, Any] = {"name": new.name, "unit": unit, "by": by.name}
            post.to_member(desk, admin, "liaison.added", kind="note", **said)
        return new
    if found.unit != unit:
        raise Refused("liaison_elsewhere", name=found.name, unit=found.unit, wanted=unit)
    return found


def _ask_both(desk: Desk, change: LiaisonChange, old: Member, new: Member) -> None:
    if change.given_at is None:
        if old.reach != "ok" or not absence.present(desk, old, desk.now):
            _ask_supervision(desk, change)
        else:
            buttons = [
                [["liaison_give", change.id, "✅ 同意交接"], ["liaison_decline", change.id, "✖️ 不同意"]]
            ]
            post.to_member(
                desk, old, "liaison.ask_old", kind="note", buttons=buttons, **liaison_move.facts(desk, change)
            )
            wait = due(desk.policy.supervision.hand_over, desk.now, desk.calendar, "office").at
            desk.session.add(Clock(kind=WAIT, about_id=change.id, at=wait))
    if change.taken_at is None:
        ask_new(desk, change, new)


def ask_new(desk: Desk, change: LiaisonChange, new: Member) -> None:
    """The new one is asked to take over; where he has not joined yet, once he has."""
    buttons = [[["liaison_take", change.id, "✅ 确认接手"], ["liaison_decline", change.id, "✖️ 不接"]]]
    post.to_member(
        desk, new, "liaison.ask_new", kind="note", buttons=buttons, **liaison_move.facts(desk, change)
    )


def resend(desk: Desk, member: Member) -> None:
    """A member has joined: what he is asked to take over."""
    for change in liaisons.waiting_for(member.id or 0, session=desk.session):
        ask_new(desk, change, member)


def _ask_supervision(desk: Desk, change: LiaisonChange) -> None:
    """The supervising section's head, or who acts for him, is asked to confirm in his place."""
    head = bearings.acting_head_of(desk, bearings.supervision(desk))
    told = [head] if head else people.with_role("admin", session=desk.session)
    buttons = [[["liaison_instead", change.id, "✍️ 代为确认"]]]
    for one in told:
        cause = f"liaison:{change.id}:{one.id}"
        said = liaison_move.facts(desk, change)
        post.to_member(desk, one, "liaison.ask_office", kind="note", cause=cause, buttons=buttons, **said)


def unanswered(desk: Desk, row: Clock) -> None:
    """The old one has not confirmed in time."""
    change = desk.session.get(LiaisonChange, row.about_id)
    if change is not None and change.state == "asked" and change.given_at is None:
        _ask_supervision(desk, change)


CLOCKS: dict[str, Callable[[Desk, Clock], None]] = {WAIT: unanswered}
"""what falls due here (office/tick.py)"""


# --- confirming -------------------------------------------------------------------------------------


def give(desk: Desk, change: LiaisonChange, by: Member) -> None:
    """The old one agrees. Refused liaison_over, liaison_not_asked."""
    _check(desk, change, by, change.from_id)
    if change.given_at is None:
        change.given_at, change.given_by = desk.now, by.id
        _note(desk, "liaison_given", change, by)
    _finish(desk, change, by)


def take(desk: Desk, change: LiaisonChange, by: Member) -> None:
    """The new one takes over. Refused liaison_over, liaison_not_asked."""
    _check(desk, change, by, change.to_id)
    if change.taken_at is None:
        change.taken_at = desk.now
        _note(desk, "liaison_taken", change, by)
    _finish(desk, change, by)


def check_instead(desk: Desk, change: LiaisonChange, by: Member) -> None:
    """Refused liaison_over, liaison_not_office unless `by` may confirm in the old one's place."""
    if change.state != "asked":
        raise Refused("liaison_over", **liaison_move.facts(desk, change))
    manages = desk.policy.may(by.roles, "manage_members")
    if by.id == change.to_id or not (by.unit == bearings.supervision(desk) or manages):
        raise Refused("liaison_not_office", section=desk.policy.supervision.section)


def give_instead(desk: Desk, change: LiaisonChange, by: Member, why: str) -> None:
    """Somebody of the supervising section confirms in the old one's place, with the reason."""
    check_instead(desk, change, by)
    change.why = move.check_words(why)
    change.given_at, change.given_by = desk.now, by.id
    _note(desk, "liaison_given_instead", change, by, words=change.why)
    _finish(desk, change, by)


def decline(desk: Desk, change: LiaisonChange, by: Member) -> None:
    """One of the two does not agree: nothing changes, who asked is told."""
    if by.id not in (change.from_id, change.to_id):
        raise Refused("liaison_not_asked", **liaison_move.facts(desk, change))
    _end(desk, change, "declined", by)


def withdraw(desk: Desk, change: LiaisonChange, by: Member) -> None:
    """Who asked takes it back, or an administrator."""
    if by.id != change.asked_by and not desk.policy.may(by.roles, "manage_members"):
        raise Refused("liaison_not_asked", **liaison_move.facts(desk, change))
    _end(desk, change, "withdrawn", by)


def withdrawing(change: LiaisonChange) -> list[list[list[Any]]]:
    """The buttons of who asked."""
    return [[["liaison_withdraw", change.id, "↩️ 撤回"]]]


def _check(desk: Desk, change: LiaisonChange, by: Member, whose: int) -> None:
    if change.state != "asked":
        raise Refused("liaison_over", **liaison_move.facts(desk, change))
    if by.id != whose:
        raise Refused("liaison_not_asked", **liaison_move.facts(desk, change))


def _end(desk: Desk, change: LiaisonChange, state: str, by: Member) -> None:
    if change.state != "asked":
        raise Refused("liaison_over", **liaison_move.facts(desk, change))
    change.state, change.decided_at = state, desk.now
    _note(desk, f"liaison_{state}", change, by)
    concerned = {change.asked_by, change.from_id, change.to_id} - {by.id}
    for one in people.with_ids({i for i in concerned if i}, session=desk.session).values():
        post.to_member(
            desk, one, "liaison.ended", kind="note", by=by.name, **liaison_move.facts(desk, change)
        )


def _finish(desk: Desk, change: LiaisonChange, by: Member) -> None:
    """Where both have confirmed, everything goes over at once."""
    desk.session.add(change)
    if change.given_at is None or change.taken_at is None:
        return
    change.state, change.decided_at = "done", desk.now
    liaison_move.go_over(desk, change, by)
    _note(desk, "liaison_changed", change, by, moved=len(change.moved))


def invitation(desk: Desk, change: LiaisonChange, by: Member) -> str:
    """A code for somebody new, by who asked for the change. Refused where he has joined or it is over."""
    new = people.member(change.to_id, session=desk.session)
    if change.state != "asked" or new.telegram_id is not None:
        raise Refused("liaison_over", **liaison_move.facts(desk, change))
    if not may_ask(desk, change.unit, by):
        raise Refused("liaison_not_yours", unit=change.unit)
    return joining.code_for(desk, new, by)


def _note(desk: Desk, act: str, change: LiaisonChange, by: Member | None, **more: Any) -> None:
    desk.session.add(change)
    said = liaison_move.facts(desk, change)
    journal.write(
        act,
        now=desk.now,
        session=desk.session,
        member_id=by.id if by else None,
        change=change.id,
        **{key: said[key] for key in ("unit", "old", "new")},
        **more,
    )


def _note_person(desk: Desk, act: str, member: Member, by: Member) -> None:
    about: dict[str, Any] = {"about_id": member.id, "name": member.name, "unit": member.unit}
    journal.write(act, now=desk.now, session=desk.session, member_id=by.id, **about)
