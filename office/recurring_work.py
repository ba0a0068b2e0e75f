"""What asking and reminding mean for each duty that comes again, and its clocks (V3).

A duty whose `done` is "confirmed" needs nothing of its own: whoever is asked presses a button.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

from office import post, recurring
from office.desk import Desk, Refused
from office.supervision import progress, progress_list
from storage import occurrences, outbox, people
from storage.models import Clock, Member, Occurrence
from storage.occurrences import OPEN


def ask(desk: Desk, occurrence: Occurrence) -> None:
    """A card with a button to whoever is to do it."""
    to = recurring.asked_of(desk, occurrence)
    if to is None:
        return
    buttons = [[["recurring_done", occurrence.id, "✅ 已完成"]]]
    said = recurring.facts(desk, occurrence)
    post.to_member(
        desk, to, "recurring.ask", kind="recurring", cause=_cause("ask", occurrence), buttons=buttons, **said
    )


def ring(desk: Desk, occurrence: Occurrence, row: Clock) -> None:
    """A reminder to who is to do it, or a rung of the ladder to somebody else."""
    said = recurring.facts(desk, occurrence) | {"rang": row.kind.removeprefix("recurring_")}
    buttons = [[["recurring_done", occurrence.id, "✅ 已完成"]]]
    to = recurring.asked_of(desk, occurrence)
    if row.kind == recurring.RUNG:
        reached = recurring.reached_by(desk, occurrence, row.place)
        if reached is not None:
            said |= {"post": reached.post, "holder": to.name if to else None}
            cause = _cause(f"rung:{reached.member.id}", occurrence)
            post.to_member(desk, reached.member, "recurring.rung", kind="note", cause=cause, **said)
    elif to is not None:
        cause = _cause(f"{row.kind}:{row.place}", occurrence)
        post.to_member(desk, to, "recurring.reminder", kind="note", cause=cause, buttons=buttons, **said)


def _cause(what: str, occurrence: Occurrence) -> str:
    return f"recurring:{what}:{occurrence.id}"


class Work(NamedTuple):
    """What a duty does when it is asked for, and when a reminder, its limit or a rung is due."""

    ask: Callable[[Desk, Occurrence], None] = ask
    ring: Callable[[Desk, Occurrence, Clock], None] = ring
    owed: Callable[[Desk, Occurrence], bool] = lambda desk, occurrence: True
    """whether there is still anything to ask for in this period"""


WORK: dict[str, Work] = {
    "confirmed": Work(),
    progress.DONE: Work(progress_list.ask, progress_list.ring, progress.is_owed),
}
"""what settles a duty (`done` of recurring.toml) → what is done for it, one line each"""


def confirm(desk: Desk, occurrence: Occurrence, by: Member) -> None:
    """已完成 was pressed. Refused occurrence_over where it is settled, occurrence_not_yours."""
    owner, acting = recurring.owner_of(desk, occurrence), recurring.asked_of(desk, occurrence)
    his = [one.id for one in (owner, acting) if one is not None]
    if by.id not in his and (owner is None or owner.stand_in != by.name):
        holder = owner.name if owner else None
        raise Refused("occurrence_not_yours", holder=holder, **recurring.facts(desk, occurrence))
    recurring.done(desk, occurrence, by)
    recurring.note(desk, "confirmed", occurrence, by)


# --- clocks -----------------------------------------------------------------------------------------


def _asked(desk: Desk, occurrence: Occurrence) -> None:
    """It is asked for; where its time is over already (the program was not running), only noted."""
    if occurrence.state != "waiting":
        return
    occurrence.state, occurrence.asked_at = "asked", desk.now
    to = recurring.asked_of(desk, occurrence)
    occurrence.asked_id = to.id if to else None
    desk.session.add(occurrence)
    recurring.note(desk, "recurring_asked", occurrence, None, to=to.name if to else None)
    _work(desk, occurrence).ask(desk, occurrence)
    if to is None:
        _nobody(desk, occurrence)


def _nobody(desk: Desk, occurrence: Occurrence) -> None:
    """Nobody can be asked: the administrators are told, once for all that are asked for together."""
    cause = f"recurring:nobody:{occurrence.duty}:{occurrence.period}:{occurrence.asks_at.isoformat()}"
    admins = people.with_role("admin", session=desk.session)
    told = [one for one in admins if not outbox.was_told(f"{cause}:{one.id}", session=desk.session)]
    if not told:
        return
    rows = _without_anybody(desk, occurrence)
    for admin in told:
        said = recurring.facts(desk, occurrence) | {"rows": rows}
        post.to_member(desk, admin, "recurring.nobody", kind="note", cause=f"{cause}:{admin.id}", **said)


def _without_anybody(desk: Desk, occurrence: Occurrence) -> list[dict[str, Any]]:
    """Whose duties of the same instant nobody can be asked for, and how many of each."""
    together = occurrences.asked_at(occurrence.duty, occurrence.asks_at, session=desk.session)
    owners = Counter(
        owner.name if (owner := recurring.owner_of(desk, one)) else ""
        for one in together
        if recurring.asked_of(desk, one) is None
    )
    return [{"name": name or None, "count": count} for name, count in sorted(owners.items())]


def _rang(desk: Desk, occurrence: Occurrence, row: Clock) -> None:
    if occurrence.state != "asked" or occurrence.asked_at == desk.now:
        return  # asked for only now: the card says that it is late
    if row.kind == recurring.OVERDUE:
        recurring.note(desk, "recurring_late", occurrence, None)
    else:
        _work(desk, occurrence).ring(desk, occurrence, row)


def _work(desk: Desk, occurrence: Occurrence) -> Work:
    return WORK[recurring.rule_of(desk, occurrence).done]


def _fire(desk: Desk, row: Clock) -> None:
    occurrence = desk.session.get_one(Occurrence, row.about_id)
    if occurrence.duty not in desk.policy.recurring or not recurring.is_owed(desk, occurrence):
        recurring.call_off(desk, occurrence)
    elif occurrence.state in OPEN and not _work(desk, occurrence).owed(desk, occurrence):
        recurring.done(desk, occurrence, None)  # excused: there is nothing to say of this period any more
    elif row.kind == recurring.NEXT or recurring.is_over(desk, occurrence):
        recurring.give_way(desk, occurrence)
    elif row.kind == recurring.ASK:
        _asked(desk, occurrence)
    else:
        _rang(desk, occurrence, row)


CLOCKS: dict[str, Callable[[Desk, Clock], None]] = dict.fromkeys((*recurring.RINGS, recurring.NEXT), _fire)
"""what falls due here (office/tick.py)"""
