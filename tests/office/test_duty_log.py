"""The duty log: to the minute, of the day of duty, added to later, on paper."""

from __future__ import annotations

import io
from datetime import date

import docx
import pytest
from acting import Office, moment
from desks import SAMPLE

from office import duty_log, duty_roster
from office.desk import Refused
from office.papers.duty_log import duty_log as on_paper


@pytest.fixture
def roster(office: Office) -> Office:
    content = (SAMPLE / "duty.csv").read_bytes()
    duty_roster.import_roster(office.desk_at("2026-11-24 09:00"), "duty.csv", content)
    return office


def test_an_entry_after_midnight_is_of_the_day_before(roster: Office) -> None:
    desk = roster.desk_at("2026-11-25 02:20")
    first = duty_log.write(desk, roster.member("韩冰"), "02:13 群众来电反映停水", moment("2026-11-25 02:13"))
    second = duty_log.write(desk, roster.member("韩冰"), "已转供电所")
    assert (first.day, first.number, second.number) == (date(2026, 11, 24), 1, 2)
    morning = duty_log.write(roster.desk_at("2026-11-25 08:31"), roster.member("李文博"), "接班")
    assert (morning.day, morning.number) == (date(2026, 11, 25), 1)


def test_additions_go_to_their_fields_and_a_result_finishes(roster: Office) -> None:
    desk = roster.desk_at("2026-11-24 14:10")
    by = roster.member("韩冰")
    entry = duty_log.write(desk, by, "县应急局来电，青峰乡道路塌方")
    assert duty_log.add(desk, entry, by, "已报告苏县长") == "told"
    assert duty_log.add(desk, entry, by, "苏县长指示：尽快抢通") == "instruction"
    assert entry.finished_at is None
    later = roster.desk_at("2026-11-24 17:00")
    assert duty_log.add(later, entry, roster.member("朱雪梅"), "结果 道路已抢通") == "result"
    assert (entry.told, entry.instruction, entry.result) == (
        "已报告苏县长",
        "苏县长指示：尽快抢通",
        "道路已抢通",
    )
    assert entry.finished_at == later.now
    assert [one["by"] for one in entry.additions] == ["韩冰", "韩冰", "朱雪梅"]
    with pytest.raises(Refused, match="duty_log_finished"):
        duty_log.finish(later, entry, by)


@pytest.mark.parametrize(
    ("by", "at", "reason"),
    [
        ("杨振宇", "2026-11-24 14:00", "duty_log_not_yours"),
        ("韩冰", "2026-11-24 14:11", "duty_log_future"),
        ("韩冰", "2026-11-21 14:00", "duty_log_old"),
    ],
)
def test_refused(roster: Office, by: str, at: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        duty_log.write(roster.desk_at("2026-11-24 14:10"), roster.member(by), "市气象局来电", moment(at))


@pytest.mark.parametrize(
    ("text", "at", "now", "slip"),
    [
        ("14:20 市气象局来电", "2026-11-23 14:20", "2026-11-24 14:10", True),
        ("昨天14:20 市气象局来电", "2026-11-23 14:20", "2026-11-24 14:10", False),
        ("11月23日14:20 市气象局来电", "2026-11-23 14:20", "2026-11-24 14:10", False),
        ("23:50 市气象局来电", "2026-11-23 23:50", "2026-11-24 00:10", False),
        ("14:05 市气象局来电", "2026-11-24 14:05", "2026-11-24 14:10", False),
    ],
)
def test_a_time_just_ahead_is_not_taken_for_yesterdays(
    roster: Office, text: str, at: str, now: str, slip: bool
) -> None:
    desk, by = roster.desk_at(now), roster.member("韩冰")
    if slip:
        with pytest.raises(Refused, match="duty_log_future") as caught:
            duty_log.write(desk, by, text, moment(at))
        assert caught.value.facts["at"] == moment("2026-11-24 14:20").isoformat()
    else:
        assert duty_log.write(desk, by, text, moment(at)).happened_at == moment(at)


def test_the_duty_leader_may_write_while_he_is_on(roster: Office) -> None:
    assert duty_log.may_write(roster.desk_at("2026-11-24 14:10"), roster.member("苏雅琴"))
    assert not duty_log.may_write(roster.desk_at("2026-11-25 14:10"), roster.member("苏雅琴"))


def test_a_day_on_paper(roster: Office) -> None:
    desk, by = roster.desk_at("2026-11-25 02:20"), roster.member("韩冰")
    duty_log.write(desk, by, "县应急局李四 0871-6543210 来电，青峰乡道路塌方", moment("2026-11-24 14:05"))
    duty_log.write(desk, by, "停水，已恢复供水", moment("2026-11-25 02:13"))
    paper = docx.Document(io.BytesIO(on_paper(duty_log.paper(desk, date(2026, 11, 24)))))
    (table,) = paper.tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[1][:3] == ["14:05", "县应急管理局 李四 0871-6543210", "青峰乡道路塌方"]
    assert rows[2][0] == "次日02:13" and rows[2][5] == "已恢复供水" and rows[2][6] == "韩冰"
    text = "\n".join(p.text for p in paper.paragraphs)
    assert "2026年11月24日08:30 至 2026年11月25日08:30" in text
    assert "带班领导：苏雅琴" in text and "副班：朱雪梅" in text


def test_a_day_without_entries(roster: Office) -> None:
    paper = docx.Document(
        io.BytesIO(on_paper(duty_log.paper(roster.desk_at("2026-11-25 09:00"), date(2026, 11, 24))))
    )
    assert any("当日无值班记录" in p.text for p in paper.paragraphs)
