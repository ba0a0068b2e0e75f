"""Moving a matter on: each act checks who, where and when, signs, and hands the matter to the next.

Everybody who held it signs (D7); a skipped step, a wrong person or an old button is refused with what is
so now. Whoever holds a step stays answerable until the next has taken it (D8).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from office import absence, bearings, cards, hands, petition, post, running
from office.desk import Desk, Refused
from office.supervision import course
from rules import procedure as steps_of
from rules import rights
from rules.limits import Due
from rules.policy import Procedure, StepRule
from storage import clocks, journal, matters, people, rows
from storage.journal import Note
from storage.models import Clock, Matter, Member, Step

OPINION_LIMIT = 500


def procedure_of(desk: Desk, matter: Matter) -> Procedure:
    """The procedure a matter follows."""
    return desk.policy.procedures[matter.procedure]


def begin(
    desk: Desk,
    matter: Matter,
    rule: StepRule,
    *,
    cycle: int = 0,
    limit: str | None = None,
    told: bool = True,
) -> list[Step]:
    """Begin a step with whoever holds it; for a scope, one for each reader, all at once (D9).

    `limit` is in place of the step's own where the matter sets another. `told`: whether its holder gets
    a card.
    """
    if limit is not None:
        rule = rule.model_copy(update={"limit": limit})
    if rule.holder != "scope":
        owner, absent = hands.holder_for(desk, matter, rule)
        return [_open(desk, matter, rule, owner, absent, cycle, told)]
    readers = people.named(matter.scope, session=desk.session)
    acting = (absence.who_acts(desk, reader, desk.now) for reader in readers)
    return [_open(desk, matter, rule, holder, absent, cycle, told) for holder, absent in acting]


def _open(
    desk: Desk,
    matter: Matter,
    rule: StepRule,
    holder: Member,
    absent: Member | None,
    cycle: int,
    told: bool,
) -> Step:
    assert matter.id is not None and holder.id is not None
    if rule.repeats is not None:
        due: Due | None = running.phase_due(desk, matter, cycle)
    else:
        due = running.due_of(desk, matter, rule, desk.now)
    step = Step(
        matter_id=matter.id,
        key=rule.key,
        position=procedure_of(desk, matter).position(rule.key),
        cycle=cycle,
        holder_id=holder.id,
        holder_since=desk.now,
        for_id=absent.id if absent else None,
        began_at=desk.now,
        due_at=due.at if due else None,
        first_due_at=due.at if due else None,
        due_limit=rule.limit,
        provisional=bool(due and due.provisional),
    )
    rows.keep(step, session=desk.session)
    running.start_step(desk, matter, step, rule)
    if steps_of.takes_whole(rule):  # from here on the step rings for the matter's own limit
        clocks.cancel(matter_id=matter.id, whole_only=True, session=desk.session)
    _note(
        desk, matter, step, "begun", None, holder=holder.name, stands_in_for=absent.name if absent else None
    )
    if told:
        _give(desk, matter, step, holder)
    return step


def _give(desk: Desk, matter: Matter, step: Step, holder: Member) -> None:
    """The holder's card; where he cannot be reached, the ladder rings its first rung at once."""
    if cards.hand_to_holder(desk, matter, step, holder) is None:
        desk.session.add(Clock(kind="unreached", matter_id=matter.id, step_id=step.id, at=desk.now))


def acknowledge(desk: Desk, step_id: int, by: Member) -> Step:
    """已收到: quiets the reminders, never the limit. Pressing it twice changes nothing."""
    step, matter, _ = held(desk, step_id, by, "acknowledge")
    if step.acknowledged_at is None:
        rows.change(step, {"acknowledged_at": desk.now})
        clocks.cancel(step_id=step.id, kinds=["remind"], session=desk.session)
        _note(desk, matter, step, "acknowledged", by)
        cards.edit(desk, matter, step)
    return step


