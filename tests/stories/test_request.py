"""A request from below: on time through every hand; and one that nobody touches, up the whole ladder."""

from __future__ import annotations


async def test_a_request_on_time(office):
    clerk, head = office.somebody("王思雨"), office.somebody("李文博")
    deputy, director = office.somebody("许文斌"), office.somebody("杨振宇")
    leader, chief = office.somebody("周明远"), office.somebody("陈守正")
    group = office.group("县府办工作群")

    await office.at("09:00")
    await clerk.says("登记 县财政局 关于拨付惠农补贴资金的请示 云财〔2026〕37号 转综合科", group=group)
    card = clerk.card("请核对", "确认", group=group)
    assert "11月24日 周二 09:30" in card.text
    assert "12月8日 周二 17:30" in card.text
    assert await clerk.presses("确认", group=group) == "已登记 收〔2026〕1号"
    assert "收〔2026〕1号 · 请示 · 在办" in clerk.received(group)[-1].text
    assert len(clerk.received(group)) == 1
    head.sees("请签收并承办", "收〔2026〕1号", "还剩 30 分钟")

    await office.passes("10 minutes")
    assert await head.presses("签收承办") == "已签：签收承办"
    await deputy.presses("拟同意")
    await director.presses("同意")
    await leader.says("同意，请财政局抓紧落实", reply_to=leader.card("请批示"))
    await leader.presses("作为意见签批")
    await chief.presses("同意", on="请批示")
    await head.presses("已拟复文")
    await deputy.presses("同意", on="审核复文")
    await director.presses("签发")
    await head.says("1 办结 已批复，云政复〔2026〕3号")
    assert office.matter().state == "closed"
    await head.presses("过程", on="已办结")
    timeline = head.sees("办理过程")
    assert "请财政局抓紧落实" in timeline.text
    assert timeline.text.count("按时") == 9
    clerk.sees("已办结", "收〔2026〕1号", group=group)


async def test_nobody_touches_it(office):
    clerk, head = office.somebody("王思雨"), office.somebody("李文博")
    await office.at("2026-11-24 09:00")
    await clerk.says("登记 县财政局 关于拨付惠农补贴资金的请示 云财〔2026〕37号 转综合科")
    await clerk.presses("确认")
    await office.passes("31 minutes")
    head.sees("已逾期", "收〔2026〕1号")
    await office.passes("10 minutes")
    office.somebody("王海涛").sees("逾期未办", "B岗", "李文博")
    office.somebody("许文斌").sees_nothing_of("逾期未办")
    await office.passes("30 minutes")
    office.somebody("许文斌").sees("逾期未办", "分管副主任", "王海涛")
    office.somebody("周明远").sees("逾期未办", "分管县领导")
    assert head.count("提醒") >= 2
