"""What was written before stands on the card of whoever is next: a result, a leader's opinion."""

from __future__ import annotations


async def test_a_result_is_shown_to_who_checks_it(office):
    supervisor, liaison = office.somebody("吴国华"), office.somebody("叶向阳")
    await office.at("09:00")
    await supervisor.says("立项 城区污水管网改造 牵头住建局 12月31日前")
    await supervisor.presses("确认")
    await liaison.presses("已签收")
    await liaison.presses("反馈结果")
    liaison.sees("办理结果是什么")
    await liaison.says("管网改造28公里全部完工，已通过验收")
    supervisor.sees("请核查办理结果", "承办反馈 叶向阳：管网改造28公里全部完工")


async def test_what_was_only_pressed_is_not(office):
    clerk, head, deputy = (office.somebody(name) for name in ("王思雨", "李文博", "许文斌"))
    director = office.somebody("杨振宇")
    await office.at("09:00")
    await clerk.says("登记 县财政局 关于拨付惠农补贴资金的请示 云财〔2026〕37号 转综合科")
    await clerk.presses("确认")
    await head.presses("签收承办")
    await deputy.says("拟请周县长阅示，财政局补充测算", reply_to=deputy.card("请提出拟办意见"))
    await deputy.presses("作为意见签批")
    card = director.sees("请审核拟办意见", "副主任拟办 许文斌：拟请周县长阅示")
    assert "签收承办" not in card.text
