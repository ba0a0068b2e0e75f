"""A work report broken down into 272 tasks in 10 fields, as a county's office would send it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from office import members

FIELDS = {
    "经济运行": 30,
    "项目建设": 34,
    "乡村振兴": 32,
    "城市建设": 28,
    "生态环保": 26,
    "民生实事": 30,
    "教育卫生": 28,
    "安全生产": 24,
    "改革开放": 22,
    "政府建设": 18,
}
HEADER = ("序号", "重点任务", "任务来源", "牵头单位", "配合\n单位", "完成时限", "报送频次", "备注")
LIMITS = ("2026年6月底", "2026-09-30", "11月底前", "2026年12月31日", "三季度末")
WRONG = {
    ("经济运行", 4, "D"): "水利厅",
    ("项目建设", 9, "F"): "长期坚持",
    ("乡村振兴", 14, "D"): "县水力局",
    ("城市建设", 5, "F"): "2026-02-30",
    ("生态环保", 7, "G"): "每旬",
    ("民生实事", 20, "D"): "",
    ("教育卫生", 11, "E"): "县体育局",
    ("安全生产", 6, "F"): "2025-12-31",
    ("政府建设", 3, "B"): "",
}
"""what is wrong with which cell: sheet, row, column"""


def units() -> list[str]:
    """The sample office's 26 bureaus and towns, in order."""
    text = Path(members.__file__).with_name("sample").joinpath("units.csv").read_text(encoding="utf-8")
    return [row["name"] for row in csv.DictReader(io.StringIO(text)) if row["level"] == "units"]


def ledger(changes: Mapping[tuple[str, int, str], str] = WRONG) -> bytes:
    """The ledger as an .xlsx with one sheet per field; `changes` by sheet, row and column. Two lines stand
    over each header, which is line 3 — but for the last sheet, whose header is its first line."""
    book = Workbook()
    first = book.active
    assert first is not None
    book.remove(first)
    count = 0
    for field, amount in FIELDS.items():
        sheet = book.create_sheet(field)
        if field != "政府建设":
            sheet.append([f"2026年政府工作报告重点任务分解表（{field}）"])
            sheet.append(["制表：督查科"])
        sheet.append(HEADER)
        for number in range(1, amount + 1):
            sheet.append(_row(field, number, count))
            count += 1
    for (field, row, column), value in changes.items():
        _sheet(book, field)[f"{column}{row}"] = value or None
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _sheet(book: Workbook, field: str) -> Worksheet:
    sheet = book[field]
    assert isinstance(sheet, Worksheet)
    return sheet


def _row(field: str, number: int, count: int) -> list[str | int]:
    known = units()
    lead, also = known[count % len(known)], known[(count * 7 + 3) % len(known)]
    return [
        number,
        f"{field}第{number}项：推进{lead}牵头的年度重点工作",
        "2026年政府工作报告",
        lead,
        also if also != lead else "",
        LIMITS[count % len(LIMITS)],
        ("每月", "每季度", "半月")[count % 3],
        "",
    ]