def sign(desk: Desk, step_id: int, by: Member, opinion: str | None = None, *, told: bool = True) -> Step:
    """Sign a step: it ends, the next begins. The closing step is not signed but closed (office/close.py).

    `told`: whether the next holder gets a card; who signs many at once tells him of all with one message.
    """
    step, matter, rule = held(desk, step_id, by, "sign")
    if rule.requires is not None:
        petition.check(desk, matter)
    if rule.holder == "section" and matter.handler_id is None:
        matter.handler_id = by.id
    if rule.words and not opinion:
        raise Refused("result_missing", register_no=matter.register_no, step=rule.name)
    words = check_words(opinion) if opinion else rule.sign
    end(desk, matter, step, by, words)
    in_order = procedure_of(desk, matter).in_order
    if rule.repeats is not None and step.cycle + 1 < len(matter.details["phases"]):
        begin(desk, matter, rule, cycle=step.cycle + 1)
    elif in_order and not matters.open_steps(step.matter_id, session=desk.session):
        begin(desk, matter, _next(desk, matter, step))
    if rule.requires is not None:
        petition.hand_in(desk, matter, by)
    course.signed(desk, matter, rule)
    cards.refresh(desk, matter, step)
    return step


def _next(desk: Desk, matter: Matter, step: Step) -> StepRule:
    """The step that follows; one where the same hand would only sign again is passed over, and noted."""
    procedure = procedure_of(desk, matter)
    following = steps_of.following(procedure, step.key)
    while following is not None and (why := hands.passed_over(desk, matter, following, step)):
        note = Note("passed_over", matter.id, None, {"step": following.name, "why": why})
        journal.write_all([note], now=desk.now, session=desk.session)
        following = steps_of.following(procedure, following.key)
    assert following is not None, "the last step of a procedure closes it"
    return following


def shortcut(desk: Desk, step_id: int, by: Member) -> Step:
    """Sign and go straight to a later step; whoever is passed over is told (D7, urgent papers)."""
    step, matter, rule = held(desk, step_id, by, "shortcut")
    assert rule.shortcut is not None
    later = procedure_of(desk, matter).step(rule.shortcut.to)
    end(desk, matter, step, by, rule.shortcut.label)
    begin(desk, matter, later)
    passed = bearings.in_post(desk, matter, rule.shortcut.tells)
    if passed is not None:
        facts: dict[str, Any] = {"register_no": matter.register_no, "title": matter.title}
        post.to_member(
            desk, passed, "note.passed", kind="note", matter=matter, by=by.name, to=later.name, **facts
        )
    cards.refresh(desk, matter, step)
    return step


def end(
    desk: Desk,
    matter: Matter,
    step: Step,
    by: Member,
    words: str,
    state: str = "done",
    happened_at: datetime | None = None,
) -> None:
    """End a step: signature, journal with limit and actual time, clocks stopped, notes settled.

    `happened_at` is the time that is claimed for it, where it was done before it was recorded.
    """
    step.state, step.ended_at, step.signed_by, step.opinion = state, desk.now, by.id, words
    clocks.cancel(step_id=step.id, session=desk.session)
    due = step.due_at.isoformat() if step.due_at else None
    act = "signed" if state == "done" else state
    _note(desk, matter, step, act, by, happened_at=happened_at, words=words, due=due)
    cards.settle_notes(desk, matter, step, by.name)


def hand_over(desk: Desk, step_id: int, by: Member, to: Member, unit: str | None = None) -> Step:
    """转办: somebody else holds the step; its limit runs on. Who had it is told when it is taken."""
    step, matter, rule = held(desk, step_id, by, "hand_over")
    if to.id == step.holder_id:
        raise Refused("already_holder", name=to.name)
    hands.check_another(desk, matter, rule, to)
    if rule.holder == "section":
        matter.section = unit or to.unit
        if matter.handler_id is not None:  # whoever was to handle it belongs to the unit before
            matter.handler_id = to.id
    acting, absent = absence.who_acts(desk, to, desk.now)
    _change_holder(desk, matter, step, acting, absent, "handed_over", by)
    return step


def reassign(
    desk: Desk, step: Step, to: Member, cause: str, by: Member | None = None, *, told: bool = True
) -> None:
    """Give a step to somebody else without its holder's doing: leave, a change of persons, taking over.

    `told`: whether he gets a card; who takes over many at once is told of all with one message.
    """
    matter = matters.matter(step.matter_id, session=desk.session)
    absent = (
        people.member(step.for_id or step.holder_id, session=desk.session) if cause == "absence" else None
    )
    _change_holder(desk, matter, step, to, absent, cause, by, told=told)


def take_over(desk: Desk, step_id: int, by: Member) -> Step:
    """接手: a stand-in or superior whom the ladder has told takes the step."""
    step, matter = running_step(desk, step_id)
    holder = people.member(step.holder_id, session=desk.session)
    if holder.id == by.id:
        raise Refused("already_holder", name=by.name)
    about = bearings.bearings(desk, matter)
    owner = people.member(step.for_id or step.holder_id, session=desk.session)
    taker = bearings.person(desk, by)
    if not rights.may_take_over(taker, bearings.person(desk, owner), about, desk.roster):
        raise Refused("not_above", holder=holder.name, register_no=matter.register_no)
    hands.check_another(desk, matter, procedure_of(desk, matter).step(step.key), by)
    _change_holder(desk, matter, step, by, None, "taken_over", by)
    return step


