"""What Telegram's servers keep: users, chats, messages, files. In memory; a plain mirror of what happened."""

import itertools
import mimetypes
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.entities import to_html

Json = dict[str, Any]

BOT_ID = 7_000_000_001
FIRST_USER_ID = 710_000_001
FIRST_GROUP_ID = -1_002_100_000_001


@dataclass(eq=False)
class User:
    id: int
    first_name: str
    username: str | None = None
    is_bot: bool = False
    unit: str = ""  # where the person works; shown by the page, unknown to the bot
    post: str = ""

    def as_json(self) -> Json:
        known: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.username:
            known["username"] = self.username
        return known if self.is_bot else known | {"language_code": "zh-hans"}


@dataclass(eq=False)
class StoredFile:
    """A file as Telegram keeps it; `kind` is document, photo or voice."""

    id: str
    unique_id: str
    kind: str
    name: str
    mime: str
    content: bytes
    path: str

    def as_json(self) -> Json:
        known: Json = {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": len(self.content)}
        if self.kind == "photo":
            return known | {"width": 800, "height": 600}
        if self.kind == "voice":
            return known | {"duration": 3, "mime_type": self.mime}
        return known | {"file_name": self.name, "mime_type": self.mime}


@dataclass(frozen=True)
class Button:
    label: str
    data: str | None = None
    url: str | None = None


@dataclass(eq=False)
class Chat:
    """`bot` is the bot's standing: unmet (private, not started yet), member, administrator, left, kicked."""

    id: int
    kind: str  # private, group or supergroup
    title: str
    bot: str
    members: dict[int, User] = field(default_factory=dict)
    messages: list["Message"] = field(default_factory=list)
    pinned: list["Message"] = field(default_factory=list)
    read: dict[int, int] = field(default_factory=dict)  # user id -> last message id seen on the page
    reply_keyboard: Json | None = None
    migrated_to: int | None = None
    next_message_id: int = 1

    @property
    def is_private(self) -> bool:
        return self.kind == "private"

    def as_json(self) -> Json:
        name = "first_name" if self.is_private else "title"
        return {"id": self.id, "type": self.kind, name: self.title}

    def message(self, message_id: int) -> "Message | None":
        """The message with that id, unless it was deleted."""
        # Ids rise by one and nothing leaves the list, so that the place follows from the id.
        place = message_id - self.messages[0].id if self.messages else -1
        found = self.messages[place] if 0 <= place < len(self.messages) else None
        return None if found is None or found.deleted else found


@dataclass(eq=False)
class Message:
    """`text` is plain; of a file it is the caption. `date` and `edit_date` are Unix seconds."""

    chat: Chat
    id: int
    sender: User
    date: int
    text: str = ""
    entities: list[Json] = field(default_factory=list)
    reply_markup: Json | None = None
    reply_to: "Message | None" = None
    edit_date: int | None = None
    silent: bool = False
    deleted: bool = False
    document: StoredFile | None = None
    photo: StoredFile | None = None
    voice: StoredFile | None = None
    location: Json | None = None
    forward_origin: Json | None = None
    service: Json | None = None  # members joining, a pinned message, a group's move

    @property
    def edited(self) -> bool:
        return self.edit_date is not None

    @property
    def file(self) -> StoredFile | None:
        return self.document or self.photo or self.voice

    @property
    def is_text(self) -> bool:
        return self.file is None and self.location is None and self.service is None

    @property
    def html(self) -> str:
        return to_html(self.text, self.entities)

    @property
    def buttons(self) -> list[list[Button]]:
        rows = (self.reply_markup or {}).get("inline_keyboard", [])
        return [[Button(b["text"], b.get("callback_data"), b.get("url")) for b in row] for row in rows]

    def as_json(self, *, with_reply: bool = True) -> Json:
        known: Json = {
            "message_id": self.id,
            "from": self.sender.as_json(),
            "chat": self.chat.as_json(),
            "date": self.date,
        }
        known |= self._content()
        optional = {
            "edit_date": self.edit_date,
            "reply_markup": self.reply_markup,
            "forward_origin": self.forward_origin,
            "location": self.location,
            "reply_to_message": self.reply_to.as_json(with_reply=False)
            if self.reply_to and with_reply
            else None,
        }
        return known | {key: value for key, value in optional.items() if value is not None}

    def _content(self) -> Json:
        words, marks = ("text", "entities") if self.is_text else ("caption", "caption_entities")
        content: Json = dict(self.service or {})
        if self.text:
            content[words] = self.text
        if self.entities:
            content[marks] = self.entities
        if self.document:
            content["document"] = self.document.as_json()
        if self.photo:
            content["photo"] = [self.photo.as_json()]
        if self.voice:
            content["voice"] = self.voice.as_json()
        return content


@dataclass(frozen=True)
class Change:
    """`what`: message, edit, delete, pin, read, typing, standing, commands, clock or closing."""

    what: str
    chat: Chat | None = None
    message: Message | None = None


class World:
    """Everything there is, and who wants to hear that it changed."""

    def __init__(self, bot: User, *, first_message_id: int = 1) -> None:
        self.bot = bot
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.listeners: list[Callable[[Change], None]] = []
        self._first_message_id = first_message_id
        self._user_ids = itertools.count(FIRST_USER_ID)
        self._group_ids = itertools.count(FIRST_GROUP_ID, -1)
        self._file_numbers = itertools.count(1)

    def tell(self, what: str, chat: Chat | None = None, message: Message | None = None) -> None:
        change = Change(what, chat or (message.chat if message else None), message)
        for listener in list(self.listeners):
            listener(change)

    def add_user(self, name: str, user_id: int | None = None, username: str | None = None) -> User:
        if user_id is None:
            user_id = next(i for i in self._user_ids if i not in self.users)
        user = User(user_id, name, username)
        self.users[user.id] = user
        self.chats[user.id] = self._chat(Chat(user.id, "private", name, bot="unmet", members={user.id: user}))
        return user

    def add_group(
        self, title: str, kind: str, chat_id: int | None = None, administrator: bool = True
    ) -> Chat:
        """A group with the bot in it, as administrator or as a member."""
        if chat_id is None:
            chat_id = next(i for i in self._group_ids if i not in self.chats)
        self.chats[chat_id] = self._chat(
            Chat(chat_id, kind, title, bot="administrator" if administrator else "member")
        )
        return self.chats[chat_id]

    def _chat(self, chat: Chat) -> Chat:
        chat.next_message_id = self._first_message_id
        return chat

    def count_files_from(self, number: int) -> None:
        self._file_numbers = itertools.count(number)

    def user_named(self, name: str) -> User | None:
        return next((u for u in self.users.values() if u.first_name == name and not u.is_bot), None)

    def group_named(self, title: str) -> Chat | None:
        standing = (c for c in self.chats.values() if not c.is_private and c.migrated_to is None)
        return next((c for c in standing if c.title == title), None)

    def add_file(self, kind: str, name: str, content: bytes, mime: str | None = None) -> StoredFile:
        number = next(self._file_numbers)
        name = name.replace("\\", "/").rsplit("/", 1)[-1] or "file"
        mime = mime or mimetypes.guess_type(name)[0] or "application/octet-stream"
        ending = "." + name.rsplit(".", 1)[-1] if "." in name and name.isascii() else ""
        folder = {"document": "documents", "photo": "photos", "voice": "voice"}[kind]
        file_id = f"sandbox-{kind}-{number:08d}"
        stored = StoredFile(
            file_id, f"u{number:08d}", kind, name, mime, content, f"{folder}/file_{number}{ending}"
        )
        self.files[file_id] = stored
        return stored

    def post(self, chat: Chat, sender: User, date: int, **content: Any) -> Message:
        """Puts a message at the end of a chat; `content` are the other fields of `Message`."""
        message = Message(chat, chat.next_message_id, sender, date, **content)
        chat.next_message_id += 1
        chat.messages.append(message)
        self.tell("message", message=message)
        return message

    def edit(self, message: Message, date: int, **content: Any) -> None:
        for name, value in content.items():
            setattr(message, name, value)
        message.edit_date = date
        self.tell("edit", message=message)

    def delete(self, message: Message) -> None:
        message.deleted = True
        if message in message.chat.pinned:
            message.chat.pinned.remove(message)
        self.tell("delete", message=message)
