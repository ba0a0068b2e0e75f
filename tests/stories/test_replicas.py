"""Three programs on one PostgreSQL: one is killed, one stands still: nothing is lost or done twice.

With the lease of an office, and a minute of standing still:
DUBAN_TEST_DATABASE=postgresql DUBAN_TEST_LEASE=9 python -m pytest -s tests/stories/test_replicas.py
"""

from __future__ import annotations

import asyncio
import json
import signal
import time
from collections import Counter

import pytest
from doubles import until
from office_day import check_requests
from processes import LEASE, Process, Programs
from test_kill import CLERKS, TEN_O_CLOCK, asked_for, staff  # noqa: F401

pytestmark = pytest.mark.postgresql
FROZEN = 7 * LEASE
"""seconds that a program stands still: long enough to be taken for dead; with a real lease, a minute"""


@pytest.fixture
async def programs(sandbox, tmp_path, staff, database_url):  # noqa: F811
    async with Programs(sandbox, tmp_path, database_url) as running:
        yield running
    check_requests(sandbox, tmp_path)


async def test_one_is_killed_and_one_stands_still(programs, sandbox, staff, tmp_path):  # noqa: F811
    persons = [staff[0][name] for name in CLERKS]
    killed = programs.holder("sending")
    for number, person in enumerate(persons, start=1):
        person.says(f"登记 县财政局 关于第{number}项经费的请示 云财〔2026〕{number}号 转综合科")
    await until(lambda: programs.ask("SELECT 1 FROM inbox"), within=20)
    programs.hit(killed, signal.SIGKILL)
    polling = programs.holder("polling")
    if polling == killed:
        assert await programs.taken_over("polling", polling) < LEASE * 1.25 + 2
    assert await programs.taken_over("sending", killed) < LEASE * 1.25 + 2
    await until(lambda: all(asked_for(person) for person in persons), within=30)

    frozen = programs.holder("sending")
    for person in persons:
        person.presses(asked_for(person), "确认")
    await until(lambda: programs.ask("SELECT 1 FROM matter"), within=20)
    programs.hit(frozen, signal.SIGSTOP)
    woken = asyncio.create_task(wake(programs.names()[frozen]))
    assert await programs.taken_over("sending", frozen) < LEASE * 1.25 + 2
    await until(lambda: programs.ask("SELECT count(*) FROM matter") == [(6,)], within=20)
    for person in persons:
        person.says("待办")
    await woken
    in_the_evening = TEN_O_CLOCK.timestamp() - time.time() + 7 * 3600 + 31 * 60
    (tmp_path / "clock.json").write_text(json.dumps({"offset": in_the_evening}))
    await until(
        lambda: programs.ask("SELECT 1 FROM round WHERE name = 'evening' AND done_for IS NOT NULL"), 30
    )
    await asyncio.sleep(1.0)
    await programs.settled(sandbox, within=40)

    titles = Counter(title for (title,) in programs.ask("SELECT title FROM matter"))
    assert titles == Counter({f"关于第{number}项经费的请示": 1 for number in range(1, 7)})
    assert [n for (n,) in programs.ask("SELECT number FROM matter ORDER BY number")] == [1, 2, 3, 4, 5, 6]
    assert programs.ask("SELECT count(*) FROM journal WHERE act = 'registered'") == [(6,)]
    assert programs.ask("SELECT count(*) FROM inbox WHERE error IS NOT NULL") == [(0,)]
    assert programs.ask("SELECT count(*) FROM clock WHERE state = 'set_aside'") == [(0,)]
    again = twice(programs, sandbox, staff)
    print(f"{again} messages twice, {programs.in_flight} were under way at the kill and the freeze")
    assert again <= programs.in_flight
    assert [line["event"] for number in range(3) for line in programs.log(number)].count("sweep failed") == 0


async def wake(program: Process) -> None:
    await asyncio.sleep(FROZEN)
    program.send(signal.SIGCONT)


def twice(programs: Programs, sandbox, staff) -> int:  # noqa: F811
    """How many messages arrived more often than they were to be sent; none may have arrived less often."""
    sent = dict(
        programs.ask(
            "SELECT chat_id, count(*) FROM outbox WHERE state = 'sent' AND op IN ('send', 'document')"
            " GROUP BY chat_id"
        )
    )
    chats = [(person.id, person.chat) for person in staff[0].values()]
    chats += [(group.id, group) for group in staff[1].values()]
    arrived = {
        chat_id: sum(message.sender is sandbox.cloud.bot for message in chat.messages)
        for chat_id, chat in chats
    }
    surplus = [arrived[chat_id] - sent.get(chat_id, 0) for chat_id in arrived]
    assert sum(sent.values()) > 30
    assert min(surplus) >= 0
    return sum(surplus)
