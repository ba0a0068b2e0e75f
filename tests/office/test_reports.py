"""Written reports: drafted from what is known, corrected, signed, sent back, handed out (E2, E4)."""

from __future__ import annotations

import io

import docx
import pytest
from acting import moment
from sqlmodel import col, select

from office import elements, emergency, emergency_end, instruct, report_text, reports
from office.desk import Refused
from storage.models import File, FileContent, Outbox

NIGHT = "2026-11-24 03:"


@pytest.fixture
def matter(duty_room):
    return duty_room.reported(place="石桥镇东河村", category="自然灾害", occurred=moment("2026-11-24 02:40"))


@pytest.fixture
def officer(duty_room):
    return duty_room.member("张建平")


def papers(duty_room, name: str) -> list[Outbox]:
    session = duty_room.any_desk.session
    rows = select(Outbox).where(
        col(Outbox.op) == "document", col(Outbox.member_id) == duty_room.member(name).id
    )
    return list(session.exec(rows))


def test_the_draft_says_what_is_known_in_the_offices_order(duty_room, matter, officer):
    report = reports.draft(duty_room.any_desk, matter, "quick", officer)
    said = report_text.words(duty_room.any_desk, matter, report)
    assert said.title.startswith("关于石桥镇东河村") and said.title.endswith("山体滑坡的报告")
    text = report_text.text_of(said)
    for part in ("11月24日2时40分", "石桥镇东河村发生山体滑坡", "2时50分", "自然灾害", "造成2人失联"):
        assert part in text
    assert "县政府总值班室接到石桥镇人民政府廖志成报告。" in text
    assert "财产损失、发展趋势、处置措施等情况正在核实" in text


@pytest.mark.parametrize(
    ("words", "there", "gone"),
    [
        ("伤亡改为2人轻伤", "造成2人轻伤。", "人员伤亡、"),
        ("地点：石桥镇东河村三组", "石桥镇东河村三组发生山体滑坡", "东河村发生"),
        ("把有关情况改成最新情况", "最新情况将及时续报", "有关情况将"),
        ("补充：道路已中断。", "道路已中断。", None),
        ("删去“初步判断为自然灾害。”", "县政府总值班室接到石桥镇人民政府廖志成报告。", "自然灾害"),
    ],
)
def test_plain_sentences_correct_it(duty_room, matter, officer, words, there, gone):
    report = reports.draft(duty_room.any_desk, matter, "quick", officer)
    report_text.correct(duty_room.any_desk, matter, report, words, officer)
    text = report_text.text_of(report_text.words(duty_room.any_desk, matter, report))
    assert there in text
    assert gone is None or gone not in text


def test_the_title_can_be_written(duty_room, matter, officer):
    report = reports.draft(duty_room.any_desk, matter, "quick", officer)
    report_text.correct(duty_room.any_desk, matter, report, "标题改为关于东河村滑坡的快报", officer)
    assert report_text.words(duty_room.any_desk, matter, report).title == "关于东河村滑坡的快报"


@pytest.mark.parametrize(
    ("words", "reason"), [("好的", "em_correction"), ("把没有的字改成有", "em_not_in_text")]
)
def test_what_corrects_nothing_is_said_so(duty_room, matter, officer, words, reason):
    report = reports.draft(duty_room.any_desk, matter, "quick", officer)
    with pytest.raises(Refused) as refused:
        report_text.correct(duty_room.any_desk, matter, report, words, officer)
    assert refused.value.reason == reason


def test_signed_it_is_numbered_made_a_paper_and_handed_out(duty_room, matter):
    report = duty_room.quick_signed(matter, NIGHT + "40")
    assert (report.state, report.issue) == ("signed", 1)
    assert duty_room.running(matter, "written") is None
    follow = duty_room.step_of(matter, "follow_up")
    assert follow.due_at == moment("2026-11-24 07:40")
    for name in ("何国栋", "张建平", "赵一鸣"):
        assert [row.file_id for row in papers(duty_room, name)] == [report.file_id]
    session = duty_room.any_desk.session
    assert session.get_one(File, report.file_id).name == "应急快报第1期（急〔2026〕1号）.docx"
    content = session.get_one(FileContent, report.file_id).content
    text = "\n".join(p.text for p in docx.Document(io.BytesIO(content)).paragraphs)
    assert "第1期" in text
    assert "2026年11月24日3时40分" in text
    assert "石桥镇东河村发生山体滑坡" in text


def test_issues_are_numbered_through_the_year(duty_room, matter):
    other = duty_room.reported(at=NIGHT + "00", text="柳溪镇化工厂起火")
    assert [duty_room.quick_signed(one, NIGHT + "40").issue for one in (other, matter)] == [1, 2]


