"""工作秘密, 内部资料: the entry stops until somebody confirms that it may be made here (practice.md)."""

from __future__ import annotations

LINE = "登记 县财政局 关于拨付惠农补贴资金的请示 云财〔2026〕37号 转综合科"


async def test_a_text_asks_before_it_is_entered(office):
    clerk = office.somebody("王思雨")
    await clerk.says(f"{LINE}（内部资料，注意保存）")
    card = clerk.sees("可以登记吗")
    assert not any("确认登记" in b.label or b.label.startswith("✅") for row in card.buttons for b in row)
    await clerk.presses("已核实，可以登记")
    clerk.sees("请核对后确认登记", "云财〔2026〕37号")
    await clerk.presses("确认")
    assert office.matter().doc_number == "云财〔2026〕37号"


async def test_a_list_asks_for_each(office):
    clerk = office.somebody("王思雨")
    await clerk.says(f"1. {LINE}\n2. 县教育局 关于学校建设的请示 云教〔2026〕8号 转综合科\n以上均为内部资料")
    clerk.sees("共 2 件", "缺登记许可")
    await clerk.presses("全部确认")
    clerk.sees("可以登记吗", "1/2")
    await clerk.presses("已核实，可以登记")
    clerk.sees("请核对后确认登记", "1/2")
