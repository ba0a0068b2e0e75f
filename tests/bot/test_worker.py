"""The worker: one transaction an act, retried while the database is busy, reading beside the writer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from doubles import MovableClock
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.worker import Worker
from office.desk import Calendars
from rules.policy import Policy
from storage import inbox

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


@pytest.fixture
def worker(engine: Engine, policy: Policy, tmp_path: Path) -> Iterator[Worker]:
    worker = Worker(
        engine, policy, Calendars(ZoneInfo("Asia/Shanghai"), policy), MovableClock(NOON), pauses=(0.05,) * 4
    )
    yield worker
    worker.close()


def keep(desk, number):
    return inbox.keep(number, payload={}, chat_id=1, screened=None, now=desk.now, session=desk.session)


async def test_an_act_is_committed_and_its_result_comes_back(worker):
    assert await worker.do(lambda desk: keep(desk, 1)) == "now"
    assert await worker.do(lambda desk: keep(desk, 1)) == "never"
    assert worker.do_now(lambda desk: desk.now) == NOON


async def test_the_instant_may_be_given(worker):
    assert await worker.do(lambda desk: desk.now, now=LATER) == LATER


async def test_an_act_that_raises_leaves_nothing_behind(worker):
    def half(desk):
        keep(desk, 1)
        raise ValueError("half done")

    with pytest.raises(ValueError, match="half done"):
        await worker.do(half)
    assert await worker.look(lambda desk: inbox.undone(session=desk.session)) == []


async def test_acts_run_one_after_another(worker):
    under_way, most = [], []

    def act(desk):
        under_way.append(1)
        most.append(len(under_way))
        threading.Event().wait(0.01)
        under_way.pop()

    await asyncio.gather(*(worker.do(act) for _ in range(8)))
    assert max(most) == 1


async def test_a_busy_database_is_tried_again(worker, engine):
    tries = []

    def busy_twice(desk):
        tries.append(1)
        keep(desk, 1)
        if len(tries) < 3:
            raise OperationalError("insert", {}, Exception("database is locked"))

    await worker.do(busy_twice)
    assert len(tries) == 3
    assert len(await worker.look(lambda desk: inbox.undone(session=desk.session))) == 1


async def test_a_database_that_stays_away_is_an_error_in_the_end(worker):
    with pytest.raises(DBAPIError):
        await worker.do(lambda desk: desk.session.execute(text("SELECT * FROM no_such_table")))


async def test_who_looks_does_not_wait_for_who_writes(worker):
    begun, go_on = threading.Event(), threading.Event()

    def slow(desk):
        keep(desk, 1)
        begun.set()
        assert go_on.wait(5)

    writing = asyncio.create_task(worker.do(slow))
    assert await asyncio.to_thread(begun.wait, 5)
    assert await worker.look(lambda desk: inbox.undone(session=desk.session)) == []
    go_on.set()
    await writing
    assert len(await worker.look(lambda desk: inbox.undone(session=desk.session))) == 1


async def test_delivery_is_woken_after_each_commit(worker):
    woken = []
    worker.committed = lambda: woken.append(1)
    await worker.do(lambda desk: None)
    await worker.look(lambda desk: None)
    assert len(woken) == 1


async def test_errors_of_the_database_carry_no_values(worker):
    with pytest.raises(DBAPIError) as raised:
        await worker.do(
            lambda desk: desk.session.execute(text("INSERT INTO nowhere VALUES (:it)"), {"it": "关于预算"})
        )
    assert "预算" not in str(raised.value)
