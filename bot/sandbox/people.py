"""People and groups as a story uses them: they talk, press, send, block; the bot hears of it over HTTP."""

import asyncio
from typing import Any

from bot.sandbox.cloud import Answer, Cloud
from bot.sandbox.entities import found_entities
from bot.sandbox.world import Button, Chat, Message, User

Json = dict[str, Any]


class NotPossibleError(Exception):
    """Something a person in front of a telephone could not do: press a button that is not there, ..."""


class Group:
    """A group chat. The bot is in it, as administrator, unless it was removed."""

    def __init__(self, cloud: Cloud, chat: Chat) -> None:
        self.cloud = cloud
        self._chat = chat

    @property
    def chat(self) -> Chat:
        return self._chat

    @property
    def id(self) -> int:
        return self._chat.id

    @property
    def title(self) -> str:
        return self._chat.title

    @property
    def messages(self) -> list[Message]:
        """All messages, oldest first; deleted ones stay, marked."""
        return self._chat.messages

    def add(self, person: "Person") -> None:
        """Someone joins; the group and the bot see it."""
        if person.id not in self._chat.members:
            self._chat.members[person.id] = person.user
            self._say(person.user, {"new_chat_members": [person.user.as_json()]})

    def remove(self, person: "Person") -> None:
        """Someone leaves; the group and the bot see it."""
        if self._chat.members.pop(person.id, None) is not None:
            self._say(person.user, {"left_chat_member": person.user.as_json()})

    def removes_bot(self, by: "Person") -> None:
        self.cloud.bot_standing(self._chat, by.user, "kicked")

    def adds_bot(self, by: "Person", *, administrator: bool = False) -> None:
        """Invites the bot (again)."""
        self.cloud.bot_standing(self._chat, by.user, "administrator" if administrator else "member")
        self._say(by.user, {"new_chat_members": [self.cloud.bot.as_json()]})

    def migrates(self) -> None:
        """Becomes a supergroup under another id; the old id answers `migrate_to_chat_id` from then on."""
        old, world = self._chat, self.cloud.world
        new = world.add_group(old.title, "supergroup")
        new.members, new.bot = old.members, old.bot
        actor = next(iter(old.members.values()), world.bot)
        self._say(actor, {"migrate_to_chat_id": new.id})
        old.migrated_to = new.id
        self._chat = new
        self._say(actor, {"migrate_from_chat_id": old.id})

    def _say(self, by: User, service: Json) -> None:
        message = self.cloud.world.post(self._chat, by, self.cloud.now(), service=service)
        self.cloud.deliver(message)


