"""Lists of what a member holds, and the morning and evening messages made of them; silent when empty.

Overdue, due today, waiting for his signature, the rest; each step once. The head of a section is also
told, in the morning, what of the section's work in other hands is overdue or due today. Whoever reports
progress also has how many reports are asked of him.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlmodel import col, or_, select

from office import ask, cards, post
from office.desk import Desk
from office.supervision import progress
from rules.posts import head_of
from storage import matters
from storage.models import Matter, Member, Step
from storage.outbox import DIGEST

SHOWN = 15
REPORTS_SHOWN = 8
NAMES = {"overdue": "已逾期", "today": "今日到期", "signing": "待我签批", "later": "其他在办"}

Lists = dict[str, list[dict[str, Any]]]


def morning(desk: Desk) -> None:
    """早间待办: each member's open matters, and to heads their section's, at the start of the day."""
    owing = progress.owing(desk)
    for member in _to_tell(desk, "morning", owing):
        owed = reports_of(desk, member) if member.id in owing else None
        lists, section = of_member(desk, member), of_section(desk, member)
        _send(desk, member, "digest.morning", lists, section=section, reports=owed)


def evening(desk: Desk) -> None:
    """晚间待办: only to those who have something overdue or due today."""
    for member in _to_tell(desk, "evening"):
        lists = of_member(desk, member)
        if lists["overdue"] or lists["today"]:
            _send(desk, member, "digest.evening", lists, section=[])


def reports_of(desk: Desk, member: Member) -> dict[str, Any] | None:
    """The reports of progress that are asked of a member and not given (V3); None where there are none."""
    owed = [one for one in progress.owed_by(desk, member) if not one.done]
    if not owed:
        return None
    found = [progress.facts(desk, one) for one in owed[:REPORTS_SHOWN]]
    return progress.heading(desk, owed) | {"found": found, "more": len(owed) - len(found)}


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


def times(desk: Desk, member: Member) -> list[str]:
    """When a member gets lists, as clock times: a unit's liaison once a day."""
    unit = desk.roster.unit_by_name.get(member.unit)
    rounds = [desk.policy.rounds[name] for name in ("morning", "evening") if name in desk.policy.rounds]
    crons = [one.cron.split() for one in rounds if (unit.level if unit else "units") in one.levels]
    return [f"{int(hour)}:{int(minute):02}" for minute, hour, *_ in crons]


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


def _to_tell(desk: Desk, round_: str, owing: Collection[int] = ()) -> Iterator[Member]:
    """Who wants the lists of a round and might have something on them."""
    levels = {one.name: one.level for one in desk.roster.units}
    wanted = desk.policy.rounds[round_].levels
    holding = select(Step.holder_id).where(col(Step.state) == "open").distinct()
    heads = [one.name for one in desk.roster.with_role("section_head")]
    might = or_(col(Member.id).in_(holding), col(Member.name).in_(heads), col(Member.id).in_(owing))
    rows = select(Member).where(col(Member.active), col(Member.digest), might)
    yield from (one for one in desk.session.exec(rows).all() if levels.get(one.unit, "units") in wanted)


def _send(
    desk: Desk,
    member: Member,
    wording: str,
    lists: Lists,
    *,
    section: list[dict[str, Any]],
    reports: dict[str, Any] | None = None,
) -> None:
    total = sum(len(found) for found in lists.values())
    if not total and not section and not reports:
        return
    more = [[["progress_list", 0, "📈 要报的进展"]]] if reports else []
    day = desk.calendar.local(desk.now).date()
    post.to_member(
        desk,
        member,
        wording,
        kind="note",
        cause=f"{wording}:{day}:{member.id}",
        buttons=[*more, [["menu", "mine", "📋 打开待办"], ["digest", "off", "🔕 不再发送"]]],
        priority_=DIGEST,
        day=day.isoformat(),
        total=total,
        groups=groups(lists, 0, SHOWN),
        shown=min(total, SHOWN),
        section=section[:SHOWN],
        section_total=len(section),
        unit=member.unit,
        reports=reports,
    )
