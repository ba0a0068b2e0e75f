"""Morning and evening lists: what is mine today, overdue, waiting for my signature; silent when empty."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select

from office import cards, post
from office.desk import Desk
from storage import matters
from storage.models import Matter, Member, Step
from storage.outbox import DIGEST

SHOWN = 15


def morning(desk: Desk) -> None:
    """早间待办: each member's open matters, at the start of the day."""
    _send_all(desk, "digest.morning")


def evening(desk: Desk) -> None:
    """晚间待办: only to those who have something overdue or due by the next working day."""
    _send_all(desk, "digest.evening", pressing_only=True)


def of_member(desk: Desk, member: Member) -> dict[str, list[dict[str, Any]]]:
    """What a member holds: overdue, due today, the rest; earliest limit first."""
    assert member.id is not None
    lists: dict[str, list[dict[str, Any]]] = {"overdue": [], "today": [], "later": []}
    today = desk.calendar.local(desk.now).date()
    for step, matter in matters.held_by(member.id, session=desk.session):
        shown = line(desk, step, matter)
        if shown["late"]:
            lists["overdue"].append(shown)
        elif step.due_at is not None and desk.calendar.local(step.due_at).date() == today:
            lists["today"].append(shown)
        else:
            lists["later"].append(shown)
    return lists


def line(desk: Desk, step: Step, matter: Matter) -> dict[str, Any]:
    """One matter as a line of a list."""
    shown = cards.step_facts(desk, matter, step)
    return {
        "matter_id": matter.id,
        "number": matter.number,
        "register_no": matter.register_no,
        "title": matter.title,
        "step": shown["name"],
        "due": shown["due"],
        "left": shown["left"],
        "late": shown["late"],
    }


def _send_all(desk: Desk, wording: str, *, pressing_only: bool = False) -> None:
    day = desk.calendar.local(desk.now).date()
    holding = select(Step.holder_id).where(col(Step.state) == "open").distinct()
    rows = select(Member).where(col(Member.id).in_(holding), col(Member.active), col(Member.digest))
    for member in desk.session.exec(rows):
        lists = of_member(desk, member)
        if not any(lists.values()) or (pressing_only and not (lists["overdue"] or lists["today"])):
            continue
        cut = {name: found[:SHOWN] for name, found in lists.items()}
        counts = {name: len(found) for name, found in lists.items()}
        post.to_member(
            desk,
            member,
            wording,
            kind="note",
            cause=f"{wording}:{day}:{member.id}",
            buttons=[[["menu", "mine", "📋 打开待办"]]],
            priority_=DIGEST,
            day=day.isoformat(),
            lists=cut,
            counts=counts,
        )
