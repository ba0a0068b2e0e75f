"""Leave: 请假 11月25日至27日, 我明天请假, /leave, 销假; who stands in is asked where nobody could."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers import help as helping
from handlers import reading
from handlers.context import Turn, rows_of
from office import absence
from office.desk import Refused
from rules.reading import Item
from storage import drafts, matters, people
from storage.models import Absence, Draft, Member

CANDIDATES = 6


def leave(turn: Turn) -> None:
    """/leave, with or without the days in the same line."""
    words = turn.text.split(maxsplit=1)[1:]
    if words:
        _read(turn, words[0])
        return
    ask_period(turn)


def ask_period(turn: Turn) -> None:
    """请假, and nothing else: which days?"""
    draft = turn.begin_draft("leave", {}, asking="period")
    turn.answer("leave.ask_period", draft_id=draft.id, buttons=[[["leave_no", draft.id, "✖️ 取消"]]])


def take(turn: Turn, item: Item) -> None:
    """Record what was read; who is not certain (two of one surname, a slip of typing) is asked about."""
    assert item.period is not None
    if item.choices:
        _ask_person(turn, item)
    else:
        _take_all(turn, item.people, item)


def _ask_person(turn: Turn, item: Item) -> None:
    """Who is away?"""
    first, *rest = item.choices
    kept = item.model_dump(mode="json") | {"choices": rest, "stand_ins": item.stand_ins}
    draft = turn.begin_draft("leave", {"item": kept}, asking="person")
    members = people.named(first, session=turn.desk.session)
    found = [["leave_who", f"{draft.id}.{one.id}", f"{one.name}（{one.unit}）"] for one in members]
    turn.answer(
        "leave.which_person",
        draft_id=draft.id,
        buttons=[*rows_of(found), [["leave_no", draft.id, "✖️ 取消"]]],
        names=[one.name for one in members],
    )


def _person_chosen(turn: Turn, target: str) -> None:
    draft_id, _, member_id = target.partition(".")
    draft = reading.open_draft(turn, draft_id, "leave")
    member = turn.desk.session.get(Member, reading.number(member_id))
    if member is None or not member.active or draft.asking != "person":
        raise Refused("button_unknown")
    _go_on_with(turn, draft, member.name)


def _go_on_with(turn: Turn, draft: Draft, name: str) -> None:
    """Who is away is known now."""
    item = Item.model_validate(draft.data["item"])
    drafts.write(draft, now=turn.desk.now, state="done")
    take(turn, item.model_copy(update={"people": (*item.people, name)}))


def _take_all(turn: Turn, names: tuple[str, ...], item: Item) -> None:
    """Of the persons named, or of who writes."""
    assert item.period is not None
    for name in names or (turn.member.name,):
        member = people.by_name(name, session=turn.desk.session)
        if member is None:
            raise Refused("leave_nobody", name=name)
        _take(turn, member, item.period, item.stand_in, item.stand_ins)


def continue_leave(turn: Turn, draft: Draft) -> None:
    """The next message of somebody who was asked for the days, or for who stands in."""
    if draft.asking == "period":
        _read(turn, reading.plain(turn.text))
        drafts.write(draft, now=turn.desk.now, state="done")
        return
    names, _, ambiguous = reading.who(turn, turn.text)
    if len(names) != 1 or ambiguous:
        raise Refused("nobody_meant")
    if draft.asking == "person":
        _go_on_with(turn, draft, names[0])
    else:
        _go_on(turn, draft, names[0])


def _read(turn: Turn, words: str) -> None:
    """Days in the writer's own words, with or without 请假 before them."""
    turn.text = words
    read = reading.message(turn)
    if read.act != "leave" and not read.refused:
        turn.text = f"请假 {words}"
        read = reading.message(turn)
    item = read.items[0] if read.act == "leave" and read.items else None
    if read.refused:
        helping.classified(turn)
    elif item is None or item.period is None:
        raise Refused("leave_no_days")
    else:
        take(turn, item)


def _take(
    turn: Turn, member: Member, period: tuple[date, date], stand_in: str | None, unsure: tuple[str, ...]
) -> None:
    """Record one absence, unless it has to be asked who stands in. `unsure`: of these one is meant."""
    first, last = period
    absence.check(turn.desk, member, first, last, by=turn.member)
    away = absence.away_stand_in(turn.desk, member, first, last, stand_in)
    nobody = absence.stand_in_of(turn.desk, member, stand_in) is None and stand_in is None
    held = len(matters.held_by(member.id or 0, session=turn.desk.session))
    if away is None and not (nobody and held) and not unsure:
        _record(turn, member, period, stand_in)
        return
    data = {"member": member.id, "first": first.isoformat(), "last": last.isoformat(), "named": stand_in}
    draft = turn.begin_draft("leave", data, asking="stand_in")
    facts: dict[str, Any] = {
        "name": member.name,
        "away": away.name if away else None,
        "held": held,
        **_days(period),
    }
    buttons = _choices(turn, draft, member, away, unsure)
    turn.answer("leave.who_stands_in", draft_id=draft.id, buttons=buttons, unsure=list(unsure), **facts)


