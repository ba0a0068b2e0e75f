"""A signed report as the office's paper 快报: an issue number, a .docx, handed to those concerned (E2)."""

from __future__ import annotations

from typing import Any

from office import duty, hand_out, post
from office.desk import Desk
from office.papers.quick_report import quick_report_docx
from office.report_text import quick_report, words
from storage import emergencies, matters, people
from storage.models import Matter, Member, Report

SEEING = ("holder", "view", "alert")
"""cards of those who follow an emergency as a whole; whom only an instruction names gets no papers"""


def issue(desk: Desk, matter: Matter, report: Report) -> None:
    """Give the next issue number of the year, write the paper, keep it, hand it out."""
    assert report.signed_at is not None
    rule = desk.policy.emergency.paper
    year = desk.calendar.local(report.signed_at).year
    report.issue = matters.next_number(rule.series, year, session=desk.session)
    content = quick_report_docx(quick_report(desk, matter, report), words(desk, matter, report))
    name = f"{rule.masthead}第{report.issue}期（{matter.register_no}）.docx"
    file = hand_out.keep(desk, name, hand_out.DOCX, content, by=None, matter_id=matter.id)
    report.file_id = file.id
    desk.session.add(report)
    _hand_out(desk, matter, report)


def _hand_out(desk: Desk, matter: Matter, report: Report) -> None:
    told = emergencies.told(matter.id or 0, kinds=SEEING, session=desk.session)
    for member in people.with_ids(told, session=desk.session).values():
        send(desk, matter, member, report)
    room = duty.room(desk)
    group = people.group_of_unit(room, session=desk.session) if room else None
    if group is not None:
        post.to_group(
            desk,
            group.chat_id,
            "emergency.paper",
            kind="note",
            matter=matter,
            file_id=report.file_id,
            **_facts(desk, matter, report),
        )


def send(desk: Desk, matter: Matter, member: Member, report: Report) -> None:
    """Hand a paper to one member, once."""
    post.to_member(
        desk,
        member,
        "emergency.paper",
        kind="note",
        matter=matter,
        file_id=report.file_id,
        cause=f"em:paper:{report.id}:{member.id}",
        **_facts(desk, matter, report),
    )


def _facts(desk: Desk, matter: Matter, report: Report) -> dict[str, Any]:
    signer = people.member(report.signed_by or 0, session=desk.session)
    return {
        "register_no": matter.register_no,
        "title": words(desk, matter, report).title,
        "issue": report.issue,
        "signer": signer.name,
        "at": report.signed_at.isoformat() if report.signed_at else None,
    }
