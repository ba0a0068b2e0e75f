"""Instructions 批示 on an emergency: conveyed to everyone they name, each one confirming (rules.md E3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from office import cards, emergency, move, post
from office.desk import Desk, Refused
from rules.emergency import span
from rules.posts import head_of
from storage import emergencies, matters, outbox, people
from storage.models import Clock, Instruction, Matter, Member, Receipt, Step

CHASE, UNREACHED = "em_chase", "em_unreached"
"""clocks: somebody has not confirmed; somebody's card could not be delivered"""
WORDS_LIMIT = 1000


def give(
    desk: Desk,
    matter: Matter,
    leader: Member,
    words: str,
    *,
    units: Iterable[str] = (),
    names: Iterable[str] = (),
    by: Member,
) -> Instruction:
    """Pass a leader's instruction on, in its exact words, to everybody it names; its own clock begins.

    Refused: nobody_meant, em_no_leader, em_not_yours, em_over, words_missing, words_too_long.
    """
    emergency.check(desk, matter, by)
    if not emergency.is_leader(leader) and "director" not in leader.roles:
        raise Refused("em_no_leader", name=leader.name)
    if not words.strip():
        raise Refused("words_missing")
    if len(words) > WORDS_LIMIT:
        raise Refused("words_too_long", limit=WORDS_LIMIT, length=len(words))
    recipients = _recipients(desk, units, names)
    if not recipients:
        raise Refused("nobody_meant")
    emergency.answered(desk, matter, by)
    step = emergency.begin_step(desk, matter, "convey")
    instruction = _write(desk, matter, step, leader, words, by)
    for member, unit in recipients:
        _pass_to(desk, matter, instruction, member, unit)
    _watch(desk, matter, instruction, leader, recipients)
    cards.refresh(desk, matter)
    return instruction


def add(desk: Desk, instruction: Instruction, member: Member, by: Member) -> None:
    """Pass an instruction that is on its way on to one more; its clock stays."""
    matter = matters.matter(instruction.matter_id, session=desk.session)
    emergency.check(desk, matter, by)
    step = matters.step(instruction.step_id, session=desk.session)
    if step is None or step.state != "open":
        raise Refused("em_conveyed_all", register_no=matter.register_no, number=instruction.number)
    if emergencies.receipt(instruction.id or 0, member.id or 0, session=desk.session) is None:
        _pass_to(desk, matter, instruction, member, member.unit)
        cards.refresh(desk, matter)


def _recipients(desk: Desk, units: Iterable[str], names: Iterable[str]) -> list[tuple[Member, str | None]]:
    """Persons as named; for a unit whoever the office knows there, each person once."""
    found: dict[int, tuple[Member, str | None]] = {}
    named = [(name, None) for name in names]
    heads = [(head.name, unit) for unit in units if (head := head_of(unit, desk.roster))]
    for name, unit in [*heads, *named]:
        member = people.by_name(name, session=desk.session)
        if member is not None and member.id is not None and member.id not in found:
            found[member.id] = (member, unit)
    return list(found.values())


def _write(desk: Desk, matter: Matter, step: Step, leader: Member, words: str, by: Member) -> Instruction:
    assert matter.id is not None and step.id is not None and leader.id is not None and by.id is not None
    instruction = Instruction(
        matter_id=matter.id,
        step_id=step.id,
        number=emergencies.next_instruction(matter.id, session=desk.session),
        leader_id=leader.id,
        words=words,
        recorded_by=by.id,
        given_at=desk.now,
    )
    desk.session.add(instruction)
    desk.session.flush()
    emergency.note(desk, matter, "instructed", by, leader=leader.name, words=words, number=instruction.number)
    return instruction


