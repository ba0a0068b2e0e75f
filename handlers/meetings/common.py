"""What the conversation about meetings shares: which one a button, a word or a question means."""

from __future__ import annotations

from typing import Any

from handlers import naming, reading
from handlers.context import Turn
from office import bearings
from office.desk import Refused
from storage import drafts, matters, meetings
from storage.meetings import PROCEDURE
from storage.models import Draft, Matter

SERIES = ("会",)


def is_meeting(matter: Matter) -> bool:
    """Whether a matter is a meeting."""
    return matter.procedure == PROCEDURE


def seen(turn: Turn, target: str) -> Matter:
    """The meeting a button names, if who pressed it may see it."""
    matter = turn.desk.session.get(Matter, reading.number(target))
    if matter is None or not is_meeting(matter):
        raise Refused("button_unknown")
    if not bearings.may_see(turn.desk, matter, member=turn.member):
        raise Refused("button_unknown")
    if turn.group is not None and not bearings.may_see(turn.desk, matter, group=turn.group):
        raise Refused("not_for_group")
    return matter


def meant(turn: Turn, said: str, *, over: bool = False) -> tuple[Matter, str]:
    """The meeting that words name or reply to, else the only one that is open; and the rest of the words."""
    states = ("open", "closed") if over else ("open",)
    try:
        return naming.matter_of(turn, said, series=SERIES, states=states)
    except Refused as refused:
        if refused.reason != "name_a_matter":
            raise
    own = [one for one in meetings.running(session=turn.desk.session) if _concerns(turn, one)]
    if turn.group is not None:
        own = [one for one in own if bearings.may_see(turn.desk, one, group=turn.group)]
    if len(own) != 1:
        raise Refused("mt_which", numbers=[f"{one.register_no}《{one.title}》" for one in own[:8]])
    return own[0], said.strip()


def _concerns(turn: Turn, matter: Matter) -> bool:
    if turn.member_id in (matter.handler_id, matter.registrar_id):
        return True
    steps = matters.open_steps(matter.id or 0, session=turn.desk.session)
    return any(step.holder_id == turn.member_id for step in steps)


def ask(turn: Turn, form: str, matter: Matter, question: str, asking: str = "words", **data: Any) -> Draft:
    """Ask for words about a meeting; the next message in this chat answers."""
    draft = turn.begin_draft(form, {"matter_id": matter.id, "asking": asking, **data}, asking=asking)
    turn.answer(
        "meeting.ask_words",
        kind="question",
        matter_id=matter.id,
        draft_id=draft.id,
        buttons=[[["cancel", draft.id]]],
        register_no=matter.register_no,
        title=matter.title,
        question=question,
    )
    return draft


def about(turn: Turn, draft: Draft) -> Matter:
    """The meeting a question is about. Refused button_unknown where it is none."""
    matter = matters.matter(int(draft.data["matter_id"]), session=turn.desk.session)
    if not is_meeting(matter):
        raise Refused("button_unknown")
    return matter


def asked(turn: Turn, draft: Draft) -> Matter:
    """The same; the question is answered."""
    drafts.write(draft, now=turn.desk.now, state="done")
    return about(turn, draft)


def say(turn: Turn, matter: Matter, words: str, buttons: list[list[list[Any]]] | None = None) -> None:
    """One line about a meeting: what was done."""
    turn.answer(
        "meeting.said",
        matter_id=matter.id,
        buttons=buttons or [[["details", matter.id]]],
        register_no=matter.register_no,
        title=matter.title,
        words=words,
    )
