"""Emergencies, told by moving the clock: from the first message at night to the final report."""

from __future__ import annotations

import io

import docx
from night import LANDSLIDE

from storage.models import Report


def documents(someone):
    return [m for m in someone.received() if m.document is not None]


async def is_reported(night):
    officer, leader = night.somebody("韩冰"), night.somebody("苏雅琴")
    await officer.says(LANDSLIDE)
    leader.sees("急〔2026〕1号", "请立即阅知", "2人失联", "02:50 前")
    night.somebody("朱雪梅").sees("急〔2026〕1号", "处置中")
    officer.sees("已接报", "急〔2026〕1号", "11月25日 周三 02:30")
    night.somebody("朱雪梅").sees_nothing_of("❓")


async def is_asked_about(officer):
    question = officer.sees("❓", "急〔2026〕1号")
    assert "财产损失" in question.text  # nature, place, time and casualties were read from the first line
    await officer.presses("正在核实", on="财产损失")
    await officer.presses("仍在发展", on="发展趋势")
    await officer.says("镇政府已组织群众转移，消防救援人员正在搜救")
    await officer.presses("跳过", on="到场领导")
    await officer.presses("暂不需要", on="请求事项")
    await officer.says("石桥镇政府廖志成 13900003147")
    officer.sees("要素已问完", "到场领导")


async def is_written_down(officer):
    await officer.presses("快报稿", on="要素已问完")
    draft = officer.sees("首报稿", "造成2人失联")
    assert "财产损失" in draft.text
    assert "正在核实" in draft.text
    await officer.says("伤亡改为2人失联，3人轻伤", reply_to=draft)
    officer.sees("首报稿", "3人轻伤")
    await officer.presses("送签", on="首报稿")


async def is_signed(leader, officer):
    leader.sees("请审阅签发", "3人轻伤")
    assert await leader.presses("签发", on="请审阅签发") == "已签发，第1期"
    (paper,) = documents(leader)
    assert paper.document.name == "应急快报第1期（急〔2026〕1号）.docx"
    text = "\n".join(p.text for p in docx.Document(io.BytesIO(paper.document.content)).paragraphs)
    assert "3人轻伤" in text
    assert len(documents(officer)) == 1


async def is_instructed_upon(night):
    leader = night.somebody("苏雅琴")
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


async def is_followed_up(officer, leader):
    await officer.says(
        "2名失联人员已找到，生命体征平稳", reply_to=officer.sees("急〔2026〕1号", "续报：06:55 前")
    )
    leader.sees("续报1", "2名失联人员已找到")
    await officer.says("终报")
    for words in ("持续强降雨", "3人轻伤", "房屋受损2间", "转移群众43人", "已妥善安置", "加强巡查"):
        await officer.says(words)
    await officer.presses("送签", on="终报稿")


async def test_in_time_from_the_first_message_to_the_final_report(night):
    officer, leader = night.somebody("韩冰"), night.somebody("苏雅琴")
    await is_reported(night)
    await is_asked_about(officer)
    await night.at("2026-11-25 02:46")
    assert await leader.presses("已知悉") == "已记录：您已知悉"
    officer.sees("口头报告", "苏雅琴（已知悉）")
    await is_written_down(officer)
    await night.at("2026-11-25 02:55")
    await is_signed(leader, officer)
    await is_instructed_upon(night)
    await night.at("2026-11-25 05:00")
    await is_followed_up(officer, leader)
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
