"""Migrations lead to the tables of the models, from nothing and back; a running database can be copied."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from databases import Databases
from sqlalchemy import inspect

from storage import inbox
from storage.backup import BackupError, back_up
from storage.engine import open_engine
from storage.migrations import configuration, upgrade


@pytest.fixture
def url(databases: Databases, tmp_path: Path) -> str:
    return databases.new(tmp_path / "new")


def tables(url: str) -> set[str]:
    engine = open_engine(url)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_migrations_and_models_say_the_same(url):
    upgrade(url)
    command.check(configuration(url))  # raises where autogenerate would find anything to do


def test_the_search_index_is_there(url):
    upgrade(url)
    assert "matter_grams" in tables(url)


def test_migrating_again_changes_nothing(url):
    upgrade(url)
    before = tables(url)
    upgrade(url)
    assert tables(url) == before


def test_there_is_one_line_of_versions():
    script = ScriptDirectory.from_config(configuration("sqlite://"))
    assert len(script.get_heads()) == 1
    assert [revision.revision for revision in script.walk_revisions()][-1] == "0001"


def test_every_version_can_be_taken_back(url):
    upgrade(url)
    command.downgrade(configuration(url), "base")
    assert tables(url) == {"alembic_version"}
    upgrade(url)
    command.check(configuration(url))


# --- backup -----------------------------------------------------------------------------------------------


@pytest.mark.sqlite
async def test_a_backup_of_the_running_database_is_whole(program, settings, tmp_path):
    """Somebody writes all the while; what was there before is in the copy, and the copy is sound."""

    def keep(first, count):
        def act(desk):
            for number in range(first, first + count):
                inbox.keep(number, payload={}, chat_id=1, screened=None, now=desk.now, session=desk.session)

        return act

    await program.worker.do(keep(1, 200))
    stop = threading.Event()

    def writing():
        number = 1000
        while not stop.is_set():
            program.worker.do_now(keep(number, 1))
            number += 1

    writer = threading.Thread(target=writing)
    writer.start()
    try:
        size = back_up(settings.database_url, tmp_path / "copy.db")
    finally:
        stop.set()
        writer.join()
    assert size == (tmp_path / "copy.db").stat().st_size
    assert not list(tmp_path.glob("copy.db?*"))
    copy = sqlite3.connect(tmp_path / "copy.db")
    found = {number for (number,) in copy.execute("SELECT update_id FROM inbox")}
    copy.close()
    assert set(range(1, 201)) <= found
    command.check(configuration(f"sqlite:///{tmp_path / 'copy.db'}"))


@pytest.mark.sqlite
def test_a_backup_replaces_nothing(url, tmp_path):
    upgrade(url)
    target = tmp_path / "copy.db"
    target.write_text("precious")
    with pytest.raises(BackupError, match="不覆盖"):
        back_up(url, target)
    assert target.read_text() == "precious"


@pytest.mark.sqlite
def test_a_backup_that_cannot_be_written_leaves_nothing(url, tmp_path):
    upgrade(url)
    with pytest.raises(BackupError, match="没有备份成"):
        back_up(url, tmp_path / "nowhere" / "copy.db")
    with pytest.raises(BackupError, match="不存在"):
        back_up(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def test_postgresql_has_its_own_way():
    with pytest.raises(BackupError, match="pg_dump"):
        back_up("postgresql+psycopg://duban:word@db/duban", Path("copy.db"))
