"""Meetings: clashes, notice and answers, change, the day, minutes, counting (M1 to M7)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from acting import moment
from sqlmodel import col, select

from office import absence, move
from office.desk import Refused
from office.meetings import approval, call, change, count, day, handed_on, minutes, notice
from office.meetings.call import MeetingForm
from rules.recurring import named
from storage import journal, matters, meetings
from storage.models import Absence, Invitation, Matter, Outbox


class Meetings:
    """Meetings of the sample office."""

    def __init__(self, office) -> None:
        self.office = office

    def form(self, **fields) -> MeetingForm:
        known = {
            "title": "研究抗旱工作",
            "at": moment("2026-12-01 09:00"),
            "place": "二楼常务会议室",
            "host": "何国栋",
            "units": ["县水利局", "县财政局"],
        }
        return MeetingForm.model_validate(known | fields)

    def call(self, at_="2026-11-24 09:00", by="马俊杰", *, send=True, **fields) -> Matter:
        return call.call(self.office.desk_at(at_), self.form(**fields), self.office.member(by), send=send)

    def beside(self, **fields) -> list[call.Beside]:
        return call.beside_form(self.office.desk_at("2026-11-24 10:00"), self.form(**fields))

    def invited(self, matter: Matter, name: str) -> Invitation:
        desk = self.office.desk_at("2026-11-24 09:00")
        found = meetings.invitations(matter.id, session=desk.session)
        return next(one for one in found if one.name == name)

    def answers(self, at: str, matter: Matter, name: str, by: str, said="attends", **words) -> None:
        one = self.invited(matter, name)
        notice.answer(self.office.desk_at(at), one.id, self.office.member(by), said, **words)

    def running(self, matter: Matter):
        desk = self.office.desk_at("2026-11-24 09:00")
        return {step.key: step for step in matters.open_steps(matter.id, session=desk.session)}

    def sent(self, name: str, wording: str) -> list[Outbox]:
        return [row for row in self.office.messages(name) if row.wording == wording]

    def held(self, at: str, unit: str, by="马俊杰") -> Matter:
        """A meeting of a department that was held at that time."""
        begins = moment(at)
        called = f"{begins - timedelta(days=5):%Y-%m-%d} 09:00"
        matter = self.call(called, by, at=begins, section=unit, place="三楼会议室", host=None)
        self.office.runs_to(f"{begins + timedelta(hours=3):%Y-%m-%d %H:%M}")
        return matter


@pytest.fixture
def rooms(office) -> Meetings:
    return Meetings(office)


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


def test_a_meeting_with_outsiders_alone_lacks_nobody(rooms):
    form = rooms.form(host=None, units=[], others=["市水文局"])
    assert call.missing(rooms.office.desk_at("2026-11-24 09:00"), form) == []
    matter = rooms.call(host=None, units=[], others=["市水文局"])
    assert rooms.invited(matter, "市水文局").told_at is None
    assert rooms.sent("马俊杰", "meeting.silent")[-1].facts["rows"][0]["name"] == "市水文局"


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
