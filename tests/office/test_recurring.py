"""Duties that come again: asked for once, reminded, missed or done; no gap, no double."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from acting import Office, moment
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sayable import all_said, said
from sqlmodel import col, select

from office import calendar, recurring, recurring_work, tick
from office.desk import Desk, Refused
from rules.policy import Policy
from rules.recurring import RecurringRule, after, named
from storage.models import Clock, Entry, Occurrence

WEEKLY = RecurringRule(
    name="领导活动安排",
    rhythm="weekly",
    who="section_head",
    unit="综合科",
    ask="-2wd",
    due="-1wd",
    ladder="reports",
    done="confirmed",
    source="P5",
)
MONTHLY = WEEKLY.model_copy(update={"name": "月度小结", "rhythm": "monthly", "ask": "25"})
RULES = {"arrangement": WEEKLY, "summary": MONTHLY}


@pytest.fixture
def policy(policy: Policy) -> Policy:
    return policy.model_copy(update={"recurring": policy.recurring | RULES})


def all_of(desk: Desk, duty: str) -> list[Occurrence]:
    rows = select(Occurrence).where(col(Occurrence.duty) == duty).order_by(col(Occurrence.id))
    return list(desk.session.exec(rows))


def told(office: Office, name: str) -> list[str]:
    """What a person was told of the monthly duty."""
    return [m.wording for m in office.messages(name) if m.facts.get("duty") == MONTHLY.name]


def begun(office: Office, at: str, duty: str) -> Occurrence:
    return recurring.begin(office.desk_at(at), duty)


def test_the_round_begins_what_the_policy_says(office: Office) -> None:
    office.runs_to("2026-11-24 09:00")
    office.runs_to("2026-11-25 00:05")
    assert [one.period for one in all_of(office.desk_at("2026-11-25 00:06"), "summary")] == ["2026-11"]
    office.runs_to("2026-11-25 08:59")
    assert office.wordings("李文博").count("recurring.ask") == 0
    office.runs_to("2026-11-25 09:00")
    assert office.wordings("李文博").count("recurring.ask") == 1


def test_asked_once_reminded_due_late_and_missed(office: Office) -> None:
    office.runs_to("2026-11-24 09:00")
    one = begun(office, "2026-11-24 09:00", "summary")
    office.runs_to("2026-12-02 09:00")
    mine = told(office, "李文博")
    assert mine == ["recurring.ask", "recurring.reminder", "recurring.reminder"]
    assert told(office, "王海涛") == ["recurring.rung"]
    assert one.state == "asked"
    office.runs_to("2026-12-25 09:00")
    assert one.state == "missed"
    states = [(o.period, o.state) for o in all_of(office.desk_at("2026-12-25 09:01"), "summary")]
    assert states == [("2026-11", "missed"), ("2026-12", "asked")]
    entries = office.desk_at("2026-12-25 09:00").session.exec(select(Entry).order_by(col(Entry.id)))
    acts = [e.act for e in entries if e.facts.get("duty") == MONTHLY.name]
    assert acts == [
        "recurring_asked",
        "recurring_late",
        "recurring_missed",
        "recurring_asked",
    ]
    assert all(all_said(office.desk_at("2026-12-25 09:01").session, "recurring."))


def test_done_before_the_limit_it_rings_no_more(office: Office) -> None:
    office.runs_to("2026-11-24 09:00")
    one = begun(office, "2026-11-24 09:00", "summary")
    office.runs_to("2026-11-26 10:00")
    recurring_work.confirm(office.desk_at("2026-11-26 10:00"), one, office.member("李文博"))
    office.runs_to("2026-12-10 10:00")
    assert told(office, "李文博") == ["recurring.ask"]
    with pytest.raises(Refused, match="occurrence_over") as over:
        recurring_work.confirm(office.desk_at("2026-12-10 10:00"), one, office.member("李文博"))
    assert "李文博" in said(over.value)


def test_only_who_is_asked_says_that_it_is_done(office: Office) -> None:
    one = begun(office, "2026-11-24 09:00", "summary")
    with pytest.raises(Refused, match="occurrence_not_yours") as refused:
        recurring_work.confirm(office.desk_at("2026-11-24 10:00"), one, office.member("孙可欣"))
    assert "李文博" in said(refused.value)
    recurring_work.confirm(office.desk_at("2026-11-24 10:00"), one, office.member("王海涛"))


def test_who_cannot_be_told_is_passed_over_at_once(office: Office) -> None:
    office.runs_to("2026-11-24 09:00")
    office.member("李文博").reach = "blocked"
    begun(office, "2026-11-24 09:00", "summary")
    office.runs_to("2026-11-25 09:00")
    assert office.wordings("王海涛").count("recurring.ask") == 1
    office.member("王海涛").reach = "never"
    office.runs_to("2026-12-25 09:00")
    assert "recurring.nobody" in office.wordings("赵一鸣")


def test_a_restart_far_later_asks_for_the_last_period_only(office: Office) -> None:
    """The program stood still from November to March: nothing is skipped, one period is asked for."""
    office.runs_to("2026-11-24 09:00")
    begun(office, "2026-11-24 09:00", "summary")
    desk = office.desk_at("2027-03-26 10:00")
    while tick.tick(desk):
        pass
    states = [(one.period, one.state) for one in all_of(desk, "summary")]
    assert states == [
        ("2026-11", "missed"),
        ("2026-12", "missed"),
        ("2027-01", "missed"),
        ("2027-02", "missed"),
        ("2027-03", "asked"),
    ]
    assert told(office, "李文博") == ["recurring.ask"]


def test_a_notice_moves_what_was_provisional(office: Office) -> None:
    office.runs_to("2026-12-28 09:00")
    one = begun(office, "2027-01-04 09:00", "summary")
    assert (one.period, one.provisional) == ("2027-01", True)
    days = [{"name": "春节", "date": f"2027-01-{day}", "isOffDay": True} for day in (25, 26, 27, 28, 29)]
    calendar.load_notice(office.desk_at("2027-01-05 09:00"), {"year": 2027, "days": days})
    assert not one.provisional
    assert one.due_at == moment("2027-01-22 17:30")
    pending = select(Clock).where(col(Clock.about_id) == one.id, col(Clock.state) == "pending")
    rows = list(office.desk_at("2027-01-05 09:00").session.exec(pending))
    assert {row.at for row in rows if row.kind == recurring.DUE} == {moment("2027-01-22 17:30")}
    assert len([row for row in rows if row.kind == recurring.ASK]) == 1


BEGINNING = datetime(2025, 1, 1, tzinfo=UTC)
STARTS = st.timedeltas(timedelta(0), timedelta(days=1100)).map(lambda span: BEGINNING + span)
JUMPS = st.lists(
    st.one_of(
        st.timedeltas(timedelta(0), timedelta(days=9)), st.timedeltas(timedelta(0), timedelta(days=150))
    ),
    max_size=14,
)
ACTS = st.lists(st.sampled_from(["tick", "done", "round", "twice"]), min_size=14, max_size=14)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=STARTS, jumps=JUMPS, acts=ACTS, duty=st.sampled_from(sorted(RULES)))
def test_no_gap_and_no_double(
    office: Office, start: datetime, jumps: list[timedelta], acts: list[str], duty: str
) -> None:
    """Whatever the clock does and whenever it is done: the periods follow each other, one at a time."""
    desk_of = _desks(office)
    with office.desk_at("2026-11-24 09:00").session.begin_nested() as savepoint:
        now = start
        recurring.begin(desk_of(now), duty)
        for jump, act in zip(jumps, acts, strict=False):
            now += jump
            _act(desk_of(now), act, duty)
        found = all_of(desk_of(now), duty)
        periods = [named(one.period) for one in found]
        assert [after(period) for period in periods[:-1]] == periods[1:]
        assert [one.state in ("waiting", "asked") for one in found] == [False] * (len(found) - 1) + [True]
        savepoint.rollback()


def _desks(office: Office) -> Callable[[datetime], Desk]:
    first = office.desk_at("2026-11-24 09:00")
    return lambda at: Desk(first.session, at, first.policy, first.calendars)


def _act(desk: Desk, act: str, duty: str) -> None:
    while tick.tick(desk):
        pass
    running = all_of(desk, duty)[-1]
    match act:
        case "done":
            recurring.done(desk, running, None)
        case "round":
            recurring.begin_missing(desk)
        case "twice":
            recurring.begin(desk, duty)
            recurring.begin(desk, duty)
