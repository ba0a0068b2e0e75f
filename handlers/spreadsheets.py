"""Spreadsheets that are sent: people, a duty roster, tasks, reports of progress; each kind knows its own."""

from __future__ import annotations

from typing import Any

from handlers import entering, entry, members, reading
from handlers.context import Turn
from handlers.duty import roster
from handlers.supervision import progress_sheet, task_import
from office.desk import Refused
from office.register import Form
from office.sheets import Sheet
from storage import drafts, files

FORM = "sheet"


def wanted(turn: Turn) -> bool:
    """Whether a file is a spreadsheet of these kinds: its caption or what was asked says so."""
    file = turn.file
    if file is None or not file.name.lower().endswith((".xlsx", ".csv")):
        return False
    if progress_sheet.wanted(turn):
        return True
    return task_import.wanted(turn) or roster.wanted(turn) or (turn.private and members.wanted(turn))


def take(turn: Turn) -> None:
    """A spreadsheet goes to the kind whose caption it has or which asked for it."""
    if progress_sheet.wanted(turn):
        progress_sheet.spreadsheet(turn)
    elif task_import.wanted(turn):
        task_import.spreadsheet(turn)
    elif roster.wanted(turn):
        roster.spreadsheet(turn)
    else:
        members.spreadsheet(turn)


# --- one that came without a word -------------------------------------------------------------------


def ask_which(turn: Turn, form: Form, name: str, sheets: list[Sheet]) -> None:
    """A file with the columns of a ledger of tasks: is it one, or a document to be entered?"""
    data = {"form": form.model_dump(mode="json"), "name": name, **task_import.kept(sheets)}
    draft = turn.begin_draft(FORM, data)
    buttons = [
        [["sheet_tasks", draft.id, "📥 导入台账"], ["sheet_paper", draft.id, "📄 登记为文件"]],
        [["sheet_no", draft.id, "✖️ 取消"]],
    ]
    turn.answer("file.which_sheet", draft_id=draft.id, buttons=buttons, name=name)


def _settled(turn: Turn, target: str, state: str = "done") -> dict[str, Any]:
    """What was kept of a spreadsheet that was asked about; it is asked about no more."""
    draft = reading.open_draft(turn, target, FORM, having="sheets")
    data = dict(draft.data)
    drafts.write(draft, now=turn.desk.now, data={}, state=state)
    return data


def _as_ledger(turn: Turn, target: str) -> None:
    """导入台账"""
    data = _settled(turn, target)
    files.forget(data["form"]["files"], session=turn.desk.session)
    turn.rewrite("file.sheet_is", name=data["name"], what="任务台账")
    task_import.show(turn, data["name"], [Sheet.model_validate(one) for one in data["sheets"]])


def _as_paper(turn: Turn, target: str) -> None:
    """登记为文件"""
    if not turn.desk.policy.may(turn.member.roles, "register"):
        raise Refused("may_not_register")
    data = _settled(turn, target)
    turn.rewrite("file.sheet_is", name=data["name"], what="文件")
    entering.go_on(turn, entry.DOCUMENT, entering.begin(turn, "log", data["form"]))


def _drop(turn: Turn, target: str) -> None:
    """取消: the file is not kept."""
    data = _settled(turn, target, "cancelled")
    files.forget(data["form"]["files"], session=turn.desk.session)
    turn.rewrite("move.cancelled")


VERBS = {"sheet_tasks": _as_ledger, "sheet_paper": _as_paper, "sheet_no": _drop}
