"""Looking back 回访 (V4): on a share of closed tasks, after a while, fixed by their numbers."""

from __future__ import annotations

from typing import Any

from office import bearings, cards, post
from office.desk import Desk, Refused
from rules.ladder import awake
from rules.limits import due
from rules.supervision import is_looked_back_on
from storage import journal, matters
from storage.models import Clock, Matter, Member

ASKED, LATE = "look_back", "look_back_late"


def plan(desk: Desk, matter: Matter) -> None:
    """A task was struck off: whether and when it is looked back on."""
    rule = desk.policy.supervision.look_back
    if is_looked_back_on(matter.register_no, rule.share):
        at = awake(
            due(rule.after, desk.now, desk.calendar, "office").at, desk.policy.calendar.quiet, desk.calendar
        )
        desk.session.add(Clock(kind=ASKED, matter_id=matter.id, at=at))


def fell_due(desk: Desk, row: Clock) -> None:
    """It is time: whoever answers for supervision is asked; later once more, with who is above."""
    matter = matters.matter(row.matter_id or 0, session=desk.session)
    if matter.state == "closed" and "look_back" not in matter.details:
        ask(desk, matter, late=row.kind == LATE)


def ask(desk: Desk, matter: Matter, *, late: bool = False) -> None:
    """A card that asks what was found on the spot."""
    rule = desk.policy.supervision.look_back
    limit = due(rule.limit, desk.now, desk.calendar, "office").at
    members = [bearings.in_post(desk, matter, "supervisor")]
    if late:
        members.append(bearings.in_post(desk, matter, "deputy_director"))
    else:
        desk.session.add(Clock(kind=LATE, matter_id=matter.id, at=limit))
    for member in filter(None, members):
        post.to_member(
            desk,
            member,
            "task.look_back",
            kind="question",
            matter=matter,
            cause=f"look_back:{matter.id}:{matter.closed_at}:{late}:{member.id}",
            buttons=buttons(matter),
            late=late,
            due=limit.isoformat(),
            **facts(matter),
        )


def buttons(matter: Matter) -> list[list[list[Any]]]:
    """What may be answered."""
    return [
        [["look_true", matter.id, "✅ 属实"], ["look_false", matter.id, "❌ 不属实"]],
        [["details", matter.id], ["timeline", matter.id]],
    ]


def facts(matter: Matter) -> dict[str, Any]:
    """A closed task as the question shows it."""
    return {
        "register_no": matter.register_no,
        "title": matter.title,
        "unit": matter.section,
        "result": matter.result,
        "closed_at": matter.closed_at.isoformat() if matter.closed_at else None,
    }


def check(desk: Desk, matter: Matter, by: Member) -> None:
    """Refused where a task cannot be looked back on by this member."""
    if by.unit != bearings.supervision(desk) and not desk.policy.may(by.roles, "supervise"):
        raise Refused("may_not_supervise")
    if matter.state != "closed":
        raise Refused("look_back_open", register_no=matter.register_no)
    if matter.handler_id == by.id:
        raise Refused("look_back_own", register_no=matter.register_no)
    if "look_back" in matter.details:
        found = matter.details["look_back"]
        raise Refused("looked_back", register_no=matter.register_no, **found)


def record(desk: Desk, matter: Matter, by: Member, *, true: bool, words: str) -> Matter:
    """What was found: whether the result is true, in words; kept with the task."""
    check(desk, matter, by)
    said = " ".join(words.split())[:500]
    found = {"true": true, "words": said, "by": by.name, "at": desk.now.isoformat()}
    matter.details = matter.details | {"look_back": found}
    desk.session.add(matter)
    about: dict[str, Any] = {"found": "属实" if true else "不属实", "words": said}
    journal.write(
        "looked_back", now=desk.now, session=desk.session, member_id=by.id, matter_id=matter.id, **about
    )
    cards.refresh(desk, matter)
    return matter
