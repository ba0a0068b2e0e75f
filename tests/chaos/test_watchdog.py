"""What stands still is told to the administrator, on /health, in /metrics, and by a heartbeat that stops."""

from __future__ import annotations

import asyncio
import json
import socket
from datetime import timedelta

import httpx
import pytest
import uvicorn
from chaos.databases import OnDisk
from chaos.episode import staff
from chaos.machine import Machine
from chaos.troubles import ADMIN, GOES_ON, STANDS_STILL
from doubles import until
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox import Sandbox

pytestmark = [pytest.mark.sqlite, pytest.mark.chaos]
WITHIN = 90.0


class Somebody:
    """Who hears that all is well: a web server that counts."""

    def __init__(self) -> None:
        self.heard = 0
        app = Starlette(routes=[Route("/ping", self._ping)])
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/ping"

    async def _ping(self, request) -> Response:
        self.heard += 1
        return Response()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def values(text: str) -> dict[str, float]:
    """The gauges of /metrics by name."""
    lines = (line.split() for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in lines}


@pytest.fixture
async def sandbox():
    async with Sandbox.serve(port=0) as running:
        yield running


@pytest.fixture
async def somebody():
    heard = Somebody()
    serving = asyncio.create_task(heard._server.serve(sockets=[heard._socket]))
    yield heard
    heard._server.should_exit = True
    await serving


async def test_a_standstill_is_told_in_every_way_and_so_is_its_end(sandbox, somebody, tmp_path):
    database, port = OnDisk(tmp_path, mounted=False), free_port()
    people, _ = staff(sandbox, tmp_path, database.url)
    admin, curious = people[ADMIN], people["胡天宇"]
    machine = Machine(
        sandbox,
        tmp_path,
        database,
        DUBAN_LISTEN=f"127.0.0.1:{port}",
        DUBAN_HEARTBEAT_URL=somebody.url,
    )
    await machine.start()
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=WITHIN) as web:
            await until(lambda: somebody.heard, WITHIN)
            assert (await web.get("/health")).status_code == 200
            assert values((await web.get("/metrics")).text)["duban_up"] == 1

            sandbox.faults.add("error", chat_id=curious.id, status=500, count=None)
            curious.says("待办")
            await until(lambda: machine.ask("SELECT 1 FROM outbox WHERE state IN ('pending', 'sending')"))
            machine.move_clock(timedelta(minutes=6))
            await until(lambda: told(admin, STANDS_STILL), WITHIN)
            before = somebody.heard
            answer = await web.get("/health")
            assert (answer.status_code, answer.json()["standing_still"]) == (503, ["messages"])
            found = values((await web.get("/metrics")).text)
            assert found["duban_up"] == 0
            assert found["duban_oldest_message_age_seconds"] > 300

            sandbox.faults.clear()
            await until(lambda: told(admin, GOES_ON), WITHIN)
            assert (await web.get("/health")).status_code == 200
            assert somebody.heard == before
            assert len(told(admin, STANDS_STILL)) == len(told(admin, GOES_ON)) == 1
    finally:
        await machine.stop()
        machine.close()
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert {line["what"] for line in lines if line["event"] == "standing still"} == {"messages"}


def told(person, words):
    return [message for message in person.received if words in message.text]
