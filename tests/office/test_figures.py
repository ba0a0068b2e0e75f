"""The figures of a bulletin (V8) as they stood at the end of its period, and its text from them."""

from __future__ import annotations

from datetime import date

from acting import Office, moment
from sqlmodel import select

from office.papers.supervision_bulletin import TABLE, Named, Told, compose
from office.supervision import ledger
from office.supervision.figures import Figures, figures
from office.supervision.ledger import TaskForm
from rules.rates import Tally
from storage import matters
from storage.models import Deferral, Matter, Occurrence

FIRST, UNTIL = moment("2026-11-01 00:00"), moment("2026-12-01 00:00")


def task(office: Office, title: str, due: str, unit: str = "县水利局") -> Matter:
    desk = office.desk_at("2026-11-02 09:00")
    form = TaskForm(title=title, section=unit, field="乡村振兴", due=moment(f"{due} 17:30"))
    return ledger.enter(desk, form, office.member("吴国华"), told=False)


def counted(office: Office) -> Figures:
    return figures(office.desk_at("2026-12-08 09:00"), FIRST, UNTIL)


def defer(office: Office, matter: Matter, decided: str, until: str) -> None:
    desk = office.desk_at("2026-11-02 09:00")
    (step,) = matters.open_steps(matter.id or 0, session=desk.session)
    by = office.member("吴国华").id or 0
    granted = {
        "state": "granted",
        "decided_at": moment(f"{decided} 09:00"),
        "approver_id": by,
        "asked_by": by,
    }
    at = {"asked_at": moment(f"{decided} 08:00"), "until": moment(f"{until} 17:30")}
    row = Deferral(matter_id=matter.id, step_id=step.id, reason="等批复", **at, **granted)
    desk.session.add(row)
    matter.due_at = moment(f"{until} 17:30")
    desk.session.flush()


def test_a_deferral_counts_from_when_it_was_granted(office: Office) -> None:
    defer(office, task(office, "修水库", "2026-11-10"), "2026-11-09", "2026-12-20")
    defer(office, task(office, "修渠", "2026-11-20"), "2026-12-03", "2026-12-25")
    found = counted(office)
    assert (found.total.given, found.total.deferred, found.total.overdue) == (2, 1, 1)
    assert [matter.title for matter, _ in found.overdue] == ["修渠"], "granted after the period's end"


def test_what_was_transferred_is_counted_apart_and_what_was_taken_back_not_at_all(office: Office) -> None:
    moved, void = task(office, "修水库", "2026-11-10"), task(office, "修渠", "2026-11-20")
    moved.state, moved.closed_at = "transferred", moment("2026-11-05 09:00")
    void.state, void.closed_at = "void", moment("2026-11-02 09:01")
    office.desk_at("2026-12-08 09:00").session.flush()
    total = counted(office).total
    assert (total.given, total.transferred) == (0, 1) and total.done_rate.words == "—"


def test_late_reports_second_rounds_lights_and_look_backs(office: Office) -> None:
    late, done = task(office, "修水库", "2026-11-10"), task(office, "修渠", "2026-11-20")
    session = office.desk_at("2026-12-08 09:00").session
    late.details = late.details | {"second": [{"at": moment("2026-11-16 09:00").isoformat(), "cause": "x"}]}
    seen = {"true": False, "words": "未完工", "at": moment("2026-11-28 09:00").isoformat()}
    done.state, done.closed_at, done.details = "closed", moment("2026-11-18 09:00"), {"look_back": seen}
    for report in session.exec(select(Occurrence)):
        session.delete(report)
    session.flush()
    at = {"asks_at": moment("2026-11-20 09:00"), "due_at": moment("2026-11-25 17:30")}
    session.add(Occurrence(duty="task_monthly", matter_id=late.id, period="2026-11", state="asked", **at))
    session.flush()
    found = counted(office)
    assert found.late_reports == {"县水利局": 1}
    assert [one.title for one in found.second] == ["修水库"]
    assert {name: [one.title for one in lit] for name, lit in found.lights.items()} == {"红灯": ["修水库"]}
    assert [one.title for one in found.looked_back] == ["修渠"]


def told(**said: object) -> Told:
    facts: dict[str, object] = {
        "name": "2026年11月",
        "total": Tally("合计"),
        "units": (),
        "overdue": (),
        "late_reports": {},
        "lights": {},
        "second": (),
        "looked_back": (),
        "best": 2,
        "best_from": 80,
        "asks": ("于{limit}前办结。",),
        "limit": date(2026, 12, 8),
    }
    return Told(**{**facts, **said})  # type: ignore[arg-type]


def test_nothing_is_said_of_what_there_is_none(office: Office) -> None:
    _, lines = compose(told())
    assert [line for line in lines if line[1:2] == "、"] == ["一、总体情况", "二、工作要求"]
    assert TABLE in lines and "（一）于2026年12月8日前办结。" in lines
    assert "办结率（办结÷交办）为0÷0＝—" in lines[2]


def test_only_units_without_anything_overdue_are_named_as_good() -> None:
    units = (
        Tally("甲局", given=4, done=4),
        Tally("乙局", given=5, done=5, overdue=1),
        Tally("丙局", given=5, done=4),
        Tally("丁局", given=5, done=4),
        Tally("戊局", given=5, done=1),
    )
    _, lines = compose(told(units=units))
    assert "甲局（100.0%）、丙局（80.0%）办理及时，予以肯定。" in lines


def test_problems_are_told_by_unit_the_most_first() -> None:
    tasks = (Named("乙局", "督1号", "a"), Named("甲局", "督2号", "b"), Named("甲局", "督5号", "c"))
    _, lines = compose(told(overdue=tasks, looked_back=((tasks[0], False), (tasks[1], True))))
    assert "（一）逾期未办结。甲局2项（督2号、督5号）；乙局1项（督1号）。" in lines
    assert "回访已办结事项2项，属实1项，不属实1项：乙局1项（督1号）。" in lines
