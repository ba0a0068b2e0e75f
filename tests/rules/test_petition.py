"""A petition's points and the report that answers them (V7)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.petition import missing, raised, read_report

REPORT = {
    "facts": "李某某，城关镇人。",
    "findings": "1.补偿款已拨付到镇。2.安置房年底交付。",
    "measures": "已督促发放。",
    "meeting": "已当面答复。",
}


@pytest.mark.parametrize(
    ("text", "lead", "points"),
    [
        (
            "反映征地问题：1.补偿款未到账；2.安置房未交付 转自然资源局",
            "反映征地问题",
            ("补偿款未到账", "安置房未交付"),
        ),
        ("来信说一是路灯不亮，二是垃圾没人收。请处理", "来信说", ("路灯不亮", "垃圾没人收")),
        ("（1）噪音扰民（2）油烟直排", "", ("噪音扰民", "油烟直排")),
        ("关于2.5公里道路和3.2米围墙的信", "关于2.5公里道路和3.2米围墙的信", ()),
        ("1.只有一项", "1.只有一项", ()),
    ],
)
def test_the_points_that_are_raised(text, lead, points):
    assert raised(text) == (lead, points)


def test_parts_by_their_numbers_and_by_their_words():
    numbered = read_report("一、情况\n甲\n二、核查\n乙\n三、结果\n丙\n四、反馈\n丁")
    assert list(numbered.values()) == ["甲", "乙", "丙", "丁"]
    named = read_report("基本情况：甲方\n调查情况：乙方\n处理结果：丙方\n答复情况：丁方")
    assert named == {"facts": "甲方", "findings": "乙方", "measures": "丙方", "meeting": "丁方"}
    assert read_report("没有标题的一段话") == {}


def test_what_is_missing():
    assert not missing(REPORT, ["补偿款", "安置房"])
    assert missing(REPORT, ["补偿款", "安置房", "态度"]).points == (3,)
    assert missing(REPORT | {"meeting": " "}, []).parts == ("答复信访人情况",)
    assert len(missing({}, ["甲"]).parts) == 4


@pytest.mark.parametrize(
    "answer", ["诉求一：已拨付到账", "（1）已拨付到账", "一是已拨付到账", "第一项，已经拨付"]
)
def test_ways_to_answer_a_point(answer):
    assert missing(REPORT | {"findings": answer, "measures": "已处理完"}, ["补偿款"]).points == ()


def test_a_number_without_words_answers_nothing():
    assert missing(REPORT | {"findings": "1. 2.已交付钥匙"}, ["甲", "乙"]).points == (1,)


@given(st.text(), st.lists(st.text(max_size=5), max_size=4))
def test_any_text_can_be_sent(text, points):
    missing(read_report(text), points)
    raised(text)
