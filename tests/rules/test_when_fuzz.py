"""Any text at any moment: no error, no limit in the past, no event in the future, no long wait."""

from datetime import datetime, time
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.when import read_instants, read_limit, read_past, read_period
from rules.working_time import Calendar, Hours

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = Calendar(ZONE, Hours(sessions=((time(9), time(12)), (time(13, 30), time(17, 30)))))

PIECES = """
今天 明天 后天 昨天 大前天 今晚 明早 本周 下周 下下周 上周 周五 星期天 礼拜三 月底 月初 本月 下月
上个月 12月 二月 三十 31日 29日 0日 2月30日 2月29日 5号 32号 十五 廿五 季度末 一季度 上半年 年底
今年 明年 2026年 0000年 9999年 二零二六年 元旦 春节 国庆 节 年 十一 五一 上午 下午 晚上 凌晨 中午
半夜 3点 三点半 12点 24时 25点 17:30 99:99 差一刻 下班 上班 前 之前 以前 内 之内 后 起 止 截止 到期
至 到 - ~ 每 每月 每周 每季度 每年 隔 逢 个 半 几 两 三 10 9999 天 日 周 月 年 小时 分钟 刻钟
工作日 自然日 个工作日 第 最后一个 首个 第99个 请 限 延到 改成 最迟 关于 的通知 《 》 〔2026〕12号
根据 会议精神 请假 施行 收到 之日起 by Friday next Monday tomorrow in hours Dec 1 am pm 5pm eod
农历 正月 初一 除夕 。 ， ？ １２ ： （周五） 2026-12-01 12/31 1.5 20261131 T
"""
WORDS = [*PIECES.split(), "\n", " "]
TEXTS = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=9).map("".join))
MOMENTS = st.datetimes(
    datetime.fromisoformat("0002-01-01"), datetime.fromisoformat("9998-12-01"), timezones=st.just(ZONE)
)
OF_NOW = st.datetimes(
    datetime.fromisoformat("2023-01-01"), datetime.fromisoformat("2028-12-31"), timezones=st.just(ZONE)
)


@settings(max_examples=1500, deadline=None)
@given(TEXTS, st.one_of(MOMENTS, OF_NOW, OF_NOW))
def test_any_text_at_any_moment(text: str, now: datetime) -> None:
    if limit := read_limit(text, now, CALENDAR):
        assert limit.at > now and all(reading > now for reading in limit.readings)
        assert text[slice(*limit.span)] == limit.words != ""
        assert limit.at.tzinfo is ZONE
    if past := read_past(text, now, CALENDAR):
        assert past.at <= now and text[slice(*past.span)] == past.words != ""
    if period := read_period(text, now, CALENDAR):
        assert period[0] <= period[1]
    for each in read_instants(text, now, CALENDAR):
        assert text[slice(*each.span)] == each.words


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(WORDS), st.sampled_from(WORDS), st.sampled_from(WORDS), OF_NOW)
def test_what_stands_around_a_limit_never_moves_it(one: str, two: str, three: str, now: datetime) -> None:
    """The same words at the same moment mean the same, wherever they stand between two sentences."""
    phrase = f"{one}{two}{three}"
    alone = read_limit(phrase, now, CALENDAR)
    in_text = read_limit(f"收悉。{phrase}。谢谢", now, CALENDAR)
    if alone and in_text and "\n" not in phrase and "。" not in phrase:
        assert in_text.at == alone.at


@pytest.mark.parametrize(
    "text",
    [
        "1" * 5000,
        "一" * 5000,
        "关于" * 2500,
        "《" * 5000,
        "前" * 5000,
        "每周一、" * 1250,
        "12月1日" * 1000,
        "下" * 4000 + "周五",
        "第" + "十" * 4000 + "个工作日",
        "关于" + "的" * 4000,
        "延" + "长" * 4000 + "到",
        "2026-" * 1000,
        "明天 " * 2000,
        " " * 5000 + "周五前",
        "节后" * 2000,
        "[" * 5000,
        "a" * 5000,
        "请" * 5000,
        "交" * 3000 + "周五",
    ],
    ids=lambda text: text[:6],
)
def test_long_and_hostile_texts_are_soon_read(text: str) -> None:
    now = datetime(2026, 11, 18, 10, 20, tzinfo=ZONE)
    begun = perf_counter()
    read_limit(text, now, CALENDAR)
    read_past(text, now, CALENDAR)
    read_period(text, now, CALENDAR)
    assert perf_counter() - begun < 20
