"""Deferral 延期 (V10): asked for before the limit, with reason and new date, approved by somebody else.

The first limit stays on record and is shown beside the new one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from office import absence, bearings, cards, move, post, running
from office.desk import Desk, Refused
from office.supervision import course
from rules import procedure as steps_of
from storage import journal, matters, people
from storage.models import Deferral, Matter, Member, Step


def ask(desk: Desk, step_id: int, by: Member, until: datetime, reason: str) -> Deferral:
    """Ask for a deferral; whoever can approve it gets a card."""
    step, matter, rule = move.held(desk, step_id, by, "defer")
    words = move.check_words(reason)
    if step.due_at is None or step.due_at <= desk.now:
        raise Refused("defer_too_late", register_no=matter.register_no)
    if until <= step.due_at:
        raise Refused("defer_not_later", due=step.due_at.isoformat(), until=until.isoformat())
    if matters.deferral_waiting(step_id, session=desk.session):
        raise Refused("defer_waiting", register_no=matter.register_no)
    course.check_deferral(desk, matter, until)
    approver = approver_for(desk, matter, step)
    assert by.id is not None and approver.id is not None and matter.id is not None
    asked = Deferral(
        matter_id=matter.id,
        step_id=step_id,
        asked_by=by.id,
        asked_at=desk.now,
        until=until,
        reason=words,
        approver_id=approver.id,
    )
    desk.session.add(asked)
    desk.session.flush()
    _note(desk, asked, "deferral_asked", by, words=words, until=until.isoformat(), approver=approver.name)
    buttons = [
        [["grant", asked.id, "✅ 同意延期"], ["refuse", asked.id, "✖️ 不同意"]],
        [["details", matter.id]],
    ]
    post.to_member(
        desk,
        approver,
        "note.deferral_asked",
        kind="question",
        matter=matter,
        step_id=step_id,
        buttons=buttons,
        by=by.name,
        step=rule.name,
        register_no=matter.register_no,
        title=matter.title,
        due=step.due_at.isoformat(),
        until=until.isoformat(),
        reason=words,
    )
    return asked


def approver_for(desk: Desk, matter: Matter, step: Step) -> Member:
    """Who may approve: the first above the holder who can be told; Refused where nobody can."""
    for who in move.procedure_of(desk, matter).deferred_by:
        found = bearings.on_rung(desk, matter, step, who)
        if found is None or found.id == step.holder_id:
            continue
        acting, _ = absence.who_acts(desk, found, desk.now)
        if acting.id != step.holder_id and acting.reach == "ok":
            return acting
    raise Refused("nobody_approves", register_no=matter.register_no)


def decide(desk: Desk, deferral_id: int, by: Member, *, granted: bool) -> Deferral:
    """Grant or refuse. Granted: the limit moves, its clocks with it, and the matter's own where it must."""
    asked = desk.session.get(Deferral, deferral_id)
    if asked is None:
        raise Refused("no_such_step")
    if asked.approver_id != by.id:
        raise Refused("not_approver", name=people.member(asked.approver_id, session=desk.session).name)
    if asked.state != "asked":
        raise Refused("deferral_decided", granted=asked.state == "granted")
    step, matter = move.running_step(desk, asked.step_id)
    asked.state, asked.decided_at = ("granted" if granted else "refused"), desk.now
    if granted:
        course.check_deferral(desk, matter, asked.until)
        _move_limit(desk, matter, step, asked.until)
    _note(
        desk, asked, "deferral_granted" if granted else "deferral_refused", by, until=asked.until.isoformat()
    )
    asker = people.member(asked.asked_by, session=desk.session)
    wording = "note.deferral_granted" if granted else "note.deferral_refused"
    facts: dict[str, Any] = {"by": by.name, "register_no": matter.register_no, "title": matter.title}
    post.to_member(
        desk,
        asker,
        wording,
        kind="note",
        matter=matter,
        until=asked.until.isoformat(),
        reason=asked.reason,
        **facts,
    )
    cards.refresh(desk, matter)
    return asked


def _move_limit(desk: Desk, matter: Matter, step: Step, until: datetime) -> None:
    before = matter.due_at
    step.due_at, step.acknowledged_at = until, None
    step.provisional = desk.calendar.is_provisional(desk.calendar.local(until).date())
    if matter.due_at is not None and matter.due_at < until:
        matter.due_at, matter.provisional = until, step.provisional
        if not steps_of.takes_whole(move.procedure_of(desk, matter).step(step.key)):
            running.restart(desk, matter, None)
    running.restart(desk, matter, step)
    course.deferred(desk, matter, before)


def _note(desk: Desk, asked: Deferral, act: str, by: Member, **facts: Any) -> None:
    journal.write(
        act,
        now=desk.now,
        session=desk.session,
        member_id=by.id,
        matter_id=asked.matter_id,
        step_id=asked.step_id,
        **facts,
    )
