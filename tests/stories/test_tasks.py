"""Supervised tasks: from one line to strike-off, through every hand."""

from __future__ import annotations


async def test_one_line_becomes_a_task(office):
    clerk, liaison = office.somebody("钱雨桐"), office.somebody("叶向阳")
    await office.at("09:00")
    await clerk.says("立项 老旧小区改造1000户 来源政府工作报告 牵头住建局 配合财政局 12月31日前 每月反馈")
    clerk.sees("请核对后确认立项", "县住房和城乡建设局 叶向阳", "县财政局", "12月31日")
    await clerk.says("配合单位：财政局、水利局", reply_to=clerk.card("请核对"))
    clerk.sees("请核对后确认立项", "县财政局、县水利局")
    assert await clerk.presses("确认") == "已登记 督〔2026〕1号"
    clerk.sees("已立项 督〔2026〕1号")
    liaison.sees("请签收督办通知单", "督〔2026〕1号")


async def test_what_is_missing_is_asked_for_one_at_a_time(office):
    clerk = office.somebody("钱雨桐")
    await office.at("09:00")
    await clerk.says("立项")
    clerk.sees("写成一句话")
    await clerk.says("老旧小区改造")
    clerk.sees("还缺 牵头单位、时限", "由哪个单位牵头")
    await clerk.says("住建局")
    clerk.sees("什么时候办结")
    await clerk.says("随便")
    clerk.sees("随便")
    await clerk.says("12月底前")
    clerk.sees("请核对后确认立项", "12月31日")
    await clerk.presses("取消")
    clerk.sees("已取消，未立项")


async def test_several_lines_are_several_tasks(office):
    clerk = office.somebody("钱雨桐")
    await office.at("09:00")
    await clerk.says(
        "立项\n1. 老旧小区改造 住建局牵头 12月31日前\n2. 堤防加固 水利局牵头\n3. 校舍排查 教育局 下周五前"
    )
    clerk.sees("共 3 项", "堤防加固", "缺时限")
    await clerk.presses("全部确认")
    clerk.sees("已立项 2 项", "还有 1 项")
    clerk.sees("第 1/1 件", "什么时候办结")
    await clerk.says("12月20日前")
    await clerk.presses("确认")
    assert office.matter(3).title == "堤防加固"


async def test_who_does_not_supervise_may_not_enter_tasks(office):
    liaison = office.somebody("叶向阳")
    await office.at("09:00")
    await liaison.says("立项 老旧小区改造 住建局 12月31日前")
    liaison.sees("您没有立项的权限")
