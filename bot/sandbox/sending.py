"""Bot API methods that put messages into chats, change them or take them away."""

from typing import Any

from bot.sandbox.calls import Call
from bot.sandbox.checks import (
    caption_of,
    file_of,
    inline_markup_of,
    known_chat,
    markup_of,
    open_chat,
    replied_message,
    text_of,
)
from bot.sandbox.cloud import Cloud
from bot.sandbox.errors import bad_request
from bot.sandbox.world import Message

Json = dict[str, Any]

DELETABLE_FOR = 48 * 3600  # seconds
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def _send(cloud: Cloud, call: Call, **content: Any) -> Message:
    chat = open_chat(cloud, call)
    reply_to = replied_message(chat, call)
    markup = markup_of(call)
    inline = markup if markup and "inline_keyboard" in markup else None
    if markup and not inline:
        chat.reply_keyboard = markup if "keyboard" in markup else None
    silent = call.flag("disable_notification")
    return cloud.world.post(
        chat, cloud.bot, cloud.now(), reply_to=reply_to, reply_markup=inline, silent=silent, **content
    )


async def send_message(cloud: Cloud, call: Call) -> Json:
    open_chat(cloud, call)
    text, entities = text_of(cloud.world, call)
    return _send(cloud, call, text=text, entities=entities).as_json()


async def send_document(cloud: Cloud, call: Call) -> Json:
    return _send_file(cloud, call, "document")


async def send_photo(cloud: Cloud, call: Call) -> Json:
    return _send_file(cloud, call, "photo")


async def send_voice(cloud: Cloud, call: Call) -> Json:
    return _send_file(cloud, call, "voice")


def _send_file(cloud: Cloud, call: Call, kind: str) -> Json:
    open_chat(cloud, call)
    caption, entities = caption_of(cloud.world, call)
    markup_of(call)
    content: Json = {kind: file_of(cloud, call, kind)}
    return _send(cloud, call, text=caption, entities=entities, **content).as_json()


async def send_location(cloud: Cloud, call: Call) -> Json:
    place = {"latitude": call.number("latitude"), "longitude": call.number("longitude")}
    return _send(cloud, call, location=place).as_json()


async def send_chat_action(cloud: Cloud, call: Call) -> bool:
    chat = open_chat(cloud, call)
    if not call.text("action"):
        raise bad_request("wrong parameter action in request")
    cloud.world.tell("typing", chat)
    return True


async def forward_message(cloud: Cloud, call: Call) -> Json:
    source = _source(cloud, call)
    origin = {"type": "user", "date": source.date, "sender_user": source.sender.as_json()}
    return _send(cloud, call, **_content(source), forward_origin=origin).as_json()


async def copy_message(cloud: Cloud, call: Call) -> Json:
    content = _content(_source(cloud, call))
    if "caption" in call.params:
        content["text"], content["entities"] = caption_of(cloud.world, call)
    return {"message_id": _send(cloud, call, **content).id}


def _source(cloud: Cloud, call: Call) -> Message:
    source = known_chat(cloud, call, "from_chat_id").message(call.integer("message_id") or 0)
    if source is None or source.service:
        raise bad_request(f"message to {call.method.removesuffix('Message')} not found")
    return source


def _content(message: Message) -> Json:
    names = ("text", "entities", "document", "photo", "voice", "location")
    return {name: getattr(message, name) for name in names}


# -- changing ---------------------------------------------------------------------------------------
def _own_message(cloud: Cloud, call: Call) -> Message:
    if call.text("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    chat = open_chat(cloud, call)
    if call.integer("message_id") is None:
        raise bad_request("message identifier is not specified")
    message = chat.message(call.integer("message_id") or 0)
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender is not cloud.bot or message.service:
        raise bad_request("message can't be edited")
    return message


def _change(cloud: Cloud, call: Call, message: Message, **content: Any) -> Json:
    """Telegram takes the keyboard away from a message edited without one."""
    content["reply_markup"] = inline_markup_of(call)
    if all(getattr(message, name) == value for name, value in content.items()):
        raise bad_request(NOT_MODIFIED)
    cloud.world.edit(message, cloud.now(), **content)
    return message.as_json()


async def edit_message_text(cloud: Cloud, call: Call) -> Json:
    message = _own_message(cloud, call)
    text, entities = text_of(cloud.world, call)
    if not message.is_text:
        raise bad_request("there is no text in the message to edit")
    return _change(cloud, call, message, text=text, entities=entities)


async def edit_message_caption(cloud: Cloud, call: Call) -> Json:
    message = _own_message(cloud, call)
    caption, entities = caption_of(cloud.world, call)
    if message.file is None:
        raise bad_request("there is no caption in the message to edit")
    return _change(cloud, call, message, text=caption, entities=entities)


async def edit_message_reply_markup(cloud: Cloud, call: Call) -> Json:
    return _change(cloud, call, _own_message(cloud, call))


async def delete_message(cloud: Cloud, call: Call) -> bool:
    chat = open_chat(cloud, call)
    message = chat.message(call.integer("message_id") or 0)
    if message is None:
        raise bad_request("message to delete not found")
    if chat.bot != "administrator":
        if not chat.is_private and message.sender is not cloud.bot:
            raise bad_request("message can't be deleted")
        if cloud.now() - message.date > DELETABLE_FOR:
            raise bad_request("message can't be deleted for everyone")
    cloud.world.delete(message)
    return True


async def pin_chat_message(cloud: Cloud, call: Call) -> bool:
    chat = open_chat(cloud, call)
    message = chat.message(call.integer("message_id") or 0)
    if message is None:
        raise bad_request("message to pin not found")
    _check_pinning(chat.is_private or chat.bot == "administrator")
    if message not in chat.pinned:
        chat.pinned.append(message)
        cloud.world.tell("pin", chat)
    return True


async def unpin_chat_message(cloud: Cloud, call: Call) -> bool:
    """Without a message id the latest pinned message is unpinned."""
    chat = open_chat(cloud, call)
    _check_pinning(chat.is_private or chat.bot == "administrator")
    wanted = call.integer("message_id")
    pinned = [m for m in chat.pinned if wanted is None or m.id == wanted]
    if not pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(pinned[-1])
    cloud.world.tell("pin", chat)
    return True


def _check_pinning(allowed: bool) -> None:
    if not allowed:
        raise bad_request("not enough rights to manage pinned messages in the chat")
