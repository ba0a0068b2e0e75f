"""Limits: the checked examples of rules.md, both clocks, and what must hold for any anchor."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.limits import Clock, Limit, due, in_words, parse_limit, point
from rules.working_time import Calendar, Hours, Notice

ZONE = ZoneInfo("Asia/Shanghai")
HOURS = Hours(sessions=((time(9), time(12)), (time(13, 30), time(17, 30))))
CALENDAR = Calendar(ZONE, HOURS)

INSTANTS = st.datetimes(
    datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2028-12-01"), timezones=st.just(ZONE)
)
LIMITS = st.builds(
    Limit, amount=st.integers(1, 90), unit=st.sampled_from(["min", "h", "d", "wd"]), before=st.just(False)
)
CLOCKS = st.sampled_from(["office", "round"])


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("30min", Limit(amount=30, unit="min")),
        ("2h", Limit(amount=2, unit="h")),
        ("today", Limit(amount=0, unit="today")),
        ("10wd", Limit(amount=10, unit="wd")),
        ("5d", Limit(amount=5, unit="d")),
        ("-30min", Limit(amount=30, unit="min", before=True)),
        ("-3wd", Limit(amount=3, unit="wd", before=True)),
    ],
)
def test_reading_a_limit(text: str, limit: Limit) -> None:
    assert parse_limit(text) == limit


@pytest.mark.parametrize(
    "text", ["", "30", "min", "0d", "-today", "2 h", "3w", "1.5h", "-0wd", "99999min", "2h\n"]
)
def test_a_malformed_limit_says_what_is_allowed(text: str) -> None:
    with pytest.raises(ValueError, match='"30min".*"today"'):
        parse_limit(text)


@pytest.mark.parametrize(
    ("limit", "anchor", "clock", "expected"),
    [
        # the checked examples of rules.md
        ("5wd", "2026-09-30 10:00", "office", "2026-10-13 17:30"),
        ("3wd", "2026-02-13 10:00", "office", "2026-02-25 17:30"),
        ("10d", "2026-04-25 10:00", "office", "2026-05-06 17:30"),
        ("15d", "2026-09-10 10:00", "office", "2026-09-28 17:30"),
        # minutes and hours by either clock
        ("30min", "2026-11-20 17:15", "office", "2026-11-23 09:15"),
        ("30min", "2026-11-20 17:15", "round", "2026-11-20 17:45"),
        ("2h", "2026-11-18 11:00", "office", "2026-11-18 14:30"),
        ("2h", "2026-11-18 11:00", "round", "2026-11-18 13:00"),
        # the day of receipt
        ("today", "2026-11-18 10:00", "office", "2026-11-18 17:30"),
        ("today", "2026-11-18 17:30", "office", "2026-11-19 17:30"),
        ("today", "2026-11-20 18:00", "round", "2026-11-23 17:30"),
        ("today", "2026-11-21 10:00", "office", "2026-11-23 17:30"),
        ("today", "2026-09-20 10:00", "office", "2026-09-20 17:30"),
        ("1wd", "2026-02-13 10:00", "office", "2026-02-14 17:30"),
        # before an event
        ("-30min", "2026-11-18 09:00", "round", "2026-11-18 08:30"),
        ("-30min", "2026-11-18 09:00", "office", "2026-11-17 17:00"),
        ("-3wd", "2026-11-25 09:00", "office", "2026-11-20 17:30"),
        ("-2d", "2026-11-24 09:00", "office", "2026-11-20 17:30"),
        # year end and leap day
        ("1wd", "2026-12-31 10:00", "office", "2027-01-04 17:30"),
        ("1d", "2024-02-28 10:00", "office", "2024-02-29 17:30"),
    ],
)
def test_due(limit: str, anchor: str, clock: Clock, expected: str) -> None:
    end = due(limit, at(anchor), CALENDAR, clock)
    assert end.at == at(expected) and end.at.tzinfo is UTC


@pytest.mark.parametrize(
    ("limit", "anchor", "clock", "provisional"),
    [
        ("10wd", "2026-12-25 10:00", "office", True),
        ("10wd", "2026-12-01 10:00", "office", False),
        ("2h", "2026-12-31 17:00", "office", True),
        ("2h", "2026-12-31 23:00", "round", False),
        ("-3wd", "2027-01-05 09:00", "office", True),
    ],
)
def test_a_limit_over_a_guessed_year_is_provisional(
    limit: str, anchor: str, clock: Clock, provisional: bool
) -> None:
    assert due(limit, at(anchor), CALENDAR, clock).provisional is provisional


def test_a_loaded_notice_settles_a_provisional_limit() -> None:
    notice = Notice(year=2027, off={date(2027, 1, 1): "元旦"}, worked={date(2027, 1, 3): "元旦"})
    settled = due("1wd", at("2026-12-31 10:00"), Calendar(ZONE, HOURS, {2027: notice}), "office")
    assert settled.at == at("2027-01-03 17:30") and not settled.provisional


@pytest.mark.parametrize(
    ("share", "start", "end", "clock", "expected"),
    [
        (0.5, "2026-11-18 11:45", "2026-11-18 13:45", "office", "2026-11-18 12:00"),
        (0.8, "2026-11-18 11:50", "2026-11-18 13:50", "office", "2026-11-18 13:44"),
        (0.5, "2026-11-18 11:45", "2026-11-18 13:45", "round", "2026-11-18 12:45"),
        (0.5, "2026-11-21 10:00", "2026-11-21 12:00", "office", "2026-11-21 11:00"),
    ],
)
def test_a_share_of_the_way(share: float, start: str, end: str, clock: Clock, expected: str) -> None:
    assert point(share, at(start), at(end), CALENDAR, clock) == at(expected)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (timedelta(seconds=59), "不到 1 分钟"),
        (timedelta(minutes=45), "45 分钟"),
        (timedelta(hours=2), "2 小时"),
        (timedelta(hours=2, minutes=10, seconds=30), "2 小时 10 分"),
        (timedelta(days=1, hours=3, minutes=5), "1 天 3 小时"),
        (timedelta(days=10), "10 天"),
        (-timedelta(hours=2, minutes=10), "2 小时 10 分"),
    ],
)
def test_a_length_of_time_in_words(amount: timedelta, words: str) -> None:
    assert in_words(amount) == words


@given(INSTANTS, INSTANTS, LIMITS, CLOCKS)
def test_a_later_anchor_ends_no_earlier(one: datetime, other: datetime, limit: Limit, clock: Clock) -> None:
    early, late = sorted((one, other))
    assert due(limit, early, CALENDAR, clock).at <= due(limit, late, CALENDAR, clock).at


@given(INSTANTS, LIMITS, CLOCKS)
def test_a_limit_ends_after_its_anchor_and_one_before_it_ends_before(
    anchor: datetime, limit: Limit, clock: Clock
) -> None:
    assert due(limit, anchor, CALENDAR, clock).at > anchor
    assert due(limit.model_copy(update={"before": True}), anchor, CALENDAR, clock).at < anchor


@given(INSTANTS, LIMITS)
def test_a_limit_in_office_time_ends_in_office_time(anchor: datetime, limit: Limit) -> None:
    end = due(limit, anchor, CALENDAR, "office").at
    assert CALENDAR.is_working(end - timedelta(microseconds=1))


@given(INSTANTS, LIMITS, CLOCKS, st.floats(0, 1))
def test_a_share_lies_between_its_ends(anchor: datetime, limit: Limit, clock: Clock, share: float) -> None:
    end = due(limit, anchor, CALENDAR, clock).at
    middle = point(share, anchor, end, CALENDAR, clock)
    assert middle <= end
    assert middle >= anchor
