"""Meetings: call, clashes, caps, notice and answers, change, the day (M1, M2, M5, M7)."""

from __future__ import annotations

import pytest
from acting import moment

from office import move
from office.desk import Refused
from office.meetings import approval, call, change, day, notice
from storage import journal

# --- calling ----------------------------------------------------------------------------------------


def test_each_check_has_a_name_and_its_own_time(rooms):
    matter = rooms.call(holders={"papers": "孙可欣"})
    holders = {key: rooms.office.member_of(step.holder_id) for key, step in rooms.running(matter).items()}
    assert holders == {
        "plan": "马俊杰",
        "place": "马俊杰",
        "papers": "孙可欣",
        "people": "马俊杰",
        "service": "马俊杰",
    }
    dues = {key: step.due_at for key, step in rooms.running(matter).items()}
    assert dues == {
        "plan": moment("2026-11-26 17:30"),
        "place": moment("2026-11-27 17:30"),
        "papers": moment("2026-11-30 17:30"),
        "people": moment("2026-11-30 17:30"),
        "service": moment("2026-12-01 08:30"),
    }


def test_whoever_holds_several_checks_gets_one_card(rooms):
    rooms.call()
    assert len(rooms.sent("马俊杰", "holder")) == 1


def test_what_is_called_late_is_due_at_once(rooms):
    matter = rooms.call(at_="2026-11-24 10:00", at=moment("2026-11-24 15:00"))
    dues = {key: step.due_at for key, step in rooms.running(matter).items()}
    assert dues["plan"] == dues["papers"] == moment("2026-11-24 10:00")
    assert dues["service"] == moment("2026-11-24 14:30")


@pytest.mark.parametrize(
    ("fields", "room", "people", "merge"),
    [
        ({"at": "2026-12-01 10:00", "units": ["县教育局"], "host": "林晓岚"}, True, [], False),
        ({"at": "2026-12-01 10:00", "units": ["县教育局"], "place": "三楼会议室"}, False, ["何国栋"], False),
        ({"at": "2026-12-02 10:00", "place": "三楼会议室"}, False, [], True),
        ({"at": "2026-12-03 10:00", "units": ["县水利局"], "host": None, "people": []}, False, [], True),
    ],
)
def test_what_stands_beside_it_is_pointed_out(rooms, fields, room, people, merge):
    rooms.call()
    fields["at"] = moment(fields["at"])
    found = rooms.beside(**fields)
    assert [(one.room, one.people, one.merge) for one in found] == [(room, people, merge)]


@pytest.mark.parametrize(
    "fields",
    [
        {"at": "2026-12-01 11:00", "units": ["县教育局"], "host": "林晓岚"},
        {"at": "2026-12-08 09:00"},
    ],
)
def test_one_after_the_other_is_no_clash(rooms, fields):
    rooms.call()
    fields["at"] = moment(fields["at"])
    assert rooms.beside(**fields) == []


def test_over_a_cap_needs_a_reason_and_approval(rooms):
    units = ["县水利局", "县财政局", "县教育局", "县公安局", "县民政局", "县司法局"]
    with pytest.raises(Refused, match="fields_missing"):
        rooms.call(units=units)
    matter = rooms.call(units=units, reason="涉及面广")
    desk = rooms.office.desk_at("2026-11-24 09:10")
    with pytest.raises(Refused, match="mt_not_approved"):
        notice.send(desk, matter, rooms.office.member("马俊杰"))
    step = rooms.running(matter)["approve"]
    with pytest.raises(Refused, match="not_holder"):
        approval.approve(desk, step.id, rooms.office.member("马俊杰"), granted=True)
    approval.approve(desk, step.id, rooms.office.member("杨振宇"), granted=False, reason="改为书面征求意见")
    assert matter.state == "closed" and "改为书面征求意见" in (matter.result or "")
    assert not rooms.sent("魏长河", "invite")


def test_a_meeting_with_outsiders_alone_lacks_nobody(rooms):
    form = rooms.form(host=None, units=[], others=["市水文局"])
    assert call.missing(rooms.office.desk_at("2026-11-24 09:00"), form) == []
    matter = rooms.call(host=None, units=[], others=["市水文局"])
    assert rooms.invited(matter, "市水文局").told_at is None
    assert rooms.sent("马俊杰", "meeting.silent")[-1].facts["rows"][0]["name"] == "市水文局"


# --- the notice -------------------------------------------------------------------------------------


