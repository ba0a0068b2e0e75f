"""Instructions on an emergency: to whom they go, who has confirmed, what was said by telephone."""

from __future__ import annotations

from night import LANDSLIDE


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


async def test_of_two_batches_of_instructions_only_those_given_by_then_were_passed_on(night):
    officer, leader = night.somebody("韩冰"), night.somebody("苏雅琴")
    await officer.says(LANDSLIDE)
    await leader.says("批示 请水利局赶赴现场")
    await night.at("2026-11-25 02:50")
    await leader.says("批示 请水利局调水泵")
    await night.at("2026-11-25 02:52")
    await officer.says("电话已传达 魏长河 02:45")
    officer.sees("已登记电话传达：批示1 魏长河。")


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
