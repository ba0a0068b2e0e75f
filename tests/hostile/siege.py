"""An office under siege: updates are put into the real intake, and what comes of each is looked at."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Any, NamedTuple

from hostile.updates import Cast, Json
from office_day import Day
from sqlalchemy import select
from sqlmodel import Session, SQLModel

from bot.decoding import update_of
from bot.sandbox.cloud import Pressed
from handlers.context import Turn, refuse_turn, take_turn
from office.desk import Desk, Refused
from storage.models import Inbox, Lease, Outbox, Refusal

COUNTS_ONLY = (Inbox, Refusal, Lease)
"""what a stranger may change: ids of updates, and how many were refused; leases are renewed all the while"""
MEMBERS = ("王思雨", "赵一鸣", "李文博", "周明远", "邓佳琪")
MAY_FAIL = {"deleteMessage", "getFile"}
"""what a made-up message cannot be asked for"""


class Errors(logging.Handler):
    """What the program logs as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(record)


class Told(NamedTuple):
    """What somebody was told over what he did: the answer to each act, and all that was sent to him."""

    outcomes: list[str]
    sent: list[Outbox]

    def words(self) -> list[str]:
        return [*self.outcomes, *(f"{one.wording} {one.facts}" for one in self.sent)]


class Siege:
    """`errors` and `raised`: what reached the top."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self.errors = Errors()
        self.raised: list[BaseException] = []
        self.next_id = 1_000_000
        self.strangers = [day.sandbox.person(name) for name in ("路人甲", "<b>路人乙</b>")]
        for one in self.strangers:
            one.chat.bot = "member"
        self.other_group = day.sandbox.group("别的群", self.strangers)
        day.program.telegram.add_error_handler(self._raised)
        logging.getLogger("duban").addHandler(self.errors)

    def close(self) -> None:
        logging.getLogger("duban").removeHandler(self.errors)

    async def _raised(self, update: object, context: Any) -> None:
        self.raised.append(context.error)

    @property
    def groups(self) -> list[Json]:
        bound = [self.day.group(name).chat.as_json() for name in sorted(self.day.groups)[:2]]
        return [*bound, self.other_group.chat.as_json()]

    def members(self) -> Cast:
        return Cast([self.day.sandbox.person(name).user.as_json() for name in MEMBERS], self.groups)

    def outsiders(self) -> Cast:
        return Cast([one.user.as_json() for one in self.strangers], self.groups)

    async def feed(self, *updates: Json) -> list[Json]:
        """Put updates in and wait for their effect; the requests made over them."""
        before = len(self.day.sandbox.requests)
        for update in updates:
            await self.put(update)
        await self.settled(within=60 + len(updates) / 5)
        return self.day.sandbox.requests[before:]

    async def settled(self, within: float = 60.0) -> None:
        """Wait until everything that was said and put in has had its effect."""
        updates = self.day.sandbox.cloud.updates
        await self.day.program.settle(also=lambda: not updates.waiting, within=within)

    async def put(self, update: Json) -> None:
        """Put an update in."""
        self.next_id += 1
        if (query := update.get("callback_query")) is not None:
            self._expect(query)
        if (typed := update.get("inline_query")) is not None:
            typed["id"] = f"typed-{self.next_id}"
            self.day.sandbox.cloud.typed[typed["id"]] = asyncio.get_running_loop().create_future()
        as_sent = json.loads(json.dumps({"update_id": self.next_id, **update}))
        program = self.day.program
        await program.intake.put(update_of(as_sent, program.telegram.bot))

    async def acts(
        self,
        name: str,
        updates: Iterable[Json],
        conversation: Callable[[Turn], None],
        first: Callable[[Desk], object] = lambda desk: None,
    ) -> Told:
        """What a person is told whose updates are acts at one desk; `first` is done before each of them."""
        chat_id, outcomes = self.day.somebody(name).person.id, []
        last = max(one.id for one in self.day.rows(Outbox))

        def act(desk: Desk) -> None:
            for number, update in enumerate(updates, 5_000_000):
                one = update_of({"update_id": number, **update}, self.day.program.telegram.bot)
                assert one is not None
                first(desk)
                try:
                    with desk.session.begin_nested():
                        outcome = take_turn(desk, one, conversation)
                except Refused as refused:
                    outcome = refuse_turn(desk, one, refused)
                outcomes.append(str(outcome))

        await self.day.does(act)
        return Told(
            outcomes, [one for one in self.day.rows(Outbox) if one.id > last and one.chat_id == chat_id]
        )

    def _expect(self, query: Json) -> None:
        """Let the stand-in for Telegram know the press, so that it can be answered."""
        cloud = self.day.sandbox.cloud
        query["id"] = f"forged-{self.next_id}"
        user = cloud.world.users[query["from"]["id"]]
        message = cloud.world.post(self.other_group.chat, cloud.bot, cloud.now(), text="卡片")
        answer = asyncio.get_running_loop().create_future()
        cloud.pressed[query["id"]] = Pressed(query["id"], user, message, time.monotonic(), answer)

    def nothing_broke(self) -> None:
        """No exception has reached the top, nothing was set aside, Telegram refused no message."""
        told = [f"{type(error).__name__}: {error}" for error in self.raised]
        assert not self.raised, told
        assert not self.errors.seen, [(r.getMessage(), vars(r).get("error")) for r in self.errors.seen]
        refused = [
            request
            for request in self.day.sandbox.requests
            if request["status"] != 200 and request["method"] not in MAY_FAIL
        ]
        assert not refused, refused[-3:]
        aside = [row.update_id for row in self.day.rows(Inbox) if row.error or row.done_at is None]
        assert not aside, aside

    def checksum(self) -> dict[str, str]:
        """Of every table but those that only count."""
        kept = {one.__tablename__ for one in COUNTS_ONLY}
        found = {}
        with Session(self.day.program.engine) as session:
            for name, table in SQLModel.metadata.tables.items():
                if name not in kept:
                    rows = sorted(map(repr, session.connection().execute(select(table))))
                    found[name] = sha256("\n".join(rows).encode("utf-8", "replace")).hexdigest()
        return found


def answered(update: Json, requests: list[Json]) -> bool:
    """Whether somebody was told something in the chat of the update; over a press, by its answer."""
    if (query := update.get("callback_query")) is not None:
        return any(request["params"].get("callback_query_id") == query["id"] for request in requests)
    chat = str(update["message"]["chat"]["id"])
    return any(
        request["method"].startswith(("send", "edit")) and str(request["params"].get("chat_id")) == chat
        for request in requests
    )
