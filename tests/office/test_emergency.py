"""The first message opens everything; the oral report has ten minutes and a ladder (E1)."""

from __future__ import annotations

import pytest
from acting import moment
from calling import LANDSLIDE, DutyRoom
from sqlmodel import select

from office import absence, elements, emergency
from office.desk import Refused
from storage.models import Entry, Group


def test_the_first_message_opens_it_and_calls_everybody_at_once(duty_room):
    matter = duty_room.reported(by="廖志成")
    assert (matter.register_no, matter.remark, matter.state) == ("急〔2026〕1号", LANDSLIDE, "open")
    assert matter.received_at == moment("2026-11-24 02:50")
    oral, written = duty_room.step_of(matter, "oral"), duty_room.step_of(matter, "written")
    assert (oral.due_at, written.due_at) == (moment("2026-11-24 03:00"), moment("2026-11-24 03:50"))
    for name, kind in (("何国栋", "holder"), ("张建平", "holder"), ("赵一鸣", "view")):
        (message,) = duty_room.messages(name)
        assert (message.wording, message.priority, message.not_before) == (kind, 0, None), name


def test_a_reporter_on_duty_keeps_the_written_report_himself(duty_room):
    matter = duty_room.reported(by="赵一鸣")
    assert duty_room.step_of(matter, "written").holder_id == duty_room.member("赵一鸣").id
    assert duty_room.messages("张建平")[0].wording == "view"


def test_nobody_on_the_roster_calls_director_and_administrator_and_says_why(office):
    room = DutyRoom(office.desk_at, roster=False)
    matter = room.reported()
    assert room.step_of(matter, "oral").holder_id == room.member("杨振宇").id
    assert room.step_of(matter, "written").holder_id == room.member("赵一鸣").id
    assert "值班表上没有带班领导、主班" in matter.details["duty_why"]


def test_the_groups_of_the_duty_room_and_of_the_report_are_told(duty_room):
    session = duty_room.any_desk.session
    room = "县政府总值班室（应急办）"
    session.add(Group(chat_id=-1, name="值班应急群", unit=room, level="office"))
    session.add(Group(chat_id=-2, name="乡镇群", unit="石桥镇人民政府", level="units"))
    first = emergency.First(text=LANDSLIDE)
    emergency.begin(duty_room.any_desk, first, duty_room.member("廖志成"), group_chat_id=-2)
    session.flush()
    rows = session.connection().exec_driver_sql("select chat_id from outbox where chat_id < 0")
    assert [row[0] for row in rows] == [-1]


def test_unanswered_it_goes_up_at_three_six_eight_and_ten(duty_room):
    matter = duty_room.reported()
    duty_room.runs_to("2026-11-24 03:05")
    assert duty_room.rang(matter) == [
        ("02:53", "何国栋"),
        ("02:53", "周明远"),
        ("02:56", "何国栋"),
        ("02:56", "周明远"),
        ("02:58", "杨振宇"),
        ("03:00", "何国栋"),
        ("03:00", "陈守正"),
        ("03:01", "何国栋"),
    ]
    assert all(row.priority == 0 and not row.silent for row in duty_room.messages("陈守正"))


def test_a_leaders_answer_stops_the_clock(duty_room):
    matter = duty_room.reported()
    step = duty_room.step_of(matter, "oral")
    assert emergency.known(duty_room.desk_at("2026-11-24 02:52"), step.id, duty_room.member("何国栋"))
    duty_room.runs_to("2026-11-24 03:10")
    assert duty_room.rang(matter) == []


def test_the_directors_answer_is_kept_but_the_leader_is_still_to_be_told(duty_room):
    matter = duty_room.reported()
    duty_room.runs_to("2026-11-24 02:58:30")
    step = duty_room.step_of(matter, "oral")
    assert not emergency.known(duty_room.desk_at("2026-11-24 02:59"), step.id, duty_room.member("杨振宇"))
    duty_room.runs_to("2026-11-24 03:00:30")
    assert duty_room.rang(matter)[-1] == ("03:00", "陈守正")
    assert emergency.known(duty_room.desk_at("2026-11-24 03:02"), step.id, duty_room.member("陈守正"))


def test_a_telephone_report_keeps_both_times_and_stops_the_clock(duty_room):
    matter = duty_room.reported()
    desk, officer = duty_room.desk_at("2026-11-24 02:59"), duty_room.member("张建平")
    at = moment("2026-11-24 02:54")
    assert emergency.phoned(desk, matter, officer, duty_room.member("周明远"), at)
    assert duty_room.running(matter, "oral") is None
    rows = desk.session.exec(select(Entry.happened_at, Entry.recorded_at).where(Entry.act == "phoned"))
    assert rows.one() == (moment("2026-11-24 02:54"), moment("2026-11-24 02:59"))


