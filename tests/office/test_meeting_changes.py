"""Meetings whose people change before they begin: who is away, who joins, how large they may grow."""

from __future__ import annotations

from datetime import date

import pytest
from acting import moment

from office import absence
from office.desk import Refused
from office.meetings import approval, change, handed_on
from storage.models import Absence

# --- who is away ------------------------------------------------------------------------------------


def on_leave(rooms, at: str, name: str, first: str, last: str, stand_in: str | None = None) -> Absence:
    member = rooms.office.member(name)
    days = date.fromisoformat(first), date.fromisoformat(last)
    return absence.record(rooms.office.desk_at(at), member, *days, stand_in, by=member).absence


@pytest.mark.parametrize("answered", [False, True])
def test_who_is_away_at_the_meeting_hands_on_his_notice_when_his_leave_is_recorded(rooms, answered):
    matter = rooms.call()
    if answered:
        rooms.answers("2026-11-24 09:30", matter, "县水利局", "魏长河")
    on_leave(rooms, "2026-11-25 10:00", "魏长河", "2026-11-30", "2026-12-03", "任春生")
    rooms.office.runs_to("2026-11-25 10:01")
    one = rooms.invited(matter, "县水利局")
    assert (rooms.office.member_of(one.member_id), one.answer) == ("任春生", "waiting")
    (told,) = rooms.sent("马俊杰", "meeting.handed_on")
    assert [(row["was"], row["to"], row["told"]) for row in told.facts["rows"]] == [
        ("魏长河", "任春生", True)
    ]
    assert len(rooms.sent("任春生", "invite")) == 1
    rooms.answers("2026-11-25 10:10", matter, "县水利局", "任春生")
    rooms.office.runs_to("2026-12-01 08:31")
    assert rooms.sent("任春生", "meeting.day")
    assert len(rooms.sent("马俊杰", "meeting.handed_on")) == 1, "its beginning changes nothing more"


def test_who_is_back_before_the_meeting_keeps_what_he_answered_and_gets_back_what_nobody_did(rooms):
    answered, silent = rooms.call(), rooms.call(title="研究度汛", at=moment("2026-12-02 09:00"))
    rooms.answers("2026-11-24 09:30", answered, "县水利局", "魏长河")
    on_leave(rooms, "2026-11-25 10:00", "魏长河", "2026-11-25", "2026-11-26", "任春生")
    rooms.office.runs_to("2026-11-25 10:01")
    holder = [rooms.office.member_of(rooms.invited(one, "县水利局").member_id) for one in (answered, silent)]
    assert holder == ["魏长河", "任春生"]
    rooms.office.runs_to("2026-11-27 09:00")
    one = rooms.invited(silent, "县水利局")
    assert (rooms.office.member_of(one.member_id), one.for_id) == ("魏长河", None)


def test_a_receipt_of_a_cancellation_is_asked_of_the_stand_in(rooms):
    matter = rooms.call()
    rooms.answers("2026-11-24 09:30", matter, "县水利局", "魏长河")
    change.cancel(rooms.office.desk_at("2026-11-25 09:00"), matter, rooms.office.member("马俊杰"), "推后")
    on_leave(rooms, "2026-11-25 10:00", "魏长河", "2026-11-25", "2026-11-26", "任春生")
    rooms.office.runs_to("2026-11-25 10:01")
    rooms.answers("2026-11-25 10:10", matter, "县水利局", "任春生")
    assert rooms.invited(matter, "县水利局").answer == "received"


def test_where_nobody_stands_in_the_organiser_is_told_with_a_telephone(rooms):
    matter = rooms.call()
    on_leave(rooms, "2026-11-25 10:00", "魏长河", "2026-11-30", "2026-12-03")
    rooms.office.runs_to("2026-11-30 09:00")
    (told,) = rooms.sent("马俊杰", "meeting.handed_on")[:1]
    assert told.facts["rows"][0]["to"] is None and told.facts["rows"][0]["phone"]
    assert rooms.office.member_of(rooms.invited(matter, "县水利局").member_id) == "魏长河"


def test_who_is_away_already_is_not_asked_at_all(rooms):
    on_leave(rooms, "2026-11-23 10:00", "何国栋", "2026-11-30", "2026-12-03")
    matter = rooms.call()
    one = rooms.invited(matter, "何国栋")
    assert (rooms.office.member_of(one.member_id), rooms.office.member_of(one.for_id)) == ("周明远", "何国栋")
    assert not rooms.sent("何国栋", "invite")


