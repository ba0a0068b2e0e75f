"""What the conversation about emergencies shares: which one a button, a question or a card means."""

from __future__ import annotations

from handlers import reading
from handlers.context import Turn
from office import bearings
from office.desk import Refused
from storage import drafts, matters
from storage.emergencies import PROCEDURE
from storage.models import Draft, Matter
from storage.outbox import EMERGENCY


def is_emergency(matter: Matter) -> bool:
    """Whether a matter is an emergency."""
    return matter.procedure == PROCEDURE


def seen(turn: Turn, target: str) -> Matter:
    """The emergency a button names, if who pressed it may see it."""
    matter = turn.desk.session.get(Matter, reading.number(target))
    if matter is None or not is_emergency(matter):
        raise Refused("button_unknown")
    if not bearings.may_see(turn.desk, matter, member=turn.member):
        raise Refused("button_unknown")
    return matter


def asked(turn: Turn, draft: Draft) -> Matter:
    """The emergency a question is about; Refused where it is over."""
    matter = matters.matter(int(draft.data["matter_id"]), session=turn.desk.session)
    if matter.state != "open":
        drafts.write(draft, now=turn.desk.now, state="cancelled")
        raise Refused("em_over", register_no=matter.register_no, result=matter.result)
    return matter


def own_draft(turn: Turn, target: str, form: str) -> Draft:
    """The open draft a button names, if it is the member's own and of the button's form."""
    draft = reading.own_draft(turn, target, form)
    if draft.state != "open":
        raise Refused("em_answered")
    return draft


def ask_words(turn: Turn, matter: Matter, draft: Draft, question: str) -> None:
    """Ask for words; the question names its number, and a reply to it answers it."""
    turn.answer(
        "emergency.ask_words",
        kind="question",
        matter_id=matter.id,
        draft_id=draft.id,
        buttons=[[["cancel", draft.id]]],
        priority=EMERGENCY,
        register_no=matter.register_no,
        question=question,
    )


def say(turn: Turn, matter: Matter, result: str) -> None:
    """One line about an emergency: what was done."""
    turn.answer(
        "emergency.ended",
        matter_id=matter.id,
        buttons=[[["details", matter.id]]],
        priority=EMERGENCY,
        register_no=matter.register_no,
        result=result,
    )