@pytest.mark.parametrize(
    ("by", "at", "reason"),
    [("蔡建军", "2026-11-24 02:54", "em_not_yours"), ("张建平", "2026-11-24 03:30", "em_future")],
)
def test_who_may_record_a_call_and_when(duty_room, by, at, reason):
    matter = duty_room.reported()
    desk, to = duty_room.desk_at("2026-11-24 02:59"), duty_room.member("周明远")
    with pytest.raises(Refused) as refused:
        emergency.phoned(desk, matter, duty_room.member(by), to, moment(at))
    assert refused.value.reason == reason


def test_a_duty_leader_who_cannot_be_reached_is_passed_over_within_the_minute(duty_room):
    duty_room.member("何国栋").reach = "blocked"
    matter = duty_room.reported()
    duty_room.runs_to("2026-11-24 02:50:30")
    assert duty_room.rang(matter) == [("02:50", "周明远")]
    assert duty_room.messages("周明远")[-1].facts["unreached"] is True


def test_rungs_nobody_can_reach_are_skipped_at_once(duty_room):
    for name in ("何国栋", "周明远"):
        duty_room.member(name).reach = "never"
    matter = duty_room.reported()
    duty_room.runs_to("2026-11-24 02:50:30")
    assert duty_room.rang(matter) == [("02:50", "杨振宇")]
    assert duty_room.messages("杨振宇")[-1].facts["skipped"] == ["B岗 周明远（尚未启用本助手）"]
    duty_room.runs_to("2026-11-24 03:00:30")
    assert duty_room.rang(matter)[-1] == ("03:00", "陈守正")


def test_a_duty_leader_on_leave_is_stood_in_for(duty_room):
    desk, leader = duty_room.desk_at("2026-11-23 09:00"), duty_room.member("何国栋")
    day = desk.calendar.local(desk.now).date()
    absence.record(desk, leader, day, day.replace(day=24), by=leader)
    matter = duty_room.reported()
    assert duty_room.step_of(matter, "oral").holder_id == duty_room.member("周明远").id


def test_the_change_over_hands_it_to_the_new_duty_with_its_clocks(duty_room):
    matter = duty_room.reported(at="2026-11-24 08:20")
    due = duty_room.step_of(matter, "written").due_at
    duty_room.runs_to("2026-11-24 08:30:30")
    written = duty_room.step_of(matter, "written")
    assert written.holder_id == duty_room.member("韩冰").id
    assert (written.due_at, matter.details["duty_leader"]) == (due, "苏雅琴")
    assert "view" in duty_room.wordings("朱雪梅")


def test_what_is_known_is_asked_for_in_order_and_can_be_skipped(duty_room):
    matter = duty_room.reported(category="自然灾害", place="石桥镇东河村")
    desk, by = duty_room.desk_at("2026-11-24 02:51"), duty_room.member("廖志成")
    assert elements.to_ask(desk, matter).key == "occurred"
    elements.skip(desk, matter, "occurred")
    elements.learn(desk, matter, "casualties", "正在核实", by)
    elements.skip(desk, matter, "loss")
    assert elements.to_ask(desk, matter).key == "trend"


def test_the_same_place_within_hours_looks_like_the_same_event(duty_room):
    one = duty_room.reported(place="石桥镇东河村")
    near = duty_room.reported(at="2026-11-24 03:20", by="曹宇航", place="石桥东河村")
    far = duty_room.reported(at="2026-11-24 03:20", by="曹宇航", place="高坪乡中心小学")
    later = duty_room.reported(at="2026-11-24 09:20", by="曹宇航", place="石桥镇东河村")
    desk = duty_room.desk_at("2026-11-24 03:20")
    assert [m.id for m in elements.alike(desk, near)] == [later.id, one.id]
    assert elements.alike(desk, far) == []
    assert elements.alike(duty_room.desk_at("2026-11-24 09:20"), later) == []


def test_two_at_once_have_their_own_numbers_and_clocks(duty_room):
    one = duty_room.reported()
    two = duty_room.reported(at="2026-11-24 02:55", text="柳溪镇化工厂起火")
    step = duty_room.step_of(one, "oral")
    emergency.known(duty_room.desk_at("2026-11-24 02:56"), step.id, duty_room.member("何国栋"))
    duty_room.runs_to("2026-11-24 03:00")
    assert (one.number, two.number) == (1, 2)
    assert duty_room.rang(two) == [("02:58", "何国栋"), ("02:58", "周明远")]
