"""The rounds of duty: each is told once; who is lost or missing is reported; the hand-over waits for both."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from acting import Office
from desks import SAMPLE
from sayable import all_said, said

from office import absence, duty_hand_over, duty_log, duty_roster, emergency
from office.desk import Refused
from storage import duty
from storage.models import DutyHandOver

ROSTER = (SAMPLE / "duty.csv").read_bytes()


@pytest.fixture
def roster(office: Office) -> Iterator[Office]:
    office.runs_to("2026-11-24 09:00")
    duty_roster.import_roster(office.desk_at("2026-11-24 09:00"), "duty.csv", ROSTER)
    yield office
    assert all(all_said(office.desk_at("2026-11-24 09:00").session, "duty."))


def told(office: Office, name: str) -> list[str]:
    return [w for w in office.wordings(name) if w.startswith("duty.")]


def hand_over(office: Office, day: str) -> DutyHandOver:
    found = duty.hand_over(date.fromisoformat(day), session=office.desk_at("2026-11-24 09:00").session)
    assert found is not None
    return found


def test_an_office_without_a_roster_hears_nothing(office: Office) -> None:
    office.runs_to("2026-11-24 09:00")
    office.runs_to("2026-11-26 12:00")
    assert not [w for name in ("冯建业", "杨振宇", "赵一鸣") for w in told(office, name)]


def test_each_is_told_once(roster: Office) -> None:
    roster.runs_to("2026-11-25 10:00")
    assert told(roster, "孙可欣") == ["duty.reminder", "duty.on_now"]
    assert told(roster, "朱雪梅") == ["duty.on_now"], "on when the roster was brought in"
    roster.runs_to("2026-11-27 10:00")
    assert told(roster, "孙可欣") == ["duty.reminder", "duty.on_now"]


def test_the_stand_in_is_reminded_and_called_in(roster: Office) -> None:
    away = roster.member("李文博")
    day = date(2026, 11, 25)
    absence.record(roster.desk_at("2026-11-24 10:00"), away, day, day, by=away)
    roster.runs_to("2026-11-25 09:00")
    assert told(roster, "李文博") == []
    assert told(roster, "王海涛") == ["duty.reminder", "duty.on_now"]
    (message,) = [m for m in roster.messages("王海涛") if m.wording == "duty.reminder"]
    assert message.facts["instead"] == "李文博"


def test_a_change_after_the_reminder_is_told_at_once(roster: Office) -> None:
    roster.runs_to("2026-11-24 20:00")
    line = duty_roster.of_lines([["2026-11-25", "陈守正", "冯建业", "孙可欣"]])
    duty_roster.take_over(roster.desk_at("2026-11-24 20:00"), line, roster.member("韩冰"))
    assert told(roster, "李文博") == ["duty.reminder", "duty.off"]
    assert told(roster, "冯建业") == ["duty.reminder"]
    assert told(roster, "孙可欣") == ["duty.reminder"]


def test_the_leader_who_blocked_it_is_reported_to_the_director(roster: Office) -> None:
    roster.member("陈守正").reach = "blocked"
    roster.runs_to("2026-11-25 07:30")
    assert told(roster, "陈守正") == []
    assert told(roster, "冯建业") == ["duty.lost"]
    assert told(roster, "杨振宇") == ["duty.lost"]


def test_nobody_on_duty_is_said_at_the_change_over(roster: Office) -> None:
    roster.runs_to("2026-12-07 08:30")
    assert told(roster, "冯建业")[-1] == "duty.empty"
    assert told(roster, "杨振宇")[-1] == "duty.empty"


def test_gaps_are_pointed_out_daily(roster: Office) -> None:
    roster.runs_to("2026-11-29 10:00")
    assert "duty.gaps" not in told(roster, "冯建业"), "the roster reaches over the next seven days"
    roster.runs_to("2026-12-01 10:00")
    rows = [m for m in roster.messages("冯建业") if m.wording == "duty.gaps"]
    assert [len(m.facts["lines"]) for m in rows] == [3, 6]


def test_the_hand_over_takes_both_in_order(roster: Office) -> None:
    desk = roster.desk_at("2026-11-24 23:00")
    duty_log.write(desk, roster.member("韩冰"), "县水利局来电，水位超汛限")
    roster.runs_to("2026-11-25 08:30")
    row = hand_over(roster, "2026-11-25")
    late = roster.desk_at("2026-11-25 08:40")
    with pytest.raises(Refused, match="duty_not_yet") as caught:
        duty_hand_over.sign_in(late, row, roster.member("李文博"))
    assert "韩冰 还没有签交班" in said(caught.value)
    with pytest.raises(Refused, match="duty_not_outgoing"):
        duty_hand_over.sign_out(late, row, roster.member("李文博"))
    duty_hand_over.sign_out(late, row, roster.member("韩冰"))
    with pytest.raises(Refused, match="duty_signed") as signed:
        duty_hand_over.remark(late, row, roster.member("韩冰"), "补一句")
    assert "韩冰 08:40 签交班" in said(signed.value)
    duty_hand_over.sign_in(late, row, roster.member("李文博"))
    assert [one["text"] for one in row.items] == ["水位超汛限"]
    roster.runs_to("2026-11-25 12:00")
    assert "duty.unsigned" not in told(roster, "陈守正")


def test_items_are_those_of_the_signature(roster: Office) -> None:
    entry = duty_log.write(roster.desk_at("2026-11-24 23:00"), roster.member("韩冰"), "水位超汛限")
    roster.runs_to("2026-11-25 08:30")
    row = hand_over(roster, "2026-11-25")
    duty_hand_over.sign_out(roster.desk_at("2026-11-25 08:35"), row, roster.member("韩冰"))
    duty_log.finish(roster.desk_at("2026-11-25 08:36"), entry, roster.member("韩冰"))
    assert duty_hand_over.facts(roster.desk_at("2026-11-25 08:37"), row)["total"] == 1


def test_a_matter_of_the_duty_room_is_handed_over(roster: Office) -> None:
    matter = roster.log("2026-11-24 15:00", procedure="request", section="县政府总值班室（应急办）")
    items = duty_hand_over.open_items(roster.desk_at("2026-11-24 16:00"))
    assert items == [{"label": matter.register_no, "text": "关于预算的请示"}]


def test_an_open_emergency_comes_first(roster: Office) -> None:
    roster.log("2026-11-24 15:00", procedure="request", section="县政府总值班室（应急办）")
    desk = roster.desk_at("2026-11-24 16:00")
    opened = emergency.begin(desk, emergency.First(text="青峰乡道路塌方，2人受伤"), roster.member("韩冰"))
    items = duty_hand_over.open_items(desk)
    assert [one["label"] for one in items][0] == opened.register_no
    assert len(items) == 2


def test_not_signed_climbs_to_the_leader(roster: Office) -> None:
    roster.runs_to("2026-11-25 08:30")
    assert told(roster, "韩冰")[-1] == "duty.hand_over"
    roster.runs_to("2026-11-25 09:00")
    assert told(roster, "韩冰").count("duty.hand_over") == 2
    roster.runs_to("2026-11-25 09:30")
    assert told(roster, "陈守正").count("duty.unsigned") == 1


def test_the_same_person_again_hands_nothing_over(roster: Office) -> None:
    line = duty_roster.of_lines([["2026-11-25", "陈守正", "韩冰", "孙可欣"]])
    duty_roster.take_over(roster.desk_at("2026-11-24 10:00"), line, roster.member("冯建业"))
    roster.runs_to("2026-11-25 10:00")
    session = roster.desk_at("2026-11-25 10:00").session
    assert duty.hand_over(date(2026, 11, 25), session=session) is None
    assert told(roster, "韩冰").count("duty.on_now") == 2
