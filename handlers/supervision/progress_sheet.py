"""Reports of progress by spreadsheet in chat (V3): 下载表格, sent back filled in, shown, confirmed once."""

from __future__ import annotations

from typing import Any

from handlers import reading
from handlers.context import Turn
from office import hand_out
from office.desk import Refused
from office.sheets import SIZE_LIMIT, Sheet
from office.supervision import progress, progress_list, progress_sheet
from office.supervision.progress_sheet import Read
from storage import drafts

FORM = "progress_sheet"
CAPTIONS = ("进展", progress_sheet.NAME)


def send(turn: Turn, target: str) -> None:
    """📥 下载表格: the list to fill in, to the member's own chat."""
    content = progress_sheet.write(turn.desk, turn.member)
    day = turn.desk.calendar.local(turn.desk.now)
    name = f"{progress_sheet.NAME}-{turn.member.name}-{day:%Y%m%d}.xlsx"
    file = hand_out.keep(turn.desk, name, hand_out.XLSX, content, by=None)
    to = turn.member.telegram_id
    assert to is not None
    hand_out.send(turn.desk, to, file, "progress.sheet", member=turn.member)
    turn.say("表格已发出" if turn.private else "表格已发到您的私聊")


def wanted(turn: Turn) -> bool:
    """Whether a spreadsheet is such a list: by the name it was handed out under, or by its caption."""
    named = turn.file is not None and turn.file.name.startswith(progress_sheet.NAME)
    return named or turn.text.strip() in CAPTIONS


def spreadsheet(turn: Turn) -> None:
    """The list filled in: checked, shown with its counts."""
    if turn.file is None or turn.file.content is None:
        raise Refused("people_file_too_big", limit=SIZE_LIMIT // 1024 // 1024)
    sheets = progress_sheet.open_file(turn.desk, turn.file.name, turn.file.content)
    told = progress_sheet.read(turn.desk, sheets, turn.member)
    progress_sheet.check(told)
    draft = turn.begin_draft(FORM, {"sheets": [sheet.model_dump(mode="json") for sheet in sheets]})
    buttons = [[["psheet_yes", draft.id, f"✅ 报送 {len(told.rows)} 项"], ["psheet_no", draft.id, "✖️ 取消"]]]
    turn.answer("progress.sheet_preview", draft_id=draft.id, buttons=buttons, **_counts(told))


def _counts(told: Read) -> dict[str, Any]:
    shown = [
        {
            "register_no": row.matter.register_no,
            "title": row.matter.title,
            "percent": row.report.percent,
            "words": row.report.words,
        }
        for row in told.rows[: progress_list.PAGE]
    ]
    return {"rows": shown, "count": len(told.rows), "empty": told.empty}


def yes(turn: Turn, target: str) -> None:
    """One confirmation: all of it, or, where something has changed meanwhile, none."""
    draft = reading.open_draft(turn, target, FORM)
    sheets = [Sheet.model_validate(one) for one in draft.data["sheets"]]
    told = progress_sheet.take(turn.desk, sheets, turn.member)
    drafts.write(draft, now=turn.desk.now, data={}, state="done")
    progress_list.refresh(turn.desk, turn.member)
    said = progress.heading(turn.desk, progress.owed_by(turn.desk, turn.member))
    turn.rewrite("progress.sheet_done", **_counts(told), given=said["given"], total=said["total"])


def no(turn: Turn, target: str) -> None:
    """✖️ 取消"""
    drafts.write(reading.open_draft(turn, target, FORM), now=turn.desk.now, data={}, state="cancelled")
    turn.rewrite("progress.sheet_cancelled")


VERBS = {"progress_sheet": send, "psheet_yes": yes, "psheet_no": no}
