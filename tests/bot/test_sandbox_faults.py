"""Trouble on order, Telegram's rates, and the record of requests."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.sandbox import Sandbox
from bot.sandbox.methods import METHODS

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "bot_api"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox.serve() as serving:
        yield serving


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"{sandbox.base_url}{sandbox.token}/") as calling:
        yield calling


async def send(client: httpx.AsyncClient, chat_id: int, text: str = "好") -> httpx.Response:
    return await client.post("sendMessage", json={"chat_id": chat_id, "text": text})


async def test_429_hits_only_the_chat_it_names_and_counts_down(sandbox, client):
    clerk, head = sandbox.person("王思雨"), sandbox.person("李文博")
    clerk.start()
    head.start()
    sandbox.faults.add("too_many_requests", chat_id=clerk.id, retry_after=7, count=2)
    first = await send(client, clerk.id)
    assert first.status_code == 429
    assert first.json() == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }
    assert (await send(client, head.id)).status_code == 200
    assert (await send(client, clerk.id)).status_code == 429
    assert (await send(client, clerk.id)).status_code == 200
    assert len(clerk.received) == 1


async def test_a_fault_that_lasts_ends_by_itself(sandbox, client):
    clerk = sandbox.person("王思雨")
    clerk.start()
    sandbox.faults.add("too_many_requests", count=None, lasts=0.3)
    answer = await send(client, clerk.id)
    assert answer.json()["parameters"] == {"retry_after": 1}
    await asyncio.sleep(0.35)
    assert (await send(client, clerk.id)).status_code == 200


async def test_a_fault_of_one_method_leaves_the_others_and_polling_alone(sandbox, client):
    clerk = sandbox.person("王思雨")
    clerk.start()
    sandbox.faults.add("error", method="editMessageText", status=502, count=None)
    assert (await client.get("getUpdates")).status_code == 200
    assert (await send(client, clerk.id)).status_code == 200
    broken = await client.post("editMessageText", json={"chat_id": clerk.id, "message_id": 2, "text": "x"})
    assert broken.status_code == 502
    sandbox.faults.clear()
    sandbox.faults.add("error")
    assert (await client.get("getUpdates")).status_code == 200
    assert (await send(client, clerk.id)).json()["description"] == "Internal Server Error"
    assert (await send(client, clerk.id)).status_code == 200


@pytest.mark.parametrize(("kind", "arrived"), [("cut_before", 0), ("cut_after", 1)])
async def test_a_cut_connection_leaves_no_answer(sandbox, client, kind, arrived):
    clerk = sandbox.person("王思雨")
    clerk.start()
    sandbox.faults.add(kind)
    with pytest.raises(httpx.TransportError):
        await send(client, clerk.id)
    assert len(clerk.received) == arrived
    assert (await send(client, clerk.id)).status_code == 200


async def test_a_slow_answer_comes_after_its_effect(sandbox, client):
    clerk = sandbox.person("王思雨")
    clerk.start()
    sandbox.faults.add("slow", seconds=0.4)
    sending = asyncio.create_task(send(client, clerk.id))
    await clerk.sees("好")
    assert not sending.done()
    assert (await sending).status_code == 200


async def test_errors_carry_telegrams_words(sandbox, client):
    sandbox.faults.add("error", method="getUpdates", status=409)
    assert (await client.get("getUpdates")).json()["description"].startswith("Conflict: terminated by other")
    sandbox.faults.add("error", status=403, description="Forbidden: user is deactivated")
    refused = (await client.get("getMe")).json()
    assert refused == {"ok": False, "error_code": 403, "description": "Forbidden: user is deactivated"}


def test_an_unknown_kind_of_trouble_is_refused():
    with pytest.raises(ValueError, match="kind must be one of"):
        Sandbox().faults.add("earthquake")


async def test_groups_that_removed_the_bot_or_moved_say_so(sandbox, client):
    clerk = sandbox.person("王思雨")
    small = sandbox.group("小群", [clerk], kind="group")
    small.removes_bot(clerk)
    assert (await send(client, small.id)).json()["description"] == (
        "Forbidden: bot was kicked from the group chat"
    )
    small.adds_bot(clerk)
    old = small.id
    small.migrates()
    moved = (await send(client, old)).json()
    assert moved["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert moved["parameters"] == {"migrate_to_chat_id": small.id}
    assert (await send(client, small.id)).status_code == 200
    updates = (await client.get("getUpdates")).json()["result"]
    moves = [update["message"] for update in updates if "message" in update][-2:]
    assert moves[0]["migrate_to_chat_id"] == small.id and moves[0]["chat"]["id"] == old
    assert moves[1]["migrate_from_chat_id"] == old and moves[1]["chat"]["id"] == small.id


async def test_rates_above_telegrams_are_refused_with_the_seconds_to_wait(sandbox, client):
    sandbox.enforce_limits = True
    clerk = sandbox.person("王思雨")
    clerk.start()
    statuses = [(await send(client, clerk.id)).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    refused = await send(client, clerk.id)
    assert 1 <= refused.json()["parameters"]["retry_after"] <= 5


async def test_thirty_messages_a_second_pass_and_no_more(sandbox, client):
    sandbox.enforce_limits = True
    people = [sandbox.person(f"干部{number}") for number in range(31)]
    for person in people:
        person.start()
    begun = time.monotonic()
    statuses = [(await send(client, person.id)).status_code for person in people]
    assert time.monotonic() - begun < 1, "the machine is too slow for this test"
    assert statuses == [200] * 30 + [429]


# -- record ---------------------------------------------------------------------------------------------
async def test_requests_are_recorded_without_the_token(tmp_path):
    record = tmp_path / "requests.jsonl"
    async with Sandbox.serve(record=record) as sandbox, httpx.AsyncClient() as client:
        clerk = sandbox.person("王思雨")
        clerk.start()
        base = f"{sandbox.base_url}{sandbox.token}/"
        await client.post(f"{base}sendMessage", data={"chat_id": str(clerk.id), "text": sandbox.token})
        await client.post(
            f"{base}sendDocument", data={"chat_id": str(clerk.id)}, files={"document": ("a.txt", b"12345")}
        )
        lines = [json.loads(line) for line in record.read_text().splitlines()]
    assert [(line["method"], line["status"]) for line in lines] == [
        ("sendMessage", 200),
        ("sendDocument", 200),
    ]
    assert lines[1]["files"] == {"document": {"filename": "a.txt", "size": 5}}
    assert sandbox.token not in record.read_text() and lines == sandbox.requests


@pytest.mark.skipif(
    not SHARED.exists(), reason="the published Bot API is not beside the checkout (../shared)"
)
def test_every_method_and_parameter_is_one_of_the_published_bot_api():
    published = json.loads((SHARED / "api.json").read_text())["methods"]
    for name, method in METHODS.items():
        known = {field["name"] for field in published[name].get("fields", [])}
        assert set(method.parameters) <= known, name