def test_another_liaison_answers_what_the_old_one_did_not(rooms):
    answered, silent = rooms.call(), rooms.call(title="研究度汛", at=moment("2026-12-02 09:00"))
    rooms.answers("2026-11-24 09:30", answered, "县水利局", "魏长河")
    old, new = rooms.office.member("魏长河"), rooms.office.member("任春生")
    handed_on.to_successor(rooms.office.desk_at("2026-11-25 09:00"), old, new, "县水利局")
    states = [rooms.invited(one, "县水利局") for one in (answered, silent)]
    assert [(rooms.office.member_of(one.member_id), one.answer) for one in states] == [
        ("任春生", "attends"),
        ("任春生", "waiting"),
    ]
    assert len(rooms.sent("任春生", "invite")) == 1


def test_who_stands_in_and_leaves_hands_on_the_stead_not_the_post(rooms):
    matter = rooms.call()
    on_leave(rooms, "2026-11-25 10:00", "魏长河", "2026-11-30", "2026-12-03", "任春生")
    rooms.office.runs_to("2026-11-25 10:01")
    left, to = rooms.office.member("任春生"), rooms.office.member("蔡建军")
    handed_on.to_successor(rooms.office.desk_at("2026-11-25 11:00"), left, to)
    one = rooms.invited(matter, "县水利局")
    assert [rooms.office.member_of(i) for i in (one.member_id, one.for_id)] == ["蔡建军", "魏长河"]


# --- growing over a cap -----------------------------------------------------------------------------

SIX = ["县水利局", "县财政局", "县教育局", "县农业农村局", "县应急管理局", "县交通运输局"]


def joins(rooms, matter, at="2026-11-24 10:00", reason=None, units=SIX, **sizes) -> list[str] | None:
    wanted = {"topic": "研究度汛", "units": units, "people": [], **sizes}
    desk, by = rooms.office.desk_at(at), rooms.office.member("马俊杰")
    return approval.change_or_ask(desk, matter, by, wanted, reason)


def decides(rooms, matter, *, granted, reason="") -> None:
    desk = rooms.office.desk_at("2026-11-24 11:00")
    step = rooms.running(matter)["approve"]
    approval.approve(desk, step.id, rooms.office.member("杨振宇"), granted=granted, reason=reason)


def test_a_topic_that_makes_it_too_large_is_approved_before_it_joins(rooms):
    matter = rooms.call()
    with pytest.raises(Refused, match="mt_grows") as refused:
        joins(rooms, matter)
    assert refused.value.facts["over"] == ["参会部门 6 个，上限 5 个"]
    assert joins(rooms, matter, reason="两件事须一起定") is None
    assert matter.units == ["县水利局", "县财政局"] and rooms.sent("杨振宇", "holder")
    with pytest.raises(Refused, match="mt_change_waits"):
        joins(rooms, matter, reason="再加一项")
    decides(rooms, matter, granted=True)
    assert matter.units == SIX and matter.details["agenda"][-1] == "研究度汛"
    assert rooms.invited(matter, "县教育局").round == 2
    assert rooms.sent("马俊杰", "meeting.change_decided")[-1].facts["granted"]
    assert joins(rooms, matter, units=["县水利局"]) == ["增加议题"], "no larger than was approved"


def test_a_change_that_is_not_approved_leaves_everything_as_it_was(rooms):
    matter = rooms.call()
    before = matter.event_ends_at
    wanted = {"ends": moment("2026-12-02 12:00")}
    desk, by = rooms.office.desk_at("2026-11-24 10:00"), rooms.office.member("马俊杰")
    with pytest.raises(Refused, match="mt_grows"):
        approval.change_or_ask(desk, matter, by, wanted)
    assert approval.change_or_ask(desk, matter, by, wanted, "议题多") is None
    decides(rooms, matter, granted=False, reason="压缩到一天")
    assert (matter.state, matter.event_ends_at, matter.details.get("wanted")) == ("open", before, None)
    assert rooms.invited(matter, "县水利局").round == 1
    assert "不同意变更：压缩到一天" in rooms.sent("马俊杰", "meeting.change_decided")[-1].facts["words"]


def test_what_waits_for_its_call_to_be_approved_grows_at_once_and_the_director_sees_it(rooms):
    matter = rooms.call(pages=6, reason="情况复杂")
    assert joins(rooms, matter, reason="一起定", pages=8) == ["增加议题"]
    assert {one["name"]: one["said"] for one in matter.details["over"]} == {"参会部门": 6, "汇报材料": 8}
    assert len(rooms.sent("杨振宇", "holder")) == 1
    decides(rooms, matter, granted=True)
    assert matter.details["noticed"]


def test_a_change_that_nobody_decided_lapses_with_the_meeting(rooms):
    matter = rooms.call()
    assert joins(rooms, matter, reason="两件事须一起定") is None
    rooms.office.runs_to("2026-12-01 18:00")
    assert matter.details["held"] and not matter.details.get("wanted")
    assert rooms.sent("马俊杰", "meeting.change_lapsed")
