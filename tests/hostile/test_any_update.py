"""Updates of every kind: nothing reaches the top, members are answered, strangers change nothing."""

from __future__ import annotations

import os

import pytest
from hostile.siege import Siege, answered
from hostile.skeletons import Field, kinds, known_to_ptb
from hostile.updates import Json, updates
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from telegram import Update

COUNT = int(os.environ.get("DUBAN_HOSTILE", "0"))
"""how many updates the long run takes; 0: the short one"""
SHORT = 100

pytestmark = pytest.mark.timeout(max(180, COUNT * 2))

many = settings(
    max_examples=COUNT // 2 or SHORT,
    deadline=None,
    derandomize=not COUNT,
    database=None,
    phases=[Phase.generate],  # the office goes on from update to update: a smaller one proves nothing
    suppress_health_check=list(HealthCheck),
)


def _telegrams_own(update: Json) -> bool:
    """What nobody can say but Telegram itself: a group has moved, the bot was taken out of a group."""
    message = update.get("message", {})
    return "my_chat_member" in update or bool({"migrate_to_chat_id", "migrate_from_chat_id"} & set(message))


def _may_be_silent(update: Json) -> bool:
    """Only what is said to the bot in private, and what is pressed, has to be answered."""
    if "callback_query" in update:
        return False
    message = update.get("message")
    return message is None or message["chat"]["id"] < 0 or _telegrams_own(update)


@many
@given(data=st.data())
async def test_members(siege: Siege, data: st.DataObject) -> None:
    update = data.draw(updates(siege.members()))
    requests = await siege.feed(update)
    siege.nothing_broke()
    assert _may_be_silent(update) or answered(update, requests), (update, requests)


@many
@given(data=st.data())
async def test_strangers(siege: Siege, data: st.DataObject) -> None:
    update = data.draw(updates(siege.outsiders()).filter(lambda one: not _telegrams_own(one)))
    before = siege.checksum()
    await siege.feed(update)
    siege.nothing_broke()
    assert siege.checksum() == before, update


def test_every_kind_that_ptb_knows_is_made_up() -> None:
    assert set(Update.ALL_TYPES) <= {kind.key for kind in kinds()}
    ours = {field.key for field in known_to_ptb()["Update"].fields}
    assert set(Update.ALL_TYPES) <= ours
    assert Field("from", "User", required=False) in known_to_ptb()["Message"].fields
