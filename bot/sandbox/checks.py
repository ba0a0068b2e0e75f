"""What Telegram checks before it takes a message: reach, length, formatting, keyboards, files."""

import re
from typing import Any

from bot.sandbox.calls import Call
from bot.sandbox.cloud import Cloud
from bot.sandbox.entities import parse_html, stripped, utf16_length, with_found
from bot.sandbox.errors import ApiError, bad_request, forbidden
from bot.sandbox.world import Chat, Message, StoredFile, World

Json = dict[str, Any]

MAX_TEXT, MAX_CAPTION, MAX_ANSWER = 4096, 1024, 200
MAX_BUTTONS = 100
MAX_UPLOAD, MAX_PHOTO, MAX_DOWNLOAD = 50 * 2**20, 10 * 2**20, 20 * 2**20

INLINE_ACTIONS = {
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
}
IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"RIFF")

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DROPPED = re.compile("[\r\u2028-\u202e]")


# -- who can be reached ---------------------------------------------------------------------------
def known_chat(cloud: Cloud, call: Call, name: str = "chat_id") -> Chat:
    """The chat a call names, whether or not the bot may write there."""
    given = call.text(name)
    if not given:
        raise bad_request("chat_id is empty")
    chat_id = call.integer(name)
    chat = cloud.world.chats.get(chat_id) if chat_id is not None else None
    if chat is None:
        raise bad_request("chat not found")
    if chat.migrated_to is not None:
        raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
    return chat


def open_chat(cloud: Cloud, call: Call) -> Chat:
    """The chat a call names, if the bot may write there."""
    chat = known_chat(cloud, call)
    if chat.bot in ("member", "administrator"):
        return chat
    if chat.is_private:
        blocked = chat.bot == "kicked"
        raise forbidden(
            "bot was blocked by the user" if blocked else "bot can't initiate conversation with a user"
        )
    kind = "supergroup" if chat.kind == "supergroup" else "group"
    raise forbidden(
        f"bot was kicked from the {kind} chat"
        if chat.bot == "kicked"
        else f"bot is not a member of the {kind} chat"
    )


def replied_message(chat: Chat, call: Call) -> Message | None:
    reply = call.object("reply_parameters", dict, "can't parse reply parameters JSON object")
    if reply is None:
        return None
    found = chat.message(int(reply.get("message_id", 0)))
    if found is None and not reply.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return found


# -- text -----------------------------------------------------------------------------------------
def written(world: World, call: Call, name: str = "text") -> tuple[str, list[Json]]:
    """The text or caption of a call with its entities, cleaned as Telegram cleans it."""
    entities_name = "entities" if name == "text" else "caption_entities"
    source = _DROPPED.sub("", _CONTROL.sub(" ", call.text(name)))
    mode = call.text("parse_mode").lower()
    if mode == "html":
        text, entities = parse_html(source)
    elif mode:
        raise bad_request("unsupported parse_mode")
    else:
        text = source
        entities = call.object(entities_name, list, "can't parse entities JSON object") or []
    for entity in entities:
        if "user_id" in entity:
            user = world.users.get(entity.pop("user_id"))
            entity["type"] = "text_mention" if user else "none"
            entity["user"] = user.as_json() if user else None
    return stripped(text, with_found(text, [e for e in entities if e["type"] != "none"]))


def text_of(world: World, call: Call) -> tuple[str, list[Json]]:
    """A message's text: 1 to 4096 UTF-16 units after parsing (the stricter reading of "characters")."""
    text, entities = written(world, call)
    if not text:
        raise bad_request("message text is empty")
    if utf16_length(text) > MAX_TEXT:
        raise bad_request("message is too long")
    return text, entities


def caption_of(world: World, call: Call) -> tuple[str, list[Json]]:
    caption, entities = written(world, call, "caption")
    if utf16_length(caption) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return caption, entities


# -- keyboards ------------------------------------------------------------------------------------
def markup_of(call: Call) -> Json | None:
    """The reply markup of a call, checked; an inline keyboard without buttons counts as none."""
    markup = call.object("reply_markup", dict, "object expected as reply markup")
    if not markup:
        return None
    if "inline_keyboard" in markup:
        return _inline_keyboard(markup["inline_keyboard"])
    if "keyboard" in markup:
        for row in _rows(markup["keyboard"], "reply keyboard"):
            for button in row:
                if not (button if isinstance(button, str) else _label(button, "keyboard")):
                    raise bad_request("can't parse keyboard button: Button text must not be empty")
    return dict(markup)


def inline_markup_of(call: Call) -> Json | None:
    """Like `markup_of`, where only an inline keyboard is allowed."""
    markup = markup_of(call)
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return markup


def _inline_keyboard(keyboard: Any) -> Json | None:
    rows = [row for row in _rows(keyboard, "inline keyboard") if row]
    for row in rows:
        for button in row:
            _check_inline(button)
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": rows} if rows else None


def _rows(keyboard: Any, kind: str) -> list[list[Any]]:
    if not isinstance(keyboard, list) or not all(isinstance(row, list) for row in keyboard):
        raise bad_request(f"can't parse {kind} markup JSON object: expected an Array of Array of buttons")
    return keyboard


def _label(button: Any, kind: str) -> str:
    text = button.get("text") if isinstance(button, dict) else None
    if not isinstance(text, str):
        raise bad_request(f"can't parse {kind} button: Can't find field \"text\"")
    return text


def _check_inline(button: Any) -> None:
    kind = "inline keyboard"
    if not _label(button, kind).strip():
        raise bad_request("BUTTON_TEXT_INVALID")
    actions = INLINE_ACTIONS & button.keys()
    if not actions:
        raise bad_request(f"can't parse {kind} button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request(f"can't parse {kind} button: exactly one action expected")
    data = button.get("callback_data")
    if data is not None and not (isinstance(data, str) and 1 <= len(data.encode()) <= 64):
        raise bad_request("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and not re.match(r"(https?|tg)://\S+$", str(url)):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


# -- files ----------------------------------------------------------------------------------------
def file_of(cloud: Cloud, call: Call, kind: str) -> StoredFile:
    """The file of a sendDocument, sendPhoto or sendVoice: uploaded, or known by its id."""
    given = call.text(kind)
    upload = call.files.get(given.removeprefix("attach://") if given.startswith("attach://") else kind)
    if upload is None:
        return _known_file(cloud, given, kind)
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > MAX_UPLOAD:
        raise ApiError(413, "Request Entity Too Large")
    if kind == "photo" and len(upload.content) > MAX_PHOTO:
        raise bad_request("file is too big")
    if kind == "photo" and not upload.content.startswith(IMAGES):
        raise bad_request("IMAGE_PROCESS_FAILED")
    return cloud.world.add_file(kind, upload.name, upload.content, upload.mime)


def _known_file(cloud: Cloud, given: str, kind: str) -> StoredFile:
    if not given:
        raise bad_request(f"there is no {kind} in the request")
    if given.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    stored = cloud.world.files.get(given)
    if stored is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if stored.kind != kind:
        raise bad_request(f"can't use file of type {stored.kind.title()} as {kind.title()}")
    return stored
