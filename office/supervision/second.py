"""The second round 二次督办 (V5): a second notice with a limit for putting right, once for each cause.

Causes are a result sent back too often, and a limit that is long over; the limit for putting right has such
a cause of its own, which leads to the third notice and to the next leader.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from office import bearings, cards, post, running
from office.desk import Desk
from office.supervision import notices, standing
from rules.limits import due
from storage import clocks, journal, matters, outbox, people
from storage.models import Clock, Matter, Member, Step

OVERDUE = "second_round"


def watch(desk: Desk, matter: Matter, limit: datetime | None) -> None:
    """Look again when a limit has been over for as long as the policy says."""
    clocks.cancel(matter_id=matter.id, kinds=[OVERDUE], session=desk.session)
    begin_watch(desk, matter, limit)


def begin_watch(desk: Desk, matter: Matter, limit: datetime | None) -> None:
    """The same of a task that was entered just now: nothing is watched yet."""
    if limit is not None:
        at = due(desk.policy.supervision.second.overdue, limit, desk.calendar, "office").at
        clocks.keep([(OVERDUE, 0, at)], matter_id=matter.id, session=desk.session)


def fell_due(desk: Desk, row: Clock) -> None:
    """A limit has long been over: a second round, where the unit has still not answered."""
    matter = matters.matter(row.matter_id or 0, session=desk.session)
    step = _owed(desk, matter)
    if step is None or step.due_at is None:
        return
    if step.due_at > desk.now:  # the limit has moved meanwhile
        watch(desk, matter, step.due_at)
        return
    day = desk.calendar.local(step.due_at).date()
    begin(desk, matter, step, f"overdue:{day}", f"{day.month}月{day.day}日到期，至今未反馈结果")


def _owed(desk: Desk, matter: Matter) -> Step | None:
    """The step at which the unit still owes its answer; parts answer for a task that was split."""
    if matter.state != "open" or any(one.state == "open" for one in standing.parts(desk, matter)):
        return None
    return None if standing.is_answered(desk, matter) else _first(desk, matter)


def _first(desk: Desk, matter: Matter) -> Step | None:
    return next(iter(matters.open_steps(matter.id or 0, session=desk.session)), None)


def begin(desk: Desk, matter: Matter, step: Step, cause: str, reason: str) -> None:
    """A second notice: the next light, a limit for putting right, the unit and the next leader are told."""
    rounds: list[dict[str, Any]] = list(matter.details.get("second", []))
    if cause in {one["cause"] for one in rounds}:
        return
    rule = desk.policy.supervision.second
    limit = due(rule.limit, desk.now, desk.calendar, "office")
    lights = desk.policy.supervision.lights
    lit = lights.index(standing.light(desk, matter))
    rounds.append(
        {"cause": cause, "reason": reason, "at": desk.now.isoformat(), "until": limit.at.isoformat()}
    )
    matter.details = matter.details | {"second": rounds}
    standing.raise_to(matter, min(lit + 1, len(lights) - 1))
    step.due_at, step.provisional, step.acknowledged_at = limit.at, limit.provisional, None
    running.restart(desk, matter, step)
    watch(desk, matter, limit.at)
    told = {"round": len(rounds) + 1, "words": reason, "until": limit.at.isoformat()}
    journal.write("second_round", now=desk.now, session=desk.session, matter_id=matter.id, **told)  # type: ignore[arg-type]
    _tell(desk, matter, step, reason, limit.at, rounds)
    cards.refresh(desk, matter)


def _tell(
    desk: Desk, matter: Matter, step: Step, reason: str, until: datetime, rounds: list[dict[str, Any]]
) -> None:
    posts = desk.policy.supervision.second.tells
    post_ = posts[min(len(rounds), len(posts)) - 1]
    leader = bearings.in_post(desk, matter, post_)
    facts: dict[str, Any] = {
        "round": len(rounds) + 1,
        "register_no": matter.register_no,
        "title": matter.title,
        "unit": matter.section,
        "reason": reason,
        "until": until.isoformat(),
        "first_due": matter.first_due_at.isoformat() if matter.first_due_at else None,
        "light": standing.light(desk, matter).sign,
        "leader": leader.name if leader else None,
    }
    holder = people.member(step.holder_id, session=desk.session)
    notices.again(desk, matter, holder, facts)
    supervisor = bearings.in_post(desk, matter, "supervisor")
    for member in {one.id: one for one in (leader, supervisor) if one and one.id != holder.id}.values():
        if _joined(desk, member, facts):
            continue
        post.to_member(
            desk,
            member,
            "task.second_told",
            kind="note",
            matter=matter,
            cause=f"second:{matter.id}:{rounds[-1]['cause']}:{member.id}",
            buttons=[[["details", matter.id], ["timeline", matter.id]]],
            also=[],
            **facts,
        )


def _joined(desk: Desk, member: Member, facts: dict[str, Any]) -> bool:
    """Put it under what the same person is told at this very instant: many limits that are over are one
    message. False: there is none."""
    told = outbox.waiting_to(member.id or 0, "task.second_told", since=desk.now, session=desk.session)
    if told is None:
        return False
    line = {key: facts[key] for key in ("round", "register_no", "title", "unit", "until")}
    told.facts = told.facts | {"also": [*told.facts["also"], line]}
    desk.session.add(told)
    return True
