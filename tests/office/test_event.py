"""Limits that count from an event move with it; whoever holds one is told once (for all kinds of matters)."""

from __future__ import annotations

import pytest
from acting import moment

from office import event, move
from rules.policy_files import load_policy
from storage import clocks, journal, matters
from storage.models import Clock, Matter

CONTRACT = """
name = "合同备案"
source = "D14"
series = "合"
required = ["title"]

[[steps]]
key = "sign"
name = "签订"
todo = "请签订"
holder = "registrar"
limit = "-3wd"
from = "event"
ladder = "days"
source = "D14"
verbs = ["sign"]

[[steps]]
key = "file"
name = "归档原件"
todo = "请归档原件"
holder = "registrar"
limit = "5d"
from = "event"
ladder = "days"
source = "D14"
closes = true
verbs = ["close"]
"""


@pytest.fixture(scope="session")
def policy(tmp_path_factory):
    """The shipped policy, and contracts: before and after their signing something is due."""
    folder = tmp_path_factory.mktemp("policy")
    (folder / "procedures").mkdir()
    (folder / "procedures" / "contract.toml").write_text(CONTRACT, encoding="utf-8")
    return load_policy(folder)


@pytest.fixture
def contract(office):
    """A contract whose signing nobody knows the time of; both of its steps run."""
    matter = office.log("2026-11-24 09:00", procedure="contract", title="供水合同")
    move.begin(
        office.desk_at("2026-11-24 09:00"),
        matter,
        move.procedure_of(office.desk_at("2026-11-24 09:00"), matter).step("file"),
    )
    return matter


def dues(office, matter: Matter):
    steps = matters.open_steps(matter.id, session=office.desk_at("2026-11-24 09:00").session)
    return {step.key: step.due_at for step in steps}


def rings(office, matter: Matter) -> list[Clock]:
    session = office.desk_at("2026-11-24 09:00").session
    rows = clocks.due(now=moment("2030-01-01 00:00"), limit=1000, session=session)
    return [row for row in rows if row.matter_id == matter.id]


def fix(office, matter, at, event_at, by="王思雨"):
    return event.fix(office.desk_at(at), matter, moment(event_at), None, office.member(by))


def told(office, name="王思雨", wording="note.event_moved"):
    return [row for row in office.messages(name) if row.wording == wording]


def test_before_anybody_knows_the_time_there_is_no_limit(office, contract):
    assert dues(office, contract) == {"sign": None, "file": None}
    assert not rings(office, contract)


def test_limits_count_from_it_before_and_after(office, contract):
    fix(office, contract, "2026-11-24 10:00", "2026-12-10 15:00")
    assert dues(office, contract) == {"sign": moment("2026-12-07 17:30"), "file": moment("2026-12-15 17:30")}
    assert len(told(office)) == 1
    assert [row["name"] for row in told(office)[0].facts["steps"]] == ["签订", "归档原件"]


def test_they_move_with_it_and_their_clocks_too(office, contract):
    fix(office, contract, "2026-11-24 10:00", "2026-12-10 15:00")
    fix(office, contract, "2026-11-25 10:00", "2026-12-14 09:00")
    assert dues(office, contract) == {"sign": moment("2026-12-09 17:30"), "file": moment("2026-12-21 17:30")}
    assert {row.at for row in rings(office, contract) if row.kind == "due"} == set(
        dues(office, contract).values()
    )
    entry = journal.last_of_matter(
        contract.id, "event_moved", session=office.desk_at("2026-11-25 10:00").session
    )
    assert (
        entry is not None
        and entry.facts["was"] == moment("2026-12-15 17:30").astimezone(entry.happened_at.tzinfo).isoformat()
    )


def test_the_same_time_again_moves_nothing_and_tells_nobody(office, contract):
    fix(office, contract, "2026-11-24 10:00", "2026-12-10 15:00")
    assert fix(office, contract, "2026-11-24 11:00", "2026-12-10 15:30") == []
    assert len(told(office)) == 1


def test_what_would_lie_in_the_past_is_due_at_once_and_says_so(office, contract):
    fix(office, contract, "2026-11-24 10:00", "2026-11-25 09:00")
    assert dues(office, contract)["sign"] == moment("2026-11-24 10:00")
    rows = {row["name"]: row["at_once"] for row in told(office)[0].facts["steps"]}
    assert rows == {"签订": True, "归档原件": False}
    office.runs_to("2026-11-24 10:01")
    rang = [row.facts["rang"] for row in office.messages("王思雨") if row.wording == "alert.reminder"]
    assert rang == ["overdue"]  # that it is due at once he was told with the new limit


def test_over_a_year_without_a_notice_it_is_provisional(office, contract):
    fix(office, contract, "2026-11-24 10:00", "2026-12-30 15:00")
    assert told(office)[0].facts["provisional"]
    fix(office, contract, "2026-11-24 11:00", "2026-12-10 15:00")
    assert not told(office)[-1].facts["provisional"]


def test_cancelled_what_counts_from_it_ends_and_its_holder_is_told_once(office, contract):
    fix(office, contract, "2026-11-24 10:00", "2026-12-10 15:00")
    desk = office.desk_at("2026-11-24 11:00")
    assert len(event.cancel(desk, contract, office.member("李文博"), "不再签订")) == 2
    assert dues(office, contract) == {} and not rings(office, contract)
    notes = told(office, wording="note.event_cancelled")
    assert [note.facts["steps"] for note in notes] == [["签订", "归档原件"]]
