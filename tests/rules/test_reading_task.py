"""立项 as staff write it: any order, with or without labels, one line or several (V1)."""

from __future__ import annotations

import pytest
from reading_office import context

from rules.policy_files import load_policy
from rules.reading.task import read_task_change, read_tasks

RULE = load_policy().supervision
HOUSING, WATER, FINANCE = "县住房和城乡建设局", "县水利局", "县财政局"


def tasks(text):
    return [
        one.model_dump(exclude_defaults=True, exclude={"due_words"})
        | ({"due": f"{one.due:%m-%d}"} if one.due else {})
        for one in read_tasks(text, context(), RULE)
    ]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (
            "老旧小区改造 来源政府工作报告 牵头住建局 配合财政局、自然资源局"
            " 责任人叶向阳 12月31日前 每月反馈 领域城市建设",
            {
                "title": "老旧小区改造",
                "source": "政府工作报告",
                "section": HOUSING,
                "units": (FINANCE, "县自然资源局"),
                "people": ("叶向阳",),
                "due": "12-31",
                "rhythm": "monthly",
                "field": "城市建设",
            },
        ),
        (
            "住建局牵头，财政局配合，年底前完成老旧小区改造1000户（政府工作报告）",
            {
                "title": "完成老旧小区改造1000户",
                "source": "政府工作报告",
                "section": HOUSING,
                "units": (FINANCE,),
                "due": "12-31",
            },
        ),
        (
            "水利局 11月底前完成东河堤防加固，每半月报一次，陈县长批示",
            {
                "title": "完成东河堤防加固",
                "source": "陈县长批示",
                "section": WATER,
                "due": "11-30",
                "rhythm": "half_monthly",
            },
        ),
        (
            "由住建局牵头、财政局和教育局配合，12月15日前完成县一中新校区建设",
            {
                "title": "完成县一中新校区建设",
                "section": HOUSING,
                "units": (FINANCE, "县教育局"),
                "due": "12-15",
            },
        ),
        (
            "事项：城区雨污分流改造 来源：县长批示 牵头单位：住建局"
            " 配合单位：水利局 财政局 时限：12月20日前 频次：每季度",
            {
                "title": "城区雨污分流改造",
                "source": "县长批示",
                "section": HOUSING,
                "units": (WATER, FINANCE),
                "due": "12-20",
                "rhythm": "quarterly",
            },
        ),
        (
            "水利局会同财政局 12月10日前 报水库除险加固方案",
            {"title": "报水库除险加固方案", "section": WATER, "units": (FINANCE,), "due": "12-10"},
        ),
        ("教育局校舍安全排查 11月30日前", {"title": "校舍安全排查", "section": "县教育局", "due": "11-30"}),
        (
            "城关镇污水管网改造 住建局 12月底前 月报",
            {"title": "城关镇污水管网改造", "section": HOUSING, "due": "12-31", "rhythm": "monthly"},
        ),
        (
            "城关镇污水管网改造 12月底前",
            {"title": "城关镇污水管网改造", "section": "城关镇人民政府", "due": "12-31"},
        ),
        ("昨天前 老旧小区改造 住建局", {"title": "老旧小区改造", "section": HOUSING, "past_due": "昨天前"}),
        (
            "张科长 12月15日前 老旧小区改造 住建局",
            {
                "title": "老旧小区改造",
                "section": HOUSING,
                "choices": (("张志远", "张建平"),),
                "due": "12-15",
            },
        ),
        ("老旧小区改造", {"title": "老旧小区改造"}),
        ("老旧小区改造 水利局 2月30日前", {"title": "老旧小区改造", "section": WATER}),
    ],
)
def test_one_line(text, read):
    assert tasks(text) == [read]


def test_several_lines_are_several_tasks():
    found = tasks("1. 老旧小区改造 住建局牵头 12月31日前\n2. 东河堤防加固 水利局牵头 财政局配合 11月底前")
    assert [one["title"] for one in found] == ["老旧小区改造", "东河堤防加固"]
    assert found[1]["units"] == (FINANCE,)


def test_a_first_line_for_all_fills_what_they_lack():
    found = tasks("来源：政府工作报告 12月31日前\n老旧小区改造 住建局\n堤防加固 水利局 12月10日前")
    assert [one["source"] for one in found] == ["政府工作报告"] * 2
    assert [one["due"] for one in found] == ["12-31", "12-10"]


def test_a_form_of_several_lines_is_one_task_and_two_forms_are_two():
    form = "事项：城区雨污分流\n来源：县长批示\n牵头单位：住建局\n完成时限：12月20日"
    (one,) = tasks(form)
    assert (one["title"], one["section"], one["due"]) == ("城区雨污分流", HOUSING, "12-20")
    two = tasks(f"{form}\n事项：堤防加固\n牵头单位：水利局\n完成时限：12月10日")
    assert [one["section"] for one in two] == [HOUSING, WATER]


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("牵头改成水利局", {"section": WATER}),
        ("换成水利局", {"section": WATER}),
        ("改成每季度反馈", {"rhythm": "quarterly"}),
        ("配合单位：财政局", {"units": (FINANCE,)}),
        ("事项改为农贸市场改造升级", {"title": "农贸市场改造升级"}),
        ("责任人换成魏长河", {"people": ("魏长河",)}),
        ("来源是县长批示", {"source": "县长批示"}),
        ("谢谢", {}),
    ],
)
def test_a_change_names_what_is_different(text, changed):
    read = read_task_change(text, context(), RULE)
    assert read.model_dump(exclude_defaults=True) == changed


def test_a_new_limit():
    read = read_task_change("时限改到12月15日", context(), RULE)
    assert read.due is not None and f"{read.due:%m-%d %H:%M}" == "12-15 17:30"


@pytest.mark.parametrize(
    "text",
    [
        "县城供水管网改造 住建局 11月30日前 时限12月15日前",
        "县城供水管网改造 住建局 11月30日前 各有关部门配合 12月15日前",
    ],
)
def test_two_limits_that_differ_are_asked_about(text):
    read = read_tasks(text, context(), RULE)[0]
    assert (read.title, read.section, read.due) == ("县城供水管网改造", HOUSING, None)
