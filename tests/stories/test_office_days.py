"""Days in the office: somebody is away, papers that do not meet the rules, readers, secrets, two at once."""

from __future__ import annotations

import asyncio

from storage.models import Entry, Inbox, Matter, Outbox, Refusal

REQUEST = "登记 县财政局 关于拨付惠农补贴资金的请示 云财〔2026〕37号 转综合科"


async def test_the_stand_in_gets_everything_while_somebody_is_away(office):
    clerk, head, stand_in = (office.somebody(name) for name in ("王思雨", "李文博", "王海涛"))
    await office.at("09:00")
    await clerk.says(REQUEST)
    await clerk.presses("确认")
    head.sees("请签收并承办")
    await office.passes("5 minutes")
    await head.says("请假 11月25日至27日")
    await office.at("2026-11-24 17:00")
    await head.presses("签收承办")
    await clerk.says("登记 县教育局 关于校舍维修的请示 云教〔2026〕8号 转综合科")
    await clerk.presses("确认")
    await office.at("2026-11-25 09:30")
    stand_in.sees("请签收并承办", "您代 李文博", "收〔2026〕2号")
    await stand_in.presses("签收承办", on="收〔2026〕2号")
    office.somebody("许文斌").sees("请提出拟办意见", "收〔2026〕2号")


async def test_a_document_is_returned_the_same_day_with_reasons(office):
    clerk, head = office.somebody("王思雨"), office.somebody("李文博")
    await office.at("09:00")
    await clerk.says(REQUEST)
    await clerk.presses("确认")
    await head.presses("退文")
    await head.says("多头主送，不符合行文规则")
    clerk.sees("已退文", "多头主送，不符合行文规则", "李文博")
    assert office.matter().state == "returned"
    await clerk.says("查 惠农")
    clerk.sees("已退文", "收〔2026〕1号")
    await clerk.presses("过程")
    clerk.sees("退文", "按时")
    await office.passes("2 hours")
    head.sees_nothing_of("已逾期")


async def test_circulation_with_one_who_does_not_read(office):
    clerk = office.somebody("王思雨")
    readers = [office.somebody(name) for name in ("许文斌", "沈慧敏", "吕承志")]
    await office.at("09:00")
    await clerk.says("传阅 县公安局关于三季度社会治安形势的分析报告 许文斌 沈慧敏 吕承志")
    await clerk.presses("确认")
    for reader in readers[:2]:
        await reader.presses("已阅", on="分析报告")
    await clerk.says("查 治安形势")
    assert "吕承志" in clerk.sees("传阅", "收〔2026〕1号").text
    await office.at("2026-11-30 09:30")
    readers[2].sees("已逾期")
    readers[0].sees_nothing_of("❗ 已逾期")
    clerk.sees("逾期未办", "吕承志")
    await readers[2].presses("已阅", on="分析报告")
    clerk.sees("归档", "收〔2026〕1号")
    await clerk.says("1 办结 已传阅归档")
    assert office.matter().state == "closed"


async def test_a_classified_document_leaves_no_trace(office):
    clerk = office.somebody("王思雨")
    group = office.group("县府办工作群")
    await office.at("09:00")
    await clerk.says("登记 市委办 机密★1年 关于某某工作的通知 澜委办〔2026〕9号 转综合科", group=group)
    clerk.sees("密级", "机要渠道", group=group)
    assert group.messages[0].deleted
    await office.settled()
    assert office.rows(Matter) == []
    kept = [row.payload for row in office.rows(Inbox)] + [row.facts for row in office.rows(Outbox)]
    assert "某某工作" not in str(kept)
    assert "某某工作" not in "".join(m.text for m in clerk.received(group))
    assert [row.cause for row in office.rows(Refusal)] == ["classified"]


async def test_a_trade_secret_is_no_state_secret(office):
    clerk = office.somebody("王思雨")
    await clerk.says("登记 县市监局 关于加强商业秘密保护工作的请示 云市监〔2026〕5号 转综合科")
    await clerk.presses("确认")
    assert office.matter().title == "关于加强商业秘密保护工作的请示"


async def test_two_press_the_same_button_at_once(office):
    clerk, head = office.somebody("王思雨"), office.somebody("李文博")
    await office.at("09:00")
    await clerk.says(REQUEST)
    card = clerk.card("请核对", "确认")
    await asyncio.gather(clerk.person.presses(card, "确认"), clerk.person.presses(card, "确认"))
    await office.settled()
    assert len(office.rows(Matter)) == 1
    signing = head.card("请签收并承办", "签收承办")
    await asyncio.gather(head.person.presses(signing, "签收承办"), head.person.presses(signing, "签收承办"))
    await office.settled()
    assert sum(entry.act == "signed" for entry in office.rows(Entry)) == 1
    head.sees("这一步已经过去了", "许文斌")