def _pass_to(desk: Desk, matter: Matter, instruction: Instruction, member: Member, unit: str | None) -> None:
    assert instruction.id is not None and member.id is not None
    receipt = Receipt(instruction_id=instruction.id, member_id=member.id, unit=unit)
    desk.session.add(receipt)
    desk.session.flush()
    card = post.to_member(desk, member, "order", kind="order", matter=matter, step_id=instruction.step_id)
    receipt.told_at = desk.now if card is not None else None
    if card is None:
        _set_clock(desk, matter, instruction, UNREACHED, desk.now, member.id)
    emergency.note(
        desk, matter, "conveyed", None, number=instruction.number, to=member.name, reached=card is not None
    )


def _watch(
    desk: Desk,
    matter: Matter,
    instruction: Instruction,
    leader: Member,
    recipients: list[tuple[Member, str | None]],
) -> None:
    """The leader sees who has confirmed; the units may see the emergency; who is silent is told again."""
    units = [unit or member.unit for member, unit in recipients]
    matter.units = list(dict.fromkeys([*matter.units, *units]))
    desk.session.add(matter)
    if leader.id not in [member.id for member, _ in recipients]:
        post.to_member(desk, leader, "order", kind="order", matter=matter, step_id=instruction.step_id)
    for place, after in enumerate(desk.policy.emergency.chase):
        _set_clock(desk, matter, instruction, CHASE, desk.now + span(after), place)


def _set_clock(
    desk: Desk, matter: Matter, instruction: Instruction, kind: str, at: datetime, about: int
) -> None:
    clock = Clock(kind=kind, matter_id=matter.id, step_id=instruction.step_id, about_id=about, at=at)
    desk.session.add(clock)


# --- confirming -------------------------------------------------------------------------------------


def confirm(desk: Desk, step_id: int, by: Member) -> Instruction:
    """已收到 of one whom an instruction names. Pressed twice, it changes nothing."""
    instruction, matter = _of_step(desk, step_id)
    receipt = emergencies.receipt(instruction.id or 0, by.id or 0, session=desk.session)
    if receipt is None:
        raise Refused("em_not_named", register_no=matter.register_no)
    if receipt.confirmed_at is None:
        receipt.confirmed_at = desk.now
        emergency.note(desk, matter, "confirmed", by, number=instruction.number, due=_due(desk, instruction))
        _close_if_all(desk, matter, instruction, by)
    return instruction


def conveyed(desk: Desk, step_id: int, to: Member, at: datetime, by: Member) -> Instruction:
    """电话已传达: the duty officer told somebody by telephone; claimed and recorded times are both kept."""
    instruction, matter = _of_step(desk, step_id)
    emergency.check(desk, matter, by)
    emergency.check_claim(desk, at, instruction.given_at, "批示")
    receipt = emergencies.receipt(instruction.id or 0, to.id or 0, session=desk.session)
    if receipt is None:
        raise Refused("em_not_named_other", name=to.name, number=instruction.number)
    if receipt.confirmed_at is None:
        receipt.confirmed_at, receipt.confirmed_by, receipt.claimed_at = desk.now, by.id, at
        due = _due(desk, instruction)
        emergency.note(
            desk, matter, "conveyed_by_phone", by, at, to=to.name, number=instruction.number, due=due
        )
        _close_if_all(desk, matter, instruction, by)
    return instruction


def _due(desk: Desk, instruction: Instruction) -> str | None:
    step = matters.step(instruction.step_id, session=desk.session)
    return step.due_at.isoformat() if step is not None and step.due_at else None


def feed_back(desk: Desk, instruction: Instruction, words: str, by: Member) -> None:
    """What somebody named by an instruction answers goes to the duty officer and to its leader."""
    matter = matters.matter(instruction.matter_id, session=desk.session)
    said = move.check_words(words)
    emergency.note(desk, matter, "feedback", by, number=instruction.number, words=said)
    officer = people.by_name(str(matter.details["duty_officer"]), session=desk.session)
    leader = people.member(instruction.leader_id, session=desk.session)
    for member in {one.id: one for one in (officer, leader) if one is not None and one.id != by.id}.values():
        post.to_member(
            desk,
            member,
            "emergency.feedback",
            kind="note",
            matter=matter,
            register_no=matter.register_no,
            number=instruction.number,
            by=by.name,
            unit=by.unit,
            words=said,
        )


