"""What people say without saying it all: a word alone, no number, a change to the card that stands."""

from __future__ import annotations

import pytest

REQUEST = "登记 县财政局 关于拨付惠农补贴资金的请示 云财〔2026〕37号 转综合科"
SECOND = "登记 县教育局 关于学校建设的请示 云教〔2026〕8号 转综合科"


async def test_the_word_alone_begins_an_entry(office):
    clerk = office.somebody("王思雨")
    await clerk.says("登记")
    clerk.sees("请把来文写成一句话")
    await clerk.says(REQUEST.removeprefix("登记 "))
    clerk.sees("请核对后确认登记", "云财〔2026〕37号")


async def test_leave_alone_asks_for_the_days(office):
    clerk = office.somebody("王思雨")
    await clerk.says("请假")
    clerk.sees("请假几号到几号")
    await clerk.says("11月26日")
    clerk.sees("王思雨 请假", "赵一鸣")


async def test_a_number_alone_shows_the_matter(office):
    clerk = office.somebody("王思雨")
    await clerk.says(REQUEST)
    await clerk.presses("确认")
    await clerk.says("1号")
    clerk.sees("收〔2026〕1号", "当前：转承办科室")


async def test_manners_are_answered(office):
    clerk = office.somebody("王思雨")
    await clerk.says("你好！")
    clerk.sees("王思雨，您好")
    await clerk.says("谢谢")
    clerk.sees("不客气")


async def test_a_change_needs_no_button_and_an_earlier_card_cannot_be_confirmed(office):
    clerk = office.somebody("王思雨")
    await clerk.says(REQUEST)
    first = clerk.card("请核对", "确认")
    await clerk.says("承办换成督查科")
    second = clerk.card("请核对", "确认")
    assert second is not first and "督查科" in second.text
    assert "综合科" in first.text and not first.buttons
    await clerk.presses("确认")
    assert office.matter().section == "督查科"


async def test_in_a_group_it_says_how_to_answer(office):
    clerk, group = office.somebody("王思雨"), office.group("县府办工作群")
    await clerk.says("登记 关于水利工程的请示 转综合科", group=group)
    question = clerk.sees("来文单位是哪里", "请“回复”这条消息作答", group=group)
    await clerk.says("县水利局", group=group, reply_to=question)
    assert "县水利局" in clerk.card("请核对", "确认", group=group).text
    await clerk.says("登记 关于水利工程的请示 转综合科")
    assert "回复" not in clerk.sees("来文单位是哪里").text


async def test_the_next_document_is_no_answer_to_what_is_asked(office):
    clerk = office.somebody("王思雨")
    await clerk.says("登记 传阅 关于印发办法的通知")
    clerk.sees("请谁传阅")
    await clerk.says(REQUEST)
    clerk.sees("请核对后确认登记", "云财〔2026〕37号")


async def test_a_number_is_never_taken_for_the_answer_about_another_matter(office):
    clerk, head = office.somebody("王思雨"), office.somebody("李文博")
    for line in (REQUEST, SECOND):
        await clerk.says(line)
        await clerk.presses("确认")
    await head.presses("退回", on="收〔2026〕1号")
    await head.says("2 同意")
    assert office.matter(2).handler_id is not None
    assert office.matter(1).handler_id is None
    head.sees("请签收并承办", "收〔2026〕1号")


@pytest.mark.parametrize("said", ["同意", "办结 已批复"])
async def test_without_a_number_it_asks_which_is_meant(office, said):
    clerk, head = office.somebody("王思雨"), office.somebody("李文博")
    for line in (REQUEST, SECOND):
        await clerk.says(line)
        await clerk.presses("确认")
    await head.says(said)
    assert office.matter(1).handler_id is None and office.matter(2).handler_id is None
    card = head.sees(f"“{said}”说的是哪一件", "收〔2026〕1号", "收〔2026〕2号")
    assert card.buttons
    if said == "同意":
        await head.presses("收〔2026〕2号", on="说的是哪一件")
        assert office.matter(2).handler_id is not None


