"""Groups: /bind and /unbind by an administrator; the bot comes or goes, a group moves to another id."""

from __future__ import annotations

from functools import partial

from telegram import ChatMember, ChatMemberUpdated, Update
from telegram.ext import ContextTypes

from handlers import reading
from handlers.context import Turn, Worker, on, rows_of
from office import groups, personnel
from office.desk import Desk, Refused
from office.roster_sheets import LEVELS
from rules.harmless import harmless_name
from storage import inbox, people
from storage.models import Card, Outbox
from storage.outbox import ANSWER

PAGE = 8
_INSIDE = {ChatMember.MEMBER, ChatMember.ADMINISTRATOR, ChatMember.OWNER, ChatMember.RESTRICTED}
_LEVEL_WORDS = {word: level for level, word in LEVELS.items()} | {level: level for level in LEVELS}


async def bind(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """/bind · /bind 综合科 · /bind 县政府办公室 单位"""
    await on(partial(_bind, title=_title(update)))(update, context)


async def bind_pressed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A button of the choice of level, then of unit: bind:section · bind:section.8 · bind:section.u12"""
    await on(partial(_choose, title=_title(update)))(update, context)


def unbind(turn: Turn) -> None:
    """/unbind"""
    _check(turn)
    turn.answer("groups.unbound", name=groups.unbind(turn.desk, turn.chat_id, by=turn.member))


def _bind(turn: Turn, title: str) -> None:
    _check(turn)
    words = turn.text.split()[1:]
    level = _LEVEL_WORDS.get(words[-1]) if len(words) > 1 else None
    if words:
        _bound(turn, title, "".join(words[:-1] if level else words), level)
        return
    now = groups.facts(turn.desk, turn.group) if turn.group else None
    turn.answer("groups.which_level", buttons=_level_buttons(turn), now=now)


def _choose(turn: Turn, title: str) -> None:
    """Every press is checked anew; the choice so far is in the button."""
    _check(turn)
    level, _, rest = turn.text.partition(":")[2].partition(".")
    if level not in groups.levels(turn.desk):
        turn.rewrite("groups.which_level", buttons=_level_buttons(turn), now=None)
    elif rest.startswith("u"):
        place = reading.number(rest[1:])
        units = groups.units_for(turn.desk, level)
        if place >= len(units):
            raise Refused("button_unknown")
        _bound(turn, title, units[place].name, level)
    else:
        _show_units(turn, level, reading.number(rest or "0"))


def _bound(turn: Turn, title: str, unit: str, level: str | None) -> None:
    group = groups.bind(turn.desk, turn.chat_id, title, unit, level, by=turn.member)
    facts = groups.facts(turn.desk, group)
    (turn.rewrite if turn.pressed else turn.answer)("groups.bound", **facts)


def _show_units(turn: Turn, level: str, first: int) -> None:
    units = groups.units_for(turn.desk, level)
    shown = range(first, min(first + PAGE, len(units)))
    buttons = rows_of([["bind", f"{level}.u{i}", units[i].name] for i in shown])
    turning = [["bind", f"{level}.{first - PAGE}", "‹ 上一页"]] if first else [["bind", "", "‹ 层级"]]
    if first + PAGE < len(units):
        turning.append(["bind", f"{level}.{first + PAGE}", "下一页 ›"])
    turn.rewrite("groups.which_unit", buttons=[*buttons, turning], level=LEVELS.get(level, level))


def _level_buttons(turn: Turn) -> list[list[list[str]]]:
    choices = [["bind", level, f"{LEVELS.get(level, level)}层"] for level in groups.levels(turn.desk)]
    return [list(map(list, row)) for row in rows_of(choices)]


def _check(turn: Turn) -> None:
    if turn.private:
        raise Refused("group_only")
    personnel.check_right(turn.desk, turn.member, "bind_groups")


def _title(update: Update) -> str:
    chat = update.effective_chat
    return harmless_name((chat.title if chat else None) or "") or "群"


# --- coming, going, moving --------------------------------------------------------------------------


async def came_or_went(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """The bot was put into a group or taken out of it."""
    worker: Worker = context.bot_data["worker"]
    await worker.do(lambda desk: _came_or_went(desk, update))


def _came_or_went(desk: Desk, update: Update) -> None:
    change = update.my_chat_member
    assert change is not None
    if inbox.is_done(update.update_id, session=desk.session):
        return
    inbox.mark_done(update.update_id, now=desk.now, session=desk.session)
    if _is_inside(change.new_chat_member) and not _is_inside(change.old_chat_member):
        _say_how_to_bind(desk, change)
    elif not _is_inside(change.new_chat_member):
        by = people.by_telegram_id(change.from_user.id, session=desk.session)
        groups.removed(desk, change.chat.id, by)


def _is_inside(one: ChatMember) -> bool:
    return one.status in _INSIDE and getattr(one, "is_member", True)


def _say_how_to_bind(desk: Desk, change: ChatMemberUpdated) -> None:
    if people.group_of_chat(change.chat.id, session=desk.session) is not None:
        return
    card = Card(chat_id=change.chat.id, kind="note")
    desk.session.add(card)
    desk.session.flush()
    message = Outbox(
        chat_id=change.chat.id,
        card_id=card.id,
        priority=ANSWER,
        wording="groups.how_to_bind",
        facts={"buttons": []},
        created_at=desk.now,
    )
    desk.session.add(message)


async def moved(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A group has become a supergroup: said in the old chat and in the new one."""
    message = update.message
    assert message is not None
    old = message.migrate_from_chat_id or message.chat.id
    new = message.migrate_to_chat_id or message.chat.id
    worker: Worker = context.bot_data["worker"]
    await worker.do(lambda desk: _moved(desk, update.update_id, old, new))


def _moved(desk: Desk, update_id: int, old: int, new: int) -> None:
    if not inbox.is_done(update_id, session=desk.session):
        groups.migrated(desk, old, new)
        inbox.mark_done(update_id, now=desk.now, session=desk.session)
