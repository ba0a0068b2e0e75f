"""What the chat page and test programs ask over HTTP; the office's clock; the sandbox as its own process."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from bot.sandbox import Sandbox
from bot.sandbox.kept import restore, save
from bot.sandbox.office_clock import ZONE, DaysOff, OfficeClock

ROOT = Path(__file__).resolve().parents[2]
KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("已收到", callback_data="ack:1")]])


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox.serve() as serving:
        yield serving


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=sandbox.url) as calling:
        yield calling


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with Bot(sandbox.token, base_url=sandbox.base_url) as client:
        yield client


async def act(client: httpx.AsyncClient, person: int, what: str, **details: object) -> httpx.Response:
    return await client.post("/api/act", json={"person": person, "act": what, **details})


# -- acts -----------------------------------------------------------------------------------------------
async def test_a_person_acts_over_http(sandbox, client, bot):
    clerk = sandbox.person("王思雨")
    office = sandbox.group("县府办工作群", [clerk])
    await act(client, clerk.id, "start", payload="CODE")
    said = (await act(client, clerk.id, "says", chat=office.id, text="登记 请示")).json()
    await act(client, clerk.id, "edits", chat=office.id, message=said["id"], text="登记 报告")
    card = await bot.send_message(office.id, "<b>卡片</b>", "HTML", reply_markup=KEYBOARD)
    pressing = asyncio.create_task(
        act(client, clerk.id, "presses", chat=office.id, message=card.id, data="ack:1")
    )
    query = (await bot.get_updates(offset=-1, timeout=5))[0].callback_query
    await query.answer("好", show_alert=True)
    assert (await pressing).json() == {"answer": {"text": "好", "alert": True, "url": ""}}
    await act(client, clerk.id, "blocks")
    assert clerk.has_blocked

    view = (await client.get(f"/api/chats/{office.id}", params={"person": clerk.id})).json()
    assert [(m["html"], m["edited"]) for m in view["messages"]] == [
        ("登记 报告", True),
        ("<b>卡片</b>", False),
    ]
    assert view["messages"][1]["buttons"] == [[{"label": "已收到", "data": "ack:1", "url": None}]]


async def test_what_cannot_be_done_says_why(sandbox, client):
    clerk = sandbox.person("王思雨")
    for answer in (
        await act(client, clerk.id, "flies"),
        await act(client, 5, "start"),
        await act(client, clerk.id, "says"),
        await act(client, clerk.id, "edits", chat=clerk.id, message=77, text="x"),
        await client.post("/api/act", content="[]", headers={"Content-Type": "application/json"}),
        await client.post("/api/faults", json={"kind": "earthquake"}),
        await client.post("/api/clock", json={"minutes": -5}),
    ):
        assert answer.status_code == 400, answer.text
    form = await client.post("/api/act", data={"person": clerk.id, "act": "start"})
    assert form.status_code == 415, "a form on another web page must not reach the sandbox"
    assert clerk.chat.messages == []


async def test_a_visitor_can_be_added(sandbox, client):
    added = (await client.post("/api/people", json={"name": " 路人甲 "})).json()
    assert added == {"id": sandbox.person("路人甲").id, "name": "路人甲"}
    assert (await client.post("/api/people", json={"name": " "})).status_code == 400


async def test_unread_messages_are_counted_per_person_until_seen(sandbox, client, bot):
    clerk, head = sandbox.person("王思雨"), sandbox.person("李文博")
    office = sandbox.group("县府办工作群", [clerk, head])
    clerk.start()
    await bot.send_message(clerk.id, "第一条\n还有一行")
    await bot.send_message(clerk.id, "第二条")
    clerk.says("大家好", office)
    world = (await client.get("/api/world")).json()
    assert [person["unread"] for person in world["people"]] == [2, 0]
    assert world["groups"][0]["unread"] == {str(clerk.id): 0, str(head.id): 1}
    assert [(line["name"], line["text"]) for line in world["feed"]] == [
        ("王思雨", "第一条 还有一行"),
        ("王思雨", "第二条"),
    ]
    await act(client, clerk.id, "reads", chat=clerk.id)
    assert (await client.get("/api/world")).json()["people"][0]["unread"] == 0


async def test_files_go_up_and_come_down_but_never_open_in_the_page(sandbox, client, bot):
    clerk = sandbox.person("王思雨")
    query = {"person": clerk.id, "name": "说明.html", "caption": "请看"}
    sent = (await client.put("/api/upload", params=query, content=b"<script>1</script>")).json()
    assert sent["file"] == {"id": sent["file"]["id"], "kind": "document", "name": "说明.html", "size": 18}
    assert (await bot.get_updates())[0].message.caption == "请看"
    down = await client.get(f"/api/files/{sent['file']['id']}")
    assert down.content == b"<script>1</script>"
    assert down.headers["content-type"] == "application/octet-stream"
    assert down.headers["content-disposition"].startswith("attachment")


async def test_page_html_carries_no_markup_of_people(sandbox, client):
    clerk = sandbox.person("王思雨")
    clerk.says('<img src=x onerror=alert(1)> /mine https://example.org/?a=1&b="2"')
    html = (await client.get(f"/api/chats/{clerk.id}")).json()["messages"][0]["html"]
    assert "<img" not in html and "&lt;img" in html
    assert '<a href="#" class="command">/mine</a>' in html
    assert 'href="https://example.org/?a=1&amp;b="' in html


async def test_the_page_hears_of_everything_as_it_happens(sandbox, client, bot):
    clerk = sandbox.person("王思雨")
    clerk.start()
    async with client.stream("GET", "/api/events") as stream:
        lines = stream.aiter_lines()
        await anext(lines)
        await bot.send_message(clerk.id, "到了")
        async with asyncio.timeout(5):
            async for line in lines:
                if line.startswith("data:"):
                    break
    event = json.loads(line.removeprefix("data:"))
    assert (event["what"], event["chat"], event["feed"]["text"]) == ("message", clerk.id, "到了")


async def test_faults_and_requests_are_reached_over_http(sandbox, client):
    ordered = await client.post("/api/faults", json={"kind": "too_many_requests", "method": "sendMessage"})
    assert [fault["method"] for fault in ordered.json()] == ["sendMessage"]
    await client.get(f"/bot{sandbox.token}/sendMessage")
    assert (await client.get("/api/requests")).json()[-1]["status"] == 429
    assert (await client.get("/api/requests", params={"since": 1})).json() == []
    assert (await client.delete("/api/faults")).json() == []


# -- clock ----------------------------------------------------------------------------------------------
class StoppedClock(OfficeClock):
    """Stands at a moment, plus what it was moved."""

    moment = datetime(2026, 9, 30, 14, 5, tzinfo=ZONE)

    def now(self) -> datetime:
        return self.moment + timedelta(seconds=self.offset)


def test_the_clock_moves_to_close_of_business_and_over_days_off(tmp_path):
    days_file = tmp_path / "days.json"
    holiday = [f"2026-10-0{day}" for day in range(1, 8)]
    days_file.write_text(json.dumps({"off": holiday, "worked": ["2026-10-10"]}))
    clock = StoppedClock(tmp_path / "clock.json", DaysOff.read(days_file))
    told = []
    for step in (clock.to_close_of_business, clock.to_close_of_business, clock.to_next_working_day,
                 clock.to_next_working_day, clock.to_next_working_day):  # fmt: skip
        told.append(clock.move(step()).strftime("%m-%d %H:%M"))
    assert told == ["09-30 17:30", "10-08 17:30", "10-09 09:00", "10-10 09:00", "10-12 09:00"]
    with pytest.raises(ValueError, match="does not go back"):
        clock.move(timedelta(seconds=-1))


async def test_the_clock_file_is_shared_and_dates_messages(tmp_path):
    file = tmp_path / "clock.json"
    async with Sandbox.serve(clock=OfficeClock(file)) as sandbox, httpx.AsyncClient() as client:
        before = sandbox.person("王思雨").says("早")
        moved = await client.post(f"{sandbox.url}/api/clock", json={"minutes": 600})
        after = sandbox.person("王思雨").says("晚")
    assert json.loads(file.read_text()) == {"offset": 36000}
    assert 36000 <= after.date - before.date <= 36002
    assert moved.json()["now"] - before.date in range(36000, 36003)
    assert [path.name for path in tmp_path.iterdir()] == ["clock.json"]


# -- over restarts ---------------------------------------------------------------------------------------
async def test_the_chats_outlive_a_restart(tmp_path):
    file = tmp_path / "chats"
    async with Sandbox.serve() as sandbox, Bot(sandbox.token, base_url=sandbox.base_url) as bot:
        clerk = sandbox.person("王思雨")
        office = sandbox.group("县府办工作群", [clerk])
        clerk.start()
        clerk.sends_file("附件.txt", b"1", chat=office)
        card = await bot.send_message(clerk.id, "卡片", reply_markup=KEYBOARD)
        save(sandbox.cloud, file)
    async with Sandbox.serve() as sandbox, Bot(sandbox.token, base_url=sandbox.base_url) as bot:
        assert sandbox.restore(file)
        assert (list(sandbox.people), list(sandbox.groups)) == (["王思雨"], ["县府办工作群"])
        clerk, office = sandbox.person("王思雨"), sandbox.group("县府办工作群")
        assert [message.text for message in clerk.chat.messages] == ["/start", "卡片"]
        assert office.messages[0].document.content == b"1"
        await bot.edit_message_text("新卡片", clerk.id, card.message_id)
        assert clerk.received[0].text == "新卡片"
        assert clerk.sends_file("b.txt", b"2").document.id != office.messages[0].document.id
        assert [update.update_id for update in await bot.get_updates()] == [1, 2, 3]


def test_a_file_that_is_not_one_is_left_alone(tmp_path):
    torn = tmp_path / "chats"
    torn.write_bytes(b"\x80\x04")
    sandbox = Sandbox()
    assert not restore(sandbox.cloud, torn)
    assert not restore(sandbox.cloud, tmp_path / "missing")
    save(Sandbox("99:other").cloud, torn)
    assert not restore(sandbox.cloud, torn)
    assert sandbox.cloud.world.chats == {}


# -- its own process ------------------------------------------------------------------------------------
async def test_the_sandbox_runs_as_a_program_with_the_sample_office(tmp_path):
    program = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "bot.sandbox", "--port", "0", "--token", "12345:abc"],
        *["--office", str(ROOT / "office" / "sample"), "--clock-file", str(tmp_path / "clock.json")],
        *["--record", str(tmp_path / "requests.jsonl"), "--keep", str(tmp_path / "chats")],
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert program.stdout
    line = (await asyncio.wait_for(program.stdout.readline(), 20)).decode()
    url = line.partition("：")[2].strip().rstrip("/")
    async with Bot("12345:abc", base_url=f"{url}/bot") as bot, httpx.AsyncClient(base_url=url) as client:
        people = (await client.get("/api/world")).json()["people"]
        await act(client, people[0]["id"], "start")
        assert (
            (await bot.get_updates(timeout=5))[0].message.from_user.first_name
            == people[0]["name"]
            == "陈守正"
        )
        assert (await client.get("/")).status_code == 200
    program.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(program.wait(), 10) == 0
    again = Sandbox("12345:abc")
    assert restore(again.cloud, tmp_path / "chats")
    assert [message.text for message in again.person("陈守正").chat.messages] == ["/start"]
    methods = [
        json.loads(entry)["method"] for entry in (tmp_path / "requests.jsonl").read_text().splitlines()
    ]
    assert methods == ["getMe", "getUpdates"]
