"""Help: an overview, and a page for each subject in the same message."""

from __future__ import annotations

from handlers.help import TOPICS


async def test_every_subject_has_a_page_in_the_same_message(office):
    clerk, admin = office.somebody("王思雨"), office.somebody("赵一鸣")
    await office.at("09:00")
    await clerk.says("/help")
    clerk.sees("督办助手能做的事", "涉密文件")
    shown = len(clerk.received())
    for name in TOPICS.values():
        await clerk.presses(name)
        clerk.sees(name.split()[1][:2])
    assert len(clerk.received()) == shown
    assert "管理员" not in clerk.received()[-1].text
    await admin.says("/help")
    await admin.presses("☎️ 值班人员")
    admin.sees("管理员", "/members")
