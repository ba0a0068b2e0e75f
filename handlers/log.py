"""Logging a document: from one line to a card, what is missing asked for one thing at a time, confirmed."""

from __future__ import annotations

from typing import Any

from handlers import entry, lists, reading
from handlers.context import Turn
from handlers.entry import SCOPE_ROLES, go_on, own_draft
from office import cards, close, post, register
from office.desk import Refused
from office.register import Form
from rules.ladder import awake
from rules.reading import Item, read_correction
from storage import drafts
from storage.models import Draft, Matter


def start(turn: Turn, items: tuple[Item, ...] = ()) -> None:
    """Begin logging what was read; with nothing read, ask for it."""
    if not turn.desk.policy.may(turn.member.roles, "register"):
        raise Refused("may_not_register")
    if not items:
        draft = entry.begin(turn, "log", {}, asking="line")
        turn.answer("log.ask_first", draft_id=draft.id, buttons=[[["cancel", draft.id]]])
    elif len(items) == 1:
        form = entry.form_of(turn, items[0])
        form.forwarded_from = turn.forwarded_from
        go_on(turn, entry.begin(turn, "log", form.model_dump(mode="json")))
    else:
        lists.start(turn, items)


def choose(turn: Turn, target: str) -> None:
    """A button that answers what was asked."""
    draft_id, _, value = target.partition(":")
    draft = own_draft(turn, draft_id, "log")
    missing = entry.missing_of(turn, Form.model_validate(draft.data))
    if not missing:
        go_on(turn, draft)
        return
    _set(turn, draft, _chosen(turn, draft, missing[0], value))


def _chosen(turn: Turn, draft: Draft, asked: str, value: str) -> dict[str, Any]:
    desk = turn.desk
    if asked == "section":
        if value == "later":
            return {"section": turn.member.unit, "handler": turn.member.name}
        sections = [unit for unit in desk.roster.units if unit.level == "section"]
        section = reading.picked(sections, value)
        return {"section": section.name} if section else {}
    if asked == "scope":
        roles = SCOPE_ROLES.get(value, (value,))
        return {"scope": [one.name for one in desk.roster.people if set(roles) & set(one.roles)]}
    if asked == "ambiguous":
        first, *rest = Form.model_validate(draft.data).ambiguous
        if value == "nobody":
            return {"ambiguous": rest}
        return {"ambiguous": rest, "meant": value} if value in first else {}
    if asked == "caution":
        return {"cleared": value == "cleared"}
    if asked == "past_due":
        return {"past_due": None, "due": None, "due_words": None}
    return {"procedure": value} if value in desk.policy.documents else {}


def _set(turn: Turn, draft: Draft, changes: dict[str, Any]) -> None:
    meant = turn.desk.roster.by_name.get(changes.pop("meant", ""))
    form = entry.validated(draft.data | changes)
    if meant is not None and form.procedure == "circulation":
        form = form.model_copy(update={"scope": list(dict.fromkeys([*form.scope, meant.name]))})
    elif meant is not None and form.handler is None:
        form = form.model_copy(update={"handler": meant.name, "section": form.section or meant.unit})
    person = turn.desk.roster.by_name.get(form.handler or "")
    if person is not None and form.section is None:
        form = form.model_copy(update={"section": person.unit})
    drafts.write(draft, now=turn.desk.now, data=form.model_dump(mode="json"), asking=draft.asking)
    go_on(turn, draft)


def continue_log(turn: Turn, draft: Draft) -> None:
    """A message that answers what was asked."""
    asked = draft.asking
    text = reading.plain(turn.text)
    if asked == "line":
        draft.source_message_id = turn.message_id
        read = reading.message(turn, as_log=True)
        if len(read.items) > 1:
            lists.start(turn, read.items, draft)
            return
        form = entry.form_of(turn, read.items[0]) if read.items else entry.validated({"title": text})
        form.forwarded_from = turn.forwarded_from
        drafts.write(draft, now=turn.desk.now, data=form.model_dump(mode="json"))
        go_on(turn, draft)
    elif asked == "correction":
        correct(turn, draft, text)
    elif asked in ("section", "scope", "ambiguous"):
        _set(turn, draft, _named(turn, draft, asked, text))
    elif asked == "past_due":
        _set(turn, draft, _new_limit(turn, text))
    elif asked == "caution":
        go_on(turn, draft)
    elif asked == "procedure":
        known = turn.desk.policy.documents
        found = [key for key, one in known.items() if one.name in text or text in one.name]
        _set(turn, draft, {"procedure": found[0]} if len(found) == 1 else {})
    else:
        _set(
            turn, draft, {str(asked): reading.sender(turn, text) if asked == "sender" else text.strip("《》")}
        )


