"""Too long, too big, nothing: each is answered with a sentence (tasks, campaigns, meetings)."""

from __future__ import annotations

import pytest
from hostile.siege import Siege

LONG = "很长的内容" * 819
CAMPAIGN = "专项行动 防火\n阶段：一 12月10日前\n目标：整改率 {}%\n单位：水利局、财政局"
CALL = "开会 12月1日9点 二楼常务会议室 研究水利 参会：水利局 {}"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (f"专项行动 {LONG}", "名称最多 300 字"),
        (CAMPAIGN.format(0), "目标要大于零"),
        (f"通报 {LONG}", "没有看懂"),
        (f"看板 {LONG}", "没有叫"),
        (f"立项 {LONG}", "事项最多 300 字"),
        (CALL.format("预计999999999999小时"), "请核对会议"),
    ],
)
async def test_what_is_too_much_is_said(siege: Siege, said: str, answer: str) -> None:
    keeper = siege.day.somebody("吴国华")
    await keeper.says(said[:4096])
    assert len(keeper.sees(answer).text) < 500
    siege.nothing_broke()


async def test_a_goal_of_nothing_and_a_place_without_end_are_refused(siege: Siege) -> None:
    keeper, clerk = siege.day.somebody("吴国华"), siege.day.somebody("马俊杰")
    await keeper.says(CAMPAIGN.format(95))
    await keeper.presses("确认")
    await keeper.says("目标 专1号 水利局 整改率 0%")
    keeper.sees("目标要大于零")
    await clerk.says(CALL.format("预计1小时"))
    await clerk.presses("确认并发通知")
    await clerk.says(f"会1号 换到{LONG}"[:4096])
    clerk.sees("地点最多 60 字")
    siege.nothing_broke()


async def test_a_task_that_is_over_is_said_to_be_over(siege: Siege) -> None:
    keeper = siege.day.somebody("吴国华")
    await keeper.says("立项 清淤 牵头水利局 12月31日前")
    await keeper.presses("确认")
    await keeper.says("转出 督1号 市水利局 超出职权")
    await keeper.says("进展 督1号 完成60%")
    keeper.sees("没有找到 1 号在办事项", "督〔2026〕1号 已转出")
