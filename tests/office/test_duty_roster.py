"""The roster from spreadsheets and lines: taken over whole, or every mistake by row and column."""

from __future__ import annotations

import io
from datetime import date

import pytest
from acting import Office, moment
from desks import SAMPLE
from openpyxl import Workbook
from sqlmodel import select

from office import duty_roster, duty_swap
from office.desk import Refused
from office.duty import on_duty
from office.duty_sheets import nearest_day, read_day
from storage.models import DutyDay, Entry

ROSTER = (SAMPLE / "duty.csv").read_bytes()
TODAY = date(2026, 11, 24)


def mistakes(office: Office, text: str) -> list[str]:
    with pytest.raises(Refused) as caught:
        duty_roster.import_roster(office.desk_at("2026-11-24 09:00"), "值班.csv", text.encode())
    assert caught.value.reason == "import_errors"
    session = office.desk_at("2026-11-24 09:00").session
    assert not session.exec(select(DutyDay)).all(), "nothing is half-imported"
    found: list[str] = caught.value.facts["lines"]
    return found


def test_the_sample_roster(office: Office) -> None:
    desk = office.desk_at("2026-11-20 09:00")
    done = duty_roster.import_roster(desk, "duty.csv", ROSTER)
    assert (len(done.added), done.changed, done.unchanged, done.gaps) == (21, (), 0, ())
    assert duty_roster.import_roster(desk, "duty.csv", ROSTER).unchanged == 21
    entries = desk.session.exec(select(Entry).where(Entry.act == "duty_imported")).all()
    assert [len(one.facts["added"]) for one in entries] == [21, 0]


def test_importing_again_updates_but_leaves_what_is_over(office: Office) -> None:
    duty_roster.import_roster(office.desk_at("2026-11-20 09:00"), "duty.csv", ROSTER)
    changed = ROSTER.decode().replace("韩冰,朱雪梅", "冯建业,朱雪梅").replace("徐浩然,王思雨", "徐浩然,")
    changed = changed.replace("林晓岚,李文博,邓佳琪", "林晓岚,冯建业,邓佳琪")
    done = duty_roster.import_roster(office.desk_at("2026-11-24 09:00"), "duty.csv", changed.encode())
    assert done.changed == (date(2026, 11, 24), date(2026, 11, 28))
    assert done.past == (date(2026, 11, 17),)
    assert done.gaps == ("11月28日 副班",)
    desk = office.desk_at("2026-11-24 09:00")
    was, then = on_duty(desk, moment("2026-11-17 12:00")), on_duty(desk, moment("2026-11-28 12:00"))
    assert was.first is not None and was.first.name == "李文博"
    assert then.second is None


def test_a_workbook_with_chinese_columns_and_a_title(office: Office) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["2026年12月值班表"])
    sheet.append(["日期", "星期", "带班领导", "主班", "副班"])
    sheet.append([date(2026, 12, 1), "二", "周明远", "李 明", ""])
    sheet["D3"] = "韩 冰"
    sheet.append(["12月2日（周三）", "三", "林晓岚", "李文博", "孙可欣"])
    file = io.BytesIO()
    book.save(file)
    desk = office.desk_at("2026-11-24 09:00")
    done = duty_roster.import_roster(desk, "12月.xlsx", file.getvalue())
    assert done.added == (date(2026, 12, 1), date(2026, 12, 2))
    assert done.unknown == ("星期",)
    on = on_duty(desk, moment("2026-12-01 12:00"))
    assert on.first is not None and on.first.name == "韩冰"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",周明远,韩冰,孙可欣", "第2行 date：不能为空"),
        ("12月32日,周明远,韩冰,孙可欣", "第2行 date“12月32日”：没有这一天，请核对月和日"),
        ("下周一,周明远,韩冰,孙可欣", "不是日期，写作 2026-11-16 或 11月16日"),
        ("2026-12-01 周三,周明远,韩冰,孙可欣", "2026-12-01 是周二，请核对日期"),
        ("2062-12-01,周明远,韩冰,孙可欣", "离今天（2026-11-24）超过一年，请核对年份"),
        ("2026-12-01,周明远,韩兵,孙可欣", "第2行 first“韩兵”：人员中没有这个人，是不是“韩冰”？"),
        ("2026-12-01,周明远,韩冰、李文博,孙可欣", "第2行 first“韩冰、李文博”：每班只能写一个人的姓名"),
        ("2026-12-01,周明远,韩冰,韩冰", "第2行 second“韩冰”：与主班是同一个人"),
    ],
)
def test_mistakes_by_row_and_column(office: Office, row: str, said: str) -> None:
    head = "date,leader,first,second\n"
    (line,) = mistakes(office, f"{head}{row}\n2026-12-09,周明远,韩冰,孙可欣\n")
    assert said in line


