"""The watchdog: a standstill is told once and so is its end; somebody outside hears that all is well."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import pytest
from doubles import until
from sqlalchemy import text as sql

from bot.watchdog import call, metrics
from bot.web.health import PATIENCE, Ages, Health, look
from storage import inbox
from storage.models import Standstill


def strand(desk):
    """An update that nobody has in hand."""
    inbox.keep(7, payload={}, chat_id=1, screened=None, now=desk.now, session=desk.session)


def heard(person, *texts):
    return [message for message in person.received if all(text in message.text for text in texts)]


@pytest.fixture
async def admin(telegram, members):
    person = telegram.person("管理员")
    await members.add(person, "admin")
    return person


@pytest.fixture
async def stranded(program, clock):
    """An update has waited for three minutes."""
    await program.sweep()
    await program.worker.do(strand)
    clock.forward(timedelta(minutes=3))
    await program.sweep()


async def test_a_standstill_is_told_once_and_so_is_its_end(program, admin, stranded, clock, rows):
    for _ in range(3):
        assert (await program.watchdog.check()).standing_still == ("updates",)
    await until(lambda: heard(admin, "程序停滞", "收到的消息没有处理", "3 分钟"))
    assert [row.name for row in rows(Standstill)] == ["updates"]
    await program.worker.do(lambda desk: inbox.mark_done(7, now=desk.now, session=desk.session))
    for _ in range(2):
        assert (await program.watchdog.check()).ok
    await until(lambda: heard(admin, "恢复正常"))
    assert rows(Standstill) == []
    assert len(heard(admin, "程序停滞")) == len(heard(admin, "恢复正常")) == 1


async def test_a_second_standstill_is_told_anew(program, admin, stranded):
    await program.watchdog.check()
    await program.worker.do(lambda desk: inbox.mark_done(7, now=desk.now, session=desk.session))
    await program.watchdog.check()
    await program.worker.do(
        lambda desk: inbox.keep(
            8,
            payload={},
            chat_id=1,
            screened=None,
            now=desk.now - timedelta(minutes=5),
            session=desk.session,
        )
    )
    await program.watchdog.check()
    await until(lambda: len(heard(admin, "程序停滞")) == 2)


async def test_a_restart_does_not_tell_it_again(program, admin, stranded, restart, clock):
    await program.watchdog.check()
    await until(lambda: heard(admin, "程序停滞"))

    def stays_away(again):
        again.intake.replay = lambda: asyncio.sleep(0, 0)  # what strands it is still so

    again = await restart(stays_away)
    assert (await again.watchdog.check()).standing_still == ("updates",)
    assert len(heard(admin, "程序停滞")) == 1


async def test_updates_that_cannot_be_kept_stand_still(program, clerk):
    """Such as those that a full disk does not take: nothing of them is in the database."""
    with program.engine.begin() as connection:
        connection.execute(sql("ALTER TABLE inbox RENAME TO away"))
    clerk.says("待办")
    await until(lambda: program.intake.unkept())
    with program.engine.begin() as connection:
        connection.execute(sql("ALTER TABLE away RENAME TO inbox"))
    health = await program.worker.look(lambda desk: look(desk, Ages(1.0, unkept=121.0)))
    assert health.standing_still == ("updates",)
    await until(lambda: program.intake.unkept() is None)
    await clerk.sees("待办")


async def test_a_telegram_that_brings_no_updates_is_told(program, admin, telegram, monkeypatch):
    """Another program polls with our token: what people write does not come any more."""
    await program.sweep()
    telegram.faults.add("error", method="getUpdates", status=409, count=None)
    telegram.cloud.updates.inject({})  # ends the poll that waits
    monkeypatch.setitem(PATIENCE, "polling", timedelta(seconds=0.5))
    await until(lambda: program.listening.age() > 0.5)
    assert (await program.watchdog.check()).standing_still == ("polling",)
    await until(lambda: heard(admin, "程序停滞", "收不到 Telegram 上的消息"))
    telegram.faults.clear()
    monkeypatch.setitem(PATIENCE, "polling", timedelta(minutes=2))
    assert (await program.watchdog.check()).ok
    await until(lambda: heard(admin, "恢复正常", "收不到 Telegram 上的消息"))


# --- to the outside -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [200, 500])
async def test_the_heartbeat_is_heard_and_a_failure_is_only_logged(answer, caplog):
    asked = []

    def somebody(request):
        asked.append(str(request.url))
        return httpx.Response(answer)

    async with httpx.AsyncClient(transport=httpx.MockTransport(somebody)) as client:
        await call(client, "https://watch.example/ping/secret")
    assert asked == ["https://watch.example/ping/secret"]
    assert ("heartbeat not heard" in caplog.text) == (answer == 500)
    assert "secret" not in " ".join(r.getMessage() for r in caplog.records if r.name.startswith("duban"))


def test_metrics_are_in_the_format_of_prometheus():
    text = metrics(Health(ok=False, standing_still=("updates",), oldest_update_age=180.5, undone_updates=2))
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert lines[:2] == ["duban_up 0", "duban_oldest_update_age_seconds 180.5"]
    assert "duban_undone_updates 2" in lines
    assert text.count("# TYPE") == text.count("# HELP") == len(lines)
    assert text.endswith("\n")
