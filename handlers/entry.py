"""The entry of a document under way: what was read as a form, what is missing asked for, the card shown."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from pydantic import ValidationError

from handlers import reading
from handlers.context import Turn, rows_of
from handlers.keyboards import Rows
from office import attachments, register
from office.desk import Refused
from office.register import Form
from rules import petition
from rules import procedure as steps_of
from rules.ladder import awake
from rules.reading import Item
from rules.recognise import recognise
from rules.roster import Person
from storage import drafts, files, matters, outbox, people
from storage.models import Draft, Outbox

_QUESTIONS = {
    "procedure": "这是哪一类？",
    "sender": "来文单位是哪里？",
    "title": "标题是什么？",
    "section": "转给哪个科室（单位）承办？",
    "scope": "请谁传阅？可以点选，也可以写姓名或科室。",
    "ambiguous": "是哪一位？",
    "caution": "⚠️ 有“内部资料”“工作秘密”一类字样，请先核实可以在本系统登记。可以登记吗？",
}
_KEPT = {"procedure", "ambiguous", "past_due", "caution", "cleared", "album", "queue", "matter_id"}
"""what an entry keeps and its card does not show"""
_SENIOR = {"leader", "chief_leader", "director", "deputy_director"}


def begin(turn: Turn, form: str, data: dict[str, Any], asking: str | None = None) -> Draft:
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


def form_of(turn: Turn, item: Item, before: Form | None = None, from_page: tuple[str, ...] = ()) -> Form:
    """What was read of a document as a form; fields that were not read keep what they had before.

    `from_page`: the fields that a file says and nobody else.
    """
    form = before or Form()
    procedure = _kind(turn, item, form)
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
        "past_due": item.past_due,
        "ambiguous": [list(names) for names in item.choices] or None,
        **who(turn, procedure, told, item.units),
    }
    said = {key: value for key, value in changes.items() if value not in (None, [], ())}
    if said.get("section", form.section) != form.section and "handler" not in said:
        said["handler"] = None  # whoever was named belongs to the section before
    if item.due:
        said["past_due"] = None
    kept = [name for name in form.from_page if said.get(name, getattr(form, name)) == getattr(form, name)]
    caution = form.caution or reading.is_internal(turn)
    form = validated(form.model_dump() | said | {"from_page": [*kept, *from_page], "caution": caution})
    return form if before else _particulars(turn, form)


def _kind(turn: Turn, item: Item, form: Form) -> str | None:
    """The procedure a document follows, told from those that are read alike by the line that names it."""
    if form.procedure is not None:
        return item.procedure or form.procedure
    return recognise(_line_of(turn, item.title), item.procedure, item.title, turn.desk.policy.documents)


def _line_of(turn: Turn, title: str | None) -> str:
    """What was said of one document: of several in a message, the line with its title."""
    said = reading.plain(turn.text)
    lines = said.splitlines()
    return next((line for line in lines if title and title[:8] in line), said)


def _particulars(turn: Turn, form: Form) -> Form:
    """What only a kind of its own has: a petition's points, the leader whose instruction it is."""
    procedure = turn.desk.policy.documents.get(form.procedure or "")
    if procedure is None or procedure.recognised is None:
        return form
    said = _line_of(turn, form.title)
    unit = turn.desk.roster.unit_by_name.get(form.sender or "")
    opening = [word for word in procedure.recognised.opens if unit and word in unit.short_names]
    if opening and unit is not None and unit.name not in said:
        form.sender = None  # the word that says what it is is no unit
    if procedure.recognised.sender == "leader" and form.sender is None:
        named = [turn.desk.roster.by_name[name] for name in reading.who(turn, said)[0]]
        form.sender = next((one.name for one in named if "leader" in one.roles), None)
    if any(step.requires for step in procedure.steps):
        _, raised = petition.raised(turn.text)
        form.title, form.points = petition.raised(form.title or "")[0] or None, list(raised)
    return form


def who(turn: Turn, procedure: str | None, told: list[Person], units: tuple[str, ...]) -> dict[str, Any]:
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


def validated(fields: dict[str, Any]) -> Form:
    try:
        return Form.model_validate(fields)
    except ValidationError as error:
        fault = error.errors()[0]
        limit = fault.get("ctx", {}).get("max_length", 0)
        name = steps_of.FIELD_NAMES.get(str(fault["loc"][0]), str(fault["loc"][0]))
        raise Refused("too_long", field=name, limit=limit, length=len(str(fault["input"]))) from None


def check_internal(turn: Turn, *forms: Form) -> None:
    """Refused where the office does not have 内部资料 and the like entered here."""
    if turn.desk.policy.entry.internal == "refuse" and any(form.caution for form in forms):
        raise Refused("internal")


def go_on(turn: Turn, draft: Draft, *, in_place: bool = False) -> None:
    """Ask for the next thing that is missing, or show the card for confirmation.

    `in_place`: in the card that stands already (`turn.card`), not in a new one.
    """
    form = Form.model_validate(draft.data)
    check_internal(turn, form)
    missing = missing_of(turn, form)
    shown = shown_of(turn, form)
    if not in_place:
        retire(turn, draft)
    say = turn.rewrite if in_place else partial(turn.answer, kind="draft", draft_id=draft.id)
    if not missing:
        drafts.write(draft, now=turn.desk.now)
        buttons: Rows = [[["confirm", draft.id], ["edit", draft.id], _leaving(draft, form)], *_rest(form)]
        say("log.preview", buttons=buttons, **shown, **_limits(turn, form))
        return
    asked = missing[0]
    drafts.write(draft, now=turn.desk.now, asking=asked)
    say(
        "log.ask",
        buttons=[*_choices(turn, form, asked, draft), [_leaving(draft, form)], *_rest(form)],
        missing=names_of(missing),
        question=_question(form, asked),
        **shown,
    )


