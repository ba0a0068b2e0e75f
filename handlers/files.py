"""A file that comes with or without a line: read, screened, proposed as an entry, kept when it is confirmed.

Nothing of a file is kept before its first page has been looked through for marks (D13).
"""

from __future__ import annotations

import asyncio
from typing import Any, Literal

from telegram import Update
from telegram.constants import ChatAction
from telegram.error import TelegramError
from telegram.ext import ContextTypes, filters

from handlers import attachments as media
from handlers import entering, entry, find, lists, members, reading, router, screened, spreadsheets
from handlers.context import FileRef, Turn, Worker, download, file_of, on, peek, take_turn, turned
from handlers.emergency import opening
from handlers.supervision import progress, task_import, tasks, visits
from office import attachments
from office.attachments import FirstPage
from office.desk import Refused
from office.register import Form
from office.supervision import importing
from rules.first_page import Paper, over, read_first_page, read_rows
from rules.patterns import lazy
from rules.reading import Item
from rules.reading.document import Reading, read_document
from rules.reading.normal import read
from storage import drafts, matters
from storage import files as kept
from storage.models import Draft, Matter

_COMMAND = lazy(r"^/log(?:@\w+)?\s*")
FILE = filters.Document.ALL | filters.PHOTO

Place = Literal["spreadsheet", "emergency", "visit", "words", "paper"]


# --- which file it is -------------------------------------------------------------------------------


