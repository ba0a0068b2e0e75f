"""Databases for tests: a file of SQLite each, or all on a throw-away PostgreSQL (DUBAN_TEST_DATABASE)."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pytest
from sqlalchemy import Engine, create_engine, inspect, make_url, text

from benchmarks import cluster
from storage.migrations import upgrade

CHOSEN = os.environ.get("DUBAN_TEST_DATABASE") or "sqlite"
MISSING = "the server programs of PostgreSQL are not on this machine"

_EMPTY = """
DO $$
DECLARE
    one record;
    filled boolean;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR one IN SELECT tablename AS name FROM pg_tables
               WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', one.name) INTO filled;
        IF filled THEN EXECUTE format('DELETE FROM %I', one.name); END IF;
    END LOOP;
    FOR one IN SELECT sequencename AS name FROM pg_sequences
               WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
        EXECUTE format('ALTER SEQUENCE %I RESTART', one.name);
    END LOOP;
END $$
"""


class Databases(Protocol):
    """Gives tests the addresses of databases."""

    def new(self, folder: Path, name: str = "duban") -> str:
        """An address at which nothing is yet, not even tables."""

    def empty(self, folder: Path) -> str:
        """An address whose tables, if there are any yet, are empty; the same one for each test."""


class Files:
    """SQLite: each test has its own files, copies of one that was brought up to date once."""

    def __init__(self, template: Path) -> None:
        self._template = template

    def new(self, folder: Path, name: str = "duban") -> str:
        return f"sqlite:///{folder / f'{name}.db'}"

    def empty(self, folder: Path) -> str:
        shutil.copyfile(self._template, folder / "duban.db")
        return self.new(folder)


class Cluster:
    """A PostgreSQL of this test run. Emptying a database takes 10 ms, creating one 200 ms."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._admin = create_engine(self._url, isolation_level="AUTOCOMMIT")
        self._numbers = itertools.count(1)
        self._shared: str | None = None

    def new(self, folder: Path, name: str = "duban") -> str:
        fresh = f"{name}_{next(self._numbers)}"
        with self._admin.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{fresh}"'))
        return self._url.set(database=fresh).render_as_string(hide_password=False)

    def empty(self, folder: Path) -> str:
        if self._shared is None:
            self._shared = self.new(folder)
            upgrade(self._shared)
        name = make_url(self._shared).database
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
        with self._admin.connect() as connection:  # whoever a killed program left behind
            connection.execute(text(others), {"name": name})
        engine = create_engine(self._shared)
        with engine.begin() as connection:
            connection.execute(text(_EMPTY))
        engine.dispose()
        return self._shared

    def close(self) -> None:
        self._admin.dispose()


def everything(engine: Engine) -> str:
    """All rows of all tables, as text."""
    with engine.connect() as connection:
        names = inspect(connection).get_table_names()
        rows = (row for name in names for row in connection.execute(text(f'SELECT * FROM "{name}"')))
        return "\n".join(str(tuple(row)) for row in rows)


@contextmanager
def postgresql() -> Iterator[Cluster]:
    """A cluster; skips the test where there is none."""
    programs = cluster.programs()
    if programs is None:
        pytest.skip(MISSING)
    with cluster.postgresql(programs) as url:
        running = Cluster(url)
        try:
            yield running
        finally:
            running.close()
