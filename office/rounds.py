"""Recurring work: a row says when each is next due; it moves on in the transaction that does the work.

A restart neither skips nor repeats a period. What was missed while the program was not running is done once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from apscheduler.triggers.cron import CronTrigger
from sqlmodel import col, select

from office import attachments, digest, duty_watch, recurring
from office.desk import Desk
from office.meetings import count, decisions
from rules.policy import RoundRule
from storage import files, inbox
from storage.models import Round

KEEP_UPDATES = timedelta(days=7)
"""how long the ids of done updates are kept, so that a duplicate is known"""

log = logging.getLogger("duban.rounds")


def _housekeeping(desk: Desk) -> None:
    inbox.forget(before=desk.now - KEEP_UPDATES, session=desk.session)
    files.forget_waiting(before=desk.now - attachments.KEEP_WAITING, session=desk.session)


ROUNDS: dict[str, Callable[[Desk], None]] = {
    "morning": digest.morning,
    "evening": digest.evening,
    "housekeeping": _housekeeping,
    "recurring": recurring.begin_missing,
    "duty_evening": duty_watch.evening,
    "duty_reachable": duty_watch.reachable,
    "duty_change_over": duty_watch.change_over_,
    "duty_gaps": duty_watch.gaps,
    "meeting_summary": decisions.summary,
    "meeting_count": count.quarterly,
}
"""every round of the policy and what it does, one line each"""


def next_at(desk: Desk) -> datetime | None:
    """The earliest instant at which a round is due; the distant past where one was never planned."""
    rows = {row.name: row.next_at for row in desk.session.exec(select(Round))}
    if any(name not in rows for name in desk.policy.rounds if name in ROUNDS):
        return desk.now
    return min((at for name, at in rows.items() if name in desk.policy.rounds), default=None)


def run_due(desk: Desk) -> int:
    """Do the rounds that are due; how many."""
    rules = {name: rule for name, rule in desk.policy.rounds.items() if name in ROUNDS}
    for name in rules.keys() - set(desk.session.exec(select(Round.name))):
        desk.session.add(Round(name=name, next_at=following(desk, rules[name])))
    due = select(Round).where(col(Round.next_at) <= desk.now, col(Round.name).in_(rules))
    rows = {row.name: row for row in desk.session.exec(due.with_for_update(skip_locked=True))}
    return sum(_run(desk, rows[name], rule) for name, rule in rules.items() if name in rows)


def _run(desk: Desk, row: Round, rule: RoundRule) -> int:
    row.done_for, row.next_at = row.next_at, following(desk, rule)
    try:
        with desk.session.begin_nested():
            ROUNDS[row.name](desk)
    except Exception:
        log.exception("round failed", extra={"round": row.name})
    return 1


def following(desk: Desk, rule: RoundRule) -> datetime:
    """When a round is next due after now."""
    trigger = CronTrigger.from_crontab(rule.cron, timezone=desk.calendar.zone)
    at = desk.now
    for _ in range(400):
        found: datetime | None = trigger.get_next_fire_time(None, at + timedelta(seconds=1))
        if found is None:
            break
        if rule.on == "every_day" or desk.calendar.is_working_day(desk.calendar.local(found).date()):
            return found
        at = found
    raise ValueError(f"the cron line {rule.cron!r} never comes due")
