"""The driver's connections on PostgreSQL: a statement is prepared once, errors stay what they were."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, Engine, bindparam, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from storage import prepared

pytestmark = pytest.mark.postgresql

DOUBLED = text("SELECT CAST(:n AS integer) * 2")
NAMED = text("SELECT count(*) FROM pg_prepared_statements")
KEPT_ROW = text("INSERT INTO kept VALUES (:id, :words)")


def test_a_statement_is_prepared_once(engine: Engine) -> None:
    with engine.connect() as connection:
        before = connection.execute(NAMED).scalar_one()
        assert [connection.execute(DOUBLED, {"n": n}).scalar_one() for n in range(20)] == list(
            range(0, 40, 2)
        )
        assert connection.execute(NAMED).scalar_one() == before + 1


def test_what_was_prepared_first_makes_room(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "KEPT", 3)
    with engine.connect() as connection:
        for n in range(10):
            assert (
                connection.execute(text(f"SELECT {n} + CAST(:n AS integer)"), {"n": 1}).scalar_one() == n + 1
            )
        assert connection.execute(NAMED).scalar_one() == 3
        assert connection.execute(text("SELECT 0 + CAST(:n AS integer)"), {"n": 1}).scalar_one() == 1


def test_signs_within_words_are_words(engine: Engine) -> None:
    with engine.begin() as connection:
        _table(connection)
        connection.execute(KEPT_ROW, [{"id": i, "words": words} for i, words in enumerate(("100%", "'%s$1"))])
        asked = text("SELECT words, '%' FROM kept WHERE id IN :ids ORDER BY id")
        found = connection.execute(asked.bindparams(bindparam("ids", expanding=True)), {"ids": [0, 1]})
        assert [tuple(row) for row in found] == [("100%", "%"), ("'%s$1", "%")]


def test_errors_are_the_drivers(engine: Engine) -> None:
    with engine.connect() as connection:
        _table(connection)
        connection.execute(KEPT_ROW, {"id": 1, "words": "一"})
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(KEPT_ROW, {"id": 1, "words": "二"})
        with pytest.raises(ProgrammingError) as caught, connection.begin_nested():
            connection.execute(text("SELEKT :n"), {"n": 1})
        assert not caught.value.connection_invalidated
        assert (
            connection.execute(text("SELECT words FROM kept WHERE id = :id"), {"id": 1}).scalar_one() == "一"
        )


def _table(connection: Connection) -> None:
    connection.execute(
        text("CREATE TEMPORARY TABLE kept (id integer PRIMARY KEY, words text) ON COMMIT DROP")
    )
