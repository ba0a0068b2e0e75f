"""What the chat page and outside programs ask of the sandbox: JSON under `/api`, events, files."""

import asyncio
import itertools
import json
from collections import deque
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.sandbox.acts import group_of, perform
from bot.sandbox.people import NotPossibleError
from bot.sandbox.views import chat_view, feed_view, message_view, world_view
from bot.sandbox.world import Change, Message

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

Json = dict[str, Any]

PAGE = Path(__file__).parent / "page"
FEED_LENGTH = 60
HEARTBEAT = 15.0  # seconds
MAX_UPLOAD = 50 * 2**20  # bytes
SAFE = {"X-Content-Type-Options": "nosniff"}


class PageApi:
    """Acts of people, the clock, faults and recorded requests over HTTP.

    Bodies are JSON or sent with PUT, so that no form on a foreign web page can reach them.
    """

    def __init__(self, sandbox: "Sandbox") -> None:
        self.sandbox = sandbox
        self.cloud = sandbox.cloud
        self.feed: deque[Json] = deque(maxlen=FEED_LENGTH)
        self.numbers = itertools.count(1)
        self.readers: set[asyncio.Queue[Json]] = set()
        self.cloud.world.listeners.append(self._heard)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self.index),
            Route("/api/world", self.world),
            Route("/api/chats/{chat_id}", self.chat),
            Route("/api/people", self.people, methods=["POST"]),
            Route("/api/act", self.act, methods=["POST"]),
            Route("/api/upload", self.upload, methods=["PUT"]),
            Route("/api/files/{file_id}", self.file),
            Route("/api/clock", self.clock, methods=["GET", "POST"]),
            Route("/api/faults", self.faults, methods=["GET", "POST", "DELETE"]),
            Route("/api/requests", self.requests),
            Route("/api/events", self.events),
            Mount("/page", StaticFiles(directory=PAGE)),
        ]

    # -- reading ------------------------------------------------------------------------------------
    async def index(self, request: Request) -> Response:
        return FileResponse(PAGE / "index.html")

    async def world(self, request: Request) -> Response:
        view = world_view(self.cloud, self.sandbox.people.values(), self.sandbox.groups.values())
        return JSONResponse(view | {"feed": list(self.feed)})

    async def chat(self, request: Request) -> Response:
        """The chat as the person in the query sees it."""
        chat = self.cloud.world.chats.get(_number(request.path_params["chat_id"]))
        if chat is None:
            raise HTTPException(404, "no such chat")
        return JSONResponse(chat_view(self.cloud, chat, _number(request.query_params.get("person", "0"))))

    async def file(self, request: Request) -> Response:
        """A file's content; only pictures are shown, everything else is saved."""
        stored = self.cloud.world.files.get(request.path_params["file_id"])
        if stored is None:
            raise HTTPException(404, "no such file")
        if stored.kind == "photo":
            return Response(stored.content, media_type=stored.mime, headers=SAFE)
        saved = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(stored.name)}"}
        return Response(stored.content, media_type="application/octet-stream", headers=SAFE | saved)

    async def requests(self, request: Request) -> Response:
        """The recorded requests from number `since` on."""
        return JSONResponse(self.cloud.requests[_number(request.query_params.get("since", "0")) :])

    async def events(self, request: Request) -> Response:
        return StreamingResponse(self._events(), media_type="text/event-stream")

    async def _events(self) -> AsyncIterator[str]:
        queue: asyncio.Queue[Json] = asyncio.Queue()
        self.readers.add(queue)
        try:
            yield "retry: 1000\n\n"
            while True:
                try:
                    event = await asyncio.wait_for(queue.get(), HEARTBEAT)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if event["what"] == "closing":
                    return
                yield f"data: {json.dumps(event, ensure_ascii=False)}\n\n"
        finally:
            self.readers.discard(queue)

    def _heard(self, change: Change) -> None:
        message = change.message
        event: Json = {"what": change.what, "chat": change.chat.id if change.chat else None}
        if message and change.what == "message" and self._is_for_one_person(message):
            event["feed"] = feed_view(message) | {"number": next(self.numbers)}
            self.feed.append(event["feed"])
        for queue in self.readers:
            queue.put_nowait(event)

    def _is_for_one_person(self, message: Message) -> bool:
        return message.sender is self.cloud.bot and message.chat.is_private

    # -- acting -------------------------------------------------------------------------------------
    async def act(self, request: Request) -> Response:
        """Lets a person do something: `{"person": id, "act": "says", "text": ..., "chat": id, ...}`."""
        body = await _json_object(request)
        try:
            return JSONResponse(await perform(self.sandbox, body))
        except (NotPossibleError, KeyError, ValueError) as error:
            raise HTTPException(400, str(error)) from error

    async def people(self, request: Request) -> Response:
        """Somebody new, by name: a visitor whom no office knows."""
        name = str((await _json_object(request)).get("name", "")).strip()
        if not name:
            raise HTTPException(400, "a name is expected")
        person = self.sandbox.person(name[:64])
        self.cloud.world.tell("standing", person.chat)
        return JSONResponse({"id": person.id, "name": person.name})

    async def upload(self, request: Request) -> Response:
        """A person sends the body as a file; `person`, `chat`, `name`, `caption`, `kind` are in the query."""
        query = dict(request.query_params)
        content = await request.body()
        if len(content) > MAX_UPLOAD:
            raise HTTPException(413, "the file is too big")
        try:
            person = self.sandbox.person_of(int(query["person"]))
            group, caption = group_of(self.sandbox, query), query.get("caption", "")
            if query.get("kind") == "photo":
                sent = person.sends_photo(content, caption, group)
            elif query.get("kind") == "voice":
                sent = person.sends_voice(content, group)
            else:
                sent = person.sends_file(query["name"], content, caption, chat=group)
        except (NotPossibleError, KeyError, ValueError) as error:
            raise HTTPException(400, str(error)) from error
        return JSONResponse(message_view(sent))

    async def clock(self, request: Request) -> Response:
        """Moves the office's clock: `{"minutes": 10}`, `{"to": "close"}` or `{"to": "next_working_day"}`."""
        clock = self.cloud.clock
        if request.method == "POST":
            body = await _json_object(request)
            targets = {"close": clock.to_close_of_business, "next_working_day": clock.to_next_working_day}
            to = targets.get(str(body.get("to")))
            try:
                clock.move(to() if to else timedelta(minutes=float(body["minutes"])))
            except (KeyError, ValueError, OverflowError) as error:
                raise HTTPException(400, f"cannot move the clock: {error}") from error
            self.cloud.world.tell("clock")
        return JSONResponse({"now": self.cloud.now(), "time": clock.now().isoformat()})

    async def faults(self, request: Request) -> Response:
        """POST orders trouble with the fields of `Fault`, DELETE ends all, GET lists."""
        if request.method == "POST":
            try:
                self.cloud.faults.add(**await _json_object(request))
            except (TypeError, ValueError) as error:
                raise HTTPException(400, str(error)) from error
        elif request.method == "DELETE":
            self.cloud.faults.clear()
        return JSONResponse(self.cloud.faults.as_json())


async def _json_object(request: Request) -> Json:
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise HTTPException(415, "a JSON body is expected")
    try:
        body = json.loads(await request.body())
    except ValueError as error:
        raise HTTPException(400, "a JSON body is expected") from error
    if not isinstance(body, dict):
        raise HTTPException(400, "a JSON object is expected")
    return body


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise HTTPException(400, f"not a number: {text}") from error
