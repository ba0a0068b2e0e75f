"""Importing a ledger of tasks (V1): what the ledger would refuse, what changes bring with them."""

from __future__ import annotations

import pytest
from acting import Office
from sqlmodel import select

from office.desk import Desk, Refused
from office.supervision import importing
from office.supervision.importing import Imported
from storage import matters
from storage.models import Clock, LedgerRow, Matter

HEADER = "任务,责任单位,完成时限,报送频次"


def take(desk: Desk, office: Office, *rows: str, name: str = "台账.csv") -> Imported:
    sheets = importing.open_file(name, "\n".join((HEADER, *rows)).encode())
    return importing.take_over(desk, name, sheets, office.member("吴国华"))


def foresee(desk: Desk, office: Office, *rows: str) -> list[str]:
    sheets = importing.open_file("台账.csv", "\n".join((HEADER, *rows)).encode())
    found = importing.foresee(desk, "台账.csv", sheets, office.member("吴国华"))
    return [line for one in found.read.wrong for line in one.lines]


def task(desk: Desk, title: str) -> Matter:
    return desk.session.exec(select(Matter).where(Matter.title == title)).one()


@pytest.fixture
def morning(office: Office) -> Desk:
    return office.desk_at("2026-03-02 09:00")


def test_a_unit_without_anybody_is_wrong(morning: Desk, office: Office) -> None:
    office.member("魏长河").active = False
    morning.session.flush()
    said = foresee(morning, office, "修水库,水利局,年底前,每月")
    assert said == ["第2行 牵头单位：县水利局在名单中没有人，请先在人员表中登记联络员"]


def test_a_part_does_not_outlive_the_whole(morning: Desk, office: Office) -> None:
    take(morning, office, "修水库,水利局,9月底,每月", "修渠,水利局,6月底,每月")
    whole, part = task(morning, "修水库"), task(morning, "修渠")
    part.parent_id = whole.id
    morning.session.flush()
    said = foresee(morning, office, "修渠,水利局,年底前,每月")
    assert said == [f"第2行 完成时限：晚于所属事项 {whole.register_no} 的时限，请先给那一项延期"]


def test_a_changed_limit_moves_the_clocks_and_the_first_stays(morning: Desk, office: Office) -> None:
    take(morning, office, "修水库,水利局,6月底,每月")
    before = task(morning, "修水库").due_at
    done = take(morning, office, "修水库,水利局,9月底,每季度")
    matter = task(morning, "修水库")
    assert len(done.plan.changed) == 1 and matter.due_at is not None and before is not None
    assert matter.first_due_at == before < matter.due_at and matter.details["rhythm"] == "quarterly"
    waiting = morning.session.exec(
        select(Clock).where(Clock.matter_id == matter.id, Clock.kind == "second_round")
    )
    assert [one.at > matter.due_at for one in waiting if one.state == "pending"] == [True]


def test_a_deferral_is_not_undone_by_the_same_file(morning: Desk, office: Office) -> None:
    take(morning, office, "修水库,水利局,6月底,每月")
    matter = task(morning, "修水库")
    assert matter.due_at is not None
    matter.due_at = matter.due_at.replace(month=8)
    later = office.desk_at("2026-07-02 09:00")
    done = take(later, office, "修水库,水利局,6月底,每月")
    assert done.plan.unchanged == 1 and not done.plan.changed, (
        "6月底 is still that of the year it was written"
    )
    assert matter.due_at.month == 8


def test_a_task_worded_anew_is_known_by_its_number(morning: Desk, office: Office) -> None:
    header, name = "序号," + HEADER, "台账.csv"
    for title in ("修建东河水库大坝", "修建东河水库大坝和溢洪道"):
        content = f"{header}\n7,{title},水利局,年底前,每月".encode()
        sheets = importing.open_file(name, content)
        done = importing.take_over(morning, name, sheets, office.member("吴国华"))
    (row,) = morning.session.exec(select(LedgerRow))
    assert done.plan.changed and matters.matter(row.matter_id, session=morning.session).title.endswith(
        "溢洪道"
    )


def test_a_struck_off_task_stays_as_it_is(morning: Desk, office: Office) -> None:
    take(morning, office, "修水库,水利局,6月底,每月")
    task(morning, "修水库").state = "closed"
    done = take(morning, office, "修水库,水利局,9月底,每月")
    assert not done.plan.changed and len(done.plan.over) == 1


def test_another_ledger_is_no_update_of_this_one(morning: Desk, office: Office) -> None:
    take(morning, office, "修水库,水利局,6月底,每月")
    done = take(morning, office, "修路,交通局,6月底,每月", name="另一张.csv")
    assert not done.plan.gone and done.plan.ledger == "另一张"


def test_who_may_not_and_what_is_too_much_is_refused(morning: Desk, office: Office) -> None:
    rows = [f"任务{number},水利局,年底前,每月" for number in range(1001)]
    with pytest.raises(Refused, match="import_too_many"):
        foresee(morning, office, *rows)
    with pytest.raises(Refused, match="import_no_tasks"):
        foresee(morning, office)
    sheets = importing.open_file("台账.csv", f"{HEADER}\n修水库,水利局,年底前,每月".encode())
    with pytest.raises(Refused, match="import_may_not"):
        importing.foresee(morning, "台账.csv", sheets, office.member("魏长河"))
    with pytest.raises(Refused, match="import_errors") as caught:
        importing.open_file("台账.csv", "姓名,单位\n张三,水利局".encode())
    assert "须有“任务”“牵头单位”“完成时限”等列" in caught.value.facts["lines"][0]
