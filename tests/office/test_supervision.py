"""A supervised task beside its steps: lights, second round, parts, deferral, look-back (V1, V4, V5, V10)."""

from __future__ import annotations

import pytest
from acting import moment
from sqlmodel import select

from office import ask, close, defer, move
from office.ask import Asker
from office.desk import Refused
from office.supervision import ending, ledger, look_back, notices, split, standing
from office.supervision.ledger import TaskForm
from rules.asking import Question
from storage import files, journal, matters
from storage.models import Clock

HOUSING, WATER = "县住房和城乡建设局", "县水利局"


def task(office, due="2026-12-31 17:30", section=HOUSING, at="2026-11-24 09:00", **fields):
    given = {"title": "老旧小区改造", "section": section, "due": moment(due)} | fields
    return ledger.enter(office.desk_at(at), TaskForm.model_validate(given), office.member("钱雨桐"))


def signs(office, matter, at="2026-11-24 10:00", words=None):
    """Whoever holds the step that runs signs it."""
    step = office.step(matter)
    move.sign(office.desk_at(at), step.id, office.member(office.holder(matter)), words)


def answered(office, matter, at="2026-11-24 10:00"):
    signs(office, matter, at)
    signs(office, matter, at, "已完成")


def closed(office, matter, at="2026-11-24 11:00"):
    answered(office, matter, at)
    signs(office, matter, at)
    signs(office, matter, at)
    by = office.member(office.holder(matter))
    return close.close(office.desk_at(at), office.step(matter).id, by, "属实")


def keys_of(office, matter):
    session = office.desk_at("2026-11-24 09:00").session
    return [step.key for step in matters.steps(matter.id, session=session)]


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as found:
        act(*args, **kwargs)
    return found.value


# --- the steps --------------------------------------------------------------------------------------


def test_a_step_of_nobody_is_passed_over_and_noted(office):
    matter = task(office)
    answered(office, matter)
    assert keys_of(office, matter) == ["receive", "handle", "check"]
    entries = journal.of_matter(matter.id, session=office.desk_at("2026-11-24 09:00").session)
    assert [e.facts for e in entries if e.act == "passed_over"] == [{"step": "单位负责人审核", "why": "未设"}]


def test_a_head_of_the_unit_who_is_another_approves(office):
    office.member("邹雅楠").roles = ["handler"]
    head = office.member("姚淑芬")
    head.unit, head.roles = "县教育局", ["section_head"]
    matter = task(office, section="县教育局", handler="邹雅楠")
    answered(office, matter)
    assert (office.step(matter).key, office.holder(matter)) == ("approve", "姚淑芬")


def test_a_result_has_to_be_said(office):
    matter = task(office)
    signs(office, matter)
    assert refused(signs, office, matter).reason == "result_missing"


def test_whoever_did_the_work_does_not_check_it(office):
    matter = task(office, section="督查科", handler="吴国华")
    answered(office, matter)
    assert office.holder(matter) == "郑晓峰"
    head = office.member("吴国华")
    by, step = office.member("郑晓峰"), office.step(matter)
    found = refused(move.hand_over, office.desk_at("2026-11-24 10:00"), step.id, by, head)
    assert (found.reason, found.facts["may"][0]) == ("same_hand", "郑晓峰")


def test_sent_back_as_not_its_own_it_goes_to_another_unit_for_good(office):
    matter = task(office)
    desk, clerk = office.desk_at("2026-11-24 10:00"), office.member("钱雨桐")
    move.send_back(desk, office.step(matter).id, office.member("叶向阳"), "不属我局")
    move.hand_over(desk, office.step(matter).id, clerk, office.member("魏长河"))
    signs(office, matter)
    assert (matter.section, office.step(matter).key, office.holder(matter)) == (WATER, "handle", "魏长河")


def test_an_imported_task_has_its_notice_when_it_is_asked_for(office):
    desk, liaison = office.desk_at("2026-11-24 09:00"), office.member("叶向阳")
    form = TaskForm(title="老旧小区改造", section=HOUSING, due=moment("2026-12-31 17:30"))
    matter = ledger.enter(desk, form, office.member("钱雨桐"), told=False)
    assert not files.of_matter(matter.id, session=desk.session)
    for _ in range(2):
        notices.hand_out_again(desk, matter, liaison)
    assert [one.name for one in files.of_matter(matter.id, session=desk.session)] == [
        "督办通知单（督〔2026〕1号）.docx"
    ]


