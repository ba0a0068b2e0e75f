"""Ending a matter: closed with a result, returned to its sender, or taken back by who logged it."""

from __future__ import annotations

from office import cards, move, post
from office.desk import Desk, Refused
from office.supervision import course
from rules import procedure as steps_of
from rules.limits import due
from rules.policy import StepRule
from storage import clocks, journal, matters, people
from storage.models import Matter, Member, Step


def close(desk: Desk, step_id: int, by: Member, result: str, reply_no: str | None = None) -> Matter:
    """办结: with a result, from the closing step only; earlier steps that are missing are named (D7, D11)."""
    step, matter = move.running_step(desk, step_id)
    procedure = move.procedure_of(desk, matter)
    if not procedure.step(step.key).closes:
        if course.is_task(desk, matter):
            raise Refused(
                "not_struck_off", register_no=matter.register_no, **course.who_strikes_off(desk, matter)
            )
        left = steps_of.still_to_sign(procedure, step.key)
        raise Refused("steps_missing", register_no=matter.register_no, steps=list(left))
    step, matter, _ = move.held(desk, step_id, by, "close")
    words = move.check_words(result)
    course.check_close(desk, matter)
    move.end(desk, matter, step, by, words)
    for other in matters.open_steps(step.matter_id, session=desk.session):
        move.end(desk, matter, other, by, words, state="cancelled")
    matter.result, matter.reply_no = words, reply_no
    finish(desk, matter, "closed")
    journal.write(
        "closed",
        now=desk.now,
        session=desk.session,
        member_id=by.id,
        matter_id=matter.id,
        words=words,
        reply_no=reply_no,
        due=matter.due_at.isoformat() if matter.due_at else None,
    )
    cards.refresh(desk, matter)
    return matter


def check_return(desk: Desk, step_id: int, by: Member) -> tuple[Step, Matter, StepRule]:
    """The step at which `by` may return a matter. Refused: not_registrar, too_late_to_return."""
    step, matter = move.running_step(desk, step_id)
    rule = move.procedure_of(desk, matter).step(step.key)
    holds = step.holder_id == by.id
    if not (holds or matter.registrar_id == by.id or desk.policy.may(by.roles, "return_to_sender")):
        raise Refused("not_registrar", register_no=matter.register_no)
    if "return_to_sender" not in rule.verbs:
        raise Refused("too_late_to_return", register_no=matter.register_no, step=rule.name)
    return step, matter, rule


def return_to_sender(desk: Desk, step_id: int, by: Member, reason: str) -> Matter:
    """退文: what does not meet the rules goes back to its sender the same day, with reasons (D4)."""
    step, matter, _ = check_return(desk, step_id, by)
    words = move.check_words(reason)
    move.end(desk, matter, step, by, words, state="cancelled")
    matter.result = words
    finish(desk, matter, "returned")
    procedure = move.procedure_of(desk, matter)
    limit = due(procedure.return_limit, matter.received_at, desk.calendar, procedure.clock).at
    journal.write(
        "returned_to_sender",
        now=desk.now,
        session=desk.session,
        member_id=by.id,
        matter_id=matter.id,
        words=words,
        due=limit.isoformat(),
    )
    cards.refresh(desk, matter)
    registrar = people.member(matter.registrar_id, session=desk.session)
    if registrar.id != by.id:
        shown = cards.matter_facts(desk, matter)
        post.to_member(
            desk,
            registrar,
            "note.returned",
            kind="note",
            matter=matter,
            by=by.name,
            reason=words,
            matter_=shown,
        )
    return matter


def undo(desk: Desk, matter_id: int, by: Member) -> Matter:
    """Take back a log within a minute, by who did it. The number stays used: the register has no gap."""
    matter = matters.matter(matter_id, session=desk.session)
    if matter.registrar_id != by.id:
        raise Refused("not_registrar", register_no=matter.register_no)
    if matter.state != "open":
        raise Refused("step_over", **cards.matter_facts(desk, matter))
    if desk.now - matter.registered_at > cards.UNDO_WITHIN:
        raise Refused("undo_too_late", register_no=matter.register_no)
    for step in matters.open_steps(matter_id, session=desk.session):
        move.end(desk, matter, step, by, "撤销登记", state="cancelled")
    finish(desk, matter, "void")
    journal.write("undone", now=desk.now, session=desk.session, member_id=by.id, matter_id=matter.id)
    cards.refresh(desk, matter)
    return matter


def finish(desk: Desk, matter: Matter, state: str) -> None:
    """A matter is over: nothing of it rings any more."""
    matter.state, matter.closed_at = state, desk.now
    clocks.cancel(matter_id=matter.id, session=desk.session)
    course.ended(desk, matter)
