"""Asking as one would ask a colleague: read aloud, gone on with, of two people of one surname, in groups."""

from __future__ import annotations

import pytest

from storage.models import Inbox, Outbox

BUDGET = "登记 县财政局 关于调整部门预算的请示 云财〔2026〕37号 转综合科"
SCHOOL = "登记 县教育局 关于校舍维修的请示 云教〔2026〕8号 转综合科"
ROADS = "登记 县交通运输局 关于道路养护的请示 云交〔2026〕5号 转督查科"


async def logged(office, *lines):
    clerk = office.somebody("王思雨")
    for line in lines:
        await clerk.says(line)
        await clerk.presses("确认")
    return clerk


def mention(office):
    return f"@{office.sandbox.cloud.bot.username} "


async def test_a_follow_up_leans_on_the_question_before(office):
    deputy = office.somebody("许文斌")
    await office.at("09:00")
    await logged(office, BUDGET, SCHOOL, ROADS)
    await office.passes("31 minutes")
    await deputy.says("逾期的有哪些")
    listed = deputy.sees("已逾期，共 3 件")
    assert listed.text.index("3号") < listed.text.index("2号") < listed.text.index("1号")
    await deputy.says("那综合科呢")
    deputy.sees("综合科 · 已逾期，共 2 件")
    await deputy.says("第二个")
    deputy.sees("收〔2026〕1号", "关于调整部门预算的请示", "转承办科室 — 李文博")
    await deputy.says("只看今天的")
    deputy.sees("今天 · 综合科 · 已逾期，共 2 件")
    await deputy.says("最后一个是谁在办")
    assert "关于调整部门预算" in deputy.received()[-1].text
    await office.passes("11 minutes")
    await deputy.says("只看逾期的")
    deputy.sees("不清楚这句话接的是哪个问题")


async def test_buttons_widen_narrow_and_turn_pages_in_the_same_message(office):
    deputy = office.somebody("许文斌")
    await office.at("09:00")
    await logged(office, *(f"登记 县水利局 关于第{i}号水库加固的请示 转综合科" for i in range(1, 11)), ROADS)
    await deputy.says("综合科今天收了几个文")
    first = deputy.sees("今天 · 综合科，共 10 件", "第 1–8 件")
    assert "关于第10号水库" in first.text and "关于第2号水库" not in first.text
    await deputy.presses("下一页")
    assert "关于第2号水库" in deputy.sees("第 9–10 件").text
    await deputy.presses("全部单位")
    deputy.sees("今天，共 11 件")
    await deputy.presses("只看逾期的")
    deputy.sees("今天 · 已逾期，共 0 件")
    assert deputy.count("今天 · 综合科，共 10 件") + deputy.count("今天 · 已逾期，共 0 件") == 1
    await deputy.presses("去掉时间")
    deputy.sees("已逾期，共 0 件")


async def test_two_heads_of_one_surname(office):
    clerk = await logged(office, "登记 县教育局 关于校舍维修的请示 转秘书一科")
    await office.at("10:30")
    await clerk.says("张科长逾期了几件")
    asked = clerk.sees("您问的是哪一位")
    assert {button.label for row in asked.buttons for button in row} == {
        "张志远（秘书一科）",
        "张建平（秘书二科）",
    }
    await clerk.presses("张志远")
    clerk.sees("由 张志远 经办 · 已逾期，共 1 件", "关于校舍维修的请示")
    await clerk.says("张建平逾期了几件")
    clerk.sees("由 张建平 经办 · 已逾期，共 0 件")


async def test_a_group_sees_only_its_own(office):
    clerk, head = office.somebody("王思雨"), office.somebody("李文博")
    await office.at("09:00")
    await logged(office, BUDGET, ROADS)
    section, whole = office.group("综合科内部群"), office.group("县府办工作群")
    await head.says(f"{mention(office)}还有哪些没办结", group=section)
    shown = head.sees("未办结，共 1 件", group=section)
    assert "部门预算" in shown.text and "道路养护" not in shown.text
    await head.says(f"{mention(office)}2号到哪了", group=section)
    head.sees("共 0 件，没有找到", group=section)
    await clerk.says(f"{mention(office)}还有哪些没办结", group=whole)
    clerk.sees("未办结，共 2 件", group=whole)


async def test_what_is_ones_own_is_told_in_private(office):
    head, group = office.somebody("李文博"), office.group("县府办工作群")
    await office.at("09:00")
    await logged(office, BUDGET)
    await office.passes("31 minutes")
    await head.says(f"{mention(office)}我逾期几件", group=group)
    head.sees("清单已发到私聊", group=group)
    assert not any("部门预算" in m.text and "我的" in m.text for m in head.received(group))
    head.sees("我的 · 已逾期，共 1 件", "部门预算")
    await head.says("第一个")
    head.sees("转承办科室 — 李文博")


async def test_one_matter_is_shown_as_its_card(office):
    leader = office.somebody("周明远")
    await logged(office, BUDGET, SCHOOL)
    for question in ("财政局那个预算的请示到哪了", "1号谁在办", "云财[2026]37号办到哪一步了", "查 部门预算"):
        await leader.says(question)
        assert "转承办科室 — 李文博" in leader.received()[-1].text, question