async def test_with_nothing_in_hand_it_is_not_understood(office):
    clerk = office.somebody("王思雨")
    await clerk.says("同意")
    clerk.sees("没有看懂这句话")


async def test_urging_and_taking_back_in_words(office):
    clerk, head = office.somebody("王思雨"), office.somebody("李文博")
    await clerk.says("登记 县财政局 关于拨付惠农补贴资金的请示 转综合科")
    await clerk.presses("确认")
    await clerk.says("1 催办")
    head.sees("王思雨 催办", "收〔2026〕1号")
    clerk.sees("已催办 李文博")
    await clerk.says("撤销")
    clerk.sees("已撤销 收〔2026〕1号")
    assert office.matter().state == "void"


async def test_who_cannot_be_told_is_not_said_to_be_urged(office):
    clerk = office.somebody("王思雨")
    await clerk.says(REQUEST)
    await clerk.presses("确认")
    office.somebody("李文博").person.blocks()
    await office.settled()
    await clerk.says("催一下1号")
    clerk.sees("李文博 没有启用（或停用了）本助手", "电话")


async def test_a_deferral_without_its_reason_is_asked_for_it(office):
    clerk, deputy = office.somebody("王思雨"), office.somebody("许文斌")
    await clerk.says(REQUEST)
    await clerk.presses("确认")
    await office.somebody("李文博").presses("签收承办")
    await deputy.says("1 延到下周三")
    deputy.sees("延期的理由是什么")
    await deputy.says("等省厅批复")
    office.somebody("杨振宇").sees("申请延期", "12月2日", "理由：等省厅批复")
    await office.somebody("杨振宇").presses("不同意", on="申请延期")
    await deputy.presses("申请延期", on="请提出拟办意见")
    await deputy.says("下周四 出差")
    office.somebody("杨振宇").sees("申请延期", "12月3日", "理由：出差")


async def test_a_limit_that_is_over_is_said_to_be(office):
    clerk = office.somebody("王思雨")
    await clerk.says(f"{REQUEST}，昨天前办结")
    clerk.sees("时限“昨天前”已经过去")
    await clerk.says("上周五")
    clerk.sees("时限“上周五”已经过去，请写以后的时间")
    await clerk.says("下周五")
    clerk.sees("请核对后确认登记", "“下周五”按 12月4日 周五 17:30 理解")
    await clerk.says("改到昨天")
    clerk.sees("时限“昨天”已经过去")
    await clerk.presses("不另定，按规定时限")
    await clerk.presses("确认")
    assert office.matter().first_due_at is not None


async def test_a_deferral_to_a_day_gone_by_is_refused(office):
    clerk, head = office.somebody("王思雨"), office.somebody("李文博")
    await clerk.says(REQUEST)
    await clerk.presses("确认")
    await head.says("1 延到昨天 出差")
    head.sees("时限“昨天”已经过去")


async def test_two_changes_in_one_sentence(office):
    clerk = office.somebody("王思雨")
    await clerk.says(REQUEST)
    await clerk.says("改到下周五，承办换成督查科，改成加急")
    clerk.sees("请核对后确认登记", "承办：督查科", "【加急】", "12月4日")


async def test_a_limit_of_another_year_shows_the_year(office):
    clerk = office.somebody("王思雨")
    await clerk.says(f"{REQUEST}，明年1月5日前办结")
    clerk.sees("请核对后确认登记", "2027年1月5日 周二 17:30")


async def test_a_refused_press_in_a_group_is_said_over_the_button_alone(office):
    clerk, other = office.somebody("王思雨"), office.somebody("孙可欣")
    group = office.group("县府办工作群")
    await clerk.says(REQUEST, group=group)
    said = len(clerk.received(group))
    over = await other.presses("确认", group=group)
    assert over and "王思雨" in over and len(over) <= 190 and "<" not in over
    assert len(clerk.received(group)) == said
