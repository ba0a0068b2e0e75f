"""A matter's way through its steps: who may sign, what is refused, where it goes next (D7, D8)."""

from __future__ import annotations

import pytest

from office import close, move
from office.desk import Refused

ROUTE = ["李文博", "许文斌", "杨振宇", "周明远", "陈守正", "李文博", "许文斌", "杨振宇", "李文博"]


def test_a_request_goes_through_every_hand_and_each_signs(office):
    matter = office.log("2026-11-24 09:00", procedure="request")
    held = []
    for minute, _ in enumerate(ROUTE[:-1]):
        held.append(office.holder(matter))
        desk = office.desk_at(f"2026-11-24 09:{minute + 1:02}")
        move.sign(desk, office.step(matter).id, office.member(held[-1]), None)
    held.append(office.holder(matter))
    assert held == ROUTE
    done = close.close(
        office.desk_at("2026-11-24 11:00"),
        office.step(matter).id,
        office.member("李文博"),
        "已批复",
        "云政复〔2026〕3号",
    )
    assert (done.state, done.result, done.reply_no) == ("closed", "已批复", "云政复〔2026〕3号")


def test_closing_before_every_step_is_signed_names_what_is_missing(office):
    matter = office.log("2026-11-24 09:00", procedure="request")
    with pytest.raises(Refused) as refused:
        close.close(
            office.desk_at("2026-11-24 09:05"), office.step(matter).id, office.member("李文博"), "已办"
        )
    assert refused.value.reason == "steps_missing"
    assert len(refused.value.facts["steps"]) == 8


def test_somebody_else_may_not_sign_and_is_told_who_holds_it(office):
    matter = office.log("2026-11-24 09:00", procedure="request")
    with pytest.raises(Refused) as refused:
        move.sign(office.desk_at("2026-11-24 09:05"), office.step(matter).id, office.member("郭永强"))
    assert refused.value.reason == "not_holder"
    assert refused.value.facts["holder"] == "李文博"


def test_an_old_button_is_answered_with_what_is_so_now(office):
    matter = office.log("2026-11-24 09:00", procedure="request")
    first = office.step(matter).id
    move.sign(office.desk_at("2026-11-24 09:05"), first, office.member("李文博"))
    with pytest.raises(Refused) as refused:
        move.sign(office.desk_at("2026-11-24 09:06"), first, office.member("李文博"))
    assert refused.value.reason == "step_over"
    assert refused.value.facts["steps"][0]["holder"] == "许文斌"


def test_handing_over_keeps_the_limit_and_moves_the_section(office):
    matter = office.log("2026-11-24 09:00", procedure="request")
    due = office.step(matter).due_at
    move.hand_over(
        office.desk_at("2026-11-24 09:10"),
        office.step(matter).id,
        office.member("李文博"),
        office.member("张志远"),
    )
    assert (office.holder(matter), matter.section, office.step(matter).due_at) == ("张志远", "秘书一科", due)
    assert office.wordings("张志远") == ["holder"]


def test_sent_back_from_the_first_step_it_is_the_registrars_again(office):
    matter = office.log("2026-11-24 09:00", procedure="request")
    move.send_back(
        office.desk_at("2026-11-24 09:10"), office.step(matter).id, office.member("李文博"), "不属我科"
    )
    assert office.holder(matter) == "王思雨"


def test_sent_back_from_a_later_step_the_one_before_begins_again(office):
    matter = office.log("2026-11-24 09:00", procedure="request")
    move.sign(office.desk_at("2026-11-24 09:05"), office.step(matter).id, office.member("李文博"))
    move.sign(office.desk_at("2026-11-24 09:06"), office.step(matter).id, office.member("许文斌"))
    step = move.send_back(
        office.desk_at("2026-11-24 09:10"), office.step(matter).id, office.member("杨振宇"), "缺测算"
    )
    assert (step.key, step.cycle, office.holder(matter)) == ("propose", 1, "许文斌")


def test_a_document_is_returned_to_its_sender_only_before_it_is_taken_on(office):
    matter = office.log("2026-11-24 09:00", procedure="request")
    move.sign(office.desk_at("2026-11-24 09:05"), office.step(matter).id, office.member("李文博"))
    with pytest.raises(Refused, match="too_late_to_return"):
        close.return_to_sender(
            office.desk_at("2026-11-24 09:10"), office.step(matter).id, office.member("王思雨"), "未盖章"
        )


def test_a_return_the_same_day_is_on_time(office):
    matter = office.log("2026-11-24 09:00", procedure="request")
    step_id = office.step(matter).id
    returned = close.return_to_sender(
        office.desk_at("2026-11-24 16:00"), step_id, office.member("王思雨"), "未盖章"
    )
    assert (returned.state, returned.result) == ("returned", "未盖章")


def test_a_log_is_undone_within_a_minute_and_its_number_stays_used(office):
    first = office.log("2026-11-24 09:00", procedure="request")
    close.undo(office.desk_at("2026-11-24 09:00:50"), first.id, office.member("王思雨"))
    second = office.log("2026-11-24 09:01", procedure="request")
    assert (first.state, second.number) == ("void", first.number + 1)
    with pytest.raises(Refused, match="undo_too_late"):
        close.undo(office.desk_at("2026-11-24 09:02:01"), second.id, office.member("王思雨"))


def test_circulation_opens_a_step_for_each_reader_and_is_filed_when_all_have_read(office):
    from storage import matters

    readers = ["许文斌", "沈慧敏", "吕承志"]
    matter = office.log("2026-11-24 09:00", procedure="circulation", scope=readers, section=None)
    session = office.desk_at("2026-11-24 09:00").session
    for name in readers:
        assert len(matters.open_steps(matter.id, session=session)) > 0
        mine = next(
            s for s in matters.open_steps(matter.id, session=session) if s.holder_id == office.member(name).id
        )
        move.sign(office.desk_at("2026-11-24 10:00"), mine.id, office.member(name))
    assert (office.step(matter).key, office.holder(matter)) == ("file", "王思雨")


def test_the_stand_in_may_take_over_but_a_stranger_to_it_may_not(office):
    matter = office.log("2026-11-24 09:00", procedure="request")
    with pytest.raises(Refused, match="not_above"):
        move.take_over(office.desk_at("2026-11-24 09:40"), office.step(matter).id, office.member("郭永强"))
    move.take_over(office.desk_at("2026-11-24 09:41"), office.step(matter).id, office.member("王海涛"))
    assert office.holder(matter) == "王海涛"


def test_an_urgent_paper_may_go_straight_to_the_chief_leader_and_the_other_is_told(office):
    matter = office.log("2026-11-24 09:00", procedure="urgent", urgency="特急")
    move.sign(office.desk_at("2026-11-24 09:02"), office.step(matter).id, office.member("李文博"))
    move.shortcut(office.desk_at("2026-11-24 09:04"), office.step(matter).id, office.member("杨振宇"))
    assert (office.step(matter).key, office.holder(matter)) == ("chief", "陈守正")
    assert office.wordings("周明远") == ["note.passed"]
