"""Who is on duty: change-over, month's end, gaps, leave; who keeps the roster; gaps ahead."""

from __future__ import annotations

from datetime import date

import pytest
from acting import Office, moment
from desks import SAMPLE

from office import absence, duty_roster, duty_watch
from office.duty import OnDuty, day_of, keeper, may_keep, on_duty, week

ROSTER = (SAMPLE / "duty.csv").read_bytes()


def names(on: OnDuty) -> list[str | None]:
    return [one.name if one else None for one in (on.leader, on.first, on.second)]


@pytest.fixture
def roster(office: Office) -> Office:
    duty_roster.import_roster(office.desk_at("2026-11-20 09:00"), "duty.csv", ROSTER)
    return office


@pytest.mark.parametrize(
    ("at", "day", "expected"),
    [
        ("2026-11-25 08:29", "2026-11-24", ["苏雅琴", "韩冰", "朱雪梅"]),
        ("2026-11-25 08:30", "2026-11-25", ["陈守正", "李文博", "孙可欣"]),
        ("2026-11-25 23:59", "2026-11-25", ["陈守正", "李文博", "孙可欣"]),
        ("2026-11-26 00:00", "2026-11-25", ["陈守正", "李文博", "孙可欣"]),
        ("2026-11-30 23:30", "2026-11-30", ["陈守正", "曹宇航", "梁志刚"]),
        ("2026-12-01 08:29", "2026-11-30", ["陈守正", "曹宇航", "梁志刚"]),
        ("2026-12-01 08:30", "2026-12-01", ["周明远", "张建平", "孟晓棠"]),
        ("2026-12-07 08:29", "2026-12-06", ["周明远", "徐浩然", "高子涵"]),
        ("2026-12-07 08:30", "2026-12-07", [None, None, None]),
        ("2026-11-16 08:29", "2026-11-15", [None, None, None]),
    ],
)
def test_change_over(roster: Office, at: str, day: str, expected: list[str | None]) -> None:
    on = on_duty(roster.desk_at(at), moment(at))
    assert on.day == date.fromisoformat(day) == day_of(roster.desk_at(at), moment(at))
    assert names(on) == expected


def test_nobody_on_an_empty_roster(office: Office) -> None:
    on = on_duty(office.desk_at("2026-11-25 10:00"), moment("2026-11-25 10:00"))
    assert names(on) == [None, None, None]
    assert on.members() == []


def test_the_stand_in_acts_during_leave(roster: Office) -> None:
    away = roster.member("李文博")
    desk = roster.desk_at("2026-11-24 09:00")
    absence.record(desk, away, date(2026, 11, 25), date(2026, 11, 25), by=away)
    on = on_duty(desk, moment("2026-11-25 12:00"))
    assert names(on) == ["陈守正", "王海涛", "孙可欣"]
    assert {post: one.name for post, one in on.instead.items()} == {"first": "李文博"}
    after_midnight = on_duty(desk, moment("2026-11-26 01:00"))
    assert names(after_midnight)[1] == "李文博"
    assert not after_midnight.instead


def test_without_a_stand_in_the_post_stays(roster: Office) -> None:
    away = roster.member("李文博")
    away.stand_in = None
    desk = roster.desk_at("2026-11-24 09:00")
    absence.record(desk, away, date(2026, 11, 25), date(2026, 11, 25), by=away)
    assert names(on_duty(desk, moment("2026-11-25 12:00")))[1] == "李文博"
    assert duty_watch.gaps_ahead(desk, date(2026, 11, 25), 1) == [
        {"day": "2026-11-25", "post": "主班", "why": "李文博 请假，无人代"}
    ]


def test_who_has_left_is_stood_in_for_or_missing(roster: Office) -> None:
    desk = roster.desk_at("2026-11-24 09:00")
    gone = roster.member("李文博")
    gone.active = False
    assert names(on_duty(desk, moment("2026-11-25 12:00")))[1] == "王海涛"
    gone.stand_in = None
    assert names(on_duty(desk, moment("2026-11-25 12:00")))[1] is None
    assert duty_watch.gaps_ahead(desk, date(2026, 11, 25), 1)[0]["why"] == "李文博 已离岗"


def test_gaps_at_the_end_of_the_roster(roster: Office) -> None:
    desk = roster.desk_at("2026-12-05 09:00")
    found = duty_watch.gaps_ahead(desk, date(2026, 12, 5), 3)
    assert [(one["day"], one["post"], one["why"]) for one in found] == [
        ("2026-12-07", "带班领导", "未排"),
        ("2026-12-07", "主班", "未排"),
        ("2026-12-07", "副班", "未排"),
    ]


def test_a_stand_in_who_is_on_himself_is_a_gap(roster: Office) -> None:
    desk = roster.desk_at("2026-11-24 09:00")
    away = roster.member("张志远")
    away.stand_in = "邓佳琪"
    absence.record(desk, away, date(2026, 11, 26), date(2026, 11, 26), by=away)
    (gap,) = duty_watch.gaps_ahead(desk, date(2026, 11, 26), 1)
    assert gap["why"] == "张志远 请假，代班的 邓佳琪 当天另有班"


def test_the_keeper(roster: Office) -> None:
    desk = roster.desk_at("2026-11-24 09:00")
    assert (found := keeper(desk)) is not None and found.name == "冯建业"
    line = duty_roster.of_lines([["2026-11-28", "何国栋", "徐浩然", "赵一鸣"]])
    duty_roster.take_over(desk, line, roster.member("韩冰"))
    assert (found := keeper(desk)) is not None and found.name == "韩冰"


@pytest.mark.parametrize(
    ("name", "may"),
    [("冯建业", True), ("曹宇航", True), ("赵一鸣", True), ("杨振宇", True), ("李文博", False)],
)
def test_who_may_keep_it(roster: Office, name: str, may: bool) -> None:
    assert may_keep(roster.desk_at("2026-11-24 09:00"), roster.member(name)) is may


def test_the_week(roster: Office) -> None:
    days = week(roster.desk_at("2026-11-24 09:00"), date(2026, 11, 29), 3)
    assert [(one.day.isoformat(), names(one)[1]) for one in days] == [
        ("2026-11-29", "马俊杰"),
        ("2026-11-30", "曹宇航"),
        ("2026-12-01", "张建平"),
    ]
