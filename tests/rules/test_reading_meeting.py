"""A meeting called in one line, in any order."""

from __future__ import annotations

from datetime import datetime

import pytest
from reading_office import ZONE, context

from rules.meetings import MeetingRule
from rules.policy_files import load_policy
from rules.reading.meeting import MeetingReading, read_meeting, read_points


@pytest.fixture(scope="module")
def rule() -> MeetingRule:
    return load_policy().meetings


def read(text: str, rule: MeetingRule) -> MeetingReading:
    return read_meeting(text, context(reference="2026-11-24T09:00"), rule)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "title", "begins", "place"),
    [
        (
            "11月26日9点 二楼常务会议室 研究冬春水利建设",
            "研究冬春水利建设",
            "2026-11-26 09:00",
            "二楼常务会议室",
        ),
        ("研究抗旱 三楼会议室 后天下午3点", "研究抗旱", "2026-11-26 15:00", "三楼会议室"),
        ("明天下午3点在三楼会议室，研究春节值班安排", "研究春节值班安排", "2026-11-25 15:00", "三楼会议室"),
        (
            "12月1日9点二楼会议室研究全县安全生产工作",
            "研究全县安全生产工作",
            "2026-12-01 09:00",
            "二楼常务会议室",
        ),
        (
            "主题：第12次政府常务会议\n时间：11月30日9:00\n地点：常务会议室",
            "第12次政府常务会议",
            "2026-11-30 09:00",
            "二楼常务会议室",
        ),
        ("研究抗旱 后天15点 在三楼会议室", "研究抗旱", "2026-11-26 15:00", "三楼会议室"),
        ("周五15:00 高坪乡现场 调度项目进度", "调度项目进度", "2026-11-27 15:00", "高坪乡现场"),
        ("全县经济工作会议 下周一上午九点 礼堂", "全县经济工作会议", "2026-11-30 09:00", "县政府礼堂"),
    ],
)
def test_what_when_where(text, title, begins, place, rule):
    found = read(text, rule)
    assert (found.title, found.at, found.place) == (title, at(begins), place)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("11月26日9点 研究抗旱", None),
        ("11月26日9点到11点半 研究抗旱", "2026-11-26 11:30"),
        ("11月26日14:30-16:00 研究抗旱", "2026-11-26 16:00"),
        ("研究抗旱 11月26日9点 预计1.5小时", "2026-11-26 10:30"),
        ("11月26日9点 研究抗旱 时长90分钟", "2026-11-26 10:30"),
        ("11月26日9点 研究抗旱 一个半小时", "2026-11-26 10:30"),
        ("11月26日9点 研究抗旱 预计1小时半", "2026-11-26 10:30"),
        ("11月26日9点 研究抗旱 半天", "2026-11-26 12:00"),
        ("11月26日14点 研究抗旱 半天", "2026-11-26 17:30"),
        ("11月26日9点 研究抗旱 会期2天", "2026-11-27 17:30"),
        ("11月26日9点至11月27日12点 研究抗旱", "2026-11-27 12:00"),
        ("11月26日9点到27日12点 研究抗旱", "2026-11-27 12:00"),
        ("11月26日9点至27日 研究抗旱", "2026-11-27 17:30"),
        ("11月26日11点到9点 研究抗旱", "2026-11-26 21:00"),
    ],
)
def test_how_long(text, ends, rule):
    found = read(text, rule).ends
    assert found == (at(ends) if ends else None)


@pytest.mark.parametrize(
    ("text", "units", "people", "host"),
    [
        ("研究抗旱 参会：水利局、财政局 主持：周明远", ("县水利局", "县财政局"), (), "周明远"),
        ("研究抗旱 水利局、财政局 周县长主持", ("县水利局", "县财政局"), (), "周明远"),
        ("研究抗旱 参会水利局、财政局 主持周县长", ("县水利局", "县财政局"), (), "周明远"),
        ("请水利局和财政局参加 研究抗旱", ("县水利局", "县财政局"), (), None),
        ("研究抗旱 参会 水利局 财政局 许文斌", ("县水利局", "县财政局"), ("许文斌",), None),
        ("研究水利局改革方案 明天9点", (), (), None),
        ("研究抗旱 主持：周明远 参会：周明远、水利局", ("县水利局",), (), "周明远"),
    ],
)
def test_with_whom(text, units, people, host, rule):
    found = read(text, rule)
    assert (found.units, found.people, found.host) == (units, people, host)


