"""A day's duty log 值班日志 on paper: who was on, entry by entry, the hand-over (E6)."""

from __future__ import annotations

from datetime import date, timedelta

from pydantic import AwareDatetime, BaseModel, ConfigDict

from office.papers.paper import Column, Paper, Paragraph, Table, write_docx
from office.papers.wording import chinese_date

_COLUMNS = (
    Column(title="时间", width=9, centred=True),
    Column(title="来电单位、人员、电话", width=16),
    Column(title="内容", width=24),
    Column(title="报告、通知", width=12),
    Column(title="领导指示", width=12),
    Column(title="处理结果", width=12),
    Column(title="记录人", width=8, centred=True),
)
_NOTHING = "当日无值班记录。"


class LogRow(BaseModel):
    """An entry; empty text where nothing was said."""

    model_config = ConfigDict(frozen=True)

    at: str
    """14:05, with the day in front where it is not the day of duty"""
    caller: str
    content: str
    told: str
    instruction: str
    result: str
    by: str


class DutyLog(BaseModel):
    """A day of duty. `people` and `hand_over` are lines as they are written under the title and the table."""

    model_config = ConfigDict(frozen=True)

    office: str
    day: date
    change_over: str
    """08:30"""
    people: tuple[str, ...]
    rows: tuple[LogRow, ...]
    hand_over: tuple[str, ...]
    written_at: AwareDatetime


def duty_log(log: DutyLog) -> bytes:
    """The log as a .docx, a table across the page."""
    until = log.day + timedelta(days=1)
    span = f"{chinese_date(log.day)}{log.change_over} 至 {chinese_date(until)}{log.change_over}"
    rows = tuple((r.at, r.caller, r.content, r.told, r.instruction, r.result, r.by) for r in log.rows)
    table = Table(columns=_COLUMNS, rows=rows) if rows else Paragraph(text=_NOTHING)
    paper = Paper(
        title=f"{log.office}值班日志",
        written_at=log.written_at,
        author=log.office,
        left=span,
        right="　".join(log.people),
        body=(table, *(Paragraph(text=line) for line in log.hand_over)),
        landscape=True,
    )
    return write_docx(paper)
