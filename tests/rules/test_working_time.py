"""Office time: the published calendar day by day, examples, and what must hold for any instant."""

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rules.working_time import CERTAIN_YEARS, Calendar, Hours, Notice, notices_from

ZONE = ZoneInfo("Asia/Shanghai")
HOURS = Hours(sessions=((time(9), time(12)), (time(13, 30), time(17, 30))))
CALENDAR = Calendar(ZONE, HOURS)
PUBLISHED = Path(__file__).resolve().parents[2] / ".." / "shared" / "calendar"

INSTANTS = st.datetimes(
    datetime.fromisoformat("2019-12-01"), datetime.fromisoformat("2029-02-01"), timezones=st.just(ZONE)
)
SPANS = st.timedeltas(timedelta(0), timedelta(hours=400))
DAYS = st.dates(date(2019, 1, 1), date(2030, 12, 31))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def published(year: int) -> dict[str, object]:
    path = PUBLISHED / f"{year}.json"
    if not path.is_file():
        pytest.skip(f"no published calendar at shared/calendar/{year}.json beside the checkout")
    document: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return document


@pytest.mark.parametrize("year", CERTAIN_YEARS)
@pytest.mark.parametrize("loaded", [False, True], ids=["library alone", "notice loaded"])
def test_every_day_of_the_published_years(year: int, loaded: bool) -> None:
    notices = notices_from(published(year))
    calendar = Calendar(ZONE, HOURS, notices if loaded else {})
    notice = notices[year]
    day = date(year, 1, 1)
    while day.year == year:
        expected = day in notice.worked or (day.weekday() < 5 and day not in notice.off)
        if not any(day in later.off for later in notices_of_next(year)):
            assert calendar.is_working_day(day) is expected, day
        assert not calendar.is_provisional(day)
        day += timedelta(days=1)


def notices_of_next(year: int) -> list[Notice]:
    path = PUBLISHED / f"{year + 1}.json"
    return list(notices_from(json.loads(path.read_text(encoding="utf-8"))).values()) if path.is_file() else []


def test_a_notice_may_reach_into_december_before_its_year() -> None:
    notice = notices_from(published(2023))[2023]
    assert date(2022, 12, 31) in notice.off
    calendar = Calendar(ZONE, HOURS, {2023: notice})
    assert calendar.holiday_name(date(2022, 12, 31)) == "元旦"
    assert not calendar.is_provisional(date(2023, 1, 1)) and calendar.is_provisional(date(2022, 12, 31))


def test_a_notice_lies_over_the_library() -> None:
    notice = Notice(
        year=2027,
        off={date(2027, 1, 1): "元旦", date(2027, 2, 12): "春节"},
        worked={date(2027, 2, 20): "春节"},
    )
    guessed, told = CALENDAR, Calendar(ZONE, HOURS, {2027: notice})
    assert guessed.is_provisional(date(2027, 2, 20)) and not told.is_provisional(date(2027, 2, 20))
    assert guessed.is_working_day(date(2027, 2, 12)) and not told.is_working_day(date(2027, 2, 12))
    assert not guessed.is_working_day(date(2027, 2, 20)) and told.is_working_day(date(2027, 2, 20))
    assert not guessed.is_working_day(date(2027, 10, 1)) and told.is_working_day(date(2027, 10, 1))
    assert told.holiday_name(date(2027, 2, 12)) == "春节" and told.holiday_name(date(2027, 2, 20)) is None


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-10-01", "国庆节"),
        ("2026-10-06", "国庆节"),
        ("2026-02-16", "农历除夕"),
        ("2026-02-23", "春节"),
        ("2026-01-02", "元旦"),
        ("2026-04-06", "清明节"),
        ("2026-02-14", None),
        ("2026-11-21", None),
        ("2026-11-18", None),
    ],
)
def test_names_of_holidays(day: str, name: str | None) -> None:
    assert CALENDAR.holiday_name(date.fromisoformat(day)) == name


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ({"days": []}, "年份"),
        ({"year": "2026", "days": []}, "年份"),
        ({"year": 2026}, "days"),
        ({"year": 2026, "days": ["元旦"]}, "第 1 条"),
        ({"year": 2026, "days": [{"date": "2026-01-01", "isOffDay": True}]}, "name"),
        ({"year": 2026, "days": [{"date": "2026-01-01", "name": "元旦"}]}, "isOffDay"),
        ({"year": 2026, "days": [{"date": "元月1日", "name": "元旦", "isOffDay": True}]}, "元月1日"),
        ({"year": 2026, "days": [{"date": "2025-11-30", "name": "元旦", "isOffDay": True}]}, "2025-11-30"),
        ({"year": 2026, "days": [{"date": "2026-05-06", "name": "劳动节", "isOffDay": False}]}, "不是周末"),
        ({"year": 2026, "days": [{"date": "2026-01-01", "name": "元旦", "isOffDay": True}] * 2}, "第 2 条"),
    ],
)
def test_a_faulty_notice_is_refused_with_its_fault(document: dict[str, object], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        notices_from(document)


def test_a_notice_without_days_is_none() -> None:
    assert notices_from({"year": 2027, "papers": [], "days": []}) == {}


@pytest.mark.parametrize(
    "sessions",
    [(), ((time(9), time(9)),), ((time(9), time(12)), (time(11), time(17)))],
    ids=["none", "empty session", "overlapping"],
)
def test_hours_must_make_sense(sessions: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValidationError, match="办公时间"):
        Hours(sessions=sessions)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-18 10:20", 30, "2026-11-18 10:50"),
        ("2026-11-18 11:45", 30, "2026-11-18 13:45"),
        ("2026-11-18 11:30", 30, "2026-11-18 12:00"),
        ("2026-11-18 12:10", 30, "2026-11-18 14:00"),
        ("2026-11-20 17:10", 30, "2026-11-23 09:10"),
        ("2026-11-20 20:00", 120, "2026-11-23 11:00"),
        ("2026-09-19 10:00", 60, "2026-09-20 10:00"),
        ("2026-09-30 16:30", 7 * 60, "2026-10-08 16:30"),
        ("2026-12-31 17:00", 60, "2027-01-04 09:30"),
        ("2024-02-28 17:00", 60, "2024-02-29 09:30"),
        ("2026-11-18 12:30", 0, "2026-11-18 13:30"),
        ("2026-11-18 12:00", 0, "2026-11-18 12:00"),
        ("2026-11-23 09:10", -30, "2026-11-20 17:10"),
        ("2026-11-18 13:30", -30, "2026-11-18 11:30"),
        ("2026-11-18 10:00", -60, "2026-11-18 09:00"),
        ("2026-11-22 10:00", -60, "2026-11-20 16:30"),
    ],
)
def test_adding_office_time(start: str, minutes: int, end: str) -> None:
    assert CALENDAR.add_working(at(start), timedelta(minutes=minutes)) == at(end)


