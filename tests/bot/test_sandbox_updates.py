"""How updates reach a bot: long polling, webhook, and both of them disturbed."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot
from telegram.error import Conflict

from bot.sandbox import Sandbox


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox.serve(first_update_id=500) as serving:
        yield serving


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with Bot(sandbox.token, base_url=sandbox.base_url) as client:
        yield client


class Receiver:
    """A bot's webhook: keeps what it gets; `refuse` answers 500 that many times first."""

    def __init__(self, refuse: int = 0) -> None:
        self.refuse = refuse
        self.bodies: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.got = asyncio.Condition()

    async def take(self, request: Request) -> Response:
        if self.refuse:
            self.refuse -= 1
            return Response(status_code=500)
        async with self.got:
            self.bodies.append(await request.json())
            self.secrets.append(request.headers.get("x-telegram-bot-api-secret-token"))
            self.got.notify_all()
        return Response()

    async def has(self, count: int) -> list[int]:
        async with asyncio.timeout(5), self.got:
            await self.got.wait_for(lambda: len(self.bodies) >= count)
        return [body["update_id"] for body in self.bodies]


@pytest.fixture
async def receiver() -> AsyncIterator[tuple[Receiver, str]]:
    taking = Receiver()
    app = Starlette(routes=[Route("/hook", taking.take, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off", http="h11"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        yield taking, f"http://127.0.0.1:{listening.getsockname()[1]}/hook"
        server.should_exit = True
        await serving


# -- long polling ---------------------------------------------------------------------------------------
async def test_an_update_stays_until_the_offset_passes_it(bot, sandbox):
    clerk = sandbox.person("王思雨")
    for text in ("一", "二", "三"):
        clerk.says(text)
    assert [update.update_id for update in await bot.get_updates(limit=2)] == [500, 501]
    assert [update.update_id for update in await bot.get_updates()] == [500, 501, 502]
    assert [update.update_id for update in await bot.get_updates(offset=502)] == [502]
    assert await bot.get_updates(offset=503) == ()
    clerk.says("四")
    clerk.says("五")
    assert [update.message.text for update in await bot.get_updates(offset=-1)] == ["五"]


async def test_a_long_poll_answers_as_soon_as_something_happens(bot, sandbox):
    loop = asyncio.get_running_loop()
    polling = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.1)
    before = loop.time()
    sandbox.person("王思雨").says("有事")
    assert (await polling)[0].message.text == "有事"
    assert loop.time() - before < 1


async def test_a_newer_poll_ends_the_older_one(bot, sandbox):
    older = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.1)
    async with Bot(sandbox.token, base_url=sandbox.base_url) as second:
        newer = asyncio.create_task(second.get_updates(timeout=20))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await older
        sandbox.person("王思雨").says("有事")
        assert len(await newer) == 1


async def test_only_the_kinds_asked_for_arrive(bot, sandbox):
    clerk = sandbox.person("王思雨")
    await bot.get_updates(allowed_updates=["message"])
    clerk.start()
    clerk.blocks()
    clerk.unblocks()
    assert [update.message.text for update in await bot.get_updates()] == ["/start"]
    await bot.get_updates(allowed_updates=[], offset=501)
    clerk.blocks()
    assert [bool(update.my_chat_member) for update in await bot.get_updates()] == [True]


async def test_a_duplicated_update_comes_again_after_it_was_acknowledged(bot, sandbox):
    sandbox.faults.add("duplicate_update")
    clerk = sandbox.person("王思雨")
    clerk.says("一")
    clerk.says("二")
    first = [update.update_id for update in await bot.get_updates()]
    again = [update.update_id for update in await bot.get_updates(offset=502)]
    assert (first, again) == ([500, 501], [500])
    assert await bot.get_updates(offset=501) == ()


async def test_a_later_update_overtakes_and_none_is_lost(bot, sandbox):
    sandbox.faults.add("reorder_update")
    clerk = sandbox.person("王思雨")
    clerk.says("一")
    assert await bot.get_updates() == ()
    clerk.says("二")
    assert [update.update_id for update in await bot.get_updates(limit=1)] == [501]
    assert [update.update_id for update in await bot.get_updates(offset=502)] == [500]


async def test_a_held_back_update_comes_even_when_nothing_overtakes_it(bot, sandbox):
    sandbox.faults.add("reorder_update")
    sandbox.person("王思雨").says("一")
    assert [update.message.text for update in await bot.get_updates(timeout=5)] == ["一"]


async def test_forged_updates_arrive_as_they_are(bot, sandbox):
    sandbox.inject(
        {"update_id": 900, "message": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}}
    )
    assert sandbox.inject({"poll": {}}) == 901
    assert (await bot.get_updates(limit=1))[0].update_id == 900


# -- webhook --------------------------------------------------------------------------------------------
async def test_a_webhook_gets_updates_in_order_with_its_secret(bot, sandbox, receiver):
    taking, url = receiver
    clerk = sandbox.person("王思雨")
    clerk.says("一")
    await bot.set_webhook(url, secret_token="s3cret", max_connections=5)
    clerk.says("二")
    assert await taking.has(2) == [500, 501]
    assert taking.secrets == ["s3cret", "s3cret"]
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    info = await bot.get_webhook_info()
    assert (info.url, info.pending_update_count, info.max_connections) == (url, 0, 5)
    await bot.delete_webhook()
    clerk.says("三")
    assert [update.message.text for update in await bot.get_updates()] == ["三"]


async def test_a_webhook_that_fails_is_tried_again(bot, sandbox, receiver):
    taking, url = receiver
    taking.refuse = 2
    sandbox.cloud.updates.webhook_retry = 0.01
    await bot.set_webhook(url)
    sandbox.faults.add("duplicate_update")
    sandbox.person("王思雨").says("一")
    assert await taking.has(2) == [500, 500]
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 500"


async def test_pending_updates_are_dropped_on_request(bot, sandbox):
    sandbox.person("王思雨").says("一")
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


# -- the door -------------------------------------------------------------------------------------------
async def test_wrong_tokens_methods_and_hosts_are_turned_away(sandbox):
    async with httpx.AsyncClient() as client:
        stranger = await client.get(f"{sandbox.base_url}1:WRONG/getMe")
        assert stranger.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}
        unknown = await client.get(f"{sandbox.base_url}{sandbox.token}/getNothing")
        assert unknown.json() == {"ok": False, "error_code": 404, "description": "Not Found"}
        known = await client.get(f"{sandbox.base_url}{sandbox.token}/GETME")
        assert known.json()["result"]["username"] == "duban_bot"
        form = await client.post(f"{sandbox.base_url}{sandbox.token}/getChat", data={"chat_id": "x"})
        assert form.json()["description"] == "Bad Request: chat not found"
        elsewhere = await client.get(f"{sandbox.url}/", headers={"Host": "evil.example"})
        assert elsewhere.status_code == 400
