"""The timeline in chat and on paper, the yearly register (E5)."""

from __future__ import annotations

import io
from datetime import datetime

import docx
import openpyxl
import pytest
from acting import moment

from office import emergency, emergency_files, emergency_timeline, reports
from storage.models import FileContent


@pytest.fixture
def matter(duty_room):
    """Phoned in time but recorded later; the written report twelve minutes late."""
    matter = duty_room.reported(place="石桥镇东河村", category="自然灾害")
    desk, officer = duty_room.desk_at("2026-11-24 03:05"), duty_room.member("张建平")
    emergency.phoned(desk, matter, officer, duty_room.member("何国栋"), moment("2026-11-24 02:58"))
    duty_room.runs_to("2026-11-24 03:55")
    duty_room.quick_signed(matter, "2026-11-24 04:02")
    return matter


def content(duty_room, file) -> io.BytesIO:
    return io.BytesIO(duty_room.any_desk.session.get_one(FileContent, file.id).content)


def test_what_was_late_says_by_how_much_and_nothing_else(duty_room, matter):
    rows = emergency_timeline.rows(duty_room.any_desk, matter)
    marks = {row["what"].partition("：")[0]: row["mark"] for row in rows if row["due"]}
    assert (marks["口头报告"], marks["书面快报"]) == ("", "超时限 12 分钟")
    text = " ".join(row["what"] for row in rows)
    assert not any(word in text for word in ("瞒报", "漏报", "迟报"))


def test_claimed_and_recorded_times_both_stand(duty_room, matter):
    rows = emergency_timeline.rows(duty_room.any_desk, matter)
    (row,) = [row for row in rows if row["what"] == "电话报告 何国栋"]
    local = duty_room.any_desk.calendar.local
    times = [f"{local(datetime.fromisoformat(row[key])):%H:%M}" for key in ("at", "recorded")]
    assert times == ["02:58", "03:05"]


def test_every_entry_has_words(duty_room, matter):
    officer = duty_room.member("张建平")
    duty_room.instructs(matter, "2026-11-24 04:10", ["县水利局"])
    reports.follow_up(duty_room.desk_at("2026-11-24 05:00"), matter, "已救出1人", officer)
    duty_room.runs_to("2026-11-24 09:00")
    rows = emergency_timeline.rows(duty_room.any_desk, matter)
    assert all(row["what"] and "{" not in row["what"] and "_" not in row["what"] for row in rows)


def test_on_paper(duty_room, matter):
    file = emergency_files.timeline(duty_room.desk_at("2026-11-24 05:00"), matter)
    paper = docx.Document(content(duty_room, file))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert "超时限 12 分钟" in cells
    assert file.name == "急〔2026〕1号时间线.docx"


def test_the_register_of_the_year(duty_room, matter):
    duty_room.reported(at="2026-11-25 10:00", text="柳溪镇化工厂起火")
    file = emergency_files.register(duty_room.desk_at("2026-11-25 11:00"), 2026)
    sheet = openpyxl.load_workbook(content(duty_room, file)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    (one,) = [row for row in rows if row[0] == "急〔2026〕1号"]
    assert "第1期" in one
    assert 12 in one
    assert sum(str(row[0]).startswith("急〔2026〕") for row in rows) == 2
    empty = emergency_files.register(duty_room.desk_at("2026-11-25 11:00"), 2025)
    assert openpyxl.load_workbook(content(duty_room, empty)).active.max_row <= 2
