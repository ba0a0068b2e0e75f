"""A turn of the conversation: who speaks, where, in which transaction, and how to answer.

Handlers are plain functions of a `Turn`. One turn is one transaction: the act, the answer in the outbox
and the note that the update is done are committed together, or none of them is.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, TypeVar

from telegram import (
    Message,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
    Update,
)
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from handlers.errors import in_time
from handlers.keyboards import Rows
from handlers.texts import Texts
from office.desk import Desk, Refused
from rules.harmless import harmless, harmless_name
from storage import drafts, inbox, outbox, people
from storage.models import Card, Draft, Group, Member
from storage.outbox import ANSWER, PLAIN, Letter

T = TypeVar("T")

ALERT = 190
"""characters that Telegram shows over a button"""


class Worker(Protocol):
    """Runs a function of a desk in one transaction, off the event loop (bot/worker.py)."""

    async def do(self, act: Callable[[Desk], T]) -> T: ...


@dataclass(frozen=True)
class FileRef:
    """A file that came with a message; `content` only where the handler asked for it."""

    file_id: str
    name: str
    mime: str
    size: int
    content: bytes | None = None


@dataclass
class Turn:
    """One update of a member."""

    desk: Desk
    member: Member
    chat_id: int
    group: Group | None
    text: str
    """what was written, a command's arguments, or what a pressed button carries after its verb"""
    message_id: int | None
    update_id: int
    pressed: bool = False
    reply_card: Card | None = None
    card: Card | None = None
    """the message whose button was pressed"""
    file: FileRef | None = None
    place: tuple[float, float] | None = None
    """latitude and longitude of a place that was sent"""
    forwarded_from: str | None = None
    """who wrote first what was passed on: a member by name, anybody else as Telegram calls them"""
    album: str | None = None
    """which files were sent together"""
    toast: str | None = None
    alert: bool = False
    refused: Refused | None = None
    """what is said over the button instead"""
    nothing_asks: bool = False
    """whether it is known that no draft of this member waits for an answer in this chat"""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def private(self) -> bool:
        return self.chat_id > 0

    @property
    def member_id(self) -> int:
        assert self.member.id is not None
        return self.member.id

    def answer(
        self,
        wording: str,
        *,
        buttons: Rows = (),
        matter_id: int | None = None,
        step_id: int | None = None,
        draft_id: int | None = None,
        kind: str = "note",
        to_message: bool = True,
        priority: int = ANSWER,
        **facts: Any,
    ) -> int:
        """Put an answer to this chat into the outbox: the id of its card, which can be replied to."""
        to = {"chat_id": self.chat_id, "member_id": self.member_id}
        about = {"matter_id": matter_id, "step_id": step_id, "draft_id": draft_id}
        message = {
            **PLAIN,
            **to,
            "op": "send",
            "priority": priority,
            "wording": wording,
            "facts": self._facts(facts, buttons),
            "reply_to": self.message_id if to_message and not self.pressed and self.group else None,
            "created_at": self.desk.now,
        }
        card = {**to, **about, "kind": kind, "standing": True}
        card_id = outbox.post(Letter(card, message), session=self.desk.session)
        assert card_id is not None, "an answer has no cause that was told before"
        return card_id

    def rewrite(self, wording: str, *, buttons: Rows = (), **facts: Any) -> None:
        """Edit the message whose button was pressed; answer anew where it is not known."""
        if self.card is None:
            self.answer(wording, buttons=buttons, **facts)
            return
        message = {
            **PLAIN,
            "op": "edit",
            "chat_id": self.chat_id,
            "member_id": self.member_id,
            "card_id": self.card.id,
            "priority": ANSWER,
            "wording": wording,
            "facts": self._facts(facts, buttons),
            "created_at": self.desk.now,
        }
        outbox.keep(message, session=self.desk.session)

    def _facts(self, facts: dict[str, Any], buttons: Rows) -> dict[str, Any]:
        return {**facts, "buttons": [[list(b) for b in row] for row in buttons], "in_group": not self.private}

    def begin_draft(
        self, form: str, data: dict[str, Any], *, asking: str | None = None, source: int | None = None
    ) -> Draft:
        """A draft of this member in this chat; `asking`: their next message here answers it.

        `source`: the id of the message that began it.
        """
        known, self.nothing_asks = self.nothing_asks, False
        return drafts.begin(
            form,
            chat_id=self.chat_id,
            member_id=self.member_id,
            data=data,
            now=self.desk.now,
            session=self.desk.session,
            asking=asking,
            source_message_id=source,
            nothing_asks=known,
        )

    def say(self, toast: str, *, alert: bool = False) -> None:
        """A short word over a pressed button (not kept: it is lost if the program dies now)."""
        self.toast, self.alert = toast[:ALERT], alert