def test_a_notice_that_is_forgotten_rings_and_climbs(rooms):
    matter = rooms.call(send=False)
    assert not rooms.sent("魏长河", "invite")
    rooms.office.runs_to("2026-11-27 17:31")
    due = [row for row in rooms.sent("马俊杰", "alert.reminder") if row.facts["step"] == "会议通知"]
    assert due[-1].facts["rang"] == "due"
    rooms.office.runs_to("2026-11-30 14:00")
    climbed = {row.facts["post"] for row in rooms.sent("朱雪梅", "alert.rung")}
    assert climbed == {"B岗"} and rooms.sent("沈慧敏", "alert.rung")
    rooms.office.runs_to("2026-12-01 11:01")
    assert matter.state == "closed" and "未发出通知" in (matter.result or "")
    assert "minutes" not in rooms.running(matter)


def test_who_cannot_be_reached_is_said_at_once_with_a_telephone(rooms):
    rooms.office.member("魏长河").reach = "blocked"
    matter = rooms.call()
    (row,) = rooms.sent("马俊杰", "meeting.silent")
    assert row.facts["rows"] == [
        {"name": "县水利局", "who": "魏长河", "phone": "13900002777", "answer": "未答复"}
    ]
    one = rooms.invited(matter, "县水利局")
    by = rooms.office.member("马俊杰")
    notice.phoned(rooms.office.desk_at("2026-11-24 09:05"), matter, by, one, attends=True)
    assert (one.answer, one.phoned_by) == ("attends", by.id)
    rooms.office.runs_to("2026-12-01 07:00")
    assert not rooms.sent("魏长河", "meeting.chase")


def test_who_can_be_reached_again_gets_the_notice_that_did_not_arrive(rooms):
    liaison = rooms.office.member("魏长河")
    liaison.reach = "blocked"
    matter = rooms.call()
    liaison.reach = "ok"
    for _ in range(2):
        notice.resend(rooms.office.desk_at("2026-11-24 10:00"), liaison)
    assert len(rooms.sent("魏长河", "invite")) == 1
    assert rooms.invited(matter, "县水利局").told_at == moment("2026-11-24 10:00")


def test_who_is_silent_is_reminded_who_has_answered_is_not(rooms):
    matter = rooms.call()
    rooms.answers("2026-11-24 09:30", matter, "县财政局", "蔡建军")
    rooms.office.runs_to("2026-11-25 18:00")
    assert len(rooms.sent("魏长河", "meeting.chase")) == 2
    assert not rooms.sent("蔡建军", "meeting.chase")
    rooms.office.runs_to("2026-12-01 07:01")
    (last,) = rooms.sent("马俊杰", "meeting.silent")
    assert [one["name"] for one in last.facts["rows"]] == ["何国栋", "县水利局"]


def test_a_leave_names_who_comes_instead(rooms):
    matter = rooms.call()
    with pytest.raises(Refused, match="mt_substitute_missing"):
        rooms.answers("2026-11-24 09:30", matter, "县财政局", "蔡建军", "replaced")
    rooms.answers("2026-11-24 09:30", matter, "县财政局", "蔡建军", "replaced", substitute="张建国")
    assert rooms.invited(matter, "县财政局").substitute == "张建国"
    with pytest.raises(Refused, match="button_unknown"):
        rooms.answers("2026-11-24 09:30", matter, "县财政局", "魏长河")


def test_pressed_twice_it_is_answered_once(rooms):
    matter = rooms.call()
    for minute in (30, 31):
        rooms.answers(f"2026-11-24 09:{minute}", matter, "县财政局", "蔡建军")
    entries = journal.of_matter(matter.id, session=rooms.office.desk_at("2026-11-24 10:00").session)
    assert sum(entry.act == "meeting_answered" for entry in entries) == 1


def test_a_change_asks_everybody_again_and_checks_again(rooms):
    matter = rooms.call()
    rooms.answers("2026-11-24 09:30", matter, "县财政局", "蔡建军", "replaced", substitute="张志远")
    place = rooms.running(matter)["place"]
    move.sign(rooms.office.desk_at("2026-11-24 10:00"), place.id, rooms.office.member("马俊杰"))
    assert "place" not in rooms.running(matter)
    desk = rooms.office.desk_at("2026-11-25 10:00")
    change.change(desk, matter, rooms.office.member("马俊杰"), at=moment("2026-12-02 09:00"))
    assert matter.event_ends_at == moment("2026-12-02 11:00")
    assert rooms.running(matter)["place"].due_at == moment("2026-11-30 17:30")
    assert rooms.invited(matter, "县财政局").answer == "waiting"
    assert len(rooms.sent("蔡建军", "invite")) == 2
    assert len(rooms.sent("张志远", "meeting.instead")) == 2
    (told,) = rooms.sent("马俊杰", "note.event_moved")
    assert "会场落实" in [row["name"] for row in told.facts["steps"]]
    rooms.office.runs_to("2026-12-01 12:00")
    assert not rooms.sent("魏长河", "meeting.day")
    rooms.office.runs_to("2026-12-02 08:31")
    assert len(rooms.sent("魏长河", "meeting.day")) == 1


