"""A limit that is to be asked about: which of several instants it means, or a new one if it is over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from handlers import reading
from handlers.context import Turn
from office.desk import Refused
from rules.reading import Doubt, read_correction

UNSURE = "unsure_due"
_WEEKDAYS = "一二三四五六日"


def question(doubt: Doubt) -> str:
    """What is asked, in words."""
    if doubt.over:
        return f"“{doubt.words}”今年已经过去，是要另定时限，还是指明年？"
    return f"时限“{doubt.words}”有两种可能，是哪一个？"


def choices(turn: Turn, doubt: Doubt) -> list[tuple[str, str]]:
    """A button for each instant: what it carries and what it says."""
    return [(str(place), _said(turn, doubt, at)) for place, at in enumerate(doubt.at[:6])]


def _said(turn: Turn, doubt: Doubt, at: datetime) -> str:
    local, now = turn.desk.calendar.local(at), turn.desk.calendar.local(turn.desk.now)
    if at <= now:
        return "今年已过，另定时限"
    year = "" if local.year == now.year else f"{local.year}年"
    days = {turn.desk.calendar.local(one).date() for one in doubt.at}
    clock = "" if len(days) == len(doubt.at) else f" {local:%H:%M}"
    return f"{year}{local.month}月{local.day}日 周{_WEEKDAYS[local.weekday()]}{clock}"


def chosen(turn: Turn, doubt: Doubt, value: str) -> dict[str, Any]:
    """What a button changes in a form; nothing where it is none of these."""
    at = reading.picked(doubt.at, value)
    if at is None:
        return {}
    if at <= turn.desk.now:
        return {UNSURE: None, "past_due": doubt.words}
    return {UNSURE: None, "past_due": None, "due": at, "due_words": doubt.words}


def new_limit(turn: Turn, text: str) -> dict[str, Any]:
    """The limit in place of one that was over already, or not clear."""
    item = read_correction(f"期限改到{text}", reading.context(turn))
    if item.unsure_due is not None:
        return {UNSURE: item.unsure_due, "past_due": None}
    if item.due is None:
        raise Refused("limit_past" if item.past_due else "limit_unread", words=item.past_due or text)
    return {UNSURE: None, "past_due": None, "due": item.due, "due_words": item.due_words}


def sure(turn: Turn, doubt: Doubt | None) -> None:
    """Refused where a limit can mean several instants and there is no button to ask with."""
    if doubt is not None:
        said = [_said(turn, doubt, at) for at in doubt.at]
        raise Refused("limit_unsure", words=doubt.words, said=said)
