"""The Bot API methods the sandbox understands, each with the parameters it reads."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox import asking, sending
from bot.sandbox.calls import Call
from bot.sandbox.cloud import Cloud


@dataclass(frozen=True)
class Method:
    function: Callable[[Cloud, Call], Awaitable[Any]]
    parameters: tuple[str, ...]


def _method(function: Callable[[Cloud, Call], Awaitable[Any]], parameters: str = "") -> Method:
    return Method(function, tuple(parameters.split()))


_SENT = "chat_id disable_notification reply_parameters reply_markup"
_CAPTION = "caption parse_mode caption_entities"

METHODS = {
    "getMe": _method(asking.get_me),
    "getUpdates": _method(asking.get_updates, "offset limit timeout allowed_updates"),
    "setWebhook": _method(
        asking.set_webhook, "url secret_token max_connections allowed_updates drop_pending_updates"
    ),
    "deleteWebhook": _method(asking.delete_webhook, "drop_pending_updates"),
    "getWebhookInfo": _method(asking.get_webhook_info),
    "sendMessage": _method(sending.send_message, f"{_SENT} text parse_mode entities"),
    "sendDocument": _method(sending.send_document, f"{_SENT} {_CAPTION} document"),
    "sendPhoto": _method(sending.send_photo, f"{_SENT} {_CAPTION} photo"),
    "sendVoice": _method(sending.send_voice, f"{_SENT} {_CAPTION} voice"),
    "sendLocation": _method(sending.send_location, f"{_SENT} latitude longitude"),
    "sendChatAction": _method(sending.send_chat_action, "chat_id action"),
    "forwardMessage": _method(
        sending.forward_message, "chat_id from_chat_id message_id disable_notification"
    ),
    "copyMessage": _method(sending.copy_message, f"{_SENT} {_CAPTION} from_chat_id message_id"),
    "editMessageText": _method(
        sending.edit_message_text,
        "chat_id message_id inline_message_id text parse_mode entities reply_markup",
    ),
    "editMessageCaption": _method(
        sending.edit_message_caption, f"chat_id message_id inline_message_id {_CAPTION} reply_markup"
    ),
    "editMessageReplyMarkup": _method(
        sending.edit_message_reply_markup, "chat_id message_id inline_message_id reply_markup"
    ),
    "deleteMessage": _method(sending.delete_message, "chat_id message_id"),
    "pinChatMessage": _method(sending.pin_chat_message, "chat_id message_id"),
    "unpinChatMessage": _method(sending.unpin_chat_message, "chat_id message_id"),
    "answerCallbackQuery": _method(asking.answer_callback_query, "callback_query_id text show_alert url"),
    "answerInlineQuery": _method(asking.answer_inline_query),
    "setMyCommands": _method(asking.set_my_commands, "commands scope language_code"),
    "getMyCommands": _method(asking.get_my_commands, "scope language_code"),
    "deleteMyCommands": _method(asking.delete_my_commands, "scope language_code"),
    "setMyName": _method(asking.set_profile_text, "name"),
    "setMyDescription": _method(asking.set_profile_text, "description"),
    "setMyShortDescription": _method(asking.set_profile_text, "short_description"),
    "getMyName": _method(asking.get_profile_text),
    "getMyDescription": _method(asking.get_profile_text),
    "getMyShortDescription": _method(asking.get_profile_text),
    "getChat": _method(asking.get_chat, "chat_id"),
    "getChatMember": _method(asking.get_chat_member, "chat_id user_id"),
    "getChatAdministrators": _method(asking.get_chat_administrators, "chat_id"),
    "getChatMemberCount": _method(asking.get_chat_member_count, "chat_id"),
    "leaveChat": _method(asking.leave_chat, "chat_id"),
    "getFile": _method(asking.get_file, "file_id"),
}

_BY_LOWER = {name.lower(): name for name in METHODS}


def named(name: str) -> str | None:
    """The method's proper name; Telegram does not mind the case."""
    return _BY_LOWER.get(name.lower())
