"""kill -9 of the real process, in mid-handling and in mid-sending: nothing lost, nothing done twice."""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
import time
from collections import Counter
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from doubles import until
from ledgers import units
from office_day import SAMPLE, ZONE, check_requests, staff_the_office
from processes import Process

from bot.clock import FileClock
from bot.sandbox import Group, Person, Sandbox
from bot.worker import Worker
from office.desk import Calendars
from rules.policy_files import load_policy
from storage.engine import open_engine
from storage.migrations import upgrade

TEN_O_CLOCK = datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)
CLERKS = ("王思雨", "宋卫东", "唐静怡", "曹宇航", "邓佳琪", "李文博")
"""who may register"""
ROWS = 1_000
AT_WORK = "正在导入"


@pytest.fixture
async def staff(
    sandbox: Sandbox, tmp_path: Path, database_url: str
) -> tuple[dict[str, Person], dict[str, Group]]:
    """The sample office in a database; the clock stands at ten and runs."""
    offset = TEN_O_CLOCK.timestamp() - time.time()
    (tmp_path / "clock.json").write_text(json.dumps({"offset": offset}))
    persons, groups = sandbox.load_office(SAMPLE, started=True)
    upgrade(database_url)
    policy = load_policy()
    worker = Worker(
        open_engine(database_url), policy, Calendars(ZONE, policy), FileClock(tmp_path / "clock.json")
    )
    ids, chats = {n: p.id for n, p in persons.items()}, {n: g.id for n, g in groups.items()}
    worker.do_now(lambda desk: staff_the_office(desk, ids, chats))
    worker.close()
    worker.engine.dispose()
    return persons, groups


@pytest.fixture
async def process(sandbox, tmp_path, staff, database_url):
    running = Process(sandbox, tmp_path, database_url)
    await running.start()
    yield running
    await running.stop()
    running.close()
    check_requests(sandbox, tmp_path)


def asked_for(person: Person, about: str = "") -> Any:
    """The latest message of the bot that asks this person to confirm something.

    One that came twice may keep its button where it came first: who goes on says what it is `about`.
    """
    asking = (m for m in reversed(person.received) if "确认" in str(m.buttons) and about in m.text)
    return next(asking, None)


async def test_killed_again_and_again_while_people_log_documents(process, sandbox, staff):
    """Whatever instant the kill hits: each document is registered once, the series has no gap."""
    chance = random.Random(20261124)
    persons = [staff[0][name] for name in CLERKS]

    async def kill_soon() -> None:
        await asyncio.sleep(chance.uniform(0.0, 0.25))
        await process.kill()
        await process.start()

    for number, person in enumerate(persons, start=1):
        person.says(f"登记 县财政局 关于第{number}项经费的请示 云财〔2026〕{number}号 转综合科")
    await until(lambda: process.ask("SELECT 1 FROM inbox"), within=20)
    await kill_soon()
    await until(lambda: any(asked_for(person) for person in persons), within=20)
    await kill_soon()
    await until(lambda: all(asked_for(person) for person in persons), within=20)
    for person in persons:
        person.presses(asked_for(person), "确认")
    await until(lambda: process.ask("SELECT 1 FROM matter"), within=20)
    await kill_soon()
    await until(lambda: process.ask("SELECT 1 FROM outbox WHERE state = 'sent' AND wording = 'holder'"), 20)
    await kill_soon()
    await process.settled(sandbox)

    titles = Counter(title for (title,) in process.ask("SELECT title FROM matter"))
    assert titles == Counter({f"关于第{number}项经费的请示": 1 for number in range(1, 7)})
    assert [n for (n,) in process.ask("SELECT number FROM matter ORDER BY number")] == [1, 2, 3, 4, 5, 6]
    assert process.ask("SELECT last FROM series WHERE series = '收'") == [(6,)]
    assert process.ask("SELECT count(*) FROM journal WHERE act = 'registered'") == [(6,)]
    head = staff[0]["李文博"]
    for number in range(1, 7):
        told = sum("请签收并承办" in m.text and f"〔2026〕{number}号" in m.text for m in head.received)
        assert 1 <= told <= 1 + process.kills
    assert process.kills == 4


async def test_killed_while_a_message_is_under_way(process, sandbox, staff):
    """Telegram has taken the message, the program does not know: it may come again, once."""
    clerk, head = staff[0]["王思雨"], staff[0]["李文博"]
    clerk.says("登记 县财政局 关于补贴资金的请示 云财〔2026〕37号 转综合科")
    await until(lambda: asked_for(clerk), within=20)
    sandbox.faults.add("slow", method="sendMessage", chat_id=head.id, seconds=6.0)
    clerk.presses(asked_for(clerk), "确认")
    await until(lambda: head.received, within=20)
    claimed = f"SELECT state FROM outbox WHERE chat_id = {head.id} ORDER BY id"
    assert process.ask(claimed)[0] == ("sending",)
    await process.kill()
    sandbox.faults.clear()
    await process.start()
    await process.settled(sandbox)
    assert len(process.ask("SELECT 1 FROM matter")) == 1
    cards = [m for m in head.received if "请签收并承办" in m.text]
    assert len(cards) == 2
    assert await head.presses(cards[-1], "签收承办", within=10)
    await process.settled(sandbox)
    assert process.ask("SELECT state FROM step WHERE key = 'forward'") == [("done",)]


