"""The duty log in chat: 记 14:05 市气象局来电 …, additions by reply, /dutylog (E6)."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers import reading
from handlers.context import Turn
from handlers.emergency import opening
from handlers.keyboards import Rows
from office import duty_log, hand_out
from office.desk import Refused
from office.duty import day_of
from office.duty_sheets import read_day
from office.papers import duty_log as paper
from rules import duty_entry
from rules.patterns import lazy
from rules.reading import Item, read_message
from rules.when import read_instants, read_past
from storage import duty
from storage.models import DutyEntry

_NOTE = lazy(r"记[\s:：，,]+(?=\S)|记(?:录|一下|一条)?[\s:：，,]*(?=[0-2]?\d[:：点时])")
"""how an entry begins"""
_OTHER_ACTS = ("log", "emergency", "duty_log", "find", "mine", "help", "leave")
"""what a reply to an entry's card may say besides an addition"""


def takes(turn: Turn, said: str) -> bool:
    """记 14:05 市气象局来电 …: an entry by its first word, whatever else it speaks of. False: it is none."""
    head = _NOTE.match(said)
    if head is None:
        return False
    remark = said[head.end() :].strip()
    desk = turn.desk
    past = read_past(remark, desk.calendar.local(desk.now), desk.calendar)
    take_duty_log(turn, Item(remark=remark, occurred=past.at if past else None))
    return True


def take_duty_log(turn: Turn, item: Item) -> None:
    """Write an entry as it was read: when it happened, and the words after the heading."""
    entry = duty_log.write(turn.desk, turn.member, item.remark or reading.plain(turn.text), item.occurred)
    entry.card_id = turn.answer(
        "duty.entry", buttons=_buttons(turn, entry), kind="note", **_facts(turn, entry)
    )
    turn.desk.session.add(entry)


def _facts(turn: Turn, entry: DutyEntry) -> dict[str, Any]:
    return duty_log.facts(turn.desk, entry) | {"emergency": _is_emergency(turn, entry)}


def _is_emergency(turn: Turn, entry: DutyEntry) -> bool:
    """Whether what was noted reads like a quick report that was not sent: then a button sends one."""
    words = duty_entry.said(entry.text)
    read = read_message(words, reading.context(turn))
    return read.act == "emergency" and duty_log.reported_as(entry) is None


def to_report(turn: Turn, target: str) -> None:
    """The button 转为快报: what was noted opens an emergency, received when the call came."""
    entry = turn.desk.session.get(DutyEntry, reading.number(target))
    if entry is None:
        raise Refused("button_unknown")
    if before := duty_log.reported_as(entry):
        raise Refused("duty_log_became", words=before)
    matter = opening.begin(turn, duty_entry.said(entry.text), received=entry.happened_at)
    duty_log.became(turn.desk, entry, turn.member, matter)
    turn.rewrite("duty.entry", buttons=_buttons(turn, entry), **_facts(turn, entry))


def replied(turn: Turn) -> bool:
    """A reply to an entry's card: an addition to it. False: it is none, or says something else."""
    card = turn.reply_card
    entry = duty.entry_of_card(card.id, session=turn.desk.session) if card and card.id else None
    if entry is None:
        return False
    read = reading.message(turn)
    if read.refused or read.act in _OTHER_ACTS:
        return False
    said = reading.plain(turn.text)
    if said in ("办毕", "已办毕", "完毕", "已办结", "办结"):
        duty_log.finish(turn.desk, entry, turn.member)
        _added(turn, entry, "result")
    else:
        _added(turn, entry, duty_log.add(turn.desk, entry, turn.member, said))
    return True


def _added(turn: Turn, entry: DutyEntry, field: str) -> None:
    """The card is edited in place; a short word says where the addition went."""
    facts = _facts(turn, entry)
    if turn.reply_card is not None:
        turn.card = turn.reply_card
        turn.rewrite("duty.entry", buttons=_buttons(turn, entry), **facts)
    turn.answer("duty.entry_added", number=entry.number, at=facts["at"], field=field)


def done(turn: Turn, target: str) -> None:
    """The button 办毕."""
    entry = turn.desk.session.get(DutyEntry, reading.number(target))
    if entry is None:
        raise Refused("button_unknown")
    duty_log.finish(turn.desk, entry, turn.member)
    turn.rewrite("duty.entry", buttons=_buttons(turn, entry), **_facts(turn, entry))
    turn.say("已办毕")


def _buttons(turn: Turn, entry: DutyEntry) -> Rows:
    done: list[list[Any]] = [] if entry.finished_at else [["entry_done", entry.id, "✅ 办毕"]]
    report = [["entry_report", entry.id, "🚨 转为快报"]] if _is_emergency(turn, entry) else []
    return [row] if (row := [*report, *done]) else []


def of_day(turn: Turn) -> None:
    """/dutylog, /dutylog 11月25日, /dutylog 昨天: a day's log as a document."""
    desk = turn.desk
    if not duty_log.may_write(desk, turn.member) and not desk.policy.may(turn.member.roles, "see_all"):
        raise Refused("duty_log_not_yours")
    words = turn.text.split(maxsplit=1)[1:] if turn.text.startswith("/") else []
    day = _day(turn, words[0]) if words else day_of(desk, desk.now)
    log = duty_log.paper(desk, day)
    name = f"值班日志{day.isoformat()}.docx"
    file = hand_out.keep(desk, name, hand_out.DOCX, paper.duty_log(log), by=turn.member)
    shown, count = day.isoformat(), len(log.rows)
    hand_out.send(desk, turn.chat_id, file, "duty.log_paper", member=turn.member, day=shown, count=count)


def _day(turn: Turn, words: str) -> date:
    today = turn.desk.calendar.local(turn.desk.now).date()
    try:
        return read_day(words.strip(), today)
    except ValueError as error:
        local = turn.desk.calendar.local(turn.desk.now)
        found = read_instants(words, local, turn.desk.calendar)
        if len(found) != 1:
            raise Refused("duty_log_date", fault=str(error)) from None
        return found[0].at.date()


VERBS = {"entry_done": done, "entry_report": to_report}