async def test_somebody_elses_button_is_refused_and_says_who_holds_it(office):
    clerk, head, other = (office.somebody(name) for name in ("王思雨", "李文博", "郭永强"))
    await office.at("09:00")
    await clerk.says(REQUEST)
    await clerk.presses("确认")
    data = next(b.data for row in head.card("请签收", "签收").buttons for b in row if "签收" in b.label)
    await other.says("帮助")
    await other.person.presses_data(other.received()[-1], data)
    await office.settled()
    other.sees("由 李文博 办理", "不在您手上")
    await other.says("1 办结 已办")
    other.sees("不在您手上", "李文博")


async def test_a_day_with_the_bot_switched_off(office):
    clerk, head = office.somebody("王思雨"), office.somebody("李文博")
    await office.at("09:00")
    await clerk.says(REQUEST)
    await clerk.presses("确认")
    await office.off()
    clerk.person.says("登记 县教育局 关于校舍维修的请示 云教〔2026〕8号 转秘书一科")
    await office.on(at="2026-11-25 09:30")
    clerk.sees("请核对", "校舍维修")
    head.sees("已逾期", "延迟送达", "收〔2026〕1号")
    assert head.count("已逾期（延迟送达）") == 1
    assert head.count("⏰ 提醒") == 0
    for name in ("王海涛", "许文斌", "周明远"):
        assert office.somebody(name).count("逾期未办") == 1
        office.somebody(name).sees("延迟送达")


async def test_what_is_missing_is_asked_for_one_thing_at_a_time(office):
    clerk = office.somebody("王思雨")
    await clerk.says("登记 关于调整公务用车的请示")
    clerk.sees("来文单位是哪里")
    await clerk.says("县交通局")
    clerk.sees("转给哪个科室", "县交通运输局")
    await clerk.presses("行政科")
    card = clerk.card("请核对", "确认")
    assert "县交通运输局" in card.text
    assert "行政科" in card.text
    await clerk.presses("修改")
    await clerk.says("期限改到12月4日")
    assert "12月4日 周五 17:30" in clerk.card("请核对", "确认").text
    await clerk.presses("取消")
    clerk.sees("已取消")
    assert office.rows(Matter) == []


async def test_a_log_can_be_undone_for_a_minute(office):
    clerk, head = office.somebody("王思雨"), office.somebody("李文博")
    await office.at("09:00")
    await clerk.says(REQUEST)
    await clerk.presses("确认")
    await clerk.presses("撤销登记")
    clerk.sees("已撤销 收〔2026〕1号")
    assert office.matter().state == "void"
    head.sees("已撤销")
    await office.passes("1 hour")
    head.sees_nothing_of("已逾期")


async def test_mine_and_deferral(office):
    clerk, head, deputy = (office.somebody(name) for name in ("王思雨", "李文博", "许文斌"))
    await office.at("09:00")
    await clerk.says("登记 上级来文 市水利局关于开展水库大坝安全鉴定的通知 澜水〔2026〕33号 转综合科")
    await clerk.presses("确认")
    await head.presses("签收承办")
    await deputy.presses("拟同意")
    await office.somebody("何国栋").presses("同意")
    await head.says("待办")
    head.sees("待办（1）", "收〔2026〕1号", "承办")
    await head.says("1 延到12月15日 等市局批复")
    head.sees("已申请", "12月15日 周二 17:30", "许文斌")
    await deputy.presses("同意延期")
    head.sees("许文斌 同意", "12月15日")
    head.sees("12月15日 周二 17:30", "原时限 12月8日 周二 17:30")


async def test_a_rung_that_has_blocked_the_bot_is_passed_over_at_once(office):
    clerk, deputy = office.somebody("王思雨"), office.somebody("许文斌")
    await office.at("09:00")
    office.somebody("王海涛").person.blocks()
    await clerk.says(REQUEST)
    await clerk.presses("确认")
    await office.at("09:36")
    deputy.sees("逾期未办", "已越过", "B岗 王海涛", "停用")


async def test_sent_back_with_reasons_it_is_the_registrars_again_and_goes_elsewhere(office):
    clerk, head = office.somebody("王思雨"), office.somebody("李文博")
    await office.at("09:00")
    await clerk.says(REQUEST)
    await clerk.presses("确认")
    await office.passes("5 minutes")
    await head.says("1 退回 不属我科职责")
    clerk.sees("请签收并承办", "退回理由：不属我科职责")
    await clerk.presses("转办", on="退回理由")
    await clerk.presses("秘书一科")
    office.somebody("张志远").sees("请签收并承办", "11月24日 周二 09:30")
    head.sees("现由 张志远 办理")
