"""Meetings of the sample office, for tests of what is done about them."""

from __future__ import annotations

from datetime import timedelta

from acting import moment

from office.meetings import call, notice
from office.meetings.call import MeetingForm
from storage import matters, meetings
from storage.models import Invitation, Matter, Outbox


class Meetings:
    """Meetings of the sample office."""

    def __init__(self, office) -> None:
        self.office = office

    def form(self, **fields) -> MeetingForm:
        known = {
            "title": "研究抗旱工作",
            "at": moment("2026-12-01 09:00"),
            "place": "二楼常务会议室",
            "host": "何国栋",
            "units": ["县水利局", "县财政局"],
        }
        return MeetingForm.model_validate(known | fields)

    def call(self, at_="2026-11-24 09:00", by="马俊杰", *, send=True, **fields) -> Matter:
        return call.call(self.office.desk_at(at_), self.form(**fields), self.office.member(by), send=send)

    def beside(self, **fields) -> list[call.Beside]:
        return call.beside_form(self.office.desk_at("2026-11-24 10:00"), self.form(**fields))

    def invited(self, matter: Matter, name: str) -> Invitation:
        desk = self.office.desk_at("2026-11-24 09:00")
        found = meetings.invitations(matter.id, session=desk.session)
        return next(one for one in found if one.name == name)

    def answers(self, at: str, matter: Matter, name: str, by: str, said="attends", **words) -> None:
        one = self.invited(matter, name)
        notice.answer(self.office.desk_at(at), one.id, self.office.member(by), said, **words)

    def running(self, matter: Matter):
        desk = self.office.desk_at("2026-11-24 09:00")
        return {step.key: step for step in matters.open_steps(matter.id, session=desk.session)}

    def sent(self, name: str, wording: str) -> list[Outbox]:
        return [row for row in self.office.messages(name) if row.wording == wording]

    def held(self, at: str, unit: str, by="马俊杰") -> Matter:
        """A meeting of a department that was held at that time."""
        begins = moment(at)
        called = f"{begins - timedelta(days=5):%Y-%m-%d} 09:00"
        matter = self.call(called, by, at=begins, section=unit, place="三楼会议室", host=None)
        self.office.runs_to(f"{begins + timedelta(hours=3):%Y-%m-%d %H:%M}")
        return matter