def test_opening_and_close() -> None:
    assert CALENDAR.opens_at(date(2026, 11, 18)) == at("2026-11-18 09:00")
    assert CALENDAR.close_of(date(2026, 11, 18)) == at("2026-11-18 17:30")
    assert CALENDAR.is_working(at("2026-11-18 09:00")) and not CALENDAR.is_working(at("2026-11-18 12:00"))


def test_counted_days() -> None:
    assert CALENDAR.add_working_days(at("2026-11-18 10:00"), 0) == at("2026-11-18 17:30")
    assert CALENDAR.add_working_days(at("2026-11-21 10:00"), 0) == at("2026-11-23 17:30")
    assert CALENDAR.add_working_days(date(2026, 11, 25), -3) == at("2026-11-20 17:30")
    assert CALENDAR.add_days(date(2024, 2, 28), 1) == at("2024-02-29 17:30")
    assert CALENDAR.add_days(date(2026, 10, 6), -3) == at("2026-09-30 17:30")


def test_instants_need_a_zone_and_come_back_in_the_offices() -> None:
    with pytest.raises(ValueError, match="zone"):
        CALENDAR.local(datetime.fromisoformat("2026-11-18T10:00"))
    moved = CALENDAR.add_working(datetime(2026, 11, 18, 2, 20, tzinfo=UTC), timedelta(minutes=30))
    assert moved.isoformat() == "2026-11-18T10:50:00+08:00"


def test_a_zone_that_changes_its_clocks() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    night = Calendar(berlin, Hours(sessions=((time(1), time(6)),)))
    start = datetime(2026, 3, 29, 0, 0, tzinfo=berlin)  # a Sunday: the hour from 2 to 3 does not exist
    assert night.measure(start, start + timedelta(days=2)) == timedelta(hours=5)
    friday = datetime(2026, 3, 27, 1, 0, tzinfo=berlin)
    assert night.add_working(friday, timedelta(hours=6)) == datetime(2026, 3, 30, 2, 0, tzinfo=berlin)


@given(INSTANTS, SPANS)
def test_measure_is_the_inverse_of_add(start: datetime, span: timedelta) -> None:
    assert CALENDAR.measure(start, CALENDAR.add_working(start, span)) == span
    assert CALENDAR.measure(start, CALENDAR.add_working(start, -span)) == -span


@given(INSTANTS, INSTANTS, SPANS)
def test_adding_keeps_the_order(one: datetime, other: datetime, span: timedelta) -> None:
    early, late = sorted((one, other))
    assert CALENDAR.add_working(early, span) <= CALENDAR.add_working(late, span)
    assert CALENDAR.add_working(early, -span) <= CALENDAR.add_working(late, -span)


@given(INSTANTS, SPANS, SPANS)
def test_adding_twice_is_adding_the_sum(start: datetime, one: timedelta, other: timedelta) -> None:
    twice = CALENDAR.add_working(CALENDAR.add_working(start, one), other)
    assert CALENDAR.measure(start, twice) == one + other


@given(INSTANTS, SPANS)
def test_adding_never_ends_outside_office_time(start: datetime, span: timedelta) -> None:
    end = CALENDAR.add_working(start, span)
    assert end >= start
    assert CALENDAR.is_working(end) or CALENDAR.is_working(end - timedelta(microseconds=1))
    assert CALENDAR.is_working(CALENDAR.add_working(start, -span - timedelta(microseconds=1)))


@given(DAYS, st.integers(1, 60))
def test_working_days_count_back_to_where_they_began(day: date, n: int) -> None:
    last = CALENDAR.next_working_day(day, n)
    assert CALENDAR.is_working_day(last)
    assert sum(CALENDAR.is_working_day(day + timedelta(days=k)) for k in range(1, (last - day).days + 1)) == n
    if CALENDAR.is_working_day(day):
        assert CALENDAR.previous_working_day(last, n) == day


@given(DAYS, st.integers(-400, 400))
def test_counted_days_end_at_a_close_of_business(day: date, n: int) -> None:
    for end in (CALENDAR.add_days(day, n), CALENDAR.add_working_days(day, n)):
        assert end.time() == HOURS.closes and CALENDAR.is_working_day(end.date())


def test_no_working_day_is_the_zeroth() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        CALENDAR.next_working_day(date(2026, 11, 18), 0)
