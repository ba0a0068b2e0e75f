"""The supervision notice 督办通知单 (V2), and the second one (V5): written, kept, sent to the liaison."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from office import bearings, hand_out, post
from office.desk import Desk
from office.papers.supervision_notice import Again, SupervisionNotice, supervision_notice_docx
from rules.supervision import RHYTHMS
from storage import files, people
from storage.models import File, Matter, Member


def issue(desk: Desk, matter: Matter, to: Member) -> None:
    """Write the notice of a task and send it to who is to sign for it."""
    file = _write(desk, matter, _day(desk, matter.due_at or desk.now), None)
    post.to_member(
        desk,
        to,
        "task.notice",
        kind="note",
        matter=matter,
        file_id=file.id,
        cause=cause(matter, to),
        register_no=matter.register_no,
        title=matter.title,
    )


def hand_out_again(desk: Desk, matter: Matter, to: Member) -> None:
    """The notice of a task to whoever asks for it; it is written where it was not yet (an import)."""
    kept = [one for one in files.of_matter(matter.id or 0, session=desk.session) if "督办通知单" in one.name]
    file = kept[-1] if kept else _write(desk, matter, _day(desk, matter.due_at or desk.now), None)
    assert to.telegram_id is not None
    facts: dict[str, Any] = {"register_no": matter.register_no, "title": matter.title}
    hand_out.send(desk, to.telegram_id, file, "task.notice", member=to, **facts)


def cause(matter: Matter, to: Member) -> str:
    """Why somebody gets a notice: once for each task."""
    return f"notice:{matter.id}:{to.id}"


def again(desk: Desk, matter: Matter, to: Member, facts: dict[str, Any]) -> None:
    """Write a second notice and send it, with its reason and its limit for putting right."""
    until = datetime.fromisoformat(facts["until"])
    second = Again(
        first_number=matter.register_no,
        first_issued=_day(desk, matter.registered_at),
        first_limit=_day(desk, matter.first_due_at or matter.registered_at),
        reason=facts["reason"],
        informed=facts["leader"] or "",
    )
    file = _write(desk, matter, _day(desk, until), second)
    post.to_member(
        desk,
        to,
        "task.second",
        kind="note",
        matter=matter,
        file_id=file.id,
        cause=f"second:{matter.id}:{facts['reason']}:{to.id}",
        **facts,
    )


def _write(desk: Desk, matter: Matter, limit: date, second: Again | None) -> File:
    handler = people.member(matter.handler_id, session=desk.session) if matter.handler_id else None
    clerk = people.member(matter.registrar_id, session=desk.session)
    notice = SupervisionNotice(
        number=matter.register_no,
        office=desk.policy.emergency.paper.office,
        issued=_day(desk, desk.now),
        matter=matter.title,
        field=matter.field or "",
        source=matter.sender or "",
        lead=matter.section or "",
        supporting=tuple(matter.units),
        handler=handler.name if handler else "",
        requirements=matter.details.get("requirements") or matter.remark or "",
        limit=limit,
        rhythm=f"{RHYTHMS[matter.details['rhythm']]}报送进展" if matter.details.get("rhythm") else "",
        section=bearings.supervision(desk) or desk.policy.supervision.section,
        contact=clerk.name,
        phone=clerk.phone,
        again=second,
        written_at=desk.calendar.local(desk.now),
    )
    kind = "二次督办通知单" if second else "督办通知单"
    content = supervision_notice_docx(notice)
    name = f"{kind}（{matter.register_no}）.docx"
    return hand_out.keep(desk, name, hand_out.DOCX, content, by=None, matter_id=matter.id)


def _day(desk: Desk, at: datetime) -> date:
    return desk.calendar.local(at).date()