def test_every_mistake_at_once(office: Office) -> None:
    text = "日期,带班领导,主班,副班\n2026-12-01,周明,韩冰,孙可欣\n2026-12-01,周明远,李文伯,\n"
    found = mistakes(office, text)
    assert len(found) == 3
    assert found[2] == "值班.csv 第3行 日期“2026-12-01”：与第2行是同一天，每天只能有一行"


def test_no_header_and_missing_columns(office: Office) -> None:
    assert "须有“日期、带班领导、主班、副班”列" in mistakes(office, "a,b,c\n1,2,3\n")[0]
    assert "缺少列 主班" in mistakes(office, "日期,带班领导\n2026-12-01,周明远\n")[0]


def test_who_may_not(office: Office) -> None:
    with pytest.raises(Refused, match="duty_may_not"):
        duty_roster.import_roster(
            office.desk_at("2026-11-24 09:00"), "duty.csv", ROSTER, office.member("王海涛")
        )


def test_a_granted_swap_that_is_overruled_is_said(office: Office) -> None:
    desk = office.desk_at("2026-11-20 09:00")
    duty_roster.import_roster(desk, "duty.csv", ROSTER)
    swap = duty_swap.ask(desk, office.member("张志远"), office.member("李文博"), [date(2026, 11, 26)])
    duty_swap.agree(desk, swap, office.member("李文博"))
    duty_swap.grant(desk, swap, office.member("周明远"))
    found = duty_roster.preview(desk, duty_roster.open_file("duty.csv", ROSTER), office.member("韩冰"))
    assert found.changed == found.swapped == (date(2026, 11, 26),)


@pytest.mark.parametrize(
    ("month", "day", "today", "expected"),
    [
        (1, 3, "2026-12-20", "2027-01-03"),
        (12, 30, "2027-01-04", "2026-12-30"),
        (11, 24, "2026-11-24", "2026-11-24"),
        (2, 29, "2027-06-01", "2028-02-29"),
    ],
)
def test_a_day_without_a_year_is_the_nearest(month: int, day: int, today: str, expected: str) -> None:
    assert nearest_day(month, day, date.fromisoformat(today)) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    "cell", ["2026-11-25", "2026/11/25", "2026年11月25日", "11月25日", "11.25", "11/25（周三）"]
)
def test_ways_to_write_a_day(cell: str) -> None:
    assert read_day(cell, TODAY) == date(2026, 11, 25)


def test_a_roster_that_comes_round_again(office: Office) -> None:
    desk = office.desk_at("2028-02-26 09:00")
    assert len(duty_roster.fill_ahead(desk, "duty.csv", ROSTER, 45).added) == 45
    first, again = on_duty(desk, moment("2028-02-26 12:00")), on_duty(desk, moment("2028-03-18 12:00"))
    assert [one.name for one in first.members()] == [one.name for one in again.members()]
    assert len(first.members()) == 3
    later = office.desk_at("2028-03-01 09:00")
    line = duty_roster.of_lines([["2028-03-05", "周明远", "冯建业", "韩冰"]])
    duty_roster.take_over(later, line, None)
    assert duty_roster.fill_ahead(later, "duty.csv", ROSTER, 45).added == tuple(
        date(2028, 4, day) for day in range(11, 15)
    )
    kept = on_duty(later, moment("2028-03-05 12:00"))
    assert kept.first is not None and kept.first.name == "冯建业"


def test_on_its_own_days_it_is_the_sample_itself(office: Office) -> None:
    desk = office.desk_at("2026-11-24 09:00")
    duty_roster.fill_ahead(desk, "duty.csv", ROSTER, 30)
    assert duty_roster.import_roster(desk, "duty.csv", ROSTER).changed == ()
