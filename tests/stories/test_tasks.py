"""Supervised tasks: from one line to strike-off, through every hand."""

from __future__ import annotations

from incoming_files import docx


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


async def entered(office, line="老旧小区改造 来源政府工作报告 牵头住建局 12月31日前"):
    """A task on the books, and those whose hands it goes through."""
    await office.at("09:00")
    clerk = office.somebody("钱雨桐")
    await clerk.says(f"立项 {line}")
    await clerk.presses("确认")
    return clerk, office.somebody("叶向阳"), office.somebody("吴国华"), office.somebody("何国栋")


async def test_a_task_on_time_through_every_hand(office):
    clerk, liaison, head, leader = await entered(office)
    assert "督办通知单" in liaison.sees("督办通知单", "请在卡片上签收").text
    assert await liaison.presses("已签收") == "已签：已签收"
    await office.at("2026-12-01 10:00")
    await liaison.presses("反馈结果")
    liaison.sees("办理结果是什么")
    await liaison.says("已改造1000户，群众满意")
    head.sees("请核查办理结果", "督〔2026〕1号")
    await head.presses("核查同意")
    leader.sees("办理结果呈报")
    await leader.presses("同意销号")
    await liaison.says("督1号 销号 已完成")
    liaison.sees("现在的环节是“销号”，由 吴国华 办理")
    await head.presses("销号")
    await head.says("已改造1000户，经核查属实")
    matter = office.matter()
    assert (matter.state, matter.result) == ("closed", "已改造1000户，经核查属实")
    await head.presses("过程", on="已办结")
    head.sees("办理过程", "单位负责人审核：略过")


async def test_returned_twice_it_is_a_second_round(office):
    clerk, liaison, head, leader = await entered(office, "老旧小区改造 牵头住建局 12月4日前")
    await liaison.presses("已签收")
    await liaison.says("反馈 督1号 正在推进")
    await head.says("督1号 退回 没有写明户数")
    liaison.sees("退回理由：没有写明户数")
    await liaison.says("反馈 督1号 仍在推进")
    await head.says("1 退回 仍没有写明户数")
    liaison.sees("第 2 次督办通知", "反馈已被退回 2 次", "12月1日")
    office.somebody("吕承志").sees("第 2 次督办", "督〔2026〕1号")
    head.sees("🟡", "已 2 次督办")
    await liaison.says("反馈 督1号 已改造1000户，逐户核对")
    await head.presses("核查同意")
    await leader.presses("同意销号")
    await head.says("督1号 销号 已改造1000户")
    assert office.matter().state == "closed"


async def test_nobody_answers_and_the_light_turns_red(office):
    clerk, liaison, head, leader = await entered(office, "老旧小区改造 牵头住建局 11月30日前")
    await liaison.presses("已签收")
    await office.at("2026-12-03 17:40")
    liaison.sees("第 2 次督办通知", "11月30日到期")
    office.somebody("吕承志").sees("第 2 次督办")
    await office.at("2026-12-16 09:00")
    leader.sees("第 3 次督办")


async def test_a_task_is_split_among_three_units(office):
    clerk, liaison, head, leader = await entered(office)
    await clerk.says("分解 督1号 水利局 堤防段；住建局 管网段 11月30日前；财政局 资金拨付 1月10日前")
    clerk.sees("不能晚于上级事项 督〔2026〕1号", "12月31日")
    await clerk.says("分解 督1号 水利局 堤防段；住建局 管网段 11月30日前；财政局 资金拨付")
    clerk.sees("共 3 项", "堤防段", "管网段", "资金拨付")
    await clerk.presses("全部确认")
    clerk.sees("已立项 3 项", "督〔2026〕4号")
    await head.says("督1号 销号 都完成了")
    head.sees("还有分项没有办完", "督〔2026〕2号、督〔2026〕3号、督〔2026〕4号")
    for number, name, over in ((2, "魏长河", "何国栋"), (3, "叶向阳", "何国栋"), (4, "蔡建军", "周明远")):
        unit, above = office.somebody(name), office.somebody(over)
        await unit.presses("已签收", on=f"督〔2026〕{number}号")
        await unit.says(f"反馈 督{number}号 已完成")
        await head.says(f"督{number}号 同意")
        await above.says(f"督{number}号 同意")
        await head.says(f"督{number}号 销号 属实")
        assert office.matter(number).state == "closed"
    head.sees("分项都已办完，可以销号", "督〔2026〕4号 县财政局")
    await head.says("督1号 销号 三个分项均完成")
    assert office.matter(1).state == "closed"


