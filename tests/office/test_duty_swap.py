"""Swaps: the other agrees, the duty leader consents, the roster changes; every other end leaves it alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from acting import Office, moment
from desks import SAMPLE
from sayable import all_said, said
from sqlmodel import select

from office import absence, duty_roster, duty_swap
from office.desk import Refused
from office.duty import on_duty
from storage.models import DutySwap, Entry

ASKED = "2026-11-24 09:00"
D26, D24, D20 = date(2026, 11, 26), date(2026, 11, 24), date(2026, 11, 20)


@pytest.fixture
def roster(office: Office) -> Iterator[Office]:
    content = (SAMPLE / "duty.csv").read_bytes()
    duty_roster.import_roster(office.desk_at("2026-11-20 09:00"), "duty.csv", content)
    yield office
    assert all(all_said(office.desk_at(ASKED).session, "duty."))


def ask(office: Office, by: str, other: str, *days: date) -> DutySwap:
    return duty_swap.ask(office.desk_at(ASKED), office.member(by), office.member(other), days)


def on(office: Office, day: str) -> list[str | None]:
    found = on_duty(office.desk_at(ASKED), moment(f"{day} 12:00"))
    return [one.name if one else None for one in (found.leader, found.first, found.second)]


def acts(office: Office) -> list[str]:
    rows = office.desk_at(ASKED).session.exec(select(Entry).order_by(Entry.id))  # type: ignore[arg-type]
    return [one.act.removeprefix("duty_swap_") for one in rows if one.act.startswith("duty_swap_")]


def test_granted(roster: Office) -> None:
    swap = ask(roster, "张志远", "李文博", D26)
    assert on(roster, "2026-11-26") == ["周明远", "张志远", "邓佳琪"]
    duty_swap.agree(roster.desk_at(ASKED), swap, roster.member("李文博"))
    assert on(roster, "2026-11-26") == ["周明远", "张志远", "邓佳琪"]
    duty_swap.grant(roster.desk_at(ASKED), swap, roster.member("周明远"))
    assert on(roster, "2026-11-26") == ["周明远", "李文博", "邓佳琪"]
    assert acts(roster) == ["asked", "agreed", "granted"]
    assert roster.wordings("张志远")[-1] == "duty.swap_granted"


def test_two_days_are_exchanged(roster: Office) -> None:
    swap = ask(roster, "张志远", "李文博", D26, date(2026, 12, 3))
    duty_swap.agree(roster.desk_at(ASKED), swap, roster.member("李文博"))
    duty_swap.grant(roster.desk_at(ASKED), swap, roster.member("周明远"))
    assert on(roster, "2026-11-26")[1] == "李文博"
    assert on(roster, "2026-12-03")[1] == "张志远"


def test_two_of_the_same_day_change_posts(roster: Office) -> None:
    swap = ask(roster, "张志远", "邓佳琪", D26)
    duty_swap.agree(roster.desk_at(ASKED), swap, roster.member("邓佳琪"))
    duty_swap.grant(roster.desk_at(ASKED), swap, roster.member("周明远"))
    assert on(roster, "2026-11-26") == ["周明远", "邓佳琪", "张志远"]


def test_the_leader_himself_swaps_with_the_directors_consent(roster: Office) -> None:
    swap = ask(roster, "周明远", "何国栋", D26)
    duty_swap.agree(roster.desk_at(ASKED), swap, roster.member("何国栋"))
    with pytest.raises(Refused, match="duty_swap_not_yours"):
        duty_swap.grant(roster.desk_at(ASKED), swap, roster.member("周明远"))
    duty_swap.grant(roster.desk_at(ASKED), swap, roster.member("杨振宇"))
    assert on(roster, "2026-11-26")[0] == "何国栋"


def test_declined_refused_withdrawn(roster: Office) -> None:
    duty_swap.decline(roster.desk_at(ASKED), ask(roster, "张志远", "李文博", D26), roster.member("李文博"))
    second = ask(roster, "张志远", "李文博", D26)
    duty_swap.agree(roster.desk_at(ASKED), second, roster.member("李文博"))
    duty_swap.refuse(roster.desk_at(ASKED), second, roster.member("周明远"))
    third = ask(roster, "张志远", "李文博", D26)
    duty_swap.withdraw(roster.desk_at(ASKED), third, roster.member("张志远"))
    with pytest.raises(Refused, match="duty_swap_over"):
        duty_swap.agree(roster.desk_at(ASKED), third, roster.member("李文博"))
    assert on(roster, "2026-11-26")[1] == "张志远"
    assert acts(roster) == ["asked", "declined", "asked", "agreed", "refused", "asked", "withdrawn"]


def test_undecided_it_lapses_at_the_change_over(roster: Office) -> None:
    swap = ask(roster, "张志远", "李文博", D26)
    roster.runs_to("2026-11-26 08:29")
    assert swap.state == "asked"
    roster.runs_to("2026-11-26 08:30")
    assert swap.state == "lapsed"
    assert "duty.swap_lapsed" in roster.wordings("张志远")
    assert on(roster, "2026-11-26")[1] == "张志远"


def test_granted_too_late_for_how_things_are_now(roster: Office) -> None:
    swap = ask(roster, "张志远", "李文博", D26)
    duty_swap.agree(roster.desk_at(ASKED), swap, roster.member("李文博"))
    absence.record(roster.desk_at(ASKED), roster.member("李文博"), D26, D26, by=roster.member("李文博"))
    with pytest.raises(Refused, match="duty_swap_away"):
        duty_swap.grant(roster.desk_at(ASKED), swap, roster.member("周明远"))


@pytest.mark.parametrize(
    ("by", "other", "days", "reason"),
    [
        ("张志远", "张志远", [D26], "duty_swap_self"),
        ("张志远", "李文博", [], "duty_swap_days"),
        ("张志远", "李文博", [D26, D26], "duty_swap_days"),
        ("韩冰", "李文博", [D24], "duty_swap_begun"),
        ("陈守正", "李文博", [D20], "duty_swap_begun"),
        ("王海涛", "刘景行", [D26], "duty_swap_not_on"),
        ("张志远", "李文博", [date(2026, 12, 20)], "duty_swap_not_on"),
    ],
)
def test_refused_at_once(roster: Office, by: str, other: str, days: list[date], reason: str) -> None:
    with pytest.raises(Refused, match=reason) as caught:
        ask(roster, by, other, *days)
    assert said(caught.value)


def test_one_at_a_time_and_only_with_who_can_be_told(roster: Office) -> None:
    ask(roster, "张志远", "李文博", D26)
    with pytest.raises(Refused, match="duty_swap_open"):
        ask(roster, "张志远", "王海涛", D26)
    roster.member("王海涛").reach = "blocked"
    with pytest.raises(Refused, match="duty_swap_unreachable"):
        ask(roster, "邓佳琪", "王海涛", D26)
