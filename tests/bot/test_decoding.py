"""Updates that cannot be read are reduced to what can, so that they do not stop those behind them."""

from __future__ import annotations

import pytest
from doubles import until
from telegram import Bot

from bot.decoding import readable, update_of
from storage.models import Inbox

CHAT = {"id": 5, "type": "private", "first_name": "某人"}
USER = {"id": 5, "is_bot": False, "first_name": "某人"}
WRITTEN = {"message_id": 3, "date": 1, "chat": CHAT, "from": USER, "text": "待办"}
BOT = Bot("7000000001:SANDBOX-not-a-real-token-0000000000")


@pytest.mark.parametrize(
    "odd",
    [
        {"poll": {"question": "？"}},
        {"sticker": 7},
        {"edit_date": 10**17},
        {"entities": [{"type": "date_time", "offset": 0, "length": 1, "unix_time": 10**17}]},
    ],
)
def test_what_was_said_is_left(odd):
    update = update_of({"update_id": 7, "message": WRITTEN | odd}, BOT)
    assert update is not None and update.message is not None
    assert (update.message.text, update.message.chat.id) == ("待办", 5)


@pytest.mark.parametrize("message", [7, {}, {"chat": CHAT}, WRITTEN | {"date": 10**17}])
def test_of_the_rest_the_id_is_left(message):
    update = update_of({"update_id": 7, "message": message}, BOT)
    assert update is not None and update.to_dict() == {"update_id": 7}


@pytest.mark.parametrize("data", [None, [], {}, {"update_id": "7"}, {"update_id": -1}, {"update_id": 2**63}])
def test_what_has_no_id_is_none(data):
    assert update_of(data, BOT) is None


def test_an_answer_to_get_updates_keeps_its_other_updates():
    good, bad = {"update_id": 1, "message": WRITTEN}, {"update_id": 2, "message": 7}
    assert readable({"ok": True, "result": [good, bad]}) == {"ok": True, "result": [good, {"update_id": 2}]}
    assert readable({"ok": True, "result": True}) == {"ok": True, "result": True}


@pytest.mark.parametrize(
    "odd",
    [
        {"edit_date": 10**17},
        {"pinned_message": {"message_id": 6, "date": 0, "chat": CHAT}},
        {"video_chat_participants_invited": {"users": []}},
        {"reply_markup": {"inline_keyboard": []}},
    ],
)
async def test_polling_goes_on_behind_an_update_that_is_odd(program, telegram, members, rows, odd):
    clerk = telegram.person("王思雨")
    await members.add(clerk, "clerk")
    user, chat = clerk.user.as_json(), clerk.chat.as_json()
    telegram.inject({"message": WRITTEN | {"from": user, "chat": chat} | odd})
    clerk.says("/help")
    await clerk.sees("督办助手能做的事")
    await until(lambda: all(row.done_at for row in rows(Inbox)))
    assert len(rows(Inbox)) == 2
    assert not any(row.error for row in rows(Inbox))


async def test_a_button_of_a_message_too_old_to_be_sent_along_works(program, telegram, members, rows):
    clerk = telegram.person("王思雨")
    await members.add(clerk, "clerk")
    gone = {"message_id": 1, "date": 0, "chat": clerk.chat.as_json()}
    query = {
        "id": "1",
        "from": clerk.user.as_json(),
        "chat_instance": "1",
        "message": gone,
        "data": "menu:help",
    }
    telegram.inject({"callback_query": query | {"message": gone}})
    await clerk.sees("督办助手能做的事")
