"""Meetings in chat: called in one line, answered with a button, signed in to, minuted, followed up."""

from __future__ import annotations

from collections.abc import Callable

from handlers.context import Turn
from handlers.meetings import answer, call, change, count, decisions, growing, minutes
from storage.models import Draft

VERBS: dict[str, Callable[[Turn, str], None]] = {
    **call.VERBS,
    **answer.VERBS,
    **change.VERBS,
    **minutes.VERBS,
    **decisions.VERBS,
}
CONTINUE: dict[str, Callable[[Turn, Draft], None]] = {
    **call.CONTINUE,
    **answer.CONTINUE,
    **change.CONTINUE,
    **growing.CONTINUE,
    **minutes.CONTINUE,
    **decisions.CONTINUE,
}
SPOKEN: tuple[tuple[str, Callable[[Turn, str], None]], ...] = (
    *call.SPOKEN,
    *answer.SPOKEN,
    *minutes.SPOKEN,
    *decisions.SPOKEN,
    *count.SPOKEN,
    *change.SPOKEN,
)
"""the words that begin a message about a meeting"""
