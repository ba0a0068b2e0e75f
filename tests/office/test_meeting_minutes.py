"""After a meeting: its minutes, and how many there were (M3, M6)."""

from __future__ import annotations

import pytest
from acting import moment
from sqlmodel import col, select

from office.desk import Refused
from office.meetings import change, count, day, minutes
from rules.recurring import named
from storage.models import Matter, Outbox

# --- minutes ----------------------------------------------------------------------------------------


@pytest.fixture
def over(rooms) -> Matter:
    """A meeting that two of three signed in to and that is over."""
    matter = rooms.call()
    for name, by in (("县水利局", "魏长河"), ("何国栋", "何国栋")):
        one = rooms.invited(matter, name)
        day.come(rooms.office.desk_at("2026-12-01 08:45"), one.id, rooms.office.member(by))
    rooms.office.runs_to("2026-12-01 11:00")
    return matter


def test_the_minutes_are_due_one_working_day_after_the_end(rooms, over):
    assert rooms.running(over)["minutes"].due_at == moment("2026-12-02 17:30")
    with pytest.raises(Refused, match="not_holder"):
        minutes.draft(rooms.office.desk_at("2026-12-01 14:00"), over, "一、……", rooms.office.member("魏长河"))


def test_sent_back_they_are_written_again(rooms, over):
    office = rooms.office
    minutes.draft(office.desk_at("2026-12-01 14:00"), over, "一、初稿", office.member("马俊杰"))
    step = rooms.running(over)["check_minutes"]
    minutes.send_back(office.desk_at("2026-12-01 14:30"), step.id, office.member("沈慧敏"), "时限没写清")
    again = rooms.running(over)["minutes"]
    assert (again.cycle, again.due_at) == (1, moment("2026-12-02 17:30"))
    with pytest.raises(Refused, match="words_missing"):
        minutes.draft(office.desk_at("2026-12-01 15:00"), over, "", office.member("马俊杰"), so_far=True)
    for part in ("一、第一段", "二、第二段"):
        minutes.add(office.desk_at("2026-12-01 15:00"), over, part, office.member("马俊杰"))
    minutes.draft(office.desk_at("2026-12-01 15:05"), over, "", office.member("马俊杰"), so_far=True)
    assert over.details["minutes"]["text"] == "一、第一段\n二、第二段"


def test_signed_they_are_numbered_and_sent_to_those_who_attended(rooms, over):
    office = rooms.office
    minutes.draft(office.desk_at("2026-12-01 14:00"), over, "一、抓好排查。", office.member("马俊杰"))
    minutes.checked(
        office.desk_at("2026-12-01 14:10"), rooms.running(over)["check_minutes"].id, office.member("沈慧敏")
    )
    step = rooms.running(over)["sign_minutes"]
    minutes.sign(office.desk_at("2026-12-01 14:20"), step.id, office.member("何国栋"))
    assert (over.state, over.result) == ("closed", "已印发 纪要〔2026〕1号")
    session = office.desk_at("2026-12-01 14:20").session
    sent = select(Outbox).where(col(Outbox.wording) == "meeting.minutes_sent")
    ids = {row.member_id for row in session.exec(sent)}
    assert ids == {office.member(name).id for name in ("马俊杰", "何国栋", "魏长河")}


# --- counting ---------------------------------------------------------------------------------------


def test_two_rising_quarters_are_circulated(rooms):
    office = rooms.office
    rooms.held("2026-05-12 09:00", "县水利局")
    for month, days in ((8, (4, 5)), (11, (3, 4, 5))):
        for number in days:
            rooms.held(f"2026-{month:02}-{number:02} 09:00", "县水利局")
    rooms.held("2026-08-11 09:00", "县财政局")
    rooms.held("2026-11-11 09:00", "县财政局")
    desk = office.desk_at("2026-12-31 10:00")
    rows = {
        row["unit"]: (row["before"], row["now"], row["rises"]) for row in count.table(desk, named("2026Q4"))
    }
    assert rows == {"县水利局": (2, 3, 2), "县财政局": (1, 1, 0)}
    warned = rooms.sent("魏长河", "meeting.count_warning")
    assert [row.facts["period"] for row in warned] == ["2026年第3季度"]
    assert not rooms.sent("陈守正", "meeting.count_circulated")
    count.give_reason(desk, "县水利局", named("2026Q4"), "季节性：汛期", office.member("魏长河"))
    office.runs_to("2027-01-05 09:06")
    (told,) = rooms.sent("陈守正", "meeting.count_circulated")
    assert [(row["unit"], row["reason"]) for row in told.facts["rows"]] == [("县水利局", "季节性：汛期")]
    assert rooms.sent("谭小刚", "meeting.count_circulated")


def test_what_was_cancelled_does_not_count(rooms):
    matter = rooms.call()
    change.cancel(rooms.office.desk_at("2026-11-25 10:00"), matter, rooms.office.member("马俊杰"), "另有安排")
    rooms.office.runs_to("2026-12-02 12:00")
    assert count.table(rooms.office.desk_at("2026-12-02 12:00"), named("2026Q4")) == []


def test_the_reason_is_for_the_department_itself_to_give(rooms):
    desk = rooms.office.desk_at("2026-12-02 12:00")
    with pytest.raises(Refused, match="mt_count_not_yours"):
        count.give_reason(desk, "县水利局", named("2026Q4"), "季节性", rooms.office.member("蔡建军"))
