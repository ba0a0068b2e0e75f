"""Delivery: all arrives, in order, most pressing first, at Telegram's pace; cards are edited in place."""

from __future__ import annotations

import itertools
import time
from datetime import timedelta

import pytest
from doubles import until
from outbox_rows import numbers, saying, state

from bot.app import build
from bot.pacing import TELEGRAM, Pacing
from storage.models import Card, File, FileContent, Outbox
from storage.outbox import ANSWER, DIGEST, EMERGENCY, REMINDER

# --- sending ----------------------------------------------------------------------------------------


async def test_a_message_is_sent_and_its_card_stands_as_it(program, enqueue, people, rows):
    (person,) = people(1)
    row_id = await enqueue(person, 7)
    await program.settle()
    message = person.received[0]
    assert numbers(person) == [7]
    assert state(rows, row_id).state == "sent"
    assert state(rows, row_id).sent_at is not None
    assert rows(Card)[0].message_id == message.id
    assert rows(Card)[0].shown


async def test_the_order_within_a_chat_is_kept(program, enqueue, people):
    first, second = people(2)
    for number in range(6):
        await enqueue(first, number)
        await enqueue(second, number)
    await program.settle()
    assert numbers(first) == numbers(second) == list(range(6))


async def test_the_order_within_a_chat_is_kept_where_a_place_becomes_free_meanwhile(program, people):
    readings = itertools.count()
    program.delivery._pacing = Pacing(TELEGRAM, lambda: time.monotonic() + next(readings) * 0.002)
    crowd = people(8)

    def all_at_once(desk):
        for number in range(5):
            for one in crowd:
                row = Outbox(chat_id=one.id, priority=REMINDER, wording="help.short", facts=saying(number))
                row.created_at = desk.now
                desk.session.add(row)

    await program.worker.do(all_at_once)
    await until(lambda: all(len(numbers(one)) == 5 for one in crowd))
    assert [numbers(one) for one in crowd] == [list(range(5))] * 8


async def test_what_is_pressing_comes_first(program, enqueue, people, telegram):
    (person,) = people(1)
    telegram.faults.add("slow", chat_id=person.id, seconds=0.3)
    await enqueue(person, 0)
    await until(lambda: person.received)

    def all_at_once(desk):
        for number, priority in ((1, DIGEST), (2, REMINDER), (3, ANSWER), (4, EMERGENCY)):
            row = Outbox(chat_id=person.id, priority=priority, wording="help.short", facts=saying(number))
            row.created_at = desk.now
            desk.session.add(row)

    await program.worker.do(all_at_once)
    await program.settle()
    assert numbers(person) == [0, 4, 3, 2, 1]


async def test_one_message_at_a_time_to_a_chat(program, enqueue, people, telegram):
    (person,) = people(1)
    telegram.faults.add("slow", chat_id=person.id, seconds=0.3)
    await enqueue(person, 1)
    await enqueue(person, 2)
    await until(lambda: person.received)
    assert numbers(person) == [1]
    await program.settle()
    assert numbers(person) == [1, 2]


async def test_a_slow_chat_holds_up_no_other(program, enqueue, people, telegram, rows):
    slow, other = people(2)
    telegram.faults.add("slow", chat_id=slow.id, seconds=2.0)
    row = await enqueue(slow, 1)
    await until(lambda: slow.received)
    await enqueue(other, 2)
    await until(lambda: other.received)
    assert state(rows, row).state == "sending", "the slow chat has not answered yet"
    await program.settle()


async def test_a_message_that_is_held_back_waits_for_its_instant(program, enqueue, people, clock):
    (person,) = people(1)
    await enqueue(person, 1, not_before=clock.now() + timedelta(hours=1))
    await program.settle()
    assert person.received == []
    clock.forward(timedelta(hours=1))
    await program.sweep()
    await program.settle()
    assert numbers(person) == [1]


async def test_a_document(program, enqueue, people, telegram):
    (person,) = people(1)

    def keep(desk):
        file = File(name="督办通知单.docx", mime="application/docx", size=3, sha256="-", added_at=desk.now)
        desk.session.add(file)
        desk.session.flush()
        desk.session.add(FileContent(file_id=file.id, content=b"PK!"))
        return file.id

    await enqueue(person, 1, op="document", file_id=await program.worker.do(keep))
    await program.settle()
    document = person.received[0].document
    assert (document.name, document.content) == ("督办通知单.docx", b"PK!")


