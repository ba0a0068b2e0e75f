"""Commands and their menu: which word is which act, and what Telegram shows to whom."""

from __future__ import annotations

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeDefault,
)

from handlers import ask, find, log, reading
from handlers import help as helping
from handlers.context import Turn

_PRIVATE = [
    ("report", "🚨 突发事件快报"),
    ("log", "登记来文"),
    ("mine", "我的待办"),
    ("find", "查找事项"),
    ("leave", "请假"),
    ("duty", "值班"),
    ("dutylog", "值班日志"),
    ("digest", "每日待办开关"),
    ("register", "突发事件登记表"),
    ("help", "用法"),
    ("cancel", "放弃正在填写的内容"),
]
_GROUP = [
    ("report", "🚨 突发事件快报"),
    ("log", "登记来文"),
    ("mine", "我的待办"),
    ("find", "查找事项"),
    ("duty", "值班"),
    ("bind", "绑定本群（管理员）"),
    ("help", "用法"),
]


async def publish(bot: Bot) -> None:
    """Tell Telegram the commands of private chats and of groups, in Chinese."""
    for scope, commands in (
        (BotCommandScopeDefault(), _PRIVATE),
        (BotCommandScopeAllPrivateChats(), _PRIVATE),
        (BotCommandScopeAllGroupChats(), _GROUP),
    ):
        await bot.set_my_commands([BotCommand(*one) for one in commands], scope=scope)


def log_(turn: Turn) -> None:
    """/log, with or without the document in the same line."""
    if not _arguments(turn):
        log.start(turn)
        return
    turn.text = _arguments(turn)
    read = reading.message(turn, as_log=True)
    if read.refused:
        helping.classified(turn)
    else:
        log.start(turn, read.items)


def mine(turn: Turn) -> None:
    """/mine"""
    find.mine(turn)


def find_(turn: Turn) -> None:
    """/find 12 · /find 财政局 请示"""
    ask.look(turn, _arguments(turn))


def _arguments(turn: Turn) -> str:
    _, _, rest = turn.text.partition(" ") if " " in turn.text.split("\n")[0] else turn.text.partition("\n")
    return rest.strip()
