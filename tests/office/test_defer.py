"""Deferral: before the limit, with reason and date, approved by another; the first limit stays (V10)."""

from __future__ import annotations

import pytest
from acting import moment

from office import cards, defer, move
from office.desk import Refused


@pytest.fixture
def drafting(office):
    """A request at the step where the handler drafts the reply."""
    matter = office.log("2026-11-24 09:00", procedure="request")
    for minute in range(5):
        step = office.step(matter)
        move.sign(
            office.desk_at(f"2026-11-24 09:0{minute + 1}"), step.id, office.member(office.holder(matter))
        )
    return matter


def ask(office, matter, until, at="2026-11-25 09:00"):
    by = office.member("李文博")
    return defer.ask(office.desk_at(at), office.step(matter).id, by, moment(until), "等省厅批复")


def test_granted_the_limit_moves_and_the_first_is_kept(office, drafting):
    first = office.step(drafting).due_at
    asked = ask(office, drafting, "2026-12-11 17:30")
    assert office.step(drafting).due_at == first
    defer.decide(office.desk_at("2026-11-25 10:00"), asked.id, office.member("许文斌"), granted=True)
    step = office.step(drafting)
    assert (step.due_at, step.first_due_at) == (moment("2026-12-11 17:30"), first)
    assert drafting.due_at == moment("2026-12-11 17:30")
    shown = cards.matter_facts(office.desk_at("2026-11-25 10:00"), drafting)
    assert shown["steps"][0]["first_due"] == first.isoformat()
    assert office.wordings("李文博")[-1] == "note.deferral_granted"


def test_refused_nothing_moves(office, drafting):
    first = office.step(drafting).due_at
    asked = ask(office, drafting, "2026-12-11 17:30")
    defer.decide(office.desk_at("2026-11-25 10:00"), asked.id, office.member("许文斌"), granted=False)
    assert office.step(drafting).due_at == first


def test_reminders_follow_the_new_limit(office, drafting):
    asked = ask(office, drafting, "2026-12-11 17:30")
    defer.decide(office.desk_at("2026-11-25 10:00"), asked.id, office.member("许文斌"), granted=True)
    office.runs_to("2026-12-07 18:00")
    assert "alert.rung" not in office.wordings("王海涛")


@pytest.mark.parametrize(
    ("until", "at", "reason"),
    [
        ("2026-11-26 17:30", "2026-11-25 09:00", "defer_not_later"),
        ("2026-12-11 17:30", "2026-11-27 18:00", "defer_too_late"),
    ],
)
def test_what_is_refused(office, drafting, until, at, reason):
    with pytest.raises(Refused, match=reason):
        ask(office, drafting, until, at)


def test_asked_twice_or_approved_by_who_asked_is_refused(office, drafting):
    asked = ask(office, drafting, "2026-12-11 17:30")
    with pytest.raises(Refused, match="defer_waiting"):
        ask(office, drafting, "2026-12-12 17:30")
    with pytest.raises(Refused, match="not_approver"):
        defer.decide(office.desk_at("2026-11-25 10:00"), asked.id, office.member("李文博"), granted=True)
