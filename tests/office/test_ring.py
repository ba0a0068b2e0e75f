"""Reminders and the ladder: in proportion, rung by rung, nobody twice, whoever cannot be told passed over."""

from __future__ import annotations

from office import absence, move
from office.tick import tick
from storage import journal


def told(office, matter) -> list[tuple[str, str]]:
    """(wall clock, who) of everything that rang."""
    desk = office.desk_at("2026-11-24 09:00")
    acts = ("rang_remind", "rang_due", "rang_overdue", "climbed")
    entries = [e for e in journal.of_matter(matter.id, session=desk.session) if e.act in acts]
    return [(f"{desk.calendar.local(e.happened_at):%d %H:%M}", e.facts["to"]) for e in entries]


def test_thirty_minutes_ring_at_half_at_80_percent_due_overdue_then_up(office):
    matter = office.log("2026-11-24 09:00", procedure="request")
    office.runs_to("2026-11-24 10:30")
    assert told(office, matter)[:7] == [
        ("24 09:15", "李文博"),
        ("24 09:24", "李文博"),
        ("24 09:30", "李文博"),
        ("24 09:31", "李文博"),
        ("24 09:35", "王海涛"),
        ("24 09:50", "许文斌"),
        ("24 10:10", "周明远"),
    ]


def test_a_receipt_quiets_the_reminders_but_not_the_limit(office):
    matter = office.log("2026-11-24 09:00", procedure="request")
    move.acknowledge(office.desk_at("2026-11-24 09:05"), office.step(matter).id, office.member("李文博"))
    office.runs_to("2026-11-24 09:32")
    assert told(office, matter) == [("24 09:30", "李文博"), ("24 09:31", "李文博")]


def test_signing_stops_everything(office):
    matter = office.log("2026-11-24 09:00", procedure="request")
    move.sign(office.desk_at("2026-11-24 09:05"), office.step(matter).id, office.member("李文博"))
    office.runs_to("2026-11-24 09:40")
    assert told(office, matter) == []


def test_nothing_rings_at_lunch_or_at_night(office):
    matter = office.log("2026-11-24 11:50", procedure="request")
    office.runs_to("2026-11-24 13:49")
    assert [at for at, _ in told(office, matter)] == ["24 13:35", "24 13:44"]


def test_a_rung_on_leave_is_passed_over_at_once_and_named(office):
    matter = office.log("2026-11-24 09:00", procedure="request")
    desk = office.desk_at("2026-11-24 09:01")
    absence.record(
        desk,
        office.member("王海涛"),
        desk.calendar.local(desk.now).date(),
        desk.calendar.local(desk.now).date(),
        by=office.member("王海涛"),
    )
    office.runs_to("2026-11-24 09:36")
    assert told(office, matter)[-1] == ("24 09:35", "许文斌")
    assert office.messages("许文斌")[-1].facts["skipped"] == ["B岗 王海涛（请假）"]


def test_a_holder_who_never_started_the_bot_is_passed_over_when_the_step_begins(office):
    office.member("李文博").reach = "never"
    matter = office.log("2026-11-24 09:00", procedure="request")
    office.runs_to("2026-11-24 09:00:30")
    assert told(office, matter) == [("24 09:00", "王海涛")]
    assert office.messages("王海涛")[-1].facts["unreached"] is True


def test_who_was_told_of_a_card_that_did_not_arrive_is_told_again_when_the_limit_is_over(office):
    """Nobody else is left on the ladder: without it the limit would pass in silence."""
    office.member("李文博").reach = "never"
    for name in ("王海涛", "许文斌"):
        office.member(name).reach = "blocked"
    matter = office.log("2026-11-24 09:00", procedure="request")
    office.runs_to("2026-11-24 12:00")
    assert told(office, matter) == [("24 09:00", "周明远"), ("24 09:35", "周明远")]
    first, second = (row.facts for row in office.messages("周明远") if row.wording == "alert.rung")
    assert first["unreached"] and not second["unreached"]
    assert second["skipped"] == ["B岗 王海涛（停用了本助手）", "分管副主任 许文斌（停用了本助手）"]


def test_after_an_outage_each_cause_is_told_once_and_marked(office):
    matter = office.log("2026-11-24 09:00", procedure="request")
    tick(office.desk_at("2026-11-24 15:00"))
    assert tick(office.desk_at("2026-11-24 15:00")) == 0
    reminders = [row for row in office.messages("李文博") if row.wording == "alert.reminder"]
    assert [(row.facts["rang"], row.facts["delayed"]) for row in reminders] == [("overdue", True)]
    assert [name for _, name in told(office, matter)] == ["李文博", "王海涛", "许文斌", "周明远"]


def test_when_nobody_can_be_told_the_registrar_is(office):
    for name in ("王海涛", "李文博", "许文斌", "周明远"):
        office.member(name).reach = "blocked"
    office.log("2026-11-24 09:00", procedure="request")
    office.runs_to("2026-11-24 09:36")
    assert "alert.nobody" in office.wordings("王思雨")


def test_an_urgent_document_rings_at_night(office):
    matter = office.log("2026-11-28 02:00", procedure="urgent", urgency="特急")
    office.runs_to("2026-11-28 02:30")
    assert told(office, matter)[:5] == [
        ("28 02:10", "李文博"),
        ("28 02:16", "李文博"),
        ("28 02:20", "李文博"),
        ("28 02:21", "李文博"),
        ("28 02:23", "王海涛"),
    ]
