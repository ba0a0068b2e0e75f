"""PostgreSQL commits, and the answer never comes: what was committed is done once, and is not lost."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from storage.models import Draft, Entry, Inbox, Matter, Outbox

pytestmark = pytest.mark.postgresql
LINES = 2


@pytest.fixture
def lost(office, monkeypatch) -> Iterator[Counter[str]]:
    """How many answers have been lost, by thread: every act is committed, not answered, and done again."""
    known, unanswered, dialect = Counter[str](), set[str](), office.program.engine.dialect
    commit = dialect.do_commit

    def commit_unanswered(connection: Any) -> None:
        commit(connection)
        thread = threading.current_thread().name
        if thread.startswith(("act", "note")) and thread not in unanswered:
            unanswered.add(thread)
            known[thread] += 1
            connection.driver_connection.pgconn.finish()
            commit(connection)  # the driver says what it says of a connection that is gone
        unanswered.discard(thread)

    monkeypatch.setattr(dialect, "do_commit", commit_unanswered)
    yield known
    monkeypatch.undo()


async def test_documents_are_logged_and_signed_once_each(office, lost):
    clerk, head = office.somebody("王思雨"), office.somebody("李文博")
    await office.at("09:00")
    for number in range(1, LINES + 1):
        await clerk.says(f"登记 县财政局 关于第{number}项经费的请示 云财〔2026〕{number}号 转综合科")
        await clerk.presses("确认")
        await head.presses("签收承办", on=f"第{number}项")
    await office.settled()
    assert lost["act_0"] >= 3 * LINES
    assert len(office.rows(Draft)) == LINES
    assert not [row.wording for row in office.rows(Outbox) if row.wording.startswith("refused")]
    assert [row.number for row in office.rows(Matter)] == [*range(1, LINES + 1)]
    acts = Counter(row.act for row in office.rows(Entry))
    assert acts["registered"] == acts["signed"] == LINES
    assert not [row for row in office.rows(Inbox) if row.done_at is None or row.error]
    assert {row.state for row in office.rows(Outbox)} <= {"sent", "superseded"}
    told = Counter(m.text for m in head.person.received if "收〔2026〕" in m.text)
    assert told
    assert max(told.values()) == 1