def test_sent_back_twice_it_comes_back_with_the_remarks_and_is_signed_in_the_end(duty_room, matter, officer):
    leader = duty_room.member("何国栋")
    report = reports.draft(duty_room.any_desk, matter, "quick", officer)
    for minute, remarks in (("10", "补充伤亡情况"), ("20", "措辞再核")):
        step = reports.submit(duty_room.desk_at(NIGHT + minute), report, officer)
        reports.send_back(duty_room.desk_at(NIGHT + minute), step.id, leader, remarks)
        assert (report.state, report.sent_back) == ("sent_back", remarks)
    step = reports.submit(duty_room.desk_at(NIGHT + "30"), report, officer)
    assert step.cycle == 2
    reports.sign(duty_room.desk_at(NIGHT + "31"), step.id, leader)
    assert report.state == "signed"


def test_a_signature_that_does_not_come_climbs_and_whom_it_reaches_may_sign(duty_room, matter, officer):
    report = reports.draft(duty_room.any_desk, matter, "quick", officer)
    step = reports.submit(duty_room.desk_at(NIGHT + "05"), report, officer)
    with pytest.raises(Refused):
        reports.sign(duty_room.desk_at(NIGHT + "06"), step.id, duty_room.member("杨振宇"))
    duty_room.runs_to(NIGHT + "21")
    rang = [one for one in duty_room.rang(matter, "climbed") if one[0] >= "03:10"]
    assert rang == [("03:10", "周明远"), ("03:15", "杨振宇"), ("03:20", "陈守正")]
    assert reports.sign(duty_room.desk_at(NIGHT + "22"), step.id, duty_room.member("杨振宇")).issue == 1


def test_while_it_waits_it_can_be_taken_back_and_not_be_sent_twice(duty_room, matter, officer):
    report = reports.draft(duty_room.any_desk, matter, "quick", officer)
    reports.submit(duty_room.desk_at(NIGHT + "05"), report, officer)
    with pytest.raises(Refused):
        reports.submit(duty_room.desk_at(NIGHT + "06"), report, officer)
    reports.withdraw(duty_room.desk_at(NIGHT + "07"), report, officer)
    assert (report.state, duty_room.running(matter, "sign_off")) == ("draft", None)


def test_further_reports_are_numbered_and_the_next_is_due_in_the_rhythm(duty_room, matter, officer):
    duty_room.quick_signed(matter, NIGHT + "40")
    one = reports.follow_up(duty_room.desk_at("2026-11-24 05:00"), matter, "已救出1人", officer)
    assert duty_room.step_of(matter, "follow_up").due_at == moment("2026-11-24 09:00")
    two = reports.follow_up(duty_room.desk_at("2026-11-24 06:00"), matter, "2人均已救出", officer)
    assert [one.number, two.number] == [1, 2]
    said = report_text.words(duty_room.any_desk, matter, two)
    assert said.title.endswith("的续报（二）")
    text = report_text.text_of(said)
    assert "2人均已救出" in text and "接报" not in text


def test_the_next_further_report_is_asked_for_in_time(duty_room, matter):
    duty_room.quick_signed(matter, NIGHT + "40")
    duty_room.runs_to("2026-11-24 07:20")
    asked = [r for r in duty_room.told("张建平", "emergency.reminder") if r.facts["step"] == "续报"]
    assert [r.facts["rang"] for r in asked] == ["remind"]


def test_a_further_report_can_become_a_paper(duty_room, matter, officer):
    duty_room.quick_signed(matter, NIGHT + "40")
    kept = reports.follow_up(duty_room.desk_at("2026-11-24 05:00"), matter, "已救出1人", officer)
    step = reports.submit(duty_room.desk_at("2026-11-24 05:01"), kept, officer)
    assert reports.sign(duty_room.desk_at("2026-11-24 05:05"), step.id, duty_room.member("何国栋")).issue == 2
    assert matter.state == "open"


def test_the_final_report_closes_only_with_its_signature(duty_room, matter, officer):
    desk = duty_room.desk_at("2026-11-24 07:00")
    report = reports.begin_final(desk, matter, officer)
    for key in ("cause", "final_casualties", "loss", "final_measures", "aftermath", "lessons"):
        reports.say_part(desk, report, key, "无")
    with pytest.raises(Refused) as refused:
        reports.submit(desk, report, officer)
    assert refused.value.reason == "em_quick_first"
    duty_room.quick_signed(matter, "2026-11-24 07:05")
    step = reports.submit(duty_room.desk_at("2026-11-24 07:10"), report, officer)
    assert matter.state == "open"
    reports.sign(duty_room.desk_at("2026-11-24 07:20"), step.id, duty_room.member("何国栋"))
    assert (matter.state, matter.result) == ("closed", "终报已签发（第2期）")
    duty_room.runs_to("2026-11-25 09:00")
    assert duty_room.rang(matter) == []


def test_it_does_not_close_while_an_instruction_is_on_its_way(duty_room, matter, officer):
    duty_room.quick_signed(matter, NIGHT + "40")
    given = duty_room.instructs(matter, NIGHT + "45", ["县水利局"])
    report = reports.begin_final(duty_room.desk_at(NIGHT + "50"), matter, officer)
    with pytest.raises(Refused) as refused:
        reports.submit(duty_room.desk_at(NIGHT + "50"), report, officer)
    assert refused.value.reason == "em_not_conveyed"
    instruct.confirm(duty_room.desk_at(NIGHT + "51"), given.step_id, duty_room.member("魏长河"))
    reports.submit(duty_room.desk_at(NIGHT + "52"), report, officer)