async def test_killed_while_a_card_is_under_way_and_the_card_is_pressed(process, sandbox, staff):
    """It comes again; what is pressed on the first is done once and shown on the second."""
    clerk = staff[0]["王思雨"]
    sandbox.faults.add("slow", method="sendMessage", chat_id=clerk.id, seconds=6.0)
    clerk.says("登记 县财政局 关于补贴资金的请示 云财〔2026〕37号 转综合科")
    await until(lambda: asked_for(clerk), within=20)
    await process.kill()
    sandbox.faults.clear()
    first = asked_for(clerk)
    clerk.presses(first, "确认")
    await process.start()
    await until(lambda: process.ask("SELECT 1 FROM matter"), within=20)
    await process.settled(sandbox)
    assert len(process.ask("SELECT 1 FROM matter")) == 1
    again = [m for m in clerk.received if "补贴资金" in m.text and m is not first]
    assert ["已登记" in m.text for m in again] == [True]


@pytest.mark.sqlite
async def test_killed_while_the_answer_waits_for_the_database(process, sandbox, staff):
    """The update is kept, its act has begun and is not committed: the next process does it."""
    clerk = staff[0]["王思雨"]
    clerk.says("待办")
    await until(lambda: clerk.received, within=20)
    await process.settled(sandbox)
    with closing(sqlite3.connect(process.folder / "duban.db", isolation_level=None)) as other:
        clerk.says("登记 县财政局 关于补贴资金的请示 云财〔2026〕37号 转综合科")
        await until(lambda: process.ask("SELECT 1 FROM inbox WHERE done_at IS NULL"), within=20)
        other.execute("BEGIN IMMEDIATE")
        kept = process.ask("SELECT count(*) FROM inbox WHERE done_at IS NULL")
        await process.kill()
        other.execute("ROLLBACK")
    assert kept[0][0] <= 1
    await process.start()
    await until(lambda: asked_for(clerk), within=20)
    await process.settled(sandbox)
    assert process.ask("SELECT count(*) FROM draft") == [(1,)]


async def test_sigterm_ends_it_cleanly(process, sandbox, staff):
    clerk = staff[0]["王思雨"]
    clerk.says("待办")
    await until(lambda: clerk.received, within=20)
    await process.settled(sandbox)
    assert await process.stop() == 0
    lines = [json.loads(line) for line in (process.folder / "log").read_text().splitlines()]
    assert lines[-1]["event"] == "stopped"
    assert not [line for line in lines if line["level"] in ("error", "critical")]


# --- a ledger ---------------------------------------------------------------------------------------


def ledger() -> bytes:
    known = units()
    rows = (f"第{n}号重点工作,{known[n % len(known)]},2027-0{1 + n % 6}-15,每月" for n in range(ROWS))
    return "\n".join(["任务,牵头单位,时限,频次", *rows]).encode()


async def previewed(process: Any, sandbox: Sandbox, who: Person) -> Any:
    """The ledger was sent; what is shown before it is taken over."""
    who.sends_file("台账.csv", ledger(), "导入任务")
    await until(lambda: _shown(who), within=30)
    await process.settled(sandbox)
    return _shown(who)


def _shown(who: Person) -> Any:
    return next((one for one in who.received if f"导入 {ROWS} 条" in str(one.buttons)), None)


def count(process: Any) -> int:
    return int(process.ask("SELECT count(*) FROM matter")[0][0])


@pytest.mark.parametrize("after", [0.05, 0.5])
async def test_killed_while_a_thousand_tasks_are_taken_over(process, sandbox, staff, after):
    section = staff[0]["吴国华"]
    preview = await previewed(process, sandbox, section)
    section.presses(preview, f"导入 {ROWS} 条")
    await until(lambda: AT_WORK in preview.text, within=20)
    await asyncio.sleep(after)
    await process.kill()
    assert count(process) in (0, ROWS)
    await process.start()
    await until(lambda: "已导入" in preview.text, within=60)
    await process.settled(sandbox, within=60)
    assert count(process) == ROWS
    assert process.ask("SELECT count(*) FROM ledger_row") == [(ROWS,)]
    assert process.ask("SELECT count(*) FROM journal WHERE act = 'tasks_imported'") == [(1,)]
    assert process.ask("SELECT last FROM series WHERE series = '督'") == [(ROWS,)]


async def test_others_are_answered_while_a_thousand_tasks_are_taken_over(process, sandbox, staff):
    section, other = staff[0]["吴国华"], staff[0]["王思雨"]
    preview = await previewed(process, sandbox, section)
    section.presses(preview, f"导入 {ROWS} 条")
    await until(lambda: AT_WORK in preview.text, within=20)
    other.says("待办")
    await until(lambda: other.received, within=30)
    await process.settled(sandbox, within=60)
    assert count(process) == ROWS
