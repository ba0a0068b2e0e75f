"""Numbers that no row can have: they are not there, and nothing breaks over them."""

from __future__ import annotations

import pytest
from hostile.siege import Siege

HUGE = ("2147483647", "2147483648", "99999999999", "9" * 18, "9" * 19, "9" * 40)
SAID = (
    "催 {n}号", "查 {n}号", "查 收〔2026〕{n}号", "办结 {n}号", "撤销 {n}号", "{n}号到哪了",
    "延 {n}号 到周五", "{n}号转综合科", "{n}号退回 缺附件", "急〔2026〕{n}号到哪了", "把{n}号改到下周五",
    "登记 财政局 关于经费的请示 云财〔2026〕{n}号 {n}份 转综合科", "并入 急〔2026〕{n}号", "第{n}页",
    "{n}年收了多少件", "最近{n}天收了多少件", "{n}天后到期的",
)  # fmt: skip


@pytest.mark.parametrize("number", HUGE, ids=len)
async def test_it_is_said_to_be_not_there(siege: Siege, number: str) -> None:
    clerk = siege.day.somebody("王思雨")
    for said in SAID:
        before = len(clerk.received())
        await clerk.says(said.format(n=number))
        assert len(clerk.received()) > before, said
    siege.nothing_broke()