TurnFunction = Callable[[Turn], None]
Callback = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class Outcome:
    """What is left to say over a pressed button once the turn is committed."""

    toast: str | None
    alert: bool
    refused: Refused | None = None
    """why nothing was done: said over the button, in a group only there"""


def on(take: TurnFunction, *, download_up_to: int = 0) -> Callback:
    """A PTB callback that gives a member's update to `take`, in one transaction.

    `download_up_to`: fetch the file that came with it first, if it has at most this many bytes.
    """

    async def callback(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        worker: Worker = context.bot_data["worker"]
        try:
            content = await download(update, context, download_up_to) if download_up_to else None
        except Refused as refused:
            outcome = await worker.do(partial(refuse_turn, update=update, refused=refused))
        else:
            outcome = await turned(worker, update, take, content)
        if update.callback_query is not None:
            text = outcome.toast if outcome else None
            if outcome is not None and outcome.refused is not None:
                texts: Texts = context.bot_data["texts"]
                text = texts.brief(f"refused.{outcome.refused.reason}", outcome.refused.facts, ALERT)
            await in_time(update.callback_query.answer(text, show_alert=bool(outcome and outcome.alert)))

    return callback


async def turned(
    worker: Worker, update: Update, take: TurnFunction, content: bytes | None = None
) -> Outcome | None:
    """Run one turn in a transaction of its own; a refusal, which undoes it, is noted and said in another."""
    try:
        return await worker.do(lambda desk: take_turn(desk, update, take, content))
    except Refused as refused:
        return await worker.do(partial(refuse_turn, update=update, refused=refused))


def take_turn(desk: Desk, update: Update, take: TurnFunction, content: bytes | None = None) -> Outcome | None:
    """Run one turn inside the caller's transaction; None if the update had its effect before.

    Raises Refused: then the caller has to roll back.
    """
    session = desk.session
    update_id = update.update_id
    user = update.effective_user
    noted, member = inbox.take(update_id, user.id if user else None, now=desk.now, session=session)
    if not noted and inbox.is_done(update_id, session=session):
        return None
    turn = _turn(desk, update, member, content)
    if turn is None:
        return None
    take(turn)
    return Outcome(turn.toast, turn.alert, turn.refused)


def refuse_turn(desk: Desk, update: Update, refused: Refused) -> Outcome | None:
    """Note a turn as done that was refused, and say why: in a group only over the button."""

    def refuse(turn: Turn) -> None:
        if turn.pressed and not turn.private:
            turn.refused, turn.alert = refused, True
        else:
            _say_refused(turn, refused)

    return take_turn(desk, update, refuse)


def peek(desk: Desk, update: Update, look: Callable[[Turn], T]) -> T | None:
    """Look at a turn that is not taken yet; None where it had its effect or is nobody's."""
    if inbox.is_done(update.update_id, session=desk.session):
        return None
    user = update.effective_user
    member = people.by_telegram_id(user.id, session=desk.session) if user else None
    turn = _turn(desk, update, member, None)
    return look(turn) if turn is not None else None


def _say_refused(turn: Turn, refused: Refused) -> None:
    facts = {key: value for key, value in refused.facts.items() if key != "buttons"}
    buttons: Any = refused.facts.get("buttons", ())
    turn.answer(f"refused.{refused.reason}", buttons=buttons, kind="note", **facts)


def _turn(desk: Desk, update: Update, member: Member | None, content: bytes | None) -> Turn | None:
    chat = update.effective_chat
    if member is None or chat is None:
        return None
    message = update.effective_message
    query = update.callback_query
    turn = Turn(
        desk=desk,
        member=member,
        chat_id=chat.id,
        group=people.group_heard_in(chat.id, session=desk.session) if chat.id < 0 else None,
        text=harmless(_said(update)),
        message_id=message.message_id if message else None,
        update_id=update.update_id,
        pressed=query is not None,
        file=file_of(message, content) if message and not query else None,
        place=_place_of(message) if message and not query else None,
    )
    if isinstance(message, Message) and query is None:
        turn.forwarded_from, turn.album = _first_writer(desk, message), message.media_group_id
    if message is not None and query is not None:
        turn.card = outbox.card_of_message(chat.id, message.message_id, session=desk.session)
    elif isinstance(message, Message) and message.reply_to_message is not None:
        turn.reply_card = outbox.card_of_message(
            chat.id, message.reply_to_message.message_id, session=desk.session
        )
    return turn


def _said(update: Update) -> str:
    """What was written, or what the pressed button carries."""
    if update.callback_query is not None:
        return update.callback_query.data or ""
    message = update.effective_message
    return (message.text or message.caption or "") if message else ""


def _first_writer(desk: Desk, message: Message) -> str | None:
    match message.forward_origin:
        case MessageOriginUser(sender_user=user):
            known = people.by_telegram_id(user.id, session=desk.session)
            return known.name if known else harmless_name(user.full_name)
        case MessageOriginHiddenUser(sender_user_name=name):
            return harmless_name(name)
        case MessageOriginChat(sender_chat=chat) | MessageOriginChannel(chat=chat):
            return harmless_name(chat.title or chat.effective_name or "") or None
    return None


def file_of(message: Message, content: bytes | None) -> FileRef | None:
    """What came with a message: a document, a picture, a recording."""
    if (document := message.document) is not None:
        name = harmless(document.file_name or "").replace("\n", " ").strip() or "文件"
        mime = document.mime_type or "application/octet-stream"
        return FileRef(document.file_id, name, mime, document.file_size or 0, content)
    if message.photo:
        photo = message.photo[-1]
        return FileRef(photo.file_id, "照片.jpg", "image/jpeg", photo.file_size or 0, content)
    if (voice := message.voice) is not None:
        return FileRef(voice.file_id, "语音.ogg", "audio/ogg", voice.file_size or 0, content)
    if (video := message.video) is not None:
        return FileRef(video.file_id, "视频.mp4", "video/mp4", video.file_size or 0, content)
    return None


def _place_of(message: Message) -> tuple[float, float] | None:
    place = message.location
    return (place.latitude, place.longitude) if place is not None else None


async def download(update: Update, context: ContextTypes.DEFAULT_TYPE, limit: int) -> bytes | None:
    """The file that came with a message; None where there is none or it is larger than `limit`.

    Refused where Telegram has it no more.
    """
    message = update.effective_message
    file = file_of(message, None) if message else None
    if file is None or file.size > limit:
        return None
    try:
        source = await context.bot.get_file(file.file_id)
        return bytes(await source.download_as_bytearray())
    except BadRequest:
        raise Refused("file_not_fetched", name=file.name) from None


def rows_of(buttons: Sequence[Sequence[Any]], width: int = 2) -> list[list[Sequence[Any]]]:
    """Buttons laid out in rows of `width`."""
    return [list(buttons[i : i + width]) for i in range(0, len(buttons), width)]
