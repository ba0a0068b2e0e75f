"""稍后提醒: reminders wait, the limit does not."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers import reading
from handlers.context import Turn
from office import move, urge


def snooze(turn: Turn, target: str) -> None:
    """稍后提醒: when again? The limit stays."""
    step, matter = move.running_step(turn.desk, reading.number(target))
    choices = [
        ["later", f"{step.id}:1h", "1 小时后"],
        ["later", f"{step.id}:close", "今天下班前"],
        ["later", f"{step.id}:morning", "明早"],
    ]
    turn.answer("move.snooze_until", buttons=[choices], register_no=matter.register_no)


def later(turn: Turn, target: str) -> None:
    """A time to be reminded again was chosen."""
    step_id, _, when = target.partition(":")
    step, matter = move.running_step(turn.desk, reading.number(step_id))
    if step.holder_id != turn.member_id:
        move.held(turn.desk, step.id or 0, turn.member, "acknowledge")
    until = _later(turn, when)
    urge.remind_again(turn.desk, matter, step, until)
    due = step.due_at.isoformat() if step.due_at else until.isoformat()
    turn.rewrite("move.snoozed", register_no=matter.register_no, until=until.isoformat(), due=due)


def _later(turn: Turn, when: str) -> datetime:
    calendar, now = turn.desk.calendar, turn.desk.now
    today = calendar.local(now).date()
    if when == "close":
        at = calendar.close_of(today) - timedelta(minutes=30)
        return at if at > now else now + timedelta(hours=1)
    if when == "morning":
        return calendar.opens_at(calendar.next_working_day(today))
    return now + timedelta(hours=1)