@pytest.mark.parametrize(
    ("by", "fields", "reason"),
    [
        ("魏长河", {"place": "三楼会议室"}, "mt_not_yours"),
        ("马俊杰", {"at": "2026-11-20 09:00"}, "mt_past"),
        ("马俊杰", {"place": "二楼常务会议室"}, "mt_unchanged"),
    ],
)
def test_what_may_not_be_changed(rooms, by, fields, reason):
    matter = rooms.call()
    if "at" in fields:
        fields["at"] = moment(fields["at"])
    with pytest.raises(Refused, match=reason):
        change.change(rooms.office.desk_at("2026-11-25 10:00"), matter, rooms.office.member(by), **fields)


def test_cancelled_everybody_is_told_and_nothing_rings_any_more(rooms):
    matter = rooms.call()
    change.cancel(rooms.office.desk_at("2026-11-25 10:00"), matter, rooms.office.member("马俊杰"), "另有安排")
    assert rooms.running(matter) == {}
    assert len(rooms.sent("魏长河", "invite")) == 2
    rooms.answers("2026-11-25 10:05", matter, "县水利局", "魏长河", "received")
    rooms.office.runs_to("2026-12-02 12:00")
    assert not rooms.sent("魏长河", "meeting.day") and not rooms.sent("魏长河", "meeting.chase")
    assert rooms.sent("蔡建军", "meeting.chase")
    with pytest.raises(Refused, match="mt_over"):
        change.cancel(
            rooms.office.desk_at("2026-11-25 11:00"), matter, rooms.office.member("马俊杰"), "再取消"
        )


# --- the day ----------------------------------------------------------------------------------------


def test_service_staff_are_rung_on_a_day_off_too(rooms):
    rooms.call(at=moment("2026-11-28 09:00"))
    rooms.office.runs_to("2026-11-28 08:36")
    rung = [row for row in rooms.sent("马俊杰", "alert.reminder") if row.facts["step"] == "会务到位"]
    assert rung and rung[-1].not_before is None
    assert rooms.sent("朱雪梅", "alert.rung")


def test_signing_in_by_button_around_the_beginning_only(rooms):
    matter = rooms.call()
    one = rooms.invited(matter, "县水利局")
    by = rooms.office.member("魏长河")
    for at in ("2026-12-01 08:00", "2026-12-01 10:30"):
        with pytest.raises(Refused, match="mt_no_time"):
            day.come(rooms.office.desk_at(at), one.id, by)
    day.come(rooms.office.desk_at("2026-12-01 08:45"), one.id, by)
    day.come(rooms.office.desk_at("2026-12-01 08:50"), one.id, by)
    assert (one.came_at, one.came_by) == (moment("2026-12-01 08:45"), "button")


def test_a_code_may_be_tried_a_few_times(rooms):
    matter = rooms.call()
    right = matter.details["code"]
    wrong = "0000" if right != "0000" else "1111"
    desk, by = rooms.office.desk_at("2026-12-01 08:45"), rooms.office.member("魏长河")
    tried = [day.come_by_code(desk, wrong, by)[0] for _ in range(5)]
    assert tried == ["wrong"] * 4 + ["locked"]
    assert day.come_by_code(desk, right, by)[0] == "locked"
    assert day.come_by_code(desk, right, rooms.office.member("石磊"))[0] == "none"
    assert day.come_by_code(desk, right, rooms.office.member("蔡建军"))[0] == "in"


def test_who_comes_instead_signs_in(rooms):
    matter = rooms.call()
    rooms.answers("2026-11-24 09:30", matter, "县财政局", "蔡建军", "replaced", substitute="张志远")
    desk = rooms.office.desk_at("2026-12-01 09:10")
    became, _ = day.come_by_code(desk, matter.details["code"], rooms.office.member("张志远"))
    assert became == "in" and rooms.invited(matter, "县财政局").came_at == desk.now
