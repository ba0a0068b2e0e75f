"""First pages of official papers: what a clerk would copy from them, in the layouts offices use."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_office import context, secrecy

from rules.first_page import Paper, over, read_first_page, screen_file
from rules.reading.document import read_document
from rules.reading.normal import read

AT = "2026-11-24T09:00"

RED_HEAD = """000017
特急
云 山 县 财 政 局 文 件
云财〔2026〕37号　　　　签发人：李 明
云山县财政局关于拨付2026年第三批
惠农补贴资金的请示
县人民政府：
　　为落实惠农政策，根据《关于做好惠农补贴的通知》（省财〔2026〕9号），现请示如下。
　　妥否，请批示。
云山县财政局
2026年11月20日"""

PAGES = {
    "red head": (
        RED_HEAD,
        {
            "title": "云山县财政局关于拨付2026年第三批惠农补贴资金的请示",
            "sender": "县财政局",
            "number": "云财〔2026〕37号",
            "urgency": "特急",
            "dated": date(2026, 11, 20),
            "addressee": "县人民政府",
            "copy_no": "000017",
            "signer": "李 明",
            "procedure": "urgent",
        },
    ),
    "from the city": (
        "安澜市水利局文件\n澜水〔2026〕33号\n安澜市水利局关于开展水库大坝安全鉴定的通知\n"
        "各县（市、区）水利局，局属各单位：\n各地要……\n安澜市水利局\n二〇二六年十一月十九日",
        {
            "title": "安澜市水利局关于开展水库大坝安全鉴定的通知",
            "sender": "安澜市水利局",
            "number": "澜水〔2026〕33号",
            "urgency": None,
            "dated": date(2026, 11, 19),
            "procedure": "superior",
        },
    ),
    "a letter": (
        "云山县教育局\n云教函〔2026〕8号\n云山县教育局关于商请支持校舍维修的函\n"
        "县住房和城乡建设局:\n  现函告如下。\n2026 年 11 月 5 日",
        {
            "title": "云山县教育局关于商请支持校舍维修的函",
            "sender": "县教育局",
            "number": "云教函〔2026〕8号",
            "dated": date(2026, 11, 5),
            "addressee": "县住房和城乡建设局",
        },
    ),
    "several offices": (
        "云山县财政局\n云山县教育局文件\n云财联〔2026〕3号\n关于做好学生资助工作的通知\n各乡镇人民政府：\n正文。",
        {"title": "关于做好学生资助工作的通知", "number": "云财联〔2026〕3号", "sender": "县财政局"},
    ),
    "a title of three lines": (
        "加急\n云山县发展和改革局文件\n云发改〔2026〕101号\n关于转发《省发展改革委关于印发\n重大项目管理办法的通知》\n的通知\n"
        "各科室：\n请执行。",
        {
            "title": "关于转发《省发展改革委关于印发重大项目管理办法的通知》的通知",
            "number": "云发改〔2026〕101号",
            "urgency": "加急",
            "procedure": "urgent",
        },
    ),
    "no masthead": (
        "关于调整公务用车的请示\n县政府：\n因工作需要……\n云山县交通运输局\n2026年11月2日",
        {"title": "关于调整公务用车的请示", "sender": "县交通运输局", "number": None, "procedure": "request"},
    ),
    "only cited numbers": (
        "云山县民政局文件\n情况报告\n根据云民〔2026〕4号要求，我局对……开展审计。",
        {"number": None, "sender": "县民政局"},
    ),
    "ordinary text": (
        "今天天气很好，我们去了水库。\n回来以后写了总结。",
        {"title": None, "number": None, "sender": None},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_what_a_clerk_would_copy(name: str) -> None:
    text, expected = PAGES[name]
    found = read_first_page(text, context(reference=AT))
    shown = found.model_dump() | {"procedure": found.item.procedure}
    assert {key: shown[key] for key in expected} == expected


def test_the_date_may_stand_on_a_later_page() -> None:
    text = "云山县财政局文件\n云财〔2026〕37号\n关于预算的请示\n县人民政府：\n" + "正文。\n" * 30
    assert read_first_page(text, context(reference=AT)).dated is None
    assert read_first_page(text, context(reference=AT), ["云山县财政局", "2026年11月20日"]).dated == date(
        2026, 11, 20
    )


@pytest.mark.parametrize(
    ("text", "short", "expected"),
    [
        ("机密★1年\n" + RED_HEAD, [], "classified"),
        (RED_HEAD.replace("特急", "秘密"), [], "classified"),
        (RED_HEAD.replace("特急", "密级：绝密"), [], "classified"),
        (RED_HEAD, ["附件", "机密★5年"], "classified"),
        (RED_HEAD, ["绝 密"], "classified"),
        (RED_HEAD.replace("惠农补贴资金", "商业秘密保护"), [], "mention"),
        (RED_HEAD, ["保密科", "2026年11月20日"], None),
        (RED_HEAD, [], None),
        ("正文。\n" * 1500 + "机密★1年", [], "classified"),
    ],
)
def test_marks_are_found_on_the_first_page_and_on_lines_of_the_others(text, short, expected) -> None:
    assert screen_file(text, short, secrecy()) == expected


@pytest.mark.parametrize(
    ("line", "changes", "not_of_page"),
    [
        ("转综合科，11月27日前办结", {"units": ("综合科",), "sender": "县财政局"}, set()),
        ("加急 转综合科", {"urgency": "加急", "procedure": "urgent"}, {"urgency"}),
        ("登记 关于惠农补贴的请示 转综合科", {"title": "关于惠农补贴的请示"}, {"title"}),
        ("传阅 许文斌", {"procedure": "circulation", "people": ("许文斌",)}, {"procedure"}),
        ("文号云财〔2026〕39号", {"number": "云财〔2026〕39号"}, {"number"}),
    ],
)
def test_what_the_line_says_stands_over_what_the_page_says(line, changes, not_of_page) -> None:
    paper = read_first_page(RED_HEAD.replace("特急\n", ""), context(reference=AT))
    item, from_page = over(read_document(read(line), context(reference=AT)), paper)
    assert {key: getattr(item, key) for key in changes} == changes
    assert not_of_page.isdisjoint(from_page)
    assert "title" in from_page or "title" in not_of_page


def test_without_a_line_everything_comes_from_the_page() -> None:
    item, from_page = over(None, read_first_page(RED_HEAD, context(reference=AT)))
    assert item.number == "云财〔2026〕37号"
    assert set(from_page) == {"procedure", "sender", "title", "number", "urgency"}


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="云山县财政局文件〔〕2026号关于的请示通知：\n 　（）年月日★机密第期", max_size=300))
def test_any_page_is_read_without_an_error(text: str) -> None:
    assert isinstance(read_first_page(text, context(reference=AT)), Paper)
    screen_file(text, text.splitlines(), secrecy())
