"""Logging a document: from one line to a card, what is missing asked for one thing at a time, confirmed."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from handlers import reading
from handlers.context import Turn, rows_of
from handlers.keyboards import Rows
from office import cards, close, post, register
from office.desk import Refused
from office.register import Form
from rules import procedure as steps_of
from rules.ladder import awake
from rules.reading import Item, read_correction
from rules.roster import Person
from storage import drafts, people
from storage.models import Draft, Matter

_QUESTIONS = {
    "procedure": "这是哪一类？",
    "sender": "来文单位是哪里？",
    "title": "标题是什么？",
    "section": "转给哪个科室（单位）承办？",
    "scope": "请谁传阅？可以点选，也可以写姓名或科室。",
    "ambiguous": "是哪一位？",
}
_SENIOR = {"leader", "chief_leader", "director", "deputy_director"}


def start(turn: Turn, items: tuple[Item, ...] = ()) -> None:
    """Begin logging what was read; with nothing read, ask for it."""
    if not turn.desk.policy.may(turn.member.roles, "register"):
        raise Refused("may_not_register")
    if not items:
        draft = _begin(turn, "log", {}, asking="line")
        turn.answer("log.ask_first", draft_id=draft.id, buttons=[[["cancel", draft.id]]])
    elif len(items) == 1:
        go_on(turn, _begin(turn, "log", form_of(turn, items[0]).model_dump(mode="json")))
    else:
        forms = [form_of(turn, item).model_dump(mode="json") for item in items]
        _show_many(turn, _begin(turn, "log_many", {"forms": forms}))


def _begin(turn: Turn, form: str, data: dict[str, Any], asking: str | None = None) -> Draft:
    return drafts.begin(
        form,
        chat_id=turn.chat_id,
        member_id=turn.member_id,
        data=data,
        now=turn.desk.now,
        session=turn.desk.session,
        asking=asking,
        source_message_id=None if turn.pressed else turn.message_id,
    )


def form_of(turn: Turn, item: Item, before: Form | None = None) -> Form:
    """What was read of a document as a form; fields that were not read keep what they had before."""
    form = before or Form()
    procedure = item.procedure or form.procedure
    told = [turn.desk.roster.by_name[name] for name in item.people if name in turn.desk.roster.by_name]
    changes: dict[str, Any] = {
        "procedure": procedure,
        "sender": item.sender,
        "title": item.title,
        "number": item.number,
        "urgency": item.urgency,
        "copies": item.copies,
        "due": item.due,
        "due_words": item.due_words,
        "ambiguous": list(item.ambiguous) or None,
        **_who(turn, procedure, told, item.units),
    }
    changed = form.model_dump() | {
        key: value for key, value in changes.items() if value not in (None, [], ())
    }
    return _validated(changed)


def _who(turn: Turn, procedure: str | None, told: list[Person], units: tuple[str, ...]) -> dict[str, Any]:
    """Who is to read it, or which section and person handle it."""
    roster = turn.desk.roster
    if procedure == "circulation":
        heads = [one.name for unit in units if (one := reading.head(roster, unit))]
        names = [one.name for one in told]
        return {"scope": names + [name for name in heads if name not in names]}
    handlers = [one for one in told if not _SENIOR & set(one.roles)]
    sections = [unit for unit in units if roster.unit_by_name[unit].level == "section"]
    section = next(iter([*sections, *units, *(one.unit for one in handlers)]), None)
    fitting = [one for one in handlers if section is None or one.unit == section or len(units) == 0]
    return {
        "section": section,
        "handler": fitting[0].name if fitting else None,
        "units": [unit for unit in units if unit != section],
    }


def _validated(fields: dict[str, Any]) -> Form:
    try:
        return Form.model_validate(fields)
    except ValidationError as error:
        fault = error.errors()[0]
        limit = fault.get("ctx", {}).get("max_length", 0)
        name = steps_of.FIELD_NAMES.get(str(fault["loc"][0]), str(fault["loc"][0]))
        raise Refused("too_long", field=name, limit=limit, length=len(str(fault["input"]))) from None


def go_on(turn: Turn, draft: Draft) -> None:
    """Ask for the next thing that is missing, or show the card for confirmation."""
    form = Form.model_validate(draft.data)
    missing = missing_of(turn, form)
    shown = _shown(turn, form)
    if not missing:
        drafts.write(draft, now=turn.desk.now)
        buttons: Rows = [[["confirm", draft.id], ["edit", draft.id], ["cancel", draft.id]]]
        turn.answer(
            "log.preview", kind="draft", draft_id=draft.id, buttons=buttons, **shown, **_limits(turn, form)
        )
        return
    asked = missing[0]
    drafts.write(draft, now=turn.desk.now, asking=asked)
    names = [
        steps_of.FIELD_NAMES.get(name, {"procedure": "类别", "ambiguous": "人员"}.get(name, name))
        for name in missing
    ]
    turn.answer(
        "log.ask",
        kind="draft",
        draft_id=draft.id,
        buttons=[*_choices(turn, form, asked, draft), [["cancel", draft.id]]],
        missing=names,
        question=_QUESTIONS[asked],
        **shown,
    )


def missing_of(turn: Turn, form: Form) -> list[str]:
    """What has still to be asked for, in order."""
    if form.ambiguous:
        return ["ambiguous"]
    procedure = turn.desk.policy.documents.get(form.procedure or "")
    return ["procedure"] if procedure is None else list(form.missing(procedure))


def _shown(turn: Turn, form: Form) -> dict[str, Any]:
    procedure = turn.desk.policy.documents.get(form.procedure or "")
    shown = form.model_dump(mode="json", exclude={"procedure", "ambiguous"})
    return shown | {"procedure_name": procedure.name if procedure else None}


def _limits(turn: Turn, form: Form) -> dict[str, Any]:
    desk = turn.desk
    procedure = desk.policy.procedures[form.procedure or ""]
    awake_at = awake(desk.now, desk.policy.calendar.quiet, desk.calendar)
    held = awake_at.isoformat() if awake_at > desk.now and not procedure.urgent else None
    return {
        "limits": [one.model_dump(mode="json") for one in register.foresee(desk, form, turn.member)],
        "duplicates": [matter.register_no for matter in register.duplicates(desk, form)],
        "warning": None,
        "held_until": held,
    }


def _choices(turn: Turn, form: Form, asked: str, draft: Draft) -> list[list[list[Any]]]:
    desk = turn.desk
    if asked == "procedure":
        found = [["choose", f"{draft.id}:{key}", one.name] for key, one in desk.policy.documents.items()]
    elif asked == "ambiguous":
        found = [["choose", f"{draft.id}:{name}", name] for name in form.ambiguous]
    elif asked == "section":
        sections = [unit for unit in desk.roster.units if unit.level == "section"]
        found = [["choose", f"{draft.id}:{i}", unit.name] for i, unit in enumerate(sections)]
        found.append(["choose", f"{draft.id}:later", "先放我这里，稍后再转"])
    elif asked == "scope":
        found = [["choose", f"{draft.id}:{role}", name] for role, name in _SCOPES.items()]
    else:
        found = []
    return [[list(button) for button in row] for row in rows_of(found)]


_SCOPES = {"leader": "县领导", "director": "主任、副主任", "section_head": "各科室负责人"}
_SCOPE_ROLES = {"director": ("director", "deputy_director")}


def choose(turn: Turn, target: str) -> None:
    """A button that answers what was asked."""
    draft_id, _, value = target.partition(":")
    draft = own_draft(turn, draft_id)
    if draft.asking is None:
        go_on(turn, draft)
        return
    _set(turn, draft, _chosen(turn, draft.asking, value))


def _chosen(turn: Turn, asked: str, value: str) -> dict[str, Any]:
    desk = turn.desk
    if asked == "section":
        if value == "later":
            return {"section": turn.member.unit, "handler": turn.member.name}
        sections = [unit for unit in desk.roster.units if unit.level == "section"]
        return (
            {"section": sections[int(value)].name} if value.isdigit() and int(value) < len(sections) else {}
        )
    if asked == "scope":
        roles = _SCOPE_ROLES.get(value, (value,))
        return {"scope": [one.name for one in desk.roster.people if set(roles) & set(one.roles)]}
    if asked == "ambiguous":
        return {"ambiguous": [], "handler": value} if value in desk.roster.by_name else {}
    return {"procedure": value} if value in desk.policy.documents else {}


def _set(turn: Turn, draft: Draft, changes: dict[str, Any]) -> None:
    form = _validated(draft.data | changes)
    person = turn.desk.roster.by_name.get(form.handler or "")
    if person is not None and "ambiguous" in changes and form.procedure == "circulation":
        form = form.model_copy(update={"scope": [*form.scope, person.name], "handler": None})
    elif person is not None and form.section is None:
        form = form.model_copy(update={"section": person.unit})
    drafts.write(draft, now=turn.desk.now, data=form.model_dump(mode="json"), asking=draft.asking)
    go_on(turn, draft)


def continue_log(turn: Turn, draft: Draft) -> None:
    """A message that answers what was asked."""
    asked = draft.asking
    text = reading.plain(turn.text)
    if asked == "line":
        read = reading.message(turn, as_log=True)
        form = form_of(turn, read.items[0]) if read.items else Form(title=None)
        if len(read.items) > 1:
            forms = [form_of(turn, item).model_dump(mode="json") for item in read.items]
            draft.form = "log_many"
            drafts.write(draft, now=turn.desk.now, data={"forms": forms})
            _show_many(turn, draft)
            return
        if not read.items:
            form = _validated({"title": text})
        drafts.write(draft, now=turn.desk.now, data=form.model_dump(mode="json"))
        go_on(turn, draft)
    elif asked == "correction":
        correct(turn, draft, text)
    elif asked in ("section", "scope", "ambiguous"):
        _set(turn, draft, _named(turn, asked, text))
    elif asked == "procedure":
        known = turn.desk.policy.documents
        found = [key for key, one in known.items() if one.name in text or text in one.name]
        _set(turn, draft, {"procedure": found[0]} if len(found) == 1 else {})
    else:
        _set(
            turn, draft, {str(asked): reading.sender(turn, text) if asked == "sender" else text.strip("《》")}
        )


def _named(turn: Turn, asked: str, text: str) -> dict[str, Any]:
    names, units, ambiguous = reading.who(turn, text)
    if ambiguous:
        return {"ambiguous": list(ambiguous)}
    if not names and not units:
        raise Refused("nobody_meant")
    told = [turn.desk.roster.by_name[name] for name in names]
    if asked == "scope":
        return _who(turn, "circulation", told, tuple(units))
    section = units[0] if units else told[0].unit
    return {"section": section, "handler": told[0].name if told else None, "ambiguous": []}


def correct(turn: Turn, draft: Draft, text: str) -> None:
    """修改: a plain sentence says what is to be different."""
    item = read_correction(text, reading.context(turn))
    before = Form.model_validate(draft.data)
    form = form_of(turn, item, before)
    if form == before:
        turn.answer("log.not_changed", draft_id=draft.id)
        return
    drafts.write(draft, now=turn.desk.now, data=form.model_dump(mode="json"))
    go_on(turn, draft)


def edit(turn: Turn, target: str) -> None:
    """修改 was pressed: the next message says what is to be different."""
    draft = own_draft(turn, target)
    drafts.write(draft, now=turn.desk.now, asking="correction")
    turn.answer("log.ask_change", draft_id=draft.id, kind="draft", buttons=[[["cancel", draft.id]]])


def confirm(turn: Turn, target: str) -> None:
    """确认 was pressed: log it. Pressed twice, or by two, it is logged once."""
    draft = own_draft(turn, target)
    form = Form.model_validate(draft.data)
    group = turn.chat_id if turn.group else None
    card = turn.card if turn.group else None
    matter = register.register(turn.desk, form, turn.member, group_chat_id=group, card=card)
    drafts.write(draft, now=turn.desk.now, state="done")
    turn.say(f"已登记 {matter.register_no}")
    if card is None:
        _say_done(turn, matter)


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
    if turn.card is not None:
        turn.card.matter_id = matter.id


def undo(turn: Turn, target: str) -> None:
    """撤销 was pressed, within a minute."""
    matter = close.undo(turn.desk, reading.number(target), turn.member)
    turn.say(f"已撤销 {matter.register_no}")
    if turn.private:
        turn.rewrite("log.undone", register_no=matter.register_no, title=matter.title)


def cancel(turn: Turn, target: str) -> None:
    """取消 was pressed."""
    draft = own_draft(turn, target)
    drafts.write(draft, now=turn.desk.now, state="cancelled")
    turn.rewrite("log.cancelled" if draft.form.startswith("log") else "move.cancelled")


def own_draft(turn: Turn, target: str) -> Draft:
    """The draft a button belongs to, if it is still open and the presser's own."""
    draft = turn.desk.session.get(Draft, reading.number(target))
    if draft is None:
        raise Refused("button_unknown")
    if draft.member_id != turn.member_id:
        raise Refused("not_your_draft", name=people.member(draft.member_id, session=turn.desk.session).name)
    if draft.state != "open":
        raise Refused("draft_over", state=draft.state, register_no=None)
    return draft


