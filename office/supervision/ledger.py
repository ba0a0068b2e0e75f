"""The ledger of tasks 督办台账 (V1): a task is entered, gets its number in the series 督, its clocks.

A part of another task has a number of its own in the same series, so that everything that is said of a
number can be said of it; the card names the task that it is a part of.
"""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from office import attachments, bearings, recurring, register
from office.desk import Desk, Refused
from office.meetings import decisions
from office.register import SENDER_LIMIT, TITLE_LIMIT, Foreseen
from office.supervision import course, notices
from rules import posts
from rules import procedure as steps_of
from rules.policy import Procedure
from rules.posts import Bearings
from rules.reading import Doubt
from rules.supervision import Rhythm
from storage import matters, people
from storage.models import Card, Matter, Member

FIELD_NAMES = {
    "title": "事项",
    "source": "来源",
    "section": "牵头单位",
    "units": "配合单位",
    "handler": "责任人",
    "due": "时限",
    "rhythm": "反馈频次",
    "field": "领域",
    "remark": "备注",
}


class TaskForm(BaseModel):
    """What is known of a task before it is entered; JSON-ready, kept in a draft."""

    model_config = ConfigDict(extra="forbid")

    procedure: str | None = None
    """a procedure of kind task; None: the policy's own"""
    title: str | None = Field(default=None, max_length=TITLE_LIMIT)
    source: str | None = Field(default=None, max_length=SENDER_LIMIT)
    section: str | None = None
    """the lead unit 牵头单位, by full name"""
    units: list[str] = []
    """supporting units 配合单位, by full name"""
    handler: str | None = None
    """who answers for it, by full name; None: the lead unit's liaison"""
    due: datetime | None = None
    due_words: str | None = None
    rhythm: Rhythm | None = None
    """None: the policy's own"""
    field: str | None = Field(default=None, max_length=30)
    remark: str | None = Field(default=None, max_length=500)
    parent_id: int | None = None
    """the task that it is a part of, or the matter that it came out of (M4)"""
    unsure_due: Doubt | None = None
    """a limit whose words can mean several instants; asked before it can be confirmed"""
    past_due: str | None = None
    """the words of a limit that is over already; another is asked for before it can be confirmed"""
    ambiguous: list[list[str]] = []
    """of each of these people one is meant; asked before it can be confirmed"""
    files: list[int] = []
    """kept files that wait to belong to the task"""
    caution: bool = False
    """whether words in it ask for a second look: 内部资料, 工作秘密"""
    cleared: bool = False
    """whether somebody said that it may be entered all the same"""
    queue: int | None = None
    """the list that it is one of (a draft), where it is gone through one by one"""
    matter_id: int | None = None
    """the task that it became"""


def may_supervise(desk: Desk, member: Member) -> bool:
    """Whether a member enters and checks tasks: one of the section that supervises, or by right."""
    own = member.unit == bearings.supervision(desk)
    return own or desk.policy.may(member.roles, "supervise")


def procedure_of(desk: Desk, form: TaskForm) -> Procedure:
    """The procedure that a task will follow; Refused where there is none of that name."""
    found = desk.policy.tasks.get(form.procedure or desk.policy.supervision.procedure)
    if found is None:
        raise Refused("no_procedure", known=[one.name for one in desk.policy.tasks.values()])
    return found


def missing(desk: Desk, form: TaskForm) -> list[str]:
    """What has still to be asked for, in order."""
    return list(steps_of.missing(procedure_of(desk, form), form.model_dump()))


def check(desk: Desk, form: TaskForm) -> Procedure:
    """The procedure of a task that can be entered; Refused with what is missing or wrong.

    Refused: no_procedure, fields_missing, due_past, unit_unknown, no_liaison, parent_over, child_outlives.
    """
    procedure = procedure_of(desk, form)
    if lacking := missing(desk, form):
        raise Refused("fields_missing", fields=[FIELD_NAMES[name] for name in lacking])
    if form.due is not None and form.due <= desk.now:
        raise Refused("due_past", due=form.due.isoformat())
    for unit in filter(None, (form.section, *form.units)):
        if unit not in desk.roster.unit_by_name:
            raise Refused("unit_unknown", name=unit)
    if form.section is not None and liaison(desk, form) is None:
        raise Refused("no_liaison", unit=form.section)
    if form.parent_id is not None:
        _check_parent(desk, form)
    return procedure


def _check_parent(desk: Desk, form: TaskForm) -> None:
    """A part never outlives the task that it is a part of (V1); a decision's meeting sets no limit."""
    parent = matters.matter(form.parent_id or 0, session=desk.session)
    if parent.procedure not in desk.policy.tasks:
        return
    if parent.state != "open":
        raise Refused("parent_over", register_no=parent.register_no)
    if form.due is not None and parent.due_at is not None and form.due > parent.due_at:
        raise Refused("child_outlives", register_no=parent.register_no, due=parent.due_at.isoformat())


def liaison(desk: Desk, form: TaskForm) -> Member | None:
    """Who answers for a task: who is named, else the liaison of the lead unit."""
    about = Bearings(form.section, form.source, tuple(form.units), "", form.handler)
    found = posts.holder("handler", about, desk.roster)
    return people.by_name(found.name, session=desk.session) if found else None


def foresee(desk: Desk, form: TaskForm) -> list[Foreseen]:
    """The limits as they will be if this is confirmed now: the first step's and the task's own."""
    procedure = check(desk, form)
    whole = steps_of.whole_due(procedure, received=desk.now, named=form.due, calendar=desk.calendar)
    return register.limits_of(desk, procedure, whole, liaison_name(desk, form), "立项要求")


def liaison_name(desk: Desk, form: TaskForm) -> str | None:
    """The name of who answers for a task."""
    found = liaison(desk, form)
    return found.name if found else None


def enter(
    desk: Desk,
    form: TaskForm,
    by: Member,
    *,
    group_chat_id: int | None = None,
    card: Card | None = None,
    told: bool = True,
) -> Matter:
    """立项: number, journal, first step, cards, clocks. Refused as `check` says.

    `card`: a message in the group which becomes the task's card there. `told`: whether the liaison gets a
    card now; who enters hundreds at once tells each of all of his with one message.
    """
    procedure = check(desk, form)
    handler = liaison(desk, form)
    assert by.id is not None and form.due is not None
    matter = Matter(
        **register.numbered(desk, procedure),
        title=form.title or "",
        sender=form.source,
        section=form.section,
        units=form.units,
        handler_id=handler.id if handler else None,
        parent_id=form.parent_id,
        field=form.field,
        remark=form.remark,
        received_at=desk.now,
        registered_at=desk.now,
        registrar_id=by.id,
        group_chat_id=group_chat_id or register.group_of(desk, form.section),
        due_at=form.due,
        first_due_at=form.due,
        provisional=desk.calendar.is_provisional(desk.calendar.local(form.due).date()),
        details={"rhythm": form.rhythm or desk.policy.supervision.rhythm},
    )
    register.enter(desk, matter, procedure, by, card=card, told=told)
    attachments.give(desk, form.files, matter, by)
    recurring.follow_rhythm(desk, matter, new=True)
    decisions.entered(desk, matter)
    course.entered(desk, matter)
    if told and handler is not None:
        notices.issue(desk, matter, handler)
    return matter
