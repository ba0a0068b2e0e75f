"""What is entered by a form: read from a line, what is missing asked for one thing at a time, confirmed.

One machinery for every kind of entry (documents, tasks); a `Kind` says what is its own. The draft of an entry
has the kind's `form`, that of a list `…_many`, of a list that is gone through one by one `…_queue`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import BaseModel

from handlers import reading
from handlers.context import Turn, rows_of
from handlers.keyboards import Rows
from office.desk import Refused
from storage import drafts, matters, outbox
from storage.models import Card, Draft, Matter, Outbox

Choice = tuple[str, str]
"""what a button carries, and what it says"""
CAUTION = "⚠️ 有“内部资料”“工作秘密”一类字样，请先核实可以在本系统登记。可以登记吗？"
CLEARED: Choice = ("cleared", "已核实，可以登记")


@dataclass(frozen=True)
class Kind:
    """A kind of entry: its form (a model with files, caution, queue, matter_id), what is asked and shown."""

    form: str
    texts: str
    """the file of its sentences: preview, ask, ask_first, ask_change, not_changed, done, many …"""
    model: type[BaseModel]
    read: Callable[[Turn], list[Any]]
    """the forms of a message that stands for one entry or several"""
    missing: Callable[[Turn, Any], list[str]]
    """what has still to be asked for, in order"""
    names: Callable[[Iterable[str]], list[str]]
    """what is missing, as people call it"""
    question: Callable[[Any, str], str]
    choices: Callable[[Turn, Any, str], Sequence[Choice]]
    chosen: Callable[[Turn, Any, str, str], Any]
    """the form after a button was pressed that answers what was asked"""
    told: Callable[[Turn, Any, str, str], Any]
    """the form after a message that answers what was asked"""
    corrected: Callable[[Turn, Any, str], Any]
    """the form after a sentence that says what is different"""
    shown: Callable[[Turn, Any], dict[str, Any]]
    foreseen: Callable[[Turn, Any], dict[str, Any]]
    """what else the card for confirmation shows: limits, warnings"""
    known: Callable[[Turn, Any], list[str]]
    """register numbers of what seems to be the same"""
    enter: Callable[[Turn, Any, Card | None], Matter]
    rest: str
    """what the button says that leaves the rest of a list"""


def begin(turn: Turn, form: str, data: dict[str, Any], asking: str | None = None) -> Draft:
    """A draft that the message began."""
    return turn.begin_draft(form, data, asking=asking, source=None if turn.pressed else turn.message_id)


def check_internal(turn: Turn, *forms: Any) -> None:
    """Refused where the office does not have 内部资料 and the like entered here."""
    if turn.desk.policy.entry.internal == "refuse" and any(form.caution for form in forms):
        raise Refused("internal")


def asks_caution(turn: Turn, form: Any) -> bool:
    """Whether it has first to be said that this may be entered here."""
    return bool(form.caution and not form.cleared and turn.desk.policy.entry.internal == "ask")


def go_on(turn: Turn, kind: Kind, draft: Draft, *, in_place: bool = False, first: bool = False) -> None:
    """Ask for the next thing that is missing, or show the card for confirmation.

    `in_place`: in the card that stands already (`turn.card`), not in a new one. `first`: there is none yet.
    """
    form = kind.model.model_validate(draft.data)
    check_internal(turn, form)
    missing = kind.missing(turn, form)
    shown = kind.shown(turn, form) | {"place": place(turn, draft)}
    if not (in_place or first):
        retire(turn, draft)
    say = turn.rewrite if in_place else partial(turn.answer, kind="draft", draft_id=draft.id)
    leaving, rest = _leaving(draft), _rest(kind, draft)
    if not missing:
        drafts.write(draft, now=turn.desk.now)
        buttons: Rows = [[["confirm", draft.id], ["edit", draft.id], leaving], *rest]
        try:
            foreseen = kind.foreseen(turn, form)
        except Refused as refused:  # as it stands it would be refused: what is to be different is asked for
            drafts.write(draft, now=turn.desk.now, asking="correction")
            say(f"refused.{refused.reason}", buttons=[[leaving], *rest], **refused.facts)
            return
        say(f"{kind.texts}.preview", buttons=buttons, **shown, **foreseen)
        return
    asked = missing[0]
    drafts.write(draft, now=turn.desk.now, asking=asked)
    choices = [["choose", f"{draft.id}:{value}", label] for value, label in kind.choices(turn, form, asked)]
    rows = [[list(button) for button in row] for row in rows_of(choices)]
    say(
        f"{kind.texts}.ask",
        buttons=[*rows, [leaving], *rest],
        missing=kind.names(missing),
        question=kind.question(form, asked),
        **shown,
    )


def keep(turn: Turn, draft: Draft, form: BaseModel, *, asking: str | None = None) -> None:
    """Keep what has been understood so far."""
    drafts.write(draft, now=turn.desk.now, data=form.model_dump(mode="json"), asking=asking)


def retire(turn: Turn, draft: Draft) -> None:
    """The earlier cards of an entry keep their words and lose their buttons: what they show is no more so."""
    session = turn.desk.session
    for card in drafts.cards_of(draft.id or 0, session=session):
        card.standing = False
        last = outbox.said(card.id, session=session)
        if last is None or (card.message_id is None and outbox.withdraw(card.id, session=session)):
            continue
        message = Outbox(
            op="edit",
            chat_id=card.chat_id,
            member_id=card.member_id,
            card_id=card.id,
            priority=outbox.ANSWER,
            wording=last[0],
            facts=last[1] | {"buttons": []},
            created_at=turn.desk.now,
        )
        session.add(message)


def place(turn: Turn, draft: Draft) -> str | None:
    """第 3/20 件, of a list that is gone through."""
    number = draft.data.get("queue")
    queue = turn.desk.session.get(Draft, number) if number else None
    if queue is None:
        return None
    total = int(queue.data["total"])
    return f"第 {total - len(queue.data['forms'])}/{total} 件"


def _leaving(draft: Draft) -> list[Any]:
    return ["cancel", draft.id, "跳过这件"] if draft.data.get("queue") else ["cancel", draft.id]


def _rest(kind: Kind, draft: Draft) -> list[list[list[Any]]]:
    """Of a list that is gone through: the way out of all that is left."""
    queue = draft.data.get("queue")
    return [[["cancel", queue, kind.rest]]] if queue else []


def own_draft(turn: Turn, target: str, *forms: str) -> Draft:
    """The draft a button belongs to, if it is still open, the presser's own, and of one of these forms."""
    draft = reading.own_draft(turn, target, *forms)
    if draft.state != "open":
        number = draft.data.get("matter_id")
        matter = matters.matter(number, session=turn.desk.session) if number else None
        raise Refused("draft_over", state=draft.state, register_no=matter.register_no if matter else None)
    return draft
