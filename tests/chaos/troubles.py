"""What goes wrong, drawn by lot: each trouble begins, goes on for a while and ends."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chaos.ledger import Ledger
from chaos.machine import Machine
from doubles import until

from bot.sandbox import Group, Person, Sandbox

ADMIN = "赵一鸣"
STANDS_STILL, GOES_ON = "程序停滞", "恢复正常"


@dataclass
class Troubles:
    """`calm`: nothing is killed while it is held; `seconds`: how long something lasts, about."""

    ledger: Ledger
    chance: random.Random
    people: dict[str, Person]
    room: Group
    """which becomes a supergroup"""
    other_room: Group
    """which the bot is removed from"""
    seconds: float
    slow: float
    """seconds that a slow answer takes"""

    def __post_init__(self) -> None:
        self.calm = asyncio.Lock()
        self.bag: list[tuple[int, Callable[[], Awaitable[None]]]] = [
            (6, self.telegram_asks_to_wait),
            (6, self.telegram_fails),
            (6, self.connections_are_cut),
            (3, self.answers_are_slow),
            (4, self.updates_are_doubled),
            (4, self.updates_are_out_of_order),
            (3, self.polling_is_refused),
            (2, self.somebody_blocks_the_bot),
            (1, self.a_group_moves),
            (1, self.the_bot_is_removed),
            (2, self.database_is_locked),
            (2, self.database_is_gone),
            (4, self.time_goes_on),
            (2, self.the_clock_is_set_back),
            (1, self.asleep_for_a_weekend),
        ]

    @property
    def sandbox(self) -> Sandbox:
        return self.ledger.sandbox

    @property
    def machine(self) -> Machine:
        return self.ledger.machine

    async def next(self) -> None:
        weights = [weight for weight, _ in self.bag]
        (trouble,) = self.chance.choices([one for _, one in self.bag], weights)
        await trouble()

    def _note(self, what: str) -> None:
        self.ledger.faults[what] += 1

    async def _while(self, factor: float = 1.0) -> None:
        await asyncio.sleep(self.chance.uniform(0.2, 1.0) * factor * self.seconds)

    # --- Telegram ---------------------------------------------------------------------------------------

    async def _order(self, kind: str, **details: Any) -> None:
        """Order trouble, for a while."""
        orders = self.sandbox.faults.orders
        fault = self.sandbox.faults.add(kind, **details)
        try:
            await self._while()
        finally:
            orders[:] = [one for one in orders if one is not fault]

    def _whom(self) -> dict[str, Any]:
        """One chat, one method, or everybody."""
        somebody = self.chance.choice(list(self.people.values())[:40])
        return self.chance.choice(
            (
                {"chat_id": somebody.id},
                {"method": self.chance.choice(("sendMessage", "editMessageText", "deleteMessage"))},
                {},
            )
        )

    async def telegram_asks_to_wait(self) -> None:
        lasts = self.chance.uniform(0.3, 1.0) * self.seconds
        await self._order("too_many_requests", count=None, lasts=lasts, **self._whom())

    async def telegram_fails(self) -> None:
        status = self.chance.choice((500, 502))
        await self._order("error", status=status, count=self.chance.randint(1, 6), **self._whom())

    async def connections_are_cut(self) -> None:
        kind = self.chance.choice(("cut_before", "cut_after", "cut_after"))
        method = {"method": "getUpdates"} if self.chance.random() < 0.2 else self._whom()
        await self._order(kind, count=self.chance.randint(1, 4), **method)

    async def answers_are_slow(self) -> None:
        seconds = self.chance.uniform(0.1, 1.0) * self.slow
        await self._order("slow", seconds=seconds, count=self.chance.randint(1, 3), **self._whom())

    async def updates_are_doubled(self) -> None:
        await self._order("duplicate_update", count=self.chance.randint(1, 5))

    async def updates_are_out_of_order(self) -> None:
        await self._order("reorder_update", count=self.chance.randint(1, 4))

    async def polling_is_refused(self) -> None:
        status = self.chance.choice((409, 409, 500, 502))
        await self._order("error", method="getUpdates", status=status, count=self.chance.randint(1, 2))

    # --- people and groups ------------------------------------------------------------------------------

    async def somebody_blocks_the_bot(self) -> None:
        """Somebody on the ladder; he comes back."""
        person = self.people[self.chance.choice(("许文斌", "王海涛", "李文博", "周明远"))]
        if person.has_blocked:
            return
        self._note("blocked")
        self.ledger.blocked.add(person.name)
        person.blocks()
        await self._while()
        person.unblocks()

    async def a_group_moves(self) -> None:
        if self.ledger.faults["group moved"]:  # a supergroup moves no more
            return
        self._note("group moved")
        self.room.migrates()
        await self._while(0.3)

    async def the_bot_is_removed(self) -> None:
        self._note("removed from a group")
        by = self.people["杨振宇"]
        self.other_room.removes_bot(by)
        await self._while()
        self.other_room.adds_bot(by, administrator=True)

    # --- the machine ------------------------------------------------------------------------------------

    async def database_is_locked(self) -> None:
        self._note("database locked")
        async with self.machine.database.locked():
            await self._while()

    async def database_is_gone(self) -> None:
        self._note(self.machine.database.gone_means)
        async with self.calm, self.machine.database.gone(self.machine):
            await self._while(1.5)

    async def time_goes_on(self) -> None:
        self._note("clock set forth")
        self.machine.move_clock(timedelta(minutes=self.chance.choice((5, 12, 35, 90))))
        await self._while(0.5)

    async def the_clock_is_set_back(self) -> None:
        self._note("clock set back")
        self.machine.move_clock(-timedelta(minutes=self.chance.choice((3, 20, 61))))
        await self._while(0.5)

    async def asleep_for_a_weekend(self) -> None:
        """The machine sleeps; when it wakes its clock says that it is Monday.

        Twice at most: what an office forgets after a week must not be forgotten in a minute.
        """
        async with self.calm:
            if not self.machine.runs or self.ledger.faults["asleep for a weekend"] > 1:
                return
            self._note("asleep for a weekend")
            self.machine.freeze()
            self.machine.move_clock(timedelta(hours=64))
            await self._while(0.3)
            self.machine.thaw()

    async def stands_still(self) -> None:
        """Messages to somebody cannot be sent for too long: the administrator is told, and of its end."""
        await until(lambda: self.machine.ask_or_none("SELECT 1 FROM standstill") == [], within=180)
        admin, somebody = self.people[ADMIN], self.people["胡天宇"]
        told, over = self._told(admin, STANDS_STILL), self._told(admin, GOES_ON)
        self._note("stood still")
        self.sandbox.faults.add("error", status=500, count=None, chat_id=somebody.id)
        somebody.says("待办")
        await until(lambda: self.machine.ask_or_none(_WAITS.format(chat=somebody.id)), within=60)
        self.machine.move_clock(timedelta(minutes=6))
        await until(lambda: self._told(admin, STANDS_STILL) > told, within=90)
        self.ledger.counts["standstills told"] += 1
        self.sandbox.faults.clear()
        await until(lambda: self._told(admin, GOES_ON) > over, within=90)
        self.ledger.counts["ends of standstills told"] += 1

    @staticmethod
    def _told(admin: Person, words: str) -> int:
        return sum(words in message.text for message in admin.received)


_WAITS = "SELECT 1 FROM outbox WHERE chat_id = {chat} AND state IN ('pending', 'sending') AND tries > 0"
"""what was tried in vain; at night other messages are held till the morning, and stand still over nothing"""
