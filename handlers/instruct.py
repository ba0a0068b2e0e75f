"""Instructions 批示 on an emergency: whom do they name, who has confirmed (E3)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from handlers import reading
from handlers.context import Turn, rows_of
from handlers.emergency import common
from office import emergency, instruct
from office.desk import Refused
from rules.patterns import lazy
from rules.posts import head_of
from rules.reading import read_message
from rules.when import read_past
from storage import drafts, matters, people
from storage import emergencies as stored
from storage.models import Draft, Instruction, Matter, Member
from storage.outbox import EMERGENCY

_OPENING = lazy(r"^批示(?:传达)?[:：，,\s]*")
_PASSED_ON = lazy(r"^(?P<who>.{1,12}?)(?:同志)?(?:电话|口头)?批示[:：，,\s]+(?P<words>.+)$", re.S)


def ask_pressed(turn: Turn, target: str) -> None:
    """批示 was pressed: the next message is the instruction."""
    matter = common.seen(turn, target)
    emergency.check(turn.desk, matter, turn.member)
    draft = turn.begin_draft("em_order", {"matter_id": matter.id, "asking": "words"}, asking="words")
    common.ask_words(
        turn,
        matter,
        draft,
        "请写批示原文，写明传达给谁。例如：请水利局、应急局立即赶赴现场，石桥镇组织转移群众。",
    )


def continue_order(turn: Turn, draft: Draft) -> None:
    """The words of an instruction, or whom it is for."""
    matter = common.asked(turn, draft)
    drafts.write(draft, now=turn.desk.now, state="done")
    said = reading.plain(turn.text)
    if draft.asking == "words":
        take(turn, matter, said)
        return
    names, units, ambiguous = reading.who(turn, said)
    leader = people.member(int(draft.data["leader_id"]), session=turn.desk.session)
    _go_on(turn, matter, leader, str(draft.data["words"]), units, names, ambiguous)


def own_word(said: str) -> bool:
    """Whether a message begins as an instruction does."""
    return _OPENING.match(said) is not None


def take(turn: Turn, matter: Matter, said: str) -> None:
    """An instruction in words, by a leader himself or passed on: 批示 请水利局… · 周县长批示：请水利局…

    The words go out exactly as they were given, to whom they charge; who is only mentioned is offered.
    """
    leader, words = _leader_and_words(turn, _OPENING.sub("", said))
    names, units, ambiguous = reading.who(turn, words)
    context = reading.context(turn).model_copy(update={"writer": leader.name})
    read = read_message(words, context)
    if read.act != "instruct" or not read.items:
        _go_on(turn, matter, leader, words, units, names, ambiguous)
        return
    item = read.items[0]
    charged = {*item.units, *item.people}
    also = [name for name in (*units, *names) if name not in charged and name != leader.name]
    _go_on(turn, matter, leader, words, item.units, item.people, item.ambiguous, also)


def _leader_and_words(turn: Turn, said: str) -> tuple[Member, str]:
    """Whose instruction it is: named at its beginning, else who writes."""
    passed = _PASSED_ON.match(said)
    if passed is not None:
        names, _, _ = reading.who(turn, passed["who"])
        found = people.by_name(names[0], session=turn.desk.session) if len(names) == 1 else None
        if found is not None:
            return found, passed["words"].strip()
    return turn.member, said.strip()


def _go_on(
    turn: Turn,
    matter: Matter,
    leader: Member,
    words: str,
    units: Iterable[str],
    names: Iterable[str],
    ambiguous: Iterable[str],
    also: Iterable[str] = (),
) -> None:
    """Convey it, or ask whom is meant."""
    meant = [name for name in names if name != leader.name]
    unsure = list(ambiguous)
    if unsure or not (list(units) or meant):
        _ask_to(turn, matter, leader, words, list(units), meant, unsure)
        return
    given = instruct.give(turn.desk, matter, leader, words, units=units, names=meant, by=turn.member)
    _say_given(turn, matter, given, leader, list(also))


def _ask_to(
    turn: Turn,
    matter: Matter,
    leader: Member,
    words: str,
    units: list[str],
    names: list[str],
    ambiguous: list[str],
) -> None:
    data: dict[str, Any] = {
        "matter_id": matter.id,
        "asking": "to",
        "leader_id": leader.id,
        "words": words,
        "units": units,
        "names": names,
    }
    draft = turn.begin_draft("em_order", data, asking="to")
    members = people.named(reading.persons(turn.desk.roster, ambiguous), session=turn.desk.session)
    found = [["em_to", f"{draft.id}:{one.id}", f"{one.name}（{one.unit}）"] for one in members]
    turn.answer(
        "emergency.order_to",
        kind="question",
        matter_id=matter.id,
        draft_id=draft.id,
        buttons=[*rows_of(found), [["cancel", draft.id]]],
        priority=EMERGENCY,
        register_no=matter.register_no,
        words=words,
        ambiguous=[one.name for one in members],
    )


def to_pressed(turn: Turn, target: str) -> None:
    """One of several who fit was chosen; whoever else was named gets it too."""
    draft_id, _, member_id = target.partition(":")
    draft = common.own_draft(turn, draft_id, "em_order")
    if "leader_id" not in draft.data:  # its words are still asked for: nobody has been chosen from
        raise Refused("button_unknown")
    matter = common.asked(turn, draft)
    chosen = people.member(reading.number(member_id), session=turn.desk.session)
    drafts.write(draft, now=turn.desk.now, state="done")
    leader = people.member(int(draft.data["leader_id"]), session=turn.desk.session)
    names = [*draft.data["names"], chosen.name]
    _go_on(turn, matter, leader, str(draft.data["words"]), draft.data["units"], names, ())


def also_pressed(turn: Turn, target: str) -> None:
    """➕ Somebody an instruction only mentioned gets it too."""
    step_id, _, member_id = target.partition(":")
    given = _given(turn, step_id)
    member = people.member(reading.number(member_id), session=turn.desk.session)
    instruct.add(turn.desk, given, member, turn.member)
    turn.say(f"已传达 {member.name}")


def _also(turn: Turn, given: Instruction, names: list[str]) -> list[list[Any]]:
    """A button for everybody who was only mentioned: a unit by whom the office knows there."""
    roster = turn.desk.roster
    heads = [(name, head_of(name, roster)) for name in names if name in roster.unit_by_name]
    found = {name: head.name for name, head in heads if head is not None}
    found |= {name: name for name in names if name in roster.by_name}
    members = {one.name: one.id for one in people.named(found.values(), session=turn.desk.session)}
    return [
        ["em_also", f"{given.step_id}:{members[who]}", f"➕ 也传达 {name}"]
        for name, who in found.items()
        if who in members
    ]


def _say_given(turn: Turn, matter: Matter, given: Instruction, leader: Member, also: list[str]) -> None:
    rows = stored.receipts(given.id or 0, session=turn.desk.session)
    step = matters.step(given.step_id, session=turn.desk.session)
    who = people.with_ids([row.member_id for row in rows], session=turn.desk.session)
    turn.answer(
        "emergency.order_given",
        buttons=[[button] for button in _also(turn, given, also)],
        matter_id=matter.id,
        step_id=given.step_id,
        priority=EMERGENCY,
        register_no=matter.register_no,
        number=given.number,
        leader=leader.name,
        to=[f"{row.unit or ''}{who[row.member_id].name}" for row in rows],
        due=step.due_at.isoformat() if step and step.due_at else turn.desk.now.isoformat(),
    )


# --- confirming -------------------------------------------------------------------------------------


def received(turn: Turn, target: str) -> None:
    """已收到 was pressed."""
    given = instruct.confirm(turn.desk, reading.number(target), turn.member)
    turn.say("已确认收到")
    if turn.card is not None and turn.card.kind == "chase":
        matter = matters.matter(given.matter_id, session=turn.desk.session)
        turn.rewrite("emergency.received", register_no=matter.register_no, number=given.number)


def conveyed_pressed(turn: Turn, target: str) -> None:
    """已电话传达: to whom? One button for everybody who has not confirmed."""
    given = _given(turn, target)
    matter = matters.matter(given.matter_id, session=turn.desk.session)
    silent = instruct.silent(turn.desk, given)
    found = [["em_told", f"{given.step_id}:{one.id}", f"{one.name}（{one.unit}）"] for one in silent]
    turn.answer(
        "emergency.ask_words",
        matter_id=matter.id,
        buttons=rows_of(found),
        priority=EMERGENCY,
        register_no=matter.register_no,
        question="已电话传达给谁？点选按现在的时间登记；也可以回复：电话已传达 魏长河 14:20",
    )


def told_pressed(turn: Turn, target: str) -> None:
    """Somebody was told by telephone, just now."""
    step_id, _, member_id = target.partition(":")
    member = people.member(reading.number(member_id), session=turn.desk.session)
    instruct.conveyed(turn.desk, reading.number(step_id), member, turn.desk.now, turn.member)
    turn.say(f"已登记：电话传达 {member.name}")


def conveyed(turn: Turn, matter: Matter, said: str) -> None:
    """电话已传达 魏长河 14:20: of the instructions that still run, each that names him."""
    names, units, _ = reading.who(turn, said)
    waiting = [
        (given, member, moment_of(turn, said, given.given_at))
        for given in stored.instructions(matter.id or 0, session=turn.desk.session)
        for member in instruct.silent(turn.desk, given)
        if member.name in names or member.unit in units
    ]
    if not waiting:
        raise Refused("em_nobody_waits", register_no=matter.register_no)
    meant = [one for one in waiting if one[2] >= emergency.minute(one[0].given_at)]
    for given, member, at in meant or waiting:
        instruct.conveyed(turn.desk, given.step_id, member, at, turn.member)
    done = [f"批示{given.number} {member.name}" for given, member, _ in meant]
    turn.answer(
        "emergency.ended",
        matter_id=matter.id,
        priority=EMERGENCY,
        register_no=matter.register_no,
        result=f"已登记电话传达：{'、'.join(done)}",
    )


def moment_of(turn: Turn, said: str, since: datetime) -> datetime:
    """The time gone by that is claimed; none given: now. Of two readings the one after `since` is meant."""
    found = read_past(said, turn.desk.calendar.local(turn.desk.now), turn.desk.calendar)
    if found is None or found.precision != "minute":
        return turn.desk.now
    fits = (one for one in found.readings if emergency.minute(since) <= one <= turn.desk.now)
    return next(fits, found.at)


def _given(turn: Turn, target: str) -> Instruction:
    given = stored.instruction_of_step(reading.number(target), session=turn.desk.session)
    if given is None:
        raise Refused("button_unknown")
    emergency.check(turn.desk, matters.matter(given.matter_id, session=turn.desk.session), turn.member)
    return given


VERBS = {
    "em_order": ask_pressed,
    "em_to": to_pressed,
    "em_received": received,
    "em_conveyed": conveyed_pressed,
    "em_told": told_pressed,
    "em_also": also_pressed,
}
CONTINUE = {"em_order": continue_order}
