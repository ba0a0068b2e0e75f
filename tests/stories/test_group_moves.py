"""A group becomes a supergroup while people write in it, before and after: all of it is heard, in order."""

from __future__ import annotations

from doubles import until

from bot.app import build
from office import groups
from storage.models import Draft, Group, Inbox

DOCUMENT = "登记 县财政局 关于第{0}项经费的请示 云财〔2026〕{0}号 转综合科"


async def test_what_is_written_around_the_move_is_heard(office):
    """All of it has arrived before the first of it is handled, as after an outage."""
    clerk, group = office.somebody("王思雨").person, office.group("综合科内部群")
    async with office.program.in_order._turn(group.id):
        clerk.says(DOCUMENT.format(1), chat=group)
        group.migrates()
        clerk.says(DOCUMENT.format(2), chat=group)
        await until(lambda: len(office.rows(Inbox)) == 4)
    await office.settled()
    assert [draft.data["number"] for draft in office.rows(Draft)] == ["云财〔2026〕1号", "云财〔2026〕2号"]
    assert {draft.chat_id for draft in office.rows(Draft)} == {group.id}
    assert group.id in [one.chat_id for one in office.rows(Group)]
    assert any("〔2026〕1号" in message.text for message in group.messages)
    assert any("〔2026〕2号" in message.text for message in group.messages)


async def test_what_was_written_before_the_move_is_heard_after_it(office):
    """The program was off. It starts, and learns of the move first: a message to the old chat is refused."""
    clerk, group = office.somebody("王思雨").person, office.group("综合科内部群")
    await office.off()
    clerk.says(DOCUMENT.format(1), chat=group)
    old = group.id
    group.migrates()
    clerk.says(DOCUMENT.format(2), chat=group)
    office.program = build(office.settings, clock=office.clock)
    await office.does(lambda desk: groups.migrated(desk, old, group.id))
    await office.program.start()
    await office.settled()
    assert [draft.data["number"] for draft in office.rows(Draft)] == ["云财〔2026〕1号", "云财〔2026〕2号"]
    for number in (1, 2):
        assert any(f"〔2026〕{number}号" in m.text and m.buttons for m in group.messages)
