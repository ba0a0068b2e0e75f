"""The sandbox as a web server on this machine only."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path
from typing import Any, TypeVar

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.sandbox.bot_api import BotApi
from bot.sandbox.cloud import Cloud
from bot.sandbox.faults import Faults
from bot.sandbox.kept import restore
from bot.sandbox.page_api import PageApi
from bot.sandbox.people import Group, NotPossibleError, Person
from bot.sandbox.roster import read_roster

Known = TypeVar("Known")

TOKEN = "7000000001:SANDBOX-not-a-real-token-0000000000"  # noqa: S105 - opens nothing but this sandbox


class _Server(uvicorn.Server):
    """Leaves signals to whoever owns the process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


class Sandbox:
    """A stand-in for Telegram with people and groups in it.

        async with Sandbox.serve() as sandbox:
            clerk = sandbox.person("王思雨")
            application = ApplicationBuilder().token(sandbox.token).base_url(sandbox.base_url)...
            clerk.start()
            await clerk.sees("你好")

    Keyword arguments are those of `Cloud`.
    """

    def __init__(self, token: str = TOKEN, **settings: Any) -> None:
        self.cloud = Cloud(token, **settings)
        self.token = token
        self.port = 0
        self.people: dict[str, Person] = {}
        self.groups: dict[str, Group] = {}
        self._server: _Server | None = None

    # -- serving ----------------------------------------------------------------------------------
    @classmethod
    @contextlib.asynccontextmanager
    async def serve(cls, port: int = 0, token: str = TOKEN, **settings: Any) -> AsyncIterator["Sandbox"]:
        """Serves on 127.0.0.1 within the running loop; port 0 takes a free one."""
        sandbox = cls(token, **settings)
        with _listen(port) as listening:
            sandbox.port = listening.getsockname()[1]
            config = uvicorn.Config(
                sandbox.app(),
                log_level="warning",
                lifespan="off",
                access_log=False,
                http="h11",
                timeout_graceful_shutdown=2,
            )
            sandbox._server = _Server(config)
            serving = asyncio.create_task(sandbox._server.serve(sockets=[listening]))
            try:
                yield sandbox
            finally:
                await sandbox._close()
                await serving

    async def _close(self) -> None:
        await self.cloud.updates.delete_webhook()
        self.cloud.updates.end_polls()
        self.cloud.world.tell("closing")
        if self._server is not None:
            self._server.should_exit = True

    def app(self) -> Starlette:
        api = BotApi(self.cloud, self._cut)
        routes = [
            Route("/bot{token}/{method}", api.method, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", api.file),
            *PageApi(self).routes(),
        ]
        local_only = Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
        return Starlette(routes=routes, middleware=[local_only])

    def _cut(self, request: Request) -> None:
        """Ends the connection of a request at once, without an answer."""
        connections = list(self._server.server_state.connections) if self._server else []
        for connection in connections:
            if isinstance(connection, H11Protocol) and connection.client == request.scope["client"]:
                connection.transport.abort()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        """For `ApplicationBuilder.base_url`."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.url}/file/bot"

    # -- people and groups ------------------------------------------------------------------------
    def person(self, name: str, user_id: int | None = None, username: str | None = None) -> Person:
        """The person of that name; appears when first asked for."""
        if name not in self.people:
            world = self.cloud.world
            user = world.user_named(name) or world.add_user(name, user_id, username)
            self.people[name] = Person(self.cloud, user)
        return self.people[name]

    def group(
        self,
        title: str,
        members: "list[Person] | tuple[Person, ...]" = (),
        *,
        chat_id: int | None = None,
        kind: str = "supergroup",
        administrator: bool = True,
    ) -> Group:
        """The group of that title; appears, with the bot in it, when first asked for; members are added."""
        if title not in self.groups:
            world = self.cloud.world
            self.groups[title] = Group(
                self.cloud, world.group_named(title) or world.add_group(title, kind, chat_id, administrator)
            )
        group = self.groups[title]
        group.chat.members.update({person.id: person.user for person in members})
        return group

    def load_office(
        self, folder: Path, *, started: bool = False
    ) -> tuple[dict[str, Person], dict[str, Group]]:
        """People and groups of an office's folder, by name; everyone sits in the groups that fit.

        With `started` everyone has pressed Start before: the bot may write to them, and is told nothing.
        """
        staff, rooms = read_roster(folder)
        for member in staff:
            person = self.person(member.name, member.user_id)
            person.user.unit, person.user.post = member.unit, member.post
            if started and person.chat.bot == "unmet":
                person.chat.bot = "member"
        for room in rooms:
            members = [self.people[member.name] for member in room.members]
            self.group(room.title, members, chat_id=room.chat_id)
        return dict(self.people), dict(self.groups)

    def restore(self, file: Path) -> bool:
        """Takes up the chats that `kept.save` left in the file; False when there is nothing to take up."""
        found = restore(self.cloud, file)
        world = self.cloud.world
        for user in [user for user in world.users.values() if not user.is_bot]:
            self.person(user.first_name)
        for chat in list(world.chats.values()):
            if not chat.is_private and chat.migrated_to is None:
                self.group(chat.title)
        return found

    def person_of(self, user_id: int) -> Person:
        """The person with that id; NotPossibleError when there is none."""
        return _first(person for person in self.people.values() if person.id == user_id)

    def group_with(self, chat_id: int) -> Group:
        """The group with that chat id, old ids of moved groups included."""
        chat = self.cloud.world.chats.get(chat_id)
        moved = chat.migrated_to if chat else None
        return _first(group for group in self.groups.values() if group.id in (chat_id, moved))

    # -- shorthands for what stories set and read -------------------------------------------------
    @property
    def faults(self) -> Faults:
        return self.cloud.faults

    @property
    def requests(self) -> list[dict[str, Any]]:
        """Every request so far: method, params, files (sizes), status; never the token."""
        return self.cloud.requests

    @property
    def enforce_limits(self) -> bool:
        return self.cloud.enforce_limits

    @enforce_limits.setter
    def enforce_limits(self, on: bool) -> None:
        self.cloud.enforce_limits = on

    @property
    def privacy(self) -> bool:
        return self.cloud.privacy

    @privacy.setter
    def privacy(self, on: bool) -> None:
        self.cloud.privacy = on

    def inject(self, update: dict[str, Any]) -> int:
        """Puts a forged update into the bot's queue as it is; its id."""
        return self.cloud.updates.inject(update)


def _listen(port: int) -> socket.socket:
    # asyncio turns Nagle's delay (40 ms an answer) off only where the protocol is named.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
        listening.listen(2048)
    except OSError:
        listening.close()
        raise
    return listening


def _first(found: Iterator[Known]) -> Known:
    known = next(found, None)
    if known is None:
        raise NotPossibleError("there is no such person or group")
    return known
