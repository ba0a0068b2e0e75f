"""Delivery in trouble: what one chat or the server refuses holds up nobody else, and nothing is lost."""

from __future__ import annotations

import time

import pytest
from doubles import until
from outbox_rows import numbers, state

from storage import outbox
from storage.models import Group, Member


async def test_a_429_of_one_chat_holds_up_no_other_and_is_made_good(program, enqueue, people, telegram):
    asked, other = people(2)
    telegram.faults.add("too_many_requests", chat_id=asked.id, retry_after=1)
    await enqueue(asked, 1)
    await enqueue(asked, 2)
    await until(lambda: any(one["status"] == 429 for one in telegram.requests))
    begun = time.monotonic()
    await enqueue(other, 3)
    await until(lambda: other.received)
    assert asked.received == []
    await program.settle()
    assert numbers(asked) == [1, 2]
    assert time.monotonic() - begun >= 0.9


async def test_a_429_of_the_whole_bot_pauses_everything(program, enqueue, people, telegram):
    persons = people(8)
    telegram.faults.add("too_many_requests", method="sendMessage", count=None, lasts=1.5)
    for number, person in enumerate(persons):
        await enqueue(person, number)
    await program.settle()
    assert [numbers(person) for person in persons] == [[number] for number in range(8)]
    refused = sum(one["status"] == 429 for one in telegram.requests)
    assert refused <= 16  # not again and again


@pytest.mark.parametrize("kind", ["error", "cut_before"])
async def test_a_failing_server_loses_nothing(program, enqueue, people, telegram, kind):
    troubled, other = people(2)
    telegram.faults.add(kind, chat_id=troubled.id, count=1)
    await enqueue(troubled, 1)
    await enqueue(troubled, 2)
    await enqueue(other, 3)
    await until(lambda: other.received or troubled.received)
    assert not troubled.received  # who has no trouble waits for nobody who has
    await program.settle()
    assert numbers(troubled) == [1, 2]


async def test_an_answer_that_is_lost_repeats_the_message_at_most(program, enqueue, people, telegram):
    (person,) = people(1)
    telegram.faults.add("cut_after", chat_id=person.id, count=1)
    await enqueue(person, 1)
    await program.settle()
    assert numbers(person) == [1, 1]


async def test_who_has_blocked_the_bot_is_noted(program, enqueue, people, members, rows):
    (person,) = people(1)
    member_id = await members.add(person)
    person.blocks()
    row_id = await enqueue(person, 1, member_id=member_id)
    await program.settle()
    assert state(rows, row_id).state == "failed"
    assert state(rows, row_id).error.startswith("blocked")
    assert rows(Member)[0].reach == "blocked"


async def test_a_chat_that_does_not_exist_is_gone(program, enqueue, telegram, rows):
    class Nobody:
        id = 4711

    row_id = await enqueue(Nobody, 1)
    await program.settle()
    assert state(rows, row_id).error.startswith("gone")


async def test_a_group_that_the_bot_was_removed_from_is_gone(program, enqueue, people, telegram, rows):
    group = telegram.group("县府办工作群", people(1))
    group.chat.bot = "kicked"
    row_id = await enqueue(group, 1)
    await program.settle()
    assert state(rows, row_id).error.startswith("gone")


async def test_a_group_that_became_a_supergroup_is_followed(
    program, enqueue, people, telegram, rows, members
):
    group = telegram.group("县府办工作群", people(1), kind="group")
    await members.bind(group.id)
    old = group.chat
    group.migrates()
    row_id = await enqueue(old, 5)
    await program.settle(also=lambda: not telegram.cloud.updates.waiting)
    assert rows(Group)[0].chat_id == group.id != old.id
    assert state(rows, row_id).state == "sent"
    assert numbers(group) == [5]


async def test_what_is_written_for_a_group_that_has_moved_is_tried_once(
    program, enqueue, people, telegram, rows, members
):
    group = telegram.group("县府办工作群", people(1), kind="group")
    await members.bind(group.id)
    old = group.chat
    group.migrates()
    await program.settle(also=lambda: not telegram.cloud.updates.waiting)
    row_id = await enqueue(old, 5)
    await program.settle()
    assert state(rows, row_id).state == "sent"
    assert numbers(group) == [5]
    refused = [one for one in telegram.requests if one["status"] == 400]
    assert len(refused) == 1


async def test_a_claim_that_nobody_heard_of_is_put_back(program, enqueue, people, rows):
    (person,) = people(1)
    row_id = await enqueue(person, 1)
    await program.worker.do(lambda desk: _claim_unheard(desk, row_id, program.leases.name))
    program.delivery._unsure = True
    await program.settle()
    assert numbers(person) == [1]


def _claim_unheard(desk, row_id, name):
    """What a transaction leaves whose commit was done and not answered."""
    outbox.take([row_id], now=desk.now, claimer=name, session=desk.session)


async def test_a_refused_message_is_not_tried_again(program, enqueue, people, rows, telegram):
    (person,) = people(1)
    row_id = await enqueue(person, 1, facts={"examples": ["编号1"], "buttons": [[["sign", "y" * 80]]]})
    await program.settle()
    assert state(rows, row_id).state == "failed"
    assert sum(one["method"] == "sendMessage" for one in telegram.requests) <= 1


# --- starts and stops -------------------------------------------------------------------------------------


async def test_what_a_crash_left_claimed_is_sent_after_it(program, enqueue, people, restart):
    (person,) = people(1)
    await program.delivery.stop()
    row_id = await enqueue(person, 1)
    await program.worker.do(
        lambda desk: outbox.take([row_id], now=desk.now, claimer="a dead process", session=desk.session)
    )
    again = await restart()
    await again.settle()
    assert numbers(person) == [1]


async def test_a_stop_finishes_what_is_under_way(program, enqueue, people, telegram, rows):
    (person,) = people(1)
    telegram.faults.add("slow", chat_id=person.id, seconds=0.5)
    sent = await enqueue(person, 1)
    left = await enqueue(person, 2)
    await until(lambda: person.received)
    await program.delivery.stop()
    assert state(rows, sent).state == "sent"
    assert state(rows, left).state == "pending"