async def test_a_message_that_cannot_be_rendered_is_set_aside_and_told(
    program, enqueue, people, rows, telegram, members
):
    (person,), admin = people(1), telegram.person("赵一鸣")
    await members.add(admin, "admin")
    broken = await enqueue(person, 1, wording="help.no_such_wording")
    await enqueue(person, 2)
    await program.settle()
    assert numbers(person) == [2]
    assert state(rows, broken).state == "failed"
    assert state(rows, broken).error.startswith("bad: ")
    assert f"编号：{broken}" in admin.received[-1].text
    assert len(admin.received) == 1


# --- edits --------------------------------------------------------------------------------------------


async def edit(program, card_id: int, number: int) -> None:
    def act(desk):
        card = desk.session.get_one(Card, card_id)
        message = Outbox(
            op="edit",
            chat_id=card.chat_id,
            card_id=card.id,
            priority=ANSWER,
            wording="help.short",
            facts=saying(number),
            created_at=desk.now,
        )
        desk.session.add(message)

    await program.worker.do(act)


async def test_an_edit_in_place(program, enqueue, people, rows):
    (person,) = people(1)
    await enqueue(person, 1)
    await program.settle()
    await edit(program, rows(Card)[0].id, 2)
    await program.settle()
    assert numbers(person) == [2]
    assert person.received[0].edited


async def test_an_edit_that_changes_nothing_is_not_even_sent(program, enqueue, people, rows, telegram):
    (person,) = people(1)
    await enqueue(person, 1)
    await program.settle()
    await edit(program, rows(Card)[0].id, 1)
    await program.settle()
    assert rows(Outbox)[1].state == "superseded"
    assert not [one for one in telegram.requests if one["method"] == "editMessageText"]


async def test_an_edit_that_telegram_finds_unchanged_counts_as_sent(program, enqueue, people, rows):
    (person,) = people(1)
    await enqueue(person, 1)
    await program.settle()
    await program.worker.do(lambda desk: setattr(desk.session.get_one(Card, 1), "shown", "lost"))
    await edit(program, 1, 1)
    await program.settle()
    assert rows(Outbox)[1].state == "sent"


async def test_an_edit_of_a_message_that_is_gone_is_over(program, enqueue, people, rows, telegram):
    (person,) = people(1)
    await enqueue(person, 1)
    await program.settle()
    telegram.cloud.world.delete(person.received[0])
    await edit(program, 1, 2)
    await program.settle()
    assert rows(Outbox)[1].state == "sent"


# --- at Telegram's pace -------------------------------------------------------------------------------------


@pytest.fixture
async def paced(settings, clock, telegram):
    """The program at Telegram's pace, against a sandbox that enforces it."""
    telegram.enforce_limits = True
    program = build(settings, clock=clock, limits=TELEGRAM)
    await program.start()
    yield program
    await program.stop()


async def test_a_backlog_goes_out_within_the_limits_and_an_emergency_jumps_ahead(paced, people, telegram):
    persons = people(40)
    chief = telegram.person("县长")
    chief.chat.bot = "member"

    def backlog(desk):
        for number in range(120):
            row = Outbox(
                chat_id=persons[number % 40].id,
                priority=REMINDER,
                wording="help.short",
                facts=saying(number),
                created_at=desk.now,
            )
            desk.session.add(row)

    def emergency(desk):
        row = Outbox(
            chat_id=chief.id,
            priority=EMERGENCY,
            wording="help.short",
            facts=saying(999),
            created_at=desk.now,
        )
        desk.session.add(row)

    def sent():
        return sum(len(person.received) for person in persons)

    await paced.worker.do(backlog)
    await until(lambda: sent() > 60)
    await paced.worker.do(emergency)
    await until(lambda: chief.received)
    assert sent() < 120
    await paced.settle()
    assert [numbers(person) for person in persons] == [[n, n + 40, n + 80] for n in range(40)]
    assert not [one for one in telegram.requests if one["status"] == 429]
