"""Days, clocks, lengths and frames combined freely: the same parts mean the same in every combination."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.when import read_limit
from rules.working_time import Calendar, Hours

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = Calendar(ZONE, Hours(sessions=((time(9), time(12)), (time(13, 30), time(17, 30)))))
NOW = datetime(2026, 11, 18, 10, 20, tzinfo=ZONE)

DAYS = {
    **dict.fromkeys(["今天", "今日"], "2026-11-18"),
    **dict.fromkeys(["后天", "周五", "本周五", "这个星期五", "礼拜五"], "2026-11-20"),
    **dict.fromkeys(["下周一", "下个星期一", "11月23日（周一）"], "2026-11-23"),
    **dict.fromkeys(["本月25日", "二十五号", "25号", "11月25号"], "2026-11-25"),
    **dict.fromkeys(["月底", "本月底", "本月最后一天", "11月最后一个工作日"], "2026-11-30"),
    **dict.fromkeys(["12月1日", "十二月一号", "2026年12月1日", "下下周二", "下月第一个工作日"], "2026-12-01"),
    **dict.fromkeys(["年底", "季度末", "12月31日", "今年年底"], "2026-12-31"),
    **dict.fromkeys(["明年1月8日", "2027年一月八日", "1月8号"], "2027-01-08"),
}
CLOCKS = {
    "": "17:30",
    "下班": "17:30",
    "下午": "17:30",
    "上午": "12:00",
    "上午十一点半": "11:30",
    "中午12点": "12:00",
    "下午3点一刻": "15:15",
    "下午3：30": "15:30",
    "15时20分": "15:20",
    "晚上8点": "20:00",
}
LENGTHS = {
    "30分钟": timedelta(minutes=30),
    "两个小时": timedelta(hours=2),
    "一个半小时": timedelta(minutes=90),
    "24小时": timedelta(hours=24),
    "５天": timedelta(days=5, hours=7, minutes=10),
    "一周": timedelta(days=7, hours=7, minutes=10),
    "十个工作日": timedelta(days=14, hours=7, minutes=10),
}
FRAMES = (
    "{}",
    "最迟{}",
    "务必{}报我",
    "请财政局{}反馈意见",
    "12号件延期，改到{}",
    "关于2026年12月9日停水的通知，{}完成",
    "登记 《2027年预算》 云财〔2026〕12号，{}答复",
    "李强电话13812345678，{}回复。",
    "收到，谢谢。请转秘书一科，{}办结！",
)


@settings(max_examples=400)
@given(
    st.sampled_from(sorted(DAYS)),
    st.sampled_from(sorted(CLOCKS)),
    st.sampled_from(["前", "之前", "以前", " 前", "截止"]),
    st.sampled_from(FRAMES),
)
def test_a_day_with_a_clock_in_any_frame(day: str, clock: str, tail: str, frame: str) -> None:
    found = read_limit(frame.format(day + clock + tail), NOW, CALENDAR)
    assert found is not None and not found.readings
    assert found.at == datetime.fromisoformat(f"{DAYS[day]}T{CLOCKS[clock]}").replace(tzinfo=ZONE)
    assert found.precision == ("minute" if clock else "day")


@settings(max_examples=200)
@given(
    st.sampled_from(sorted(LENGTHS)), st.sampled_from(["内", "之内", "以内", "后"]), st.sampled_from(FRAMES)
)
def test_a_length_of_time_in_any_frame(length: str, tail: str, frame: str) -> None:
    found = read_limit(frame.format(length + tail), NOW, CALENDAR)
    assert found is not None and found.at == NOW + LENGTHS[length]
