"""When something happened, and the stretches of days that questions and leave name."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from rules.when import read_past, read_period
from rules.working_time import Calendar, Hours

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = Calendar(ZONE, Hours(sessions=((time(9), time(12)), (time(13, 30), time(17, 30)))))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "reference", "happened"),
    [
        ("20分钟前", "2026-11-18T10:20", "2026-11-18T10:00"),
        ("半小时前石桥镇发生山体滑坡", "2026-11-18T10:20", "2026-11-18T09:50"),
        ("一个小时之前", "2026-11-18T00:20", "2026-11-17T23:20"),
        ("凌晨2点40分，白沙镇一民房起火", "2026-11-18T08:05", "2026-11-18T02:40"),
        ("凌晨2点40发生", "2026-11-18T02:10", "2026-11-17T02:40"),
        ("今早7点20左右", "2026-11-18T07:48", "2026-11-18T07:20"),
        ("昨晚十一点", "2026-11-18T07:48", "2026-11-17T23:00"),
        ("昨天夜里11点半接到电话", "2026-11-18T07:48", "2026-11-17T23:30"),
        ("晚上11点停电", "2026-11-18T00:30", "2026-11-17T23:00"),
        ("刚才", "2026-11-18T10:20", "2026-11-18T10:20"),
        ("刚才下午四点半塌方了", "2026-11-18T16:41", "2026-11-18T16:30"),
        ("11点起火，火势已控制", "2026-11-18T11:25", "2026-11-18T11:00"),
        ("11/27 13:15 发现死鱼", "2026-11-27T13:40", "2026-11-27T13:15"),
        ("时间：12月3日21:05", "2026-12-03T21:31", "2026-12-03T21:05"),
        ("12月31日23时50分", "2027-01-01T00:10", "2026-12-31T23:50"),
        ("上周五下午3点", "2026-11-18T10:20", "2026-11-13T15:00"),
        ("周一上午9点半", "2026-11-18T10:20", "2026-11-16T09:30"),
        ("前天20:15", "2026-11-18T10:20", "2026-11-16T20:15"),
        ("5月3日上午10点", "2026-11-18T10:20", "2026-05-03T10:00"),
        ("今天零点", "2026-11-18T10:20", "2026-11-18T00:00"),
    ],
)
def test_when_it_happened(text: str, reference: str, happened: str) -> None:
    found = read_past(text, at(reference), CALENDAR)
    assert found is not None and found.at == at(happened) and found.precision == "minute"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("昨天", "2026-11-17"),
        ("上周五", "2026-11-13"),
        ("昨天下午", "2026-11-17"),
        ("11月10日", "2026-11-10"),
    ],
)
def test_a_day_without_an_hour_is_known_to_the_day(text: str, day: str) -> None:
    found = read_past(text, at("2026-11-18T10:20"), CALENDAR)
    assert found is not None and found.at.date() == date.fromisoformat(day) and found.precision == "day"


@pytest.mark.parametrize(
    "text", ["明天下午3点", "两小时内报告", "12月5日前", "没有时间", "梁志刚值班", "", "下周一"]
)
def test_nothing_that_is_still_to_come_has_happened(text: str) -> None:
    assert read_past(text, at("2026-11-18T10:20"), CALENDAR) is None


def test_an_hour_of_the_twelve_on_another_day_is_asked() -> None:
    found = read_past("昨天8点20", at("2026-11-18T10:20"), CALENDAR)
    assert found is not None and found.readings == (at("2026-11-17T20:20"), at("2026-11-17T08:20"))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("今天", "2026-11-18", "2026-11-18"),
        ("昨天收了几个文", "2026-11-17", "2026-11-17"),
        ("本周", "2026-11-16", "2026-11-22"),
        ("我这周有什么要交的", "2026-11-16", "2026-11-22"),
        ("上周", "2026-11-09", "2026-11-15"),
        ("下周到期的", "2026-11-23", "2026-11-29"),
        ("本月", "2026-11-01", "2026-11-30"),
        ("上个月请示平均办了几天", "2026-10-01", "2026-10-31"),
        ("9月份", "2026-09-01", "2026-09-30"),
        ("去年12月", "2025-12-01", "2025-12-31"),
        ("三季度", "2026-07-01", "2026-09-30"),
        ("上季度", "2026-07-01", "2026-09-30"),
        ("去年四季度", "2025-10-01", "2025-12-31"),
        ("上半年", "2026-01-01", "2026-06-30"),
        ("今年", "2026-01-01", "2026-12-31"),
        ("2025年", "2025-01-01", "2025-12-31"),
        ("近7天", "2026-11-12", "2026-11-18"),
        ("最近三天收文", "2026-11-16", "2026-11-18"),
        ("请假 11月25日至27日", "2026-11-25", "2026-11-27"),
        ("12月30日到1月5日休假", "2026-12-30", "2027-01-05"),
        ("明后天请假", "2026-11-19", "2026-11-20"),
        ("今明两天", "2026-11-18", "2026-11-19"),
        ("周五下午请假", "2026-11-20", "2026-11-20"),
        ("下周一到周三出差", "2026-11-23", "2026-11-25"),
        ("明天起请假3天", "2026-11-19", "2026-11-21"),
        ("请假半天", "2026-11-18", "2026-11-18"),
        ("11月1日至11月10日收到的", "2026-11-01", "2026-11-10"),
        ("25号到27号", "2026-11-25", "2026-11-27"),
    ],
)
def test_a_stretch_of_days(text: str, first: str, last: str) -> None:
    found = read_period(text, at("2026-11-18T10:20"), CALENDAR)
    assert found == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text", ["", "财政局那个预算的请示到哪了", "12号办到哪一步了", "谁还没看通知", "平均几天办结"]
)
def test_no_stretch_is_named(text: str) -> None:
    assert read_period(text, at("2026-11-18T10:20"), CALENDAR) is None
