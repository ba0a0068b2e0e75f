"""A task follows its row in the ledger: what the row now says otherwise is changed, and noted (V1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from office import amend, cards, hands, move, post, recurring
from office.desk import Desk
from office.supervision import course
from office.supervision.import_plan import Change
from office.supervision.task_columns import NAMES
from office.supervision.task_sheets import TaskRow, key_of
from rules import posts
from rules.posts import Bearings
from rules.supervision import RHYTHMS
from storage import journal, matters, people, search
from storage.models import Matter, Member

_HELD_BY_UNIT = ("section", "handler", "unit_head")
"""holders of steps that move with the unit or the person of a task"""
LISTED = 20


def shown(change: Change) -> list[dict[str, Any]]:
    """Each change as name, was, now; instants as ISO strings."""
    before = TaskRow.model_validate(change.kept.row)
    return [
        {
            "key": name,
            "name": NAMES[name],
            "was": _plain(name, getattr(before, name)),
            "now": _plain(name, getattr(change.row, name)),
        }
        for name in change.fields
    ]


def _plain(name: str, value: Any) -> str | None:
    if isinstance(value, datetime):
        return value.isoformat()
    if name == "rhythm":
        return RHYTHMS.get(value)
    return "、".join(value) if isinstance(value, tuple) else value or None


def apply(desk: Desk, change: Change, by: Member) -> None:
    """Change a task as its row says; journal, clocks and cards follow. Who holds it is told by `tell`."""
    matter, row, fields = change.matter, change.row, set(change.fields)
    words = "；".join(_in_words(desk, one) for one in shown(change))
    matter.title = row.title
    matter.field, matter.sender = row.field or None, row.source or None
    matter.units, matter.remark = list(row.units), row.remark or None
    _set_details(matter, row, fields)
    if "due" in fields:
        before = matter.due_at
        amend.move_limit(desk, matter, row.due, False)
        course.deferred(desk, matter, before)
    if fields & {"section", "handler"}:
        _move_unit(desk, matter, row, by)
    change.kept.key, change.kept.row = key_of(row.said), row.model_dump(mode="json")
    change.kept.taken_at = desk.now
    desk.session.flush()
    recurring.follow_rhythm(desk, matter)
    search.index(matter, session=desk.session)
    journal.write(
        "amended",
        now=desk.now,
        session=desk.session,
        member_id=by.id,
        matter_id=matter.id,
        words=f"台账更新：{words}",
    )
    cards.refresh(desk, matter)


def _set_details(matter: Matter, row: TaskRow, fields: set[str]) -> None:
    if "rhythm" in fields and row.rhythm:
        matter.details = matter.details | {"rhythm": row.rhythm}
    if "requirements" in fields:
        matter.details = matter.details | {"requirements": row.requirements}


def _move_unit(desk: Desk, matter: Matter, row: TaskRow, by: Member) -> None:
    """Another unit or person answers for it: the step that theirs held goes over."""
    about = Bearings(row.section, row.source, row.units, "", row.handler)
    found = posts.holder("handler", about, desk.roster)
    handler = people.by_name(found.name, session=desk.session) if found else None
    matter.section, matter.handler_id = row.section, handler.id if handler else None
    procedure = move.procedure_of(desk, matter)
    for step in matters.open_steps(matter.id or 0, session=desk.session):
        rule = procedure.step(step.key)
        if rule.holder in _HELD_BY_UNIT:
            owner, _ = hands.holder_for(desk, matter, rule)
            if owner.id != step.holder_id:
                move.reassign(desk, step, owner, "handed_over", by)


def tell(desk: Desk, changes: Sequence[Change], by: Member) -> None:
    """Everybody who holds a changed task gets one message with all that changed for him."""
    theirs: dict[int, list[Change]] = defaultdict(list)
    for change in changes:
        for step in matters.open_steps(change.matter.id or 0, session=desk.session):
            theirs[step.holder_id].append(change)
    theirs.pop(by.id or 0, None)
    for holder in people.with_ids(theirs, session=desk.session).values():
        found = theirs[holder.id or 0]
        post.to_member(
            desk,
            holder,
            "task_import.changed",
            kind="note",
            buttons=[[["menu", "mine", "📋 打开待办"]]],
            by=by.name,
            lines=[_line(one) for one in found[:LISTED]],
            total=len(found),
        )


def _line(change: Change) -> dict[str, Any]:
    matter = change.matter
    return {"number": matter.number, "title": matter.title, "changes": shown(change)}


def _in_words(desk: Desk, change: dict[str, Any]) -> str:
    return f"{change['name']}：{_said(desk, change, 'was')} → {_said(desk, change, 'now')}"


def _said(desk: Desk, change: dict[str, Any], which: str) -> str:
    value = change[which]
    if value is None:
        return "无"
    if change["key"] != "due":
        return str(value)
    at = desk.calendar.local(datetime.fromisoformat(value))
    return f"{at.year}年{at.month}月{at.day}日"
