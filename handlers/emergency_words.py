"""Words about an emergency: 快报, 电话已报告, 批示, 续报, 终报, 误报, 定级; and replies to its cards."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from handlers import (
    attachments,
    emergencies,
    emergency,
    emergency_menu,
    instruct,
    questions,
    reading,
    reports,
)
from handlers.context import Turn, rows_of
from office import bearings, elements
from office import emergency as acts
from office import instruct as orders
from office.desk import Refused
from rules.reading import MessageReading
from storage import drafts, people
from storage import emergencies as stored
from storage.models import Draft, Matter
from storage.outbox import EMERGENCY

_PHONED = re.compile(r"^(?:已(?:电话|口头|当面)|(?:电话|口头|当面)已)(?:报告|汇报)(?P<rest>.*)$", re.S)
_CONVEYED = re.compile(r"^(?:已电话|电话已)传达(?P<rest>.*)$", re.S)
_FOLLOW = re.compile(r"^续报(?:[一二三四五六七八九十\d]{1,3})?[:：，,\s]*(?P<rest>.*)$", re.S)
_FINAL = re.compile(r"^终报[:：，,\s]*(?P<rest>.*)$", re.S)
_FALSE = re.compile(r"^(?:经核实[，,\s]*)?(?:是|为|系)?误报[:：，,\s]*(?P<rest>.*)$", re.S)
_LEVEL = re.compile(r"^(?:定级|定为|升级|升为|降级|降为|级别)(?:[到为是：:\s]*)(?P<rest>.*)$", re.S)
_MERGE = re.compile(r"^(?:并入|合并到|并到)\s*(?P<rest>.*)$", re.S)
_FIRM = ("电话已报告", "已电话报告", "电话已传达", "已电话传达", "批示")
_RECEIVED = ("收到", "已收到", "好的", "好", "明白", "确认", "已确认", "遵照执行", "收到，马上办", "1")

Act = Callable[[Turn, Matter, str], None]


def own_word(turn: Turn, said: str, bound: Matter | None, asking: Draft | None) -> bool:
    """A word of an emergency's own; True when it was taken.

    It binds to the card replied to, else to the only emergency that runs, else it is asked which. While
    something is being asked only the firmest words are not the answer to it.
    """
    if bound is not None and not emergencies.is_emergency(bound):
        return False
    if bound is None and emergency.quick(turn, said):
        return True
    if bound is None and asking is None and attachments.is_media(turn) and _is_about_recent(turn, said):
        emergency.media(turn)
        return True
    if asking is not None and (turn.reply_card is not None or not said.startswith(_FIRM)):
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
    draft = drafts.begin(
        "em_which",
        chat_id=turn.chat_id,
        member_id=turn.member_id,
        data={"words": said},
        now=turn.desk.now,
        session=turn.desk.session,
    )
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
    draft = emergencies.own_draft(turn, draft_id)
    matter = emergencies.seen(turn, matter_id)
    said = str(draft.data["words"])
    drafts.write(draft, now=turn.desk.now, state="done")
    act = _act_of(said) or take_order
    act(turn, matter, said)


# --- the acts ---------------------------------------------------------------------------------------


def phoned(turn: Turn, matter: Matter, said: str) -> None:
    """电话已报告 周县长 14:05"""
    names, _, ambiguous = reading.who(turn, said)
    to = people.by_name(names[0], session=turn.desk.session) if names else None
    if to is None:
        _ask_phoned(turn, matter, ambiguous)
        return
    _note_call(turn, matter, said, to.name)


def _note_call(turn: Turn, matter: Matter, said: str, name: str) -> None:
    to = people.by_name(name, session=turn.desk.session)
    if to is None:
        raise Refused("nobody_meant")
    at = instruct.moment_of(turn, said)
    stopped = acts.phoned(turn.desk, matter, turn.member, to, at)
    turn.answer(
        "emergency.phoned",
        matter_id=matter.id,
        priority=EMERGENCY,
        register_no=matter.register_no,
        to=to.name,
        at=at.isoformat(),
        now=turn.desk.now.isoformat(),
        stopped=stopped or acts.running(turn.desk, matter, "oral") is None,
    )


def phone_pressed(turn: Turn, target: str) -> None:
    """☎️ 电话已报告: whom, and when?"""
    matter = emergencies.seen(turn, target)
    acts.check(turn.desk, matter, turn.member)
    _ask_phoned(turn, matter, ())


def _ask_phoned(turn: Turn, matter: Matter, among: tuple[str, ...]) -> None:
    draft = emergencies.next_message(turn, "em_phoned", {"matter_id": matter.id, "asking": "who"}, "who")
    oral = acts.running(turn.desk, matter, "oral")
    leaders = [one.name for one in people.with_role("leader", session=turn.desk.session)]
    holder = people.member(oral.holder_id, session=turn.desk.session).name if oral else None
    names = list(among) or list(dict.fromkeys([*([holder] if holder else []), *leaders]))[:6]
    found = [["em_called", f"{draft.id}:{place}", name] for place, name in enumerate(names)]
    drafts.write(draft, now=turn.desk.now, data={**draft.data, "names": names}, asking="who")
    turn.answer(
        "emergency.ask_words",
        kind="question",
        matter_id=matter.id,
        draft_id=draft.id,
        buttons=[*rows_of(found, 3), [["cancel", draft.id]]],
        priority=EMERGENCY,
        register_no=matter.register_no,
        question="电话报告了哪位领导？点选按现在的时间登记；也可以写：周县长 14:05",
    )


def called_pressed(turn: Turn, target: str) -> None:
    """A leader was chosen: told just now."""
    draft_id, _, place = target.partition(":")
    draft = emergencies.own_draft(turn, draft_id)
    names = draft.data.get("names", [])
    if not place.isdigit() or int(place) >= len(names):
        raise Refused("button_unknown")
    matter = emergencies.asked(turn, draft)
    drafts.write(draft, now=turn.desk.now, state="done")
    _note_call(turn, matter, "", str(names[int(place)]))


def continue_phoned(turn: Turn, draft: Draft) -> None:
    """周县长 14:05"""
    matter = emergencies.asked(turn, draft)
    drafts.write(draft, now=turn.desk.now, state="done")
    phoned(turn, matter, reading.plain(turn.text))


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
        emergency_menu.false_alarm(turn, matter, rest)
    else:
        emergency_menu.false_pressed(turn, str(matter.id))


def _level(turn: Turn, matter: Matter, said: str) -> None:
    level = turn.desk.policy.emergency.level_said(_rest(_LEVEL, said))
    if level is None:
        emergency_menu.level_pressed(turn, str(matter.id))
    else:
        emergency_menu.set_level(turn, matter, level)


def _merge(turn: Turn, matter: Matter, said: str) -> None:
    into = emergency_menu.named_other(turn, matter, said)
    if into is None:
        emergency_menu.merge_pressed(turn, str(matter.id))
    else:
        emergency_menu.merge(turn, matter, into)


def _rest(pattern: re.Pattern[str], said: str) -> str:
    found = pattern.match(said)
    return found["rest"].strip() if found else ""


_WORDS: tuple[tuple[re.Pattern[str], Act], ...] = (
    (_PHONED, phoned),
    (_CONVEYED, instruct.conveyed),
    (_FOLLOW, _follow),
    (_FINAL, _final),
    (_FALSE, _false),
    (_LEVEL, _level),
    (_MERGE, _merge),
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
    draft = drafts.begin(
        "em_meant",
        chat_id=turn.chat_id,
        member_id=turn.member_id,
        data={"matter_id": matter.id, "words": said},
        now=turn.desk.now,
        session=turn.desk.session,
    )
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
    draft = emergencies.own_draft(turn, draft_id)
    matter = emergencies.asked(turn, draft)
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


def known_pressed(turn: Turn, target: str) -> None:
    """👌 已知悉"""
    step_id = reading.number(target)
    stopped = acts.known(turn.desk, step_id, turn.member)
    turn.say(
        "已记录：您已知悉" if stopped else "已记录。尚无县领导知悉，口头报告的时限仍在走", alert=not stopped
    )


VERBS = {
    "em_which": which_pressed,
    "em_phone": phone_pressed,
    "em_called": called_pressed,
    "em_meant": meant_pressed,
    "em_known": known_pressed,
}
CONTINUE = {"em_phoned": continue_phoned}
