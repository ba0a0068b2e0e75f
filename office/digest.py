"""Lists of what a member holds, and the morning and evening messages made of them; silent when empty.

Overdue, due today, waiting for his signature, the rest; each step once. The head of a section is also
told, in the morning, what of the section's work in other hands is overdue or due today.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlmodel import col, or_, select

from office import ask, cards, post
from office.desk import Desk
from rules.posts import head_of
from storage import matters
from storage.models import Matter, Member, Step
from storage.outbox import DIGEST

SHOWN = 15
NAMES = {"overdue": "已逾期", "today": "今日到期", "signing": "待我签批", "later": "其他在办"}

Lists = dict[str, list[dict[str, Any]]]


def morning(desk: Desk) -> None:
    """早间待办: each member's open matters, and to heads their section's, at the start of the day."""
    for member in _to_tell(desk):
        _send(desk, member, "digest.morning", of_member(desk, member), section=of_section(desk, member))


def evening(desk: Desk) -> None:
    """晚间待办: only to those who have something overdue or due today."""
    for member in _to_tell(desk):
        lists = of_member(desk, member)
        if lists["overdue"] or lists["today"]:
            _send(desk, member, "digest.evening", lists, section=[])


def of_member(desk: Desk, member: Member) -> Lists:
    """What a member holds, by what it asks of him; earliest limit first."""
    assert member.id is not None
    lists: Lists = {name: [] for name in NAMES}
    for step, matter in matters.held_by(member.id, session=desk.session):
        shown = line(desk, step, matter)
        lists[_place(desk, step, matter, late=shown["late"])].append(shown)
    return lists


def of_section(desk: Desk, member: Member) -> list[dict[str, Any]]:
    """What others in a head's section hold that is overdue or due today; nothing for who is no head."""
    unit = desk.roster.unit_by_name.get(member.unit)
    head = head_of(member.unit, desk.roster) if unit is not None and unit.level == "section" else None
    if head is None or head.name != member.name:
        return []
    rows = matters.held_in(member.unit, but_not_by=member.id or 0, session=desk.session)
    lines = [
        (line(desk, s, m), _place(desk, s, m, late=s.due_at is not None and s.due_at <= desk.now))
        for s, m in rows
    ]
    return [shown for shown, place in lines if place in ("overdue", "today")]


def _place(desk: Desk, step: Step, matter: Matter, *, late: bool) -> str:
    if late:
        return "overdue"
    today = desk.calendar.local(desk.now).date()
    if step.due_at is not None and desk.calendar.local(step.due_at).date() == today:
        return "today"
    rule = desk.policy.procedures[matter.procedure].step(step.key)
    return "signing" if ask.is_signature(rule) else "later"


def line(desk: Desk, step: Step, matter: Matter) -> dict[str, Any]:
    """One matter as a line of a list."""
    shown = cards.step_facts(desk, matter, step)
    return {
        "matter_id": matter.id,
        "number": matter.number,
        "register_no": matter.register_no,
        "title": matter.title,
        "step": shown["name"],
        "holder": shown["holder"],
        "due": shown["due"],
        "left": shown["left"],
        "late": shown["late"],
    }


def groups(lists: Lists, first: int, last: int) -> list[dict[str, Any]]:
    """The lines from `first` to before `last` of all lists in order, under the name of their list."""
    found, begins = [], 0
    for name, lines in lists.items():
        cut = lines[max(first - begins, 0) : max(last - begins, 0)]
        if cut:
            found.append({"key": name, "name": NAMES[name], "total": len(lines), "found": cut})
        begins += len(lines)
    return found


def _to_tell(desk: Desk) -> Iterator[Member]:
    """Who wants lists and might have something on them."""
    holding = select(Step.holder_id).where(col(Step.state) == "open").distinct()
    heads = [one.name for one in desk.roster.with_role("section_head")]
    might = or_(col(Member.id).in_(holding), col(Member.name).in_(heads))
    yield from desk.session.exec(select(Member).where(col(Member.active), col(Member.digest), might)).all()


def _send(desk: Desk, member: Member, wording: str, lists: Lists, *, section: list[dict[str, Any]]) -> None:
    total = sum(len(found) for found in lists.values())
    if not total and not section:
        return
    day = desk.calendar.local(desk.now).date()
    post.to_member(
        desk,
        member,
        wording,
        kind="note",
        cause=f"{wording}:{day}:{member.id}",
        buttons=[[["menu", "mine", "📋 打开待办"], ["digest", "off", "🔕 不再发送"]]],
        priority_=DIGEST,
        day=day.isoformat(),
        total=total,
        groups=groups(lists, 0, SHOWN),
        shown=min(total, SHOWN),
        section=section[:SHOWN],
        section_total=len(section),
        unit=member.unit,
    )