async def test_a_look_back_reopens(office):
    clerk, liaison, head, leader = await entered(office)
    await liaison.presses("已签收")
    await liaison.says("反馈 督1号 已完成")
    await head.presses("核查同意")
    await leader.presses("同意销号")
    await head.says("督1号 销号 属实")
    await head.says("回访 督1号")
    await head.presses("不属实")
    await head.says("现场3处没有整改")
    head.sees("回访不属实：现场3处没有整改")
    await head.presses("重新办理")
    liaison.sees("重新办理", "现场3处没有整改")
    assert office.matter().state == "open"
    await liaison.says("反馈 督1号 3处已整改")
    head.sees("请核查办理结果")


async def test_out_of_remit_it_is_transferred(office):
    clerk, liaison, head, leader = await entered(office)
    await head.says("转出 督1号 市水利局 超出县级职权")
    liaison.sees("已由 吴国华 转出至 市水利局")
    assert office.matter().state == "transferred"
    await head.says("归档 督1号 2026-督-1")
    assert office.matter().archive_no == "2026-督-1"


async def test_tasks_are_asked_for_like_everything_else(office):
    clerk, liaison, head, leader = await entered(office, "老旧小区改造 牵头住建局 11月27日前")
    await liaison.presses("已签收")
    await liaison.says("待办")
    liaison.sees("其他在办", "督〔2026〕1号 老旧小区改造")
    for said in ("督1号怎么样了", "督1号", "查 老旧小区", "谁手上有老旧小区改造"):
        before = len(head.received())
        await head.says(said)
        assert "督〔2026〕1号" in "".join(one.text for one in head.received()[before:]), said
    await head.says("亮黄灯的有哪些")
    head.sees("亮黄灯", "共 1 件", "督〔2026〕1号")
    await head.says("亮红灯的有哪些")
    head.sees("亮红灯", "共 0 件")
    await head.says("督办事项有哪些")
    head.sees("督办事项", "未办结", "督〔2026〕1号")
    await office.at("2026-11-27 08:31")
    liaison.sees("今日待办", "督〔2026〕1号")


async def test_a_deferral_of_a_task(office):
    clerk, liaison, head, leader = await entered(office, "老旧小区改造 牵头住建局 12月4日前")
    await liaison.presses("已签收")
    await liaison.says("督1号 延到12月20日 等省厅批复")
    head.sees("申请延期", "督〔2026〕1号", "12月20日")
    await head.presses("同意延期")
    liaison.sees("12月20日", "原时限 12月4日")
    await office.at("2026-12-21 09:00")
    await liaison.says("督1号 延到12月30日 还没批下来")
    liaison.sees("已过时限", "请尽快办结并写明情况")


async def test_the_unit_splits_its_task_by_a_button_and_one_takes_it_back(office):
    clerk, liaison, head, leader = await entered(office)
    await liaison.presses("分解")
    liaison.sees("分解给哪些单位", "12月31日")
    await liaison.says("水利局 堤防段")
    liaison.sees("请核对后确认立项", "上级事项：督〔2026〕1号", "县水利局 魏长河")
    await liaison.presses("确认")
    office.somebody("魏长河").sees("请签收督办通知单", "上级事项：督〔2026〕1号")
    head.sees_nothing_of("分项都已办完")
    await liaison.says("督1号")
    liaison.sees("督〔2026〕1号", "督〔2026〕2号 县水利局：堤防段")


async def test_a_file_is_a_result(office):
    clerk, liaison, head, leader = await entered(office)
    await liaison.presses("已签收")
    card = liaison.card("请办理", "反馈结果")
    liaison.person.sends_file("情况报告.docx", docx("关于老旧小区改造的情况报告"), reply_to=card)
    await office.settled()
    liaison.sees("情况报告.docx 已附在 督〔2026〕1号")
    await liaison.presses("作为办理结果反馈")
    head.sees("请核查办理结果", "督〔2026〕1号")
