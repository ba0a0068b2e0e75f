"""Instructions reach everyone they name within thirty minutes, each one confirming (E3)."""

from __future__ import annotations

import pytest
from acting import moment
from sqlmodel import select

from office import delivered, instruct
from office.desk import Refused
from storage import emergencies
from storage.models import Clock, Outbox

FIVE = ("县水利局", "县应急管理局", "县公安局", "县卫生健康局", "石桥镇人民政府")


@pytest.fixture
def matter(duty_room):
    return duty_room.reported()


def test_everybody_named_gets_the_exact_words(duty_room, matter):
    given = duty_room.instructs(
        matter, "2026-11-24 03:00", FIVE, ["许文斌"], words="请全力搜救，严防次生灾害。"
    )
    rows = emergencies.receipts(given.id, session=duty_room.any_desk.session)
    names = [
        duty_room.any_desk.session.get_one(type(duty_room.member("许文斌")), r.member_id).name for r in rows
    ]
    assert names == ["魏长河", "方永安", "董立新", "范文静", "廖志成", "许文斌"]
    assert given.words == "请全力搜救，严防次生灾害。"
    assert all(duty_room.messages(name)[-1].wording == "order" for name in names)
    assert duty_room.step_of(matter, "convey").due_at == moment("2026-11-24 03:30")


def test_each_confirms_for_himself_and_the_last_one_closes_the_clock(duty_room, matter):
    given = duty_room.instructs(matter, "2026-11-24 03:00", FIVE[:2])
    first = duty_room.member("魏长河")
    instruct.confirm(duty_room.desk_at("2026-11-24 03:05"), given.step_id, first)
    instruct.confirm(duty_room.desk_at("2026-11-24 03:06"), given.step_id, first)
    assert [one.name for one in instruct.silent(duty_room.any_desk, given)] == ["方永安"]
    assert duty_room.running(matter, "convey") is not None
    instruct.confirm(duty_room.desk_at("2026-11-24 03:10"), given.step_id, duty_room.member("方永安"))
    assert duty_room.running(matter, "convey") is None
    assert duty_room.acts(matter).count("confirmed") == 2
    duty_room.runs_to("2026-11-24 03:29")
    assert not duty_room.told("方永安", "emergency.chase")


def test_one_who_is_silent_is_told_again_and_it_climbs_at_the_limit(duty_room, matter):
    given = duty_room.instructs(matter, "2026-11-24 03:00", FIVE)
    for name in ("魏长河", "方永安", "董立新", "范文静"):
        instruct.confirm(duty_room.desk_at("2026-11-24 03:02"), given.step_id, duty_room.member(name))
    duty_room.runs_to("2026-11-24 03:41")
    assert [row.facts["words"] for row in duty_room.told("廖志成", "emergency.chase")] == ["请全力搜救"] * 2
    assert not duty_room.told("魏长河", "emergency.chase")
    step = duty_room.step_of(matter, "convey")
    rang = [row.facts for row in duty_room.told("张建平", "emergency.reminder")]
    of_step = [facts["rang"] for facts in rang if facts["step"] == "传达批示"]
    assert of_step == ["remind", "remind", "due", "overdue"]
    assert ("03:31", "何国栋") in duty_room.rang(matter, "climbed")
    assert ("03:40", "杨振宇") in duty_room.rang(matter, "climbed")
    assert step.state == "open"


def test_each_instruction_has_a_clock_of_its_own(duty_room, matter):
    one = duty_room.instructs(matter, "2026-11-24 03:00", FIVE[:1])
    two = duty_room.instructs(matter, "2026-11-24 03:10", FIVE[:2], leader="陈守正")
    assert (one.number, two.number) == (1, 2)
    instruct.confirm(duty_room.desk_at("2026-11-24 03:15"), one.step_id, duty_room.member("魏长河"))
    assert [s.due_at for s in [duty_room.step_of(matter, "convey")]] == [moment("2026-11-24 03:40")]


def test_who_cannot_be_reached_is_named_to_officer_and_leader_at_once_and_may_be_phoned(duty_room, matter):
    duty_room.member("魏长河").reach = "never"
    given = duty_room.instructs(matter, "2026-11-24 03:00", FIVE[:1])
    duty_room.runs_to("2026-11-24 03:00:30")
    for name in ("张建平", "何国栋"):
        assert duty_room.told(name, "emergency.unreached")[0].facts["name"] == "魏长河"
    desk = duty_room.desk_at("2026-11-24 03:08")
    at = moment("2026-11-24 03:06")
    instruct.conveyed(desk, given.step_id, duty_room.member("魏长河"), at, duty_room.member("张建平"))
    assert duty_room.running(matter, "convey") is None


def test_a_card_that_telegram_refuses_counts_as_not_reached(duty_room, matter):
    given = duty_room.instructs(matter, "2026-11-24 03:00", FIVE[:1])
    desk = duty_room.desk_at("2026-11-24 03:00:05")
    row = duty_room.messages("魏长河")[-1]
    for _ in range(2):  # once more where the answer to the commit was lost
        delivered.refused(desk, row.id, "blocked", "Forbidden")
        desk.session.flush()
        desk.session.expire_all()
    asked = select(Clock).where(Clock.kind == instruct.UNREACHED, Clock.matter_id == matter.id)
    assert len(desk.session.exec(asked).all()) == 1
    duty_room.runs_to("2026-11-24 03:00:30")
    assert duty_room.told("张建平", "emergency.unreached")
    receipt = emergencies.receipt(given.id, duty_room.member("魏长河").id, session=desk.session)
    assert receipt.told_at is None


@pytest.mark.parametrize(
    ("leader", "by", "units", "reason"),
    [
        ("何国栋", "何国栋", (), "nobody_meant"),
        ("李文博", "张建平", FIVE, "em_no_leader"),
        ("何国栋", "蔡建军", FIVE, "em_not_yours"),
    ],
)
def test_what_is_refused(duty_room, matter, leader, by, units, reason):
    desk = duty_room.desk_at("2026-11-24 03:00")
    leader, by = duty_room.member(leader), duty_room.member(by)
    with pytest.raises(Refused) as refused:
        instruct.give(desk, matter, leader, "请全力搜救", units=units, by=by)
    assert refused.value.reason == reason


def test_somebody_it_does_not_name_cannot_confirm(duty_room, matter):
    given = duty_room.instructs(matter, "2026-11-24 03:00", FIVE[:1])
    with pytest.raises(Refused) as refused:
        instruct.confirm(duty_room.any_desk, given.step_id, duty_room.member("蔡建军"))
    assert refused.value.reason == "em_not_named"


def test_a_duty_officer_passes_a_leaders_words_on(duty_room, matter):
    desk, officer = duty_room.desk_at("2026-11-24 03:00"), duty_room.member("张建平")
    instruct.give(desk, matter, duty_room.member("陈守正"), "请全力搜救", units=FIVE[:1], by=officer)
    assert [row.wording for row in duty_room.messages("陈守正")] == ["order"]
    assert all(isinstance(row, Outbox) and row.priority == 0 for row in duty_room.messages("魏长河"))