# --- how it ends, and its level ---------------------------------------------------------------------


def test_a_false_alarm_closes_with_its_reason_and_everybody_is_told(duty_room, matter, officer):
    emergency_end.false_alarm(duty_room.desk_at(NIGHT + "00"), matter, "村民误认", officer)
    assert (matter.state, matter.result) == ("closed", "误报：村民误认")
    assert duty_room.told("何国栋", "emergency.false_alarm")[0].facts["reason"] == "村民误认"
    duty_room.runs_to("2026-11-24 05:00")
    assert [one for one in duty_room.rang(matter) if one[0] > "03:00"] == []


def test_merged_what_only_one_knew_goes_over(duty_room, matter, officer):
    other = duty_room.reported(at=NIGHT + "00", by="曹宇航", text="东河村滑坡", occurred=None)
    desk = duty_room.desk_at(NIGHT + "02")
    elements.learn(desk, other, "casualties", "3人失联", officer)
    elements.learn(desk, other, "place", "东河村", officer)
    elements.learn(desk, other, "measures", "已派人", officer)
    differing = emergency_end.merge(desk, other, matter, officer)
    assert ("人员伤亡", "2人失联", "3人失联") in differing
    assert (other.state, other.result) == ("closed", "并入 急〔2026〕1号")
    known = {key: one["text"] for key, one in matter.details["known"].items()}
    assert (known["casualties"], known["place"]) == ("2人失联", "石桥镇东河村")
    assert known["measures"] == "已派人"
    assert duty_room.running(matter, "oral").due_at == moment("2026-11-24 03:00")


def test_an_emergency_with_instructions_is_not_merged_away(duty_room, matter, officer):
    other = duty_room.reported(at=NIGHT + "00", by="曹宇航", text="东河村滑坡")
    duty_room.instructs(other, NIGHT + "01", ["县水利局"])
    with pytest.raises(Refused) as refused:
        emergency_end.merge(duty_room.desk_at(NIGHT + "02"), other, matter, officer)
    assert refused.value.reason == "em_merge_instructed"


def test_a_raised_level_quickens_rhythm_and_ladder_and_tells_at_once(duty_room, matter, officer):
    duty_room.quick_signed(matter, NIGHT + "40")
    level = duty_room.any_desk.policy.emergency.level("Ⅱ")
    emergency_end.set_level(duty_room.desk_at("2026-11-24 04:00"), matter, level, officer)
    assert duty_room.step_of(matter, "follow_up").due_at == moment("2026-11-24 05:00")
    for name in ("杨振宇", "陈守正"):
        assert duty_room.told(name, "emergency.levelled")[0].facts["level"] == "Ⅱ级（重大）"
    duty_room.runs_to("2026-11-24 05:20")
    climbed = [one for one in duty_room.rang(matter, "climbed") if one[0] > "04:30"]
    assert climbed == [("05:01", "何国栋"), ("05:05", "杨振宇"), ("05:15", "陈守正")]


def test_a_lowered_level_slows_the_rhythm_again(duty_room, matter, officer):
    rule = duty_room.any_desk.policy.emergency
    duty_room.quick_signed(matter, NIGHT + "40")
    emergency_end.set_level(duty_room.desk_at("2026-11-24 04:00"), matter, rule.level("Ⅱ"), officer)
    emergency_end.set_level(duty_room.desk_at("2026-11-24 04:30"), matter, rule.level("Ⅳ"), officer)
    assert duty_room.step_of(matter, "follow_up").due_at == moment("2026-11-25 03:40")
    duty_room.runs_to("2026-11-24 06:00")
    assert duty_room.rang(matter, "climbed") == [
        one for one in duty_room.rang(matter, "climbed") if one[0] < "04:30"
    ]


def test_a_closed_emergency_takes_nothing_more(duty_room, matter, officer):
    emergency_end.false_alarm(duty_room.desk_at(NIGHT + "00"), matter, "误认", officer)
    with pytest.raises(Refused) as refused:
        emergency.check(duty_room.desk_at(NIGHT + "01"), matter, officer)
    assert refused.value.reason == "em_over"


def test_a_further_report_says_the_harm_once_and_takes_corrections(duty_room, matter, officer):
    duty_room.quick_signed(matter, NIGHT + "40")
    desk = duty_room.desk_at(NIGHT + "50")
    report = reports.follow_up(desk, matter, "房屋倒塌增至5间，失联的2人已找到1人，仍有1人失联", officer)
    text = report_text.text_of(report_text.words(desk, matter, report))
    assert "造成2人失联" not in text and "正在核实" not in text
    report_text.correct(desk, matter, report, "伤亡改为1人失联", officer)
    text = report_text.text_of(report_text.words(desk, matter, report))
    assert "截至目前，造成1人失联。" in text
    assert matter.details["known"]["casualties"]["text"] == "1人失联"
