"""Many rings to one person at once are one list, and each of its causes counts as told (V1, V3)."""

from __future__ import annotations

from acting import moment
from sayable import all_said

from office.supervision import ledger
from office.supervision.ledger import TaskForm
from storage import journal

AT, OVER = "2026-11-24 09:00", "2026-11-26 17:30"


def tasks(office, count):
    """So many tasks of the bureau of water, entered by an import: nobody has signed for them."""
    form = {"section": "县水利局", "due": moment("2026-12-31 17:30")}
    by = office.member("钱雨桐")
    forms = [TaskForm.model_validate(form | {"title": f"任务{n}"}) for n in range(count)]
    return [ledger.enter(office.desk_at(AT), one, by, told=False) for one in forms]


def heard(office, name, wording):
    return [row for row in office.messages(name) if row.wording == wording and row.state != "superseded"]


def test_thirty_tasks_left_unanswered_do_not_flood_anybody(office):
    entered = tasks(office, 30)
    office.runs_to(OVER)
    lists = [row for row in office.messages("魏长河") if row.wording == "alert.reminders"]
    assert [row.facts["rang"] for row in lists] == ["remind", "due", "overdue"]
    assert heard(office, "魏长河", "alert.reminders") == lists[-1:], "the last stands for those before it"
    assert not heard(office, "魏长河", "alert.reminder")
    above = ("吴国华", "吕承志")
    assert [len(heard(office, name, "alert.rungs")) for name in above] == [1, 1]
    assert not [row for name in above for row in heard(office, name, "alert.rung")]
    session = office.desk_at(OVER).session
    for matter in entered:
        entries = journal.of_matter(matter.id, session=session)
        told = [one.facts["to"] for one in entries if one.act == "climbed"]
        assert set(above) <= set(told) and len(told) == len(set(told))
    said = "\n".join(all_said(session, "alert.r"))
    assert "督办事项 30 项" in said and "魏长河 30 项：督〔2026〕1号" in said and "还有 15 项" in said


def test_three_tasks_ring_one_by_one(office):
    tasks(office, 3)
    office.runs_to(OVER)
    assert not heard(office, "魏长河", "alert.reminders")
    assert len(heard(office, "吴国华", "alert.rung")) == 3


def test_second_notices_of_one_instant_are_one_message_to_those_above(office):
    tasks(office, 20)
    office.runs_to("2027-01-08 17:30")
    told = [row for row in office.messages("吕承志") if row.wording == "task.second_told"]
    assert len(told) == 1 and len(told[0].facts["also"]) == 19
    said = all_said(office.desk_at(OVER).session, "task.second_told")
    assert all("同时发出的还有 19 项" in one and "还有 4 项" in one for one in said)


def test_where_nobody_is_left_to_tell_one_message_names_them_all(office):
    tasks(office, 12)
    for name in ("魏长河", "吴国华", "吕承志", "何国栋", "沈慧敏", "李文博"):
        office.member(name).reach = "blocked"
    office.runs_to("2026-12-01 17:30")
    assert not heard(office, "赵一鸣", "alert.nobody")
    told = heard(office, "赵一鸣", "alert.nobodies")
    assert len(told) == len({one.created_at for one in told}) == 1
    assert (told[0].facts["total"], told[0].facts["lines"][0]["holder"]) == (12, "魏长河")
    assert len(heard(office, "钱雨桐", "alert.nobodies")) == 1
    said = "\n".join(all_said(office.desk_at(OVER).session, "alert.nobodies"))
    assert "应由 魏长河 办理 12 项：督〔2026〕1号" in said and "已越过" in said