def test_a_part_taken_back_does_not_end_the_whole(office):
    whole = task(office)
    (part,) = parts(office, whole, WATER)
    close.undo(office.desk_at("2026-11-24 09:30:30"), part.id, office.member("钱雨桐"))
    assert "task.children_done" not in office.wordings("吴国华")


def test_the_unit_cannot_strike_off(office):
    matter = task(office)
    signs(office, matter)
    by = office.member("叶向阳")
    found = refused(close.close, office.desk_at("2026-11-24 10:00"), office.step(matter).id, by, "完成")
    assert (found.reason, found.facts["may"]) == ("not_struck_off", "吴国华")


# --- lights and the second round --------------------------------------------------------------------


def light(office, matter, at):
    return standing.light(office.desk_at(at), matter).key


@pytest.mark.parametrize(
    ("at", "key"),
    [("2026-11-24 10:00", "green"), ("2026-12-25 09:00", "yellow"), ("2026-12-31 17:30", "red")],
)
def test_the_light_goes_with_the_limit(office, at, key):
    assert light(office, task(office), at) == key


def test_answered_in_time_it_does_not_turn_late_stays_late(office):
    in_time, late = task(office), task(office, due="2026-12-01 17:30")
    answered(office, in_time)
    signs(office, late)
    signs(office, late, "2026-12-02 09:00", "已完成")
    assert light(office, in_time, "2027-01-20 09:00") == "green"
    assert light(office, late, "2026-12-02 09:00") == "red"


def found(office, key, at):
    desk = office.desk_at(at)
    who = Asker(office.member("吴国华"))
    return ask.find(desk, Question(light=key, procedures=tuple(desk.policy.tasks)), who).ids


def test_asked_for_by_light_they_are_those_of_the_cards(office):
    made = [task(office), task(office, due="2026-12-01 17:30"), task(office, due="2026-12-08 17:30")]
    answered(office, made[1])
    for at in ("2026-11-24 12:00", "2026-12-03 09:00", "2026-12-09 09:00"):
        for key in ("green", "yellow", "red"):
            of_cards = {one.id for one in made if light(office, one, at) == key}
            assert set(found(office, key, at)) == of_cards, (at, key)


def test_returned_twice_is_a_second_round_once(office):
    matter = task(office)
    signs(office, matter)
    for round_ in range(3):
        signs(office, matter, "2026-11-25 09:00", f"第{round_}次")
        by = office.member("吴国华")
        move.send_back(office.desk_at("2026-11-25 09:30"), office.step(matter).id, by, "不具体")
        assert len(matter.details.get("second", [])) == (1 if round_ else 0)
    assert light(office, matter, "2026-11-25 10:00") == "yellow"
    assert office.wordings("吕承志").count("task.second_told") == 1


def test_long_overdue_is_a_second_round_and_then_a_third(office):
    matter = task(office, due="2026-12-01 17:30")
    signs(office, matter)
    office.runs_to("2026-12-04 17:30")
    assert [one["until"][:10] for one in matter.details["second"]] == ["2026-12-11"]
    assert office.step(matter).due_at == moment("2026-12-11 17:30")
    assert matter.due_at == matter.first_due_at == moment("2026-12-01 17:30")
    office.runs_to("2026-12-16 17:30")
    assert len(matter.details["second"]) == 2
    assert "task.second_told" in office.wordings("何国栋")


def test_answered_nothing_more_follows(office):
    matter = task(office, due="2026-12-01 17:30")
    answered(office, matter)
    office.runs_to("2026-12-10 17:30")
    assert "second" not in matter.details


# --- the family -------------------------------------------------------------------------------------


def parts(office, matter, *sections, at="2026-11-24 09:30", by="钱雨桐"):
    forms = [TaskForm(section=one) for one in sections]
    return split.split(office.desk_at(at), matter, forms, office.member(by))


def test_a_whole_waits_for_its_parts(office):
    whole = task(office)
    one, two = parts(office, whole, HOUSING, WATER)
    assert (one.parent_id, one.due_at, one.title) == (whole.id, whole.due_at, whole.title)
    assert (office.step(whole).key, office.holder(whole)) == ("strike_off", "吴国华")
    head, step = office.member("吴国华"), office.step(whole)
    left = refused(close.close, office.desk_at("2026-11-24 12:00"), step.id, head, "完成")
    assert (left.reason, left.facts["left"]) == ("children_open", [one.register_no, two.register_no])
    closed(office, one)
    assert "task.children_done" not in office.wordings("吴国华")
    ending.transfer(office.desk_at("2026-11-24 12:00"), two, head, "市水利局", "超出职权")
    assert "task.children_done" in office.wordings("吴国华")
    close.close(office.desk_at("2026-11-24 12:30"), step.id, head, "均已办结")
    assert whole.state == "closed"


