"""One member at a time: taken on, changed, ended, and who takes over what he held (P1, P3, P6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import update
from sqlmodel import col

from office import absence, move, roster_sheets
from office.desk import Desk, Refused
from office.meetings import handed_on
from office.roster_sheets import UnitIndex, Values
from office.sheets import Sheet
from rules import posts
from rules.patterns import lazy
from rules.policy import Right
from rules.roster import ROLES
from storage import journal, matters, people
from storage.models import Card, Clock, Matter, Member, Outbox

SECONDMENT_ENDS = "secondment_end"
_KEYWORDS = {
    "单位": "unit",
    "职务": "post",
    "B岗": "stand_in",
    "b岗": "stand_in",
    "分管": "in_charge_of",
    "电话": "phone",
    "角色": "roles",
    "至": "active_until",
    "到": "active_until",
}
_HEADS = {key: word for word, key in reversed(_KEYWORDS.items())} | {"name": "姓名"}
_UNTIL = lazy(r"[至到](?=\d{4})")


class Left(NamedTuple):
    """What became of the work of a member who left: who has it now, how many steps, who lost a stand-in."""

    member: Member
    to: Member | None
    moved: int
    stood_in_for: tuple[str, ...]


def check_right(desk: Desk, by: Member, right: Right = "manage_members") -> None:
    """Refused people_no_right unless one of his roles carries the right."""
    if not desk.policy.may(by.roles, right):
        raise Refused("people_no_right")


def add(desk: Desk, line: str, by: Member) -> Member:
    """Take on one person from a line: 张三 综合科 科员 13900001234 B岗 李四 角色 承办人 至2027-01-31."""
    check_right(desk, by)
    cells = _cells(desk, line)
    if people.by_name(cells["name"], session=desk.session):
        raise Refused("people_known", name=cells["name"])
    values = _examined(desk, cells)
    values.setdefault("roles", ("handler",))
    member = keep(desk, values)
    _note(desk, "member_added", by, member, unit=member.unit)
    return member


def change(desk: Desk, line: str, by: Member) -> Member:
    """Change what a line names of one person: 张三 B岗 李四 电话 13900001234. 无 takes a value away."""
    check_right(desk, by)
    cells = _cells(desk, line)
    member = by_name(desk, cells["name"])
    if len(cells) == 1:
        raise Refused("people_nothing_to_change", name=member.name)
    values = _examined(desk, {"unit": member.unit, **cells})
    keep(desk, values)
    check_an_admin_is_left(desk)
    _note(desk, "member_changed", by, member, columns=sorted(set(cells) - {"name"}))
    return member


def toggle_role(desk: Desk, member: Member, role: str, by: Member) -> Member:
    """Give a role, or take it away."""
    check_right(desk, by)
    if role not in ROLES or not member.active:
        raise Refused("people_gone", name=member.name)
    given = role not in member.roles
    member.roles = [one for one in ROLES if (one in member.roles) != (one == role)]
    desk.session.add(member)
    desk.forget_roster()
    check_an_admin_is_left(desk)
    _note(desk, "role_given" if given else "role_taken", by, member, role=role)
    return member


def by_name(desk: Desk, name: str) -> Member:
    """The active member of this name; Refused people_unknown otherwise."""
    member = people.by_name(name, session=desk.session)
    if member is None:
        raise Refused("people_unknown", name=name, hint=roster_sheets.nearest(name, desk.roster.by_name))
    return member


def keep(desk: Desk, values: Values, known: dict[str, Member] | None = None) -> Member:
    """Write one person's values over what is known of him; who had left is back."""
    if known is None:
        known = {one.name: one for one in people.everybody(session=desk.session)}
    member = known.get(values["name"]) or Member(name=values["name"], unit="", position=len(known))
    member.active = True
    for key, value in values.items():
        setattr(member, key, list(value) if isinstance(value, tuple) else value)
    desk.session.add(member)
    desk.session.flush()
    known[member.name] = member
    if "active_until" in values:
        _set_end(desk, member)
    desk.forget_roster()
    return member


# --- leaving ----------------------------------------------------------------------------------------


def successor(desk: Desk, member: Member) -> Member | None:
    """Who takes over what a member holds: stand-in, head of the unit, director, administrator."""
    named = [member.stand_in or ""]
    head = posts.head_of(member.unit, desk.roster)
    named += [head.name] if head else []
    named += [one.name for role in ("director", "admin") for one in desk.roster.with_role(role)]
    found = [one for one in people.named(named, session=desk.session) if one.id != member.id]
    here = [one for one in found if absence.present(desk, one, desk.now)]
    return next(iter(here or found), None)


def deactivate(desk: Desk, member: Member, by: Member) -> Left:
    """End a membership: what he holds goes to his successor (P3), his account is told nothing any more."""
    check_right(desk, by)
    if not member.active:
        raise Refused("people_gone", name=member.name)
    left = _leave(desk, member, "left", by)
    check_an_admin_is_left(desk)
    _note(desk, "member_left", by, member, to=left.to.name if left.to else None, moved=left.moved)
    return left


def end_secondment(desk: Desk, member_id: int) -> Left | None:
    """The last day of a secondment is over (P6); None where it was extended meanwhile."""
    member = people.member(member_id, session=desk.session)
    if not member.active or member.active_until is None or _end(desk, member) > desk.now:
        return None
    left = _leave(desk, member, "secondment_over", None)
    _note(desk, "secondment_over", None, member, to=left.to.name if left.to else None, moved=left.moved)
    return left


