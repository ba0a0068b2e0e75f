"""People, groups and the sample office as stories use them; what the bot is told of them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeChatMember,
)
from telegram.error import BadRequest

from bot.sandbox import NotPossibleError, Sandbox
from bot.sandbox.asking import commands_for

SAMPLE = Path(__file__).resolve().parents[2] / "office" / "sample"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox.serve() as serving:
        yield serving


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with Bot(sandbox.token, base_url=sandbox.base_url) as client:
        yield client


def test_the_same_name_is_the_same_person():
    sandbox = Sandbox()
    clerk = sandbox.person("王思雨", 42)
    assert sandbox.person("王思雨") is clerk and clerk.id == clerk.chat.id == 42
    office = sandbox.group("县府办工作群", [clerk])
    assert sandbox.group("县府办工作群") is office and office.id < -(10**12)


def test_the_sample_office_has_stable_ids_and_fitting_groups():
    people, groups = Sandbox().load_office(SAMPLE)
    assert (len(people), len(groups)) == (63, 14)
    assert people["陈守正"].id == 700_000_001 and people["陈守正"].user.post == "县长"
    members = {
        title: [user.first_name for user in group.chat.members.values()] for title, group in groups.items()
    }
    assert members["县政府领导工作群"] == ["陈守正", "周明远", "林晓岚", "何国栋", "苏雅琴", "杨振宇"]
    assert members["综合科内部群"] == ["许文斌", "李文博", "王海涛", "王思雨", "赵一鸣"]
    assert members["机要科内部群"] == ["杨振宇", "宋卫东", "唐静怡"]
    assert {"谢志明", "吕承志", "王思雨"} <= set(members["部门联络员群"])
    assert "廖志成" in members["乡镇联络员群"] and "谢志明" not in members["乡镇联络员群"]
    assert all(
        people["王思雨"].id in groups[title].chat.members for title in ("县府办工作群", "县府办值班应急群")
    )


async def test_only_members_speak_and_press_in_a_group(bot, sandbox):
    clerk, stranger = sandbox.person("王思雨"), sandbox.person("路人")
    office = sandbox.group("县府办工作群", [clerk])
    said = clerk.says("大家好", office)
    for attempt in (
        lambda: stranger.says("我也来", office),
        lambda: stranger.presses_data(said, "ack:1"),
        lambda: stranger.edits(said, "改"),
    ):
        with pytest.raises(NotPossibleError):
            attempt()
    office.add(stranger)
    stranger.says("现在可以", office)
    office.remove(stranger)
    kinds = [
        u.message.text or (u.message.new_chat_members and "joined") or "left" for u in await bot.get_updates()
    ]
    assert kinds == ["大家好", "joined", "现在可以", "left"]


async def test_in_privacy_mode_only_what_is_meant_for_the_bot_arrives(bot, sandbox):
    clerk = sandbox.person("王思雨")
    office = sandbox.group("县府办工作群", [clerk], administrator=False)
    sandbox.privacy = True
    own = await bot.send_message(office.id, "值班提醒")
    clerk.says("随便说说", office)
    clerk.says("/mine", office)
    clerk.says("/mine@other_bot", office)
    clerk.says("请 @Duban_Bot 登记", office)
    clerk.says("收到", office, reply_to=office.messages[0])
    heard = [update.message.text for update in await bot.get_updates()]
    assert heard == ["/mine", "请 @Duban_Bot 登记", "收到"]
    assert (await bot.get_me()).can_read_all_group_messages is False
    assert own.message_id == office.messages[0].id


async def test_members_and_chats_are_described_as_telegram_does(bot, sandbox):
    clerk, head = sandbox.person("王思雨"), sandbox.person("李文博")
    office = sandbox.group("县府办工作群", [head, clerk])
    assert (await bot.get_chat_member(office.id, head.id)).status == "creator"
    assert (await bot.get_chat_member(office.id, clerk.id)).status == "member"
    assert (await bot.get_chat_member(office.id, sandbox.person("路人").id)).status == "left"
    assert {m.user.first_name for m in await bot.get_chat_administrators(office.id)} == {"督办", "李文博"}
    assert await bot.get_chat_member_count(office.id) == 3
    assert (await bot.get_chat(office.id)).title == "县府办工作群"
    with pytest.raises(BadRequest, match="User not found"):
        await bot.get_chat_member(office.id, 5)
    await bot.leave_chat(office.id)
    assert office.chat.bot == "left"


async def test_commands_are_kept_per_scope_and_the_narrowest_is_offered(bot, sandbox):
    clerk, head = sandbox.person("王思雨"), sandbox.person("李文博")
    office = sandbox.group("县府办工作群", [head, clerk])
    await bot.set_my_commands([BotCommand("help", "帮助")])
    await bot.set_my_commands([BotCommand("mine", "我的待办")], BotCommandScopeAllPrivateChats())
    await bot.set_my_commands([BotCommand("log", "登记")], BotCommandScopeChat(office.id))
    await bot.set_my_commands([BotCommand("board", "看板")], BotCommandScopeChatMember(office.id, head.id))

    def offered(chat, person):
        return [command["command"] for command in commands_for(sandbox.cloud, chat, person.id)]

    assert offered(clerk.chat, clerk) == ["mine"]
    assert offered(office.chat, clerk) == ["log"]
    assert offered(office.chat, head) == ["board"]
    assert [c.command for c in await bot.get_my_commands(BotCommandScopeChat(office.id))] == ["log"]
    await bot.delete_my_commands(BotCommandScopeChat(office.id))
    assert offered(office.chat, clerk) == ["help"]
    with pytest.raises(BadRequest, match="Bot_command_invalid"):
        await bot.set_my_commands([BotCommand("Log", "登记")])
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.set_my_commands([BotCommand("log", "登记")], BotCommandScopeChat(-5))


async def test_names_and_descriptions_are_taken(bot):
    await bot.set_my_description("县府办的督办助手")
    await bot.set_my_short_description("督办")
    assert (await bot.get_my_description()).description == "县府办的督办助手"
    assert (await bot.get_my_short_description()).short_description == "督办"
    assert (await bot.get_my_name()).name == "督办"
