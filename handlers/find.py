"""Asking: 查 预算 · /find 12 · /find 财政局 请示, and what is mine: 待办, /mine."""

from __future__ import annotations

from typing import Any

from handlers import reading
from handlers.context import Turn
from office import bearings, cards, digest, find, post, timeline
from office.desk import Refused
from storage import drafts, matters
from storage.models import Card, Draft, Matter
from storage.outbox import ANSWER

PAGE = 8
ROWS_SHOWN = 40


def mine(turn: Turn) -> None:
    """待办: what I hold, overdue first, each with a button that opens it."""
    lists = digest.of_member(turn.desk, turn.member)
    counts = {name: len(found) for name, found in lists.items()}
    ordered = [one for found in lists.values() for one in found]
    shown = {name: found[: digest.SHOWN] for name, found in lists.items()}
    buttons = [["details", one["matter_id"], str(one["register_no"])] for one in ordered[:PAGE]]
    if not turn.private:
        turn.answer("find.mine_in_group", total=len(ordered))
        _send_private(turn, counts, shown, buttons)
        return
    turn.answer(
        "digest.mine", buttons=_two(buttons), lists=shown, counts=counts, total=len(ordered), priority=ANSWER
    )


def _send_private(turn: Turn, counts: Any, shown: Any, buttons: list[list[Any]]) -> None:
    post.to_member(
        turn.desk,
        turn.member,
        "digest.mine",
        kind="note",
        buttons=_two(buttons),
        priority_=ANSWER,
        lists=shown,
        counts=counts,
        total=sum(counts.values()),
    )


def look(turn: Turn, words: str, offset: int = 0) -> None:
    """Look for matters; one that is found alone is shown as a card."""
    text = words.strip()
    if not text:
        draft = drafts.begin(
            "find",
            chat_id=turn.chat_id,
            member_id=turn.member_id,
            data={},
            now=turn.desk.now,
            session=turn.desk.session,
            asking="words",
        )
        turn.answer("find.ask", draft_id=draft.id, buttons=[[["cancel", draft.id]]])
        return
    found = find.find(turn.desk, text[:60], member=turn.member, group=turn.group)
    if not found.matters:
        turn.answer("find.nothing", how=found.how)
    elif len(found.matters) == 1:
        show(turn, found.matters[0])
    else:
        _list(turn, text[:60], found, offset)


def _list(turn: Turn, text: str, found: find.Found, offset: int) -> None:
    page = found.matters[offset : offset + PAGE]
    items = [cards.matter_facts(turn.desk, matter) for matter in page]
    buttons = _two([["details", matter.id, matter.register_no] for matter in page])
    if offset + PAGE < len(found.matters):
        draft = drafts.begin(
            "page",
            chat_id=turn.chat_id,
            member_id=turn.member_id,
            data={"words": text, "offset": offset + PAGE},
            now=turn.desk.now,
            session=turn.desk.session,
        )
        buttons.append([["more", draft.id]])
    turn.answer(
        "find.found", buttons=buttons, how=found.how, total=len(found.matters), items=items, offset=offset
    )


def more(turn: Turn, target: str) -> None:
    """下一页"""
    draft = turn.desk.session.get(Draft, reading.number(target))
    if draft is None or draft.form != "page":
        raise Refused("button_unknown")
    look(turn, str(draft.data["words"]), int(draft.data["offset"]))


def show(turn: Turn, matter: Matter) -> Card:
    """One matter as a live card in this chat."""
    mine = _own_step_id(turn, matter)
    cards.retire_views(turn.desk, matter.id or 0, turn.chat_id)
    return turn.answer("view", kind="view", matter_id=matter.id, step_id=mine)


def details(turn: Turn, target: str) -> None:
    """详情 was pressed: the card in a private chat, also when it was pressed in a group."""
    matter = _visible(turn, target)
    if turn.private:
        show(turn, matter)
        return
    cards.retire_views(turn.desk, matter.id or 0, turn.member.telegram_id or 0)
    sent = post.to_member(turn.desk, turn.member, "view", kind="view", matter=matter, priority_=ANSWER)
    if sent is not None:
        sent.step_id = _own_step_id(turn, matter)
    turn.say("详情已发到您的私聊" if sent else "请先私聊我并点“开始”，再看详情", alert=sent is None)


def show_timeline(turn: Turn, target: str) -> None:
    """过程 was pressed: the matter's journal, each step with its limit and actual time."""
    matter = _visible(turn, target)
    rows = timeline.rows(turn.desk, matter)
    turn.answer(
        "move.timeline",
        matter_id=matter.id,
        register_no=matter.register_no,
        title=matter.title,
        rows=rows[-ROWS_SHOWN:],
        cut=max(len(rows) - ROWS_SHOWN, 0),
        buttons=[[["details", matter.id]]],
    )


def _visible(turn: Turn, target: str) -> Matter:
    matter = turn.desk.session.get(Matter, reading.number(target))
    if matter is None:
        raise Refused("button_unknown")
    if not bearings.may_see(turn.desk, matter, member=turn.member):
        raise Refused("button_unknown")
    if turn.group is not None and not bearings.may_see(turn.desk, matter, group=turn.group):
        raise Refused("not_for_group")
    return matter


def _own_step_id(turn: Turn, matter: Matter) -> int | None:
    running = matters.open_steps(matter.id or 0, session=turn.desk.session)
    return next((step.id for step in running if step.holder_id == turn.member_id), None)


def _two(buttons: list[list[Any]]) -> list[list[list[Any]]]:
    return [buttons[i : i + 2] for i in range(0, len(buttons), 2)]
