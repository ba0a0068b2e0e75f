"""Intake: kept before it is handled, once, in order per chat."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest
from doubles import until
from recorder import cut_short
from sqlalchemy import text as sql
from sqlalchemy.exc import OperationalError
from telegram import Update
from telegram.error import NetworkError, TelegramError, TimedOut

from bot import intake
from bot.intake import Intake
from bot.worker import Worker
from storage import inbox
from storage.models import Inbox

pytestmark = pytest.mark.usefixtures("nothing_left")


async def test_an_update_is_kept_and_forgotten_when_it_has_had_its_effect(
    handled, clerk, settled, rows, tmp_path
):
    handled.held[clerk.id] = asyncio.Event()
    clerk.says("登记 关于预算的请示")
    await until(lambda: handled.seen)
    assert rows(Inbox)[0].payload["message"]["text"] == "登记 关于预算的请示"
    assert rows(Inbox)[0].done_at is None
    handled.held[clerk.id].set()
    await settled()
    assert rows(Inbox)[0].payload is None
    assert rows(Inbox)[0].done_at is not None


async def test_a_duplicate_has_no_second_effect(handled, clerk, settled, telegram, rows):
    telegram.faults.add("duplicate_update")
    clerk.says("待办")
    await settled()
    clerk.says("帮助")
    await settled()
    assert handled.texts == ["待办", "帮助"]
    assert len(rows(Inbox)) == 2


async def test_order_within_a_chat_and_side_by_side_across_chats(handled, clerk, members, settled, telegram):
    head = telegram.person("李文博")
    await members.add(head)
    handled.held[clerk.id] = asyncio.Event()
    for number in range(5):
        clerk.says(f"第 {number} 句")
    head.says("我不等")
    await until(lambda: handled.finished)
    assert handled.texts == ["第 0 句", "我不等"]
    handled.held[clerk.id].set()
    await settled()
    assert [text for text in handled.texts if text != "我不等"] == [f"第 {n} 句" for n in range(5)]


async def test_what_had_no_effect_yet_is_played_again_in_order(handled, clerk, restart, rows):
    handled.held[clerk.id] = asyncio.Event()
    for number in range(3):
        clerk.says(f"第 {number} 句")
    await until(lambda: len(rows(Inbox)) == 3)
    again, after = await cut_short(restart, handled, clerk)
    assert handled.texts == ["第 0 句"]
    await again.settle()
    assert after.texts == ["第 1 句", "第 2 句"]


async def test_a_handler_that_fails_is_tried_again(program, handled, clerk, settled, rows):
    handled.fails = 2
    clerk.says("待办")
    await settled()
    assert len(handled.seen) == 3
    assert rows(Inbox)[0].error is None


async def test_an_update_that_always_fails_is_set_aside_and_stops_nobody(
    program, handled, clerk, settled, rows, telegram, members
):
    admin = telegram.person("赵一鸣")
    await members.add(admin, "admin")
    handled.fails = 3
    clerk.says("待办")
    clerk.says("帮助")
    await settled()
    assert handled.texts == ["待办", "待办", "待办", "帮助"]
    assert [row.error for row in rows(Inbox)] == ["RuntimeError", None]
    assert all(row.done_at for row in rows(Inbox))
    assert len(clerk.received) == 1  # who wrote it is told, once
    assert "RuntimeError" in admin.received[-1].text


DISK_FULL = OperationalError("INSERT", None, sqlite3.OperationalError("database or disk is full"))


@pytest.mark.parametrize("error", [TimedOut(), NetworkError("Bad Gateway"), DISK_FULL], ids=repr)
async def test_what_is_away_is_waited_for(program, handled, clerk, settled, rows, monkeypatch, error):
    """A file that cannot be fetched now, a disk that is full for a while: the update is not given up."""
    monkeypatch.setattr(intake, "AWAY_PAUSE", 0.01)
    handled.error, handled.fails = error, 12
    clerk.says("待办")
    await settled()
    assert len(handled.seen) == 13
    assert rows(Inbox)[0].error is None
    assert not clerk.received


async def test_a_telegram_that_stays_away_is_not_waited_for_for_ever(
    program, handled, clerk, settled, rows, monkeypatch
):
    monkeypatch.setattr(intake, "LONGEST_AWAY", 0.0)
    handled.error, handled.fails = TimedOut(), 9
    clerk.says("待办")
    await settled()
    assert len(handled.seen) == 3
    assert rows(Inbox)[0].error == "TimedOut"


async def test_a_disk_that_is_full_when_an_update_is_set_aside(
    program, handled, clerk, settled, rows, monkeypatch
):
    """Nothing can be written for a while, not even that it failed: that is noted later."""
    monkeypatch.setattr(intake, "AWAY_PAUSE", 0.01)
    do, full = program.worker.do, [DISK_FULL] * 3

    async def full_at_first(act, **options):
        if handled.seen and not handled.fails and full:
            raise full.pop()
        return await do(act, **options)

    handled.fails = 3
    clerk.says("待办")
    monkeypatch.setattr(program.worker, "do", full_at_first)
    await settled()
    assert rows(Inbox)[0].error == "RuntimeError"
    assert not full


async def test_what_no_handler_wants_is_done(program, handled, clerk, settled, rows):
    program.telegram.handlers.clear()
    clerk.says("待办")
    await settled()
    assert rows(Inbox)[0].done_at is not None


async def test_an_update_that_kills_the_program_again_and_again_is_set_aside(program, rows):
    payload = {"update_id": 7, "message": {"message_id": 1, "date": 0, "chat": {"id": 5, "type": "private"}}}

    def kept(desk):
        inbox.keep(7, payload=payload, chat_id=5, screened=None, now=desk.now, session=desk.session)
        for _ in range(intake.REPLAYS):
            inbox.count_try(7, session=desk.session)

    await program.worker.do(kept)
    assert await program.intake.replay() == 0
    assert rows(Inbox)[0].error == "set aside"


async def test_storage_trouble_is_an_error_that_polling_outlives(program):
    worker = Worker(
        program.engine, program.worker.policy, program.worker.calendars, program.clock, pauses=(0.01,)
    )
    intake = Intake(worker, program.leases)
    intake.bot = program.telegram.bot
    update = Update.de_json({"update_id": 9}, intake.bot)
    with program.engine.begin() as connection:
        connection.execute(sql("ALTER TABLE inbox RENAME TO away"))
    with pytest.raises(TelegramError):
        await intake.put(update)
    with program.engine.begin() as connection:
        connection.execute(sql("ALTER TABLE away RENAME TO inbox"))
    await intake.put(update)
    worker.close()
