"""Words about an emergency: 快报, 电话已报告, 批示, 续报, 终报, 误报, 定级; and replies to its cards."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from handlers import (
    attachments,
    instruct,
    questions,
    reading,
    reports,
    telephone,
)
from handlers.context import Turn, rows_of
from handlers.emergency import common, menu, opening
from office import bearings, elements
from office import emergency as acts
from office import instruct as orders
from office.desk import Refused
from rules.patterns import lazy
from rules.reading import MessageReading
from storage import drafts
from storage import emergencies as stored
from storage.models import Draft, Matter
from storage.outbox import EMERGENCY

_CONVEYED = lazy(r"^(?:已电话|电话已)传达(?P<rest>.*)$", re.S)
_FOLLOW = lazy(r"^续报(?:[一二三四五六七八九十\d]{1,3})?[:：，,\s]*(?P<rest>.*)$", re.S)
_FINAL = lazy(r"^终报[:：，,\s]*(?P<rest>.*)$", re.S)
_FALSE = lazy(r"^(?:经核实[，,\s]*)?(?:是|为|系)?误报[:：，,\s]*(?P<rest>.*)$", re.S)
_LEVEL = lazy(r"^(?:定级|定为|升级|升为|降级|降为|级别)(?:[到为是：:\s]*)(?P<rest>.*)$", re.S)
_MERGE = lazy(r"^(?:并入|合并到|并到)\s*(?P<rest>.*)$", re.S)
_TIMES = lazy(r"^(?:看|查看?)?时间线$")
_FIRM = ("电话已报告", "已电话报告", "电话已传达", "已电话传达", "批示")
_NO_ANSWER = (*_FIRM, "续报", "终报", "误报", "定级", "并入", "时间线")
"""beginnings that are never the answer to a question about an element"""
_RECEIVED = ("收到", "已收到", "好的", "好", "明白", "确认", "已确认", "遵照执行", "收到，马上办", "1")

Act = Callable[[Turn, Matter, str], None]


def own_word(turn: Turn, said: str, bound: Matter | None, asking: Draft | None) -> bool:
    """A word of an emergency's own; True when it was taken.

    It binds to the card replied to, else to the only emergency that runs, else it is asked which. While
    something is being asked only the firmest words are not the answer to it.
    """
    if bound is not None and not common.is_emergency(bound):
        return False
    if bound is None and opening.quick(turn, said):
        return True
    if bound is None and asking is None and attachments.is_media(turn) and _is_about_recent(turn, said):
        opening.media(turn)
        return True
    firm = _NO_ANSWER if asking is not None and asking.form == "em_ask" else _FIRM
    if asking is not None and (turn.reply_card is not None or not said.startswith(firm)):
        return False
    act = _act_of(said)
    if act is None:
        return False
    if bound is not None:
        act(turn, bound, said)
        return True
    return _of_running(turn, act, said)


def _is_about_recent(turn: Turn, said: str) -> bool:
    """Words under a picture sent after a report belong to it, unless they enter a document."""
    return elements.recent_of(turn.desk, turn.member) is not None and not said.startswith("登记")


def _act_of(said: str) -> Act | None:
    for pattern, act in _WORDS:
        if pattern.match(said):
            return act
    return take_order if instruct.own_word(said) else None


def _of_running(turn: Turn, act: Act, said: str) -> bool:
    """The emergency a message without a card means; several: which. None runs: it is no word of ours."""
    running = [
        one
        for one in stored.running(session=turn.desk.session)
        if bearings.may_see(turn.desk, one, member=turn.member)
    ]
    if not running:
        return False
    if len(running) == 1:
        act(turn, running[0], said)
    else:
        _ask_which(turn, running, said)
    return True


def _ask_which(turn: Turn, running: list[Matter], said: str) -> None:
    draft = turn.begin_draft("em_which", {"words": said})
    buttons = [["em_which", f"{draft.id}:{one.id}", one.register_no] for one in running[:8]]
    turn.answer(
        "emergency.which",
        buttons=rows_of(buttons),
        priority=EMERGENCY,
        running=[{"register_no": one.register_no, "title": one.title} for one in running[:8]],
    )


def which_pressed(turn: Turn, target: str) -> None:
    """One of several was chosen for words that were written before."""
    draft_id, _, matter_id = target.partition(":")
    draft = common.own_draft(turn, draft_id, "em_which")
    matter = common.seen(turn, matter_id)
    said = str(draft.data["words"])
    drafts.write(draft, now=turn.desk.now, state="done")
    act = _act_of(said) or take_order
    act(turn, matter, said)


# --- the acts ---------------------------------------------------------------------------------------


def take_order(turn: Turn, matter: Matter, said: str) -> None:
    """批示 …"""
    instruct.take(turn, matter, said)


def _follow(turn: Turn, matter: Matter, said: str) -> None:
    rest = _rest(_FOLLOW, said)
    if rest:
        reports.follow(turn, matter, rest)
    else:
        reports.follow_pressed(turn, str(matter.id))


def _final(turn: Turn, matter: Matter, said: str) -> None:
    reports.ask_part(turn, matter)


def _false(turn: Turn, matter: Matter, said: str) -> None:
    rest = _rest(_FALSE, said)
    if rest:
        menu.false_alarm(turn, matter, rest)
    else:
        menu.false_pressed(turn, str(matter.id))


def _level(turn: Turn, matter: Matter, said: str) -> None:
    level = turn.desk.policy.emergency.level_said(_rest(_LEVEL, said))
    if level is None:
        menu.level_pressed(turn, str(matter.id))
    else:
        menu.set_level(turn, matter, level)


def _merge(turn: Turn, matter: Matter, said: str) -> None:
    into = menu.named_other(turn, matter, said)
    if into is None:
        menu.merge_pressed(turn, str(matter.id))
    else:
        menu.merge(turn, matter, into)


def _times(turn: Turn, matter: Matter, said: str) -> None:
    menu.show_timeline(turn, matter)


def _rest(pattern: re.Pattern[str], said: str) -> str:
    found = pattern.match(said)
    return found["rest"].strip() if found else ""


_WORDS: tuple[tuple[re.Pattern[str], Act], ...] = (
    (telephone.PHONED, telephone.phoned),
    (_CONVEYED, instruct.conveyed),
    (_FOLLOW, _follow),
    (_FINAL, _final),
    (_FALSE, _false),
    (_LEVEL, _level),
    (_MERGE, _merge),
    (_TIMES, _times),
)


# --- replies ----------------------------------------------------------------------------------------


def about(turn: Turn, matter: Matter) -> None:
    """A reply to an emergency's card: a receipt, an answer, an instruction of a leader, a further report."""
    said = reading.plain(turn.text)
    card = turn.reply_card
    attachments.attach(turn, matter)
    if card is not None and card.kind in ("order", "chase") and _answers_order(turn, card.step_id, said):
        return
    if questions.answers_late(turn, matter, said):
        return
    if acts.is_leader(turn.member):
        instruct.take(turn, matter, said)
    elif "director" in turn.member.roles or "deputy_director" in turn.member.roles:
        _ask_meaning(turn, matter, said)
    else:
        reports.follow(turn, matter, said)


