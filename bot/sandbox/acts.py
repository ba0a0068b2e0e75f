"""What people do, asked for over HTTP: one function per act; a body names `person` and what the act needs."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from bot.sandbox.people import Group, NotPossibleError, Person
from bot.sandbox.views import message_view
from bot.sandbox.world import Message

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

Json = dict[str, Any]

ANSWER_WITHIN = 10.0  # seconds the page waits for the answer to a pressed button


async def perform(sandbox: "Sandbox", body: Json) -> Json:
    """Does what the body asks; NotPossibleError when it cannot be done, KeyError when a part is missing."""
    act = ACTS.get(str(body.get("act")))
    if act is None:
        raise NotPossibleError(f"act must be one of {', '.join(ACTS)}")
    return await act(sandbox, body, sandbox.person_of(int(body["person"])))


async def _start(sandbox: "Sandbox", body: Json, person: Person) -> Json:
    return message_view(person.start(str(body.get("payload", ""))))


async def _says(sandbox: "Sandbox", body: Json, person: Person) -> Json:
    reply_to = _message(sandbox, body, "reply_to") if body.get("reply_to") else None
    return message_view(person.says(str(body["text"]), group_of(sandbox, body), reply_to))


async def _edits(sandbox: "Sandbox", body: Json, person: Person) -> Json:
    return message_view(person.edits(_message(sandbox, body), str(body["text"])))


async def _presses(sandbox: "Sandbox", body: Json, person: Person) -> Json:
    """With `forged` the data is sent even if the message has no such button."""
    press = person.presses_data if body.get("forged") else person.presses
    answer = await press(_message(sandbox, body), str(body["data"]), ANSWER_WITHIN)
    if answer is None:
        return {"answer": None}
    return {"answer": {"text": answer.text, "alert": answer.alert, "url": answer.url}}


async def _forwards(sandbox: "Sandbox", body: Json, person: Person) -> Json:
    """`chat` is where the message is, `to` the group it goes to; without `to` it goes to the bot."""
    target = group_of(sandbox, body, "to")
    return message_view(person.forwards(_message(sandbox, body), target))


async def _sends_location(sandbox: "Sandbox", body: Json, person: Person) -> Json:
    place = float(body["latitude"]), float(body["longitude"])
    return message_view(person.sends_location(*place, chat=group_of(sandbox, body)))


async def _blocks(sandbox: "Sandbox", body: Json, person: Person) -> Json:
    person.blocks()
    return {}


async def _unblocks(sandbox: "Sandbox", body: Json, person: Person) -> Json:
    person.unblocks()
    return {}


async def _removes_bot(sandbox: "Sandbox", body: Json, person: Person) -> Json:
    _group(sandbox, body).removes_bot(person)
    return {}


async def _adds_bot(sandbox: "Sandbox", body: Json, person: Person) -> Json:
    _group(sandbox, body).adds_bot(person, administrator=bool(body.get("administrator")))
    return {}


async def _migrates(sandbox: "Sandbox", body: Json, person: Person) -> Json:
    group = _group(sandbox, body)
    group.migrates()
    return {"chat": group.id}


async def _reads(sandbox: "Sandbox", body: Json, person: Person) -> Json:
    """The person has seen the chat up to its last message."""
    chat = sandbox.cloud.world.chats[int(body["chat"])]
    last = chat.messages[-1].id if chat.messages else 0
    if chat.read.get(person.id) != last:
        chat.read[person.id] = last
        sandbox.cloud.world.tell("read", chat)
    return {}


ACTS: dict[str, Callable[["Sandbox", Json, Person], Awaitable[Json]]] = {
    "start": _start,
    "says": _says,
    "edits": _edits,
    "presses": _presses,
    "forwards": _forwards,
    "sends_location": _sends_location,
    "blocks": _blocks,
    "unblocks": _unblocks,
    "removes_bot": _removes_bot,
    "adds_bot": _adds_bot,
    "migrates": _migrates,
    "reads": _reads,
}


def group_of(sandbox: "Sandbox", body: Json, name: str = "chat") -> Group | None:
    """The group a body names; None for a private chat or none."""
    chat_id = int(body.get(name) or 0)
    return sandbox.group_with(chat_id) if chat_id < 0 else None


def _group(sandbox: "Sandbox", body: Json) -> Group:
    return sandbox.group_with(int(body["chat"]))


def _message(sandbox: "Sandbox", body: Json, name: str = "message") -> Message:
    chat = sandbox.cloud.world.chats[int(body["chat"])]
    found = chat.message(int(body[name]))
    if found is None:
        raise NotPossibleError("there is no such message any more")
    return found
