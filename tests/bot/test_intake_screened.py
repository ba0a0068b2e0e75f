"""Intake: what may not be kept leaves no trace: classified papers, strangers, groups that are not bound."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from doubles import until
from recorder import cut_short

from storage.models import Inbox, Refusal

pytestmark = pytest.mark.usefixtures("nothing_left")


def stored(folder: Path, words: str) -> bool:
    """Whether words stand anywhere in the database's files."""
    return any(words.encode() in file.read_bytes() for file in folder.glob("duban.db*"))


# --- classified papers (D13) ------------------------------------------------------------------------

MARKED = "机密★1年 关于某某问题的请示"


async def test_a_classified_text_is_stored_nowhere(handled, clerk, settled, rows, tmp_path):
    clerk.says(MARKED)
    await settled()
    update = handled.seen[0]
    assert update.api_kwargs["screened"] == "classified"
    assert update.effective_message.text is None
    assert update.effective_user.id == clerk.id
    assert (update.effective_chat.id, update.effective_message.message_id) == (clerk.id, 1)
    assert "某某问题" not in str(update)
    assert rows(Inbox)[0].screened == "classified"
    assert not stored(tmp_path, "某某问题")


async def test_so_is_a_caption_and_a_file_name(handled, clerk, settled, tmp_path):
    clerk.sends_file("机密★1年 会议纪要.docx", b"x")
    clerk.sends_file("纪要.docx", b"x", caption="【秘密】关于内部事项的通知")
    clerk.sends_photo(b"\x89PNG\r\n\x1a\n", caption="密级：机密")
    await settled()
    assert [u.api_kwargs.get("screened") for u in handled.seen] == ["classified"] * 3
    assert all(u.effective_message.document is None for u in handled.seen)
    assert not stored(tmp_path, "会议纪要.docx")
    assert not stored(tmp_path, "内部事项")


async def test_an_edit_that_makes_it_classified_is_screened_too(handled, clerk, settled, tmp_path):
    message = clerk.says("关于事项的请示")
    clerk.edits(message, MARKED)
    await settled()
    assert handled.seen[1].edited_message.text is None
    assert not stored(tmp_path, "某某问题")


async def test_a_reply_does_not_carry_the_classified_text_it_answers(
    program, handled, clerk, settled, telegram, rows, tmp_path
):
    handled.held[clerk.id] = asyncio.Event()
    marked = clerk.says(MARKED)
    clerk.says("上面这份请撤回", reply_to=marked)
    await until(lambda: len(rows(Inbox)) == 2)
    kept = rows(Inbox)[1].payload["message"]
    assert kept["text"] == "上面这份请撤回"
    assert kept["reply_to_message"]["message_id"] == marked.id
    assert "text" not in kept["reply_to_message"]
    handled.held[clerk.id].set()
    await settled()
    assert not stored(tmp_path, "某某问题")


async def test_words_that_merely_hold_the_mark_pass(handled, clerk, settled):
    clerk.says("登记 县司法局 关于商业秘密保护工作的请示")
    await settled()
    assert handled.texts == ["登记 县司法局 关于商业秘密保护工作的请示"]
    assert "screened" not in handled.seen[0].api_kwargs


async def test_a_refusal_that_was_not_given_before_a_crash_is_given_after_it(handled, clerk, restart, rows):
    handled.held[clerk.id] = asyncio.Event()
    clerk.says("待办")
    clerk.says(MARKED)
    await until(lambda: len(rows(Inbox)) == 2)
    again, after = await cut_short(restart, handled, clerk)
    await again.settle()
    assert [u.api_kwargs.get("screened") for u in after.seen] == ["classified"]


async def test_classified_papers_are_counted(handled, clerk, settled, rows):
    clerk.says(MARKED)
    clerk.says(MARKED)
    await settled()
    assert [(row.cause, row.count) for row in rows(Refusal)] == [("classified", 2)]


async def test_anybody_in_a_bound_group_is_told(handled, members, telegram, settled, tmp_path):
    passer_by = telegram.person("路人")
    group = telegram.group("县府办工作群", [passer_by])
    await members.bind(group.id)
    passer_by.says(MARKED, chat=group)
    await settled()
    assert handled.seen[0].api_kwargs["screened"] == "classified"
    assert not stored(tmp_path, "某某问题")


# --- strangers and groups that are not bound ----------------------------------------------------------