def _answers_order(turn: Turn, step_id: int | None, said: str) -> bool:
    """收到 to the card of an instruction confirms it; anything else confirms it too, and is passed on."""
    given = stored.instruction_of_step(step_id or 0, session=turn.desk.session)
    receipt = stored.receipt(given.id or 0, turn.member_id, session=turn.desk.session) if given else None
    if given is None or receipt is None:
        return False
    orders.confirm(turn.desk, given.step_id, turn.member)
    if said.strip("。！! ") not in _RECEIVED:
        orders.feed_back(turn.desk, given, said, turn.member)
    turn.answer(
        "emergency.received",
        matter_id=given.matter_id,
        priority=EMERGENCY,
        register_no=_register_no(turn, given.matter_id),
        number=given.number,
    )
    return True


def _register_no(turn: Turn, matter_id: int) -> str:
    return turn.desk.session.get_one(Matter, matter_id).register_no


def _ask_meaning(turn: Turn, matter: Matter, said: str) -> None:
    draft = turn.begin_draft("em_meant", {"matter_id": matter.id, "words": said})
    order = ["em_meant", f"{draft.id}:order", "✍️ 批示"]
    follow = ["em_meant", f"{draft.id}:follow", "📝 续报"]
    buttons: list[list[list[Any]]] = [[order, follow], [["cancel", draft.id]]]
    turn.answer(
        "emergency.reply_meant",
        matter_id=matter.id,
        draft_id=draft.id,
        buttons=buttons,
        priority=EMERGENCY,
        register_no=matter.register_no,
        words=said,
    )


def meant_pressed(turn: Turn, target: str) -> None:
    """A reply was an instruction, or a further report."""
    draft_id, _, what = target.partition(":")
    draft = common.own_draft(turn, draft_id, "em_meant")
    matter = common.asked(turn, draft)
    drafts.write(draft, now=turn.desk.now, state="done")
    if what == "order":
        instruct.take(turn, matter, str(draft.data["words"]))
    else:
        reports.follow(turn, matter, str(draft.data["words"]))


def instructs(turn: Turn, read: MessageReading) -> None:
    """An instruction by itself: of the emergency it names by number, else of the one that runs."""
    number = read.items[0].matter if read.items else None
    running = stored.running(session=turn.desk.session)
    named = [one for one in running if one.number == number] if number is not None else running
    if not named or not _of_running_named(turn, named):
        raise Refused("em_none_running")


def _of_running_named(turn: Turn, named: list[Matter]) -> bool:
    seen = [one for one in named if bearings.may_see(turn.desk, one, member=turn.member)]
    if len(seen) > 1:
        _ask_which(turn, seen, reading.plain(turn.text))
    elif seen:
        instruct.take(turn, seen[0], reading.plain(turn.text))
    return bool(seen)


VERBS = {
    "em_which": which_pressed,
    "em_meant": meant_pressed,
}