def _change_holder(
    desk: Desk,
    matter: Matter,
    step: Step,
    to: Member,
    absent: Member | None,
    act: str,
    by: Member | None,
    *,
    told: bool = True,
) -> None:
    assert to.id is not None
    before = people.member(step.holder_id, session=desk.session)
    step.holder_id, step.holder_since = to.id, desk.now
    step.for_id = absent.id if absent else None
    step.acknowledged_at = None
    names: dict[str, Any] = {"from": before.name, "to": to.name}
    _note(desk, matter, step, act, by, **names)
    cards.settle_notes(desk, matter, step, to.name)
    cards.refresh(desk, matter, step)
    if told:
        _give(desk, matter, step, to)


def send_back(desk: Desk, step_id: int, by: Member, reason: str) -> Step:
    """退回: from the first step to who registered it, else to the step before, which begins again."""
    step, matter, rule = held(desk, step_id, by, "send_back")
    reason = check_words(reason)
    procedure = procedure_of(desk, matter)
    before = steps_of.back_from(procedure, rule)
    if before is None:
        registrar = people.member(matter.registrar_id, session=desk.session)
        if registrar.id == by.id:
            raise Refused("nobody_before", register_no=matter.register_no)
        _note(desk, matter, step, "sent_back", by, words=reason)
        _change_holder(desk, matter, step, registrar, None, "returned_to", by)
        return step
    end(desk, matter, step, by, reason, state="sent_back")
    last = matters.last_step(step.matter_id, before.key, session=desk.session)
    again = begin(desk, matter, before, cycle=last.cycle + 1 if last else 0)
    signed = people.member(last.signed_by, session=desk.session) if last and last.signed_by else None
    if signed and signed.active and again[0].holder_id != signed.id and again[0].for_id is None:
        _change_holder(desk, matter, again[0], signed, None, "returned_to", by)
    course.sent_back(desk, matter, again[0])
    cards.refresh(desk, matter, step)
    return again[0]


def held(desk: Desk, step_id: int, by: Member, verb: str) -> tuple[Step, Matter, StepRule]:
    """The step, if it runs, `by` holds it and it allows `verb`; else Refused with what is so now."""
    step, matter = running_step(desk, step_id)
    rule = procedure_of(desk, matter).step(step.key)
    if step.holder_id != by.id:
        holder = people.member(step.holder_id, session=desk.session)
        since = step.holder_since.isoformat()
        raise Refused(
            "not_holder", register_no=matter.register_no, step=rule.name, holder=holder.name, since=since
        )
    if verb not in rule.verbs:
        raise Refused("not_here", register_no=matter.register_no, step=rule.name, todo=rule.todo)
    if verb in ("sign", "close"):
        hands.check_another(desk, matter, rule, by)
    return step, matter, rule


def running_step(desk: Desk, step_id: int) -> tuple[Step, Matter]:
    """A step that runs, with its matter; Refused with what is so now where it does not."""
    found = matters.step_and_matter(step_id, session=desk.session)
    if found is None:
        raise Refused("no_such_step")
    step, matter = found
    if step.state == "open" and matter.state == "open":
        return step, matter
    raise Refused("step_over", **cards.matter_facts(desk, matter))


def check_words(words: str) -> str:
    """An opinion, reason or result as it is kept; Refused when it is empty or too long."""
    text = " ".join(words.split())
    if not text:
        raise Refused("words_missing")
    if len(text) > OPINION_LIMIT:
        raise Refused("words_too_long", limit=OPINION_LIMIT, length=len(text))
    return text


def _note(
    desk: Desk,
    matter: Matter,
    step: Step,
    act: str,
    by: Member | None,
    *,
    happened_at: datetime | None = None,
    **facts: Any,
) -> None:
    rule = procedure_of(desk, matter).step(step.key)
    journal.write(
        act,
        now=desk.now,
        session=desk.session,
        happened_at=happened_at,
        member_id=by.id if by else None,
        matter_id=matter.id,
        step_id=step.id,
        step=steps_of.step_name(rule, matter.details, step.cycle),
        **facts,
    )
