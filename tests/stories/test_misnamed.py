"""A question about somebody whom nobody knows: it says so and offers those near, taking none in silence."""

from __future__ import annotations

BUDGET = "登记 县财政局 关于调整部门预算的请示 云财〔2026〕37号 转综合科"
SCHOOL = "登记 县教育局 关于校舍维修的请示 云教〔2026〕8号 转督查科"


async def logged(office):
    clerk = office.somebody("王思雨")
    for line in (BUDGET, SCHOOL):
        await clerk.says(line)
        await clerk.presses("确认")
    return clerk


async def test_a_unit_with_a_slip_is_offered_and_the_same_question_run(office):
    clerk = await logged(office)
    await clerk.says("财正局那个请示到哪了")
    clerk.sees("没有“财正局”")
    await clerk.presses("县财政局", on="没有“财正局”")
    clerk.sees("“财正局”按 县财政局 处理")
    assert "关于调整部门预算的请示" in clerk.received()[-1].text


async def test_what_is_looked_for_by_words(office):
    clerk = await logged(office)
    await clerk.says("查 财正局")
    await clerk.presses("县财政局", on="没有“财正局”")
    assert "关于调整部门预算的请示" in clerk.received()[-1].text


async def test_what_was_written_may_have_been_meant(office):
    clerk = await logged(office)
    await clerk.says("督察科有几件")
    await clerk.presses("按“督察科”查找")
    clerk.sees("含“督察科”，共 0 件")


async def test_a_person_with_a_slip_and_one_whom_nobody_is_near(office):
    clerk = await logged(office)
    await clerk.says("吴国化手上有什么")
    await clerk.presses("吴国华", on="没有“吴国化”")
    assert "关于校舍维修的请示" in clerk.received()[-1].text
    await clerk.says("王小鸣手上有什么")
    clerk.card("没有“王小鸣”", "王海涛")
    await clerk.says("龙小二手上有什么")
    clerk.sees("没有“龙小二”", "请核对后再写，或按原文查找")


async def test_a_follow_up_keeps_what_was_asked_before(office):
    head = office.somebody("许文斌")
    await logged(office)
    await head.says("综合科今天收了几个文")
    head.sees("今天 · 综合科，共 1 件")
    await head.says("那督察科呢")
    await head.presses("督查科", on="没有“督察科”")
    head.sees("今天 · 督查科，共 1 件", "关于校舍维修的请示")


async def test_in_a_group_it_shows_no_more_than_the_group_may_see(office):
    await logged(office)
    clerk, group = office.somebody("王思雨"), office.group("综合科内部群")
    bot = f"@{office.sandbox.cloud.bot.username} "
    for asked, unit in (("财正局的请示有哪些", "县财政局"), ("教玉局的请示有哪些", "县教育局")):
        await clerk.says(bot + asked, group=group)
        await clerk.presses(unit, on="没有“", group=group)
    shown = "\n".join(message.text for message in clerk.received(group))
    assert "关于调整部门预算的请示" in shown
    assert "关于校舍维修的请示" not in shown
