"""The program's web server: updates by webhook, and whether all is well."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from doubles import until
from pydantic import SecretStr
from sqlalchemy import text as sql

from bot.app import Program, build
from bot.web.health import Ages, look
from bot.web.server import SECRET_HEADER
from storage import inbox
from storage.models import Inbox, Outbox

SECRET = "a-secret-of-the-webhook"


@pytest.fixture
def settings(settings, unused_port):
    return settings.model_copy(
        update={
            "webhook_url": f"http://127.0.0.1:{unused_port}/webhook",
            "webhook_secret": SecretStr(SECRET),
            "listen": ("127.0.0.1", unused_port),
        }
    )


@pytest.fixture
def unused_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
async def client(program, unused_port) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{unused_port}") as client:
        yield client


def update(number: int) -> dict[str, Any]:
    chat = {"id": 5, "type": "private", "first_name": "某人"}
    user = {"id": 5, "is_bot": False, "first_name": "某人"}
    message = {"message_id": number, "date": 1, "chat": chat, "from": user, "text": "在吗"}
    return {"update_id": number, "message": message}


async def test_telegram_brings_updates_by_webhook(program, telegram, members):
    clerk = telegram.person("王思雨")
    await members.add(clerk, "clerk")
    clerk.says("/help")
    await clerk.sees("督办助手能做的事")
    assert not telegram.cloud.updates.waiting


async def test_a_good_request_is_kept_before_it_is_answered(client, rows):
    answer = await client.post("/webhook", json=update(7), headers={SECRET_HEADER: SECRET})
    assert answer.status_code == 200
    assert [row.update_id for row in rows(Inbox)] == [7]


@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: "wrong"}, {SECRET_HEADER: SECRET + "x"}])
async def test_whoever_does_not_know_the_secret_is_refused(client, rows, headers):
    answer = await client.post("/webhook", json=update(7), headers=headers)
    assert answer.status_code == 403
    assert rows(Inbox) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"[]",
        b"7",
        b'{"update_id": "7"}',
        b'{"update_id": -7}',
        b'{"update_id": 70000000000000000000}',
        b"[" * 100_000,
        b'{"update_id": 7, "message": "' + b"x" * 2**20 + b'"}',
    ],
)
async def test_what_is_no_update_is_refused(client, rows, body):
    answer = await client.post("/webhook", content=body, headers={SECRET_HEADER: SECRET})
    assert answer.status_code == 400
    assert rows(Inbox) == []


@pytest.mark.parametrize("message", [7, {"chat": {}}, {"message_id": 1, "date": 10**15, "chat": {"id": 5}}])
async def test_an_update_that_cannot_be_read_is_not_brought_again(client, rows, message):
    answer = await client.post(
        "/webhook", json={"update_id": 7, "message": message}, headers={SECRET_HEADER: SECRET}
    )
    assert answer.status_code == 200
    assert [(row.update_id, row.screened, row.payload) for row in rows(Inbox)] == [(7, "other", None)]


async def test_an_update_that_cannot_be_kept_is_asked_for_again(program, client, rows):
    with program.engine.begin() as connection:
        connection.execute(sql("ALTER TABLE inbox RENAME TO away"))
    answer = await client.post("/webhook", json=update(7), headers={SECRET_HEADER: SECRET})
    assert answer.status_code == 503
    with program.engine.begin() as connection:
        connection.execute(sql("ALTER TABLE away RENAME TO inbox"))
    answer = await client.post("/webhook", json=update(7), headers={SECRET_HEADER: SECRET})
    assert answer.status_code == 200
    assert len(rows(Inbox)) == 1


async def test_all_is_well(program, client):
    await until(lambda: program.scheduler.last_sweep)
    answer = await client.get("/health")
    assert answer.status_code == 200
    health = answer.json()
    assert health["ok"] is True
    assert health["oldest_update_age"] is None
    assert health["last_tick_age"] < 5


async def test_what_stands_still_is_named(program, client, clock):
    def plant(desk):
        inbox.keep(7, payload={}, chat_id=1, screened=None, now=desk.now, session=desk.session)
        message = Outbox(
            chat_id=1, priority=0, wording="x", state="sending", claimed_by="nobody", created_at=desk.now
        )
        desk.session.add(message)

    await program.sweep()
    await program.worker.do(plant)
    clock.forward(timedelta(minutes=3))
    await program.sweep()
    answer = await client.get("/health")
    assert answer.status_code == 503
    assert answer.json()["standing_still"] == ["updates"]
    assert answer.json()["oldest_update_age"] == 180
    clock.forward(timedelta(minutes=3))
    await program.sweep()
    assert (await client.get("/health")).json()["standing_still"] == ["updates", "messages"]


async def test_a_sweep_that_does_not_come_stands_still(program):
    health = await program.worker.look(lambda desk: look(desk, Ages(31.0)))
    assert (health.ok, health.standing_still) == (False, ("ticks",))


async def test_without_a_webhook_there_is_only_health(settings, clock, telegram, unused_port):
    polling = settings.model_copy(update={"webhook_url": None, "webhook_secret": None})
    program: Program = build(polling, clock=clock)
    await program.start()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{unused_port}") as client:
        assert (await client.post("/webhook", json=update(7))).status_code == 404
        assert (await client.get("/health")).status_code == 200
    await program.stop()
