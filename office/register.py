"""Logging a document 收文登记: a number in its series, its first step with a holder, its cards (D1 to D6)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from office import attachments, move, post, running
from office.desk import Desk, Refused
from rules import petition, posts
from rules import procedure as steps_of
from rules.limits import Due
from rules.policy import Procedure
from rules.posts import Bearings
from rules.reading import Doubt
from storage import journal, matters, outbox, people, rows, search
from storage.models import Card, Matter, Member

TITLE_LIMIT = 300
SENDER_LIMIT = 80
SCOPE_LIMIT = 60


class Form(BaseModel):
    """What is known of a document before it is logged; JSON-ready, kept in a draft."""

    model_config = ConfigDict(extra="forbid")

    procedure: str | None = None
    sender: str | None = Field(default=None, max_length=SENDER_LIMIT)
    title: str | None = Field(default=None, max_length=TITLE_LIMIT)
    number: str | None = Field(default=None, max_length=60)
    urgency: str | None = None
    copies: int | None = Field(default=None, ge=1, le=9999)
    section: str | None = None
    handler: str | None = None
    scope: list[str] = Field(default=[], max_length=SCOPE_LIMIT)
    units: list[str] = []
    due: datetime | None = None
    due_words: str | None = None
    unsure_due: Doubt | None = None
    """a limit whose words can mean several instants; asked before it can be confirmed"""
    past_due: str | None = None
    """the words of a limit that is over already; another is asked for before it can be confirmed"""
    remark: str | None = Field(default=None, max_length=500)
    points: list[str] = Field(default=[], max_length=petition.POINTS_LIMIT)
    """what a petition raises, point by point (V7)"""
    ambiguous: list[list[str]] = []
    """of each of these people one is meant; asked before it can be confirmed"""
    files: list[int] = []
    """kept files that wait to belong to the matter"""
    from_page: list[str] = []
    """fields that were read from a file, not said by anybody"""
    caution: bool = False
    """whether its words ask for a second look: 内部资料, 工作秘密"""
    cleared: bool = False
    """somebody has confirmed that it may be entered all the same"""
    forwarded_from: str | None = None
    """who wrote first what was passed on"""
    album: str | None = None
    """which files were sent together"""
    queue: int | None = None
    """the list that it is one of (a draft), where it is gone through one by one"""
    matter_id: int | None = None
    """the matter that it became"""

    @field_validator("ambiguous", mode="before")
    @classmethod
    def _grouped(cls, names: Any) -> Any:
        """A draft of an earlier version kept one list of names."""
        return [names] if names and isinstance(names[0], str) else names

    def missing(self, procedure: Procedure) -> tuple[str, ...]:
        """What has still to be asked for, in order."""
        return steps_of.missing(procedure, self.model_dump())


class Foreseen(BaseModel):
    """A limit that the office will keep, for the card of what was understood."""

    name: str
    holder: str | None
    at: datetime
    provisional: bool
    source: str


def foresee(desk: Desk, form: Form, by: Member) -> list[Foreseen]:
    """The limits as they will be if this is confirmed now: the first step's and the matter's own."""
    procedure = desk.policy.procedures[form.procedure or ""]
    whole = steps_of.whole_due(procedure, received=desk.now, named=form.due, calendar=desk.calendar)
    about = Bearings(form.section, form.sender, tuple(form.units), by.name, form.handler)
    post_ = steps_of.first(procedure).holder
    holder = posts.holder(post_, about, desk.roster)
    name = "、".join(form.scope) if post_ == "scope" else (holder.name if holder else None)
    source = "来文要求" if form.due else (procedure.whole.source if procedure.whole else "")
    return limits_of(desk, procedure, whole, name, source)


def limits_of(
    desk: Desk, procedure: Procedure, whole: Due | None, holder: str | None, source: str
) -> list[Foreseen]:
    """The limit of the first step and, where it is another, the matter's own, whose `source` is given."""
    rule = steps_of.first(procedure)
    first = steps_of.step_due(
        rule,
        registered=desk.now,
        received=desk.now,
        begun=desk.now,
        whole=whole,
        procedure=procedure,
        calendar=desk.calendar,
    )
    limits = [_foreseen(rule.name, holder, first, rule.source)] if first else []
    if whole is not None and (first is None or whole.at != first.at):
        limits.append(_foreseen("办结", None, whole, source))
    return limits


