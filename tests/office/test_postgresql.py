"""The connections on PostgreSQL: what is prepared, what errors say, how long an answer is waited for."""

from __future__ import annotations

import os
import signal
import time

import pytest
from sqlalchemy import Connection, Engine, bindparam, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError

from storage.engine import is_passing, open_engine, reading

pytestmark = pytest.mark.postgresql

DOUBLED = text("SELECT CAST(:n AS integer) * 2")
NAMED = text("SELECT count(*) FROM pg_prepared_statements")
KEPT_ROW = text("INSERT INTO kept VALUES (:id, :words)")
PID = text("SELECT pg_backend_pid()")


def test_what_is_sent_often_is_prepared_and_stays_so(engine: Engine) -> None:
    with engine.begin() as connection:
        assert [connection.execute(DOUBLED, {"n": n}).scalar_one() for n in range(20)] == [*range(0, 40, 2)]
    for _ in range(2):
        with reading(engine) as connection:
            assert connection.execute(NAMED).scalar_one() == 1


def test_who_reads_leaves_no_transaction_open(engine: Engine, database_url: str) -> None:
    other = open_engine(database_url)
    state = text("SELECT state FROM pg_stat_activity WHERE pid = :pid")
    with reading(engine) as connection, reading(other) as watching:
        pid = connection.execute(PID).scalar_one()
        assert watching.execute(state, {"pid": pid}).scalar_one() == "idle"
    with engine.begin() as connection, reading(other) as watching:
        pid = connection.execute(PID).scalar_one()  # the same connection has transactions again
        assert watching.execute(state, {"pid": pid}).scalar_one() == "idle in transaction"
    other.dispose()


def test_signs_within_words_are_words(engine: Engine) -> None:
    with engine.begin() as connection:
        _table(connection)
        connection.execute(KEPT_ROW, [{"id": i, "words": words} for i, words in enumerate(("100%", "'%s$1"))])
        asked = text("SELECT words, '%' FROM kept WHERE id IN :ids ORDER BY id")
        found = connection.execute(asked.bindparams(bindparam("ids", expanding=True)), {"ids": [0, 1]})
        assert [tuple(row) for row in found] == [("100%", "%"), ("'%s$1", "%")]


def test_an_error_is_told_from_a_server_that_is_away(engine: Engine) -> None:
    with engine.connect() as connection:
        _table(connection)
        connection.execute(KEPT_ROW, {"id": 1, "words": "一"})
        with pytest.raises(IntegrityError) as twice, connection.begin_nested():
            connection.execute(KEPT_ROW, {"id": 1, "words": "二"})
        with pytest.raises(ProgrammingError) as unknown, connection.begin_nested():
            connection.execute(text("SELEKT :n"), {"n": 1})
        with pytest.raises(DBAPIError) as unfit, connection.begin_nested():
            connection.execute(KEPT_ROW, {"id": 2, "words": "\0"})
        assert not any(is_passing(one.value) for one in (twice, unknown, unfit))
        kept = text("SELECT words FROM kept WHERE id = :id")
        assert connection.execute(kept, {"id": 1}).scalar_one() == "一"


def test_a_transaction_that_stands_still_is_ended_and_may_be_done_again(database_url: str) -> None:
    engine = open_engine(database_url, stands_still=0.05)
    with engine.connect() as connection:
        connection.execute(PID)
        time.sleep(0.5)
        with pytest.raises(DBAPIError) as ended:
            connection.execute(PID)
    assert is_passing(ended.value)
    with engine.begin() as connection:
        assert connection.execute(DOUBLED, {"n": 1}).scalar_one() == 2
    engine.dispose()


def test_a_server_that_stands_still_is_not_waited_for(database_url: str) -> None:
    engine = open_engine(database_url, answer_within=0.3)
    with reading(engine) as connection:
        pid = connection.execute(PID).scalar_one()
    os.kill(pid, signal.SIGSTOP)
    try:
        with pytest.raises(OperationalError) as late, engine.connect() as connection:
            connection.execute(PID)
    finally:
        os.kill(pid, signal.SIGCONT)
    assert is_passing(late.value)
    with engine.begin() as connection:
        assert connection.execute(PID).scalar_one() != pid
    engine.dispose()


def test_a_wrong_word_for_the_user_is_an_error_with_words(database_url: str) -> None:
    engine = open_engine(database_url.replace("duban@", "nobody@"))
    with pytest.raises(OperationalError, match="nobody"), engine.connect():
        pass
    engine.dispose()


def _table(connection: Connection) -> None:
    connection.execute(
        text("CREATE TEMPORARY TABLE kept (id integer PRIMARY KEY, words text) ON COMMIT DROP")
    )