def _close_if_all(desk: Desk, matter: Matter, instruction: Instruction, by: Member) -> None:
    """The clock closes when everybody has confirmed."""
    desk.session.flush()
    step = matters.step(instruction.step_id, session=desk.session)
    if step is not None and step.state == "open" and not silent(desk, instruction):
        move.end(desk, matter, step, by, "全部确认")
    cards.refresh(desk, matter)


def silent(desk: Desk, instruction: Instruction) -> list[Member]:
    """Who has not confirmed."""
    rows = emergencies.receipts(instruction.id or 0, session=desk.session)
    return [people.member(row.member_id, session=desk.session) for row in rows if row.confirmed_at is None]


def _of_step(desk: Desk, step_id: int) -> tuple[Instruction, Matter]:
    instruction = emergencies.instruction_of_step(step_id, session=desk.session)
    if instruction is None:
        raise Refused("button_unknown")
    matter = matters.matter(instruction.matter_id, session=desk.session)
    if matter.state != "open":
        raise Refused("em_over", register_no=matter.register_no, result=matter.result)
    return instruction, matter


# --- what falls due ---------------------------------------------------------------------------------


def chase(desk: Desk, row: Clock) -> None:
    """Tell everybody again who has not confirmed."""
    instruction, matter = _of_step(desk, row.step_id or 0)
    waiting = emergencies.receipts(instruction.id or 0, session=desk.session)
    leader = people.member(instruction.leader_id, session=desk.session)
    for receipt in waiting:
        if receipt.confirmed_at is not None:
            continue
        member = people.member(receipt.member_id, session=desk.session)
        _take_away(desk, matter, instruction, member)
        card = post.to_member(
            desk,
            member,
            "emergency.chase",
            kind="chase",
            matter=matter,
            step_id=instruction.step_id,
            buttons=[[["em_received", instruction.step_id, "👌 已收到"]]],
            register_no=matter.register_no,
            number=instruction.number,
            leader=leader.name,
            post=leader.post,
            words=instruction.words,
            given=instruction.given_at.isoformat(),
        )
        if card is not None:
            receipt.chased += 1
            emergency.note(desk, matter, "chased", None, to=member.name, number=instruction.number)
    cards.refresh(desk, matter)


def _take_away(desk: Desk, matter: Matter, instruction: Instruction, member: Member) -> None:
    """One reminder of an instruction stands, the latest."""
    found = matters.standing_cards(
        matter.id or 0, kinds=["chase"], step_id=instruction.step_id, session=desk.session
    )
    for card in found:
        if card.member_id == member.id:
            card.standing = False
            outbox.enqueue_delete(
                card, now=desk.now, priority=post.priority(desk, matter), session=desk.session
            )


def unreached(desk: Desk, row: Clock) -> None:
    """Somebody's card could not be delivered: the duty officer and the leader are told at once."""
    instruction, matter = _of_step(desk, row.step_id or 0)
    receipt = emergencies.receipt(instruction.id or 0, row.about_id or 0, session=desk.session)
    if receipt is None or receipt.confirmed_at is not None:
        return
    receipt.told_at = None
    member = people.member(receipt.member_id, session=desk.session)
    step = matters.step(instruction.step_id, session=desk.session)
    for told_id in {instruction.leader_id, step.holder_id if step else instruction.recorded_by}:
        post.to_member(
            desk,
            people.member(told_id, session=desk.session),
            "emergency.unreached",
            kind="note",
            matter=matter,
            cause=f"em:unreached:{receipt.id}:{told_id}",
            register_no=matter.register_no,
            number=instruction.number,
            name=member.name,
            unit=receipt.unit or member.unit,
            phone=member.phone,
        )
    cards.refresh(desk, matter)


CLOCKS = {CHASE: chase, UNREACHED: unreached}
