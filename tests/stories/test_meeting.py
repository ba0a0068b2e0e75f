"""A meeting from its call to its minutes; moved by a day; cancelled; over the cap (M1 to M7)."""

from __future__ import annotations

from incoming_files import docx

from storage.models import Matter

CALL = (
    "开会 11月26日9点 二楼常务会议室 研究冬春水利建设 主持：何国栋 "
    "参会：水利局、财政局、农业农村局 材料3页 预计2小时"
)


async def called(office, text=CALL):
    organiser = office.somebody("马俊杰")
    await organiser.says(text)
    await organiser.presses("确认并发通知")
    return organiser


async def test_from_call_to_minutes(office):
    await office.at("09:00")
    organiser = office.somebody("马俊杰")
    await organiser.says(CALL)
    card = organiser.sees("请核对会议", "研究冬春水利建设", "11月26日 周四 09:00", "二楼常务会议室", "何国栋")
    assert "县水利局、县财政局、县农业农村局" in card.text
    assert await organiser.presses("确认并发通知") == "已登记 会〔2026〕1号"
    water, money = office.somebody("魏长河"), office.somebody("蔡建军")
    water.sees("会议通知", "请 县水利局 派员参加", "马俊杰 13900001926")
    organiser.sees("未答复 4", "何国栋、县水利局、县财政局、县农业农村局")
    assert await water.presses("参加") == "已回复参加：会〔2026〕1号"
    await money.presses("请假")
    money.sees("谁来")
    await money.says("张建国副局长代，出差")
    organiser.sees("县财政局 请假", "张建国")
    organiser.sees("参加 1：县水利局", "县财政局 → 张建国")
    await office.somebody("任春生").says("收到", reply_to=office.somebody("任春生").card("会议通知"))
    organiser.sees("已收到 1：县农业农村局", "未答复 1：何国栋")
    await office.at("2026-11-26 08:30")
    office.somebody("马俊杰").sees("签到码")
    water.sees("会议就要开始", "签到")
    await water.presses("签到")
    matter = office.matter()
    await office.somebody("任春生").says(f"签到 {matter.details['code']}")
    await organiser.presses("签到名单")
    organiser.sees("已签到 2/4", "县水利局", "未签到")
    await office.at("2026-11-26 11:01")
    organiser.sees("请起草会议纪要", "纪要起草")
    await organiser.presses("写纪要")
    await organiser.says(
        "一、统一思想认识。会议指出要抓好冬春水利建设。\n二、明确责任。\n1. 水利局12月10日前完成排查。"
    )
    await organiser.presses("送审")
    deputy, leader = office.somebody("沈慧敏"), office.somebody("何国栋")
    deputy.sees("请审核会议纪要")
    await deputy.presses("审核通过")
    assert await leader.presses("签发") == "已签发 纪要〔2026〕1号，已发给参会人员"
    water.sees("纪要〔2026〕1号")
    assert office.matter().state == "closed"


async def test_moved_by_a_day(office):
    await office.at("09:00")
    organiser = await called(office, CALL.replace("26日", "30日"))
    water = office.somebody("魏长河")
    await water.presses("参加")
    await office.at("10:00")
    await organiser.says("改到12月1日9点", reply_to=organiser.card("会〔2026〕1号", "更多"))
    organiser.sees("时间已改", "12月1日 周二 09:00")
    organiser.sees("时间定为", "方案确定", "11月26日 周四 17:30")
    water.sees("会议有变，请重新答复", "12月1日 周二 09:00")
    assert "参加" not in water.card("以新通知为准").text
    organiser.sees("未答复 4")
    await water.presses("参加")
    organiser.sees("参加 1：县水利局")


async def test_who_goes_on_leave_hands_on_his_notice(office):
    await office.at("09:00")
    organiser, host, deputy = await called(office), office.somebody("何国栋"), office.somebody("周明远")
    await host.presses("参加")
    await host.says("请假 11月26日")
    await office.passes("1 minute")
    organiser.sees("会议通知已随人员变动转交", "何国栋：何国栋 → 周明远")
    assert "已转 周明远 答复" in host.card("会〔2026〕1号").text
    deputy.sees("会议通知", "您代 何国栋")
    await deputy.presses("参加")
    organiser.sees("参加 1：何国栋", "未答复 3")


