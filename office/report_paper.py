"""A signed report as the office's paper 快报: an issue number, a .docx, handed to those concerned (E2)."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, NamedTuple

from office import duty, post
from office.desk import Desk
from office.papers.form import FootRow, Paper, Paragraph, write_docx
from office.report_text import words
from storage import emergencies, matters, people
from storage.models import File, FileContent, Matter, Member, Report

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SEEING = ("holder", "view", "alert")
"""cards of those who follow an emergency as a whole; whom only an instruction names gets no papers"""


class Issued(NamedTuple):
    """A file as it is kept."""

    name: str
    content: bytes


def issue(desk: Desk, matter: Matter, report: Report) -> None:
    """Give the next issue number of the year, write the paper, keep it, hand it out."""
    assert report.signed_at is not None
    year = desk.calendar.local(report.signed_at).year
    report.issue = matters.next_number(desk.policy.emergency.paper.series, year, session=desk.session)
    name = f"{desk.policy.emergency.paper.masthead}第{report.issue}期（{matter.register_no}）.docx"
    file = keep(desk, matter, Issued(name, write_docx(compose(desk, matter, report))), DOCX)
    report.file_id = file.id
    desk.session.add(report)
    _hand_out(desk, matter, report)


def compose(desk: Desk, matter: Matter, report: Report) -> Paper:
    """The paper: masthead, issue, who published it and when to the minute, title, text, foot."""
    assert report.signed_at is not None
    rule, said = desk.policy.emergency.paper, words(desk, matter, report)
    signer = people.member(report.signed_by or 0, session=desk.session)
    officer = people.by_name(str(matter.details["duty_officer"]), session=desk.session)
    phone = rule.phone or (officer.phone if officer else "")
    return Paper(
        title=said.title,
        written_at=report.signed_at,
        author=rule.office,
        masthead=rule.masthead,
        number=f"第{report.issue}期",
        left=rule.office,
        right=_minute(desk, report.signed_at),
        body=tuple(Paragraph.read(line) for line in said.paragraphs),
        foot=(
            FootRow(cells=(f"报：{'、'.join(rule.to)}",)),
            FootRow(cells=(f"送：{'、'.join(rule.copies)}",)),
            FootRow(
                cells=(f"签发：{signer.name}", f"值班员：{matter.details['duty_officer']}", f"电话：{phone}")
            ),
        ),
    )


def _minute(desk: Desk, at: datetime) -> str:
    local = desk.calendar.local(at)
    return f"{local.year}年{local.month}月{local.day}日{local.hour}时{local.minute:02d}分"


def keep(desk: Desk, matter: Matter, made: Issued, mime: str) -> File:
    """Keep a file with the matter."""
    file = File(
        matter_id=matter.id,
        name=made.name,
        mime=mime,
        size=len(made.content),
        sha256=hashlib.sha256(made.content).hexdigest(),
        added_at=desk.now,
    )
    desk.session.add(file)
    desk.session.flush()
    assert file.id is not None
    desk.session.add(FileContent(file_id=file.id, content=made.content))
    return file


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
