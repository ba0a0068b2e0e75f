"""Three programs on one PostgreSQL: Telegram's limits hold across them, webhooks reach any of them."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import groupby
from typing import Any

import pytest
from doubles import until
from processes import LEASE, Programs
from sqlalchemy import insert
from test_kill import CLERKS, asked_for, staff  # noqa: F401

from bot.clock import SystemClock
from bot.sandbox import Group, Person
from storage.migrations import upgrade
from storage.models import Outbox
from storage.outbox import PLAIN, REMINDER

pytestmark = pytest.mark.postgresql
CHATS, EACH = 40, 6
IN_GROUP = 25
"""more than a group may get in a minute"""


# --- limits -------------------------------------------------------------------------------------------------


def enqueue(programs: Programs, chats: list[int]) -> None:
    """Messages that tell their own number, in order."""
    rows = [
        PLAIN
        | {
            "op": "send",
            "chat_id": chat,
            "priority": REMINDER,
            "wording": "note.passed",
            "facts": {
                "register_no": f"第{number:03}条",
                "by": "甲",
                "to": "乙",
                "title": "丙",
                "buttons": [],
            },
            "created_at": SystemClock().now(),
        }
        for number, chat in enumerate(chats)
    ]
    with programs.engine.begin() as connection:
        connection.execute(insert(Outbox), rows)


def texts(chat: Person | Group) -> set[str]:
    messages = chat.messages if isinstance(chat, Group) else chat.received
    return {message.text for message in messages}


async def test_the_limits_hold_when_the_one_that_sends_is_killed_the_next_frozen_the_third_stopped(
    sandbox, tmp_path, database_url
):
    upgrade(database_url)
    async with Programs(sandbox, tmp_path, database_url, *[{"DUBAN_CLOCK_FILE": ""}] * 3) as programs:
        sandbox.enforce_limits = True
        crowd = [sandbox.person(f"居民{number}") for number in range(CHATS)]
        for one in crowd:
            one.chat.bot = "member"
        group = sandbox.group("工作群")
        enqueue(programs, [group.id] * IN_GROUP + [one.id for _ in range(EACH) for one in crowd])

        def arrived() -> int:
            return sum(len(texts(one)) for one in crowd)

        await until(lambda: arrived() > 60, within=30)
        killed = programs.holder("sending")
        programs.hit(killed, signal.SIGKILL)
        assert await programs.taken_over("sending", killed) < LEASE * 1.25 + 2
        await until(lambda: arrived() > 120, within=30)
        frozen = programs.holder("sending")
        programs.hit(frozen, signal.SIGSTOP)
        assert await programs.taken_over("sending", frozen) < LEASE * 1.25 + 2
        await until(lambda: arrived() > 150, within=30)
        programs.names()[frozen].send(signal.SIGCONT)
        await until(lambda: arrived() > 180, within=30)
        assert (
            await programs.names()[programs.holder("sending")].stop() == 0
        )  # whose turn it is knows at once
        await until(lambda: arrived() == CHATS * EACH, within=60)
        await asyncio.sleep(1.0)

        assert not [request for request in sandbox.requests if request["status"] == 429]
        for one in crowd:  # in order; one that comes again comes at once, before any other
            assert [text for text, _ in groupby(m.text for m in one.received)] == sorted(texts(one))
        assert sum(len(one.received) for one in crowd) - arrived() <= programs.in_flight
        assert len(texts(group)) >= 15


# --- webhooks -----------------------------------------------------------------------------------------------


@asynccontextmanager
async def spread(ports: list[int]) -> AsyncIterator[int]:
    """A proxy that gives each connection to the next program, as a load balancer does: its port."""
    turn = 0

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal turn
        turn += 1
        try:
            onward, back = await asyncio.open_connection("127.0.0.1", ports[turn % len(ports)])
        except OSError:  # that one is gone: Telegram tries again
            writer.close()
            return
        await asyncio.gather(_copy(reader, back), _copy(onward, writer))

    server = await asyncio.start_server(pass_on, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass  # a program was killed over it
    finally:
        writer.close()


def free_ports(count: int) -> list[int]:
    asked = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in asked]
    for one in asked:
        one.close()
    return ports


def card(number: int, person: Person) -> Any:
    """The card that asks to confirm this document; one before it may have come twice and still ask."""
    return asked_for(person, f"第{number}项")


async def test_webhooks_reach_any_of_them(sandbox, tmp_path, staff, database_url):  # noqa: F811
    """All write at once, each several lines in a row; one program is killed in the middle of it."""
    ports = free_ports(3)
    async with spread(ports) as proxy:
        heard = {"DUBAN_WEBHOOK_URL": f"http://127.0.0.1:{proxy}", "DUBAN_WEBHOOK_SECRET": "s" * 32}
        each = [heard | {"DUBAN_LISTEN": f"127.0.0.1:{port}"} for port in ports]
        async with Programs(sandbox, tmp_path, database_url, *each) as programs:
            persons = [staff[0][name] for name in CLERKS]
            for before in (0, len(persons)):
                numbered = list(enumerate(persons, before + 1))
                for number, person in numbered:
                    person.says(f"登记 县财政局 关于第{number}项经费的请示 云财〔2026〕{number}号 转综合科")
                await until(lambda those=numbered: all(card(*one) for one in those), within=40)
                for number, person in numbered:
                    person.presses(card(number, person), "确认")
                    person.says("待办")
                if not before:
                    programs.hit(next(iter(programs.names())), signal.SIGKILL)
                wanted = before + len(persons)
                await until(
                    lambda wanted=wanted: len(programs.ask("SELECT 1 FROM matter")) == wanted, within=60
                )
                await programs.settled(sandbox, within=60)
            numbers = [n for (n,) in programs.ask("SELECT number FROM matter ORDER BY id")]
            assert numbers == list(range(1, 13))
            assert programs.ask("SELECT count(DISTINCT title) FROM matter") == [(12,)]
            assert len(programs.ask("SELECT DISTINCT claimed_by FROM inbox")) == 3
            assert programs.ask("SELECT count(*) FROM inbox WHERE error IS NOT NULL") == [(0,)]
            for person in persons:  # what was said last is answered last
                answers = [one.text for one in person.received if "请签收" not in one.text]
                assert "待办" in answers[-1]
