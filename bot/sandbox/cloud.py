"""The whole of the stand-in for Telegram's cloud: the world, the bot's queue, trouble on order, the clock."""

import asyncio
import itertools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bot.sandbox.faults import Faults
from bot.sandbox.limits import Limits
from bot.sandbox.office_clock import OfficeClock
from bot.sandbox.updates import Updates
from bot.sandbox.world import BOT_ID, Chat, Message, User, World

Json = dict[str, Any]
Found = TypeVar("Found")


@dataclass(frozen=True)
class Answer:
    """What a pressed button answered: a toast, or an alert that must be dismissed; both may be empty."""

    text: str = ""
    alert: bool = False
    url: str = ""


@dataclass(eq=False)
class Pressed:
    """A callback query that waits for its answer."""

    id: str
    person: User
    message: Message
    at: float  # monotonic seconds
    answer: asyncio.Future[Answer | None]


class Cloud:
    """Everything the Bot API methods work on.

    privacy: the bot's privacy mode in groups; off by default: it reads everything.
    enforce_limits: answer 429 above Telegram's published rates.
    callback_lifetime: seconds after which a pressed button can no longer be answered.
    """

    def __init__(
        self,
        token: str,
        *,
        username: str = "duban_bot",
        name: str = "督办",
        clock: OfficeClock | None = None,
        now: Callable[[], float] | None = None,
        first_update_id: int = 1,
        first_message_id: int = 1,
        record: Path | None = None,
    ) -> None:
        number = token.partition(":")[0]
        bot_id = int(number) if number.isdigit() else BOT_ID
        self.token = token
        self.clock = clock or OfficeClock()
        self._now = now
        self.world = World(User(bot_id, name, username, is_bot=True), first_message_id=first_message_id)
        self.faults = Faults()
        self.updates = Updates(self.faults, first_update_id)
        self.limits = Limits()
        self.enforce_limits = False
        self.privacy = False
        self.callback_lifetime = 60.0
        self.requests: list[Json] = []
        self.record = record
        self.pressed: dict[str, Pressed] = {}
        self.typed: dict[str, asyncio.Future[list[Json] | None]] = {}
        """inline queries that wait for their results"""
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.profile: dict[str, str] = {}
        self._query_ids = itertools.count(1)
        self._changed = asyncio.Event()
        self.world.listeners.append(lambda change: self._changed.set())

    @property
    def bot(self) -> User:
        return self.world.bot

    def now(self) -> int:
        """Unix seconds by the office's clock: the `date` of messages."""
        return int(self._now() if self._now else self.clock.now().timestamp())

    # -- from people to the bot -----------------------------------------------------------------
    def deliver(self, message: Message, kind: str = "message") -> None:
        """Queues a person's message for the bot, if the bot may read it."""
        if self.bot_reads(message):
            self.updates.push(kind, message.as_json())

    def bot_reads(self, message: Message) -> bool:
        chat = message.chat
        if chat.bot not in ("member", "administrator"):
            return False
        if chat.is_private or not self.privacy or chat.bot == "administrator" or message.service:
            return True
        to_bot = message.reply_to is not None and message.reply_to.sender is self.bot
        text = message.text.lower()
        called = f"@{self.bot.username}".lower() in text
        command = text.startswith("/") and "@" not in text.split(maxsplit=1)[0]
        return to_bot or called or command

    def press(self, person: User, message: Message, data: str) -> Pressed:
        """Queues a callback query; its `answer` is None when the bot stays silent."""
        loop = asyncio.get_running_loop()
        number = str(next(self._query_ids) + self.updates.next_id * 1000)
        pressed = Pressed(number, person, message, time.monotonic(), loop.create_future())
        self.pressed[number] = pressed
        query = {
            "id": number,
            "from": person.as_json(),
            "message": message.as_json(),
            "chat_instance": str(abs(message.chat.id) * 7919),
            "data": data,
        }
        self.updates.push("callback_query", query)
        return pressed

    def type_inline(self, person: User, query: str, chat_type: str) -> asyncio.Future[list[Json] | None]:
        """Queues an inline query; the results are None when the bot stays silent."""
        number = str(next(self._query_ids) + self.updates.next_id * 1000)
        self.typed[number] = asyncio.get_running_loop().create_future()
        asked = {"id": number, "from": person.as_json(), "query": query, "offset": "", "chat_type": chat_type}
        self.updates.push("inline_query", asked)
        return self.typed[number]

    def answerable(self, query_id: str) -> Pressed | None:
        """The pressed button of that id, while it may still be answered."""
        pressed = self.pressed.get(query_id)
        if pressed is None or time.monotonic() - pressed.at > self.callback_lifetime:
            return None
        return pressed

    def bot_standing(self, chat: Chat, by: User, now_is: str) -> None:
        """The bot's standing in a chat changes (blocked, removed, made administrator): told to the bot."""
        before, chat.bot = chat.bot, now_is
        change = {
            "chat": chat.as_json(),
            "from": by.as_json(),
            "date": self.now(),
            "old_chat_member": membership(self.bot, before),
            "new_chat_member": membership(self.bot, now_is),
        }
        self.updates.push("my_chat_member", change)
        self.world.tell("standing", chat)

    # -- waiting and recording ------------------------------------------------------------------
    async def until(self, find: Callable[[], Found | None], within: float = 5.0) -> Found:
        """Waits until `find` gives something true after some change; TimeoutError after `within` seconds."""
        async with asyncio.timeout(within):
            while not (found := find()):
                self._changed.clear()
                await self._changed.wait()
        return found

    def note(self, entry: Json) -> None:
        """Keeps a request for later checking; the token never appears in it."""
        clean = json.loads(json.dumps(entry, ensure_ascii=False).replace(self.token, "TOKEN"))
        self.requests.append(clean)
        if self.record is not None:
            with self.record.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(clean, ensure_ascii=False) + "\n")


RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_restrict_members",
    "can_invite_users",
    "can_pin_messages",
    "can_change_info",
)
NO_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_video_chats",
    "can_promote_members",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


def membership(user: User, standing: str) -> Json:
    """A ChatMember object for a standing of `Chat.bot`."""
    status = "left" if standing == "unmet" else standing
    known: Json = {"status": status, "user": user.as_json()}
    if status == "administrator":
        known |= dict.fromkeys(RIGHTS, True) | dict.fromkeys(NO_RIGHTS, False)
    elif status == "kicked":
        known["until_date"] = 0
    elif status == "creator":
        known["is_anonymous"] = False
    return known
