"""Help that fits what the member may do, 取消, and what is said when nothing else fits."""

from __future__ import annotations

from handlers import lists, log
from handlers.context import Turn, rows_of
from handlers.keyboards import Rows
from office.desk import Refused
from storage import drafts

_EXAMPLES = ("登记 财政局 关于预算调整的请示 云财〔2026〕12号 转综合科", "待办", "12 办结 已批复")


TOPICS = {
    "papers": "📝 登记办理",
    "asking": "🔎 待办查问",
    "tasks": "📌 督查督办",
    "meeting": "👥 会议",
    "urgent": "🚨 突发事件",
    "people_": "☎️ 值班人员",
}
"""subjects of the help, a wording each"""


def help_(turn: Turn) -> None:
    """What can be done here, by this member."""
    turn.answer("help.help", buttons=_topics())


def topic(turn: Turn, target: str) -> None:
    """The help on one subject, in place of what was shown."""
    if target not in TOPICS:
        raise Refused("button_unknown")
    turn.rewrite(f"help.{target}", admin="admin" in turn.member.roles, buttons=_topics())


def _topics() -> Rows:
    return rows_of([["help_topic", key, name] for key, name in TOPICS.items()])


def cancel(turn: Turn) -> None:
    """/cancel: leave what is being filled in."""
    draft = drafts.latest(
        chat_id=turn.chat_id, member_id=turn.member_id, now=turn.desk.now, session=turn.desk.session
    )
    if draft is None:
        turn.answer("help.nothing_to_cancel")
        return
    drafts.write(draft, now=turn.desk.now, state="cancelled")
    turn.answer(log.cancelled(draft))
    lists.left(turn, draft)


def not_understood(turn: Turn) -> None:
    """A message nobody could make out: say so, with examples that fit."""
    turn.answer("help.short", examples=list(_EXAMPLES))


def not_text(turn: Turn) -> None:
    """A picture, a sticker, a place: say what can be done with it."""
    turn.answer("help.file_only" if turn.file else "help.not_text")


def classified(turn: Turn) -> None:
    """D13: refused, nothing echoed; the sender is told what to do now."""
    turn.answer("help.classified", deleted=not turn.private, to_message=False)


MENU = [
    [["menu", "report", "🚨 突发事件快报"]],
    [["menu", "log", "📝 登记"], ["menu", "mine", "📋 待办"]],
    [["menu", "find", "🔎 查找"], ["menu", "help", "❓ 帮助"]],
]
"""the buttons of the main menu"""
