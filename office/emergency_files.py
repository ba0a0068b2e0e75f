"""Afterwards: the timeline of an emergency as .docx, the yearly register as .xlsx (E5)."""

from __future__ import annotations

from datetime import datetime

from office import emergency_timeline, hand_out
from office.desk import Desk
from office.emergency_timeline import Facts
from office.papers.emergency_register import EmergencyRow, emergency_register_xlsx
from office.papers.timeline import Timeline, TimelineRow, timeline_docx
from rules.emergency import event_of
from storage import emergencies, journal, matters
from storage.models import File, Matter, Report, Step

_STATES = {"final": "已终报", "false_alarm": "误报", "merged": "已并入"}


def timeline(desk: Desk, matter: Matter) -> File:
    """The timeline on paper; what was late is marked 超时限 …"""
    rows = emergency_timeline.rows(desk, matter)
    content = timeline_docx(
        Timeline(
            title=_event(matter),
            what="处置经过",
            number=matter.register_no,
            office=desk.policy.emergency.paper.office,
            rows=tuple(_row(desk, row) for row in rows),
            written_at=desk.now,
        )
    )
    name = f"{matter.register_no}时间线.docx"
    return hand_out.keep(desk, name, hand_out.DOCX, content, by=None, matter_id=matter.id)


def _event(matter: Matter) -> str:
    """石桥镇东河村山体滑坡"""
    place = _said(matter.details["known"], "place")
    event = event_of(matter.title, place)
    return event if place in event else f"{place}{event}"


def _row(desk: Desk, row: Facts) -> TimelineRow:
    at = _wall(desk, datetime.fromisoformat(row["at"]))
    recorded = _wall(desk, datetime.fromisoformat(row["recorded"])) if row["recorded"] else None
    return TimelineRow(
        at=at,
        what=row["what"],
        who=row["who"],
        due=_wall(desk, datetime.fromisoformat(row["due"])) if row["due"] else None,
        actual=at if row["due"] else None,
        remark=f"{recorded:%H:%M} 登记" if recorded else "",
    )


def register(desk: Desk, year: int) -> File:
    """The register of a year's emergencies."""
    first, last = (datetime(one, 1, 1, tzinfo=desk.calendar.zone) for one in (year, year + 1))
    found = emergencies.between(first, last, session=desk.session)
    rows = tuple(_register_row(desk, matter) for matter in found)
    content = emergency_register_xlsx(year, rows, written_at=desk.now)
    return hand_out.keep(desk, f"突发事件登记台账{year}.xlsx", hand_out.XLSX, content, by=None)


def _register_row(desk: Desk, matter: Matter) -> EmergencyRow:
    known, details = matter.details["known"], matter.details
    level = desk.policy.emergency.level(details.get("level"))
    occurred = known.get("occurred", {}).get("at")
    reports = emergencies.reports(matter.id or 0, session=desk.session)
    oral, written = (
        matters.last_step(matter.id or 0, key, session=desk.session) for key in ("oral", "written")
    )
    final = next((one for one in reports if one.kind == "final" and one.signed_at), None)
    return EmergencyRow(
        number=matter.register_no,
        received_at=_wall(desk, matter.received_at),
        happened_at=_wall(desk, datetime.fromisoformat(occurred)) if occurred else None,
        event=_event(matter),
        category=_said(known, "what"),
        level=f"{level.key}级（{level.name}）" if level else "",
        place=_said(known, "place"),
        source=_said(known, "source"),
        harm="；".join(part for part in (_said(known, "casualties"), _said(known, "loss")) if part),
        oral_due=_due(desk, oral),
        oral_at=_done(desk, oral),
        written_due=_due(desk, written),
        written_at=_done(desk, written),
        issue=_issues(reports),
        instructions=len(emergencies.instructions(matter.id or 0, session=desk.session)),
        follow_ups=sum(one.kind == "follow_up" for one in reports),
        final_at=_wall(desk, final.signed_at) if final and final.signed_at else None,
        state=_STATES.get(details.get("outcome", ""), "处置中"),
        duty_leader=details["duty_leader"],
        duty_officer=details["duty_officer"],
        remark=matter.result or "",
    )


def _issues(reports: list[Report]) -> str:
    return "、".join(f"第{one.issue}期" for one in reports if one.issue)


def _said(known: Facts, key: str) -> str:
    return str(known[key]["text"]) if key in known else ""


def _due(desk: Desk, step: Step | None) -> datetime | None:
    return _wall(desk, step.due_at) if step is not None and step.due_at else None


def _done(desk: Desk, step: Step | None) -> datetime | None:
    """When a step was done: as it was claimed, where it was recorded later."""
    if step is None or step.state != "done":
        return None
    signed = journal.of_step(step.id or 0, ("signed",), session=desk.session)
    return _wall(desk, signed[-1].happened_at) if signed else None


def _wall(desk: Desk, at: datetime) -> datetime:
    return desk.calendar.local(at).replace(tzinfo=None)
