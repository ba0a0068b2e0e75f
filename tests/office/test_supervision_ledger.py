"""The ledger of tasks: entered with number, clocks and cards; what may not be entered is refused (V1)."""

from __future__ import annotations

import pytest
from acting import moment

from office.desk import Refused
from office.supervision import ledger
from office.supervision.ledger import TaskForm
from storage import journal


def form(**fields):
    given = {"title": "老旧小区改造", "section": "县住房和城乡建设局", "due": moment("2026-12-31 17:30")}
    return TaskForm.model_validate(given | {"source": "政府工作报告"} | fields)


def enter(office, at="2026-11-24 09:00", **fields):
    return ledger.enter(office.desk_at(at), form(**fields), office.member("钱雨桐"))


def test_a_task_gets_a_number_its_liaison_a_card(office):
    one, two = enter(office), enter(office, title="雨污分流", units=["县水利局"])
    assert (one.register_no, two.register_no) == ("督〔2026〕1号", "督〔2026〕2号")
    assert office.holder(one) == "叶向阳"
    assert office.step(one).due_at == moment("2026-11-25 17:30")
    assert one.details["rhythm"] == "monthly"
    assert office.wordings("叶向阳") == ["holder", "holder"]


def test_entered_quietly_nobody_is_told_yet(office):
    one = ledger.enter(office.desk_at("2026-11-24 09:00"), form(), office.member("钱雨桐"), told=False)
    assert office.wordings("叶向阳") == []
    assert office.holder(one) == "叶向阳"


def test_the_journal_says_who_entered_it(office):
    one = enter(office)
    first = journal.of_matter(one.id, session=office.desk_at("2026-11-24 09:00").session)[0]
    assert (first.act, first.facts["register_no"]) == ("registered", "督〔2026〕1号")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": None}, "fields_missing"),
        ({"due": moment("2026-11-23 17:30")}, "due_past"),
        ({"section": "县月球局"}, "unit_unknown"),
        ({"procedure": "request"}, "no_procedure"),
    ],
)
def test_what_cannot_be_entered(office, fields, reason):
    with pytest.raises(Refused) as refused:
        enter(office, **fields)
    assert refused.value.reason == reason


def test_a_part_never_outlives_the_whole(office):
    parent = enter(office)
    with pytest.raises(Refused) as refused:
        enter(office, parent_id=parent.id, due=moment("2027-01-08 17:30"))
    assert refused.value.reason == "child_outlives"
    assert enter(office, parent_id=parent.id, due=moment("2026-12-25 17:30")).parent_id == parent.id
