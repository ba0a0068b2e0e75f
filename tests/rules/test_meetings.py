"""Meetings as rules: caps, clashes, merging, quarters (M1 to M7)."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rules.meetings import Plan, Slot, clash, could_merge, may_sign_in, over_caps, rises
from rules.policy_files import load_policy

ZONE = ZoneInfo("Asia/Shanghai")
RULE = load_policy().meetings
NINE = datetime(2026, 12, 1, 9, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("kind", "plan", "over"),
    [
        ("ordinary", Plan(5, 4, 5, 15, 1), []),
        ("ordinary", Plan(5, None, None, None, 1), []),
        ("ordinary", Plan(6, 5, 6, 16, 2), ["参会部门", "汇报材料", "汇报时间", "领导讲话", "会期"]),
        ("whole", Plan(5, 4, 5, 30, 1), []),
        ("whole", Plan(5, 4, 5, 31, 1), ["领导讲话"]),
    ],
)
def test_caps(kind, plan, over):
    assert [one.name for one in over_caps(RULE.kind(kind), plan)] == over


def test_a_kind_is_told_by_the_title():
    assert RULE.kind_said("全县经济工作会议").key == "whole"
    assert RULE.kind_said("研究抗旱").key == "ordinary"


def slot(hours: float, people: str = "", units: str = "", place: str | None = None) -> Slot:
    begins = NINE + timedelta(hours=hours)
    return Slot(begins, begins + timedelta(hours=2), place, frozenset(people), frozenset(units))


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (slot(1, "甲", place="二楼"), (True, ["甲"])),
        (slot(-1, "乙", place="二楼"), (True, [])),
        (slot(2, "甲", place="二楼"), (False, [])),
        (slot(-2, "甲", place="二楼"), (False, [])),
        (slot(1, "甲", place=None), (False, ["甲"])),
    ],
)
def test_clashes(other, found):
    assert clash(slot(0, "甲丙", place="二楼"), other) == found


@pytest.mark.parametrize(
    ("other", "merge"),
    [
        (slot(24, units="ABC"), True),
        (slot(24, units="ABX"), True),
        (slot(24, units="AXY"), False),
        (slot(73, units="ABC"), False),
        (slot(24), False),
    ],
)
def test_merging_is_offered_where_the_same_meet_near_that_time(other, merge):
    assert could_merge(slot(0, units="ABC"), other, RULE.merge) is merge


@pytest.mark.parametrize(("minutes", "may"), [(-31, False), (-30, True), (0, True), (60, True), (61, False)])
def test_signing_in_is_open_around_the_beginning(minutes, may):
    assert may_sign_in(NINE + timedelta(minutes=minutes), NINE, RULE.sign_in) is may


@pytest.mark.parametrize(
    ("counts", "in_a_row"),
    [([], 0), ([3], 0), ([1, 2], 1), ([1, 2, 3], 2), ([2, 1, 3], 1), ([1, 2, 2], 0), ([0, 1, 2, 3], 3)],
)
def test_how_often_in_a_row_a_number_rose(counts, in_a_row):
    assert rises(counts) == in_a_row