def check_an_admin_is_left(desk: Desk) -> None:
    """Refused people_last_admin where nobody could manage the members any more."""
    if not people.with_role("admin", session=desk.session):
        raise Refused("people_last_admin")


def replace(desk: Desk, member: Member, by: Member) -> Left:
    """`by` turns out to be the same person: everything of `member` is his, and `member` ends."""
    left = _leave(desk, member, "left", by, to=by)
    _note(desk, "member_left", by, member, to=by.name, moved=left.moved)
    return left


def _leave(desk: Desk, member: Member, cause: str, by: Member | None, to: Member | None = None) -> Left:
    held = matters.held_by(_id(member), session=desk.session)
    to = to or successor(desk, member)
    if held and to is None:
        raise Refused("people_nobody_takes_over", name=member.name, count=len(held))
    if to is not None:
        for step, _ in held:
            move.reassign(desk, step, to, cause=cause, by=by)
        _pass_on_handling(desk, member, to)
        handed_on.to_successor(desk, member, to)
    _silence(desk, member)
    member.active, member.telegram_id, member.reach = False, None, "never"
    member.join_code = member.join_expires = None
    desk.session.add(member)
    desk.session.flush()
    desk.forget_roster()
    orphans = tuple(one.name for one in desk.roster.people if one.stand_in == member.name)
    return Left(member, to, len(held), orphans)


def _pass_on_handling(desk: Desk, member: Member, to: Member) -> None:
    handled = update(Matter).where(col(Matter.handler_id) == member.id, col(Matter.state) == "open")
    desk.session.execute(handled.values(handler_id=to.id))


def _silence(desk: Desk, member: Member) -> None:
    """Nothing more goes to the chat of who has left: neither what waits nor edits of what stands there."""
    if member.telegram_id is None:
        return
    waiting = update(Outbox).where(col(Outbox.chat_id) == member.telegram_id, col(Outbox.state) == "pending")
    desk.session.execute(waiting.values(state="superseded"))
    standing = update(Card).where(col(Card.chat_id) == member.telegram_id, col(Card.standing))
    desk.session.execute(standing.values(standing=False))


def _end(desk: Desk, member: Member) -> datetime:
    assert member.active_until is not None
    return datetime.combine(member.active_until + timedelta(days=1), time(), desk.calendar.zone)


def _set_end(desk: Desk, member: Member) -> None:
    pending = update(Clock).where(
        col(Clock.kind) == SECONDMENT_ENDS, col(Clock.about_id) == member.id, col(Clock.state) == "pending"
    )
    desk.session.execute(pending.values(state="cancelled"))
    if member.active_until is not None:
        desk.session.add(Clock(kind=SECONDMENT_ENDS, about_id=member.id, at=_end(desk, member)))


def _secondment_ends(desk: Desk, row: Clock) -> None:
    assert row.about_id is not None
    end_secondment(desk, row.about_id)


CLOCKS: dict[str, Callable[[Desk, Clock], None]] = {SECONDMENT_ENDS: _secondment_ends}
"""what falls due here (office/tick.py)"""


# --- lines ------------------------------------------------------------------------------------------


def _cells(desk: Desk, line: str) -> dict[str, str]:
    """A line's words by column: after a keyword, else by their looks; the rest is the post."""
    words = _UNTIL.sub("至 ", line).replace("：", " ").replace(":", " ").split()
    if not words:
        raise Refused("people_line_empty")
    cells = {"name": words.pop(0)}
    index = UnitIndex((unit.name, unit.short_names) for unit in desk.roster.units)
    while words:
        word = words.pop(0)
        if word in _KEYWORDS and words:
            value = words.pop(0)
            cells[_KEYWORDS[word]] = "" if value == "无" else value
        else:
            key = _looks_like(word, cells, index)
            cells[key] = f"{cells[key]} {word}" if key in cells else word
    return cells


def _looks_like(word: str, cells: dict[str, str], index: UnitIndex) -> str:
    if "unit" not in cells and index.find(word):
        return "unit"
    return "phone" if "phone" not in cells and roster_sheets.phone_of(word) else "post"


def read_line(desk: Desk, line: str, *, unit: str) -> Values:
    """One person of a unit: 张三 13900001234 科员. Refused people_line, liaison_columns."""
    cells = _cells(desk, line)
    if set(cells) - {"name", "phone", "post", "stand_in"}:
        raise Refused("liaison_columns")
    return _examined(desk, {**cells, "unit": unit})


def _examined(desk: Desk, cells: dict[str, str]) -> Values:
    if "unit" not in cells:
        raise Refused("people_unit_missing", name=cells["name"], words=cells.get("post", ""))
    columns = tuple(cells)
    sheet = Sheet(
        name="",
        columns=columns,
        heads=tuple(_HEADS[key] for key in columns),
        lines=((1, tuple(cells.values())),),
    )
    read = roster_sheets.examine([sheet], desk.roster)
    if read.mistakes:
        raise Refused("people_line", lines=[line.removeprefix(" 第1行 ") for line in read.mistakes])
    return dict(read.people[0])


def _note(desk: Desk, act: str, by: Member | None, member: Member, **facts: Any) -> None:
    who = by.id if by else None
    about = {"about_id": member.id, "name": member.name, **facts}
    journal.write(act, now=desk.now, session=desk.session, member_id=who, **about)


def _id(member: Member) -> int:
    assert member.id is not None
    return member.id