def _question(form: Form, asked: str) -> str:
    if asked == "past_due":
        return f"时限“{form.past_due}”已经过去，应为何时？请写新的时限，如“周五前”。"
    if asked == "ambiguous" and len(form.ambiguous[0]) == 1:
        return f"是{form.ambiguous[0][0]}吗？"
    return _QUESTIONS[asked]


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


def _leaving(draft: Draft, form: Form) -> list[Any]:
    return ["cancel", draft.id, "跳过这件"] if form.queue else ["cancel", draft.id]


def _rest(form: Form) -> list[list[list[Any]]]:
    """Of a list that is gone through: the way out of all that is left."""
    return [[["cancel", form.queue, "其余都不登记"]]] if form.queue else []


def names_of(missing: Iterable[str]) -> list[str]:
    """What is missing, as people call it."""
    named = {
        "procedure": "类别",
        "ambiguous": "人员（待核对）",
        "past_due": "时限（已过）",
        "caution": "登记许可",
    } | steps_of.FIELD_NAMES
    return [named[name] for name in missing]


def missing_of(turn: Turn, form: Form) -> list[str]:
    """What has still to be asked for, in order."""
    if form.caution and not form.cleared and turn.desk.policy.entry.internal == "ask":
        return ["caution"]
    if form.ambiguous:
        return ["ambiguous"]
    if form.past_due:
        return ["past_due"]
    procedure = turn.desk.policy.documents.get(form.procedure or "")
    return ["procedure"] if procedure is None else list(form.missing(procedure))


def shown_of(turn: Turn, form: Form) -> dict[str, Any]:
    """What the card of an entry shows."""
    procedure = turn.desk.policy.documents.get(form.procedure or "")
    shown = form.model_dump(mode="json", exclude=_KEPT)
    kept = files.with_ids(form.files, session=turn.desk.session)
    return shown | {
        "procedure_name": procedure.name if procedure else None,
        "files": [file.name for file in kept],
        "place": _place(turn, form),
    }


def _place(turn: Turn, form: Form) -> str | None:
    """第 3/20 件, of a list that is gone through."""
    queue = turn.desk.session.get(Draft, form.queue) if form.queue else None
    if queue is None:
        return None
    total = int(queue.data["total"])
    return f"第 {total - len(queue.data['forms'])}/{total} 件"


def _limits(turn: Turn, form: Form) -> dict[str, Any]:
    desk = turn.desk
    procedure = desk.policy.procedures[form.procedure or ""]
    awake_at = awake(desk.now, desk.policy.calendar.quiet, desk.calendar)
    held = awake_at.isoformat() if awake_at > desk.now and not procedure.urgent else None
    return {
        "limits": [one.model_dump(mode="json") for one in register.foresee(desk, form, turn.member)],
        "duplicates": [matter.register_no for matter in register.duplicates(desk, form)],
        "warning": _warning(turn, form),
        "held_until": held,
    }


def _warning(turn: Turn, form: Form) -> str | None:
    known = attachments.also_in(turn.desk, form.files)
    same = f"同一附件已在：{'、'.join(known)}。" if known else ""
    asks = form.caution and not form.cleared
    caution = "有“内部资料”“工作秘密”一类字样，请核实可以在此登记后再确认。" if asks else ""
    return same + caution or None


def _choices(turn: Turn, form: Form, asked: str, draft: Draft) -> list[list[list[Any]]]:
    desk = turn.desk
    if asked == "procedure":
        found = [["choose", f"{draft.id}:{key}", one.name] for key, one in desk.policy.documents.items()]
    elif asked == "ambiguous":
        names = form.ambiguous[0]
        labels = [f"是，{names[0]}"] if len(names) == 1 else names
        found = [["choose", f"{draft.id}:{name}", label] for name, label in zip(names, labels, strict=True)]
        found.append(["choose", f"{draft.id}:nobody", "不是" if len(names) == 1 else "都不是"])
    elif asked == "caution":
        found = [["choose", f"{draft.id}:cleared", "已核实，可以登记"]]
    elif asked == "past_due":
        found = [["choose", f"{draft.id}:ruled", "不另定，按规定时限"]]
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
SCOPE_ROLES = {"director": ("director", "deputy_director")}


def own_draft(turn: Turn, target: str, form: str | None = None) -> Draft:
    """The draft a button belongs to, if it is still open, the presser's own, and of the button's form."""
    draft = drafts.draft(reading.number(target), session=turn.desk.session)
    if draft is None or form not in (None, draft.form):
        raise Refused("button_unknown")
    if draft.member_id != turn.member_id:
        raise Refused("not_your_draft", name=people.member(draft.member_id, session=turn.desk.session).name)
    if draft.state != "open":
        number = draft.data.get("matter_id")
        matter = matters.matter(number, session=turn.desk.session) if number else None
        raise Refused("draft_over", state=draft.state, register_no=matter.register_no if matter else None)
    return draft
