"""One act at a time, at any instant, in the sample office."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from office import tick
from office.desk import Desk
from office.register import Form, register
from storage import matters, people
from storage.models import Matter, Member, Outbox, Step

ZONE = ZoneInfo("Asia/Shanghai")
DeskAt = Callable[[str], Desk]


class Office:
    """The acts of tests: whoever is named does something at an instant; the clocks run in between."""

    def __init__(self, desk_at: DeskAt) -> None:
        self.desk_at = desk_at

    def member(self, name: str) -> Member:
        found = people.by_name(name, session=self.desk_at("2026-11-20 09:00").session)
        assert found is not None
        return found

    def member_of(self, member_id: int) -> str:
        return people.member(member_id, session=self.desk_at("2026-11-20 09:00").session).name

    def log(self, at: str, by: str = "王思雨", **fields: object) -> Matter:
        desk = self.desk_at(at)
        form = Form.model_validate(
            {"sender": "县财政局", "title": "关于预算的请示", "section": "综合科"} | fields
        )
        return register(desk, form, self.member(by))

    def step(self, matter: Matter) -> Step:
        steps = matters.open_steps(matter.id or 0, session=self.desk_at("2026-11-20 09:00").session)
        assert len(steps) == 1
        return steps[0]

    def holder(self, matter: Matter) -> str:
        return people.member(
            self.step(matter).holder_id, session=self.desk_at("2026-11-20 09:00").session
        ).name

    def runs_to(self, at: str) -> None:
        """Every clock up to an instant rings, each at its own instant."""
        last = self.desk_at(at)
        last.session.flush()  # as the end of an act does
        while (earliest := tick.next_at(last)) is not None and earliest <= last.now:
            desk = Desk(last.session, earliest, last.policy, last.calendars)
            tick.tick(desk)

    def messages(self, name: str) -> list[Outbox]:
        """What was put into the outbox for a person, in order."""
        session = self.desk_at("2026-11-20 09:00").session
        member_id = self.member(name).id
        rows = select(Outbox).where(col(Outbox.member_id) == member_id, col(Outbox.op) == "send")
        return list(session.exec(rows.order_by(col(Outbox.id))))

    def wordings(self, name: str) -> list[str]:
        return [row.wording for row in self.messages(name)]


def moment(text: str) -> datetime:
    """An instant of the office's wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)
