"""Bot API methods about the bot itself, its updates, its commands, chats, members and files."""

import re
from typing import Any

from bot.sandbox.calls import Call
from bot.sandbox.checks import MAX_ANSWER, MAX_DOWNLOAD, known_chat, open_chat
from bot.sandbox.cloud import Answer, Cloud, membership
from bot.sandbox.entities import utf16_length
from bot.sandbox.errors import bad_request
from bot.sandbox.updates import Webhook
from bot.sandbox.world import Chat, User

Json = dict[str, Any]

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
MAX_COMMANDS = 100
MAX_RESULTS = 50
PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_invite_users",
)
GIFTS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)


async def get_me(cloud: Cloud, call: Call) -> Json:
    return cloud.bot.as_json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not cloud.privacy,
        "supports_inline_queries": True,
    }


# -- updates ----------------------------------------------------------------------------------------
async def get_updates(cloud: Cloud, call: Call) -> list[Json]:
    limit = min(max(call.integer("limit") or 100, 1), 100)
    timeout = min(max(call.integer("timeout") or 0, 0), 50)
    return await cloud.updates.poll(call.integer("offset") or 0, limit, timeout, _allowed(call))


async def set_webhook(cloud: Cloud, call: Call) -> bool:
    if not call.text("url"):
        return await delete_webhook(cloud, call)
    secret = call.text("secret_token")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise bad_request("secret token contains unallowed characters")
    if call.flag("drop_pending_updates"):
        cloud.updates.drop_all()
    webhook = Webhook(call.text("url"), secret or None, call.integer("max_connections") or 40)
    cloud.updates.set_webhook(webhook, _allowed(call))
    return True


async def delete_webhook(cloud: Cloud, call: Call) -> bool:
    if call.flag("drop_pending_updates"):
        cloud.updates.drop_all()
    await cloud.updates.delete_webhook()
    return True


async def get_webhook_info(cloud: Cloud, call: Call) -> Json:
    return cloud.updates.webhook_info()


def _allowed(call: Call) -> list[str] | None:
    kinds: list[str] | None = call.object("allowed_updates", list, "can't parse allowed updates JSON array")
    return kinds


# -- pressed buttons --------------------------------------------------------------------------------
async def answer_callback_query(cloud: Cloud, call: Call) -> bool:
    pressed = cloud.answerable(call.text("callback_query_id"))
    if pressed is None:
        raise bad_request(TOO_OLD)
    text = call.text("text")
    if utf16_length(text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    if not pressed.answer.done():
        pressed.answer.set_result(Answer(text, call.flag("show_alert"), call.text("url")))
    return True


async def answer_inline_query(cloud: Cloud, call: Call) -> bool:
    typed = cloud.typed.get(call.text("inline_query_id"))
    if typed is None or typed.done():
        raise bad_request(TOO_OLD)
    results: list[Json] | None = call.object("results", list, "can't parse inline query results JSON array")
    if results is None:
        raise bad_request("results are expected")
    if len(results) > MAX_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    if len({str(one.get("id")) for one in results}) < len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    typed.set_result(results)
    return True


# -- the bot's commands and descriptions ------------------------------------------------------------
async def set_my_commands(cloud: Cloud, call: Call) -> bool:
    commands = call.object("commands", list, "can't parse commands JSON array")
    if commands is None:
        raise bad_request("commands are expected")
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command", ""))):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    cloud.commands[_scope(cloud, call)] = commands
    cloud.world.tell("commands")
    return True


async def get_my_commands(cloud: Cloud, call: Call) -> list[Json]:
    return cloud.commands.get(_scope(cloud, call), [])


async def delete_my_commands(cloud: Cloud, call: Call) -> bool:
    cloud.commands.pop(_scope(cloud, call), None)
    cloud.world.tell("commands")
    return True


def _scope(cloud: Cloud, call: Call) -> tuple[str, str]:
    """The scope of commands as one string (`chat_member:-100:7`), and the language."""
    scope = call.object("scope", dict, "can't parse BotCommandScope JSON object") or {"type": "default"}
    names = [str(scope.get("type", ""))]
    if "chat_id" in scope:
        names.append(str(known_chat(cloud, Call(call.method, scope)).id))
    if "user_id" in scope:
        names.append(str(scope["user_id"]))
    return ":".join(names), call.text("language_code")


def commands_for(cloud: Cloud, chat: Chat, user_id: int) -> list[Json]:
    """The commands a person is offered in a chat: the narrowest scope that has any."""
    kind = "private_chats" if chat.is_private else "group_chats"
    owner = not chat.is_private and user_id == next(iter(chat.members), None)
    scopes = [
        f"chat_member:{chat.id}:{user_id}",
        *([f"chat_administrators:{chat.id}"] if owner else []),
        f"chat:{chat.id}",
        *(["all_chat_administrators"] if owner else []),
        f"all_{kind}",
        "default",
    ]
    lists = (cloud.commands.get((scope, language)) for scope in scopes for language in ("zh", ""))
    return next((commands for commands in lists if commands), [])


async def set_profile_text(cloud: Cloud, call: Call) -> bool:
    """setMyName, setMyDescription, setMyShortDescription: kept, shown nowhere."""
    cloud.profile |= {name: str(value) for name, value in call.params.items() if name != "language_code"}
    return True


async def get_profile_text(cloud: Cloud, call: Call) -> Json:
    name = {"getMyName": "name", "getMyDescription": "description"}.get(call.method, "short_description")
    return {name: cloud.profile.get(name, cloud.bot.first_name if name == "name" else "")}


# -- chats and members ------------------------------------------------------------------------------
async def get_chat(cloud: Cloud, call: Call) -> Json:
    chat = known_chat(cloud, call)
    info = chat.as_json() | {
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(GIFTS, False),
    }
    if chat.pinned:
        info["pinned_message"] = chat.pinned[-1].as_json()
    if not chat.is_private:
        open_chat(cloud, call)
        info["permissions"] = dict.fromkeys(PERMISSIONS, True)
    return info


async def get_chat_member(cloud: Cloud, call: Call) -> Json:
    chat = open_chat(cloud, call)
    user = cloud.world.users.get(call.integer("user_id") or 0)
    if user is None:
        raise bad_request("user not found")
    return membership(user, _standing(cloud, chat, user))


async def get_chat_administrators(cloud: Cloud, call: Call) -> list[Json]:
    chat = open_chat(cloud, call)
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    standings = [(user, _standing(cloud, chat, user)) for user in [cloud.bot, *chat.members.values()]]
    return [membership(user, what) for user, what in standings if what in ("creator", "administrator")]


async def get_chat_member_count(cloud: Cloud, call: Call) -> int:
    return len(open_chat(cloud, call).members) + 1


async def leave_chat(cloud: Cloud, call: Call) -> bool:
    chat = open_chat(cloud, call)
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    cloud.bot_standing(chat, cloud.bot, "left")
    return True


def _standing(cloud: Cloud, chat: Chat, user: User) -> str:
    """The first member of a group is its owner."""
    if user is cloud.bot:
        return chat.bot
    if user.id not in chat.members:
        return "left"
    owner = not chat.is_private and user is next(iter(chat.members.values()))
    return "creator" if owner else "member"


# -- files --------------------------------------------------------------------------------------------
async def get_file(cloud: Cloud, call: Call) -> Json:
    stored = cloud.world.files.get(call.text("file_id"))
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(stored.content) > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": stored.id,
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.content),
        "file_path": stored.path,
    }
