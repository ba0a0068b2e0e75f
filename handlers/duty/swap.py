"""Swaps in chat: 换班 11月26日 与 邓佳琪; the buttons of the other and of the duty leader (E6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from handlers import reading
from handlers.context import Turn, rows_of
from office import duty_swap
from office.desk import Desk, Refused
from office.duty_sheets import read_day
from rules.patterns import lazy
from rules.reading import misnamed
from rules.when import read_instants
from storage import drafts, people
from storage.models import DutySwap, Member

FORM = "swap_who"
ASKS = lazy(r"换班|(?:申请|我要|我想)换班|(?=.{0,20}[与和跟同].{2,12}换(?:个|一下)?班)")
"""how a message that asks for a swap begins"""
_DAY = lazy(r"(?:\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}[日号]?")


def ask(turn: Turn, said: str) -> None:
    """Read the day or days and the person, and ask him."""
    names, _, ambiguous = reading.who(turn, said)
    others = [name for name in names if name != turn.member.name]
    days = _days(turn, said)
    near = ambiguous or (() if others else _near(turn, said))
    meant = tuple(name for name in near if name in turn.desk.roster.by_name)
    if days and meant and not others:
        _ask_who(turn, days, meant)
    elif meant or len(others) != 1 or not days:
        raise Refused("duty_swap_unread", names=list(meant))
    else:
        _ask(turn, others[0], days)


def _near(turn: Turn, said: str) -> tuple[str, ...]:
    """Those whose name was written with a slip."""
    found = misnamed(said, None, reading.context(turn))
    return found.names if found else ()


def _ask_who(turn: Turn, days: list[date], names: tuple[str, ...]) -> None:
    """With whom? Two of one surname, or a slip of typing."""
    draft = turn.begin_draft(FORM, {"days": [one.isoformat() for one in days], "names": names})
    buttons = [["swap_who", f"{draft.id}:{place}", name] for place, name in enumerate(names)]
    turn.answer(
        "duty.swap_which",
        draft_id=draft.id,
        buttons=[*rows_of(buttons), [["cancel", draft.id]]],
        names=list(names),
    )


def _chosen(turn: Turn, target: str) -> None:
    draft = reading.open_draft(turn, target, FORM)
    name = reading.picked(draft.data["names"], target.partition(":")[2])
    if name is None:
        raise Refused("button_unknown")
    _ask(turn, name, [date.fromisoformat(one) for one in draft.data["days"]])
    drafts.write(draft, now=turn.desk.now, state="done")


def _ask(turn: Turn, name: str, days: list[date]) -> None:
    other = people.by_name(name, session=turn.desk.session)
    if other is None:  # who was offered has left meanwhile
        raise Refused("button_unknown")
    swap = duty_swap.ask(turn.desk, turn.member, other, days)
    buttons = [[["swap_withdraw", swap.id, "↩️ 撤回"]]]
    turn.answer("duty.swap_sent", buttons=buttons, **duty_swap.facts(turn.desk, swap))


def _days(turn: Turn, said: str) -> list[date]:
    """The days that are written out, else what 明天, 下周三 say."""
    today = turn.desk.calendar.local(turn.desk.now).date()
    written = _DAY.findall(said)
    if written:
        try:
            return [read_day(one, today) for one in written]
        except ValueError as error:
            raise Refused("duty_swap_date", fault=str(error)) from None
    found = read_instants(said, turn.desk.calendar.local(turn.desk.now), turn.desk.calendar)
    return list(dict.fromkeys(one.at.date() for one in found))


def _on(act: Callable[[Desk, DutySwap, Member], None], wording: str) -> Callable[[Turn, str], None]:
    def press(turn: Turn, target: str) -> None:
        swap = turn.desk.session.get(DutySwap, reading.number(target))
        if swap is None:
            raise Refused("button_unknown")
        before = duty_swap.facts(turn.desk, swap)
        act(turn.desk, swap, turn.member)
        turn.rewrite(wording, **before | {"state": swap.state})

    return press


VERBS = {
    "swap_who": _chosen,
    "swap_agree": _on(duty_swap.agree, "duty.swap_you_agreed"),
    "swap_decline": _on(duty_swap.decline, "duty.swap_you_declined"),
    "swap_grant": _on(duty_swap.grant, "duty.swap_you_granted"),
    "swap_refuse": _on(duty_swap.refuse, "duty.swap_you_refused"),
    "swap_withdraw": _on(duty_swap.withdraw, "duty.swap_you_withdrew"),
}