def _show_many(turn: Turn, draft: Draft) -> None:
    forms = [Form.model_validate(one) for one in draft.data["forms"]]
    items = [_shown(turn, form) | {"missing": _missing_names(turn, form)} for form in forms]
    buttons: Rows = [
        [["confirm_all", draft.id, "✅ 全部确认"], ["one_by_one", draft.id, "逐件核对"]],
        [["cancel", draft.id]],
    ]
    turn.answer("log.many", kind="draft", draft_id=draft.id, buttons=buttons, items=items)


def _missing_names(turn: Turn, form: Form) -> list[str]:
    named = {"procedure": "类别", "ambiguous": "人员（重名）"} | steps_of.FIELD_NAMES
    return [named[name] for name in missing_of(turn, form)]


def confirm_all(turn: Turn, target: str) -> None:
    """Log every document of a list that is complete; the others are asked for one by one."""
    draft = own_draft(turn, target)
    forms = [Form.model_validate(one) for one in draft.data["forms"]]
    complete = [form for form in forms if not missing_of(turn, form)]
    group = turn.chat_id if turn.group else None
    done = [register.register(turn.desk, form, turn.member, group_chat_id=group) for form in complete]
    left = [form.model_dump(mode="json") for form in forms if missing_of(turn, form)]
    drafts.write(draft, now=turn.desk.now, state="done")
    facts = [{"register_no": matter.register_no, "title": matter.title} for matter in done]
    turn.rewrite("log.many_done", done=facts, left=len(left))
    _queue(turn, left)


def one_by_one(turn: Turn, target: str) -> None:
    """Go through a list document by document."""
    draft = own_draft(turn, target)
    drafts.write(draft, now=turn.desk.now, state="done")
    _queue(turn, draft.data["forms"])


def _queue(turn: Turn, forms: list[dict[str, Any]]) -> None:
    for one in reversed(forms):  # the first of the list asks last, so that it is the one being answered
        go_on(turn, _begin(turn, "log", one))
