"""The timeline, the duty log and the yearly register: what their tables say."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import docx
import openpyxl
import pytest
from docx.document import Document

from office.papers.duty_log import DutyLog, LogRow, duty_log
from office.papers.emergency_register import EmergencyRow, emergency_register_xlsx
from office.papers.timeline import Timeline, TimelineRow, timeline_docx
from office.papers.wording import chinese_moment, chinese_number, over_limit

WRITTEN = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def at(hour: int, minute: int, day: date = date(2026, 11, 25)) -> datetime:
    """The office's wall clock."""
    return datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001


def rows_of(document: Document) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in document.tables[0].rows]


# --- the timeline -----------------------------------------------------------------------------------


def timeline(*rows: TimelineRow) -> Document:
    facts = Timeline(
        title="石桥镇红星村山体滑坡",
        number="急〔2026〕3号",
        office="县政府总值班室",
        rows=rows,
        written_at=WRITTEN,
    )
    return docx.Document(io.BytesIO(timeline_docx(facts)))


def test_a_timeline_says_what_was_due_and_what_came() -> None:
    document = timeline(
        TimelineRow(at=at(2, 55), what="接报", who="孙可欣"),
        TimelineRow(
            at=at(4, 7), what="书面快报签发", who="苏雅琴", due=at(3, 55), actual=at(4, 7), remark="退改一次"
        ),
    )
    assert document.paragraphs[0].text == "石桥镇红星村山体滑坡办理经过"
    assert document.paragraphs[1].text == "县政府总值班室　急〔2026〕3号\t2026年　共 2 条"
    assert rows_of(document) == [
        ["时间", "事项", "办理人", "应办时间", "实办时间", "备注"],
        ["11月25日 02:55", "接报", "孙可欣", "", "", ""],
        [
            "11月25日 04:07",
            "书面快报签发",
            "苏雅琴",
            "03:55",
            "04:07",
            "超时限 12 分钟；退改一次",
        ],
    ]


def test_a_limit_of_another_day_names_its_day() -> None:
    document = timeline(
        TimelineRow(at=at(9, 0), what="终报", due=at(5, 20, date(2026, 11, 26)), actual=at(9, 0))
    )
    assert rows_of(document)[1][3:5] == ["11月26日 05:20", "09:00"]


def test_a_timeline_over_a_year_s_end_names_the_year_in_every_row() -> None:
    document = timeline(
        TimelineRow(at=at(23, 50, date(2026, 12, 31)), what="接报"),
        TimelineRow(at=at(0, 5, date(2027, 1, 1)), what="续报"),
    )
    assert document.paragraphs[1].text.endswith("\t共 2 条")
    assert [row[0] for row in rows_of(document)[1:]] == ["2026年12月31日 23:50", "2027年1月1日 00:05"]


@pytest.mark.parametrize(
    ("facts", "remarks"),
    [
        ({"due": at(3, 55), "actual": at(3, 55)}, ""),
        ({"due": at(3, 55), "actual": at(3, 54)}, ""),
        ({"due": at(3, 55)}, ""),
        ({"due": at(3, 55), "actual": at(9, 5), "over": timedelta(minutes=5)}, "超时限 5 分钟"),
        ({"due": at(3, 55), "actual": at(9, 5), "over": timedelta(0)}, ""),
        ({"due": at(3, 55), "over": timedelta(hours=2)}, "超时限 2 小时"),
        ({"remark": "电话"}, "电话"),
    ],
)
def test_lateness_is_by_the_clock_unless_told(facts: dict[str, Any], remarks: str) -> None:
    assert TimelineRow(at=at(2, 55), what="报告", **facts).remarks == remarks


# --- the duty log -----------------------------------------------------------------------------------


def day_of_duty(*rows: LogRow) -> Document:
    log = DutyLog(
        office="县政府总值班室",
        day=date(2026, 11, 30),
        change_over="08:30",
        people=("带班领导：陈守正", "主班：李文博"),
        rows=rows,
        hand_over=("12月1日交接班：李文博 08:31 签交班。",),
        written_at=WRITTEN,
    )
    return docx.Document(io.BytesIO(duty_log(log)))


