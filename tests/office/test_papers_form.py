"""The form of a paper (GB/T 9704-2012): what stands in the file, read back from its XML."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from office.papers.form import title_lines
from office.papers.paper import Column, FootRow, Paper, Paragraph, Table, write_docx
from office.papers.typography import FANGSONG, FONTS, HEITI, KAITI, RED, XIAOBIAOSONG

WRITTEN = datetime(2026, 11, 25, 3, 48, tzinfo=UTC)
NOTICE: dict[str, Any] = {
    "title": "关于做好秋冬季防火工作的通知",
    "written_at": WRITTEN,
    "author": "云山县人民政府办公室",
    "masthead": "云山县人民政府办公室文件",
    "number": "云政办发〔2026〕12号",
    "addressee": "各乡镇人民政府，县政府各部门",
    "body": (
        Paragraph.read("一、加强领导"),
        Paragraph.read("（一）压实责任。各乡镇要逐级签订责任书。"),
        Paragraph.read("1. 建立台账。"),
        Paragraph.read("各单位要抓好落实。"),
    ),
    "signature": "云山县人民政府办公室",
    "dated": date(2026, 11, 5),
    "foot": (
        FootRow(cells=("抄送：县委办公室，县人大常委会办公室。",)),
        FootRow(cells=("云山县人民政府办公室", "2026年11月5日印发")),
    ),
}


def opened(**changes: Any) -> Document:
    return docx.Document(io.BytesIO(write_docx(Paper(**{**NOTICE, **changes}))))


def found(document: Document, text: str) -> Any:
    return next(p for p in document.paragraphs if text in p.text)


def parts(paper: Paper) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(write_docx(paper))) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


# --- the page ---------------------------------------------------------------------------------------


def test_the_page_is_a4_with_the_margins_of_the_standard() -> None:
    section = opened().sections[0]
    sizes = (section.page_width, section.page_height)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    wanted = (Mm(210), Mm(297), Mm(37), Mm(35), Mm(28), Mm(26))
    # Word keeps twentieths of a point: 0.02 mm.
    assert all(abs((a or 0) - b) < Mm(0.02) for a, b in zip(sizes + margins, wanted, strict=True))


def test_a_turned_page_keeps_a_block_of_225_by_156() -> None:
    section = opened(landscape=True).sections[0]
    assert section.page_width and section.page_height
    width = section.page_width - (section.left_margin or 0) - (section.right_margin or 0)
    height = section.page_height - (section.top_margin or 0) - (section.bottom_margin or 0)
    assert abs(width - Mm(225)) < Mm(0.05) and abs(height - Mm(156)) < Mm(0.05)


def test_the_grid_is_22_lines_of_28_characters() -> None:
    grids = opened().sections[0]._sectPr.findall(qn("w:docGrid"))
    assert [dict(grid.attrib) for grid in grids] == [
        {qn("w:type"): "linesAndChars", qn("w:linePitch"): "579", qn("w:charSpace"): "-849"}
    ]
    normal = opened().styles["Normal"]
    assert normal.font.size.pt == 16
    assert normal.paragraph_format.line_spacing.pt == pytest.approx(28.95)


def test_page_numbers_are_a_field_right_on_odd_pages_and_left_on_even_ones() -> None:
    document = opened()
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        (paragraph,) = footer.paragraphs
        assert paragraph._p.xpath("string(w:pPr/w:jc/@w:val)") == side
        assert paragraph._p.xpath("string(.//w:instrText)").strip() == "PAGE"
        assert paragraph.text == "— 1 —"
        style = paragraph.style
        assert (
            style.font.size.pt == 14 and style.element.xpath("string(w:rPr/w:rFonts/@w:eastAsia)") == "宋体"
        )
        assert style.element.xpath("string(w:pPr/w:ind/@w:rightChars)") == "100"


# --- type -------------------------------------------------------------------------------------------


def test_every_run_and_every_style_names_one_chinese_font_for_all_scripts() -> None:
    document = opened()
    places = document.element.body.xpath(".//w:r[w:t]/w:rPr/w:rFonts")
    places += document.styles.element.xpath(".//w:rFonts")
    assert len(document.element.body.xpath(".//w:r[w:t]")) == len(
        document.element.body.xpath(".//w:r[w:t]/w:rPr/w:rFonts")
    )
    for fonts in places:
        names = {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia", "cs")}
        assert len(names) == 1 and names <= set(FONTS)


def test_no_part_brings_a_latin_font_or_a_theme() -> None:
    files = parts(Paper(**NOTICE))
    assert not [name for name in files if "theme" in name or "thumbnail" in name or "customXml" in name]
    for text in files.values():
        assert not any(font in text for font in ("Calibri", "Cambria", "Times New Roman", "asciiTheme"))


@pytest.mark.parametrize(
    ("text", "font", "points"),
    [
        ("关于做好", XIAOBIAOSONG, 22),
        ("各乡镇人民政府", FANGSONG, 16),
        ("一、加强领导", HEITI, 16),
        ("（一）压实责任。", KAITI, 16),
        ("1. 建立台账", FANGSONG, 16),
        ("各单位要抓好落实", FANGSONG, 16),
    ],
)
def test_each_part_has_its_type(text: str, font: str, points: int) -> None:
    paragraph = found(opened(), text)
    assert paragraph.runs[0]._r.xpath("string(w:rPr/w:rFonts/@w:eastAsia)") == font
    assert paragraph.style.font.size.pt == points


def test_only_the_first_sentence_of_a_level_is_in_its_type() -> None:
    runs = found(opened(), "压实责任").runs
    assert [(r.text, r._r.xpath("string(w:rPr/w:rFonts/@w:eastAsia)")) for r in runs] == [
        ("（一）压实责任。", KAITI),
        ("各乡镇要逐级签订责任书。", FANGSONG),
    ]


def test_text_begins_two_characters_in() -> None:
    style = found(opened(), "各单位要抓好落实").style
    assert style.element.xpath("string(w:pPr/w:ind/@w:firstLineChars)") == "200"


def test_a_heading_stays_with_what_follows() -> None:
    document = opened()
    assert found(document, "一、加强领导").paragraph_format.keep_with_next
    assert not found(document, "压实责任").paragraph_format.keep_with_next


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("一、加强领导", 1),
        ("十二、其他", 1),
        ("（一）压实责任", 2),
        ("(二)压实责任", 2),
        ("1. 建立台账", 3),
        ("12．建立台账", 3),
        ("（1）逐点核查", 4),
        ("1.5万人受灾", 0),
        ("2026年11月25日", 0),
        ("一是加强领导", 0),
        ("", 0),
    ],
)
def test_a_level_is_told_by_its_number(line: str, level: int) -> None:
    assert Paragraph.read(line).level == level


# --- head, close and foot ---------------------------------------------------------------------------


def test_the_masthead_is_red_and_35_mm_down() -> None:
    masthead = found(opened(), "办公室文件")
    assert masthead.style.element.xpath("string(w:rPr/w:color/@w:val)") == RED
    assert masthead.paragraph_format.space_before.mm == pytest.approx(35, abs=0.05)
    assert masthead.style.element.xpath("string(w:pPr/w:jc/@w:val)") == "center"


@pytest.mark.parametrize("name", ["快报", "应急快报", "云山县人民政府办公室文件", "云" * 40])
def test_a_masthead_fits_its_line(name: str) -> None:
    paragraph = found(opened(masthead=name), name)
    width = sum(
        len(run.text) * (run.font.size.pt + float(run._r.xpath("string(w:rPr/w:spacing/@w:val)") or 0) / 20)
        for run in paragraph.runs
    )
    assert width <= 442


def test_a_red_rule_stands_under_the_number() -> None:
    number = found(opened(), "〔2026〕12号")
    rule = number.style.element.xpath("w:pPr/w:pBdr/w:bottom")[0]
    assert rule.get(qn("w:color")) == RED
    # 4 mm, in points.
    assert float(rule.get(qn("w:space"))) == pytest.approx(4 / 25.4 * 72, abs=0.5)
    assert number.paragraph_format.space_before.pt == pytest.approx(2 * 28.95)


def test_an_upward_paper_has_its_number_left_and_its_signer_right() -> None:
    document = opened(number="", left="云政〔2026〕3号", right="签发人：陈守正")
    line = found(document, "签发人")
    assert line.text == "\t云政〔2026〕3号\t签发人：陈守正"
    assert line.style.element.xpath("string(w:pPr/w:pBdr/w:bottom/@w:color)") == RED
    assert found(document, "办公室文件").paragraph_format.space_before.mm == pytest.approx(35, abs=0.05)


def test_a_bulletin_has_its_head_in_the_upper_third() -> None:
    document = opened(masthead="督查通报", number="第3期", left="县政府办公室", right="2026年11月25日")
    assert found(document, "督查通").paragraph_format.space_before == 0
    assert not found(document, "第3期").style.element.xpath("w:pPr/w:pBdr")
    assert found(document, "县政府办公室").style.element.xpath("w:pPr/w:pBdr/w:bottom")


def test_urgency_stands_above_the_masthead_which_stays_where_it_is() -> None:
    document = opened(urgency="特急")
    first, second = document.paragraphs[:2]
    assert first.text == "特急"
    assert second.paragraph_format.space_before.pt + 28.95 == pytest.approx(35 / 25.4 * 72, abs=0.2)


def test_a_paper_without_masthead_begins_with_its_title() -> None:
    document = opened(masthead="", number="", left="县政府办公室", right="共 3 条")
    assert [p.text for p in document.paragraphs[:2]] == [NOTICE["title"], "县政府办公室\t共 3 条"]
    assert document.paragraphs[0].paragraph_format.space_before == 0


def test_the_date_is_four_characters_in_and_the_signature_centred_over_it() -> None:
    document = opened()
    dated, signature = found(document, "2026年11月5日"), document.paragraphs[-3]
    assert dated.text == "2026年11月5日"
    character = 15.8
    assert dated.paragraph_format.right_indent.pt == pytest.approx(4 * character, abs=0.5)
    assert signature.text == NOTICE["signature"]
    # 6½ characters of date under 10 of signature: it begins 1¾ earlier and ends 1¾ later.
    assert signature.paragraph_format.right_indent.pt == pytest.approx((4 - 1.75) * character, abs=0.5)


def test_the_foot_is_held_to_the_bottom_between_its_rules() -> None:
    (foot,) = opened().tables
    assert [cell.text.strip() for cell in foot._cells] == [
        "抄送：县委办公室，县人大常委会办公室。",
        "云山县人民政府办公室\t2026年11月5日印发",
    ]
    position = foot._tbl.tblPr.find(qn("w:tblpPr"))
    assert (position.get(qn("w:vertAnchor")), position.get(qn("w:tblpYSpec"))) == ("margin", "bottom")
    eighths = {
        edge: foot._tbl.xpath(f"number(w:tblPr/w:tblBorders/w:{edge}/@w:sz)")
        for edge in ("top", "bottom", "insideH")
    }
    in_mm = {edge: size / 8 / 72 * 25.4 for edge, size in eighths.items()}
    assert in_mm == {
        "top": pytest.approx(0.35, abs=0.02),
        "bottom": pytest.approx(0.35, abs=0.02),
        "insideH": pytest.approx(0.25, abs=0.02),
    }
    assert {p.style.font.size.pt for cell in foot._cells for p in cell.paragraphs} == {14}


def test_annexes_are_numbered_when_there_are_several() -> None:
    assert found(opened(annexes=("名单",)), "附件").text == "附件：名单"
    document = opened(annexes=("名单", "分布图"))
    assert [p.text for p in document.paragraphs if p.style.name == "附件说明"] == [
        "附件：1. 名单",
        "2. 分布图",
    ]


def test_a_table_repeats_its_header_and_keeps_its_rows_whole() -> None:
    table = Table(
        columns=(Column(title="单位", width=3, centred=True), Column(title="事项", width=7)),
        rows=(("财政局", "预算\n决算"), ("教育局", "")),
    )
    made = opened(body=(Paragraph(text="如下："), table), foot=()).tables[0]
    assert [[cell.text for cell in row.cells] for row in made.rows] == [
        ["单位", "事项"],
        ["财政局", "预算\n决算"],
        ["教育局", ""],
    ]
    assert [bool(row._tr.xpath("w:trPr/w:tblHeader")) for row in made.rows] == [True, False, False]
    assert all(row._tr.xpath("w:trPr/w:cantSplit") for row in made.rows)
    widths = [column.width.mm for column in made.columns]
    assert sum(widths) == pytest.approx(156, abs=0.1) and widths[1] / widths[0] == pytest.approx(
        7 / 3, rel=0.01
    )


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于防火的通知", ["关于防火的通知"]),
        ("山" * 20, ["山" * 20]),
        ("山" * 21, ["山" * 10, "山" * 11]),
        (
            "云山县人民政府办公室关于切实做好2026年秋冬季地质灾害防范应对工作的通知",
            ["云山县人民政府办公室关于切实做好", "2026年秋冬季地质灾害防范应对工作的通知"],
        ),
        ("关于甲的\n通知", ["关于甲的", "通知"]),
        ("", [""]),
    ],
)
def test_a_long_title_breaks_into_lines_of_like_length(title: str, lines: list[str]) -> None:
    assert title_lines(title) == lines


@given(st.text("山的，2026年（）", max_size=90))
def test_no_line_of_a_title_is_lost(title: str) -> None:
    assert "".join(title_lines(title)) == title


# --- the file ---------------------------------------------------------------------------------------


def test_equal_papers_are_equal_bytes_and_say_when_they_were_written() -> None:
    paper = Paper(**NOTICE)
    assert write_docx(paper) == write_docx(paper)
    properties = opened().core_properties
    assert properties.created == properties.modified == WRITTEN
    assert (properties.title, properties.author) == (NOTICE["title"], NOTICE["author"])
    with zipfile.ZipFile(io.BytesIO(write_docx(paper))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValidationError):
        Paper(title="通知", written_at=datetime(2026, 11, 25))  # noqa: DTZ001


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_makes_a_file_that_opens(title: str, text: str) -> None:
    changes = {
        "title": title,
        "masthead": text,
        "body": (Paragraph(text=text),),
        "signature": text,
        "left": title,
    }
    document = opened(**changes)
    said = "".join(p.text for p in document.paragraphs if p.style.name == "公文正文")
    assert said == Paragraph(text=text).text.replace("\n", "")
