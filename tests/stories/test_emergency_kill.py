"""kill -9 in the middle of the questions: the emergency is there, with its clocks (E1)."""

from __future__ import annotations

import json
import time

from doubles import until
from office_day import SAMPLE, ZONE
from sqlmodel import Session, select
from test_kill import TEN_O_CLOCK, process, staff  # noqa: F401

from bot.clock import FileClock
from bot.worker import Worker
from office import duty_roster
from office.desk import Calendars
from rules.policy_files import load_policy
from storage.engine import open_engine
from storage.models import Matter


def load_roster(folder, url) -> None:
    """The duty roster of the sample office; on 24 November 苏雅琴, 韩冰, 朱雪梅."""
    policy = load_policy()
    engine = open_engine(url)
    worker = Worker(engine, policy, Calendars(ZONE, policy), FileClock(folder / "clock.json"))
    content = (SAMPLE / "duty.csv").read_bytes()
    worker.do_now(lambda desk: duty_roster.import_roster(desk, "duty.csv", content))
    worker.close()
    engine.dispose()


def seen(person, *texts):
    """The latest standing message of the bot that has all of these."""
    return next((m for m in reversed(person.received) if all(text in m.text for text in texts)), None)


async def test_killed_between_two_questions(process, staff, sandbox, tmp_path, database_url):  # noqa: F811
    load_roster(tmp_path, database_url)
    persons, _ = staff
    officer, leader, chief = (persons[name] for name in ("韩冰", "苏雅琴", "陈守正"))
    officer.says("快报 石桥镇东河村发生山体滑坡")
    await until(lambda: seen(officer, "❓", "事发时间"), within=20)
    officer.says("二十分钟前")
    await process.kill()
    officer.says("2人失联，1人轻伤")  # whichever question this meets, it is asked in order
    await process.start()
    await process.settled(sandbox)
    with Session(process.engine) as session:
        known = session.exec(select(Matter.details).where(Matter.procedure == "emergency")).one()["known"]
    assert known["casualties"]["text"] == "2人失联，1人轻伤"
    assert known["occurred"]["at"] is not None
    assert seen(officer, "❓", "财产损失") is not None
    calls = [m for m in leader.chat.messages if "请立即阅知" in m.text]
    assert 1 <= len(calls) <= 1 + process.kills

    await process.kill()
    late = TEN_O_CLOCK.timestamp() - time.time() + 11 * 60
    (tmp_path / "clock.json").write_text(json.dumps({"offset": late}))
    await process.start()
    await until(lambda: seen(chief, "口头报告尚无答复", "急〔2026〕1号"), within=20)
    await process.settled(sandbox)
    assert process.kills == 2
