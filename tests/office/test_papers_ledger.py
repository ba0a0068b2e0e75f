"""Ledgers: typed columns, text that stays text, sheets ready to filter and print."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from unicodedata import normalize

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from office.papers.ledger import LedgerColumn, Sheet, write_xlsx
from office.papers.spreadsheet import NAME_LIMIT, TEXT_LIMIT, safe_text, sheet_names

WRITTEN = datetime(2026, 11, 25, 3, 48, tzinfo=UTC)
COLUMNS = (
    LedgerColumn(title="事项", width=30),
    LedgerColumn(title="份数", kind="int"),
    LedgerColumn(title="得分", kind="number"),
    LedgerColumn(title="收文日期", kind="date"),
    LedgerColumn(title="签收时间", kind="datetime"),
    LedgerColumn(title="办结率", kind="percent"),
)
ROW = ("预算请示", 3, 2.5, date(2026, 11, 25), datetime(2026, 11, 25, 9, 5), 0.955)  # noqa: DTZ001


def opened(*sheets: Sheet) -> Any:
    return openpyxl.load_workbook(io.BytesIO(write_xlsx(sheets, written_at=WRITTEN)))


def of_rows(*rows: tuple[Any, ...]) -> Any:
    return opened(Sheet(name="收文台账", columns=COLUMNS, rows=rows)).active


def of_texts(texts: Iterable[str]) -> Any:
    rows = tuple((text,) for text in texts)
    return opened(Sheet(name="台账", columns=COLUMNS[:1], rows=rows)).active


# --- values -----------------------------------------------------------------------------------------


def test_dates_are_dates_and_numbers_numbers() -> None:
    sheet = of_rows(ROW)
    cells = sheet[2]
    assert [cell.data_type for cell in cells] == ["s", "n", "n", "d", "d", "n"]
    wanted = ("预算请示", 3, 2.5, datetime(2026, 11, 25), datetime(2026, 11, 25, 9, 5), 0.955)  # noqa: DTZ001
    assert tuple(cell.value for cell in cells) == wanted
    formats = [cell.number_format for cell in cells]
    assert formats == ["@", "0", "0.##", "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "0.0%"]


def test_what_is_missing_is_empty_but_a_rate_of_nothing_is_a_dash() -> None:
    assert [cell.value for cell in of_rows(("", *[None] * 5))[2]] == [None, None, None, None, None, "—"]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (0, 3),
        (1, 2.5),
        (1, True),
        (1, "3"),
        (2, float("nan")),
        (5, float("inf")),
        (3, datetime(2026, 11, 25)),  # noqa: DTZ001
        (4, date(2026, 11, 25)),
        (4, datetime(2026, 11, 25, 9, 5, tzinfo=timezone(timedelta(hours=8)))),
    ],
)
def test_a_value_that_is_not_of_its_column_is_refused(column: int, value: Any) -> None:
    row = [*ROW]
    row[column] = value
    with pytest.raises(ValueError):
        of_rows(tuple(row))


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="2 values for 6 columns"):
        of_rows(("甲", 1))


def test_a_ledger_without_sheets_is_refused() -> None:
    with pytest.raises(ValueError):
        write_xlsx([], written_at=WRITTEN)


def test_what_excel_cannot_hold_as_a_number_or_date_is_text() -> None:
    cells = of_rows(("甲", 12345678901234567, None, date(26, 11, 25), datetime(1899, 1, 2, 3, 4), 1))[2]  # noqa: DTZ001
    assert [cell.value for cell in cells[1:5]] == [
        "12345678901234567",
        None,
        "0026-11-25",
        "1899-01-02 03:04",
    ]


# --- text stays text --------------------------------------------------------------------------------

FORMULAS = [
    "=1+1",
    "+86 139",
    "-5℃",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "＝1+1",
    "－1",
    "　=1",
    "==",
    "-",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_would_begin_a_formula_gets_an_apostrophe(text: str) -> None:
    cell = of_texts([text])["A2"]
    assert (cell.data_type, cell.value[0]) == ("s", "'")


@pytest.mark.parametrize(
    "text", ["预算请示", "3-5月", "—", "a=b", "急〔2026〕3号", "#N/A", "1e5", "0871-6555"]
)
def test_other_text_stays_as_it_is(text: str) -> None:
    cell = of_texts([text])["A2"]
    assert (cell.data_type, cell.value) == ("s", text)


def test_what_looks_like_an_escape_is_not_one() -> None:
    # Excel reads _x003D_ as "=": a formula after all, once saved as CSV.
    assert safe_text("_x003D_1+1") == "_x005F_x003D_1+1"


def test_a_text_too_long_for_a_cell_says_that_it_was_cut() -> None:
    kept = safe_text("山" * (TEXT_LIMIT + 1))
    assert len(kept) == TEXT_LIMIT and kept.endswith("……（以下略）")
    assert safe_text("山" * TEXT_LIMIT) == "山" * TEXT_LIMIT
    assert len(safe_text("𠮷" * TEXT_LIMIT).encode("utf-16-le")) <= 2 * TEXT_LIMIT


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text() | st.sampled_from(FORMULAS), min_size=1, max_size=20))
@example(["\x00=1", "\ud800=1", "\x85=1", "\ufffe+1"])
def test_any_text_is_kept_and_none_is_a_formula(texts: list[str]) -> None:
    sheet = of_texts(texts)
    for number, text in enumerate(texts, 2):
        cell = sheet.cell(number, 1)
        said = cell.value or ""
        assert cell.data_type != "f"
        assert normalize("NFKC", said.lstrip()[:1]) not in {"=", "+", "-", "@"}
        assert said[:1] not in {"\t", "\r", "\n"}
        assert said.removeprefix("'") == safe_text(text).removeprefix("'")


# --- sheets -----------------------------------------------------------------------------------------


@given(
    st.lists(
        st.text(max_size=40) | st.sampled_from(["", "台账", "A", "a", "History", "'甲'", "甲/乙:[丙]"]),
        max_size=12,
    )
)
def test_any_names_become_names_excel_takes(names: list[str]) -> None:
    made = sheet_names(names)
    assert len(made) == len(names) == len({name.casefold() for name in made})
    for name in made:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= NAME_LIMIT
        assert (
            not set(name) & set("[]:*?/\\\n\t") and name.strip("'") == name and name.casefold() != "history"
        )


def test_a_good_name_stays_and_a_second_one_is_numbered() -> None:
    assert sheet_names(["收文/2026", "收文 2026", "督办"]) == ["收文 2026", "收文 2026（2）", "督办"]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_a_book_with_any_names_opens(names: list[str]) -> None:
    assert opened(*(Sheet(name=name, columns=COLUMNS) for name in names)).sheetnames == sheet_names(names)


def test_a_sheet_is_ready_to_filter_and_to_print() -> None:
    sheet = of_rows(ROW, ROW)
    assert [cell.value for cell in sheet[1]] == [column.title for column in COLUMNS]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A2", "A1:F3", "$1:$1")
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.column_dimensions["A"].width == 30
    assert sheet["A1"].font.name == "黑体" and sheet["A2"].font.name == "宋体"
    assert sheet.oddHeader.center.text == "收文台账"


def test_long_text_is_wrapped_and_its_row_high_enough() -> None:
    sheet = of_texts(["山" * 100, "山"])
    assert sheet["A2"].alignment.wrap_text
    # 13 characters of 2.2 digits' width stand on a line 30 wide: 8 lines of 15 points.
    assert sheet.row_dimensions[2].height >= 8 * 15 > sheet.row_dimensions[3].height


def test_equal_ledgers_are_equal_bytes_and_say_when_they_were_written() -> None:
    sheet = Sheet(name="台账", columns=COLUMNS, rows=(ROW,))
    assert write_xlsx([sheet], written_at=WRITTEN) == write_xlsx([sheet], written_at=WRITTEN)
    properties = opened(sheet).properties
    assert properties.created == properties.modified == WRITTEN.replace(tzinfo=None)


def test_saved_as_csv_by_another_program_nothing_is_a_formula(tmp_path: Path) -> None:
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed: no other program to save the ledger as CSV")
    texts = [*FORMULAS, "_x003D_1+1", "预算请示"]
    sheet = Sheet(name="台账", columns=COLUMNS[:1], rows=tuple((text,) for text in texts))
    (tmp_path / "ledger.xlsx").write_bytes(write_xlsx([sheet], written_at=WRITTEN))
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "ledger.xlsx")], check=True, capture_output=True, timeout=120)
    if not (tmp_path / "ledger.csv").exists():
        pytest.skip("LibreOffice has no spreadsheet part here")
    rows = list(csv.reader(io.StringIO((tmp_path / "ledger.csv").read_bytes().decode("utf-8"), newline="")))
    assert len(rows) == len(texts) + 1 and rows[-2:] == [["_x003D_1+1"], ["预算请示"]]
    assert all(row[0].startswith("'") for row in rows[1 : len(FORMULAS) + 1])
