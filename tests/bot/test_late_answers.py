"""Telegram knows a press, or what was typed, no more when it is answered too late: nothing is amiss then."""

from __future__ import annotations

import logging

from doubles import until
from telegram import Update

from storage.models import Inbox


async def test_nobody_waits_for_it_any_more(program, telegram, members, rows, caplog):
    person = telegram.person("王思雨")
    await members.add(person, "clerk")
    user = {"id": person.id, "is_bot": False, "first_name": person.name}
    chat = {"id": person.id, "type": "private", "first_name": person.name}
    card = {"message_id": 5, "date": 1, "chat": chat, "text": "请核对"}
    pressed = {"id": "gone", "from": user, "chat_instance": "1", "data": "cancel:1", "message": card}
    typed = {"id": "gone", "from": user, "query": "预算", "offset": ""}
    for number, said in enumerate(({"callback_query": pressed}, {"inline_query": typed}), 1):
        await program.intake.put(Update.de_json({"update_id": number, **said}, program.telegram.bot))
    refused = lambda: {one["method"] for one in telegram.requests if one["status"] == 400}  # noqa: E731
    await until(lambda: refused() == {"answerCallbackQuery", "answerInlineQuery"})
    await program.settle()
    assert [row.error for row in rows(Inbox)] == [None, None]
    assert [row.done_at is not None for row in rows(Inbox)] == [True, True]
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]
