"""A ledger of tasks from a spreadsheet (V1): what its rows say, or what is wrong by row and column."""

from __future__ import annotations

import io
from collections import Counter
from datetime import UTC, datetime

import pytest
from acting import Office
from ledgers import FIELDS, ledger, units
from openpyxl import Workbook

from office import sheets
from office.supervision.task_columns import HEADS, NEEDED
from office.supervision.task_sheets import Ledger, Reader

HEADER = "序号,任务,牵头单位,完成时限"


def read(office: Office, name: str, content: bytes) -> Ledger:
    desk = office.desk_at("2026-03-02 09:00")
    found = sheets.read(name, content, HEADS, needed=NEEDED, named=("任务", "牵头单位"))
    return Reader(desk.roster, desk.calendar, desk.now).read(found, {})


def of_csv(office: Office, *lines: str) -> Ledger:
    return read(office, "台账.csv", "\n".join(lines).encode())


def faults(office: Office, *lines: str) -> list[str]:
    return [line for wrong in of_csv(office, *lines).wrong for line in wrong.lines]


def test_a_work_report_of_272_tasks(office: Office) -> None:
    found = read(office, "台账.xlsx", ledger({}))
    assert len(found.rows) == 272 and not found.wrong and not found.unknown
    assert Counter(row.field for row in found.rows) == FIELDS
    assert {row.section for row in found.rows} == set(units()) and len(units()) == 26
    first = found.rows[0]
    assert first.place == "经济运行 第4行" and first.rhythm == "monthly" and first.number == "1"
    assert first.due == datetime(2026, 6, 30, 9, 30, tzinfo=UTC) and first.source == "2026年政府工作报告"


def test_nine_wrong_rows_are_named_by_row_and_column_with_what_would_be_right(office: Office) -> None:
    found = read(office, "台账.xlsx", ledger())
    assert (len(found.rows), len(found.wrong)) == (263, 9)
    assert [line for wrong in found.wrong for line in wrong.lines] == [
        "经济运行 第4行 D列 牵头单位：“水利厅”不是本县单位，是否“县水利局”？",
        "项目建设 第9行 F列 完成时限：“长期坚持”没有说到哪一天，应如 2026-12-31、11月底前、三季度末",
        "乡村振兴 第14行 D列 牵头单位：“县水力局”不是本县单位，是否“县水利局”？",
        "城市建设 第5行 F列 完成时限：“2026-02-30”读不出时限，应如 2026-12-31、11月底前、三季度末",
        "生态环保 第7行 G列 报送频次：“每旬”不是报送频次，可填 半月、每月、每季度",
        "民生实事 第20行 D列 牵头单位：不能为空",
        "教育卫生 第11行 E列 配合单位：“县体育局”不是本县单位，是否“县教育局”？",
        "安全生产 第6行 F列 完成时限：“2025-12-31”已经过去，请写今后的日期",
        "政府建设 第3行 B列 重点任务：不能为空",
    ]


@pytest.mark.parametrize(
    ("column", "key"),
    [
        ("责任单位", "section"),
        ("牵头单位*", "section"),
        ("牵头 单位（主办）", "section"),
        ("主办单位", "section"),
    ],
)
def test_columns_are_known_by_their_usual_names_in_any_order(office: Office, column: str, key: str) -> None:
    found = of_csv(office, f"办结时限,{column},工作任务,NO.", "12月底,县水利局,修水库,7")
    assert found.rows[0].section == "县水利局" and found.rows[0].number == "7"


def test_a_field_merged_over_several_rows_or_in_a_line_of_its_own(office: Office) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["领域", "任务", "责任单位", "时限"],
        ["一、农业农村领域（2项）", "修水库", "县水利局", "12月底"],
        [None, "修渠\n并验收", "县水利局\n县财政局", datetime(2026, 9, 30)],  # noqa: DTZ001
        ["二、城市建设（1项）", None, None, None],
        [None, "修路", "交通局", "三季度"],
        ["合计", "3", None, None],
    ):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    file = io.BytesIO()
    book.save(file)
    found = read(office, "台账.xlsx", file.getvalue())
    assert [(row.field, row.title) for row in found.rows] == [
        ("农业农村", "修水库"),
        ("农业农村", "修渠；并验收"),
        ("城市建设", "修路"),
    ]
    assert found.rows[1].units == ("县财政局",)
    assert found.notes == ("第3行 写了 2 个牵头单位：县水利局牵头，其余列为配合",)


def test_work_under_a_task_becomes_what_is_required_of_it(office: Office) -> None:
    both = of_csv(office, "任务,工作内容,责任单位,时限", "修水库,6月底前完成防渗,水利局,年底前")
    assert (both.rows[0].title, both.rows[0].requirements) == ("修水库", "6月底前完成防渗")
    alone = of_csv(office, "工作内容,责任单位,时限", "修水库,水利局,年底前")
    assert (alone.rows[0].title, alone.rows[0].requirements) == ("修水库", "")


def test_units_in_general_are_taken_apart_or_noted(office: Office) -> None:
    found = of_csv(
        office,
        "任务,责任单位,配合单位,时限",
        "修水库,水利局,“各乡镇、有关部门”,年底前".replace("“", "").replace("”", ""),
    )
    assert len(found.rows[0].units) == 8 and "石桥镇人民政府" in found.rows[0].units
    assert found.notes == ("第2行 配合单位“有关部门”没有指明是哪个，未列入",)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1,修水库,水利局,46203", "第2行 D列 完成时限：“46203”是没有设成日期的日期，是否“2026-06-30”？"),
        ("1,修水库,水利局,", "第2行 D列 完成时限：不能为空"),
        (f"1,{'修' * 301},水利局,年底前", "第2行 B列 任务：有 301 个字，最多 300 个"),
    ],
)
def test_what_is_wrong_with_a_cell(office: Office, row: str, said: str) -> None:
    assert faults(office, HEADER, row) == [said]


def test_a_person_who_is_not_on_the_list(office: Office) -> None:
    found = faults(
        office, "任务,责任单位,责任人,时限", "修水库,水利局,魏长和,年底前", "修渠,水利局,罗某,年底前"
    )
    assert found == [
        "第2行 C列 责任人：名单中没有“魏长和”，是否“魏长河”？",
        "第3行 C列 责任人：名单中没有“罗某”，县水利局已登记的有魏长河",
    ]


def test_the_same_task_twice(office: Office) -> None:
    said = faults(office, HEADER, "1,修水库。,水利局,年底前", "2,修 水库,县水利局,三季度末")
    assert said == ["第3行 B列 任务：与第2行重复：任务和牵头单位都一样"]


def test_every_fault_of_a_row_is_told_at_once(office: Office) -> None:
    said = faults(office, HEADER, "1,修水库,水利厅,长期")
    assert [line.split("：")[0] for line in said] == ["第2行 C列 牵头单位", "第2行 D列 完成时限"]


def test_a_missing_column_is_named(office: Office) -> None:
    assert faults(office, "序号,任务,牵头单位", "1,修水库,水利局") == ["第2行 缺少“完成时限”列：不能为空"]
