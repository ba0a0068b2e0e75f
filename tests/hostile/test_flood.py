"""Flooding by one member or one group slows only them, they are told once, and nothing is lost."""

from __future__ import annotations

import time

import pytest
from doubles import Seconds
from telegram import Update

from bot.turnstile import Rate, Rates, Turnstile
from storage.models import Inbox, Outbox, Refusal

RATES = Rates(sender=Rate(5, 0.2), group=Rate(8, 0.2))


@pytest.fixture
def rates() -> Rates:
    return RATES


def said(siege, name, number, group=None):
    """A member's message, in private or in a group."""
    user = siege.day.sandbox.person(name).user.as_json()
    private = {"id": user["id"], "type": "private", "first_name": name}
    chat = group.chat.as_json() if group else private
    command = [{"type": "bot_command", "offset": 0, "length": 7}]
    body = {"message_id": number, "date": 1795482000, "chat": chat, "from": user}
    return {"message": {**body, "text": "/whoami", "entities": command}}


def answers(siege, chat_id):
    sent = (row for row in siege.day.rows(Outbox) if row.chat_id == chat_id)
    return [row.wording for row in sent]


async def test_one_member_is_slowed_and_told_and_nobody_else(siege):
    began = time.monotonic()
    flood = [said(siege, "王思雨", number) for number in range(1, 21)]
    await siege.feed(*flood[:-1], said(siege, "李文博", 1), flood[-1])
    took = time.monotonic() - began
    own, other = (siege.day.sandbox.person(name).id for name in ("王思雨", "李文博"))
    assert answers(siege, own).count("people.whoami") == 20
    assert answers(siege, own).count("help.slowed") == 1
    assert answers(siege, other) == ["people.whoami"]
    assert took >= 14 * RATES.sender.every
    order = [row.chat_id for row in siege.day.rows(Outbox) if row.wording == "people.whoami"]
    assert order.index(other) < 12
    assert [row.cause for row in siege.day.rows(Refusal)] == ["flood"]
    siege.nothing_broke()


async def test_one_group_is_slowed_and_told_and_nobody_else(siege):
    group = siege.day.group(sorted(siege.day.groups)[0])
    people = ("王思雨", "李文博", "赵一鸣", "周明远")
    flood = [said(siege, name, number, group) for number in range(1, 5) for name in people]
    await siege.feed(*flood, said(siege, "王思雨", 9))
    assert answers(siege, group.id).count("people.whoami") == 16
    assert answers(siege, group.id).count("help.slowed") == 1
    assert answers(siege, siege.day.sandbox.person("王思雨").id) == ["people.whoami"]
    assert not [row for row in siege.day.rows(Inbox) if row.done_at is None]


async def test_what_waits_is_played_again_after_a_restart(siege):
    program = siege.day.program
    for number in range(1, 13):
        await siege.put(said(siege, "王思雨", number))
    await siege.day.off()
    assert program.intake.open == 0
    waiting = [row for row in siege.day.rows(Inbox) if row.done_at is None]
    assert waiting
    await siege.day.on()
    own = siege.day.sandbox.person("王思雨").id
    assert answers(siege, own).count("people.whoami") == 12


def _update(number: int, sender: int) -> Update:
    chat = {"id": sender, "type": "private"}
    user = {"id": sender, "is_bot": False, "first_name": "某人"}
    message = {"message_id": number, "date": 1, "chat": chat, "from": user, "text": "在吗"}
    return Update.de_json({"update_id": number, "message": message}, None)


async def test_whoever_keeps_below_the_rate_never_waits():
    seconds, passed, told = Seconds(), [], []
    gate = Turnstile(passed.append, lambda update, key: told.append(key), RATES, seconds)
    for number in range(100):
        gate.admit(_update(number, 5))
        seconds.pass_(RATES.sender.every)
    assert len(passed) == 100 and not told


async def test_without_rates_everything_goes_through():
    passed = []
    gate = Turnstile(passed.append, lambda update, key: None, None, Seconds())
    for number in range(1000):
        gate.admit(_update(number, 5))
    assert len(passed) == 1000
    assert gate.drop() == 0
