"""Under attack, with --verbose, neither logs nor errors say the token or anything that somebody wrote."""

from __future__ import annotations

import io
import logging

import pytest
from hostile.siege import Siege
from hostile.updates import BIDI
from sqlalchemy import text as sql
from telegram.error import TelegramError

from bot import log
from storage.models import Inbox

SAID = (
    "关于预算调整的请示",
    "云财〔2026〕12号",
    "石桥镇",
    "ABCD-EFGH-IJKL-MNOP",
    "机密★1年",
    "路人甲",
    "王思雨",
)


@pytest.fixture
def written(sandbox):
    """All that is logged, as `duban run --verbose` does."""
    root, own = logging.getLogger(), logging.getLogger(log.OWN)
    before = root.handlers, root.level, own.level
    stream = io.StringIO()
    log.set_up(level=logging.DEBUG, secrets=(sandbox.token,), stream=stream)
    yield stream
    root.handlers, root.level = before[0], before[1]
    own.setLevel(before[2])
    logging.captureWarnings(False)


async def attack(siege: Siege) -> None:
    clerk, stranger = siege.day.somebody("王思雨"), siege.strangers[0]
    for said in SAID:
        stranger.says(said)
        await clerk.says(f"登记 财政局 {said}{BIDI} 石桥镇")
        clerk.person.edits(clerk.person.says(said), f"{said}改")
        clerk.person.sends_file(f"{said}.docx", b"PK\x03\x04" + said.encode(), said)
        await siege.settled()
    user, chat = clerk.person.user.as_json(), clerk.person.chat.as_json()
    body = {"message_id": 1, "date": 1, "chat": chat, "from": user, "text": SAID[0]}
    await siege.feed(
        {"message": body | {"edit_date": 10**17}}, {"message": body | {"poll": {"question": SAID[0]}}}
    )


async def test_an_ordinary_attack_and_everything_failing(written, siege, sandbox):
    """Handlers that raise, a database that is away, Telegram that refuses: with every word in the error."""
    await attack(siege)
    program = siege.day.program
    sandbox.faults.add("error", method="sendMessage", count=3)
    program.telegram.handlers[0].insert(0, _Broken())
    for said in SAID:
        siege.day.sandbox.person("王思雨").says(said)
    await siege.settled()
    with program.engine.begin() as connection:
        connection.execute(sql("ALTER TABLE inbox RENAME TO away"))
    with pytest.raises(TelegramError) as raised:
        await siege.put({"message": _message(siege)})
    with program.engine.begin() as connection:
        connection.execute(sql("ALTER TABLE away RENAME TO inbox"))
    logged = written.getvalue()
    assert "update failed" in logged and "update not kept" in logged and "not all read" in logged
    assert sandbox.token not in logged and sandbox.token.partition(":")[2] not in logged
    told = [str(raised.value), *(str(row.error) for row in siege.day.rows(Inbox) if row.error)]
    assert len(told) > 1
    for said in SAID:
        assert said not in logged
        assert not [one for one in told if said in one]


def _message(siege: Siege) -> dict[str, object]:
    clerk = siege.day.sandbox.person("王思雨")
    who = {"chat": clerk.chat.as_json(), "from": clerk.user.as_json()}
    return {"message_id": 1, "date": 1, "text": SAID[0], **who}


class _Broken:
    """A handler that raises with what was written."""

    block = True

    def check_update(self, update):
        if update.message is not None:
            raise ValueError(f"cannot read {update.message.text}")
        return