async def test_units_are_ranked_and_persons_are_not(office):
    supervisor = office.somebody("吕承志")
    await logged(office, BUDGET, ROADS)
    await supervisor.says("本月谁办得最快")
    supervisor.sees("不给个人排名", "只统计单位")
    await supervisor.says("本月各科室办结率排名")
    ranked = supervisor.sees("各承办单位（2 个单位）", "办结率 = 办结 ÷ 收到")
    assert "综合科 办结 0/1 件（0%）" in ranked.text


async def test_who_has_not_read_it(office):
    clerk = office.somebody("王思雨")
    await office.at("09:00")
    await clerk.says("传阅 县公安局关于三季度社会治安形势的分析报告 许文斌 沈慧敏 吕承志")
    await clerk.presses("确认")
    await office.somebody("许文斌").presses("已阅")
    await clerk.says("治安形势的报告谁还没看")
    told = clerk.sees("已阅（签收）1 人", "未阅（未签收）2 人")
    assert "沈慧敏" in told.text and "许文斌" not in told.text


async def test_what_is_not_understood_is_said_with_examples_that_fit(office):
    liaison = office.somebody("蔡建军")
    await logged(office, BUDGET)
    await liaison.says("怎么收文")
    said = liaison.received()[-1].text
    assert "1号办到哪了" in said and "县财政局逾期几件" in said
    await liaison.says("1号办到哪了")
    liaison.sees("部门预算", "李文博")


async def test_the_daily_lists_come_at_half_past_eight_and_can_be_turned_off(office):
    head, stand_in, other = (office.somebody(name) for name in ("李文博", "王海涛", "吴国华"))
    await office.at("16:00")
    await logged(office, BUDGET, SCHOOL)
    await head.presses("签收承办", on="部门预算")
    await head.says("2号转王海涛")
    await office.at("2026-11-25 08:30")
    head.sees("今日待办", "其他同志手上逾期或今日到期 1 件", "王海涛")
    stand_in.sees("今日待办", "已逾期 1 件", "校舍维修")
    other.sees_nothing_of("今日待办")
    await stand_in.presses("不再发送")
    stand_in.sees("已关闭每日待办")
    await office.at("2026-11-26 08:30")
    assert stand_in.count("今日待办") == 1
    assert head.count("今日待办") == 2
    await stand_in.says("/digest")
    stand_in.sees("已打开每日待办")
    assert not [row for row in office.rows(Outbox) if row.state == "failed"]


async def test_mine_is_split_and_has_pages(office):
    head = office.somebody("李文博")
    await office.at("09:00")
    await logged(office, *(f"登记 县水利局 关于第{i}号水库加固的请示 转综合科" for i in range(1, 13)))
    await office.passes("31 minutes")
    await head.says("待办")
    first = head.sees("待办（12）", "逾期 12", "第 1–10 件")
    assert "关于第11号水库" not in first.text
    await head.presses("下一页")
    assert "关于第11号水库" in head.sees("第 11–12 件").text
    await head.presses("上一页")
    head.sees("第 1–10 件")


@pytest.mark.parametrize("choice", ["1 小时后", "今天下班前", "明早"])
async def test_later_quiets_reminders_and_never_the_limit(office, choice):
    """A notice from above: the section's limit is two hours, reminders at half and at four fifths of it."""
    head = office.somebody("李文博")
    await office.at("2026-11-26 09:00")
    await logged(office, "登记 市水利局 关于今冬水利建设的通知 转综合科")
    await office.at("2026-11-26 10:00")
    await head.presses("稍后提醒", on="⏰ 提醒")
    await head.presses(choice)
    head.sees("以前不再提醒", "时限 11月26日 周四 11:00 不变")
    await office.at("2026-11-26 10:50")
    assert head.count("⏰ 提醒") == 1
    await office.at("2026-11-26 11:05")
    head.sees("已逾期")


async def test_after_an_hour_it_is_reminded_again(office):
    """A letter is forwarded the same day: reminders at half past the way and at four fifths of it."""
    head = office.somebody("李文博")
    await office.at("2026-11-26 09:00")
    await logged(office, "来信 红星村村民反映道路破损 转综合科")
    await office.at("2026-11-26 14:00")
    await head.presses("稍后提醒", on="⏰ 提醒")
    await head.presses("1 小时后")
    await office.at("2026-11-26 14:59")
    assert head.count("⏰ 提醒") == 1
    await office.at("2026-11-26 15:01")
    assert head.count("⏰ 提醒") == 2


async def test_typed_after_the_bots_name_in_any_chat(office):
    liaison, head, stranger = (
        office.somebody("蔡建军"),
        office.somebody("李文博"),
        office.sandbox.person("路人"),
    )
    await logged(office, BUDGET, SCHOOL)
    offered = await liaison.person.types_inline("请示")
    assert [one["title"] for one in offered] == ["▶️ 收〔2026〕1号 关于调整部门预算的请示"]
    assert "转承办科室 — 李文博" in offered[0]["input_message_content"]["message_text"]
    assert [one["id"] for one in await head.person.types_inline("")] == ["1", "2"]
    assert [one["id"] for one in await head.person.types_inline("2", "group")] == ["2"]
    assert await head.person.types_inline("没有的事") == []
    assert await stranger.types_inline("请示", within=0.5) is None
    assert not [row for row in office.rows(Inbox) if row.payload]
