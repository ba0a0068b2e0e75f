"""What meetings decided (M4): each piece a task with a unit and a limit, summed up every half month."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from office import bearings, cards, post
from office.desk import Desk
from rules.reading.meeting import read_points
from rules.recurring import Period, Rhythm, before, in_words, period_of
from storage import journal, matters, meetings, people, progress
from storage.models import Matter, Member

URGENT = "紧急"
"""what the remark of an urgent decision begins with"""
SHOWN = 40


def entered(desk: Desk, matter: Matter) -> None:
    """A task came out of a meeting: its card shows it; the leaders are told of an urgent one at once."""
    if matter.parent_id is None:
        return
    meeting = matters.matter(matter.parent_id, session=desk.session)
    if meeting.procedure != meetings.PROCEDURE:
        return
    if (matter.remark or "").startswith(URGENT):
        for member in _leaders(desk, matter):
            post.to_member(
                desk,
                member,
                "meeting.urgent_decision",
                kind="note",
                matter=matter,
                cause=f"mt:urgent:{matter.id}:{member.id}",
                buttons=[[["details", matter.id]]],
                meeting=meeting.register_no,
                meeting_title=meeting.title,
                **_line(desk, matter, {}),
            )
    cards.refresh(desk, meeting)


def _leaders(desk: Desk, matter: Matter) -> list[Member]:
    """The chief leaders and the one in charge of the unit, each once."""
    found = [
        *people.with_role("chief_leader", session=desk.session),
        bearings.in_post(desk, matter, "leader"),
    ]
    return list({one.id: one for one in found if one is not None}.values())


def points(matter: Matter) -> list[str]:
    """The numbered points of a meeting's minutes: what may have been decided."""
    text = matter.details.get("minutes", {}).get("text", "")
    numbered = [line for line in text.splitlines() if line.strip()[:2].strip(".．、)）").isdigit()]
    return [point for line in numbered for point in read_points(line)]


# --- the half-month summary -------------------------------------------------------------------------


def summary(desk: Desk) -> None:
    """On the first working day after a half month: where every decision stands, to the chief leaders."""
    period = summed_up(desk, "meeting_summed_up", "half_monthly")
    if period is None:
        return
    facts = facts_of(desk, period)
    if not facts["total"]:
        return
    for member in people.with_role("chief_leader", session=desk.session):
        post.to_member(
            desk,
            member,
            "meeting.summary",
            kind="note",
            buttons=[],
            **facts,
        )


def summed_up(desk: Desk, act: str, rhythm: Rhythm) -> Period | None:
    """The period that ended last, noted as summed up from now on; None where it was before.

    So each is summed up once, on the first working day on which the program runs.
    """
    period = before(period_of(rhythm, desk.calendar.local(desk.now).date()))
    _, ended = bounds(desk, period)
    noted = meetings.of_acts((act,), ended, desk.now, session=desk.session)
    if any(entry.facts["period"] == period.key for entry in noted):
        return None
    journal.write(act, now=desk.now, session=desk.session, period=period.key)
    return period


def facts_of(desk: Desk, period: Period) -> dict[str, Any]:
    """Every decision that is open, or was done in a period: counts, then a line each, the latest first."""
    first, last = bounds(desk, period)
    concerned = [
        one
        for one in meetings.decisions(session=desk.session)
        if one.registered_at < last and (one.closed_at is None or one.closed_at >= first)
    ]
    latest = progress.latest_of([one.id for one in concerned if one.id], session=desk.session)
    said = {key: one.words or f"{one.percent}%" for key, one in latest.items()}
    lines = [_line(desk, one, said) for one in concerned]
    ordered = sorted(lines, key=lambda one: (one["done"], not one["late"], one["due"] or ""))
    return {
        "period": in_words(period.key),
        "total": len(lines),
        "done": sum(one["done"] for one in lines),
        "late": sum(one["late"] for one in lines),
        "silent": sum(not one["done"] and not one["said"] for one in lines),
        "rows": ordered[:SHOWN],
        "cut": max(len(lines) - SHOWN, 0),
    }


def bounds(desk: Desk, period: Period) -> tuple[datetime, datetime]:
    """A period as instants: from its first midnight to the one after its last day."""
    first, last = (datetime.combine(day, time(), desk.calendar.zone) for day in (period.first, period.last))
    return first.astimezone(UTC), last.replace(hour=23, minute=59, second=59).astimezone(UTC)


def _line(desk: Desk, matter: Matter, said: dict[int, str]) -> dict[str, Any]:
    open_ = matter.state == "open"
    return {
        "register_no": matter.register_no,
        "title": matter.title,
        "unit": matter.section,
        "due": matter.due_at.isoformat() if matter.due_at else None,
        "done": not open_,
        "late": open_ and matter.due_at is not None and matter.due_at <= desk.now,
        "said": matter.result if not open_ else said.get(matter.id or 0),
    }


def of_meeting(desk: Desk, matter: Matter, units: tuple[str, ...] | None = None) -> list[dict[str, Any]]:
    """The decisions of one meeting and how each stands; those of these units, or all."""
    own = [one for one in meetings.decisions(session=desk.session) if one.parent_id == matter.id]
    own = [one for one in own if units is None or one.section in units]
    latest = progress.latest_of([one.id for one in own if one.id], session=desk.session)
    said = {key: one.words or f"{one.percent}%" for key, one in latest.items()}
    return [_line(desk, one, said) for one in own]


def is_urgent(point: str) -> tuple[bool, str]:
    """Whether a point is marked as urgent, and the point without its mark."""
    for mark in ("【紧急】", "【急】", "（急）", "(急)", "紧急：", "紧急:"):
        if point.startswith(mark):
            return True, point.removeprefix(mark).strip()
    return False, point
