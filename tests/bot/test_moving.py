"""`duban move`: everything arrives, or nothing does; what is refused and why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import inspect, select, text
from sqlmodel import Session, SQLModel

from bot.__main__ import main
from storage import search
from storage.engine import open_engine
from storage.migrations import configuration, newest, upgrade, version
from storage.models import Draft, File, FileContent, Inbox, Lease, Matter, Member, Refusal, Step
from storage.move import MoveError, move

AT = datetime(2026, 11, 24, 1, 2, 3, 456789, tzinfo=UTC)


def rows_of(url: str) -> dict[str, list[str]]:
    """Everything but leases, as the program reads it."""
    engine = open_engine(url)
    with engine.connect() as connection:
        tables = (table for table in SQLModel.metadata.sorted_tables if table.name != "lease")
        found = {table.name: sorted(map(repr, connection.execute(select(table)))) for table in tables}
    engine.dispose()
    return found


def some_rows() -> list[SQLModel]:
    """Rows with whatever the two databases keep differently; more of one kind than are moved at a time."""
    clerk = Member(id=7, name="王思雨", unit="综合科", telegram_id=2**40, roles=["clerk"], join_expires=AT)
    number = {"series": "收", "year": 2026, "number": 12, "register_no": "收〔2026〕12号"}
    when = {"received_at": AT, "registered_at": AT}
    matter = Matter(
        id=12, procedure="request", title="关于预算的请示", registrar_id=7, provisional=True, **number, **when
    )
    step = Step(id=3, matter_id=12, key="forward", position=0, holder_id=7, holder_since=AT, began_at=AT)
    file = File(id=5, matter_id=12, name="a.pdf", mime="application/pdf", size=4, sha256="…", added_at=AT)
    draft = Draft(
        id=9,
        chat_id=1,
        member_id=7,
        form="log",
        data={"甲": [1.5, None, "\\乙\n"]},
        created_at=AT,
        updated_at=AT,
    )
    refused = [
        Refusal(day=(AT - timedelta(days=n)).date(), cause=one, count=n) for n in range(600) for one in "ab"
    ]
    inbox = [
        Inbox(update_id=2**40, payload={"message": {"text": "😀"}}, received_at=AT),
        Inbox(update_id=2, payload=None, received_at=AT, done_at=AT),
    ]
    lease = Lease(name="polling", holder="dead", until=AT - timedelta(days=9000))
    content = FileContent(file_id=5, content=b"\x00\xff'\\")
    return [clerk, matter, step, file, content, draft, *refused, *inbox, lease]


@pytest.fixture
def source(databases, tmp_path) -> str:
    url = databases.new(tmp_path, "source")
    upgrade(url)
    engine = open_engine(url)
    for row in some_rows():
        with Session(engine) as session, session.begin():
            session.add(row)
    engine.dispose()
    return url


@pytest.fixture
def target(databases, tmp_path) -> str:
    return databases.new(tmp_path, "target")


def test_everything_arrives(source, target):
    heard: list[tuple[str, int, int]] = []
    moved = {one.name: one for one in move(source, target, lambda *said: heard.append(said))}
    before = rows_of(source)
    assert rows_of(target) == before
    assert {name: one.rows for name, one in moved.items()} == {
        name: len(rows) for name, rows in before.items()
    }
    assert moved["refusal"].rows == 1200 and moved["file_content"].rows == 1
    assert moved["member"].checksum != moved["matter"].checksum
    done = [one[1] for one in heard]
    assert done == sorted(done) and done[-1] == heard[-1][2] == 2 * sum(map(len, before.values())) + 1


def test_what_is_written_next_comes_after(source, target):
    move(source, target)
    engine = open_engine(target)
    with Session(engine) as session, session.begin():
        member = Member(name="李文博", unit="综合科")
        session.add(member)
        session.flush()
        assert member.id == 8
    engine.dispose()


def test_the_search_index_is_made_anew(source, target):
    move(source, target)
    engine = open_engine(target)
    with Session(engine) as session:
        grams = text("SELECT rowid, grams FROM matter_grams")
        made = session.connection().execute(grams).all()
        search.index(session.get_one(Matter, 12), session=session)
        assert made == session.connection().execute(grams).all()
        assert len(made) == 1
    assert engine.dialect.name == "sqlite" or "matter_grams_gin" in {
        one["name"] for one in inspect(engine).get_indexes("matter_grams")
    }
    engine.dispose()


def test_moving_again_is_refused(source, target):
    move(source, target)
    before = rows_of(target)
    with pytest.raises(MoveError, match="不是空的"):
        move(source, target)
    with pytest.raises(MoveError, match="同一个"):
        move(source, source)
    assert rows_of(target) == before


def test_another_version_is_refused(source, target):
    upgrade(target)
    command.downgrade(configuration(target), "-1")
    with pytest.raises(MoveError, match="另一个版本"):
        move(source, target)
    with pytest.raises(MoveError, match="duban migrate"):
        move(target, source)
    assert version(source) == newest() != version(target)


def test_tables_of_somebody_else_are_left_alone(source, target):
    engine = open_engine(target)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE theirs (x integer)"))
    with pytest.raises(MoveError, match="theirs"):
        move(source, target)
    assert inspect(engine).get_table_names() == ["theirs"]
    engine.dispose()


async def test_a_running_program_is_in_the_way(program, settings, source, target):
    with pytest.raises(MoveError, match="正在使用来源数据库"):
        move(settings.database_url, target)
    with pytest.raises(MoveError, match="正在使用目标数据库"):
        move(source, settings.database_url)


IN_THE_WAY = {
    "sqlite": "CREATE TRIGGER t AFTER INSERT ON member BEGIN {sqlite}; END",
    "postgresql": "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql"
    " AS $$ BEGIN {postgresql}; RETURN NEW; END $$;"
    " CREATE TRIGGER t BEFORE INSERT ON member FOR EACH ROW EXECUTE FUNCTION f()",
}


def hinder(url: str, **instead: str) -> None:
    """Let something else happen where a member is written."""
    upgrade(url)
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(IN_THE_WAY[engine.dialect.name].format(**instead))
    engine.dispose()


def test_what_arrives_otherwise_than_it_was_sent_does_not_stay(source, target):
    hinder(target, sqlite="UPDATE member SET name = 'x' WHERE id = new.id", postgresql="NEW.name = 'x'")
    with pytest.raises(MoveError, match="member 核对不符"):
        move(source, target)
    assert not any(rows_of(target).values())


def test_what_cannot_be_written_is_named_and_nothing_stays(source, target):
    hinder(target, sqlite="SELECT RAISE(ABORT, 'no')", postgresql="RAISE EXCEPTION 'no'")
    with pytest.raises(MoveError, match="目标未变：member"):
        move(source, target)
    assert not any(rows_of(target).values())


@pytest.mark.sqlite
def test_a_source_that_is_not_there(target, tmp_path):
    with pytest.raises(MoveError, match="不存在"):
        move(f"sqlite:///{tmp_path / 'none.db'}", target)
    assert not (tmp_path / "none.db").exists()


def test_the_command_says_what_was_compared(source, target, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DUBAN_DATABASE_URL", source)
    (tmp_path / "address").write_text(target + "\n")
    assert main(["move", "--to", str(tmp_path / "address")]) == 0
    printed = capsys.readouterr().out
    assert [line.split()[1] for line in printed.splitlines() if line.startswith("refusal ")] == ["1,200"]
    assert "原数据库未动" in printed
    assert main(["move", "--to", target]) == 1
    assert "不是空的" in capsys.readouterr().err
    assert main(["move", "--to", "mysql://db/duban"]) == 2
    assert main(["move", "--to", str(tmp_path / "nothing")]) == 2
