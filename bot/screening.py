"""What of an update may be kept: classified papers, strangers and groups that are not bound (D13, P4).

A screened update goes on with nothing in it but ids, and with `api_kwargs["screened"]` set on the `Update`
itself: "classified" or "stranger".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from telegram import Message, MessageEntity, Update, User

from office.desk import Desk
from rules.policy import Policy
from rules.reading.secrecy import screen
from storage import inbox, people

Json = dict[str, Any]

KINDS = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
    Update.INLINE_QUERY,
)
"""the kinds of update that Telegram is asked for"""

_CODE = re.compile(r"\s*(/start\s+)?(?:[A-Za-z0-9][ -]?){16}\s*")
"""a one-time code as it is written by hand or comes with a link (office/joining.py)"""
_NO_WORDS = {"chat", "from", "sender_chat", "via_bot", "forward_origin", "entities", "caption_entities"}
_NO_WORDS |= {"new_chat_members", "left_chat_member", "reply_markup", "photo", "author_signature"}
_NO_WORDS |= {"file_id", "file_unique_id", "mime_type"}
_CALLS: list[str | None] = [MessageEntity.BOT_COMMAND, MessageEntity.MENTION]
_QUOTES = ("reply_to_message", "pinned_message", "external_reply", "quote")


@dataclass(frozen=True)
class Verdict:
    """What becomes of an update. `payload` is kept until it has had its effect and goes to the handlers."""

    payload: Json | None
    screened: str | None = None
    done: bool = False
    """nothing more than the update's id is kept"""
    refusal: str | None = None
    """what it is counted as"""
    chat_id: int | None = None


def judge(desk: Desk, update: Update, me: User) -> Verdict:
    """Decides what is kept of an update and what the handlers are given; `me` is the bot."""
    user, chat = update.effective_user, update.effective_chat
    body = _body(update)
    if user is not None and update.inline_query is not None:
        return _of_inline(desk, update, user)
    if user is None or chat is None or body is None:
        return Verdict(None, "other", done=True)
    member = people.is_member(user.id, session=desk.session)
    if chat.id < 0 and not _moved(update) and not _is_bound(desk, chat.id):
        if not member or not _addressed(update, me):
            return Verdict(None, "unbound", done=True)
    elif not member:
        return _of_stranger(update, desk.policy, me)
    if body.classified(desk.policy):
        return Verdict(_ids(update, "classified"), "classified", refusal="classified", chat_id=chat.id)
    return Verdict(body.kept(desk.policy), chat_id=chat.id)


def _is_bound(desk: Desk, chat_id: int) -> bool:
    """Whether a group is bound, or is about to be because a bound one has become it."""
    bound = people.group_heard_in(chat_id, session=desk.session) is not None
    return bound or inbox.is_moving(chat_id, session=desk.session)


def _of_inline(desk: Desk, update: Update, user: User) -> Verdict:
    """What somebody types after the bot's name in any chat: a member's goes on, and nothing of it is kept."""
    if not people.is_member(user.id, session=desk.session):
        return Verdict(None, "stranger", done=True)
    asked = update.to_dict()
    if _is_classified(asked["inline_query"], desk.policy):
        return Verdict(None, "classified", done=True, refusal="classified")
    return Verdict(asked, done=True)


def _of_stranger(update: Update, policy: Policy, me: User) -> Verdict:
    """Someone who is not a member, in private or in a bound group."""
    chat, message = update.effective_chat, update.effective_message
    assert chat is not None
    if _moved(update) or (update.my_chat_member is not None and chat.id < 0):
        return Verdict(update.to_dict(), chat_id=chat.id)
    body = _body(update)
    if chat.id < 0 and body is not None and body.classified(policy):
        return Verdict(_ids(update, "classified"), "classified", refusal="classified", chat_id=chat.id)
    if update.my_chat_member is not None or (chat.id < 0 and not _addressed(update, me)):
        return Verdict(None, "stranger", done=True)
    text = message.text or "" if isinstance(message, Message) and update.message else ""
    if chat.id > 0 and _CODE.fullmatch(text):
        return Verdict(update.to_dict(), chat_id=chat.id)
    return Verdict(_ids(update, "stranger"), "stranger", done=True, refusal="stranger")


