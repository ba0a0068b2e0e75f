"""A ledger of 272 tasks with nine wrong rows, their correction, and the ledger sent once more."""

from __future__ import annotations

import io

import pytest
from ledgers import FIELDS, ledger
from office_day import Day, Someone
from openpyxl import load_workbook

from office.supervision.task_columns import FAULT
from storage.models import Entry, File, LedgerRow, Matter, Step

RIGHT = {
    "牵头单位": "县水利局",
    "配合单位": "县教育局",
    "完成时限": "2026-12-31",
    "报送频次": "每月",
    "任务": "推进法治政府建设",
}
"""what the clerk writes into a wrong cell, by its column"""


@pytest.fixture
def begins() -> str:
    return "2026-03-02 09:00"


async def sends(who: Someone, name: str, content: bytes, caption: str = "导入任务") -> None:
    who.person.sends_file(name, content, caption)
    await who.day.settled()


def corrected(content: bytes) -> bytes:
    """The file that was given back, its coloured cells filled in as they should be."""
    book = load_workbook(io.BytesIO(content))
    sheet = book["待更正"]
    heads = [cell.value for cell in sheet[1]]
    marked = [
        cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.fill.fgColor.rgb == "FFFFD9D9"
    ]
    assert len(marked) == 9 and heads[0] == FAULT
    for cell in marked:
        cell.value = RIGHT[str(heads[cell.column - 1])]
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


async def import_all(office: Day, wu: Someone) -> None:
    """Everything right, as it stands after the correction."""
    await sends(wu, "任务分解表.xlsx", ledger({}))
    await wu.presses("导入 272 条")


async def test_nine_wrong_rows_are_corrected_and_sent_again(office: Day) -> None:
    wu, wei = office.somebody("吴国华"), office.somebody("魏长河")
    await sends(wu, "任务分解表.xlsx", ledger())
    shown = wu.sees("共 272 条：10 个领域、26 个单位", "新增 263，有误 9")
    assert "乡村振兴 第14行 D列 牵头单位：“县水力局”不是本县单位，是否“县水利局”？" in shown.text
    assert not office.rows(Matter), "nothing is entered before it is confirmed"
    back = wu.sees("有误的 9 行").document
    assert back is not None and back.name == "任务分解表（待更正）.xlsx"

    await wu.presses("导入 263 条")
    assert len(office.rows(Matter)) == 263 and len(office.rows(LedgerRow)) == 263
    wu.sees("已导入：新增 263 条", "已通知 26 名承办人")
    given = wei.sees("新增督办事项", "县水利局牵头", "2026年政府工作报告")
    assert wei.count("督办事项") == 1, "one message for all of them"

    await sends(wu, back.name, corrected(back.content))
    wu.sees("共 9 条", "新增 9")
    await wu.presses("导入 9 条")
    tasks = office.rows(Matter)
    assert len(tasks) == 272 and {one.number for one in tasks} == set(range(1, 273))
    assert {one.field for one in tasks} == set(FIELDS)
    assert len({row.ledger for row in office.rows(LedgerRow)}) == 1

    await wei.presses("督办通知单", on=given.text[:12])
    notices = [one for one in wei.received() if one.document and one.document.name.startswith("督办通知单")]
    assert len(notices) == wei.received()[0].text.count("• 督")
    await wei.presses("全部签收", on=given.text[:12])
    mine = [one for one in office.rows(Step) if one.key == "receive" and one.state == "done"]
    assert mine and wei.sees(f"已签收 {len(mine)} 项")


async def test_the_ledger_once_more_changes_only_what_changed(office: Day) -> None:
    wu = office.somebody("吴国华")
    await import_all(office, wu)
    await sends(wu, "任务分解表 (1).xlsx", ledger({}))
    wu.sees("未变 272", "没有可以导入的内容")

    old = next(one for one in office.rows(Matter) if one.title.startswith("乡村振兴第5项"))
    changes = {
        ("经济运行", 4, "F"): "2026-10-15",
        ("乡村振兴", 8, "D"): "县水利局",
        ("城市建设", 6, "G"): "每月",
        ("政府建设", 19, "B"): "",
        ("政府建设", 19, "D"): "",
        ("政府建设", 19, "F"): "",
    }
    await sends(wu, "任务分解表.xlsx", ledger(changes))
    shown = wu.sees("更新 3，未变 268")
    assert "完成时限：2026-06-30 → 2026-10-15" in shown.text
    assert f"牵头单位：{old.section} → 县水利局" in shown.text
    assert "表里没有、台账里还在办的 1 项" in shown.text
    await wu.presses("更新 3 条")

    now = next(one for one in office.rows(Matter) if one.id == old.id)
    assert now.section == "县水利局" and len(office.rows(Matter)) == 272
    step = next(one for one in office.rows(Step) if one.matter_id == now.id and one.state == "open")
    assert (
        office.somebody("魏长河").sees("督办事项有 1 项更新", now.title) and step.holder_id == now.handler_id
    )
    entries = [one for one in office.rows(Entry) if one.act == "amended"]
    assert len(entries) == 3 and all("台账更新" in one.facts["words"] for one in entries)


async def test_only_who_keeps_the_ledger_imports_it(office: Day) -> None:
    wei = office.somebody("魏长河")
    await sends(wei, "任务.xlsx", ledger({}))
    wei.sees("任务台账由督查科导入")
    assert not office.rows(Matter)


async def test_asked_for_first_and_given_as_csv(office: Day) -> None:
    wu = office.somebody("吴国华")
    await wu.says("/import")
    wu.sees("请把表格发给我")
    await sends(wu, "任务.csv", "任务,责任单位,时限\n修水库,水利局,年底前\n".encode("gb18030"), caption="")
    wu.sees("共 1 条：1 个单位", "新增 1")
    await wu.presses("取消")
    wu.sees("什么都没有导入")
    assert not office.rows(Matter)


async def test_a_ledger_without_a_word_is_asked_about(office: Day) -> None:
    wu = office.somebody("吴国华")
    await sends(wu, "任务分解表.xlsx", ledger({}), caption="")
    wu.sees("表头像任务台账")
    await wu.presses("导入台账")
    wu.sees("共 272 条：10 个领域、26 个单位", "新增 272")
    await wu.presses("导入 272 条")
    assert len(office.rows(Matter)) == 272
    assert not office.rows(File)


async def test_it_may_be_a_document(office: Day) -> None:
    liaison = office.somebody("蔡建军")
    await sends(liaison, "任务分解表.xlsx", ledger({}), caption="")
    liaison.sees_nothing_of("表头像任务台账")
    head = office.somebody("吕承志")
    await sends(head, "任务分解表.xlsx", ledger({}), caption="")
    await head.presses("登记为文件", on="表头像任务台账")
    head.sees("任务分解表.xlsx", "还缺")
    assert not office.rows(Matter)
