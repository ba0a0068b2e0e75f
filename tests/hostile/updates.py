"""Made-up updates of every kind, from members and strangers, with words nobody should send."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hostile.skeletons import Field, kinds, skeletons
from hypothesis import strategies as st

from handlers.pressed import VERBS

Json = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]

DEEPEST = 4
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
NASTY = (
    "<b>粗</b>",
    "</b></a><script>alert(1)</script>",
    "&lt;&amp;&#0;",
    "{{ f.title }}{% raw %}",
    "'; DROP TABLE matter; --",
    "\u202e反过来\u2066",
    "\x00\x07\x1b[31m",
    "\ud800",
    '=HYPERLINK("http://x")',
    "../../etc/passwd",
    "%s%n{0}",
    "〔" * 200,
    "1" * 400,
    "关于" * 2000,
    "\u200b" * 300,
    "𠮷" * 4096,
    " " * 4000 + "x",
)
SAID = (
    "登记 财政局 关于预算调整的请示 云财〔2026〕12号 转综合科",
    "登记 水利局 关于{}的函",
    "登记 {}",
    "1 办结 {}",
    "1 同意",
    "2 转综合科 {}",
    "3 延到下周五 {}",
    "请假 11月25日至27日",
    "快报 {} 发生山体滑坡，2人受伤",
    "批示：{}",
    "待办",
    "查 {}",
    "查",
    "记 14:05 {} 来电 {}",
    "换班 11月26日 与 邓佳琪",
    "值班记录",
    "谁值班",
    "取消",
    "加人 {} 综合科 科员",
    "改人 王海涛 B岗 {}",
    "销假",
    "导入人员 {}",
    "值班表 {}",
    "财政局上个月来了多少件？{}",
    "机密★1年 {}",
    "/start {}",
    "/start ABCD-EFGH-IJKL-MNOP",
    "/log {}",
    "/find {}",
    "/mine",
    "/duty {}",
    "/dutylog {}",
    "/members {}",
    "/bind {}",
    "/unbind",
    "/report {}",
    "/register {}",
    "/digest",
    "/leave {}",
    "/whoami",
    "/import_members",
    "/cancel",
    "/help",
    "{}",
)

nasty = (
    st.sampled_from(NASTY)
    | st.text(max_size=40)
    | st.text("关于请示批复〔〕0123456789第号年月日前后点 ", max_size=60)
)
texts = st.builds(lambda said, word: said.replace("{}", word)[:4500], st.sampled_from(SAID), nasty)
numbers = st.integers(0, 40) | st.sampled_from([-1, 2**31 - 1])
ids = st.integers(0, 40) | st.sampled_from([-1, 2**31, 2**53, 2**63 - 1])
forged = ["", "-1", "0", "１２", "٣", "²", "9" * 15, "9" * 40, "1.2", "1.admin", "1:2", "1.u1", "a.b.c", " 1"]
parts = st.integers(0, 9) | st.sampled_from(["yes", "no", "unknown", "order", "u1", "r0", "²", ""])
targets = (
    st.integers(0, 60).map(str)
    | st.sampled_from(forged)
    | st.builds("{}.{}".format, st.integers(0, 40), parts)
    | st.builds("{}:{}".format, st.integers(0, 40), parts | st.integers(0, 60))
    | st.text(max_size=20)
)
verbs = st.sampled_from([*VERBS, "invite", "bind", "unknown"])
pressed = st.builds("{}:{}".format, verbs, targets) | st.text(max_size=64)


@dataclass(frozen=True)
class Cast:
    """Who may send updates, and where: JSON of users, and of chats by their id."""

    users: list[Json]
    groups: list[Json]

    def private(self, user: Json) -> Json:
        return {"id": user["id"], "type": "private", "first_name": user["first_name"]}


@st.composite
def updates(draw: Draw, cast: Cast, only: Callable[[Field], bool] = lambda kind: True) -> Json:
    """An update without its id. Half of them are plain messages and presses: those go deepest."""
    known = [kind for kind in kinds() if only(kind)]
    common = [kind for kind in known if kind.key in ("message", "callback_query")]
    kind = draw(st.sampled_from(known) | st.sampled_from(common or known))
    user = draw(st.sampled_from(cast.users))
    chat = draw(st.sampled_from([cast.private(user), *cast.groups]))
    body = _object(draw, kind.type, cast, 0)
    if "from" in {field.key for field in skeletons()[kind.type].fields}:
        body["from"] = user
    if "chat" in body:
        body["chat"] = chat
    if kind.key == "callback_query":
        body["message"] = draw(
            st.just(_bot_message(chat))
            | st.just(_gone(chat))
            | st.just(body.get("message") or _bot_message(chat))
        )
        body["message"]["chat"] = chat
        body["data"] = draw(pressed)
    if kind.key in ("message", "edited_message"):
        _say(draw, body)
    return {kind.key: body}


def _bot_message(chat: Json) -> Json:
    return {"message_id": 1, "date": 1795482000, "chat": chat, "text": "卡片"}


def _gone(chat: Json) -> Json:
    """A message too old for the bot to see: of such a one Telegram sends only this."""
    return {"message_id": 1, "date": 0, "chat": chat}


def _say(draw: Draw, body: Json) -> None:
    """Most messages say something; the rest are whatever they are."""
    if draw(st.integers(0, 3)):
        body.pop("text", None)
        if {"photo", "document", "video", "voice", "animation", "audio"} & set(body):
            body["caption"] = draw(texts)
            return
        body["text"] = text = draw(texts)
        if text.startswith("/"):
            command = {"type": "bot_command", "offset": 0, "length": len(text.split()[0])}
            body["entities"] = [command, *body.get("entities", [])]
    elif "text" not in body:
        body.pop("entities", None)  # Telegram sends none without the text that they are of


def _object(draw: Draw, name: str, cast: Cast, depth: int) -> Json:
    skeleton = skeletons()[name]
    optional = [field for field in skeleton.fields if not field.required]
    some = (
        st.lists(st.sampled_from(optional), max_size=4 if depth < DEEPEST else 0) if optional else st.just([])
    )
    chosen = [field for field in skeleton.fields if field.required] + draw(some)
    return {field.key: _value(draw, field, field.type, cast, depth + 1) for field in chosen}


def _value(draw: Draw, field: Field, type_: str, cast: Cast, depth: int) -> Any:
    if type_.startswith("Array of "):
        inner = type_.removeprefix("Array of ")
        count = draw(st.integers(0, 2)) if depth < DEEPEST else 0
        return [_value(draw, field, inner, cast, depth) for _ in range(count)]
    match type_:
        case "Integer":
            if "date" in field.key or field.key == "unix_time":
                return draw(st.integers(0, 2**31))
            return draw(ids if field.key.endswith("id") else numbers)
        case "Float" | "Float number":
            return draw(st.floats(-180, 180))
        case "Boolean" | "True":
            return draw(st.booleans()) if type_ == "Boolean" else True
        case "String":
            return field.always or draw(pressed if field.key == "callback_data" else nasty)
        case "User":
            return draw(st.sampled_from(cast.users))
        case "Chat":
            return draw(st.sampled_from(cast.groups))
    if several := skeletons()[type_].one_of:
        return _value(
            draw, field, draw(st.sampled_from(several[:2] if depth > DEEPEST else several)), cast, depth
        )
    return _object(draw, type_, cast, depth)