def test_who_may_split_and_until_when(office):
    whole = task(office)
    assert refused(parts, office, whole, WATER, by="蔡建军").reason == "may_not_split"
    assert parts(office, whole, WATER, by="叶向阳")
    other = task(office)
    answered(office, other)
    assert refused(parts, office, other, WATER, at="2026-11-24 12:00").reason == "too_late_to_split"


def granted(office, matter, until, at="2026-11-25 09:00"):
    by = office.member(office.holder(matter))
    asked = defer.ask(office.desk_at(at), office.step(matter).id, by, moment(until), "等批复")
    approver = next(one for one in ("吴国华", "吕承志") if office.member(one).id == asked.approver_id)
    defer.decide(office.desk_at(at), asked.id, office.member(approver), granted=True)
    return approver


def test_a_deferral_is_granted_by_supervision_the_first_limit_stays(office):
    matter = task(office)
    signs(office, matter)
    assert granted(office, matter, "2027-01-15 17:30") == "吴国华"
    assert (matter.due_at, matter.first_due_at) == (moment("2027-01-15 17:30"), moment("2026-12-31 17:30"))


def test_a_part_is_deferred_only_within_the_whole_which_takes_its_parts_along(office):
    whole = task(office)
    early, same = parts(office, whole, HOUSING, WATER)
    early.due_at = moment("2026-12-15 17:30")
    signs(office, same)
    assert refused(granted, office, same, "2027-01-15 17:30").reason == "defer_outlives"
    assert granted(office, whole, "2027-01-15 17:30") == "吕承志"
    assert same.due_at == office.step(same).due_at == moment("2027-01-15 17:30")
    assert (same.first_due_at, early.due_at) == (moment("2026-12-31 17:30"), moment("2026-12-15 17:30"))


def test_after_the_limit_there_is_no_deferral(office):
    matter = task(office, due="2026-12-01 17:30")
    signs(office, matter)
    assert refused(granted, office, matter, "2027-01-15 17:30", "2026-12-02 09:00").reason == "defer_too_late"


# --- looking back -----------------------------------------------------------------------------------


def test_a_share_is_looked_back_on_by_number(office):
    made = [closed(office, task(office)) for _ in range(12)]
    session = office.desk_at("2026-11-24 12:00").session
    planned = {row.matter_id for row in session.exec(select(Clock).where(Clock.kind == look_back.ASKED))}
    chosen = {one.id for one in made if look_back.is_looked_back_on(one.register_no, 20)}
    assert planned == chosen and 0 < len(chosen) < 12
    office.runs_to("2026-12-23 09:00")
    assert office.wordings("吴国华").count("task.look_back") == len(chosen)


def test_what_was_found_is_kept_once_and_may_reopen(office):
    matter = closed(office, task(office))
    desk, by = office.desk_at("2026-12-20 09:00"), office.member("郑晓峰")
    look_back.record(desk, matter, by, true=False, words="3处未整改")
    assert matter.details["look_back"]["words"] == "3处未整改"
    assert refused(look_back.check, desk, matter, by).reason == "looked_back"
    ending.reopen(desk, matter, by, "3处未整改")
    step = office.step(matter)
    assert (matter.state, step.key, step.cycle, matter.details["results"]) == ("open", "handle", 1, ["属实"])
    assert refused(look_back.check, desk, matter, by).reason == "look_back_open"


def test_reopened_after_its_limit_it_has_a_new_one_and_its_whole_waits_again(office):
    whole = task(office, due="2026-12-15 17:30")
    (part,) = parts(office, whole, WATER)
    closed(office, part)
    head = office.member("吴国华")
    close.close(office.desk_at("2026-11-24 12:00"), office.step(whole).id, head, "完成")
    ending.reopen(office.desk_at("2026-12-20 09:00"), part, head, "返潮")
    assert office.step(part).due_at == part.due_at == moment("2026-12-25 17:30")
    assert part.first_due_at == moment("2026-12-15 17:30")
    assert (whole.state, office.step(whole).key) == ("open", "strike_off")
