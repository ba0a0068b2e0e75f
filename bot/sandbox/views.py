"""What the chat page shows, as JSON."""

import re
from collections.abc import Iterable
from html import escape
from typing import Any

from bot.sandbox.asking import commands_for
from bot.sandbox.cloud import Cloud
from bot.sandbox.entities import tags_of, to_html
from bot.sandbox.people import Group, Person
from bot.sandbox.world import Chat, Message

Json = dict[str, Any]

SHOWN = 200  # messages of a chat that the page gets
# A block stands on lines of its own; the line breaks around it are not shown again.
_BLOCK_ENDS = re.compile(r"\n(<(?:blockquote|pre)>)|(</(?:blockquote|pre)>)\n")

LINE = 60  # characters of a chat's last line


def world_view(cloud: Cloud, people: Iterable[Person], groups: Iterable[Group]) -> Json:
    """Everybody, every group, and the clock (`now` in Unix seconds)."""
    return {
        "bot": cloud.bot.as_json(),
        "now": cloud.now(),
        "people": [_person_view(cloud, person) for person in people],
        "groups": [_group_view(cloud, group) for group in groups],
    }


def _person_view(cloud: Cloud, person: Person) -> Json:
    chat = person.chat
    return {
        "id": person.id,
        "name": person.name,
        "unit": person.user.unit,
        "post": person.user.post,
        "bot": chat.bot,
        "unread": _unread(chat, person.id),
        "last": _last_line(cloud, chat),
    }


def _group_view(cloud: Cloud, group: Group) -> Json:
    chat = group.chat
    return {
        "id": chat.id,
        "title": chat.title,
        "bot": chat.bot,
        "members": list(chat.members),
        "unread": {str(member): _unread(chat, member) for member in chat.members if chat.messages},
        "last": _last_line(cloud, chat),
    }


def _unread(chat: Chat, user_id: int) -> int:
    """Standing messages of others after the last one this person saw."""
    seen, count = chat.read.get(user_id, 0), 0
    for message in reversed(chat.messages):
        if message.id <= seen or message.sender.id == user_id:
            break
        count += not message.deleted
    return count


def _last_line(cloud: Cloud, chat: Chat) -> Json | None:
    message = next((m for m in reversed(chat.messages) if not m.deleted), None)
    if message is None:
        return None
    return {"text": summary(message)[:LINE], "sender": message.sender.first_name, "date": message.date}


def summary(message: Message) -> str:
    """A message in one line."""
    if message.service is not None:
        return _service_text(message)
    kind = ""
    if message.document:
        kind = f"[文件] {message.document.name} "
    elif message.file:
        kind = "[图片] " if message.photo else "[语音] "
    elif message.location:
        kind = "[位置] "
    return (kind + " ".join(message.text.split())).strip()


def _service_text(message: Message) -> str:
    service = message.service or {}
    if "new_chat_members" in service:
        return "、".join(user["first_name"] for user in service["new_chat_members"]) + " 加入了群组"
    if "left_chat_member" in service:
        return f"{service['left_chat_member']['first_name']} 离开了群组"
    return "群组已升级为超级群组"


def chat_view(cloud: Cloud, chat: Chat, person_id: int) -> Json:
    """The latest messages of a chat and what this person can do there."""
    shown = [message for message in chat.messages if not message.deleted][-SHOWN:]
    return {
        "id": chat.id,
        "title": chat.title,
        "messages": [message_view(message) for message in shown],
        "pinned": summary(chat.pinned[-1]) if chat.pinned else None,
        "keyboard": chat.reply_keyboard,
        "commands": commands_for(cloud, chat, person_id),
    }


def message_view(message: Message) -> Json:
    forward = (message.forward_origin or {}).get("sender_user", {}).get("first_name")
    return {
        "id": message.id,
        "chat": message.chat.id,
        "sender": {"id": message.sender.id, "name": message.sender.first_name},
        "date": message.date,
        "text": message.text,
        "html": _BLOCK_ENDS.sub(r"\1\2", to_html(message.text, message.entities, _page_tags)),
        "buttons": [
            [{"label": button.label, "data": button.data, "url": button.url} for button in row]
            for row in message.buttons
        ],
        "edited": message.edited,
        "silent": message.silent,
        "reply": _reply_view(message.reply_to),
        "file": _file_view(message),
        "location": message.location,
        "forward": forward,
        "service": _service_text(message) if message.service else None,
    }


def _reply_view(message: Message | None) -> Json | None:
    if message is None:
        return None
    text = "已删除的消息" if message.deleted else summary(message)[:LINE]
    return {"id": message.id, "sender": message.sender.first_name, "text": text}


def _file_view(message: Message) -> Json | None:
    file = message.file
    if file is None:
        return None
    return {"id": file.id, "kind": file.kind, "name": file.name, "size": len(file.content)}


def _page_tags(entity: Json, text: str) -> tuple[str, str]:
    """HTML of an entity on the page: what Telegram finds by itself becomes clickable."""
    kind = entity["type"]
    if kind in ("url", "text_link"):
        target = escape(entity.get("url", text))
        return f'<a href="{target}" target="_blank" rel="noopener noreferrer">', "</a>"
    if kind == "bot_command":
        return '<a href="#" class="command">', "</a>"
    if kind in ("mention", "text_mention", "hashtag"):
        return '<span class="mention">', "</span>"
    if kind == "spoiler":
        return '<span class="spoiler" tabindex="0">', "</span>"
    if kind == "expandable_blockquote":
        return "<blockquote>", "</blockquote>"
    return tags_of(entity, text)


def feed_view(message: Message) -> Json:
    """A line of "what happened to whom"."""
    return {
        "person": message.chat.id,
        "name": message.chat.title,
        "text": summary(message)[:LINE],
        "date": message.date,
    }