def _foreseen(name: str, holder: str | None, due: Due, source: str) -> Foreseen:
    return Foreseen(name=name, holder=holder, at=due.at, provisional=due.provisional, source=source)


def check(desk: Desk, form: Form) -> Procedure:
    """The procedure of a form that can be logged; Refused with what is missing or wrong."""
    procedure = desk.policy.documents.get(form.procedure or "")
    if procedure is None:
        raise Refused("no_procedure", known=[one.name for one in desk.policy.documents.values()])
    missing = form.missing(procedure)
    if missing:
        raise Refused("fields_missing", fields=[steps_of.FIELD_NAMES[name] for name in missing])
    if form.due is not None and form.due <= desk.now:
        raise Refused("due_past", due=form.due.isoformat())
    return procedure


def duplicates(desk: Desk, form: Form) -> list[Matter]:
    """Matters already registered under the same document number."""
    return matters.with_doc_number(form.number, session=desk.session) if form.number else []


def register(
    desk: Desk, form: Form, by: Member, *, group_chat_id: int | None = None, card: Card | None = None
) -> Matter:
    """Log a document: register number, journal, first step, the card in the group and the holder's own.

    `card`: a message in that group which becomes the matter's card there, instead of a new one.
    """
    procedure = check(desk, form)
    assert by.id is not None
    whole = steps_of.whole_due(procedure, received=desk.now, named=form.due, calendar=desk.calendar)
    handler = people.by_name(form.handler, session=desk.session) if form.handler else None
    matter = Matter(
        **numbered(desk, procedure),
        title=form.title or "",
        sender=form.sender,
        doc_number=form.number,
        urgency=form.urgency,
        copies=form.copies,
        section=form.section,
        units=form.units,
        handler_id=handler.id if handler else None,
        scope=form.scope,
        remark=form.remark,
        received_at=desk.now,
        registered_at=desk.now,
        registrar_id=by.id,
        group_chat_id=group_chat_id or group_of(desk, form.section),
        due_at=whole.at if whole else None,
        first_due_at=whole.at if whole else None,
        due_limit=None if form.due else (procedure.whole.limit if procedure.whole else None),
        provisional=bool(whole and whole.provisional),
    )
    said = {"forwarded_from": form.forwarded_from, "points": form.points}
    matter.details = {key: value for key, value in said.items() if value}
    enter(desk, matter, procedure, by, card=card)
    attachments.give(desk, form.files, matter, by)
    return matter


def numbered(desk: Desk, procedure: Procedure) -> dict[str, Any]:
    """The next register number of a procedure, as fields of a matter."""
    year = desk.calendar.local(desk.now).year
    number = matters.next_number(procedure.series, year, session=desk.session)
    register_no = f"{procedure.series}〔{year}〕{number}号"
    named = {"procedure": procedure.key, "series": procedure.series}
    return named | {"year": year, "number": number, "register_no": register_no}


def enter(
    desk: Desk,
    matter: Matter,
    procedure: Procedure,
    by: Member,
    *,
    card: Card | None = None,
    told: bool = True,
) -> None:
    """Enter what has a number: index, journal, first step, the card in the group and the holder's own.

    `card`: a message in the group which becomes the matter's card there. `told`: whether the holder gets a
    card; who enters hundreds at once tells each holder of all of his with one message.
    """
    session = desk.session
    rows.keep(matter, session=session)
    journal.write(
        "registered",
        now=desk.now,
        session=session,
        member_id=by.id,
        matter_id=matter.id,
        register_no=matter.register_no,
        due=matter.due_at.isoformat() if matter.due_at else None,
    )
    running.start_whole(desk, matter, procedure)
    steps = move.begin(desk, matter, steps_of.first(procedure), told=told)
    if card is not None:
        card.kind, card.matter_id, card.draft_id = "group", matter.id, None
        outbox.enqueue_edit(card, priority=post.priority(desk, matter), now=desk.now, session=session)
    elif matter.group_chat_id is not None and told:
        post.to_group(desk, matter.group_chat_id, "group", kind="group", matter=matter)
    search.add(matter, {step.holder_id for step in steps}, session=session)


def group_of(desk: Desk, unit: str | None) -> int | None:
    """The chat of the group of a unit."""
    return people.chat_of_unit(unit, session=desk.session) if unit else None
