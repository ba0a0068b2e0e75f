"""Spreadsheets that are sent: of people, a duty roster, a ledger of tasks; each kind knows its own."""

from __future__ import annotations

from handlers import duty_roster, members, task_import
from handlers.context import Turn


def wanted(turn: Turn) -> bool:
    """Whether a file is a spreadsheet of these kinds: its caption or what was asked says so."""
    file = turn.file
    if file is None or not file.name.lower().endswith((".xlsx", ".csv")):
        return False
    return task_import.wanted(turn) or duty_roster.wanted(turn) or (turn.private and members.wanted(turn))


def take(turn: Turn) -> None:
    """A spreadsheet goes to the kind whose caption it has or which asked for it."""
    if task_import.wanted(turn):
        task_import.spreadsheet(turn)
    elif duty_roster.wanted(turn):
        duty_roster.spreadsheet(turn)
    else:
        members.spreadsheet(turn)
