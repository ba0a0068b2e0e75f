"""Migrations lead to the tables of the models, from nothing and back; a running database can be copied."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from databases import Databases
from sqlalchemy import inspect
from sqlmodel import Session, select

from storage import inbox
from storage.backup import BackupError, back_up
from storage.engine import open_engine
from storage.migrations import configuration, upgrade
from storage.models import Bulletin, Invitation, Matter, Member


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


def test_a_meeting_and_its_invitation_outlive_the_newest_tables_down_and_up(url):
    upgrade(url)
    now, engine = datetime(2026, 11, 24, 9, tzinfo=UTC), open_engine(url)
    with Session(engine) as session, session.begin():
        owner, acting = Member(name="魏长河", unit="县水利局"), Member(name="任春生", unit="县水利局")
        session.add_all([owner, acting])
        session.flush()
        matter = Matter(
            procedure="meeting",
            series="会",
            year=2026,
            number=1,
            register_no="会〔2026〕1号",
            title="研究抗旱工作",
            received_at=now,
            registered_at=now,
            registrar_id=owner.id,
        )
        session.add(matter)
        session.flush()
        session.add(
            Invitation(
                matter_id=matter.id, name="县水利局", member_id=acting.id, for_id=owner.id, answer="attends"
            )
        )
        session.add(
            Bulletin(first=now, until=now, name="2026年11月", author_id=owner.id, begun_at=now, due_at=now)
        )
    engine.dispose()
    command.downgrade(configuration(url), "0017")
    upgrade(url)
    command.check(configuration(url))
    engine = open_engine(url)
    with Session(engine) as session:
        one, bulletin = session.exec(select(Invitation)).one(), session.exec(select(Bulletin)).one()
        assert (one.name, one.answer, one.for_id) == ("县水利局", "attends", None)
        assert (bulletin.name, bulletin.due_at) == ("2026年11月", None)
    engine.dispose()


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
