"""The supervision notice (V2) and the second one (V5): what the form says, and what it leaves out."""

from __future__ import annotations

import io

import docx
from docx.document import Document
from papers_samples import NOTICE, SECOND_NOTICE

from office.papers.supervision_notice import SupervisionNotice, supervision_notice_docx


def made(notice: SupervisionNotice) -> Document:
    return docx.Document(io.BytesIO(supervision_notice_docx(notice)))


def form(notice: SupervisionNotice, table: int = 0) -> dict[str, str]:
    """Label → value of a form; a merged cell is counted once."""
    found = {}
    for row in made(notice).tables[table].rows:
        texts = [row.cells[0].text, row.cells[1].text, *(cell.text for cell in row.cells[2:])]
        pairs = [texts[:2]] if row.cells[1]._tc is row.cells[3]._tc else [texts[:2], texts[2:]]
        found |= {label.replace("　", "").replace(" ", ""): value for label, value in pairs}
    return found


def test_a_notice_says_what_who_by_when_and_whom_to_ask() -> None:
    rows = form(NOTICE)
    assert rows["督办事项"] == NOTICE.matter and rows["来源"] == "2026年县政府工作报告"
    assert rows["牵头单位"] == "县水利局" and rows["责任人"] == "罗建国"
    assert rows["配合单位"] == "县财政局、县自然资源局、石桥镇人民政府"
    assert rows["办理要求"].count("\n") == 2 and rows["办结时限"] == "2026年11月30日"
    assert rows["报送频次"] == "每月25日前报送进展" and rows["联系人"] == "周敏　0871-65550011"
    assert "首次通知" not in rows


def test_its_slip_names_number_and_unit_and_leaves_room_for_a_hand() -> None:
    slip = form(NOTICE, table=1)
    assert slip["通知编号"] == "督〔2026〕8号" and slip["签收单位"] == "县水利局"
    assert {slip[label] for label in ("签收人", "签收时间", "承办人", "联系电话")} == {""}


def test_what_is_not_known_is_left_out() -> None:
    bare = NOTICE.model_copy(
        update={"source": "", "field": "", "supporting": (), "handler": "", "requirements": "", "rhythm": ""}
    )
    rows = form(bare)
    assert list(rows) == ["督办事项", "牵头单位", "办结时限", "督办科室", "联系人"]


def test_a_second_notice_sets_a_limit_for_putting_right_and_names_the_first() -> None:
    text = "\n".join(paragraph.text for paragraph in made(SECOND_NOTICE).paragraphs)
    assert "限期整改" in text and "2026年3月2日以督〔2026〕8号交你单位办理" in text
    rows = form(SECOND_NOTICE)
    assert rows["首次通知"] == "督〔2026〕8号" and rows["首次时限"] == "2026年11月30日"
    assert rows["整改时限"] == "2026年12月25日" and rows["抄送"] == "副县长何国栋"
    assert "办结时限" not in rows and "逾期14天" in rows["存在问题"]


def test_the_same_notice_is_the_same_file() -> None:
    assert supervision_notice_docx(NOTICE) == supervision_notice_docx(NOTICE)