async def test_cancelled(office):
    await office.at("09:00")
    organiser = await called(office)
    await organiser.says("取消会议 会1号 领导另有安排")
    water = office.somebody("魏长河")
    water.sees("会议取消", "领导另有安排")
    assert await water.presses("已收到", on="会议取消") == "已确认收到"
    organiser.sees("取消：领导另有安排", "已收到 1：县水利局")
    await office.at("2026-11-26 12:00")
    assert water.count("就要开始") == 0


async def test_over_the_cap(office):
    await office.at("09:00")
    organiser, director = office.somebody("马俊杰"), office.somebody("杨振宇")
    await organiser.says("开会 12月1日9点 三楼会议室 研究抗旱 各乡镇 材料6页")
    organiser.sees("超过会议标准", "参会部门 8 个，上限 5 个", "汇报材料 6 页", "请写明理由")
    await organiser.says("抗旱涉及所有乡镇")
    await organiser.presses("确认并报批")
    office.somebody("谭小刚").sees_nothing_of("会议通知")
    director.sees("请审批超标准的会议", "抗旱涉及所有乡镇")
    await director.presses("同意召开")
    office.somebody("谭小刚").sees("会议通知", "研究抗旱")
    organiser.sees("同意召开", "通知已发出")


async def test_a_meeting_that_grows_over_the_cap_is_approved_again(office):
    await office.at("09:00")
    organiser, director = await called(office), office.somebody("杨振宇")
    await organiser.says("改到11月26日9点至11月27日12点", reply_to=organiser.card("会〔2026〕1号", "更多"))
    organiser.sees("超过会议标准", "会期 2 天，上限 1 天", "请写明理由")
    await organiser.says("议题多，须现场看点")
    organiser.sees("已送主任审批；批准以前仍按原通知")
    director.sees("申请变更", "会期 2 天，上限 1 天", "议题多，须现场看点")
    office.somebody("魏长河").sees_nothing_of("会议有变")
    await director.presses("同意变更")
    organiser.sees("杨振宇 同意变更", "已重新通知")
    office.somebody("魏长河").sees("会议有变", "11月27日")


async def held(office):
    """A meeting that was held at that time."""
    organiser = await called(office)
    await office.at("2026-11-26 11:01")
    return organiser


async def test_decisions_are_followed_to_the_half_month_summary(office):
    await office.at("09:00")
    organiser, chief = await held(office), office.somebody("陈守正")
    await organiser.says(
        "决定事项 会1号 1. 水利局12月10日前完成水库排查；2. 财政局12月15日前拨付资金；"
        "3. 【急】应急局11月30日前备足物资"
    )
    organiser.sees("县水利局", "完成水库排查", "县财政局", "县应急管理局")
    await organiser.presses("全部确认")
    chief.sees("紧急议定事项", "备足物资", "县应急管理局", "会〔2026〕1号")
    assert chief.count("拨付资金") == 0
    tasks = [one for one in office.rows(Matter) if one.parent_id is not None]
    assert [one.section for one in tasks] == ["县水利局", "县财政局", "县应急管理局"]
    office.somebody("魏长河").sees("完成水库排查")
    organiser.sees("议定事项：3 件")
    await office.at("2026-12-01 09:01")
    chief.sees("会议议定事项落实情况", "2026年11月下半月", "共 3 件", "其中逾期 1", "尚未反馈 3")
    await office.at("2026-12-02 09:01")
    assert chief.count("会议议定事项落实情况") == 1


async def test_minutes_late_climb_the_ladder(office):
    await office.at("09:00")
    await held(office)
    office.somebody("马俊杰").sees("请起草会议纪要")
    await office.at("2026-11-27 18:01")
    office.somebody("马俊杰").sees("已逾期", "纪要起草")
    await office.at("2026-11-30 10:01")
    office.somebody("朱雪梅").sees("逾期未办", "纪要起草", "马俊杰")


