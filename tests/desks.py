"""The sample office for tests of acts: desks at any instant, people by name, people with work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from office import members, move, register
from office.desk import Desk
from storage import matters, people
from storage.models import Member

ZONE = ZoneInfo("Asia/Shanghai")
SAMPLE = Path(members.__file__).with_name("sample")

DeskAt = Callable[[str], Desk]


def named(desk: Desk, name: str) -> Member:
    """The member of this name, who must be there."""
    found = people.by_name(name, session=desk.session)
    assert found is not None, name
    return found


def holding(desk: Desk, name: str, titles: int = 1) -> Member:
    """A member, made to hold the first step of so many requests."""
    member = named(desk, name)
    for i in range(titles):
        form = register.Form(procedure="request", sender="县财政局", title=f"关于第{i}项经费的请示")
        form.section = member.unit
        matter = register.register(desk, form, named(desk, "王思雨"))
        for step in matters.open_steps(matter.id or 0, session=desk.session):
            move.reassign(desk, step, member, cause="handed_over")
    return member
