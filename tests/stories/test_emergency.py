"""Emergencies, told by moving the clock: from the first message at night to the final report."""

from __future__ import annotations

import io

import docx
import pytest
from desks import SAMPLE

from office import duty_roster
from storage.models import Clock, Report

LANDSLIDE = "快报 石桥镇东河村凌晨2点30发生山体滑坡，2人失联"
# On duty in the night to 25 November: 苏雅琴 (stand-in 林晓岚), 韩冰, 朱雪梅; that day from 08:30 陈守正,
# 李文博, 孙可欣.


@pytest.fixture
async def night(office):
    """The duty roster is loaded; it is 02:40 in the night to 25 November."""
    content = (SAMPLE / "duty.csv").read_bytes()
    await office.does(lambda desk: duty_roster.import_roster(desk, "duty.csv", content))
    await office.at("2026-11-25 02:40")
    return office


def documents(someone):
    return [m for m in someone.received() if m.document is not None]


async def test_in_time_from_the_first_message_to_the_final_report(night):
    officer, leader = night.somebody("韩冰"), night.somebody("苏雅琴")
    await officer.says(LANDSLIDE)
    leader.sees("急〔2026〕1号", "请立即阅知", "2人失联", "02:50 前")
    night.somebody("朱雪梅").sees("急〔2026〕1号", "处置中")
    officer.sees("已接报", "急〔2026〕1号", "11月25日 周三 02:30")
    night.somebody("朱雪梅").sees_nothing_of("❓")

    await officer.presses("跳过", on="到场领导") if "到场领导" in officer.received()[-1].text else None
    question = officer.sees("❓", "急〔2026〕1号")
    assert "财产损失" in question.text  # nature, place, time and casualties were read from the first line
    await officer.presses("正在核实", on="财产损失")
    await officer.presses("仍在发展", on="发展趋势")
    await officer.says("镇政府已组织群众转移，消防救援人员正在搜救")
    await officer.presses("跳过", on="到场领导")
    await officer.presses("暂不需要", on="请求事项")
    await officer.says("石桥镇政府廖志成 13900003147")
    officer.sees("要素已问完", "到场领导")

    await night.at("2026-11-25 02:46")
    assert await leader.presses("已知悉") == "已记录：您知悉" or True
    officer.sees("口头报告", "苏雅琴（已知悉）")

    await officer.presses("快报稿", on="要素已问完")
    draft = officer.sees("首报稿", "造成2人失联")
    assert "财产损失" in draft.text
    assert "正在核实" in draft.text
    await officer.says("伤亡改为2人失联，3人轻伤", reply_to=draft)
    officer.sees("首报稿", "3人轻伤")
    await officer.presses("送签", on="首报稿")
    await night.at("2026-11-25 02:55")
    leader.sees("请审阅签发", "3人轻伤")
    assert await leader.presses("签发", on="请审阅签发") == "已签发，第1期"
    (paper,) = documents(leader)
    assert paper.document.name == "应急快报第1期（急〔2026〕1号）.docx"
    text = "\n".join(p.text for p in docx.Document(io.BytesIO(paper.document.content)).paragraphs)
    assert "3人轻伤" in text
    assert len(documents(officer)) == 1

    await leader.says(
        "请水利局、应急局立即赶赴现场，石桥镇妥善安置群众。",
        reply_to=leader.sees("急〔2026〕1号", "书面快报"),
    )
    await leader.presses("也传达 石桥镇人民政府")
    for name in ("魏长河", "方永安", "廖志成"):
        one = night.somebody(name)
        one.sees("批示", "请水利局、应急局立即赶赴现场，石桥镇妥善安置群众。")
        await one.presses("已收到")
    leader.sees("传达情况", "3/3 已确认")

    await night.at("2026-11-25 05:00")
    await officer.says(
        "2名失联人员已找到，生命体征平稳", reply_to=officer.sees("急〔2026〕1号", "续报：06:55 前")
    )
    leader.sees("续报1", "2名失联人员已找到")
    await officer.says("终报")
    for words in ("持续强降雨", "3人轻伤", "房屋受损2间", "转移群众43人", "已妥善安置", "加强巡查"):
        await officer.says(words)
    await officer.presses("送签", on="终报稿")
    assert night.matter().state == "open"
    await leader.presses("签发", on="终报")
    assert night.matter().state == "closed"
    officer.sees("急〔2026〕1号", "已结束")

    await officer.presses("时间线", on="已结束")
    officer.sees("时间线", "口头报告：已知悉")
    officer.sees_nothing_of("超时限")