async def receive(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A document or picture: to whom it belongs is asked first; only a paper is opened."""
    worker: Worker = context.bot_data["worker"]
    place = await worker.do(lambda desk: peek(desk, update, _place))
    if place is None:  # it had its effect before
        await worker.do(lambda desk: take_turn(desk, update, lambda turn: None))
        return
    if place in _ELSEWHERE:
        await _ELSEWHERE[place](update, context)
        return
    page, content, fault = await _opened(update, context)
    if page is not None and await worker.do(lambda desk: attachments.screened(desk, page)) == "classified":
        await screened.classified(update, context)
        return
    await turned(worker, update, lambda turn: _take(turn, page, content, fault))


def _place(turn: Turn) -> Place:
    if spreadsheets.wanted(turn):
        return "spreadsheet"
    asking = drafts.asking(
        chat_id=turn.chat_id, member_id=turn.member_id, now=turn.desk.now, session=turn.desk.session
    )
    picture = turn.file is not None and turn.file.mime.startswith("image/")
    urgent = asking is not None and asking.form.startswith("em_")
    if progress.awaits_file(turn):
        return "paper"
    if urgent or (picture and media.belongs_to(turn, asking)):
        return "words" if turn.text else "emergency"
    if picture and asking is None and visits.takes_picture(turn):
        return "visit"
    return "words" if turn.text and reading.message(turn).act in ("emergency", "instruct") else "paper"


_ELSEWHERE = {
    "spreadsheet": on(spreadsheets.take, download_up_to=members.DOWNLOAD_UP_TO),
    "emergency": on(opening.media),
    "visit": on(visits.take_picture, download_up_to=visits.PICTURE_UP_TO),
    "words": on(router.text),
}


async def _opened(
    update: Update, context: ContextTypes.DEFAULT_TYPE
) -> tuple[FirstPage | None, bytes, Refused | None]:
    """The first page and the bytes of the file, or why it is not taken."""
    message = update.effective_message
    file = file_of(message, None) if message else None
    assert message is not None and file is not None
    worker: Worker = context.bot_data["worker"]
    try:
        most = await worker.do(lambda desk: desk.policy.entry.file_megabytes)
        attachments.check_size(file.size, most)
        await _show_work(update, context)
        content = await download(update, context, most * 1024 * 1024) or b""
        attachments.check_size(len(content), most)
        return await asyncio.to_thread(attachments.open_file, file.name, content), content, None
    except Refused as refused:
        return None, b"", refused


async def _show_work(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    if update.effective_chat is not None:
        try:
            await context.bot.send_chat_action(update.effective_chat.id, ChatAction.TYPING)
        except TelegramError:
            return  # a courtesy: without it the file is read all the same


# --- what becomes of it -----------------------------------------------------------------------------


def _take(turn: Turn, page: FirstPage | None, content: bytes, fault: Refused | None) -> None:
    """In the turn: with the matter of the card replied to, with the entry being filled in, or a new entry."""
    turn.text = _COMMAND.sub("", turn.text)
    if page is None:
        _without(turn, fault)
        return
    bound = _matter_of_card(turn)
    if bound is not None:
        _attach(turn, bound, page, content)
    elif progress.captioned(turn):
        progress.take_captioned(turn, page, content)
    elif progress.awaits_file(turn):
        progress.take_file(turn, page, content)
    elif (draft := _filling_in(turn, page)) is not None:
        _add(turn, draft, page, content)
    elif turn.text and reading.message(turn).act in reading.MOVES:
        _with_act(turn, page, content)
    else:
        _propose(turn, page, content)


def _without(turn: Turn, fault: Refused | None) -> None:
    """The file is not taken; a line that came with it is."""
    assert fault is not None
    if not turn.text:
        raise fault
    turn.answer(f"refused.{fault.reason}", **fault.facts)
    router.text(turn)


def _attach(turn: Turn, matter: Matter, page: FirstPage, content: bytes) -> None:
    attachments.attach(turn.desk, matter, page, content, turn.member, _ref(turn).file_id)
    turn.answer(
        "file.attached",
        matter_id=matter.id,
        name=page.name,
        register_no=matter.register_no,
        title=matter.title,
    )
    if turn.text:
        router.text(turn)
    else:
        tasks.offer_file(turn, matter, page.name)


def _with_act(turn: Turn, page: FirstPage, content: bytes) -> None:
    """12 办结 已批复, with the answer as a file: both on No. 12."""
    number = reading.message(turn).items[0].matter or 0
    found = matters.with_number(number, session=turn.desk.session)
    router.text(turn)
    if len(found) == 1:
        attachments.attach(turn.desk, found[0], page, content, turn.member, _ref(turn).file_id)


def _add(turn: Turn, draft: Draft, page: FirstPage, content: bytes) -> None:
    """One more file of an entry under way; it fills in what nobody has said."""
    form = Form.model_validate(draft.data)
    if len(form.files) >= attachments.WAITS:
        raise Refused("file_too_many", limit=attachments.WAITS)
    paper = _paper(turn, page)
    lacking = {
        name: value for name in _FIELDS if (value := getattr(paper.item, name)) and not getattr(form, name)
    }
    form = entry.form_of(turn, Item(**lacking), form, tuple(lacking))
    _keep(turn, form, page, content)
    drafts.write(draft, now=turn.desk.now, data=form.model_dump(mode="json"))
    entering.go_on(turn, entry.DOCUMENT, draft)


def _propose(turn: Turn, page: FirstPage, content: bytes) -> None:
    """A new entry: what the line says over what the first page says; a list of documents is a list."""
    if not turn.text and task_import.may_import(turn):
        sheets = importing.ledger_in(page.name, content)
        if sheets:
            spreadsheets.ask_which(turn, _entry(turn, page, content), page.name, sheets)
            return
    if not turn.desk.policy.may(turn.member.roles, "register"):
        raise Refused("may_not_register")
    told = reading.message(turn, as_log=True).items if turn.text else ()
    rows = read_rows(page.rows, reading.context(turn)) if len(told) < 2 else ()
    several = told if len(told) > 1 else rows
    if len(several) > 1:
        forms = [entry.form_of(turn, one) for one in several]
        for form in forms:
            form.forwarded_from = turn.forwarded_from
        lists.start(turn, entry.DOCUMENT, forms)
        if several is told:
            turn.answer("file.not_with_list", name=page.name)
        return
    form = _entry(turn, page, content)
    entering.go_on(turn, entry.DOCUMENT, entering.begin(turn, "log", form.model_dump(mode="json")))


def _entry(turn: Turn, page: FirstPage, content: bytes) -> Form:
    """The form of a new entry, its file kept with it."""
    item, from_page = over(_line(turn), _paper(turn, page))
    form = entry.form_of(turn, item, None, from_page)
    form.forwarded_from, form.album = turn.forwarded_from, turn.album
    _keep(turn, form, page, content)
    return form


_FIELDS = ("procedure", "sender", "title", "number", "urgency")


def _keep(turn: Turn, form: Form, page: FirstPage, content: bytes) -> None:
    file = attachments.keep(turn.desk, page, content, turn.member, _ref(turn).file_id)
    form.files.append(file.id or 0)
    form.caution = form.caution or attachments.screened(turn.desk, page) == "internal"


def _paper(turn: Turn, page: FirstPage) -> Paper:
    return read_first_page(page.text, reading.context(turn), page.short)


def _line(turn: Turn) -> Reading | None:
    text = reading.plain(turn.text)
    return read_document(read(text), reading.context(turn)) if text else None


def _ref(turn: Turn) -> FileRef:
    assert turn.file is not None
    return turn.file


def _matter_of_card(turn: Turn) -> Matter | None:
    """The matter of the card that the file answers; a card of an entry under way has none."""
    card = turn.reply_card
    if card is None or card.matter_id is None or card.kind == "draft":
        return None
    return matters.matter(card.matter_id, session=turn.desk.session)


def _filling_in(turn: Turn, page: FirstPage) -> Draft | None:
    """The entry that a file belongs to: the one whose card it answers, else the one under way.

    A paper with another number is another entry, unless it answers a card.
    """
    session = turn.desk.session
    if turn.reply_card is not None and turn.reply_card.draft_id is not None:
        return _own_entry(turn, session.get(Draft, turn.reply_card.draft_id))
    whose: Any = {
        "chat_id": turn.chat_id,
        "member_id": turn.member_id,
        "now": turn.desk.now,
        "session": session,
    }
    draft = _own_entry(turn, drafts.asking(**whose))
    if draft is None and turn.album is not None:
        draft = _own_entry(turn, drafts.latest(**whose))
        draft = draft if draft is not None and draft.data.get("album") == turn.album else None
    if draft is None:
        return None
    known, read_now = draft.data.get("number"), _paper(turn, page).number
    return draft if known is None or read_now in (None, known) else None


def _own_entry(turn: Turn, draft: Draft | None) -> Draft | None:
    own = draft is not None and draft.member_id == turn.member_id and draft.state == "open"
    return draft if draft is not None and own and draft.form == "log" else None


# --- sending it again -------------------------------------------------------------------------------


def send(turn: Turn, target: str) -> None:
    """附件 was pressed: every file of the matter, to the presser alone."""
    matter = find.visible(turn, target)
    chat_id = turn.member.telegram_id
    if not kept.of_matter(matter.id or 0, session=turn.desk.session):
        raise Refused("file_none", register_no=matter.register_no)
    assert chat_id is not None
    count = attachments.send(turn.desk, matter, chat_id, turn.member)
    turn.say(f"附件 {count} 份{'' if turn.private else '，已发到您的私聊'}")
