"""An emergency in the sample office, whose duty roster is loaded: what tests of its acts share."""

from __future__ import annotations

from collections.abc import Iterable

from acting import DeskAt, Office
from desks import SAMPLE

from office import duty_roster, emergency, instruct, reports
from office.desk import Desk
from storage import journal
from storage.models import Instruction, Matter, Outbox, Report, Step

LANDSLIDE = "石桥镇东河村发生山体滑坡，2人失联"
# On duty in the night to 24 November: 何国栋 (stand-in 周明远), 张建平, 赵一鸣; that day from 08:30:
# 苏雅琴 (stand-in 林晓岚), 韩冰, 朱雪梅.


class DutyRoom(Office):
    """The office, seen from its duty room."""

    def __init__(self, desk_at: DeskAt, *, roster: bool = True) -> None:
        super().__init__(desk_at)
        if roster:
            content = (SAMPLE / "duty.csv").read_bytes()
            duty_roster.import_roster(desk_at("2026-11-15 09:00"), "duty.csv", content)

    def reported(
        self, at: str = "2026-11-24 02:50", by: str = "廖志成", text: str = LANDSLIDE, **known: object
    ) -> Matter:
        first = emergency.First.model_validate({"text": text} | known)
        return emergency.begin(self.desk_at(at), first, self.member(by))

    def running(self, matter: Matter, key: str) -> Step | None:
        return emergency.running(self.any_desk, matter, key)

    def step_of(self, matter: Matter, key: str) -> Step:
        step = self.running(matter, key)
        assert step is not None, key
        return step

    @property
    def any_desk(self) -> Desk:
        return self.desk_at("2026-11-24 02:50")

    def rang(self, matter: Matter, *acts: str) -> list[tuple[str, str]]:
        """(wall clock, who) of everything that rang for an emergency."""
        wanted = acts or ("rang_remind", "rang_due", "rang_overdue", "climbed")
        entries = journal.of_matter(matter.id or 0, session=self.any_desk.session)
        local = self.any_desk.calendar.local
        return [(f"{local(e.happened_at):%H:%M}", e.facts["to"]) for e in entries if e.act in wanted]

    def acts(self, matter: Matter) -> list[str]:
        return [e.act for e in journal.of_matter(matter.id or 0, session=self.any_desk.session)]

    def told(self, name: str, wording: str) -> list[Outbox]:
        return [row for row in self.messages(name) if row.wording == wording]

    def instructs(
        self,
        matter: Matter,
        at: str,
        units: Iterable[str] = (),
        names: Iterable[str] = (),
        leader: str = "何国栋",
        words: str = "请全力搜救",
    ) -> Instruction:
        by = self.member(leader)
        return instruct.give(self.desk_at(at), matter, by, words, units=units, names=names, by=by)

    def quick_signed(
        self, matter: Matter, at: str, officer: str = "张建平", leader: str = "何国栋"
    ) -> Report:
        report = reports.draft(self.desk_at(at), matter, "quick", self.member(officer))
        step = reports.submit(self.desk_at(at), report, self.member(officer))
        return reports.sign(self.desk_at(at), step.id or 0, self.member(leader))
