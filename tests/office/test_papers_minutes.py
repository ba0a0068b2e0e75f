"""Minutes on paper: title, opening, who was there, who signed."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pytest
from docx import Document

from office.papers.minutes import Attendance, Minutes, minutes_docx, title_of


def minutes(**fields) -> Minutes:
    known = {
        "masthead": "会议纪要",
        "office": "云山县人民政府办公室",
        "number": "纪要〔2026〕3号",
        "issued": date(2026, 11, 27),
        "title": "研究冬春水利建设",
        "at": datetime(2026, 11, 26, 9, tzinfo=UTC).replace(tzinfo=None),
        "place": "二楼常务会议室",
        "host": "何国栋",
        "text": "一、统一认识。会议指出，要抓住时机。\n1. 县水利局12月10日前完成排查。",
        "present": (Attendance(name="县水利局"), Attendance(name="县财政局", substitute="张建国")),
        "absent": (Attendance(name="县农业农村局"),),
        "recorder": "马俊杰",
        "signer": "何国栋",
        "written_at": datetime(2026, 11, 27, 8, tzinfo=UTC),
    }
    return Minutes.model_validate(known | fields)


def lines(paper: Minutes) -> list[str]:
    document = Document(io.BytesIO(minutes_docx(paper)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [one.text for one in document.paragraphs if one.text] + cells


@pytest.mark.parametrize(
    ("topic", "title"),
    [
        ("研究冬春水利建设", "关于冬春水利建设的会议纪要"),
        ("第12次政府常务会议", "第12次政府常务会议纪要"),
        ("全县防汛工作会", "全县防汛工作会纪要"),
        ("灌区改造", "关于灌区改造的会议纪要"),
    ],
)
def test_the_title_says_what_it_was_about(topic, title):
    assert title_of(minutes(title=topic)) == title


def test_it_says_when_where_and_who_was_there():
    said = lines(minutes())
    assert "纪要〔2026〕3号" in said
    assert "11月26日9时，何国栋在二楼常务会议室主持召开会议，研究冬春水利建设。现将会议纪要如下：" in said
    assert "出席：县水利局、县财政局（张建国代）。" in said and "缺席：县农业农村局。" in said
    assert any("签发：何国栋" in line for line in said)


def test_an_opening_of_the_drafter_stays_his():
    said = lines(minutes(text="11月26日，县长主持召开会议。\n会议听取了汇报。"))
    assert not any("现将会议纪要如下" in line for line in said)


def test_a_draft_has_no_number_and_no_signature():
    said = lines(minutes(number="", signer=""))
    assert "（送审稿）" in said and not any("签发" in line for line in said)