def _named(turn: Turn, draft: Draft, asked: str, text: str) -> dict[str, Any]:
    names, units, ambiguous = reading.who(turn, text)
    rest = Form.model_validate(draft.data).ambiguous[1:] if asked == "ambiguous" else []
    if ambiguous:
        return {"ambiguous": [list(ambiguous), *rest]}
    if not names and not units:
        raise Refused("nobody_meant")
    told = [turn.desk.roster.by_name[name] for name in names]
    if asked == "scope":
        return entry.who(turn, "circulation", told, tuple(units))
    if asked == "ambiguous" and told:
        return {"ambiguous": rest, "meant": told[0].name}
    section = units[0] if units else told[0].unit
    return {"section": section, "handler": told[0].name if told else None, "ambiguous": rest}


def _new_limit(turn: Turn, text: str) -> dict[str, Any]:
    """The limit in place of one that was over already."""
    item = read_correction(f"期限改到{text}", reading.context(turn))
    if item.due is None:
        raise Refused("limit_past" if item.past_due else "limit_unread", words=item.past_due or text)
    return {"past_due": None, "due": item.due, "due_words": item.due_words}


def correct(turn: Turn, draft: Draft, text: str) -> None:
    """修改: a plain sentence says what is to be different."""
    item = read_correction(text, reading.context(turn))
    before = Form.model_validate(draft.data)
    form = entry.form_of(turn, item, before)
    if "urgency" in item.model_fields_set and item.urgency is None:
        form.urgency = None
    if form == before:
        turn.answer("log.not_changed", draft_id=draft.id)
        return
    drafts.write(draft, now=turn.desk.now, data=form.model_dump(mode="json"))
    go_on(turn, draft)


def edit(turn: Turn, target: str) -> None:
    """修改 was pressed: the next message says what is to be different."""
    draft = own_draft(turn, target, "log")
    drafts.write(draft, now=turn.desk.now, asking="correction")
    turn.answer("log.ask_change", draft_id=draft.id, kind="draft", buttons=[[["cancel", draft.id]]])


def confirm(turn: Turn, target: str) -> None:
    """确认 was pressed: log it. Pressed twice, or by two, it is logged once."""
    draft = own_draft(turn, target, "log")
    form = Form.model_validate(draft.data)
    group = turn.chat_id if turn.group else None
    card = turn.card if turn.group else None
    matter = register.register(turn.desk, form, turn.member, group_chat_id=group, card=card)
    drafts.write(draft, now=turn.desk.now, data=draft.data | {"matter_id": matter.id}, state="done")
    turn.say(f"已登记 {matter.register_no}")
    if card is None:
        _say_done(turn, matter)
    lists.after(turn, draft)


def _say_done(turn: Turn, matter: Matter) -> None:
    desk = turn.desk
    shown = cards.matter_facts(desk, matter)
    awake_at = awake(desk.now, desk.policy.calendar.quiet, desk.calendar)
    held = awake_at > desk.now and not post.pressing(desk, matter)
    turn.rewrite(
        "log.done",
        buttons=[[["details", matter.id], ["undo", matter.id]]],
        register_no=matter.register_no,
        title=matter.title,
        steps=shown["steps"],
        held_until=awake_at.isoformat() if held else None,
    )
    if turn.card is not None:  # it is the matter's from now on: a reply to it binds to the matter
        turn.card.kind, turn.card.matter_id = "note", matter.id


def undo(turn: Turn, target: str) -> None:
    """撤销 was pressed, within a minute."""
    matter = close.undo(turn.desk, reading.number(target), turn.member)
    turn.say(f"已撤销 {matter.register_no}")
    if turn.private:
        turn.rewrite("log.undone", register_no=matter.register_no, title=matter.title)


def cancel(turn: Turn, target: str) -> None:
    """取消 was pressed."""
    draft = own_draft(turn, target)
    if draft.form == "log_queue":
        lists.stop(turn, target)
        return
    drafts.write(draft, now=turn.desk.now, state="cancelled")
    turn.rewrite("log.cancelled" if draft.form.startswith("log") else "move.cancelled")
    lists.left(turn, draft)
