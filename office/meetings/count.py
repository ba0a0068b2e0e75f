"""Meetings counted per department and quarter, from the journal (M6): a rise is warned of, or circulated."""

from __future__ import annotations

from collections import Counter
from typing import Any

from office import bearings, move, post
from office.desk import Desk, Refused
from office.meetings.decisions import bounds, summed_up
from rules.meetings import rises
from rules.posts import Bearings, head_of, leader
from rules.recurring import Period, before, in_words, period_of
from storage import journal, meetings, people
from storage.models import Member

LOOKS_BACK = 5
"""quarters that are compared"""


def counts(desk: Desk, period: Period) -> Counter[str]:
    """How many meetings of each department were held in a quarter."""
    held = meetings.of_acts(("meeting_held",), *bounds(desk, period), session=desk.session)
    return Counter(str(entry.facts["unit"]) for entry in held)


def table(desk: Desk, last: Period) -> list[dict[str, Any]]:
    """Each department: this quarter, the one before, how often in a row it rose, the reason that was noted.

    Quarters before the first meeting that the office counted are not compared with.
    """
    quarters = [last]
    while len(quarters) < LOOKS_BACK:
        quarters.insert(0, before(quarters[0]))
    found = [counts(desk, quarter) for quarter in quarters]
    begun = next((i for i, one in enumerate(found) if one), len(found) - 1)
    known = found[begun:]
    reasons = reasons_of(desk, last)
    return [
        {
            "unit": unit,
            "now": known[-1][unit],
            "before": known[-2][unit] if len(known) > 1 else None,
            "rises": rises([one[unit] for one in known]),
            "reason": reasons.get(unit),
        }
        for unit in sorted({unit for one in known for unit in one}, key=lambda unit: (-known[-1][unit], unit))
    ]


def reasons_of(desk: Desk, period: Period) -> dict[str, str]:
    """What was noted as the reason of a quarter's number, by department."""
    first, _ = bounds(desk, period)
    entries = meetings.of_acts(("meeting_count_reason",), first, desk.now, session=desk.session)
    return {str(e.facts["unit"]): str(e.facts["words"]) for e in entries if e.facts["period"] == period.key}


def give_reason(desk: Desk, unit: str, period: Period, words: str, by: Member) -> None:
    """Note why there were more meetings (seasonal …): it is shown beside the number from now on."""
    if by.unit != unit and not may_see(desk, by):
        raise Refused("mt_count_not_yours", unit=unit)
    words = move.check_words(words)
    journal.write(
        "meeting_count_reason",
        now=desk.now,
        session=desk.session,
        member_id=by.id,
        unit=unit,
        period=period.key,
        words=words,
    )


def meant(desk: Desk, *, ended: bool) -> Period:
    """The quarter that runs, or the one that ended last."""
    running = period_of("quarterly", desk.calendar.local(desk.now).date())
    return before(running) if ended else running


def quarterly(desk: Desk) -> None:
    """On the first working day after a quarter: who rose is warned, who rose again is circulated."""
    period = summed_up(desk, "meetings_counted", "quarterly")
    if period is None:
        return
    risen = [row for row in table(desk, period) if row["rises"]]
    for row in risen:
        for member in _of_unit(desk, str(row["unit"])):
            _tell(desk, member, "meeting.count_warning", period, [row])
    after = desk.policy.meetings.count.circulated_after
    circulated = [row for row in risen if int(row["rises"]) >= after]
    for member in _above(desk):
        _tell(desk, member, "meeting.count_warning", period, risen)
    if circulated:
        for member in _circle(desk, circulated):
            _tell(desk, member, "meeting.count_circulated", period, circulated)


def _tell(desk: Desk, member: Member, wording: str, period: Period, rows: list[dict[str, Any]]) -> None:
    if rows:
        post.to_member(
            desk,
            member,
            wording,
            kind="note",
            period=in_words(period.key),
            period_before=in_words(before(period).key),
            rows=rows,
        )


def _of_unit(desk: Desk, unit: str) -> list[Member]:
    head = bearings.head_of(desk, unit)
    return [head] if head else []


def _above(desk: Desk) -> list[Member]:
    return people.with_role("director", session=desk.session)


def _circle(desk: Desk, rows: list[dict[str, Any]]) -> list[Member]:
    """To whom it is circulated: chief leaders, directors, the leaders in charge, every department."""
    names = [one.name for role in ("chief_leader", "director") for one in desk.roster.with_role(role)]
    for row in rows:
        charge = leader(Bearings(str(row["unit"]), None, (), "", None), desk.roster)
        names += [charge.name] if charge else []
    heads = (head_of(unit.name, desk.roster) for unit in desk.roster.units if unit.kind != "leaders")
    names += [one.name for one in heads if one is not None]
    return people.named(dict.fromkeys(names), session=desk.session)


def may_see(desk: Desk, member: Member) -> bool:
    """Whether somebody may see the numbers of every department."""
    return bearings.person(desk, member).unit in {u.name for u in desk.roster.units if u.level != "units"}
