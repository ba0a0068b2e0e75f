"""会议统计: meetings per department and quarter; 会议统计 水利局 季节性：汛期 notes a reason (M6)."""

from __future__ import annotations

import re

from handlers import reading
from handlers.context import Turn
from office import bearings
from office.meetings import count
from rules.patterns import lazy
from rules.recurring import Period, before, in_words, named

_QUARTER = lazy(r"(?:(?P<year>20\d\d)年)?第?(?P<n>[一二三四1-4])季度")
_ENDED = lazy(r"上(?:个)?季度")
_SAYS_QUARTER = lazy(r"\s*(?:(?:[本上这]个?|当前?)季度)?\s*")
_REASON = lazy(r"(?P<words>(?:原因|理由|说明|季节性).*)$", re.S)


def said(turn: Turn, text: str) -> None:
    """The table of a quarter; with 季节性…, the reason of a department's number."""
    period = _period(turn, text)
    rest = _QUARTER.sub("", text)
    if found := _REASON.search(rest):
        _note(turn, rest[: found.start()], period, found["words"])
        return
    units = reading.who(turn, rest)[1]
    if not (units or _SAYS_QUARTER.fullmatch(rest)):
        raise reading.no_period(rest.strip())
    rows = [row for row in count.table(turn.desk, period) if not units or row["unit"] in units]
    if not count.may_see(turn.desk, turn.member):
        rows = [row for row in rows if row["unit"] == turn.member.unit]
    only = bearings.units_shown(turn.desk, turn.group)
    if only is not None:
        rows = [row for row in rows if row["unit"] in only]
    turn.answer(
        "meeting.count",
        buttons=[],
        period=in_words(period.key),
        period_before=in_words(before(period).key),
        rows=rows,
        only=only,
    )


def _period(turn: Turn, text: str) -> Period:
    if found := _QUARTER.search(text):
        year = int(found["year"] or turn.desk.calendar.local(turn.desk.now).year)
        number = "一二三四".find(found["n"]) + 1 or int(found["n"])
        return named(f"{year}Q{number}")
    return count.meant(turn.desk, ended=bool(_ENDED.search(text)) or bool(_REASON.search(text)))


def _note(turn: Turn, who: str, period: Period, words: str) -> None:
    _, units, _ = reading.who(turn, who)
    unit = next(iter(units), turn.member.unit)
    plain = re.sub(r"^(?:原因|理由|说明)[:：，,\s]*", "", words).strip("。 ")
    count.give_reason(turn.desk, unit, period, plain, turn.member)
    turn.answer("meeting.count_noted", unit=unit, period=in_words(period.key), words=plain, buttons=[])


SPOKEN = (("会议统计", said),)
