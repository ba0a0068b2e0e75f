"""Supervised tasks in chat: 立项 and what is done with a task beside its steps (V1 to V5)."""

from __future__ import annotations

from handlers import log, task_entry
from handlers.context import Turn
from office.desk import Refused
from office.supervision import ledger


def enter(turn: Turn, said: str) -> None:
    """立项 …: one task, or one a line; by itself it asks for them."""
    if not ledger.may_supervise(turn.desk, turn.member):
        raise Refused("may_not_supervise")
    log.begin(turn, task_entry.TASK, task_entry.forms_of(turn, said) if said else [])
