"""What falls due for a meeting by itself: reminders of the notice, the day, the end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from office.desk import Desk
from rules.limits import due
from rules.meetings import span
from storage import clocks
from storage.models import Clock, Matter

CHASE, UNREACHED, DAY, OVER = "mt_chase", "mt_unreached", "mt_day", "mt_over"
"""somebody has not answered; somebody cannot be reached; signing in opens; the meeting is over"""


def set_clocks(desk: Desk, matter: Matter) -> None:
    """Set what counts from the meeting itself, anew where it was moved."""
    assert matter.event_at is not None
    clocks.cancel(matter_id=matter.id, kinds=[DAY, OVER], session=desk.session)
    opens = matter.event_at - span(desk.policy.meetings.sign_in.opens)
    _add(desk, matter, DAY, [max(opens, desk.now)])
    _add(desk, matter, OVER, [matter.event_ends_at or matter.event_at])


def set_chase(desk: Desk, matter: Matter) -> None:
    """Set when whoever has not answered the notice of this round is reminded."""
    assert matter.event_at is not None
    clocks.cancel(matter_id=matter.id, kinds=[CHASE], session=desk.session)
    rule, last = desk.policy.meetings.reminders, matter.event_at - span(desk.policy.meetings.reminders.before)
    times = {due(text, desk.now, desk.calendar, "office").at for text in rule.after}
    _add(
        desk, matter, CHASE, [*sorted(at for at in times if at < last), *([last] if last > desk.now else [])]
    )


def set_unreached(desk: Desk, matter: Matter, invitation_id: int) -> None:
    """Somebody's notice was refused for good."""
    desk.session.add(Clock(kind=UNREACHED, matter_id=matter.id, about_id=invitation_id, at=desk.now))


def _add(desk: Desk, matter: Matter, kind: str, instants: Iterable[datetime]) -> None:
    number = int(matter.details["round"])
    desk.session.add_all(
        Clock(kind=kind, place=place, matter_id=matter.id, about_id=number, at=at)
        for place, at in enumerate(instants)
    )