async def test_what_stands_in_the_way_is_pointed_out_and_the_like_is_merged(office):
    await office.at("09:00")
    organiser = await called(office)
    await organiser.says("开会 11月26日10点 二楼会议室 研究森林防火 应急局 何国栋主持")
    organiser.sees("会议室冲突", "会〔2026〕1号《研究冬春水利建设》")
    organiser.sees("时间冲突", "何国栋 要参加")
    await organiser.says("/cancel")
    await organiser.says("开会 11月27日9点 三楼会议室 研究灌区改造 水利局、财政局")
    organiser.sees("可考虑与 会〔2026〕1号《研究冬春水利建设》", "合并召开")
    await organiser.presses("并入 会〔2026〕1号")
    organiser.sees("“研究灌区改造”已并入 会〔2026〕1号")
    office.somebody("魏长河").sees("请重新答复", "增加议题：研究灌区改造", "2. 研究灌区改造")
    assert len(office.rows(Matter)) == 1


async def test_in_a_group_and_with_a_time_that_is_past(office):
    await office.at("10:00")
    organiser, group = office.somebody("马俊杰"), office.group("会务科内部群")
    await organiser.says("开会 11月24日9点 三楼会议室 研究抗旱 水利局", group=group)
    question = organiser.sees("已经过去了", group=group)
    await organiser.says("明天9点", group=group, reply_to=question)
    await organiser.presses("确认并发通知", group=group)
    organiser.sees("会〔2026〕1号 · 会议 · 已通知", "未答复 1：县水利局", group=group)
    await office.somebody("魏长河").presses("参加")
    organiser.sees("参加 1：县水利局", group=group)
    await organiser.says("签到 1234", group=group)
    organiser.sees("没有您可以签到的会议", group=group)


async def test_papers_go_to_those_who_come(office):
    await office.at("09:00")
    organiser = await called(office)
    card = organiser.card("会〔2026〕1号", "更多")
    organiser.person.sends_file("汇报材料.docx", docx("冬春水利建设汇报"), "", chat=None, reply_to=card)
    await office.settled()
    await office.at("2026-11-26 08:30")
    got = office.somebody("魏长河").sees("会〔2026〕1号 附件：汇报材料.docx")
    assert got.document is not None


async def test_two_rising_quarters(office):
    organiser, water = office.somebody("马俊杰"), office.somebody("魏长河")
    number = 0
    for month, days in (("2026-11", (25,)), ("2027-02", (2, 4)), ("2027-05", (12, 14, 18))):
        for day in days:
            number += 1
            year, part = month.split("-")
            await office.at(f"{month}-{day - 1:02} 09:00")
            await organiser.says(
                f"开会 {year}年{int(part)}月{day}日9点 三楼会议室 研究第{number}项工作 教育局 主办水利局"
            )
            await organiser.presses("确认并发通知")
            await office.at(f"{month}-{day:02} 11:30")
    assert water.count("会议次数上升提醒") == 1
    office.somebody("陈守正").sees_nothing_of("通报")
    await organiser.says("会议统计 2027年二季度 水利局 季节性：汛前准备")
    organiser.sees("已记录", "县水利局", "汛前准备")
    await office.at("2027-07-01 09:06")
    office.somebody("陈守正").sees("通报：会议次数连续上升", "县水利局：3 次（上季 2 次）", "汛前准备")
    office.somebody("谭小刚").sees("通报：会议次数连续上升")


async def test_who_is_in_no_list_is_named_and_told_by_telephone(office):
    await office.at("09:00")
    organiser = office.somebody("马俊杰")
    await organiser.says(CALL.replace("农业农村局", "县气象局、各有关部门"))
    organiser.sees("不在单位表、人员表中（1）：县气象局", "“各有关部门”没有写明是哪些单位")
    await organiser.presses("修改")
    await organiser.says("加农业农村局、供电公司")
    card = organiser.sees("不在单位表、人员表中（2）：县气象局、供电公司", "县农业农村局")
    assert "各有关部门" not in card.text
    await organiser.presses("确认并发通知")
    organiser.sees("会议通知送不到，请打电话", "县气象局（名册上没有联系人，请另行联系）", "供电公司")
    organiser.sees("送不到 2：县气象局、供电公司")
    await organiser.says("已电话通知 会1号 县气象局 参加")
    organiser.sees("参加 1：县气象局（电话）")