def _choices(
    turn: Turn, draft: Draft, member: Member, away: Member | None, unsure: tuple[str, ...]
) -> list[Any]:
    """Who may be meant, else who of the unit is there on all these days; and to leave it as it is."""
    first, last = date.fromisoformat(draft.data["first"]), date.fromisoformat(draft.data["last"])
    session = turn.desk.session
    colleagues = [one.name for one in turn.desk.roster.members_of(member.unit)]
    free = [
        one
        for one in people.named(unsure or colleagues, session=session)
        if one.id != member.id and not people.absences(one.id or 0, first, last, session=session)
    ]
    buttons = [["leave_by", f"{draft.id}.{one.id}", one.name] for one in free[:CANDIDATES]]
    as_is = f"仍由 {away.name}" if away else "按原 B岗" if unsure else "不指定"
    return [
        *rows_of(buttons, 3),
        [["leave_by", f"{draft.id}.0", as_is], ["leave_no", draft.id, "✖️ 取消"]],
    ]


def _chosen(turn: Turn, target: str) -> None:
    """A button of who stands in."""
    draft_id, _, member_id = target.partition(".")
    draft = reading.open_draft(turn, draft_id, "leave")
    if (chosen := reading.number(member_id)) == 0:
        _go_on(turn, draft, draft.data["named"])
        return
    member = people.with_ids([chosen], session=turn.desk.session).get(chosen)
    if member is None or not member.active:
        raise Refused("button_unknown")
    _go_on(turn, draft, member.name)


def _go_on(turn: Turn, draft: Draft, stand_in: str | None) -> None:
    member = people.member(draft.data["member"], session=turn.desk.session)
    period = date.fromisoformat(draft.data["first"]), date.fromisoformat(draft.data["last"])
    _record(turn, member, period, stand_in)
    drafts.write(draft, now=turn.desk.now, state="done")


def _record(turn: Turn, member: Member, period: tuple[date, date], stand_in: str | None) -> None:
    done = absence.record(turn.desk, member, *period, stand_in, by=turn.member)
    facts: dict[str, Any] = {
        "name": member.name,
        "own": member.id == turn.member_id,
        "stand_in": done.stand_in.name if done.stand_in else None,
        "held": done.open_matters,
        "begun": done.absence.starts <= turn.desk.now,
        **_days(period),
    }
    (turn.rewrite if turn.pressed else turn.answer)("leave.recorded", buttons=_off(done.absence), **facts)


# --- taking it back ---------------------------------------------------------------------------------


def off(turn: Turn) -> None:
    """销假 · 销假 王海涛"""
    _off_of(turn, _meant(turn, reading.plain(turn.text).removeprefix("销假").strip()))


def _off_of(turn: Turn, member: Member) -> None:
    leaves = absence.coming(turn.desk, member)
    if not leaves:
        raise Refused("leave_none", name=member.name, own=member.id == turn.member_id)
    if len(leaves) == 1:
        _end(turn, leaves[0])
        return
    days = [[["leave_off", one.id, f"{_short(one.first_day)}至{_short(one.last_day)}"]] for one in leaves]
    turn.answer("leave.which_off", buttons=days, name=member.name)


def _meant(turn: Turn, words: str) -> Member:
    """Whose leave: one's own, or that of the one person named."""
    if not words:
        return turn.member
    names, _, ambiguous = reading.who(turn, words)
    if ambiguous:
        members = people.named(ambiguous, session=turn.desk.session)
        buttons = rows_of([["leave_of", one.id, f"{one.name}（{one.unit}）"] for one in members])
        raise Refused("leave_which", names=[one.name for one in members], buttons=buttons)
    named = people.named(names, session=turn.desk.session)
    if len(named) != 1:
        raise Refused("nobody_meant")
    return named[0]


def _whose_pressed(turn: Turn, target: str) -> None:
    """One of several whose leave may be meant was chosen."""
    member = turn.desk.session.get(Member, reading.number(target))
    if member is None:
        raise Refused("button_unknown")
    _off_of(turn, member)


def _off_pressed(turn: Turn, target: str) -> None:
    leave = turn.desk.session.get(Absence, reading.number(target))
    if leave is None:
        raise Refused("button_unknown")
    _end(turn, leave)


def _end(turn: Turn, leave: Absence) -> None:
    absence.cancel(turn.desk, leave, by=turn.member)
    member = people.member(leave.member_id, session=turn.desk.session)
    days = _days((leave.first_day, leave.last_day))
    facts: dict[str, Any] = {"name": member.name, "before": leave.cancelled, **days}
    (turn.rewrite if turn.pressed else turn.answer)("leave.taken_back", **facts)


def _give_up(turn: Turn, target: str) -> None:
    draft = reading.open_draft(turn, target, "leave")
    drafts.write(draft, now=turn.desk.now, state="cancelled")
    turn.rewrite("leave.given_up")


def _off(leave: Absence) -> list[Any]:
    return [[["leave_off", leave.id, "↩️ 销假"]]]


def _days(period: tuple[date, date]) -> dict[str, Any]:
    return {"first": period[0].isoformat(), "last": period[1].isoformat()}


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"


VERBS = {
    "leave_by": _chosen,
    "leave_who": _person_chosen,
    "leave_of": _whose_pressed,
    "leave_off": _off_pressed,
    "leave_no": _give_up,
}
