"""Several programs on one PostgreSQL: who polls and sends, whose update it is, in which order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from doubles import Seconds, until
from recorder import Recorder
from sqlalchemy import Engine
from sqlmodel import Session
from telegram import Update

from bot.app import Program, build
from bot.leases import Leases
from storage import inbox, leases
from storage.leases import POLLING, SENDING
from storage.models import Inbox, Outbox

pytestmark = pytest.mark.postgresql


@pytest.fixture
def settings(settings):
    return settings.model_copy(update={"lease_seconds": 2.0})


@pytest.fixture
async def other(program, settings, clock) -> AsyncIterator[Program]:
    """A second program beside the first."""
    second = build(settings, clock=clock)
    await second.start()
    yield second
    await second.stop()


def saying(number: int, text: str, person) -> Update:
    chat = {"id": person.id, "type": "private", "first_name": person.name}
    user = {"id": person.id, "is_bot": False, "first_name": person.name}
    message = {"message_id": number, "date": 1, "chat": chat, "from": user, "text": text}
    update = Update.de_json({"update_id": number, "message": message})
    assert update is not None
    return update


# --- leases -------------------------------------------------------------------------------------------------


@pytest.fixture
def pair(engine: Engine) -> tuple[Leases, Leases, Seconds]:
    seconds = Seconds()
    one, two = (Leases(engine, (POLLING, SENDING), length=0.4, seconds=seconds) for _ in range(2))
    return one, two, seconds


async def test_one_holds_them_until_they_lapse(pair):
    one, two, _ = pair
    await one.renew()
    await two.renew()
    assert one.holds(SENDING) and one.holds(POLLING)
    assert not two.holds(SENDING) and not two.holds(POLLING)
    await asyncio.sleep(0.45)
    await two.renew()
    assert two.holds(SENDING) and two.holds(POLLING)
    await one.renew()
    assert not one.holds(SENDING)


async def test_given_up_they_are_free_at_once(pair):
    one, two, _ = pair
    await one.renew()
    await one.give_up()
    await two.renew()
    assert two.holds(SENDING) and not one.holds(SENDING)


async def test_who_stood_still_knows_it_without_asking(pair):
    one, _, seconds = pair
    await one.renew()
    seconds.pass_(0.39)
    assert one.holds(SENDING)
    seconds.pass_(0.02)
    assert not one.holds(SENDING)


async def test_a_lease_that_is_leaned_on_can_be_renewed_and_is_not_taken(pair, engine):
    one, two, _ = pair
    await one.renew()
    with Session(engine) as session, session.begin():
        assert leases.is_held(SENDING, one.name, session=session)
        await one.renew()
        await asyncio.sleep(0.45)
        await two.renew()
        assert two.holds(POLLING) and not two.holds(SENDING)
    await two.renew()
    assert two.holds(SENDING)


# --- updates ------------------------------------------------------------------------------------------------


async def test_one_of_two_programs_polls_and_the_other_follows_when_it_stops(program, other, clerk):
    first, second = program.telegram.updater, other.telegram.updater
    assert first.running and not second.running
    await program.listening.stop()
    await program.leases.give_up()
    await until(lambda: second.running, within=5)
    clerk.says("待办")
    await until(lambda: clerk.received)


async def test_order_within_a_chat_holds_across_programs(program, other, clerk, rows):
    here, there = Recorder(program), Recorder(other)
    here.held[clerk.id] = asyncio.Event()
    await program.intake.put(saying(11, "一", clerk))
    await until(lambda: here.seen)
    await other.intake.put(saying(12, "二", clerk))
    await program.intake.put(saying(13, "三", clerk))
    await asyncio.sleep(0.5)
    assert there.seen == [] and len(here.seen) == 1
    here.held[clerk.id].set()
    await until(lambda: all(row.done_at for row in rows(Inbox)) and len(rows(Inbox)) == 3)
    assert (here.texts, there.texts) == (["一", "三"], ["二"])
    done = sorted(rows(Inbox), key=lambda row: row.update_id)
    await until(lambda: here.finished == [11, 13])
    assert [row.tries for row in done] == [0, 0, 0]


async def test_an_update_brought_to_two_programs_is_handled_by_one(program, other, clerk, rows):
    here, there = Recorder(program), Recorder(other)
    await asyncio.gather(*(one.intake.put(saying(11, "一", clerk)) for one in (program, other)))
    await until(lambda: rows(Inbox)[0].done_at)
    assert len(here.seen) + len(there.seen) == 1


async def test_what_a_dead_program_had_in_hand_is_taken_over(program, other, clerk, rows):
    there = Recorder(other)
    payload = saying(11, "一", clerk).to_dict()
    await program.worker.do(
        lambda desk: inbox.keep(
            11,
            payload=payload,
            chat_id=clerk.id,
            screened=None,
            claimed_by="a dead program",
            now=desk.now,
            session=desk.session,
        )
    )
    Recorder(program)
    await until(lambda: rows(Inbox)[0].done_at, within=8)
    assert rows(Inbox)[0].claimed_by in (program.leases.name, other.leases.name)
    assert len(there.seen) <= 1


async def test_what_was_taken_over_is_not_handled_by_who_wakes(program, clerk, rows):
    here = Recorder(program)
    here.held[clerk.id] = asyncio.Event()
    await program.intake.put(saying(11, "一", clerk))
    await program.intake.put(saying(12, "二", clerk))
    await until(lambda: here.seen)

    def take_over(desk):
        for row in inbox.undone(session=desk.session):
            row.claimed_by = "another"

    await program.worker.do(take_over)
    here.held[clerk.id].set()
    await until(lambda: not program.intake.open)
    assert here.texts == ["一"]


# --- messages -----------------------------------------------------------------------------------------------


async def test_who_has_lost_the_lease_claims_nothing(program, other, clerk, rows):
    with Session(program.engine) as session, session.begin():
        leases.give_up(program.leases.name, session=session)
    await other.leases.renew()
    row = Outbox(chat_id=clerk.id, priority=2, wording="help.short", facts={"examples": [], "buttons": []})

    def enqueue(desk):
        row.created_at = desk.now
        desk.session.add(row)
        desk.session.flush()
        return row.id

    row_id = await program.worker.do(enqueue)
    assert await program.worker.do(lambda desk: program.delivery._prepare(desk, [row_id])) == []
    await until(lambda: rows(Outbox)[0].state == "sent")
    assert rows(Outbox)[0].claimed_by == other.leases.name
