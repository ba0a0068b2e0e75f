"""The entry of a document: what was read as a form, what is missing, how it is asked for and shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from handlers import entering, limits, reading
from handlers.context import Turn
from handlers.entering import Choice, Kind
from office import attachments, register
from office.desk import Refused
from office.register import Form
from rules import petition
from rules import procedure as steps_of
from rules.ladder import awake
from rules.posts import head_of
from rules.reading import Item, read_correction
from rules.recognise import recognise
from rules.roster import Person
from storage import files
from storage.models import Card, Matter

_QUESTIONS = {
    "procedure": "这是哪一类？",
    "sender": "来文单位是哪里？",
    "title": "标题是什么？",
    "section": "转给哪个科室（单位）承办？",
    "scope": "请谁传阅？可以点选，也可以写姓名或科室。",
    "ambiguous": "请核对，是下面的哪一个？",
    "caution": entering.CAUTION,
}
_KEPT = {
    "procedure",
    "ambiguous",
    "unsure_due",
    "past_due",
    "caution",
    "cleared",
    "album",
    "queue",
    "matter_id",
}
"""what an entry keeps and its card does not show"""
_SENIOR = {"leader", "chief_leader", "director", "deputy_director"}


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
        "unsure_due": item.unsure_due,
        "past_due": item.past_due,
        "ambiguous": [list(names) for names in item.choices] or None,
        **who(turn, procedure, told, item.units),
    }
    said = {key: value for key, value in changes.items() if value not in (None, [], ())}
    if said.get("section", form.section) != form.section and "handler" not in said:
        said["handler"] = None  # whoever was named belongs to the section before
    if item.due:
        said |= {"past_due": None, "unsure_due": None}
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
        heads = [one.name for unit in units if (one := head_of(unit, roster))]
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
    """A form of these fields; Refused too_long where one is longer than the register takes."""
    try:
        return Form.model_validate(fields)
    except ValidationError as error:
        fault = error.errors()[0]
        limit = fault.get("ctx", {}).get("max_length", 0)
        name = steps_of.FIELD_NAMES.get(str(fault["loc"][0]), str(fault["loc"][0]))
        raise Refused("too_long", field=name, limit=limit, length=len(str(fault["input"]))) from None


def _question(form: Form, asked: str) -> str:
    if asked == "unsure_due" and form.unsure_due:
        return limits.question(form.unsure_due)
    if asked == "past_due":
        return f"时限“{form.past_due}”已经过去，应为何时？请写新的时限，如“周五前”。"
    if asked == "ambiguous" and len(form.ambiguous[0]) == 1:
        return f"是{form.ambiguous[0][0]}吗？"
    return _QUESTIONS[asked]


def names_of(missing: Iterable[str]) -> list[str]:
    """What is missing, as people call it."""
    named = {
        "procedure": "类别",
        "ambiguous": "人员、单位（待核对）",
        "unsure_due": "时限（待核对）",
        "past_due": "时限（已过）",
        "caution": "登记许可",
    } | steps_of.FIELD_NAMES
    return [named[name] for name in missing]


def missing_of(turn: Turn, form: Form) -> list[str]:
    """What has still to be asked for, in order."""
    if entering.asks_caution(turn, form):
        return ["caution"]
    if form.ambiguous:
        return ["ambiguous"]
    if form.unsure_due or form.past_due:
        return ["unsure_due" if form.unsure_due else "past_due"]
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
    }


def _limits(turn: Turn, form: Form) -> dict[str, Any]:
    desk = turn.desk
    procedure = desk.policy.procedures[form.procedure or ""]
    awake_at = awake(desk.now, desk.policy.calendar.quiet, desk.calendar)
    held = awake_at.isoformat() if awake_at > desk.now and not procedure.urgent else None
    return {
        "limits": [one.model_dump(mode="json") for one in register.foresee(desk, form, turn.member)],
        "duplicates": _known(turn, form),
        "warning": _warning(turn, form),
        "held_until": held,
    }


def _warning(turn: Turn, form: Form) -> str | None:
    known = attachments.also_in(turn.desk, form.files)
    same = f"同一附件已在：{'、'.join(known)}。" if known else ""
    asks = form.caution and not form.cleared
    caution = "有“内部资料”“工作秘密”一类字样，请核实可以在此登记后再确认。" if asks else ""
    return same + caution or None


def _choices(turn: Turn, form: Form, asked: str) -> list[Choice]:
    desk = turn.desk
    if asked == "procedure":
        return [(key, one.name) for key, one in desk.policy.documents.items()]
    if asked == "ambiguous":
        return which_of(form.ambiguous[0])
    if asked == "caution":
        return [entering.CLEARED]
    if asked == "unsure_due" and form.unsure_due:
        return limits.choices(turn, form.unsure_due)
    if asked == "past_due":
        return [("ruled", "不另定，按规定时限")]
    if asked == "section":
        sections = [unit.name for unit in desk.roster.units if unit.level == "section"]
        return [*((str(i), name) for i, name in enumerate(sections)), ("later", "先放我这里，稍后再转")]
    return list(_SCOPES.items()) if asked == "scope" else []


def which_of(names: list[str]) -> list[Choice]:
    """Buttons for those of whom one is meant."""
    if len(names) == 1:
        return [(names[0], f"是，{names[0]}"), ("nobody", "不是")]
    return [*((name, name) for name in names), ("nobody", "都不是")]


_SCOPES = {"leader": "县领导", "director": "主任、副主任", "section_head": "各科室负责人"}
_SCOPE_ROLES = {"director": ("director", "deputy_director")}


def _read(turn: Turn) -> list[Form]:
    """The documents of a message that stands for them; words that tell of none are a title."""
    items = reading.message(turn, as_log=True).items
    forms = [form_of(turn, item) for item in items] or [validated({"title": reading.plain(turn.text)})]
    for form in forms:
        form.forwarded_from = turn.forwarded_from
    return forms


def _pressed(turn: Turn, form: Form, asked: str, value: str) -> Form:
    return _with(turn, form, _chosen(turn, form, asked, value))


def _chosen(turn: Turn, form: Form, asked: str, value: str) -> dict[str, Any]:
    desk = turn.desk
    if asked == "section":
        if value == "later":
            return {"section": turn.member.unit, "handler": turn.member.name}
        sections = [unit for unit in desk.roster.units if unit.level == "section"]
        section = reading.picked(sections, value)
        return {"section": section.name} if section else {}
    if asked == "scope":
        roles = _SCOPE_ROLES.get(value, (value,))
        return {"scope": [one.name for one in desk.roster.people if set(roles) & set(one.roles)]}
    if asked == "ambiguous":
        first, *rest = form.ambiguous
        if value == "nobody":
            return {"ambiguous": rest}
        return {"ambiguous": rest, "meant": value} if value in first else {}
    if asked == "caution":
        return {"cleared": value == "cleared"}
    if asked == "unsure_due" and form.unsure_due:
        return limits.chosen(turn, form.unsure_due, value)
    if asked == "past_due":
        return {"past_due": None, "due": None, "due_words": None}
    return {"procedure": value} if value in desk.policy.documents else {}


def _with(turn: Turn, before: Form, changes: dict[str, Any]) -> Form:
    called = changes.pop("meant", "")
    meant = turn.desk.roster.by_name.get(called)
    form = validated(before.model_dump() | changes)
    if called in turn.desk.roster.unit_by_name:
        form = _with_unit(turn, form, called)
    if meant is not None and form.procedure == "circulation":
        form = form.model_copy(update={"scope": list(dict.fromkeys([*form.scope, meant.name]))})
    elif meant is not None and form.handler is None:
        form = form.model_copy(update={"handler": meant.name, "section": form.section or meant.unit})
    person = turn.desk.roster.by_name.get(form.handler or "")
    if person is not None and form.section is None:
        form = form.model_copy(update={"section": person.unit})
    return form


def _with_unit(turn: Turn, form: Form, unit: str) -> Form:
    """The unit that a slip of typing meant: the sender's, or of who is to do something."""
    if form.sender and unit in reading.meant_unit(turn, form.sender):
        return form.model_copy(update={"sender": unit})
    if form.procedure == "circulation":
        named = who(turn, "circulation", [], (unit,))["scope"]
        return form.model_copy(update={"scope": list(dict.fromkeys([*form.scope, *named]))})
    if form.section is None:
        return form.model_copy(update={"section": unit})
    return form.model_copy(update={"units": [*form.units, unit]})


