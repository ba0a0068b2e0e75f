"""Afterwards: the timeline of an emergency as .docx, the yearly register as .xlsx (E5)."""

from __future__ import annotations

from datetime import datetime

from office import emergency_timeline, hand_out
from office.desk import Desk
from office.emergency_timeline import Facts
from office.papers.form import Column, Paper, Paragraph, Table, write_docx
from office.papers.ledger import LedgerColumn, Sheet, Value, write_xlsx
from office.papers.wording import over_limit
from storage import emergencies, matters, people
from storage.models import File, Matter, Step

_COLUMNS = (
    Column(title="时间", width=13, centred=True),
    Column(title="事项", width=42),
    Column(title="经办", width=9, centred=True),
    Column(title="时限", width=13, centred=True),
    Column(title="情况", width=12, centred=True),
)
_REGISTER = (
    LedgerColumn(title="编号", width=16),
    LedgerColumn(title="接报时间", kind="datetime", width=18),
    LedgerColumn(title="事发时间", kind="datetime", width=18),
    LedgerColumn(title="事件", width=40),
    LedgerColumn(title="类别", width=12),
    LedgerColumn(title="级别", width=14),
    LedgerColumn(title="地点", width=24),
    LedgerColumn(title="人员伤亡", width=24),
    LedgerColumn(title="报告人", width=10),
    LedgerColumn(title="口头报告", kind="datetime", width=18),
    LedgerColumn(title="口头报告情况", width=18),
    LedgerColumn(title="书面快报", kind="datetime", width=18),
    LedgerColumn(title="书面快报情况", width=18),
    LedgerColumn(title="快报期号", width=16),
    LedgerColumn(title="批示件数", kind="int", width=10),
    LedgerColumn(title="续报次数", kind="int", width=10),
    LedgerColumn(title="结果", width=28),
    LedgerColumn(title="结束时间", kind="datetime", width=18),
)


def timeline(desk: Desk, matter: Matter) -> File:
    """The timeline on paper; what was late is marked 超时限 …"""
    rows = emergency_timeline.rows(desk, matter)
    table = Table(columns=_COLUMNS, rows=tuple(_row(desk, row) for row in rows))
    paper = Paper(
        title=f"{matter.register_no}突发事件处置时间线",
        written_at=desk.now,
        author=desk.policy.emergency.paper.office,
        body=(Paragraph(text=matter.remark or matter.title), table),
        landscape=True,
    )
    name = f"{matter.register_no}时间线.docx"
    return hand_out.keep(desk, name, hand_out.DOCX, write_docx(paper), by=None, matter_id=matter.id)


def _row(desk: Desk, row: Facts) -> tuple[str, ...]:
    at = _minute(desk, row["at"])
    recorded = f"（{_minute(desk, row['recorded'])} 登记）" if row["recorded"] else ""
    on_time = "按时" if row["due"] else ""
    due = _minute(desk, row["due"]) if row["due"] else ""
    return (at + recorded, row["what"], row["who"], due, row["mark"] or on_time)


def _minute(desk: Desk, iso: str) -> str:
    at = desk.calendar.local(datetime.fromisoformat(iso))
    return f"{at.month}月{at.day}日 {at:%H:%M}"


def register(desk: Desk, year: int) -> File:
    """The register of a year's emergencies."""
    first, last = (datetime(one, 1, 1, tzinfo=desk.calendar.zone) for one in (year, year + 1))
    found = emergencies.between(first, last, session=desk.session)
    sheet = Sheet(
        name=f"{year}年",
        columns=_REGISTER,
        rows=tuple(_line(desk, matter) for matter in found),
    )
    content = write_xlsx([sheet], written_at=desk.now)
    return hand_out.keep(desk, f"突发事件登记表{year}.xlsx", hand_out.XLSX, content, by=None)


def _line(desk: Desk, matter: Matter) -> tuple[Value, ...]:
    known, rule = matter.details["known"], desk.policy.emergency
    level = rule.level(matter.details.get("level"))
    all_reports = emergencies.reports(matter.id or 0, session=desk.session)
    oral, written = (
        matters.last_step(matter.id or 0, key, session=desk.session) for key in ("oral", "written")
    )
    occurred = known.get("occurred", {}).get("at")
    return (
        matter.register_no,
        _wall(desk, matter.received_at),
        _wall(desk, datetime.fromisoformat(occurred)) if occurred else None,
        matter.title,
        _said(known, "what"),
        f"{level.key}级（{level.name}）" if level else None,
        _said(known, "place"),
        _said(known, "casualties"),
        people.member(matter.registrar_id, session=desk.session).name,
        _ended(desk, oral),
        _mark(oral),
        _ended(desk, written),
        _mark(written),
        "、".join(f"第{one.issue}期" for one in all_reports if one.issue),
        len(emergencies.instructions(matter.id or 0, session=desk.session)),
        sum(one.kind == "follow_up" for one in all_reports),
        matter.result or "处置中",
        _wall(desk, matter.closed_at) if matter.closed_at else None,
    )


def _said(known: Facts, key: str) -> str | None:
    return str(known[key]["text"]) if key in known else None


def _wall(desk: Desk, at: datetime) -> datetime:
    return desk.calendar.local(at).replace(tzinfo=None)


def _ended(desk: Desk, step: Step | None) -> datetime | None:
    return _wall(desk, step.ended_at) if step is not None and step.state == "done" and step.ended_at else None


def _mark(step: Step | None) -> str | None:
    """按时, or by how much it was over the limit; nothing more is ever said."""
    if step is None or step.state != "done" or step.ended_at is None or step.due_at is None:
        return None
    return over_limit(step.ended_at - step.due_at) or "按时"
