"""Other ways a task ends, and begins again: transferred 转出, filed 归档, reopened 重新办理 (V4, D15)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from office import cards, close, move, post, recurring
from office.desk import Desk, Refused
from office.supervision import course, ledger, second
from rules.limits import due
from rules.policy import StepRule
from storage import journal, matters, people
from storage.models import Matter, Member

RECEIVER_LIMIT = 80


def transfer(desk: Desk, matter: Matter, by: Member, receiver: str, reason: str) -> Matter:
    """转出: out of remit, to whom it belongs; counted apart from what was done."""
    _check(desk, matter, by)
    if matter.state != "open":
        raise Refused("step_over", **cards.matter_facts(desk, matter))
    words, to = move.check_words(reason), move.check_words(receiver)[:RECEIVER_LIMIT]
    course.check_close(desk, matter)
    for step in matters.open_steps(matter.id or 0, session=desk.session):
        move.end(desk, matter, step, by, words, state="cancelled")
    matter.result = f"转{to}：{words}"
    matter.details = matter.details | {"transferred": {"to": to, "reason": words}}
    close.finish(desk, matter, "transferred")
    _note(desk, matter, by, "transferred", receiver=to, words=words)
    course.ended(desk, matter)
    _tell_unit(desk, matter, "task.transferred", by, to=to, reason=words)
    cards.refresh(desk, matter)
    return matter


def file(desk: Desk, matter: Matter, by: Member, archive_no: str) -> Matter:
    """归档: what is over gets its archive number."""
    _check(desk, matter, by)
    if matter.state == "open":
        raise Refused("file_open", register_no=matter.register_no)
    matter.archive_no = move.check_words(archive_no)[:60]
    _note(desk, matter, by, "filed", archive_no=matter.archive_no)
    cards.refresh(desk, matter)
    return matter


def reopen(desk: Desk, matter: Matter, by: Member, reason: str, until: datetime | None = None) -> Matter:
    """重新办理: a task that was struck off is handled again, with a reason and a new limit."""
    _check(desk, matter, by)
    if matter.state != "closed":
        raise Refused("reopen_open", register_no=matter.register_no)
    words = move.check_words(reason)
    if until is not None and until <= desk.now:
        raise Refused("due_past", due=until.isoformat())
    _reopen_whole(desk, matter, by)
    rule = _work(desk, matter)
    _open(desk, matter, until)
    last = matters.last_step(matter.id or 0, rule.key, session=desk.session)
    again = move.begin(desk, matter, rule, cycle=last.cycle + 1 if last else 0)
    limit = again[0].due_at
    _note(desk, matter, by, "reopened", words=words, until=limit.isoformat() if limit else None)
    second.watch(desk, matter, limit)
    recurring.follow_rhythm(desk, matter)
    holder = people.member(again[0].holder_id, session=desk.session)
    post.to_member(
        desk,
        holder,
        "task.reopened",
        kind="note",
        matter=matter,
        register_no=matter.register_no,
        title=matter.title,
        by=by.name,
        reason=words,
        until=limit.isoformat() if limit else None,
    )
    cards.refresh(desk, matter)
    return matter


def _open(desk: Desk, matter: Matter, until: datetime | None) -> None:
    """Open again; a limit that is over gives way to a new one, the first stays on record."""
    history = [*matter.details.get("results", []), matter.result]
    details = {key: value for key, value in matter.details.items() if key != "look_back"}
    matter.details = details | {"results": history, "reopened": details.get("reopened", 0) + 1}
    matter.state, matter.closed_at, matter.result, matter.archive_no = "open", None, None, None
    if until is None and matter.due_at is not None and matter.due_at <= desk.now:
        until = due(desk.policy.supervision.second.limit, desk.now, desk.calendar, "office").at
    if until is not None:
        matter.due_at = until
        matter.provisional = desk.calendar.is_provisional(desk.calendar.local(until).date())


def _reopen_whole(desk: Desk, matter: Matter, by: Member) -> None:
    """A whole that was struck off waits for its part again."""
    if matter.parent_id is None:
        return
    whole = matters.matter(matter.parent_id, session=desk.session)
    if whole.procedure not in desk.policy.tasks or whole.state != "closed":
        return
    _open(desk, whole, None)
    closing = next(rule for rule in move.procedure_of(desk, whole).steps if rule.closes)
    move.begin(desk, whole, closing, limit="whole", told=False)
    _note(desk, whole, by, "reopened", words=f"{matter.register_no} 重新办理", until=None)
    cards.refresh(desk, whole)


def _work(desk: Desk, matter: Matter) -> StepRule:
    """The step at which the unit does its work."""
    steps = move.procedure_of(desk, matter).steps
    return next((rule for rule in steps if rule.words), steps[0])


def _check(desk: Desk, matter: Matter, by: Member) -> None:
    if matter.procedure not in desk.policy.tasks:
        raise Refused("not_a_task", register_no=matter.register_no)
    if not ledger.may_supervise(desk, by):
        raise Refused("may_not_supervise")


def _tell_unit(desk: Desk, matter: Matter, wording: str, by: Member, **facts: Any) -> None:
    if matter.handler_id is None or matter.handler_id == by.id:
        return
    handler = people.member(matter.handler_id, session=desk.session)
    said = {"register_no": matter.register_no, "title": matter.title, "by": by.name, **facts}
    post.to_member(desk, handler, wording, kind="note", matter=matter, **said)


def _note(desk: Desk, matter: Matter, by: Member, act: str, **facts: Any) -> None:
    journal.write(act, now=desk.now, session=desk.session, member_id=by.id, matter_id=matter.id, **facts)