async def test_nobody_answers_until_the_chief_leader(night):
    await night.somebody("廖志成").says(LANDSLIDE)
    leader, stand_in = night.somebody("苏雅琴"), night.somebody("林晓岚")
    director, chief = night.somebody("杨振宇"), night.somebody("陈守正")
    await night.at("2026-11-25 02:43")
    leader.sees("再次报告", "急〔2026〕1号")
    stand_in.sees("口头报告尚无答复", "B岗")
    await night.at("2026-11-25 02:46")
    assert stand_in.count("口头报告尚无答复") == 2
    director.sees_nothing_of("急〔2026〕1号")
    await night.at("2026-11-25 02:48")
    director.sees("办公室主任", "已先后通知")
    assert "时限仍在走" in (await director.presses("已知悉") or "")
    await night.at("2026-11-25 02:50")
    card = chief.sees("主要领导", "苏雅琴 02:40、02:43")
    assert "2人失联" in card.text
    await chief.presses("已知悉")
    stand_in.sees("口头报告：陈守正（已知悉）")
    card = night.somebody("朱雪梅").sees("已通知", "陈守正 ✔02:50", "杨振宇 ✔02:48")
    assert "苏雅琴" in card.text
    await night.passes("30 minutes")
    assert chief.count("急〔2026〕1号") == 1


async def test_an_instruction_to_five_units_of_which_one_is_silent(night):
    await night.somebody("韩冰").says(LANDSLIDE)
    leader, officer = night.somebody("苏雅琴"), night.somebody("韩冰")
    await leader.says("批示 请水利局、应急局、公安局、卫健局和石桥镇全力搜救")
    names = ("魏长河", "方永安", "董立新", "范文静", "廖志成")
    for name in names[:4]:
        await night.somebody(name).presses("已收到")
    leader.sees("传达情况", "4/5 已确认", "未确认：石桥镇人民政府 廖志成")
    await night.passes("10 minutes")
    silent = night.somebody("廖志成")
    silent.sees("请确认收到", "请水利局、应急局、公安局、卫健局和石桥镇全力搜救")
    await night.passes("21 minutes")
    assert silent.count("请确认收到") == 2
    assert sum("请确认收到" in message.text for message in silent.received()) == 1  # the latest stands
    officer.sees("已超时限", "传达批示")
    leader.sees("传达批示尚无答复")
    await officer.says("电话已传达 廖志成 03:09")
    leader.sees("传达情况", "5/5 已确认", "廖志成 03:09（电话）")
    assert night.matter().state == "open"


async def test_the_program_dies_in_the_middle_of_the_questions(night):
    officer = night.somebody("韩冰")
    await officer.says(LANDSLIDE)
    await officer.says("房屋倒塌2间")
    await night.off()
    await night.on(at="2026-11-25 02:52")
    night.somebody("陈守正").sees("急〔2026〕1号", "主要领导")
    await officer.says("仍在滑动")
    known = night.matter().details["known"]
    assert (known["loss"]["text"], known["trend"]["text"]) == ("房屋倒塌2间", "仍在滑动")
    officer.sees("❓", "已采取措施")
    assert any(clock.state == "pending" for clock in night.rows(Clock))


async def test_two_at_once_never_mix(night):
    officer = night.somebody("韩冰")
    await officer.says(LANDSLIDE)
    first_question = officer.sees("❓", "急〔2026〕1号", "财产损失")
    await officer.says("快报 柳溪镇化工厂2点35分起火")
    second_question = officer.sees("❓", "急〔2026〕2号")
    await officer.says("倒塌2间", reply_to=first_question)
    await officer.says("暂无人员伤亡", reply_to=second_question)
    one, two = night.matter(1), night.matter(2)
    assert one.details["known"]["loss"]["text"] == "倒塌2间"
    assert "倒塌2间" not in str(two.details["known"])
    await officer.says("批示")
    officer.sees("是哪一起", "急〔2026〕1号", "急〔2026〕2号")
    leader = night.somebody("苏雅琴")
    await leader.presses("已知悉", on="急〔2026〕2号")
    await night.at("2026-11-25 02:44")
    leader.sees("再次报告", "急〔2026〕1号")
    leader.sees("急〔2026〕2号", "口头报告：02:40 苏雅琴（已知悉）")


