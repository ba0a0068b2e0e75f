"""Leave: who may record it, who acts meanwhile, what goes over and what comes back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from desks import ZONE, DeskAt, holding, named
from sqlmodel import col, select

from office import absence, stand_in
from office.desk import Desk, Refused
from storage import matters, people
from storage.models import Absence, Clock, Entry, Member, Outbox

DAY = date(2026, 11, 25)


def _leave(desk: Desk, name: str, first: int, last: int, by: str | None = None, **named_: str) -> Absence:
    recorded = absence.record(
        desk,
        named(desk, name),
        date(2026, 11, first),
        date(2026, 11, last),
        by=named(desk, by or name),
        **named_,
    )
    return recorded.absence


def _acts(desk: Desk, name: str) -> tuple[str, str | None]:
    acting, absent = absence.who_acts(desk, named(desk, name), desk.now)
    return acting.name, absent.name if absent else None


def _held(desk: Desk, name: str) -> int:
    return len(matters.held_by(named(desk, name).id or 0, session=desk.session))


def _reachable(desk: Desk, *names: str) -> None:
    for number, name in enumerate(names, start=9000):
        member = named(desk, name)
        member.telegram_id, member.reach = number, "ok"
        desk.session.add(member)
    desk.session.flush()


def _told(desk: Desk, member: Member) -> list[str]:
    rows = select(Outbox.wording).where(col(Outbox.chat_id) == member.telegram_id)
    return [wording for wording in desk.session.exec(rows) if wording.startswith("leave.")]


# --- recording --------------------------------------------------------------------------------------


def test_a_leave_runs_from_midnight_to_midnight_with_a_clock_at_each_end(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 16:00")
    holding(desk, "王海涛", titles=2)
    recorded = absence.record(
        desk, named(desk, "王海涛"), DAY, DAY + timedelta(days=2), by=named(desk, "王海涛")
    )
    assert (recorded.stand_in and recorded.stand_in.name, recorded.open_matters) == ("李文博", 2)
    rows = select(Clock).where(col(Clock.about_id) == recorded.absence.id, col(Clock.step_id).is_(None))
    clocks = {row.kind: desk.calendar.local(row.at) for row in desk.session.exec(rows)}
    assert clocks["absence"] == datetime(2026, 11, 25, tzinfo=ZONE)
    back = clocks["absence_end"]
    assert back.date() == date(2026, 11, 30), "the 28th is a Saturday: the return is told on Monday"
    assert recorded.absence.ends == datetime(2026, 11, 28, tzinfo=ZONE)


def test_a_leave_of_today_begins_now(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 16:00")
    assert _leave(desk, "王海涛", 24, 24).starts == desk.now
    assert not absence.present(desk, named(desk, "王海涛"), desk.now)


@pytest.mark.parametrize(
    ("by", "whose", "may"),
    [
        ("王海涛", "王海涛", True),
        ("李文博", "王海涛", True),
        ("许文斌", "王海涛", True),
        ("杨振宇", "王海涛", True),
        ("杨振宇", "许文斌", True),
        ("王思雨", "王海涛", False),
        ("赵一鸣", "王海涛", False),
        ("张志远", "王海涛", False),
        ("吕承志", "王海涛", False),
        ("许文斌", "杨振宇", False),
        ("周明远", "王海涛", False),
    ],
)
def test_who_may_record_whose_leave(sample_office: DeskAt, by: str, whose: str, may: bool) -> None:
    desk = sample_office("2026-11-24 16:00")
    if may:
        assert _leave(desk, whose, 25, 25, by=by).recorded_by == named(desk, by).id
        return
    with pytest.raises(Refused) as caught:
        _leave(desk, whose, 25, 25, by=by)
    assert caught.value.reason == "leave_not_yours"


@pytest.mark.parametrize(
    ("first", "last", "stand_in", "reason"),
    [
        (27, 25, None, "leave_reversed"),
        (20, 23, None, "leave_past"),
        (25, 27, "王小明", "leave_nobody"),
        (25, 27, "王海涛", "leave_own_stand_in"),
    ],
)
def test_a_leave_that_cannot_be(
    sample_office: DeskAt, first: int, last: int, stand_in: str | None, reason: str
) -> None:
    desk = sample_office("2026-11-24 16:00")
    with pytest.raises(Refused) as caught:
        absence.record(
            desk,
            named(desk, "王海涛"),
            date(2026, 11, first),
            date(2026, 11, last),
            stand_in,
            by=named(desk, "王海涛"),
        )
    assert caught.value.reason == reason
    assert desk.session.exec(select(Absence)).all() == []


def test_a_leave_longer_than_a_year_is_a_slip(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 16:00")
    with pytest.raises(Refused) as caught:
        absence.record(desk, named(desk, "王海涛"), DAY, date(2028, 1, 1), by=named(desk, "王海涛"))
    assert caught.value.reason == "leave_too_long"


def test_two_leaves_may_follow_but_not_overlap(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 16:00")
    _leave(desk, "王海涛", 25, 26)
    _leave(desk, "王海涛", 27, 27)
    with pytest.raises(Refused) as caught:
        _leave(desk, "王海涛", 26, 28)
    assert caught.value.reason == "leave_overlaps" and caught.value.facts["first"] == "2026-11-25"
    assert [one.first_day.day for one in absence.coming(desk, named(desk, "王海涛"))] == [25, 27]


def test_those_concerned_are_told_once(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 16:00")
    _reachable(desk, "李文博", "王海涛", "许文斌")
    _leave(desk, "王海涛", 25, 25, by="许文斌")
    assert _told(desk, named(desk, "李文博")) == ["leave.you_stand_in"]
    assert _told(desk, named(desk, "王海涛")) == ["leave.recorded_for_you"]
    assert _told(desk, named(desk, "许文斌")) == []


# --- who acts ---------------------------------------------------------------------------------------


def test_who_acts(sample_office: DeskAt) -> None:
    """王思雨's B岗 is 赵一鸣 and the other way round; 孙可欣 → 刘景行 → 张志远 → 刘景行."""
    desk = sample_office("2026-11-25 10:00")
    assert _acts(desk, "王思雨") == ("王思雨", None)
    _leave(desk, "王思雨", 25, 27)
    assert _acts(desk, "王思雨") == ("赵一鸣", "王思雨")
    _leave(desk, "赵一鸣", 25, 25)
    assert _acts(desk, "王思雨") == ("王思雨", None), "both away: the ladder goes on from the post itself"
    _leave(desk, "孙可欣", 25, 25)
    _leave(desk, "刘景行", 25, 25)
    assert _acts(desk, "孙可欣") == ("张志远", "孙可欣")
    _leave(desk, "张志远", 25, 25)
    assert _acts(desk, "孙可欣") == ("孙可欣", None)


