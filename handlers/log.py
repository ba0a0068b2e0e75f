"""Entries in chat: from one line to a card, what is missing asked for one thing at a time, confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handlers import entering, entry, lists, reading
from handlers.context import Turn
from handlers.entering import Kind, own_draft
from handlers.entry import DOCUMENT
from handlers.lists import KINDS
from office import cards, close, post
from office.desk import Refused
from rules.ladder import awake
from rules.reading import Item
from storage import drafts, rows
from storage.models import Draft, Matter


def start(turn: Turn, items: tuple[Item, ...] = ()) -> None:
    """Begin logging what was read; with nothing read, ask for it."""
    if not turn.desk.policy.may(turn.member.roles, "register"):
        raise Refused("may_not_register")
    forms = [entry.form_of(turn, item) for item in items]
    for form in forms:
        form.forwarded_from = turn.forwarded_from
    begin(turn, DOCUMENT, forms)


def begin(turn: Turn, kind: Kind, forms: Sequence[Any]) -> None:
    """Begin an entry, or a list of them; with nothing read, ask for a line."""
    if not forms:
        draft = entering.begin(turn, kind.form, {}, asking="line")
        turn.answer(f"{kind.texts}.ask_first", draft_id=draft.id, buttons=[[["cancel", draft.id]]])
    elif len(forms) == 1:
        draft = entering.begin(turn, kind.form, forms[0].model_dump(mode="json"))
        entering.go_on(turn, kind, draft, first=True)
    else:
        lists.start(turn, kind, forms)


def choose(turn: Turn, target: str) -> None:
    """A button that answers what was asked."""
    draft_id, _, value = target.partition(":")
    draft = own_draft(turn, draft_id, *KINDS)
    kind = KINDS[draft.form]
    form = kind.model.model_validate(draft.data)
    missing = kind.missing(turn, form)
    if missing:
        entering.keep(turn, draft, kind.chosen(turn, form, missing[0], value), asking=draft.asking)
    entering.go_on(turn, kind, draft)


def go_on(turn: Turn, draft: Draft) -> None:
    """A message that answers what was asked."""
    kind, asked = KINDS[draft.form], draft.asking
    text = reading.plain(turn.text)
    if asked == "line":
        draft.source_message_id = turn.message_id
        forms = kind.read(turn)
        if len(forms) > 1:
            lists.start(turn, kind, forms, draft)
            return
        entering.keep(turn, draft, forms[0])
    elif asked == "correction":
        correct(turn, draft, text)
        return
    else:
        form = kind.model.model_validate(draft.data)
        entering.keep(turn, draft, kind.told(turn, form, str(asked), text), asking=asked)
    entering.go_on(turn, kind, draft)


def correct(turn: Turn, draft: Draft, text: str) -> None:
    """修改: a plain sentence says what is to be different."""
    kind = KINDS[draft.form]
    before = kind.model.model_validate(draft.data)
    form = kind.corrected(turn, before, text)
    if form == before:
        turn.answer(f"{kind.texts}.not_changed", draft_id=draft.id)
        return
    entering.keep(turn, draft, form)
    entering.go_on(turn, kind, draft)


def edit(turn: Turn, target: str) -> None:
    """修改 was pressed: the next message says what is to be different."""
    draft = own_draft(turn, target, *KINDS)
    drafts.write(draft, now=turn.desk.now, asking="correction")
    wording = f"{KINDS[draft.form].texts}.ask_change"
    turn.answer(wording, draft_id=draft.id, kind="draft", buttons=[[["cancel", draft.id]]])


def confirm(turn: Turn, target: str) -> None:
    """确认 was pressed: enter it. Pressed twice, or by two, it is entered once."""
    draft = own_draft(turn, target, *KINDS)
    kind = KINDS[draft.form]
    card = turn.card if turn.group else None
    matter = kind.enter(turn, kind.model.model_validate(draft.data), card)
    drafts.write(draft, now=turn.desk.now, data=draft.data | {"matter_id": matter.id}, state="done")
    turn.say(f"已登记 {matter.register_no}")
    if card is None:
        _say_done(turn, matter, f"{kind.texts}.done")
    lists.after(turn, draft)


def _say_done(turn: Turn, matter: Matter, wording: str) -> None:
    desk = turn.desk
    awake_at = awake(desk.now, desk.policy.calendar.quiet, desk.calendar)
    held = awake_at > desk.now and not post.pressing(desk, matter)
    turn.rewrite(
        wording,
        buttons=[[["details", matter.id], ["undo", matter.id]]],
        register_no=matter.register_no,
        title=matter.title,
        steps=cards.running_facts(desk, matter),
        held_until=awake_at.isoformat() if held else None,
    )
    if turn.card is not None:  # it is the matter's from now on: a reply to it binds to the matter
        rows.change(turn.card, {"kind": "note", "matter_id": matter.id})


def undo(turn: Turn, target: str) -> None:
    """撤销 was pressed, within a minute."""
    matter = close.undo(turn.desk, reading.number(target), turn.member)
    turn.say(f"已撤销 {matter.register_no}")
    if turn.private:
        turn.rewrite("log.undone", register_no=matter.register_no, title=matter.title)


def cancel(turn: Turn, target: str) -> None:
    """取消 was pressed."""
    draft = own_draft(turn, target)
    if draft.form in lists.QUEUES:
        lists.stop(turn, draft)
        return
    drafts.write(draft, now=turn.desk.now, state="cancelled")
    turn.rewrite(cancelled(draft))
    lists.left(turn, draft)


def cancelled(draft: Draft) -> str:
    """The wording that says that nothing became of a draft."""
    kind = lists.kind_of(draft)
    return f"{kind.texts}.cancelled" if kind else "move.cancelled"
