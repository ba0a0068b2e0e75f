"""Duties that come again: periods tile the calendar, points keep to working days, years end well."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from rules import recurring
from rules.policy_files import load_policy
from rules.recurring import Period, RecurringRule, Rhythm
from rules.working_time import Calendar

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = Calendar(ZONE, load_policy().calendar.hours)
RHYTHMS = st.sampled_from(get_args(Rhythm))
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
POINTS = st.builds(lambda sign, n: f"{sign}{n}wd", st.sampled_from("+-"), st.integers(1, 8))


def rule(rhythm: Rhythm, ask: str, due: str) -> RecurringRule:
    return RecurringRule(
        name="报告",
        rhythm=rhythm,
        who="director",
        ask=ask,
        due=due,
        ladder="days",
        done="confirmed",
        source="V3",
    )


@pytest.mark.parametrize(
    ("rhythm", "day", "key", "first", "last", "words"),
    [
        ("weekly", "2026-11-24", "2026-W48", "2026-11-23", "2026-11-29", "2026年第48周"),
        ("weekly", "2027-01-01", "2026-W53", "2026-12-28", "2027-01-03", "2026年第53周"),
        ("half_monthly", "2026-11-15", "2026-11上", "2026-11-01", "2026-11-15", "2026年11月上半月"),
        ("half_monthly", "2026-11-16", "2026-11下", "2026-11-16", "2026-11-30", "2026年11月下半月"),
        ("monthly", "2028-02-10", "2028-02", "2028-02-01", "2028-02-29", "2028年2月"),
        ("quarterly", "2026-12-31", "2026Q4", "2026-10-01", "2026-12-31", "2026年第4季度"),
        ("yearly", "2026-06-01", "2026", "2026-01-01", "2026-12-31", "2026年"),
    ],
)
def test_periods(rhythm: Rhythm, day: str, key: str, first: str, last: str, words: str) -> None:
    found = recurring.period_of(rhythm, date.fromisoformat(day))
    assert found == Period(rhythm, key, date.fromisoformat(first), date.fromisoformat(last))
    assert recurring.named(key) == found
    assert recurring.in_words(key) == words


@pytest.mark.parametrize(
    ("rhythm", "ask", "due", "key", "asked", "due_on"),
    [
        # an ordinary month; the 30th is a Monday
        ("monthly", "25", "-1wd", "2026-11", "2026-11-25", "2026-11-30"),
        ("monthly", "-3wd", "+2wd", "2026-11", "2026-11-26", "2026-12-02"),
        # the 25th of October is a Sunday: asked for on the Friday before, due on the Monday after
        ("monthly", "25", "25", "2026-10", "2026-10-23", "2026-10-26"),
        # September's last working day is before the national holiday, October's first after it
        ("monthly", "-1wd", "+1wd", "2026-09", "2026-09-30", "2026-10-08"),
        # 28 February 2026 is a Saturday that is worked
        ("monthly", "-2wd", "-1wd", "2026-02", "2026-02-27", "2026-02-28"),
        ("monthly", "31", "31", "2026-02", "2026-02-28", "2026-02-28"),
        # a week in which nobody works moves to the first day after it
        ("weekly", "-2wd", "-1wd", "2026-W08", "2026-02-24", "2026-02-24"),
        # 1 October begins the holiday: two working days of that week are left
        ("weekly", "-5wd", "-1wd", "2026-W40", "2026-09-28", "2026-09-30"),
        # asked for after it is due: on the day it is due
        ("monthly", "+3wd", "-1wd", "2026-11", "2026-11-30", "2026-11-30"),
        ("yearly", "-3wd", "+5wd", "2025", "2025-12-29", "2026-01-08"),  # Sunday the 4th is worked
    ],
)
def test_when(rhythm: Rhythm, ask: str, due: str, key: str, asked: str, due_on: str) -> None:
    found = recurring.when(rule(rhythm, ask, due), recurring.named(key), CALENDAR)
    local = [CALENDAR.local(at) for at in found[:2]]
    assert [f"{at:%Y-%m-%d %H:%M}" for at in local] == [f"{asked} 09:00", f"{due_on} 17:30"]
    assert not found.provisional


def test_a_year_without_a_notice_is_provisional() -> None:
    assert recurring.when(rule("monthly", "-3wd", "+2wd"), recurring.named("2026-12"), CALENDAR).provisional
    assert not recurring.when(
        rule("monthly", "-3wd", "-1wd"), recurring.named("2026-12"), CALENDAR
    ).provisional


@pytest.mark.parametrize(
    ("rhythm", "ask", "due"),
    [("monthly", "3wd", "-1wd"), ("monthly", "-1wd", "32"), ("monthly", "0", "1"), ("weekly", "-1wd", "5")],
)
def test_what_is_no_point_is_refused(rhythm: Rhythm, ask: str, due: str) -> None:
    with pytest.raises(ValidationError):
        rule(rhythm, ask, due)


@pytest.mark.parametrize("key", ["2026-13", "2026-W54", "2026Q5", "26-11", "2026-11中"])
def test_what_names_no_period_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="period|month|week"):
        recurring.named(key)


@given(rhythm=RHYTHMS, day=DAYS)
def test_periods_follow_each_other_without_gap_or_double(rhythm: Rhythm, day: date) -> None:
    period = recurring.period_of(rhythm, day)
    assert period.first <= day <= period.last
    following = recurring.after(period)
    assert following.first == period.last + timedelta(days=1)
    assert following.key != period.key
    assert recurring.before(following) == period
    assert recurring.named(period.key) == period


@settings(max_examples=60, deadline=None)
@given(rhythm=RHYTHMS, day=DAYS, ask=POINTS, due=POINTS)
def test_asked_for_before_it_is_due_and_given_up_after(rhythm: Rhythm, day: date, ask: str, due: str) -> None:
    one = rule(rhythm, ask, due)
    period = recurring.period_of(rhythm, day)
    found = recurring.when(one, period, CALENDAR)
    assert found.asks_at < found.due_at <= recurring.gives_way_at(one, period, CALENDAR)
    assert CALENDAR.is_working_day(CALENDAR.local(found.asks_at).date())
    assert CALENDAR.is_working_day(CALENDAR.local(found.due_at).date())
    later = recurring.when(one, recurring.after(period), CALENDAR)
    assert found.asks_at <= later.asks_at and found.due_at <= later.due_at


@settings(max_examples=60, deadline=None)
@given(rhythm=RHYTHMS, day=DAYS, hour=st.integers(0, 23), ask=POINTS, due=POINTS)
def test_a_duty_begins_with_the_first_period_still_to_be_asked_for(
    rhythm: Rhythm, day: date, hour: int, ask: str, due: str
) -> None:
    one, now = rule(rhythm, ask, due), datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    first = recurring.first_after(one, now, CALENDAR)
    assert recurring.when(one, first, CALENDAR).asks_at > now
    earliest = recurring.before(recurring.period_of(rhythm, CALENDAR.local(now).date()))
    if first != earliest:
        assert recurring.when(one, recurring.before(first), CALENDAR).asks_at <= now
