"""A petition's report 信访报告 (V7): written part by part, complete before it is sent, kept as a paper."""

from __future__ import annotations

from typing import Any

from office import hand_out, post
from office.desk import Desk, Refused
from office.papers.petition_report import PetitionReport, petition_report_docx
from rules import petition
from rules.petition import Missing
from storage import journal, matters, people
from storage.models import File, Matter, Member


def points(matter: Matter) -> list[str]:
    """What the petition raises."""
    return list(matter.details.get("points", []))


def parts(matter: Matter) -> dict[str, str]:
    """The parts of the report as far as they are written, by key."""
    return dict(matter.details.get("report", {}))


def missing(matter: Matter) -> Missing:
    """What the report still lacks."""
    return petition.missing(parts(matter), points(matter))


def check(desk: Desk, matter: Matter) -> None:
    """Refused with what is missing where the report is not complete."""
    lacking = missing(matter)
    if lacking:
        raise Refused("report_incomplete", register_no=matter.register_no, **facts(matter))


def facts(matter: Matter) -> dict[str, Any]:
    """What stands in the report and what is missing, for the card."""
    written, lacking = parts(matter), missing(matter)
    raised = points(matter)
    return {
        "parts": [{"name": part.name, "text": written.get(part.key)} for part in petition.PARTS],
        "points": [{"text": text, "open": n in lacking.points} for n, text in enumerate(raised, 1)],
        "missing_parts": list(lacking.parts),
        "missing_points": [f"{n}. {raised[n - 1]}" for n in lacking.points],
        "complete": not lacking,
    }


def write(desk: Desk, matter: Matter, by: Member, said: dict[str, str]) -> None:
    """Keep what was written: a part that is sent replaces the one before. Refused where it is too long."""
    report = parts(matter) | said
    length = sum(map(len, report.values()))
    if length > petition.LONGEST:
        raise Refused("too_long", field="信访报告", limit=petition.LONGEST, length=length)
    matter.details = matter.details | {"report": report}
    desk.session.add(matter)
    journal.write(
        "report_written",
        now=desk.now,
        session=desk.session,
        member_id=by.id,
        matter_id=matter.id,
        parts="、".join(part.name for part in petition.PARTS if part.key in said),
    )


def set_points(desk: Desk, matter: Matter, by: Member, raised: tuple[str, ...]) -> None:
    """The points that a petition raises, as they are now; what they were stays in the journal.

    Refused to whoever neither registered it nor holds it.
    """
    running = matters.open_steps(matter.id or 0, session=desk.session)
    if by.id not in {matter.registrar_id, *(step.holder_id for step in running)}:
        raise Refused("not_its_keeper", register_no=matter.register_no)
    before = points(matter)
    matter.details = matter.details | {"points": list(raised)}
    desk.session.add(matter)
    journal.write(
        "points_set",
        now=desk.now,
        session=desk.session,
        member_id=by.id,
        matter_id=matter.id,
        before=before,
        points=list(raised),
    )


def hand_in(desk: Desk, matter: Matter, by: Member) -> None:
    """The report that was sent, as a .docx, kept with the matter and handed to whoever is to check it."""
    file = _paper(desk, matter, by)
    running = matters.open_steps(matter.id or 0, session=desk.session)
    for holder in people.with_ids([step.holder_id for step in running], session=desk.session).values():
        post.to_member(
            desk,
            holder,
            "petition.paper",
            kind="note",
            matter=matter,
            file_id=file.id,
            register_no=matter.register_no,
            title=matter.title,
            by=by.name,
        )


def _paper(desk: Desk, matter: Matter, by: Member) -> File:
    handler = people.member(matter.handler_id, session=desk.session) if matter.handler_id else by
    written = parts(matter)
    report = PetitionReport(
        register_no=matter.register_no,
        title=matter.title,
        petitioner=matter.sender or "",
        unit=matter.section or handler.unit,
        handler=handler.name,
        phone=handler.phone,
        points=tuple(points(matter)),
        parts=tuple((part.name, written[part.key]) for part in petition.PARTS),
        written_at=desk.calendar.local(desk.now),
    )
    name = f"信访事项办理情况报告（{matter.register_no}）.docx"
    content = petition_report_docx(report)
    return hand_out.keep(desk, name, hand_out.DOCX, content, by=by, matter_id=matter.id)