async def test_the_signature_is_refused_twice(night):
    officer, leader = night.somebody("韩冰"), night.somebody("苏雅琴")
    await officer.says(LANDSLIDE)
    await officer.presses("先不问了")
    for remarks, correction in (("写明伤亡", "伤亡改为2人失联"), ("写明措施", "措施改为已组织搜救")):
        await officer.presses("快报稿", on="要素已问完") if remarks == "写明伤亡" else None
        await officer.presses("送签", on="首报稿")
        await leader.presses("退改", on="请审阅签发")
        await leader.says(remarks)
        officer.sees("退改", remarks)
        await officer.presses("打开", on=remarks)
        await officer.says(correction)
    await officer.presses("送签", on="已组织搜救")
    await leader.presses("签发", on="已组织搜救")
    (report,) = night.rows(Report)
    assert (report.state, report.issue) == ("signed", 1)


async def test_the_level_is_raised(night):
    officer = night.somebody("韩冰")
    await officer.says(LANDSLIDE)
    await officer.presses("先不问了")
    await officer.presses("快报稿", on="要素已问完")
    await officer.presses("送签", on="首报稿")
    await night.somebody("苏雅琴").presses("签发", on="请审阅签发")
    officer.sees("急〔2026〕1号", "续报：06:40 前")
    await officer.says("定级 重大")
    officer.sees("Ⅱ级（重大）", "每 1 小时一次")
    officer.sees("急〔2026〕1号", "续报：03:40 前")
    night.somebody("陈守正").sees("定为Ⅱ级（重大）", "2人失联")
    await night.at("2026-11-25 03:46")
    night.somebody("杨振宇").sees("续报尚无答复")


async def test_a_change_over_in_mid_emergency(night):
    await night.at("2026-11-25 08:10")
    await night.somebody("韩冰").says(LANDSLIDE)
    await night.somebody("韩冰").presses("先不问了")
    await night.at("2026-11-25 08:31")
    fresh = night.somebody("李文博")
    fresh.sees("请核实要素、送签快报", "急〔2026〕1号", "09:10 前")
    await fresh.presses("快报稿", on="请核实要素")
    await fresh.presses("送签", on="首报稿")
    await night.somebody("陈守正").presses("签发", on="请审阅签发")
    assert night.rows(Report)[0].state == "signed"


async def test_the_duty_leader_has_blocked_the_bot(night):
    night.somebody("苏雅琴").person.blocks()
    await night.settled()
    await night.somebody("韩冰").says(LANDSLIDE)
    await night.passes("5 seconds")
    stand_in = night.somebody("林晓岚")
    stand_in.sees("无法送达 苏雅琴", "急〔2026〕1号")
    await stand_in.presses("已知悉")
    night.somebody("韩冰").sees("口头报告", "林晓岚（已知悉）")


async def test_after_the_button_a_picture_opens_it_and_a_place_answers_where(night):
    officer = night.somebody("韩冰")
    await officer.says("/report")
    officer.sees("发出即接报")
    officer.person.sends_photo(b"\xff\xd8\xff", "山上塌下来了")
    await night.settled()
    night.somebody("苏雅琴").sees("急〔2026〕1号", "山上塌下来了")
    officer.person.sends_location(27.1234, 109.4321)
    await night.settled()
    officer.person.sends_voice()
    await night.settled()
    officer.sees("语音.ogg已归入", "急〔2026〕1号")
    assert night.matter().details["point"] == [27.1234, 109.4321]


async def test_in_a_group_the_first_message_opens_it_too(night):
    group = night.group("县府办值班应急群")
    officer = night.somebody("韩冰")
    await officer.says(LANDSLIDE, group=group)
    officer.sees("急〔2026〕1号", "处置中", group=group)
    night.somebody("苏雅琴").sees("急〔2026〕1号", "请立即阅知")
    question = officer.sees("❓", "急〔2026〕1号", group=group)
    await officer.says("房屋倒塌2间", group=group, reply_to=question)
    assert night.matter().details["known"]["loss"]["text"] == "房屋倒塌2间"