def test_a_day_s_log_names_who_was_on_and_what_came() -> None:
    row = LogRow(
        at="14:05",
        caller="市气象局 王刚",
        content="暴雨蓝色预警",
        told="陈守正",
        instruction="",
        result="已转达",
        by="李文博",
    )
    document = day_of_duty(row)
    said = [p.text for p in document.paragraphs if p.text]
    assert said == [
        "县政府总值班室值班日志",
        "2026年11月30日08:30 至 2026年12月1日08:30\t带班领导：陈守正　主班：李文博",
        "12月1日交接班：李文博 08:31 签交班。",
    ]
    assert rows_of(document)[1:] == [
        ["14:05", "市气象局 王刚", "暴雨蓝色预警", "陈守正", "", "已转达", "李文博"]
    ]


def test_a_quiet_day_says_so() -> None:
    document = day_of_duty()
    assert not document.tables
    assert "当日无值班记录。" in [p.text for p in document.paragraphs]


# --- the register -----------------------------------------------------------------------------------


def test_the_register_has_one_row_per_emergency_with_minutes_over_the_limit() -> None:
    rows = (
        EmergencyRow(
            number="急〔2026〕3号",
            received_at=at(2, 55),
            event="=山体滑坡",
            oral_due=at(3, 5),
            oral_at=at(3, 3),
            written_due=at(3, 55),
            written_at=at(4, 7),
            issue="第12期",
            instructions=2,
        ),
        EmergencyRow(number="急〔2026〕4号", received_at=at(5, 0), event="误报", written_due=at(6, 0)),
    )
    book = openpyxl.load_workbook(io.BytesIO(emergency_register_xlsx(2026, rows, written_at=WRITTEN)))
    assert book.sheetnames == ["2026年突发事件登记"]
    head, first, second = book.active.iter_rows(values_only=True)
    said = dict(zip(head, first, strict=True))
    assert (said["接报时间"], said["事件"], said["快报期号"]) == (at(2, 55), "'=山体滑坡", "第12期")
    assert (said["口头超时限（分钟）"], said["书面超时限（分钟）"], said["批示（件）"]) == (0, 12, 2)
    assert dict(zip(head, second, strict=True))["书面超时限（分钟）"] is None


def test_a_report_seconds_late_is_not_in_time() -> None:
    late = EmergencyRow(
        number="急〔2026〕3号",
        received_at=at(2, 55),
        event="山体滑坡",
        oral_due=at(3, 5),
        oral_at=at(3, 5) + timedelta(seconds=20),
    )
    book = openpyxl.load_workbook(io.BytesIO(emergency_register_xlsx(2026, (late,), written_at=WRITTEN)))
    head, row = book.active.iter_rows(values_only=True)
    assert dict(zip(head, row, strict=True))["口头超时限（分钟）"] == 1


# --- words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (99, "九十九")],
)
def test_numbers_in_chinese(number: int, words: str) -> None:
    assert chinese_number(number) == words


@pytest.mark.parametrize("number", [0, 100, -1])
def test_numbers_beyond_are_refused(number: int) -> None:
    with pytest.raises(ValueError):
        chinese_number(number)


def test_a_moment_leaves_out_the_year_of_the_paper_and_the_full_hour() -> None:
    assert chinese_moment(at(2, 40)) == "2026年11月25日2时40分"
    assert chinese_moment(at(2, 40), 2026) == "11月25日2时40分"
    assert chinese_moment(at(2, 0), 2027) == "2026年11月25日2时"


@pytest.mark.parametrize(
    ("by", "words"),
    [
        (timedelta(0), ""),
        (-timedelta(minutes=5), ""),
        (timedelta(minutes=12, seconds=50), "超时限 12 分钟"),
        (timedelta(seconds=20), "超时限 不到 1 分钟"),
        (timedelta(hours=3, minutes=5), "超时限 3 小时 5 分"),
    ],
)
def test_over_the_limit_in_words(by: timedelta, words: str) -> None:
    assert over_limit(by) == words
