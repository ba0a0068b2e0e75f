"""One's own matters, matters looked for by what was typed, and one matter as a card."""

from __future__ import annotations

from typing import Any

from handlers import reading
from handlers.context import Turn
from office import bearings, cards, digest, post, timeline
from office.desk import Refused
from storage import matters
from storage.models import Matter
from storage.outbox import ANSWER

PAGE = 10
ROWS_SHOWN = 40


def mine(turn: Turn) -> None:
    """待办: what I hold, overdue first, each with a button that opens it; always in private."""
    facts, buttons = _mine(turn, 0)
    if turn.private:
        turn.answer("digest.mine", buttons=buttons, **facts)
        return
    turn.answer("find.mine_in_group", total=facts["total"])
    post.to_member(
        turn.desk, turn.member, "digest.mine", kind="note", buttons=buttons, priority_=ANSWER, **facts
    )


def mine_page(turn: Turn, target: str) -> None:
    """Another page of 待办, in the same message."""
    facts, buttons = _mine(turn, reading.number(target))
    turn.rewrite("digest.mine", buttons=buttons, **facts)


def _mine(turn: Turn, offset: int) -> tuple[dict[str, Any], list[list[list[Any]]]]:
    lists = digest.of_member(turn.desk, turn.member)
    ordered = [one for found in lists.values() for one in found]
    page = ordered[offset : offset + PAGE]
    buttons = _two([["details", one["matter_id"], str(one["register_no"])] for one in page])
    reports = None if offset else digest.reports_of(turn.desk, turn.member)
    if reports:
        buttons.append([["progress_list", 0, "📈 要报的进展"]])
    row = [["mine", max(offset - PAGE, 0), "‹ 上一页"]] if offset else []
    if offset + PAGE < len(ordered):
        row.append(["mine", offset + PAGE, "下一页 ›"])
    facts = {
        "groups": digest.groups(lists, offset, offset + PAGE),
        "counts": {name: len(found) for name, found in lists.items()},
        "total": len(ordered),
        "offset": offset,
        "size": PAGE,
        "reports": reports,
    }
    return facts, [*buttons, *([row] if row else [])]


def turn_digest(turn: Turn, target: str = "") -> None:
    """/digest, 🔕: the daily lists on or off; without a word, the other way round."""
    turn.member.digest = {"on": True, "off": False}.get(target, not turn.member.digest)
    button = ["digest", "off", "🔕 不再发送"] if turn.member.digest else ["digest", "on", "🔔 恢复发送"]
    times = digest.times(turn.desk, turn.member)
    turn.answer("digest.turned", buttons=[[button]], on=turn.member.digest, times=times)


def ask_words(turn: Turn) -> None:
    """What is to be looked for is still to be said."""
    draft = turn.begin_draft("find", {}, asking="words")
    turn.answer("find.ask", draft_id=draft.id, buttons=[[["cancel", draft.id]]])


def show(turn: Turn, matter: Matter) -> None:
    """One matter as a live card in this chat."""
    mine = _own_step_id(turn, matter)
    cards.retire_views(turn.desk, matter.id or 0, turn.chat_id)
    turn.answer("view", kind="view", matter_id=matter.id, step_id=mine)


def details(turn: Turn, target: str) -> None:
    """详情 was pressed: the card in a private chat, also when it was pressed in a group."""
    matter = visible(turn, target)
    if turn.private:
        show(turn, matter)
        return
    cards.retire_views(turn.desk, matter.id or 0, turn.member.telegram_id or 0)
    mine = _own_step_id(turn, matter)
    sent = post.to_member(
        turn.desk, turn.member, "view", kind="view", matter=matter, step_id=mine, priority_=ANSWER
    )
    turn.say("详情已发到您的私聊" if sent else "请先私聊我并点“开始”，再看详情", alert=sent is None)


def show_timeline(turn: Turn, target: str) -> None:
    """过程 was pressed: the matter's journal, each step with its limit and actual time."""
    matter = visible(turn, target)
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


def visible(turn: Turn, target: str) -> Matter:
    """The matter a button carries, where the presser and the group may see it."""
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
