"""Spreadsheets that are sent: people, a duty roster, tasks, reports of progress; each kind knows its own."""

from __future__ import annotations

from handlers import duty_roster, members
from handlers.context import Turn
from handlers.supervision import progress_sheet, task_import


def wanted(turn: Turn) -> bool:
    """Whether a file is a spreadsheet of these kinds: its caption or what was asked says so."""
    file = turn.file
    if file is None or not file.name.lower().endswith((".xlsx", ".csv")):
        return False
    if progress_sheet.wanted(turn):
        return True
    return task_import.wanted(turn) or duty_roster.wanted(turn) or (turn.private and members.wanted(turn))


def take(turn: Turn) -> None:
    """A spreadsheet goes to the kind whose caption it has or which asked for it."""
    if progress_sheet.wanted(turn):
        progress_sheet.spreadsheet(turn)
    elif task_import.wanted(turn):
        task_import.spreadsheet(turn)
    elif duty_roster.wanted(turn):
        duty_roster.spreadsheet(turn)
    else:
        members.spreadsheet(turn)