@pytest.mark.parametrize(
    ("text", "units", "others", "vague"),
    [
        ("参会水利局、县气象局、各有关部门", ("县水利局",), ("县气象局",), ("各有关部门",)),
        ("请水利局、武装部、供电公司参加", ("县水利局",), ("武装部", "供电公司"), ()),
        ("参会 水利局 县气象局 刘大勇", ("县水利局",), ("县气象局", "刘大勇"), ()),
        ("参会：市水利局、水利局主要负责同志", ("县水利局",), ("市水利局",), ()),
        ("参会：县气象局等6个单位", (), ("县气象局",), ()),
        ("相关单位参加", (), (), ("相关单位",)),
        ("水利局 教育局局长、财政局分管副局长", ("县水利局", "县教育局", "县财政局"), (), ()),
        ("研究县医院、供电公司用电问题 参会水利局", ("县水利局",), (), ()),
    ],
)
def test_who_is_in_no_list(text, units, others, vague, rule):
    found = read(f"研究抗旱 明天9点 {text} 周县长主持", rule)
    assert (found.units, found.others, found.vague) == (units, others, vague)


@pytest.mark.parametrize(
    "text", ["主办水利局", "主办：水利局", "水利局主办", "由水利局承办", "承办单位 水利局"]
)
def test_whose_meeting_it_is(text, rule):
    found = read(f"研究抗旱 {text} 明天9点 教育局", rule)
    assert (found.section, found.units) == ("县水利局", ("县教育局",))


def test_all_of_a_kind(rule):
    assert len(read("研究抗旱 各乡镇 明天9点", rule).units) == 8


def test_figures_agenda_and_who_checks_what(rule):
    found = read(
        "明天9点 研究抗旱 材料6页 汇报8分钟 讲话20分钟 议程：1.水利局汇报；2.讨论 "
        "材料：孙可欣 会场：胡天宇 理由：旱情急",
        rule,
    )
    assert (found.pages, found.report_minutes, found.speech_minutes) == (6, 8, 20)
    assert found.agenda == ("水利局汇报", "讨论")
    assert found.holders == {"papers": "孙可欣", "place": "胡天宇"}
    assert (found.title, found.reason) == ("研究抗旱", "旱情急")


def test_a_surname_that_two_have_is_asked_about(rule):
    assert [set(names) for names in read("研究抗旱 参会：张科长", rule).choices] == [{"张志远", "张建平"}]


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("1. 水利局排查；2. 财政局拨付", ["水利局排查", "财政局拨付"]),
        (
            "1、水利局拿出2.5万元方案 2、财政局12月15日前拨付",
            ["水利局拿出2.5万元方案", "财政局12月15日前拨付"],
        ),
        ("水利局排查\n财政局拨付", ["水利局排查", "财政局拨付"]),
        ("（1）水利局排查。（2）财政局拨付。", ["水利局排查", "财政局拨付"]),
        ("", []),
    ],
)
def test_numbered_points(text, points):
    assert read_points(text) == points


@pytest.mark.parametrize(
    ("text", "begins"),
    [("11月24日8点 研究抗旱", "2026-11-24 08:00"), ("2027年11月24日8点 研究抗旱", "2027-11-24 08:00")],
)
def test_a_day_of_this_year_that_is_past_is_not_next_years(text, begins, rule):
    assert read(text, rule).at == at(begins)


@pytest.mark.parametrize(
    ("text", "title", "host", "units"),
    [
        (
            "通知水利局、财政局明天上午9点到二楼会议室开会，研究抗旱",
            "研究抗旱",
            None,
            ("县水利局", "县财政局"),
        ),
        (
            "11月26日（周四）9:00，二楼会议室，周明远常务副县长主持召开安全生产专题会，应急局、公安局主要负责同志参加",
            "安全生产专题会",
            "周明远",
            ("县应急管理局", "县公安局"),
        ),
        (
            "周县长定于11月26日9点在二楼会议室召开债务化解专题会议，财政局、发改局参加",
            "债务化解专题会议",
            "周明远",
            ("县财政局", "县发展和改革局"),
        ),
    ],
)
def test_whole_sentences(text, title, host, units, rule):
    found = read(text, rule)
    assert (found.title, found.host, found.units) == (title, host, units)
    assert (found.place, found.at is not None) == ("二楼常务会议室", True)


def test_a_part_of_a_day_is_no_time(rule):
    found = read("后天上午在一会议室开个会，研究春节慰问，民政局参加", rule)
    assert (found.at, found.place, found.title) == (None, "一楼会议室", "研究春节慰问")
