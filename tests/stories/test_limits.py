"""A limit that can mean two days is asked about with two buttons; the wrong one is never taken in silence."""

from __future__ import annotations

LINE = "登记 县财政局 关于拨付惠农补贴资金的请示 云财〔2026〕37号 转综合科 "
TASK = "立项 预算执行进度达到90% 财政局牵头 "


async def test_of_two_limits_of_a_task_one_is_pressed(office):
    clerk = office.somebody("钱雨桐")
    await clerk.says(TASK + "限12月10日 12月18日前完成")
    clerk.sees("有两种可能", "时限（待核对）")
    await clerk.presses("12月18日 周五")
    clerk.sees("请核对", "按 12月18日 周五 17:30 理解")


async def test_a_day_that_is_hardly_over_was_meant_and_another_is_set(office):
    clerk = office.somebody("王思雨")
    await clerk.says(LINE + "11月17日前办结")
    clerk.sees("“11月17日前”今年已经过去")
    await clerk.presses("今年已过，另定时限")
    await clerk.says("11月27日前")
    await clerk.presses("确认")
    assert office.matter().due_at.isoformat().startswith("2026-11-27T09:30")


async def test_or_the_same_day_of_next_year(office):
    clerk = office.somebody("钱雨桐")
    await clerk.says(TASK + "11月17日前")
    await clerk.presses("2027年11月17日 周三")
    clerk.sees("请核对", "2027年11月17日")


async def test_tomorrow_or_before_tomorrow_begins(office):
    clerk = office.somebody("王思雨")
    await clerk.says(LINE + "明天前办结")
    await clerk.presses("11月24日 周二", on="有两种可能")
    clerk.sees("请核对", "11月24日 周二 17:30")


async def test_a_new_limit_that_is_asked_for(office):
    clerk, liaison = office.somebody("钱雨桐"), office.somebody("蔡建军")
    await clerk.says(TASK + "12月4日前")
    await clerk.presses("确认")
    await liaison.presses("已签收")
    await liaison.says("督1号 延到11月20日 等批复")
    liaison.sees("“11月20日”已经过去，请写以后的时间")
    await liaison.says("督1号 延到11月20日前 等批复")
    liaison.sees("“11月20日前”今年已经过去")
    await liaison.presses("今年已过，另定时限")
    assert "请写以后的时间" in liaison.received()[-1].text
    await liaison.says("12月20日 等批复")
    office.somebody("吴国华").sees("申请延期", "12月20日", "等批复")
