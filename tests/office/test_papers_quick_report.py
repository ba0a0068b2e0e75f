"""The emergency quick report (E2, E4): the text from what is known, and the paper made of it."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from office.papers.quick_report import Draft, Elements, QuickReport, compose, quick_report_docx

LANDSLIDE = Elements(
    what="山体滑坡",
    nature="自然灾害",
    where="石桥镇红星村",
    when=datetime(2026, 11, 25, 2, 40),  # noqa: DTZ001
    casualties="2人失联、3人受伤",
    loss="正在核实",
    trend="坡面仍有滑动。",
    measures="已转移群众62人",
    leaders="副县长何国栋",
    help="省级地质专家2名",
    source="石桥镇政府值班员李强",
)
OPEN = ("casualties", "loss", "trend", "measures", "source")


def report(**changes: Any) -> QuickReport:
    facts: dict[str, Any] = {
        "issue": 12,
        "office": "县政府总值班室",
        "received_at": datetime(2026, 11, 25, 2, 55),  # noqa: DTZ001
        "signed_at": datetime(2026, 11, 25, 3, 48),  # noqa: DTZ001
        "elements": LANDSLIDE,
        "report_to": ("市政府总值班室", "县委、县政府领导"),
        "send_to": ("县应急管理局",),
        "signed_by": "苏雅琴",
        "duty_officer": "孙可欣",
        "phone": "0871-65550000",
        "written_at": datetime(2026, 11, 24, 19, 48, tzinfo=UTC),
    }
    return QuickReport(**{**facts, **changes})


def knowing(**changes: Any) -> Elements:
    return LANDSLIDE.model_copy(update=changes)


def text(**changes: Any) -> str:
    return "\n".join(compose(report(**changes)).paragraphs)


# --- the first report -------------------------------------------------------------------------------


def test_the_first_report_says_what_is_known_in_the_order_of_the_office() -> None:
    assert compose(report()) == Draft(
        "关于石桥镇红星村山体滑坡的报告",
        (
            "11月25日2时40分，石桥镇红星村发生山体滑坡。2时55分，县政府总值班室接到石桥镇政府值班员李强报告。"
            "初步判断为自然灾害。",
            "截至目前，造成2人失联、3人受伤。坡面仍有滑动。",
            "事件发生后，已转移群众62人。副县长何国栋在现场。请求省级地质专家2名。",
            "财产损失情况正在核实。有关情况将及时续报。",
        ),
    )


def test_with_nothing_known_the_first_words_stand_as_they_came() -> None:
    said = compose(report(elements=Elements(), first_words="后山塌了。"))
    assert said == Draft(
        "关于突发事件的报告",
        (
            "11月25日2时55分，县政府总值班室接报：后山塌了。",
            "发生时间、具体地点、人员伤亡、财产损失、发展趋势、处置措施、信息来源等情况正在核实。"
            "有关情况将及时续报。",
        ),
    )


@pytest.mark.parametrize("unknown", ["", "正在核实", "正在核实。", "  "])
@pytest.mark.parametrize("element", OPEN)
def test_what_is_unknown_is_being_checked(element: str, unknown: str) -> None:
    said = text(elements=knowing(**{"loss": "房屋5间受损", element: unknown}))
    names = {"casualties": "人员伤亡", "loss": "财产损失", "trend": "发展趋势", "measures": "处置措施"}
    assert f"{names.get(element, '信息来源')}情况正在核实。" in said
    assert said.count("正在核实") == 1


@pytest.mark.parametrize(
    ("elements", "said"),
    [
        ({"what": "石桥镇红星村发生山体滑坡"}, "石桥镇红星村发生山体滑坡。"),
        ({"what": "发生山体滑坡"}, "石桥镇红星村发生山体滑坡。"),
        ({"where": ""}, "11月25日2时40分，发生山体滑坡。"),
        ({"when": None}, "石桥镇红星村发生山体滑坡。11月25日2时55分，"),
        ({"when": datetime(2026, 11, 24, 23, 0)}, "11月24日23时，石桥镇"),  # noqa: DTZ001
        ({"when": datetime(2025, 12, 31, 23, 5)}, "2025年12月31日23时5分，石桥镇"),  # noqa: DTZ001
        ({"casualties": "有人被困"}, "截至目前，有人被困。"),
        ({"casualties": "无"}, "截至目前，暂无人员伤亡报告。"),
        ({"loss": "约200万元"}, "造成2人失联、3人受伤；直接经济损失约200万元。"),
        ({"loss": "倒塌房屋5间。"}, "；倒塌房屋5间。"),
        ({"casualties": "", "trend": "雨势减弱"}, "\n目前，雨势减弱。"),
        ({"leaders": "县长正赶赴现场"}, "县长正赶赴现场。"),
        ({"leaders": "暂无"}, "暂无领导到达现场。"),
        ({"help": "请市里调派挖掘机"}, "请市里调派挖掘机。"),
    ],
)
def test_an_element_reads_well_however_it_was_typed(elements: dict[str, Any], said: str) -> None:
    assert said in text(elements=knowing(**elements))


def test_nothing_asked_for_is_not_mentioned() -> None:
    assert "请求" not in text(elements=knowing(help="暂不需要"))


def test_a_title_that_was_given_stays() -> None:
    assert compose(report(title="石桥镇发生山体滑坡")).title == "石桥镇发生山体滑坡"


# --- follow-up and final report ---------------------------------------------------------------------


def test_a_follow_up_says_what_is_new_and_not_how_it_began() -> None:
    now = knowing(casualties="1人死亡、1人失联", loss="约200万元", trend="坡面趋稳")
    said = compose(report(kind="follow_up", number=2, previous=LANDSLIDE, elements=now, news="1人已找到。"))
    assert said == Draft(
        "关于石桥镇红星村山体滑坡的续报（二）",
        (
            "现将石桥镇红星村山体滑坡有关情况续报如下。1人已找到。",
            "截至目前，造成1人死亡、1人失联；直接经济损失约200万元。坡面趋稳。",
            "有关情况将及时续报。",
        ),
    )


def test_a_follow_up_repeats_casualties_but_nothing_else_that_is_old() -> None:
    said = text(kind="follow_up", number=1, previous=LANDSLIDE)
    assert "2人失联、3人受伤" in said and "财产损失情况正在核实" in said
    for old in ("2时40分", "2时55分", "李强", "坡面", "62人", "何国栋", "专家"):
        assert old not in said


def test_the_final_report_sums_up() -> None:
    said = compose(
        report(
            kind="final",
            elements=knowing(casualties="1人死亡、3人受伤", loss="无"),
            cause="连续强降雨",
            aftermath="群众已安置。",
            lessons="加密巡查",
        )
    )
    assert said == Draft(
        "关于石桥镇红星村山体滑坡的终报",
        (
            "石桥镇红星村山体滑坡应急处置工作已结束，现将有关情况报告如下。",
            "一、事件经过和原因",
            "11月25日2时40分，石桥镇红星村发生山体滑坡。事件原因：连续强降雨。",
            "二、人员伤亡和财产损失",
            "造成1人死亡、3人受伤；未造成财产损失。",
            "三、处置措施",
            "已转移群众62人。",
            "四、善后工作",
            "群众已安置。",
            "五、经验教训",
            "加密巡查。",
        ),
    )


def test_a_final_report_leaves_no_part_out() -> None:
    said = compose(report(kind="final", elements=Elements(), first_words="后山塌了"))
    assert [line for line in said.paragraphs if line.startswith(tuple("一二三四五"))] == [
        "一、事件经过和原因",
        "二、人员伤亡和财产损失",
        "三、处置措施",
        "四、善后工作",
        "五、经验教训",
    ]
    assert "\n".join(said.paragraphs).count("正在核实") == 6


WORDS = st.text("山体滑坡2人。；， 无请赶\n", max_size=12)


@settings(max_examples=150, deadline=None)
@given(
    st.fixed_dictionaries(dict.fromkeys(("what", "where", "help", "leaders", *OPEN), WORDS)),
    st.sampled_from(["first", "follow_up", "final"]),
    WORDS,
)
def test_no_report_has_doubled_stops_or_judges(elements: dict[str, str], kind: str, first: str) -> None:
    said = text(elements=Elements(**elements), kind=kind, number=1, first_words=f"报{first}")
    assert not any(
        fault in said for fault in ("。。", "；。", "，。", "。，", "\n\n", "瞒报", "漏报", "谎报", "迟报")
    )


# --- the paper --------------------------------------------------------------------------------------


def test_the_paper_has_its_issue_its_minute_and_its_foot() -> None:
    document = docx.Document(io.BytesIO(quick_report_docx(report())))
    lines = [p.text for p in document.paragraphs]
    assert lines[:4] == [
        "应急快报",
        "第12期",
        "\t县政府总值班室\t2026年11月25日3时48分",
        compose(report()).title,
    ]
    assert tuple(lines[4:-1]) == compose(report()).paragraphs
    assert [cell.text.strip() for cell in document.tables[0]._cells] == [
        "报：市政府总值班室，县委、县政府领导",
        "送：县应急管理局",
        "签发：苏雅琴\t值班员：孙可欣\t电话：0871-65550000",
    ]


def test_the_paper_takes_the_text_as_it_was_corrected() -> None:
    draft = Draft("标题改过", ("一、情况", "正文改过。"))
    document = docx.Document(io.BytesIO(quick_report_docx(report(), draft)))
    assert [p.text for p in document.paragraphs][3:-1] == ["标题改过", "一、情况", "正文改过。"]


def test_an_instant_in_place_of_the_wall_clock_is_refused() -> None:
    with pytest.raises(ValidationError):
        report(received_at=datetime(2026, 11, 24, 18, 55, tzinfo=UTC))
