"""Reporting an emergency: the first message opens it; then the questions (E1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from handlers import attachments, questions, reading
from handlers import help as helping
from handlers.context import Turn
from handlers.supervision import visits
from office import bearings, elements, emergency
from rules.past import is_slip
from rules.patterns import lazy
from rules.reading import Item, MessageReading, read_message
from storage import drafts, people
from storage.models import Draft, Matter
from storage.outbox import EMERGENCY

_OPENING = lazy(r"^(?:🚨\s*(?:(?:应急|突发事件)?快报)?|(?:应急)?快报)[:：，,\s]*")
_WITHOUT_WORDS = "（来件无文字，见附件）"


def report(turn: Turn) -> None:
    """/report, with or without words in the same message; and the 🚨 button."""
    words = turn.text.split(maxsplit=1)[1:] if turn.text.startswith("/") else []
    if words:
        begin(turn, words[0])
        return
    draft = turn.begin_draft("em_first", {}, asking="text")
    buttons = [[["cancel", draft.id]]]
    turn.answer("emergency.ask_first", draft_id=draft.id, buttons=buttons, priority=EMERGENCY)


def start(turn: Turn, read: MessageReading) -> None:
    """A message that reports an emergency by itself."""
    begin(turn, reading.plain(turn.text), read.items[0] if read.items else None)


def quick(turn: Turn, said: str) -> bool:
    """快报 <one line>, whatever else is being asked; the word alone asks for the line. False: not this."""
    opening = _OPENING.match(said)
    if opening is None:
        return False
    words = said[opening.end() :].strip()
    if words:
        begin(turn, words)
    else:
        report(turn)
    return True


def continue_first(turn: Turn, draft: Draft) -> None:
    """The message after 🚨 opens it, whatever it says."""
    drafts.write(draft, now=turn.desk.now, state="done")
    begin(turn, _OPENING.sub("", reading.plain(turn.text)) or _WITHOUT_WORDS)


def begin(turn: Turn, text: str, item: Item | None = None, *, received: datetime | None = None) -> Matter:
    """Open it; then, and only then, the first question."""
    if item is None:
        read = read_message(f"快报 {text}", reading.context(turn))
        item = read.items[0] if read.act == "emergency" and read.items else Item()
    occurred = item.occurred if item.occurred and item.occurred <= turn.desk.now else None
    if occurred is not None and is_slip(text, occurred, turn.desk.now):
        occurred = None  # asked for
    first = emergency.First(
        text=text[: emergency.TEXT_LIMIT],
        occurred=occurred,
        place=item.place,
        category=item.category,
        point=turn.place,
        received=received,
    )
    chat = None if turn.private else turn.chat_id
    matter = emergency.begin(turn.desk, first, turn.member, chat)
    attachments.attach(turn, matter)
    _say_begun(turn, matter, occurred)
    _offer_merge(turn, matter)
    questions.ask(turn, matter)
    return matter


def _say_begun(turn: Turn, matter: Matter, occurred: datetime | None) -> None:
    names = [str(matter.details[key]) for key in ("duty_leader", "duty_officer")]
    called = people.named(dict.fromkeys([*names, *matter.details["duty_others"]]), session=turn.desk.session)
    unreached = [one.name for one in called if one.reach != "ok"]
    turn.answer(
        "emergency.begun",
        kind="note",
        matter_id=matter.id,
        buttons=[[["em_menu", matter.id, "⋯ 更多"], ["details", matter.id]]],
        priority=EMERGENCY,
        register_no=matter.register_no,
        received=matter.received_at.isoformat(),
        text=matter.remark,
        occurred=occurred.isoformat() if occurred else None,
        called=[one.name for one in called if one.name not in unreached],
        unreached=unreached,
        duty_why=matter.details["duty_why"],
    )


def _offer_merge(turn: Turn, matter: Matter) -> None:
    """Another open emergency looks like the same event: it is offered, never done by itself."""
    desk = turn.desk
    others = [one for one in elements.alike(desk, matter) if bearings.may_see(desk, one, member=turn.member)]
    if not others:
        return
    buttons: list[list[list[Any]]] = [
        [["em_into", f"{matter.id}:{one.id}", f"🔗 并入 {one.register_no}"]] for one in others[:3]
    ]
    shown = [
        {"register_no": one.register_no, "title": one.title, "received": one.received_at.isoformat()}
        for one in others[:3]
    ]
    turn.answer(
        "emergency.alike",
        matter_id=matter.id,
        buttons=buttons,
        priority=EMERGENCY,
        register_no=matter.register_no,
        others=shown,
    )


def media(turn: Turn) -> None:
    """A picture, place or recording: it opens an emergency after 🚨, else belongs to the latest one."""
    draft = drafts.asking(
        chat_id=turn.chat_id, member_id=turn.member_id, now=turn.desk.now, session=turn.desk.session
    )
    if draft is not None and draft.form == "em_first":
        continue_first(turn, draft)
        return
    matter = attachments.belongs_to(turn, draft)
    if matter is None:
        if not visits.locate(turn) and turn.private:
            helping.not_text(turn)
        return
    what = attachments.attach(turn, matter)
    if what is None:
        helping.not_text(turn)
        return
    turn.answer(
        "emergency.attached",
        matter_id=matter.id,
        priority=EMERGENCY,
        register_no=matter.register_no,
        what=what,
    )
    if draft is not None and draft.data.get("asking") == "place" and "place" in matter.details["known"]:
        drafts.write(draft, now=turn.desk.now, state="done")
        questions.ask(turn, matter)


CONTINUE = {"em_first": continue_first}
