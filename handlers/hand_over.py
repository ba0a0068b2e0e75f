"""Handing a step to somebody else 转办: a section in the first step, a person later."""

from __future__ import annotations

from handlers import done, reading
from handlers.context import Turn, rows_of
from office import move
from office.desk import Refused
from rules.posts import head_of
from storage import drafts, matters, people
from storage.models import Member

SHOWN_PEOPLE = 24


def ask_who(turn: Turn, target: str) -> None:
    """转办 was pressed: to whom? Sections in the first step, colleagues later; a name may be written."""
    step, matter, rule = move.held(turn.desk, reading.number(target), turn.member, "hand_over")
    draft = turn.begin_draft("hand_over", {"step_id": step.id}, asking="who")
    if rule.holder == "section":
        units = [unit for unit in turn.desk.roster.units if unit.level == "section"]
        found = [["to_unit", f"{step.id}:{i}", unit.name] for i, unit in enumerate(units)]
    else:
        colleagues = turn.desk.roster.members_of(turn.member.unit)[:SHOWN_PEOPLE]
        members = people.named(
            [one.name for one in colleagues if one.name != turn.member.name], session=turn.desk.session
        )
        found = [["to", f"{step.id}:{one.id}", one.name] for one in members]
    turn.answer(
        "move.ask_who",
        kind="question",
        matter_id=matter.id,
        step_id=step.id,
        draft_id=draft.id,
        buttons=[*[[list(b) for b in row] for row in rows_of(found, 3)], [["cancel", draft.id]]],
        register_no=matter.register_no,
        title=matter.title,
    )


def to_unit(turn: Turn, target: str) -> None:
    """A section was chosen."""
    step_id, _, place = target.partition(":")
    units = [unit for unit in turn.desk.roster.units if unit.level == "section"]
    unit = reading.picked(units, place)
    if unit is None:
        raise Refused("button_unknown")
    to_named(turn, reading.number(step_id), (), (unit.name,), (), "")
    _end_asking(turn, "hand_over")


def to_person(turn: Turn, target: str) -> None:
    """A person was chosen."""
    step_id, _, member_id = target.partition(":")
    to = turn.desk.session.get(Member, reading.number(member_id))
    if to is None or not to.active:
        raise Refused("button_unknown")
    _hand_over(turn, reading.number(step_id), to, None)
    _end_asking(turn, "hand_over")


def _end_asking(turn: Turn, form: str) -> None:
    draft = drafts.asking(
        chat_id=turn.chat_id, member_id=turn.member_id, now=turn.desk.now, session=turn.desk.session
    )
    if draft is not None and draft.form == form:
        drafts.write(draft, now=turn.desk.now, state="done")


def to_named(
    turn: Turn,
    step_id: int,
    names: tuple[str, ...],
    units: tuple[str, ...],
    ambiguous: tuple[str, ...],
    said: str,
) -> None:
    """转办 to whoever was named; where that may be several, ask."""
    if ambiguous:
        members = people.named(reading.persons(turn.desk.roster, ambiguous), session=turn.desk.session)
        found = [["to", f"{step_id}:{one.id}", f"{one.name}（{one.unit}）"] for one in members]
        names_shown = [f"{one.name}（{one.unit}{one.post}）" for one in members]
        turn.answer("move.ask_person", buttons=rows_of(found), said=said, names=names_shown)
        return
    unit = units[0] if units else None
    name = names[0] if names else None
    if name is None and unit is not None and (head := head_of(unit, turn.desk.roster)) is not None:
        name = head.name
    to = people.by_name(name, session=turn.desk.session) if name else None
    if to is None:
        raise Refused("nobody_meant")
    _hand_over(turn, step_id, to, unit)


def _hand_over(turn: Turn, step_id: int, to: Member, unit: str | None) -> None:
    step = move.hand_over(turn.desk, step_id, turn.member, to, unit)
    holder = people.member(step.holder_id, session=turn.desk.session)
    done.say_done(turn, matters.matter(step.matter_id, session=turn.desk.session), f"已转 {holder.name}")