def _told(turn: Turn, form: Form, asked: str, text: str) -> Form:
    """A message that answers what was asked."""
    if asked in ("section", "scope", "ambiguous"):
        return _with(turn, form, _named(turn, form, asked, text))
    if asked in ("unsure_due", "past_due"):
        return _with(turn, form, limits.new_limit(turn, text))
    if asked == "caution":
        return form
    if asked == "procedure":
        known = turn.desk.policy.documents
        found = [key for key, one in known.items() if one.name in text or text in one.name]
        return _with(turn, form, {"procedure": found[0]} if len(found) == 1 else {})
    said = reading.sender(turn, text) if asked == "sender" else text.strip("《》")
    return _with(turn, form, {asked: said})


def _named(turn: Turn, form: Form, asked: str, text: str) -> dict[str, Any]:
    names, units, ambiguous = reading.who(turn, text)
    rest = form.ambiguous[1:] if asked == "ambiguous" else []
    if ambiguous:
        return {"ambiguous": [list(ambiguous), *rest]}
    if not names and not units:
        raise Refused("nobody_meant")
    told = [turn.desk.roster.by_name[name] for name in names]
    if asked == "scope":
        return who(turn, "circulation", told, tuple(units))
    if asked == "ambiguous":
        return {"ambiguous": rest, "meant": told[0].name if told else units[0]}
    section = units[0] if units else told[0].unit
    return {"section": section, "handler": told[0].name if told else None, "ambiguous": rest}


def _corrected(turn: Turn, before: Form, text: str) -> Form:
    """修改: a plain sentence says what is to be different."""
    item = read_correction(text, reading.context(turn))
    form = form_of(turn, item, before)
    if "urgency" in item.model_fields_set and item.urgency is None:
        form.urgency = None
    return form


def _known(turn: Turn, form: Form) -> list[str]:
    return [matter.register_no for matter in register.duplicates(turn.desk, form)]


def _enter(turn: Turn, form: Form, card: Card | None) -> Matter:
    group = turn.chat_id if turn.group else None
    return register.register(turn.desk, form, turn.member, group_chat_id=group, card=card)


DOCUMENT = Kind(
    form="log",
    texts="log",
    model=Form,
    read=_read,
    missing=missing_of,
    names=names_of,
    question=_question,
    choices=_choices,
    chosen=_pressed,
    told=_told,
    corrected=_corrected,
    shown=shown_of,
    foreseen=_limits,
    known=_known,
    enter=_enter,
    rest="其余都不登记",
)
