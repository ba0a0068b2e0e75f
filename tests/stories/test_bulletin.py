"""The bulletin of November: drafted, corrected, sent back, signed out, numbered, sent to the units (V8)."""

from __future__ import annotations

import io
from datetime import datetime

import docx
import pytest
from desks import named
from office_day import ZONE, Day
from openpyxl import load_workbook
from sqlmodel import select

from office.desk import Desk
from office.supervision import ledger
from office.supervision.ledger import TaskForm
from storage.models import Bulletin, Entry, Matter, Step

TASKS = (
    ("修水库", "县水利局", "乡村振兴", "2026-11-10"),
    ("修渠", "县水利局", "乡村振兴", "2026-11-12"),
    ("清淤", "县水利局", "生态环保", "2026-12-20"),
    ("建学校", "县教育局", "民生实事", "2026-11-12"),
    ("修操场", "县教育局", "民生实事", "2026-12-15"),
    ("编预算", "县财政局", "经济运行", "2026-11-11"),
)
DONE = {"修水库": "2026-11-11", "建学校": "2026-11-09", "修操场": "2026-11-16", "编预算": "2026-11-10"}
"""what was answered and struck off, and when"""


def day(text: str, hour: int = 17) -> datetime:
    return datetime.fromisoformat(text).replace(hour=hour, tzinfo=ZONE)


def give(desk: Desk) -> None:
    for title, unit, field, due in TASKS:
        form = TaskForm(title=title, section=unit, field=field, due=day(due), source="县长办公会")
        ledger.enter(desk, form, named(desk, "吴国华"), told=False)


def strike_off(desk: Desk) -> None:
    """What became of them, as the tables have it."""
    for matter in desk.session.exec(select(Matter)):
        if matter.title in DONE:
            at = day(DONE[matter.title], 10)
            for step in desk.session.exec(select(Step).where(Step.matter_id == matter.id)):
                step.key, step.state, step.ended_at = "handle", "done", at
            matter.state, matter.closed_at, matter.result = "closed", at, "已完成"


@pytest.fixture
def begins() -> str:
    return "2026-11-02 09:00"


async def test_the_bulletin_of_november(office: Day) -> None:
    wu, lv, wei = office.somebody("吴国华"), office.somebody("吕承志"), office.somebody("魏长河")
    await office.does(give)
    await office.does(strike_off)
    await office.at("2026-11-24 09:00")

    await wu.says("通报 11月")
    shown = wu.sees("关于2026年11月督查督办情况的通报").text
    assert "在督事项6项，其中新交办6项；办结4项，办结率（办结÷交办）为4÷6＝66.7%" in shown
    assert (
        "到期应办结4项，按期办结2项，按期办结率（按期办结÷到期）为2÷4＝50.0%；逾期未办结1项"
        in shown.replace("。逾期", "；逾期")
    )
    assert "县教育局（100.0%）" in shown and "县财政局（100.0%）" in shown
    assert "县水利局1项（督2号）" in shown and "魏长河" not in shown, "units are named, persons never"

    await wu.says("把“办理及时，予以肯定”改成“办理及时，予以表扬”")
    wu.sees("予以表扬")
    await wu.presses("送签")
    await lv.presses("退改", on="送签")
    await lv.says("请补充下一步安排")
    wu.sees("退改", "请补充下一步安排")
    await wu.presses("修改", on="退改")
    await wu.says("补充 下一步将组织现场督查。")
    wu.sees("下一步将组织现场督查", "予以表扬")
    await wu.says("送签")
    await lv.presses("签发", on="下一步将组织现场督查")

    (bulletin,) = office.rows(Bulletin)
    assert (bulletin.state, bulletin.issue) == ("signed", 1)
    paper = wu.sees("督查通报第1期").document
    assert paper is not None and paper.name == "督查通报第1期（2026年11月）.docx"
    made = docx.Document(io.BytesIO(paper.content))
    assert any("下一步将组织现场督查" in one.text for one in made.paragraphs)
    cells = [[cell.text for cell in row.cells] for row in made.tables[0].rows]
    assert ["县水利局", "3", "1", "33.3%", "2", "0", "0.0%", "1"] in cells and cells[-1][0] == "合计"

    sheet = wu.sees("一个领域一张表").document
    assert sheet is not None
    book = load_workbook(io.BytesIO(sheet.content))
    assert set(book.sheetnames) == {"乡村振兴", "生态环保", "民生实事", "经济运行"}
    first = book["乡村振兴"]
    assert first.freeze_panes == "A2" and first.auto_filter.ref
    assert isinstance(first["H2"].value, datetime) and first["B2"].value == "修水库"

    await wu.says("通报 11月")
    await wu.presses("发各单位", on="已签发")
    wei.sees("督查通报第1期")
    await wu.presses("发各单位", on="已签发")
    assert wei.count("督查通报第1期") == 1, "nobody gets it twice"
    acts = [one.act for one in office.rows(Entry) if one.act.startswith("bulletin")]
    assert acts[-3:] == ["bulletin_signed", "bulletin_circulated", "bulletin_circulated"]


async def test_only_the_section_drafts_it_and_only_the_signer_signs_it(office: Day) -> None:
    wei, wu = office.somebody("魏长河"), office.somebody("吴国华")
    await wei.says("通报 11月")
    wei.sees("督查通报由督查科起草")
    await wu.says("通报 12月")
    wu.sees("还没有到")
    await wu.says("通报 11月")
    assert "0÷0＝—" in wu.sees("关于2026年11月").text, "no rate without a denominator"


async def test_a_signature_that_does_not_come_is_reminded_of_and_climbs(office: Day) -> None:
    wu, lv = office.somebody("吴国华"), office.somebody("吕承志")
    director, stand_in = office.somebody("杨振宇"), office.somebody("沈慧敏")
    await office.at("2026-11-24 09:00")
    await wu.says("通报 11月")
    await wu.presses("送签")
    lv.sees("督查通报送签", "请于 11月25日 周三 17:30 前签发")
    await office.at("2026-11-25 17:29")
    assert lv.count("督查通报请签发") == 2 and wu.count("逾期未签") == 0
    await office.at("2026-11-26 09:01")
    lv.sees("已逾期", "督查通报请签发")
    await office.at("2026-11-26 09:30")
    wu.sees("逾期未签", "应由 吕承志")
    await office.at("2026-11-26 14:31")
    director.sees("逾期未签，转告您（办公室主任）")
    await stand_in.presses("签发", on="逾期未签")
    (bulletin,) = office.rows(Bulletin)
    assert (bulletin.state, bulletin.due_at) == ("signed", None)
    await office.at("2026-11-30 09:00")
    assert lv.count("督查通报请签发") <= 4, "signed, it rings no more"


async def test_sent_back_it_rings_no_more(office: Day) -> None:
    wu, lv = office.somebody("吴国华"), office.somebody("吕承志")
    await office.at("2026-11-24 09:00")
    await wu.says("通报 11月")
    await wu.presses("送签")
    await lv.presses("退改", on="送签")
    await lv.says("请补充下一步安排")
    await office.at("2026-11-27 09:00")
    assert lv.count("督查通报请签发") == 0