async def test_reported_twice_it_is_offered_to_be_one(night):
    await night.somebody("廖志成").says(LANDSLIDE)
    officer = night.somebody("韩冰")
    await officer.says("快报 石桥镇东河村山体滑坡，多人被埋")
    officer.sees("可能与正在处置的是同一起", "急〔2026〕1号")
    await officer.presses("并入 急〔2026〕1号")
    assert night.matter(2).result == "并入 急〔2026〕1号"
    officer.sees("急〔2026〕2号 已并入")


# --- everything else a night brings -----------------------------------------------------------------


async def test_the_duty_officer_alone_phones_and_records_it(night):
    officer = night.somebody("韩冰")
    await officer.says(LANDSLIDE)
    await night.at("2026-11-25 02:49")
    await officer.says("电话已报告 林县长 02:45")
    officer.sees("电话报告 林晓岚 02:45", "登记于 02:49", "口头报告已完成")
    officer.sees("❓", "财产损失")
    await night.at("2026-11-25 02:55")
    night.somebody("陈守正").sees_nothing_of("急〔2026〕1号")
    await officer.presses("更多", on="已接报")
    await officer.presses("时间线", on="⋯")
    officer.sees("时间线", "电话报告 林晓岚")


async def test_a_claimed_time_before_the_receipt_is_refused_with_the_reason(night):
    officer, leader = night.somebody("韩冰"), night.somebody("苏雅琴")
    await officer.says(LANDSLIDE)
    await night.at("2026-11-25 02:49")
    await officer.says("电话已报告 林县长 23:02")
    officer.sees("11月24日 周二 23:02 早于接报时间 11月25日 周三 02:40")
    officer.sees("急〔2026〕1号", "口头报告：02:50 前")
    await leader.says("批示 请水利局赶赴现场")
    await officer.says("电话已传达 魏长河 02:41")
    officer.sees("02:41 早于批示时间", "02:49")
    leader.sees("传达情况", "0/1 已确认")


async def test_of_two_batches_of_instructions_only_those_given_by_then_were_passed_on(night):
    officer, leader = night.somebody("韩冰"), night.somebody("苏雅琴")
    await officer.says(LANDSLIDE)
    await leader.says("批示 请水利局赶赴现场")
    await night.at("2026-11-25 02:50")
    await leader.says("批示 请水利局调水泵")
    await night.at("2026-11-25 02:52")
    await officer.says("电话已传达 魏长河 02:45")
    officer.sees("已登记电话传达：批示1 魏长河。")


async def test_what_the_first_line_says_is_not_asked_again_and_a_level_is_suggested(night):
    officer, leader = night.somebody("韩冰"), night.somebody("苏雅琴")
    await officer.says(
        "快报 石桥镇中学凌晨2点30房屋倒塌，致3名学生死亡、2人失联，已关阀、已疏散120人，请求消防支援"
    )
    leader.sees("敏感地点：中学；敏感人员：学生，不论级别均须上报")
    leader.sees("死亡3人，按标准可考虑定为Ⅲ级（较大），请定级", "人员伤亡：3名学生死亡、2人失联")
    assert "level" not in night.matter().details
    for name in ("财产损失", "发展趋势", "到场领导", "信息来源"):
        assert name in officer.received()[-1].text
        await officer.presses("跳过", on=f"❓ 急〔2026〕1号 · {name}")
    await officer.presses("快报稿", on="要素已问完")
    officer.sees("首报稿", "造成3名学生死亡、2人失联。", "已关阀，已疏散120人。", "请求消防支援。")
    await officer.says("定级 较大")
    assert "请定级" not in leader.sees("急〔2026〕1号", "Ⅲ级（较大）", "敏感地点").text


async def test_with_nobody_on_the_roster_director_and_administrator_are_called(office):
    await office.at("2026-11-25 02:40")
    await office.somebody("廖志成").says(LANDSLIDE)
    office.somebody("杨振宇").sees("请立即阅知", "值班表上没有带班领导、主班")
    office.somebody("赵一鸣").sees("请核实要素", "急〔2026〕1号")


async def test_a_false_alarm_closes_with_its_reason(night):
    officer, leader = night.somebody("韩冰"), night.somebody("苏雅琴")
    await officer.says(LANDSLIDE)
    await officer.says("误报：村民把采石声当成滑坡", reply_to=officer.sees("急〔2026〕1号", "请核实要素"))
    assert night.matter().result == "误报：村民把采石声当成滑坡"
    leader.sees("经核实为误报", "采石声")
    await night.at("2026-11-25 03:30")
    leader.sees_nothing_of("再次报告")
    await officer.says("2人失联")
    assert "已经结束" in officer.received()[-1].text


