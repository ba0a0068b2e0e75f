"""Reports of progress by spreadsheet (V3): the list filled in, checked row by row, taken whole or not at all.

A row is known by its hidden key; where that is lost, by its number. What may not be changed (the task's
words, its unit) is not read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from office import sheets
from office.desk import Desk, Refused
from office.papers.ledger import LedgerColumn, write_xlsx
from office.papers.ledger import Sheet as Ledger
from office.sheets import Sheet, SheetRow, Unreadable
from office.supervision import progress
from office.supervision.progress import Report
from rules.first_page import screen_file
from rules.patterns import lazy
from rules.reading.register_no import read_register_no
from storage import inbox, matters
from storage.models import Matter, Member

NAME = "进展填报"
COLUMNS = (
    LedgerColumn(title="编号", width=16),
    LedgerColumn(title="任务", width=44),
    LedgerColumn(title="牵头单位", width=20),
    LedgerColumn(title="完成时限", kind="date", width=12),
    LedgerColumn(title="上次进度", kind="text", width=10),
    LedgerColumn(title="上次情况", width=36),
    LedgerColumn(title="本次进度（%）", kind="int", width=12),
    LedgerColumn(title="本次情况", width=44),
    LedgerColumn(title="减少原因", width=24),
    LedgerColumn(title="行标识", width=14, hidden=True),
)
_FILLED_IN = (6, 7)
HEADS = {
    **dict.fromkeys(("编号", "督办编号", "任务编号"), "number"),
    **dict.fromkeys(("本次进度", "进度", "完成比例", "本次进度%"), "percent"),
    **dict.fromkeys(("本次情况", "进展情况", "本次进展", "进展"), "words"),
    **dict.fromkeys(("减少原因", "下降原因", "原因"), "why"),
    "行标识": "key",
    **dict.fromkeys(("任务", "牵头单位", "完成时限", "上次进度", "上次情况"), ""),
}
_PERCENT = lazy(r"(\d{1,4}(?:\.\d+)?)\s*[%％]?")
LISTED = 40


class Row(NamedTuple):
    """A row that is right."""

    matter: Matter
    report: Report


class Read(NamedTuple):
    """What a sheet says: reports, mistakes by row and column, how many rows were left empty."""

    rows: tuple[Row, ...]
    mistakes: tuple[str, ...]
    empty: int


def write(desk: Desk, member: Member) -> bytes:
    """The list of what is asked of a member, to be filled in. Refused progress_nothing where it is empty."""
    owed = [one for one in progress.owed_by(desk, member) if not one.done]
    if not owed:
        raise Refused("progress_nothing")
    rows = []
    for one in owed:
        percent = f"{one.percent}%" if one.percent is not None else "—"
        due = desk.calendar.local(one.matter.due_at).date() if one.matter.due_at else None
        said = one.last.words if one.last else None
        fixed = (one.matter.register_no, one.matter.title, one.matter.section, due, percent, said)
        rows.append((*fixed, None, None, None, _key(one.matter)))
    marked = frozenset((line, column) for line in range(len(rows)) for column in _FILLED_IN)
    sheet = Ledger(name=NAME, columns=COLUMNS, rows=tuple(rows), marked=marked)
    return write_xlsx([sheet], written_at=desk.now)


def _key(matter: Matter) -> str:
    return f"T{matter.id}"


def open_file(desk: Desk, name: str, content: bytes) -> list[Sheet]:
    """The sheets of a file. Refused import_errors where it is no such file, file_classified (D13)."""
    try:
        found = sheets.read(name, content, HEADS, needed=("number", "key"), named=("编号", "本次进度"))
    except Unreadable as error:
        raise Refused("import_errors", lines=[str(error)], more=0) from None
    cells = tuple(cell for sheet in found for _, line in sheet.lines for cell in line if cell)
    if screen_file("\n".join(cells), cells, desk.policy.secrecy) == "classified":
        inbox.count_refusal("classified", desk.calendar.local(desk.now).date(), session=desk.session)
        raise Refused("sheet_classified")
    return found


def read(desk: Desk, found: Iterable[Sheet], by: Member) -> Read:
    """Every row checked: what would be reported, and what is wrong with which cell."""
    rows: list[Row] = []
    mistakes: list[str] = []
    empty = 0
    for sheet in found:
        for number, cells in sheet.lines:
            line = SheetRow(sheet, number, cells)
            if not (line.cell("number") or line.cell("key")):
                continue
            if not any(line.cell(key) for key in ("percent", "words")):
                empty += 1
                continue
            try:
                rows.append(_read_line(desk, line, by))
            except _Mistake as mistake:
                mistakes.append(str(mistake))
    mistakes += _twice(rows)
    return Read(tuple(rows), tuple(mistakes), empty)


def take(desk: Desk, found: Sequence[Sheet], by: Member) -> Read:
    """Report every row, or none: Refused import_errors with what is wrong as things stand now."""
    told = read(desk, found, by)
    check(told)
    for row in told.rows:
        progress.report(desk, row.matter, by, row.report)
    return told


def check(told: Read) -> None:
    """Refused import_errors where a row is wrong, sheet_empty where none says anything."""
    if told.mistakes:
        more = max(0, len(told.mistakes) - LISTED)
        raise Refused("import_errors", lines=list(told.mistakes[:LISTED]), more=more)
    if not told.rows:
        raise Refused("sheet_empty")


class _Mistake(Exception):
    """What is wrong with a cell, as a sentence."""


def _mistake(line: SheetRow, key: str, said: str) -> _Mistake:
    return _Mistake(line.fault(key, said, without="编号"))


def _read_line(desk: Desk, line: SheetRow, by: Member) -> Row:
    matter = _matter(desk, line)
    try:
        progress.check(desk, matter, by)
    except Refused as refused:
        raise _mistake(line, "number", _REASONS[refused.reason]) from None
    report = Report(percent=_percent(line), words=line.cell("words"), why=line.cell("why") or None)
    if len(report.words) > progress.WORDS_LIMIT:
        raise _mistake(line, "words", f"最多 {progress.WORDS_LIMIT} 字，现在 {len(report.words)} 字")
    before = progress.falls_from(desk, matter, report)
    if before is not None:
        raise _mistake(line, "percent", f"上次是 {before}%，这次减少了；请核对，属实的在“减少原因”栏写明")
    return Row(matter, report)


_REASONS = {
    "progress_no_task": "不是督办事项",
    "progress_over": "已经结束，不用再报，请删去这一行",
    "progress_not_yours": "不是贵单位牵头的任务，请删去这一行",
}


def _matter(desk: Desk, line: SheetRow) -> Matter:
    """The task of a row: by its key, which must agree with its number; else by the number alone."""
    key, said = line.cell("key"), line.cell("number")
    by_key = desk.session.get(Matter, int(key[1:])) if re.fullmatch(r"T\d{1,12}", key) else None
    series = {one.series for one in desk.policy.tasks.values()}
    read_no = read_register_no(said, series) if said else None
    if by_key is not None:
        if said and said != by_key.register_no:
            raise _mistake(line, "number", f"与行标识不符，这一行是 {by_key.register_no}，请不要改动编号")
        return by_key
    if read_no is None:
        raise _mistake(line, "number", "认不出编号，应如 督〔2026〕8号")
    named = matters.with_number(read_no.number, states=(), session=desk.session)
    fitting = [
        one
        for one in named
        if one.series in series and read_no.year in (None, one.year) and read_no.series in (None, one.series)
    ]
    if len(fitting) != 1:
        raise _mistake(
            line, "number", "没有这件督办事项" if not fitting else "编号不完整，应如 督〔2026〕8号"
        )
    return fitting[0]


def _percent(line: SheetRow) -> int | None:
    """60, 60%, 0.6 (a cell of percentages) → 60; None where it is empty."""
    said = line.cell("percent")
    if not said:
        return None
    found = _PERCENT.fullmatch(said)
    value = float(found[1]) if found else -1.0
    if found and "%" not in said and "％" not in said and "." in said and 0 < value < 1:
        value *= 100
    if not 0 <= value <= 100:
        raise _mistake(line, "percent", "应是 0 到 100 之间的数，如 60")
    return round(value)


def _twice(rows: Sequence[Row]) -> list[str]:
    count = Counter(row.matter.register_no for row in rows)
    return [f"{number} 有 {n} 行，每项任务只能有一行" for number, n in count.items() if n > 1]
