"""What an act works with: the caller's transaction, the instant, the policy and the calendar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from rules.ladder import Planned, awake, plan
from rules.limits import Clock
from rules.policy import Ladder, Policy
from rules.roster import Roster
from rules.working_time import Calendar, Notice, notices_from
from storage import people


class Refused(Exception):
    """What the rules do not allow: `reason` names the sentence that says so, and the way that is.

    `facts` fill the sentence. Raised by acts, turned into words in one place (handlers/errors.py).
    """

    def __init__(self, reason: str, **facts: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts


@dataclass(frozen=True)
class Desk:
    """A session that the caller commits, the instant of the act (aware), and what the office goes by."""

    session: Session
    now: datetime
    policy: Policy
    calendars: Callable[[Session, str], Calendar]
    """the calendar, by which notices are loaded (`people.office`)"""

    @cached_property
    def calendar(self) -> Calendar:
        """The office's calendar as it is in this transaction."""
        return self.calendars(self.session, self._office[1])

    @cached_property
    def quiet_until(self) -> datetime | None:
        """The end of the quiet hours that it is now; None outside of them."""
        until = awake(self.now, self.policy.calendar.quiet, self.calendar)
        return until if until > self.now else None

    @property
    def roster(self) -> Roster:
        """The office's people and units as they are in this transaction."""
        return self._office[0]

    @cached_property
    def _office(self) -> tuple[Roster, str]:
        """Asked for together: nearly every act needs both."""
        return people.office(session=self.session)

    def forget_roster(self) -> None:
        """It is read once: read it again after a change."""
        vars(self).pop("_office", None)

    def rings(
        self, ladder: Ladder, began: datetime, due_at: datetime, clock: Clock, *, loud: bool = False
    ) -> list[Planned]:
        """What is to ring for a limit; `loud`: at night and on days off, too.

        Planned once where hundreds have the same limit, as tasks that are entered together.
        """
        about = ladder, began, due_at, clock, loud
        if about not in self._planned:
            quiet = None if loud else self.policy.calendar.quiet
            self._planned[about] = plan(ladder, began, due_at, self.calendar, clock, quiet)
        return self._planned[about]

    @cached_property
    def _planned(self) -> dict[tuple[Any, ...], list[Planned]]:
        return {}


class Calendars:
    """Builds the office's calendar from the policy and the loaded notices; once for each set of notices."""

    def __init__(self, zone: ZoneInfo, policy: Policy) -> None:
        self._zone = zone
        self._policy = policy
        self._known: tuple[str, Calendar] | None = None

    def current(self, session: Session, loaded: str) -> Calendar:
        """The calendar as of this transaction, with the notices that are loaded in it."""
        if self._known is None or self._known[0] != loaded:
            tables: dict[int, Notice] = {}
            for notice in people.notices(session=session):
                tables |= notices_from(notice.document)
            tables |= self._policy.calendar.own_notices()
            self._known = loaded, Calendar(self._zone, self._policy.calendar.hours, tables)
        return self._known[1]


def open_desk(session: Session, now: datetime, policy: Policy, calendars: Calendars) -> Desk:
    """A desk for one transaction."""
    return Desk(session=session, now=now, policy=policy, calendars=calendars.current)
