"""Correcting what was entered 更正登记 (D1): what the register says follows, the journal keeps what it said.

Title, number, sender and copies may be corrected while the matter is open. Section and handler only until
the first step is signed: after that it is handed over (转办). The limit freely until then, for nobody has
gone by it yet; after that it may be made earlier here, but later only by deferral (V10), so that the first
limit stays on record. Kind and urgency decide the route: they are not corrected but entered anew.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from office import bearings, cards, move, post, running
from office.desk import Desk, Refused
from office.register import SENDER_LIMIT, TITLE_LIMIT, Form
from rules import procedure as steps_of
from storage import journal, matters, people, search
from storage.models import Matter, Member, Step

NAMES = {
    "title": "标题",
    "sender": "来文单位",
    "number": "文号",
    "copies": "份数",
    "due": "时限",
    "section": "承办单位",
    "handler": "承办人",
}


class Amendment(BaseModel):
    """What is to be different; what is None stays. JSON-ready, kept in a draft."""

    model_config = ConfigDict(extra="forbid")

    title: str | None = Field(default=None, max_length=TITLE_LIMIT)
    sender: str | None = Field(default=None, max_length=SENDER_LIMIT)
    number: str | None = Field(default=None, max_length=60)
    copies: int | None = Field(default=None, ge=1, le=9999)
    due: datetime | None = None
    section: str | None = None
    handler: str | None = None

    @property
    def fields(self) -> list[str]:
        return [name for name in NAMES if getattr(self, name) is not None]


def proposed(desk: Desk, matter: Matter, form: Form) -> Amendment:
    """What of a form differs from what is registered."""
    now = _registered(desk, matter)
    said = {name: getattr(form, name) for name in NAMES}
    return Amendment(**{name: value for name, value in said.items() if value not in (None, now[name])})


def shown(desk: Desk, matter: Matter, amendment: Amendment) -> list[dict[str, Any]]:
    """Each change as name, was, now; instants as ISO strings."""
    before, after = _registered(desk, matter), amendment.model_dump()
    return [
        {"key": name, "name": NAMES[name], "was": _plain(before[name]), "now": _plain(after[name])}
        for name in amendment.fields
    ]


def may(desk: Desk, matter: Matter, by: Member) -> bool:
    """Who registered it, or a colleague of the same section who may register."""
    if matter.registrar_id == by.id:
        return True
    registrar = people.member(matter.registrar_id, session=desk.session)
    return registrar.unit == by.unit and desk.policy.may(by.roles, "register")


def check(desk: Desk, matter: Matter, amendment: Amendment, by: Member) -> None:
    """Refused with the reason, and with the way that is."""
    if not may(desk, matter, by):
        raise Refused("not_registrar", register_no=matter.register_no)
    if matter.state != "open":
        raise Refused("amend_closed", register_no=matter.register_no)
    accepted = _first_step(desk, matter) is None
    if accepted and (amendment.section or amendment.handler):
        raise Refused("amend_accepted", register_no=matter.register_no)
    if amendment.due is None:
        return
    if amendment.due <= desk.now:
        raise Refused("due_past", due=amendment.due.isoformat())
    if accepted and (matter.due_at is None or amendment.due > matter.due_at):
        raise Refused("amend_due_later", register_no=matter.register_no)


def amend(desk: Desk, matter_id: int, amendment: Amendment, by: Member) -> Matter:
    """Correct a matter: register, journal, clocks, cards; who holds it is told."""
    matter = matters.matter(matter_id, session=desk.session)
    check(desk, matter, amendment, by)
    changes = shown(desk, matter, amendment)
    first = _first_step(desk, matter)
    matter.title = amendment.title or matter.title
    matter.sender = amendment.sender or matter.sender
    matter.doc_number = amendment.number or matter.doc_number
    matter.copies = amendment.copies or matter.copies
    if amendment.due is not None:
        move_limit(desk, matter, amendment.due, first is not None)
    if first is not None and (amendment.section or amendment.handler):
        _move_section(desk, matter, first, amendment, by)
    search.index(matter, session=desk.session)
    journal.write(
        "amended",
        now=desk.now,
        session=desk.session,
        member_id=by.id,
        matter_id=matter.id,
        words="；".join(
            f"{one['name']}：{_said(desk, one, 'was')} → {_said(desk, one, 'now')}" for one in changes
        ),
    )
    _tell(desk, matter, changes, by)
    cards.refresh(desk, matter)
    return matter


def move_limit(desk: Desk, matter: Matter, due: datetime, entered_wrong: bool) -> None:
    """Give a matter another limit, and the step that takes it; `entered_wrong`: the first one was a slip."""
    matter.due_at, matter.due_limit = due, None
    matter.provisional = desk.calendar.is_provisional(desk.calendar.local(due).date())
    if entered_wrong:
        matter.first_due_at = due
    procedure = move.procedure_of(desk, matter)
    running_steps = matters.open_steps(matter.id or 0, session=desk.session)
    theirs = [step for step in running_steps if steps_of.takes_whole(procedure.step(step.key))]
    for step in theirs:
        step.due_at, step.provisional, step.acknowledged_at = due, matter.provisional, None
        if entered_wrong:
            step.first_due_at = due
        running.restart(desk, matter, step)
    if not theirs:
        running.restart(desk, matter, None)


def _move_section(desk: Desk, matter: Matter, step: Step, amendment: Amendment, by: Member) -> None:
    handler = people.by_name(amendment.handler, session=desk.session) if amendment.handler else None
    matter.section = amendment.section or (handler.unit if handler else matter.section)
    matter.handler_id = handler.id if handler else None
    rule = move.procedure_of(desk, matter).step(step.key)
    owner, _ = bearings.holder_for(desk, matter, rule)
    if owner.id != step.holder_id:
        move.reassign(desk, step, owner, "handed_over", by)


def _first_step(desk: Desk, matter: Matter) -> Step | None:
    """The first step while nobody has signed it."""
    held = matters.steps(matter.id or 0, session=desk.session)
    return held[0] if len(held) == 1 and held[0].state == "open" else None


def _tell(desk: Desk, matter: Matter, changes: list[dict[str, Any]], by: Member) -> None:
    holders = {step.holder_id for step in matters.open_steps(matter.id or 0, session=desk.session)}
    for holder in people.with_ids(holders - {by.id or 0}, session=desk.session).values():
        post.to_member(
            desk,
            holder,
            "amend.told",
            kind="note",
            matter=matter,
            by=by.name,
            register_no=matter.register_no,
            title=matter.title,
            changes=changes,
        )


def _registered(desk: Desk, matter: Matter) -> dict[str, Any]:
    handler = people.member(matter.handler_id, session=desk.session) if matter.handler_id else None
    return {
        "title": matter.title,
        "sender": matter.sender,
        "number": matter.doc_number,
        "copies": matter.copies,
        "due": matter.due_at,
        "section": matter.section,
        "handler": handler.name if handler else None,
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _said(desk: Desk, change: dict[str, Any], which: str) -> str:
    value = change[which]
    if value is None:
        return "无"
    if change["key"] != "due":
        return str(value)
    at = desk.calendar.local(datetime.fromisoformat(value))
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"