class Person:
    """Someone with a telephone. What they do reaches the bot at once, by the way it listens."""

    def __init__(self, cloud: Cloud, user: User) -> None:
        self.cloud = cloud
        self.user = user

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def name(self) -> str:
        return self.user.first_name

    @property
    def chat(self) -> Chat:
        """The private chat with the bot."""
        return self.cloud.world.chats[self.user.id]

    @property
    def has_blocked(self) -> bool:
        return self.chat.bot == "kicked"

    # -- talking --------------------------------------------------------------------------------
    def start(self, payload: str = "") -> Message:
        """Presses Start (through a link with a payload); unblocks the bot first where needed."""
        if self.has_blocked:
            self.unblocks()
        return self.says(f"/start {payload}".strip())

    def says(self, text: str, chat: Group | None = None, reply_to: Message | None = None) -> Message:
        """Writes in the private chat, or in a group."""
        return self._post(chat, reply_to, text=text, entities=found_entities(text))

    def edits(self, message: Message, text: str) -> Message:
        """Changes an own message."""
        if message.sender is not self.user or message.deleted:
            raise NotPossibleError(f"{self.name} cannot edit this message")
        self.cloud.world.edit(message, self.cloud.now(), text=text, entities=found_entities(text))
        self.cloud.deliver(message, "edited_message")
        return message

    def presses(
        self, message: Message, label_or_data: str, within: float = 5.0
    ) -> "asyncio.Future[Answer | None]":
        """Presses a button, by its data, its label or a part of its label.

        The press reaches the bot at once; awaiting the result gives the `Answer`, or None after `within`
        seconds without one.
        """
        button = _find_button(message, label_or_data)
        return self.presses_data(message, button.data or "", within)

    def presses_data(
        self, message: Message, data: str, within: float = 5.0
    ) -> "asyncio.Future[Answer | None]":
        """Sends callback data whether or not the message has such a button (an old card, a forged press)."""
        self._check_reach(message.chat)
        pressed = self.cloud.press(self.user, message, data)
        waiting = asyncio.get_running_loop().call_later(within, _give_up, pressed.answer)
        pressed.answer.add_done_callback(lambda _: waiting.cancel())
        return pressed.answer

    def types_inline(
        self, query: str, chat_type: str = "private", within: float = 5.0
    ) -> "asyncio.Future[list[Json] | None]":
        """Types the bot's name and `query` in some chat; awaiting it gives the results offered, or None."""
        results = self.cloud.type_inline(self.user, query, chat_type)
        waiting = asyncio.get_running_loop().call_later(within, _give_up, results)
        results.add_done_callback(lambda _: waiting.cancel())
        return results

    def sends_file(
        self,
        name: str,
        content: bytes,
        caption: str = "",
        mime: str | None = None,
        chat: Group | None = None,
        reply_to: Message | None = None,
    ) -> Message:
        """Sends a document."""
        stored = self.cloud.world.add_file("document", name, content, mime)
        return self._post(chat, reply_to, text=caption, entities=found_entities(caption), document=stored)

    def sends_photo(
        self, content: bytes, caption: str = "", chat: Group | None = None, reply_to: Message | None = None
    ) -> Message:
        stored = self.cloud.world.add_file("photo", "photo.jpg", content, "image/jpeg")
        return self._post(chat, reply_to, text=caption, entities=found_entities(caption), photo=stored)

    def sends_voice(self, content: bytes = b"OggS", chat: Group | None = None) -> Message:
        stored = self.cloud.world.add_file("voice", "voice.ogg", content, "audio/ogg")
        return self._post(chat, None, voice=stored)

    def sends_location(self, latitude: float, longitude: float, chat: Group | None = None) -> Message:
        return self._post(chat, None, location={"latitude": latitude, "longitude": longitude})

    def forwards(self, message: Message, chat: Group | None = None) -> Message:
        """Passes a message on, to the bot or into a group."""
        origin = {"type": "user", "date": message.date, "sender_user": message.sender.as_json()}
        return self._post(
            chat,
            None,
            text=message.text,
            entities=message.entities,
            document=message.document,
            photo=message.photo,
            voice=message.voice,
            location=message.location,
            forward_origin=origin,
        )

    # -- blocking -------------------------------------------------------------------------------
    def blocks(self) -> None:
        """Blocks the bot."""
        self.cloud.bot_standing(self.chat, self.user, "kicked")

    def unblocks(self) -> None:
        self.cloud.bot_standing(self.chat, self.user, "member")

    # -- seeing ---------------------------------------------------------------------------------
    @property
    def received(self) -> list[Message]:
        """The bot's messages in the private chat that still stand, oldest first."""
        return [m for m in self.chat.messages if m.sender is self.cloud.bot and not m.deleted]

    async def sees(self, text: str, chat: Group | None = None, within: float = 5.0) -> Message:
        """Waits for a standing message of the bot that contains the text; the latest of them."""
        place = chat.chat if chat else self.chat

        def find() -> Message | None:
            own = (m for m in reversed(place.messages) if m.sender is self.cloud.bot and not m.deleted)
            return next((m for m in own if text in m.text), None)

        return await self.cloud.until(find, within)

    # -- inside ---------------------------------------------------------------------------------
    def _post(self, group: Group | None, reply_to: Message | None, **content: Any) -> Message:
        chat = group.chat if group else self.chat
        self._check_reach(chat)
        if chat.is_private and chat.bot == "unmet":
            chat.bot = "member"
        message = self.cloud.world.post(chat, self.user, self.cloud.now(), reply_to=reply_to, **content)
        self.cloud.deliver(message)
        return message

    def _check_reach(self, chat: Chat) -> None:
        if self.id not in chat.members:
            raise NotPossibleError(f"{self.name} is not in {chat.title}")
        if chat.is_private and chat.bot == "kicked":
            raise NotPossibleError(f"{self.name} has blocked the bot")


def _find_button(message: Message, wanted: str) -> Button:
    buttons = [button for row in message.buttons for button in row]
    if message.deleted:
        raise NotPossibleError("the message was deleted")
    for fits in (
        lambda b: b.data == wanted,
        lambda b: b.label == wanted,
        lambda b: wanted in b.label,
    ):
        for button in buttons:
            if button.data is not None and fits(button):
                return button
    there = "、".join(button.label for button in buttons) or "none"
    raise NotPossibleError(f"no button {wanted!r} on message {message.id}; there: {there}")


def _give_up(answer: "asyncio.Future[Any]") -> None:
    if not answer.done():
        answer.set_result(None)
