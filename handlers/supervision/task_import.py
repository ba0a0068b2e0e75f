"""A ledger of tasks as a spreadsheet in chat: read, shown with its counts, confirmed once (V1)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from telegram import Update
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from handlers import reading
from handlers.context import Turn, Worker, on, peek
from handlers.texts import Texts
from office import hand_out, move
from office.desk import Refused
from office.sheets import SIZE_LIMIT, Sheet
from office.supervision import importing, ledger
from storage import drafts
from storage.models import Draft

FORM = "import_tasks"
CAPTIONS = ("导入任务", "导入台账", "/import")
_MB = SIZE_LIMIT // 1024 // 1024


def wanted(turn: Turn) -> bool:
    """Whether a spreadsheet is a ledger of tasks: its caption says so, or it was asked for."""
    return _captioned(turn) or _asked(turn) is not None


def _captioned(turn: Turn) -> bool:
    first = turn.text.split()[:1]
    return bool(first) and first[0].partition("@")[0] in CAPTIONS


def _asked(turn: Turn) -> Draft | None:
    draft = drafts.asking(
        chat_id=turn.chat_id, member_id=turn.member_id, now=turn.desk.now, session=turn.desk.session
    )
    return draft if draft is not None and draft.form == FORM else None


def ask(turn: Turn, said: str = "") -> None:
    """/import, 导入任务: the next spreadsheet is a ledger of tasks."""
    _check(turn)
    turn.begin_draft(FORM, {}, asking="file")
    turn.answer("task_import.ask", limit=_MB)


def command(turn: Turn) -> None:
    """/import"""
    ask(turn)


def continue_file(turn: Turn, draft: Draft) -> None:
    """Words in place of the spreadsheet that was asked for."""
    raise Refused("import_no_file")


def spreadsheet(turn: Turn) -> None:
    """A ledger as a file: read, compared, shown for confirmation; wrong rows go back at once."""
    _check(turn)
    file = turn.file
    if file is None or file.content is None:
        raise Refused("people_file_too_big", limit=_MB)
    if (draft := _asked(turn)) is not None:
        drafts.write(draft, now=turn.desk.now, state="done")
    show(turn, file.name, importing.open_file(file.name, file.content))


def may_import(turn: Turn) -> bool:
    """Whether a ledger could be taken from this member here."""
    return turn.private and ledger.may_supervise(turn.desk, turn.member)


def show(turn: Turn, name: str, sheets: list[Sheet]) -> None:
    """What a ledger would change, to be confirmed; its wrong rows go back at once."""
    foreseen = importing.foresee(turn.desk, name, sheets, turn.member)
    counts = importing.counts(foreseen)
    shown = turn.begin_draft(FORM, {"name": name, **kept(sheets), "counts": counts})
    yes = [["tasks_yes", shown.id, _label(counts)]] if foreseen.effective else []
    turn.answer(
        "task_import.preview",
        draft_id=shown.id,
        buttons=[[*yes, ["tasks_no", shown.id, "✖️ 取消"]]],
        **counts,
    )
    if foreseen.read.wrong:
        wrong = importing.give_back(turn.desk, name, foreseen.read.wrong, turn.member)
        count = len(foreseen.read.wrong)
        hand_out.send(
            turn.desk, turn.chat_id, wrong, "task_import.wrong_rows", member=turn.member, count=count
        )


def kept(sheets: list[Sheet]) -> dict[str, Any]:
    """Sheets as a draft keeps them."""
    return {"sheets": [sheet.model_dump(mode="json") for sheet in sheets]}


def _label(counts: dict[str, Any]) -> str:
    new, changed = counts["new"], counts["changed_total"]
    parts = [f"导入 {new} 条" if new else "", f"更新 {changed} 条" if changed else ""]
    return f"✅ {'、'.join(part for part in parts if part)}"


async def confirm(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """The button ✅: says that it is at work, then takes over in one transaction.

    What it says meanwhile goes out at once and not through the outbox, which sends when the act is done.
    """
    worker: Worker = context.bot_data["worker"]
    counts = await worker.do(lambda desk: peek(desk, update, _about_to))
    if counts and update.callback_query is not None:
        texts: Texts = context.bot_data["texts"]
        text = texts.render("task_import.working", counts)
        with suppress(TelegramError):  # a courtesy: without it the ledger is taken over all the same
            await update.callback_query.edit_message_text(text, parse_mode=ParseMode.HTML)
    await on(_yes)(update, context)


def _about_to(turn: Turn) -> dict[str, Any]:
    """What is going to be taken over; nothing where the press will be refused."""
    try:
        draft = reading.open_draft(turn, turn.text.partition(":")[2], FORM, having="sheets")
    except Refused:
        return {}
    counts: dict[str, Any] = draft.data["counts"]
    return counts


def _yes(turn: Turn) -> None:
    draft = reading.open_draft(turn, turn.text.partition(":")[2], FORM, having="sheets")
    sheets = [Sheet.model_validate(one) for one in draft.data["sheets"]]
    done = importing.take_over(turn.desk, str(draft.data["name"]), sheets, turn.member)
    drafts.write(draft, now=turn.desk.now, data={}, state="done")
    turn.rewrite(
        "task_import.done",
        **importing.counts(done.plan),
        given=len(done.given),
        unreached=list(done.unreached),
    )


def cancel(turn: Turn, target: str) -> None:
    """✖️ 取消"""
    drafts.write(
        reading.open_draft(turn, target, FORM, having="sheets"), now=turn.desk.now, data={}, state="cancelled"
    )
    turn.rewrite("task_import.cancelled")


def sign_all(turn: Turn, target: str) -> None:
    """全部签收: every task of a liaison's list that still waits for it."""
    draft = reading.own_draft(turn, target, importing.GIVEN)
    signed = 0
    for step_id in draft.data["steps"]:
        try:
            move.sign(turn.desk, int(step_id), turn.member, told=False)
            signed += 1
        except Refused:
            continue  # signed before, handed over, sent back: it is no longer his to sign
    left = len(draft.data["steps"]) - signed
    turn.answer("task_import.signed", signed=signed, left=left, buttons=[[["menu", "mine", "📋 打开待办"]]])


def send_notices(turn: Turn, target: str) -> None:
    """📎 督办通知单: that of each task of a liaison's list."""
    count = importing.issue_notices(
        turn.desk, reading.own_draft(turn, target, importing.GIVEN).data["steps"], turn.member
    )
    turn.say(f"督办通知单 {count} 份，正在发送" if count else "通知单先前已经发过")


def _check(turn: Turn) -> None:
    if not ledger.may_supervise(turn.desk, turn.member):
        raise Refused("import_may_not", section=turn.desk.policy.supervision.section)
    if not turn.private:
        raise Refused("import_private")


VERBS = {"tasks_no": cancel, "tasks_sign": sign_all, "tasks_notices": send_notices}
CONTINUE = {FORM: continue_file}