class _Body:
    """An update as plain data, with the message that a person wrote, if one did."""

    def __init__(self, payload: Json, written: Json | None) -> None:
        self.payload = payload
        self._written = written

    def classified(self, policy: Policy) -> bool:
        """Whether what was written is classified; what it quotes does not count."""
        return self._written is not None and _is_classified(self._written, policy)

    def kept(self, policy: Policy) -> Json:
        """What may be kept: a quoted message that is classified is reduced to its ids."""
        written = self._written if self._written is not None else {}
        for name in _QUOTES:
            if name in written and _is_classified(written[name], policy) and not _by_bot(written[name]):
                quoted = written.pop(name)
                if name == "reply_to_message":
                    written[name] = _message_ids(quoted)
        pressed = self.payload.get("callback_query", {}).get("message", {})
        pressed.pop("reply_to_message", None)
        return self.payload


def _body(update: Update) -> _Body | None:
    payload = update.to_dict()
    kind = next((kind for kind in KINDS if kind in payload), None)
    if kind is None:
        return None
    written = payload[kind] if kind in (Update.MESSAGE, Update.EDITED_MESSAGE) else None
    return _Body(payload, written)


def _is_classified(content: Mapping[str, Any], policy: Policy) -> bool:
    return any(screen(words, policy.secrecy) == "classified" for words in _words(content))


def _words(content: Any) -> Iterator[str]:
    """Every string in a message that a person may have written, file names included."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping):
        for name, value in content.items():
            if name not in _NO_WORDS and name not in _QUOTES:
                yield from _words(value)
    elif isinstance(content, list):
        for value in content:
            yield from _words(value)


def _ids(update: Update, cause: str) -> Json:
    """The update with nothing in it but ids."""
    payload: Json = {"update_id": update.update_id, "screened": cause}
    if (query := update.callback_query) is not None:
        payload["callback_query"] = {
            "id": query.id,
            "from": _user_ids(query.from_user.to_dict()),
            "chat_instance": query.chat_instance,
        }
        return payload
    kind = Update.MESSAGE if update.message else Update.EDITED_MESSAGE
    message = update.effective_message
    assert isinstance(message, Message)
    payload[kind] = _message_ids(message.to_dict())
    return payload


def _message_ids(message: Mapping[str, Any]) -> Json:
    ids = {"message_id": message["message_id"], "date": message.get("date", 0)}
    chat = message["chat"]
    ids["chat"] = {"id": chat["id"], "type": chat["type"]}
    if "from" in message:
        ids["from"] = _user_ids(message["from"])
    return ids


def _user_ids(user: Mapping[str, Any]) -> Json:
    return {"id": user["id"], "is_bot": user.get("is_bot", False), "first_name": ""}


def _by_bot(message: Mapping[str, Any]) -> bool:
    return bool(message.get("from", {}).get("is_bot"))


def _addressed(update: Update, me: User) -> bool:
    """Whether someone in a group speaks to the bot: a command, a mention, a reply to it, a button."""
    if update.callback_query is not None or update.my_chat_member is not None:
        return True
    message = update.message
    if message is None:
        return False
    named = {**message.parse_entities(_CALLS), **message.parse_caption_entities(_CALLS)}
    to_me = f"@{me.username}".lower()
    if any("@" not in words or words.lower().endswith(to_me) for words in named.values()):
        return True
    replied = message.reply_to_message
    return replied is not None and replied.from_user is not None and replied.from_user.id == me.id


def _moved(update: Update) -> bool:
    """Whether a group says that it has become a supergroup."""
    message = update.message
    return message is not None and bool(message.migrate_to_chat_id or message.migrate_from_chat_id)
