"""The elements of an emergency asked for, one question at a time; each can be skipped (E1)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from handlers import attachments, reading
from handlers.context import Turn, rows_of
from handlers.emergency import common
from office import cards, elements, emergency
from office.desk import Refused
from rules.emergency import Element, missing
from rules.past import is_slip
from rules.when import read_past
from storage import drafts
from storage.models import Draft, Matter
from storage.outbox import EMERGENCY


def ask(turn: Turn, matter: Matter) -> None:
    """Ask for the next element that is missing; every question names its number."""
    element = elements.to_ask(turn.desk, matter)
    if element is None:
        _say_all_asked(turn, matter)
        return
    data = {"matter_id": matter.id, "asking": element.key}
    draft = turn.begin_draft("em_ask", data, asking=element.key)
    turn.answer(
        "emergency.ask",
        kind="question",
        matter_id=matter.id,
        draft_id=draft.id,
        buttons=_choices(turn, element, draft),
        priority=EMERGENCY,
        register_no=matter.register_no,
        name=element.name,
        question=element.question,
    )


def _choices(turn: Turn, element: Element, draft: Draft) -> list[Any]:
    rule = turn.desk.policy.emergency
    choices = rule.categories if element.kind == "category" else element.quick
    found = [["em_answer", f"{draft.id}:{place}", choice] for place, choice in enumerate(choices)]
    last: list[Any] = [["em_answer", f"{draft.id}:unknown", rule.unknown], ["em_skip", draft.id, "跳过"]]
    return [*rows_of(found), last, [["em_stop", draft.id, "先不问了"]]]


def ask_pressed(turn: Turn, target: str) -> None:
    """补充要素: what was skipped is asked for again."""
    matter = common.seen(turn, target)
    emergency.check(turn.desk, matter, turn.member)
    matter.details = matter.details | {"skipped": []}
    turn.desk.session.add(matter)
    ask(turn, matter)


def continue_ask(turn: Turn, draft: Draft) -> None:
    """The answer to a question, in words; a picture or place that came with it is kept."""
    matter = common.asked(turn, draft)
    attachments.attach(turn, matter)
    _learn(turn, matter, draft, reading.plain(turn.text))


def answers_late(turn: Turn, matter: Matter, said: str) -> bool:
    """A reply to a question that was answered or passed over before sets that element anew."""
    card = turn.reply_card
    draft = turn.desk.session.get(Draft, card.draft_id) if card is not None and card.draft_id else None
    if draft is None or draft.form != "em_ask" or draft.data.get("matter_id") != matter.id:
        return False
    emergency.check(turn.desk, matter, turn.member)
    _learn(turn, matter, draft, said)
    return True


def answer_pressed(turn: Turn, target: str) -> None:
    """An answer was chosen."""
    draft_id, _, place = target.partition(":")
    draft = common.own_draft(turn, draft_id, "em_ask")
    rule = turn.desk.policy.emergency
    element = rule.element(str(draft.data["asking"]))
    choices = rule.categories if element.kind == "category" else element.quick
    readings: list[str] = draft.data.get("readings", [])
    if place == "unknown":
        text: str | None = rule.unknown
    elif place.startswith("r"):
        text = reading.picked(readings, place[1:])
    else:
        text = reading.picked(choices, place)
    if text is None:
        raise Refused("button_unknown")
    _learn(turn, common.asked(turn, draft), draft, text)


def skip(turn: Turn, target: str) -> None:
    """跳过"""
    draft = common.own_draft(turn, target, "em_ask")
    matter = common.asked(turn, draft)
    elements.skip(turn.desk, matter, str(draft.data["asking"]))
    drafts.write(draft, now=turn.desk.now, state="done")
    ask(turn, matter)


def stop(turn: Turn, target: str) -> None:
    """先不问了: nothing more is asked; what is missing stands on the card."""
    draft = common.own_draft(turn, target, "em_ask")
    drafts.write(draft, now=turn.desk.now, state="done")
    _say_all_asked(turn, common.asked(turn, draft))


def _learn(turn: Turn, matter: Matter, draft: Draft, said: str) -> None:
    """Keep an answer and show how it was understood; a time that can mean two is asked back."""
    key = str(draft.data["asking"])
    element, at, text = turn.desk.policy.emergency.element(key), None, said
    if turn.desk.policy.emergency.is_unknown(said):
        text = turn.desk.policy.emergency.unknown
    elif element.kind == "time":
        found = read_past(said, turn.desk.calendar.local(turn.desk.now), turn.desk.calendar)
        if found is None:
            raise Refused("em_when", register_no=matter.register_no)
        if len(found.readings) > 1:
            _ask_which_time(turn, matter, draft, element, list(found.readings))
            return
        if is_slip(said, found.at, turn.desk.now):
            raise Refused("em_slip", at=(found.at + timedelta(days=1)).isoformat())
        at, text = found.at, emergency.moment(turn.desk, found.at)
    elements.learn(turn.desk, matter, key, text, turn.member, at)
    drafts.write(draft, now=turn.desk.now, state="done")
    if at is not None:
        turn.answer(
            "emergency.learned",
            matter_id=matter.id,
            priority=EMERGENCY,
            register_no=matter.register_no,
            name=element.name,
            text=said,
            at=at.isoformat(),
        )
    ask(turn, matter)


def _ask_which_time(
    turn: Turn, matter: Matter, draft: Draft, element: Element, readings: list[datetime]
) -> None:
    shown = [turn.desk.calendar.local(one).strftime("%Y-%m-%d %H:%M") for one in readings]
    drafts.write(draft, now=turn.desk.now, data={**draft.data, "readings": shown}, asking=element.key)
    buttons = rows_of([["em_answer", f"{draft.id}:r{i}", one] for i, one in enumerate(shown)])
    turn.answer(
        "emergency.ask",
        kind="question",
        matter_id=matter.id,
        draft_id=draft.id,
        buttons=buttons,
        priority=EMERGENCY,
        register_no=matter.register_no,
        name=element.name,
        question="是哪个时间？",
    )


def _say_all_asked(turn: Turn, matter: Matter) -> None:
    written = emergency.running(turn.desk, matter, "written")
    if written is None or written.due_at is None:
        return
    lacking = missing(turn.desk.policy.emergency.elements, matter.details["known"])
    procedure = turn.desk.policy.procedures[matter.procedure]
    turn.answer(
        "emergency.all_asked",
        matter_id=matter.id,
        buttons=[[["em_draft", matter.id, "📄 快报稿"], ["em_menu", matter.id, "⋯ 更多"]]],
        priority=EMERGENCY,
        register_no=matter.register_no,
        missing=[one.name for one in lacking],
        due=written.due_at.isoformat(),
        left=cards.left_words(turn.desk, written.due_at, procedure),
    )


VERBS = {"em_ask": ask_pressed, "em_answer": answer_pressed, "em_skip": skip, "em_stop": stop}
CONTINUE = {"em_ask": continue_ask}