async def test_a_stranger_leaves_a_count_and_nothing_else(handled, settled, telegram, rows, tmp_path):
    stranger = telegram.person("陌生人")
    stranger.says("你们县长是谁")
    await settled()
    row = rows(Inbox)[0]
    assert (row.payload, row.chat_id, row.screened) == (None, None, "stranger")
    assert row.done_at is not None
    assert [(one.cause, one.count) for one in rows(Refusal)] == [("stranger", 1)]
    assert handled.seen[0].api_kwargs["screened"] == "stranger"
    assert not stored(tmp_path, "县长是谁")
    assert not stored(tmp_path, "陌生人")
    assert not stored(tmp_path, str(stranger.id))


async def test_a_stranger_who_goes_on_is_counted_but_not_answered(handled, settled, telegram, rows):
    stranger, other = telegram.person("陌生人"), telegram.person("路人")
    for _ in range(5):
        stranger.says("在吗")
    other.says("在吗")
    await settled()
    assert [u.effective_user.id for u in handled.seen] == [stranger.id, other.id]
    assert rows(Refusal)[0].count == 6


@pytest.mark.parametrize(
    "text", ["/start ABCD-EFGH-IJKL-MNOP", "/start ABCDEFGHIJKLMNOP", "abcd efgh ijkl mnop"]
)
async def test_a_code_goes_through(handled, settled, telegram, text):
    telegram.person("新同事").says(text)
    await settled()
    assert handled.texts == [text]


async def test_a_strangers_button_is_answered_without_its_data(handled, clerk, settled, telegram, program):
    await program.telegram.bot.send_message(clerk.id, "卡片")
    stranger = telegram.person("陌生人")
    stranger.start()
    await settled()
    message = await clerk.sees("卡片")
    handled.seen.clear()
    telegram.cloud.press(stranger.user, message, "sign:1")
    await settled()
    assert handled.seen == []  # answered once a minute, and /start was answered already
    other = telegram.person("路人")
    telegram.cloud.press(other.user, message, "sign:1")
    await settled()
    query = handled.seen[0].callback_query
    assert (query.data, query.message, query.from_user.id) == (None, None, other.id)


async def test_strangers_in_a_bound_group_are_only_heard_when_they_speak_to_the_bot(
    handled, members, telegram, settled, rows
):
    stranger, clerk = telegram.person("陌生人"), telegram.person("王思雨")
    group = telegram.group("县府办工作群", [stranger, clerk])
    await members.add(clerk)
    await members.bind(group.id)
    stranger.says("大家中午吃什么", chat=group)
    stranger.says("@王思雨 看一下", chat=group)
    await settled()
    assert handled.seen == []
    assert rows(Refusal) == []
    stranger.says("@duban_bot 待办", chat=group)
    clerk.says("吃面", chat=group)
    await settled()
    assert [u.api_kwargs.get("screened") for u in handled.seen] == ["stranger", None]


async def test_in_a_group_that_is_not_bound_only_members_commands_are_heard(
    handled, clerk, telegram, settled, rows
):
    stranger = telegram.person("陌生人")
    group = telegram.group("别的群", [clerk, stranger])
    clerk.says("周末去爬山", chat=group)
    stranger.says("/log 关于预算的请示", chat=group)
    await settled()
    assert handled.seen == []
    assert [row.screened for row in rows(Inbox)] == ["unbound", "unbound"]
    clerk.says("/bind", chat=group)
    await settled()
    assert handled.texts == ["/bind"]


async def test_the_bots_standing_is_heard_from_members_and_bound_groups(
    handled, clerk, members, telegram, settled
):
    stranger = telegram.person("陌生人")
    bound, other = telegram.group("县府办工作群", [stranger]), telegram.group("别的群", [stranger])
    await members.bind(bound.id)
    clerk.blocks()
    bound.removes_bot(stranger)
    other.removes_bot(stranger)
    stranger.start()
    stranger.blocks()
    await settled()
    standings = [u.my_chat_member.chat.id for u in handled.seen if u.my_chat_member]
    assert standings == [clerk.id, bound.id]


async def test_a_bound_group_that_becomes_a_supergroup_is_heard_whoever_did_it(
    handled, members, telegram, settled
):
    group = telegram.group("县府办工作群", [telegram.person("路人")], kind="group")
    await members.bind(group.id)
    old = group.id
    group.migrates()
    await settled()
    moves = [
        (u.message.migrate_from_chat_id, u.message.migrate_to_chat_id, u.effective_chat.id)
        for u in handled.seen
    ]
    assert (None, group.id, old) in moves
