"""A slip of typing in a name is offered with a button: neither taken in silence nor dropped."""

from __future__ import annotations

LINE = "登记 县财政局 关于拨付惠农补贴资金的请示 云财〔2026〕37号 转综合科李文搏"


async def test_the_handler_of_an_entry(office):
    clerk = office.somebody("王思雨")
    await clerk.says(LINE)
    clerk.sees("是李文博吗")
    await clerk.presses("是，李文博")
    clerk.sees("请核对后确认登记", "承办：综合科 李文博")
    await clerk.presses("确认")
    assert office.matter().section == "综合科"


async def test_somebody_else_was_meant(office):
    clerk = office.somebody("王思雨")
    await clerk.says(LINE.replace("综合科李文搏", "李文涛"))
    clerk.sees("是李文博吗")
    await clerk.presses("不是")
    clerk.sees("转给哪个科室")


async def test_every_doubtful_reader_is_asked_about(office):
    clerk = office.somebody("唐静怡")
    await clerk.says("登记 传阅件 县统计局关于10月经济运行情况的报告 请杨主任、小张、李文波传阅")
    await clerk.presses("张建平")
    await clerk.presses("是，李文博")
    clerk.sees("请核对后确认登记", "传阅：杨振宇、张建平、李文博")


async def test_to_whom_a_matter_is_passed_on(office):
    clerk, head = office.somebody("王思雨"), office.somebody("李文博")
    await clerk.says(LINE.replace("李文搏", ""))
    await clerk.presses("确认")
    await head.says("1号转王海滔")
    head.sees("转给谁", "是王海涛")
    await head.presses("王海涛", on="转给谁")
    office.somebody("王海涛").sees("收〔2026〕1号")


async def test_who_is_away_and_who_stands_in(office):
    head = office.somebody("李文博")
    await head.says("王海滔11月26日请假")
    head.sees("请假", "是王海涛")
    await head.presses("王海涛", on="请假")
    head.sees("王海涛 请假", "11月26日")
    await head.says("我11月27日请假，由王思语顶岗")
    head.sees("代岗的是王思雨吗")
    await head.presses("王思雨", on="代岗的")
    head.sees("李文博", "11月27日", "王思雨")


async def test_whose_leave_ends(office):
    head = office.somebody("李文博")
    await head.says("请假 王海涛 11月26日")
    await head.says("销假 王海滔")
    head.sees("销假：是王海涛吗")
    await head.presses("王海涛", on="销假：")
    head.sees_nothing_of("没有看出是谁")


async def test_a_unit_that_is_to_handle_it(office):
    clerk = office.somebody("王思雨")
    await clerk.says(LINE.replace("综合科李文搏", "督察科"))
    clerk.sees("是督查科吗")
    await clerk.presses("是，督查科")
    clerk.sees("请核对后确认登记", "承办：督查科")


async def test_the_unit_a_document_is_from(office):
    clerk = office.somebody("王思雨")
    await clerk.says(LINE.replace("县财政局", "财正局").replace("李文搏", ""))
    clerk.sees("是县财政局吗")
    await clerk.presses("是，县财政局")
    clerk.sees("请核对后确认登记", "县财政局")
    await clerk.presses("确认")
    assert office.matter().sender == "县财政局"


async def test_another_unit_was_meant_than_the_slip_looks_like(office):
    clerk = office.somebody("王思雨")
    await clerk.says(LINE.replace("综合科李文搏", "督察科"))
    await clerk.presses("不是")
    clerk.sees("转给哪个科室")


async def test_a_matter_passed_on_to_a_unit(office):
    clerk, head = office.somebody("王思雨"), office.somebody("李文博")
    await clerk.says(LINE.replace("李文搏", ""))
    await clerk.presses("确认")
    await head.says("1号转督察科")
    head.sees("转给谁", "是吴国华")


async def test_units_of_a_meeting(office):
    clerk = office.somebody("朱雪梅")
    await clerk.says("开会 11月26日9点 二楼会议室 研究抗旱 参会财正局、水利局、督察科 主持周县长")
    clerk.sees("是县财政局吗")
    await clerk.presses("县财政局", on="是县财政局吗")
    clerk.sees("是督查科吗")
    await clerk.presses("不是", on="是督查科吗")
    shown = clerk.sees("研究抗旱", "县水利局", "县财政局").text
    assert "督查科" not in shown


async def test_the_hour_of_a_meeting_whose_day_was_said(office):
    clerk = office.somebody("朱雪梅")
    await clerk.says("开会 11月27日上午 二楼会议室 研究抗旱 参会水利局 主持周县长")
    clerk.sees("是哪个时间")
    await clerk.says("9点半")
    clerk.sees("研究抗旱", "11月27日", "9:30")


async def test_the_unit_that_leads_a_task(office):
    clerk = office.somebody("钱雨桐")
    await clerk.says("立项 预算执行进度达到90% 财正局牵头 配合水利局 12月10日前")
    clerk.sees("是县财政局吗")
    await clerk.presses("是，县财政局")
    clerk.sees("预算执行进度达到90%", "县财政局", "县水利局")


async def test_a_bulletin_of_a_month_without_a_blank(office):
    clerk = office.somebody("吴国华")
    for said in ("通报十一月", "通报上个月"):
        await clerk.says(said)
        clerk.sees_nothing_of("没看懂")
        clerk.sees("通报")


async def test_the_unit_that_was_visited(office):
    head = office.somebody("吴国华")
    await head.says("督查 财正局 暗访 在城关镇办事大厅 无人值守")
    head.sees("没有“财正局”")
    await head.presses("县财政局", on="没有“财正局”")
    head.sees("已记录暗访：县财政局")


async def test_a_decision_of_a_meeting(office):
    clerk = office.somebody("朱雪梅")
    await clerk.says("开会 11月26日9点 二楼会议室 研究抗旱 参会水利局 主持周县长")
    await clerk.presses("确认并发通知")
    await office.somebody("吴国华").says("决定事项 会1号 1. 财正局会同水利局12月15日前拨付资金")
    head = office.somebody("吴国华")
    head.sees("是县财政局吗")
    await head.presses("是，县财政局")
    head.sees("拨付资金", "牵头：县财政局", "县水利局")
