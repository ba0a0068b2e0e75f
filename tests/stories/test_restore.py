"""A backup while people write, the machine lost: the copy has everything, the office goes on elsewhere."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from desks import SAMPLE
from incoming_files import docx
from pydantic import SecretStr
from sqlalchemy import func, select
from sqlmodel import Session, SQLModel

from office import duty_roster
from storage.backup import back_up
from storage.engine import open_engine
from storage.migrations import newest, version
from storage.models import FileContent, Lease, Matter
from storage.move import move

LINE = "登记 财政局 关于拨付第三批惠农补贴资金的请示 云财〔2026〕37号 转综合科"


def rows_of(url: str) -> dict[str, list[str]]:
    """Every row but those of leases, as the program reads it."""
    engine = open_engine(url)
    with engine.connect() as connection:
        tables = [t for t in SQLModel.metadata.sorted_tables if t.name != Lease.__tablename__]
        found = {table.name: sorted(map(repr, connection.execute(select(table)))) for table in tables}
    engine.dispose()
    return found


@pytest.fixture
async def busy(office):
    """A document with its file, one half logged, an emergency under way, an absence."""
    roster = (SAMPLE / "duty.csv").read_bytes()
    await office.does(lambda desk: duty_roster.import_roster(desk, "duty.csv", roster))
    await office.at("2026-11-24 09:00")
    clerk, officer = office.somebody("王思雨"), office.somebody("韩冰")
    await clerk.says(LINE)
    await clerk.presses("确认")
    clerk.person.sends_file("附件.docx", docx("附件一"), reply_to=clerk.sees("已登记"))
    await office.settled()
    await clerk.says("登记 民政局 关于敬老院改造的请示 转综合科")
    await officer.says("快报 石桥镇东河村8点50分发生山体滑坡，2人失联")
    await office.somebody("李文博").says("请假 11月25日至27日")
    await office.program.sweep()  # the absence is heard of at once, by a clock
    return office


def lose(folder: Path) -> None:
    for lost in folder.glob("duban.db*"):
        lost.unlink()


async def goes_on(office) -> None:
    """Who was asked answers, who holds it signs, the next number follows, what was written is found."""
    clerk, head = office.somebody("王思雨"), office.somebody("李文博")
    await head.presses("签收承办", on="惠农补贴资金")
    await clerk.says(LINE.replace("37号", "38号").replace("第三批", "第四批"))
    await clerk.presses("确认")
    with Session(office.program.engine) as session:
        numbers = select(Matter.number).where(Matter.series == "收").order_by(Matter.number)
        assert list(session.execute(numbers).scalars()) == [1, 2]
    await clerk.says("查 惠农补贴")
    clerk.sees("第三批惠农补贴", "第四批惠农补贴")


@pytest.mark.sqlite
async def test_a_copy_made_while_people_write_is_the_office(busy, tmp_path):
    copy = tmp_path / "elsewhere" / "duban.db"
    copy.parent.mkdir()
    writing = [
        asyncio.create_task(busy.somebody(name).says("待办")) for name in ("王思雨", "朱雪梅", "周明远")
    ]
    size = await asyncio.to_thread(back_up, busy.settings.database_url, copy)
    await asyncio.gather(*writing)
    assert size == copy.stat().st_size
    await busy.off()
    before = rows_of(busy.settings.database_url)
    lose(tmp_path)
    url = f"sqlite:///{copy}"
    assert version(url) == newest()
    after = rows_of(url)
    kept = ("matter", "journal", "step", "clock", "draft", "file", "file_content", "absence", "member")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert all(after[name] for name in kept)
    busy.settings = busy.settings.model_copy(update={"database": SecretStr(url)})
    await busy.on()
    await goes_on(busy)


@pytest.mark.postgresql
async def test_moved_to_sqlite_and_back_it_is_the_office(busy, databases, tmp_path):
    await busy.off()
    first, there, back = (
        busy.settings.database_url,
        f"sqlite:///{tmp_path / 'there.db'}",
        databases.new(tmp_path),
    )
    assert move(first, there) == move(there, back)
    assert rows_of(first) == rows_of(there) == rows_of(back)
    engine = open_engine(back)
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(FileContent)).scalar() == 1
    engine.dispose()
    busy.settings = busy.settings.model_copy(update={"database": SecretStr(back)})
    await busy.on()
    await goes_on(busy)


@pytest.mark.postgresql
async def test_moved_to_sqlite_the_office_goes_on_there(busy, tmp_path):
    await busy.off()
    there = f"sqlite:///{tmp_path / 'there.db'}"
    moved = {one.name: one.rows for one in move(busy.settings.database_url, there)}
    assert min(moved[name] for name in ("matter", "journal", "clock", "draft", "outbox", "absence")) > 0
    busy.settings = busy.settings.model_copy(update={"database": SecretStr(there)})
    await busy.on()
    await goes_on(busy)