def test_who_is_named_for_the_leave_goes_before_the_stand_in(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-25 10:00")
    _leave(desk, "王思雨", 25, 25, stand_in="王海涛")
    assert _acts(desk, "王思雨") == ("王海涛", "王思雨")


def test_a_stand_in_who_is_away_is_seen_beforehand(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 16:00")
    member = named(desk, "王思雨")
    _leave(desk, "赵一鸣", 26, 26)
    found = absence.away_stand_in(desk, member, DAY, DAY + timedelta(days=2), None)
    assert found is not None and found.name == "赵一鸣"
    assert absence.away_stand_in(desk, member, DAY, DAY, None) is None
    assert absence.away_stand_in(desk, member, DAY, DAY + timedelta(days=2), "王海涛") is None


# --- going over and coming back ---------------------------------------------------------------------


def test_what_is_held_goes_over_and_what_is_not_taken_up_comes_back(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 16:00")
    member = holding(desk, "王海涛", titles=3)
    _reachable(desk, "李文博", "王海涛")
    leave = _leave(desk, "王海涛", 25, 25)
    during = sample_office("2026-11-25 00:00")
    assert stand_in.begin(during, leave.id or 0) == 3
    assert (_held(during, "王海涛"), _held(during, "李文博")) == (0, 3)
    step, _ = matters.held_by(named(during, "李文博").id or 0, session=during.session)[0]
    assert step.for_id == member.id
    step.acknowledged_at = during.now
    during.session.add(step)
    assert stand_in.end(during, leave.id or 0) == 0, "he is still away"
    after = sample_office("2026-11-26 08:00")
    assert stand_in.end(after, leave.id or 0) == 2
    assert (_held(after, "王海涛"), _held(after, "李文博")) == (2, 1)
    assert people.steps_for(member.id or 0, session=after.session) == [step]
    assert _told(after, member) == ["leave.over"]
    assert _told(after, named(after, "李文博")) == ["leave.you_stand_in", "leave.back"]


def test_what_a_stand_in_holds_for_another_is_passed_on_and_found_again(sample_office: DeskAt) -> None:
    """孙可欣 is away, 刘景行 stands in; then he is away too: 张志远 has it, still in 孙可欣's stead."""
    desk = sample_office("2026-11-24 16:00")
    first = holding(desk, "孙可欣")
    long, short = _leave(desk, "孙可欣", 25, 27), _leave(desk, "刘景行", 26, 26)
    stand_in.begin(sample_office("2026-11-25 00:00"), long.id or 0)
    assert _held(desk, "刘景行") == 1
    stand_in.begin(sample_office("2026-11-26 00:00"), short.id or 0)
    assert _held(desk, "张志远") == 1
    assert people.steps_for(first.id or 0, session=desk.session)[0].for_id == first.id
    assert stand_in.end(sample_office("2026-11-27 08:00"), short.id or 0) == 0
    assert stand_in.end(sample_office("2026-11-30 08:00"), long.id or 0) == 1
    assert _held(desk, "孙可欣") == 1


def test_without_anybody_to_act_it_stays(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 16:00")
    holding(desk, "蔡建军")
    leave = _leave(desk, "蔡建军", 25, 25)
    assert stand_in.begin(sample_office("2026-11-25 00:00"), leave.id or 0) == 0
    assert _held(desk, "蔡建军") == 1


def test_a_leave_taken_back_before_it_begins_never_was(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 16:00")
    leave = _leave(desk, "王海涛", 25, 25)
    absence.cancel(desk, leave, by=named(desk, "王海涛"))
    states = select(Clock.state).where(
        col(Clock.about_id) == leave.id, col(Clock.kind).in_([absence.BEGINS, absence.ENDS])
    )
    assert list(desk.session.exec(states)) == ["cancelled"] * 2
    assert stand_in.begin(sample_office("2026-11-25 00:00"), leave.id or 0) == 0
    assert absence.present(desk, named(desk, "王海涛"), datetime(2026, 11, 25, 10, tzinfo=ZONE))
    with pytest.raises(Refused) as caught:
        absence.cancel(desk, leave, by=named(desk, "王海涛"))
    assert caught.value.reason == "leave_over"


def test_a_leave_ended_early_brings_everything_back_at_once(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 16:00")
    holding(desk, "王海涛")
    leave = _leave(desk, "王海涛", 25, 27)
    stand_in.begin(sample_office("2026-11-25 00:00"), leave.id or 0)
    early = sample_office("2026-11-25 14:00")
    absence.cancel(early, leave, by=named(early, "李文博"))
    pending = select(Clock).where(
        col(Clock.about_id) == leave.id, col(Clock.kind) != absence.HEARD, col(Clock.state) == "pending"
    )
    assert [(row.kind, row.at) for row in early.session.exec(pending)] == [("absence_end", early.now)]
    assert stand_in.end(early, leave.id or 0) == 1
    assert _held(early, "王海涛") == 1
    acts = early.session.exec(select(Entry.act).where(col(Entry.act).startswith("leave"))).all()
    assert acts == ["leave", "leave_cancelled"]


def test_a_leave_taken_back_before_it_begins_is_told_to_who_would_have_stood_in(sample_office: DeskAt):
    desk = sample_office("2026-11-24 09:00")
    _reachable(desk, "李文博", "王海涛")
    leave = _leave(desk, "李文博", 26, 27)
    absence.cancel(desk, leave, by=named(desk, "李文博"))
    assert _told(desk, named(desk, "王海涛")) == ["leave.you_stand_in", "leave.not_needed"]
