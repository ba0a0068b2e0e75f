"""The yearly register of emergencies 突发事件登记台账 (E1 to E5) as a spreadsheet."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, NaiveDatetime

from office.papers.ledger import LedgerColumn, Sheet, Value, write_xlsx

_COLUMNS: Final = (
    LedgerColumn(title="编号", width=15),
    LedgerColumn(title="接报时间", kind="datetime", width=16),
    LedgerColumn(title="事发时间", kind="datetime", width=16),
    LedgerColumn(title="事件", width=26),
    LedgerColumn(title="类别", width=11),
    LedgerColumn(title="级别", width=9),
    LedgerColumn(title="地点", width=16),
    LedgerColumn(title="信息来源", width=18),
    LedgerColumn(title="伤亡和损失", width=24),
    LedgerColumn(title="口头报告时间", kind="datetime", width=16),
    LedgerColumn(title="口头超时限（分钟）", kind="int", width=11),
    LedgerColumn(title="书面快报时间", kind="datetime", width=16),
    LedgerColumn(title="书面超时限（分钟）", kind="int", width=11),
    LedgerColumn(title="快报期号", width=11),
    LedgerColumn(title="批示（件）", kind="int", width=8),
    LedgerColumn(title="续报（次）", kind="int", width=8),
    LedgerColumn(title="终报时间", kind="datetime", width=16),
    LedgerColumn(title="状态", width=9),
    LedgerColumn(title="带班领导", width=10),
    LedgerColumn(title="值班员", width=10),
    LedgerColumn(title="备注", width=18),
)


class EmergencyRow(BaseModel):
    """An emergency of the year. Times are naive and in the office's zone; None where there is none yet."""

    model_config = ConfigDict(frozen=True)

    number: str
    """急〔2026〕3号"""
    received_at: NaiveDatetime
    happened_at: NaiveDatetime | None = None
    event: str
    category: str = ""
    level: str = ""
    place: str = ""
    source: str = ""
    harm: str = ""
    oral_due: NaiveDatetime | None = None
    oral_at: NaiveDatetime | None = None
    written_due: NaiveDatetime | None = None
    written_at: NaiveDatetime | None = None
    issue: str = ""
    """第12期"""
    instructions: int = 0
    follow_ups: int = 0
    final_at: NaiveDatetime | None = None
    state: str = ""
    """处置中 · 已终报 · 误报"""
    duty_leader: str = ""
    duty_officer: str = ""
    remark: str = ""


def emergency_register_xlsx(year: int, rows: tuple[EmergencyRow, ...], *, written_at: AwareDatetime) -> bytes:
    """The register of a year, one row per emergency; `written_at` is the instant the file shows."""
    cells = tuple(_cells(row) for row in rows)
    sheet = Sheet(name=f"{year}年突发事件登记", columns=_COLUMNS, rows=cells, paper="A3")
    return write_xlsx([sheet], written_at=written_at)


def _cells(row: EmergencyRow) -> tuple[Value, ...]:
    return (
        row.number,
        row.received_at,
        row.happened_at,
        row.event,
        row.category,
        row.level,
        row.place,
        row.source,
        row.harm,
        row.oral_at,
        _minutes_over(row.oral_due, row.oral_at),
        row.written_at,
        _minutes_over(row.written_due, row.written_at),
        row.issue,
        row.instructions,
        row.follow_ups,
        row.final_at,
        row.state,
        row.duty_leader,
        row.duty_officer,
        row.remark,
    )


def _minutes_over(due: NaiveDatetime | None, actual: NaiveDatetime | None) -> int | None:
    """Whole minutes past the limit, at least one when late; 0 in time, None while nothing can be said."""
    if due is None or actual is None:
        return None
    return max(1, (actual - due) // timedelta(minutes=1)) if actual > due else 0
