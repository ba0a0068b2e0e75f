"""Which matter a message names: 督8号 …, 访〔2026〕3号 …, or the card that it answers."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NoReturn

from handlers.context import Turn
from office import bearings, cards
from office.desk import Refused
from rules.reading.register_no import read_register_no
from storage import matters
from storage.models import Matter


def matter_of(
    turn: Turn, said: str, *, series: Collection[str], states: Collection[str] = ("open",)
) -> tuple[Matter, str]:
    """The matter of one of these series that a text names or replies to, and the rest of the text.

    Refused where it names none, one that is not there, or one that the member may not see.
    """
    found = read_register_no(said, series)
    if found is None:
        bound = _replied(turn)
        if bound is None or bound.series not in series:
            raise Refused("name_a_matter", series=sorted(series))
        return bound, said.strip()
    wanted = {found.series} if found.series else set(series)
    known = [
        one
        for one in matters.with_number(found.number, states=tuple(states), session=turn.desk.session)
        if one.series in wanted and found.year in (None, one.year)
        if bearings.may_see(turn.desk, one, member=turn.member)
    ]
    if known and turn.group is not None:
        known = [one for one in known if bearings.may_see(turn.desk, one, group=turn.group)]
        if not known:
            raise Refused("not_for_group")
    if not known:
        _say_over(turn, found.number, wanted)
    if len({one.series for one in known}) > 1:
        raise Refused("name_the_series", numbers=[one.register_no for one in known])
    return known[0], found.rest


def _say_over(turn: Turn, number: int, wanted: Collection[str]) -> NoReturn:
    """Refused: nothing is under way by this number; what was, and how it ended, is said to who may see it."""
    every = matters.with_number(number, states=(), session=turn.desk.session)
    over = [
        one
        for one in every
        if one.series in wanted and bearings.may_see(turn.desk, one, member=turn.member, group=turn.group)
    ]
    closed = over[0].register_no if over else None
    state = cards.matter_facts(turn.desk, over[0])["state"] if over else None
    raise Refused("no_such_matter", number=number, closed=closed, state=state)


def series_in(turn: Turn, number: int | None) -> str | None:
    """The series that a message names with a register number: 督 of 督1号怎么样了; else None."""
    if number is None:
        return None
    series = {one.series for one in turn.desk.policy.procedures.values()}
    names = "|".join(map(re.escape, sorted(series, key=len, reverse=True)))
    found = re.search(rf"({names})\s*(?:[〔\[【(（]\d{{4}}[〕\]】)）])?\s*第?0*{number}(?!\d)", turn.text)
    return found[1] if found else None


def _replied(turn: Turn) -> Matter | None:
    card = turn.reply_card
    if card is None or card.matter_id is None:
        return None
    return matters.matter(card.matter_id, session=turn.desk.session)