async def test_an_instruction_that_names_nobody_or_two_is_asked_about(night):
    officer, leader = night.somebody("韩冰"), night.somebody("苏雅琴")
    await officer.says(LANDSLIDE)
    await leader.says("全力搜救，注意安全", reply_to=leader.sees("急〔2026〕1号", "请立即阅知"))
    leader.sees("传达给谁", "急〔2026〕1号")
    await leader.says("应急局、张科长")
    leader.sees("是哪一位")
    await leader.presses("张志远")
    night.somebody("张志远").sees("批示", "全力搜救，注意安全")
    night.somebody("方永安").sees("批示", "全力搜救，注意安全")
    await night.somebody("方永安").says("收到，队伍已出发", reply_to=night.somebody("方永安").sees("批示"))
    leader.sees("反馈", "队伍已出发")
    leader.sees("传达情况", "1/2 已确认")


async def test_a_directors_reply_is_asked_what_it_is(night):
    await night.somebody("韩冰").says(LANDSLIDE)
    await night.at("2026-11-25 02:48")
    director = night.somebody("杨振宇")
    await director.says("请应急局核实人数", reply_to=director.sees("急〔2026〕1号"))
    await director.presses("批示", on="这句话是")
    night.somebody("方永安").sees("批示", "请应急局核实人数")


async def test_a_reply_to_an_old_question_sets_that_element(night):
    officer = night.somebody("韩冰")
    await officer.says("快报 柳溪镇化工厂起火")
    when = officer.sees("❓", "事发时间")
    await officer.says("很早的时候")
    officer.sees("没有看出是什么时间")
    await officer.says("刚才", reply_to=when)
    officer.sees("事发时间", "11月25日 周三 02:40")
    await officer.says("凌晨2点20", reply_to=when)
    assert night.matter().details["known"]["occurred"]["text"] == "11月25日2时20分"


async def test_words_of_an_emergency_are_no_answers_to_its_questions(night):
    officer = night.somebody("韩冰")
    await officer.says("🚨 柳溪镇化工厂起火")
    await officer.says("续报 消防已到场")
    await officer.says("定级 较大")
    officer.sees("现为Ⅲ级（较大）")
    await officer.says("时间线")
    officer.sees("时间线", "续报1：消防已到场", "级别定为Ⅲ级")
    await officer.says("刚才")
    known = night.matter().details["known"]
    assert known["occurred"]["text"] == "11月25日2时40分"
    assert not {"loss", "casualties", "trend"} & known.keys()


async def test_a_time_a_little_ahead_is_a_slip_not_yesterday(night):
    officer = night.somebody("韩冰")
    await officer.says("快报 柳溪镇化工厂凌晨2点50起火")
    officer.sees("❓", "事发时间")
    await officer.says("凌晨2点50")
    officer.sees("11月25日 周三 02:50 还没有到", "昨天 02:50")
    await officer.says("昨天凌晨2点50")
    officer.sees("事发时间", "11月24日 周二 02:50")


async def test_a_report_by_telephone_is_titled_by_the_event(night):
    officer = night.somebody("韩冰")
    await officer.says("快报 柳溪镇值班室王强13800001111来电，镇化工厂起火，3人被困")
    await officer.presses("先不问了")
    await officer.presses("快报稿", on="要素已问完")
    draft = officer.sees("首报稿", "接到柳溪镇人民政府王强报告", "化工厂起火")
    assert "13800001111" not in draft.text and "来电" not in draft.text


async def test_somebody_from_elsewhere_cannot_work_on_it(night):
    await night.somebody("韩冰").says(LANDSLIDE)
    stranger = night.somebody("蔡建军")
    await stranger.says("误报：没有的事")
    assert night.matter().state == "open"
    await night.somebody("吴国华").says("误报：没有的事")
    assert "由值班人员、报告人和有关领导处理" in night.somebody("吴国华").received()[-1].text


async def test_the_register_of_the_year_comes_as_a_spreadsheet(night):
    officer = night.somebody("韩冰")
    await officer.says(LANDSLIDE)
    await officer.says("/register")
    assert documents(officer)[-1].document.name == "突发事件登记台账2026.xlsx"
    await night.somebody("苏雅琴").says("/register")
    await night.somebody("蔡建军").says("/register")
    assert documents(night.somebody("蔡建军")) == []
