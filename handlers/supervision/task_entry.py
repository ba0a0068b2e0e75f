"""立项 in chat (V1): one task, or one a line, to a card that is confirmed; what is missing is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from handlers import entering, limits, reading
from handlers.context import Turn
from handlers.entering import Choice, Kind
from handlers.entry import which_of
from office.desk import Refused
from office.supervision import ledger, split
from office.supervision.ledger import FIELD_NAMES, TaskForm
from rules.reading.task import TaskReading, read_task_change, read_tasks
from rules.supervision import RHYTHMS
from storage import files, matters
from storage.models import Card, Matter

_QUESTIONS = {
    "title": "督办什么事项？",
    "section": "由哪个单位牵头？",
    "due": "什么时候办结？例如：12月31日前",
    "ambiguous": "请核对，是下面的哪一个？",
    "caution": entering.CAUTION,
}
_SENIOR = {"leader", "chief_leader", "director", "deputy_director"}


def parts_of(turn: Turn, whole: Matter, text: str) -> list[TaskForm]:
    """The parts that a task is to be split into: 水利局 …；住建局 … 11月30日前, a unit and its work each."""
    found = [form for line in re.split(r"[;；\n]+", text) for form in forms_of(turn, line) if line.strip()]
    forms = [split.complete(whole, form) for form in found]
    for form in forms:
        if not (form.ambiguous or form.unsure_due or form.past_due or ledger.missing(turn.desk, form)):
            ledger.check(turn.desk, form)
    return forms


def forms_of(turn: Turn, text: str) -> list[TaskForm]:
    """The tasks that a text tells of."""
    read = read_tasks(text, reading.context(turn), turn.desk.policy.supervision)
    caution = reading.is_internal(turn)
    return [form_of(turn, one, TaskForm(caution=caution)) for one in read]


def form_of(turn: Turn, read: TaskReading, before: TaskForm | None = None) -> TaskForm:
    """What was read of a task as a form; what was not read stays as it was."""
    form = before or TaskForm()
    people = [name for name in read.people if not _SENIOR & set(turn.desk.roster.by_name[name].roles)]
    changes: dict[str, Any] = {
        "title": read.title,
        "source": read.source,
        "section": read.section or _unit_of(turn, people, form),
        "units": list(read.units),
        "handler": people[0] if people else None,
        "due": read.due,
        "due_words": read.due_words,
        "unsure_due": read.unsure_due,
        "past_due": read.past_due,
        "rhythm": read.rhythm,
        "field": read.field,
        "remark": read.remark,
        "ambiguous": [list(names) for names in read.choices],
    }
    said = {key: value for key, value in changes.items() if value}
    if said.get("section", form.section) != form.section and "handler" not in said:
        said["handler"] = None  # whoever was named belongs to the unit before
    if read.due is not None:
        said |= {"past_due": None, "unsure_due": None}
    said["units"] = [one for one in said.get("units", form.units) if one != said.get("section", form.section)]
    return _validated(form.model_dump() | said)


def _unit_of(turn: Turn, people: list[str], form: TaskForm) -> str | None:
    """The unit of who answers for it, where no lead unit was named."""
    return turn.desk.roster.by_name[people[0]].unit if people and form.section is None else None


def _validated(fields: dict[str, Any]) -> TaskForm:
    try:
        return TaskForm.model_validate(fields)
    except ValidationError as error:
        fault = error.errors()[0]
        limit = fault.get("ctx", {}).get("max_length", 0)
        key = str(fault["loc"][0])
        name, length = FIELD_NAMES.get(key, key), len(str(fault["input"]))
        raise Refused("too_long", field=name, limit=limit, length=length) from None


def _read(turn: Turn) -> list[TaskForm]:
    text = reading.plain(turn.text)
    return forms_of(turn, text) or [_validated({"title": text})]


def _missing(turn: Turn, form: TaskForm) -> list[str]:
    if entering.asks_caution(turn, form):
        return ["caution"]
    if form.ambiguous:
        return ["ambiguous"]
    if form.unsure_due:
        return ["unsure_due"]
    return ["past_due"] if form.past_due else ledger.missing(turn.desk, form)


def _names(missing: Iterable[str]) -> list[str]:
    named = FIELD_NAMES | {
        "ambiguous": "人员、单位（待核对）",
        "unsure_due": "时限（待核对）",
        "past_due": "时限（已过）",
        "caution": "登记许可",
    }
    return [named[name] for name in missing]


def _question(form: TaskForm, asked: str) -> str:
    if asked == "unsure_due" and form.unsure_due:
        return limits.question(form.unsure_due)
    if asked == "past_due":
        return f"时限“{form.past_due}”已经过去，应为何时？请写新的时限，如“12月31日前”。"
    if asked == "ambiguous" and len(form.ambiguous[0]) == 1:
        return f"是{form.ambiguous[0][0]}吗？"
    return _QUESTIONS[asked]


def _choices(turn: Turn, form: TaskForm, asked: str) -> list[Choice]:
    if asked == "caution":
        return [entering.CLEARED]
    if asked == "unsure_due" and form.unsure_due:
        return limits.choices(turn, form.unsure_due)
    return which_of(form.ambiguous[0]) if asked == "ambiguous" else []


def _chosen(turn: Turn, form: TaskForm, asked: str, value: str) -> TaskForm:
    if asked == "caution":
        return form.model_copy(update={"cleared": value == "cleared"})
    if asked == "unsure_due" and form.unsure_due:
        return form.model_copy(update=limits.chosen(turn, form.unsure_due, value))
    if asked != "ambiguous" or value not in (*form.ambiguous[0], "nobody"):
        return form
    person = turn.desk.roster.by_name.get(value)
    changes: dict[str, Any] = {"ambiguous": form.ambiguous[1:]}
    if value in turn.desk.roster.unit_by_name and form.section is None:
        changes["section"] = value
    elif value in turn.desk.roster.unit_by_name:
        changes["units"] = [*form.units, value]
    if person is not None:
        changes |= {"handler": person.name, "section": form.section or person.unit}
    return form.model_copy(update=changes)


def _told(turn: Turn, form: TaskForm, asked: str, text: str) -> TaskForm:
    """A message that answers what was asked."""
    if asked == "caution":
        return form
    if asked == "title":
        return _validated(form.model_dump() | {"title": text.strip("《》")})
    if asked in ("due", "past_due", "unsure_due"):
        return form.model_copy(update=limits.new_limit(turn, text))
    names, units, ambiguous = reading.who(turn, text)
    if not (names or units or ambiguous):
        raise Refused("unit_unread", words=text)
    rest = form.ambiguous[1:] if asked == "ambiguous" else form.ambiguous
    choices = ((tuple(ambiguous),) if ambiguous else ()) + tuple(tuple(one) for one in rest)
    read = TaskReading(section=units[0] if units else None, units=units[1:], people=names)
    return form_of(turn, read, form).model_copy(update={"ambiguous": [list(one) for one in choices]})


def _corrected(turn: Turn, before: TaskForm, text: str) -> TaskForm:
    changed = read_task_change(text, reading.context(turn), turn.desk.policy.supervision)
    return form_of(turn, changed, before)


def _shown(turn: Turn, form: TaskForm) -> dict[str, Any]:
    hidden = {"procedure", "ambiguous", "unsure_due", "past_due", "queue", "matter_id", "rhythm", "handler"}
    hidden |= {"caution", "cleared"}
    kept = files.with_ids(form.files, session=turn.desk.session)
    parent = matters.matter(form.parent_id, session=turn.desk.session) if form.parent_id else None
    return form.model_dump(mode="json", exclude=hidden) | {
        "rhythm": RHYTHMS[form.rhythm or turn.desk.policy.supervision.rhythm],
        "rhythm_said": form.rhythm is not None,
        "handler": form.handler or (ledger.liaison_name(turn.desk, form) if form.section else None),
        "files": [file.name for file in kept],
        "parent": parent.register_no if parent else None,
    }


def _foreseen(turn: Turn, form: TaskForm) -> dict[str, Any]:
    """The limits; Refused as the task itself would be, before it is confirmed."""
    limits = [one.model_dump(mode="json") for one in ledger.foresee(turn.desk, form)]
    until = turn.desk.quiet_until
    return {
        "limits": limits,
        "duplicates": _known(turn, form),
        "held_until": until.isoformat() if until else None,
    }


def _known(turn: Turn, form: TaskForm) -> list[str]:
    """Open tasks of the same unit with the same words."""
    found = matters.with_title(form.title or "", section=form.section, session=turn.desk.session)
    return [one.register_no for one in found]


def _enter(turn: Turn, form: TaskForm, card: Card | None) -> Matter:
    group = turn.chat_id if turn.group else None
    whole = matters.matter(form.parent_id, session=turn.desk.session) if form.parent_id else None
    if whole is not None and whole.procedure in turn.desk.policy.tasks:
        return split.split(turn.desk, whole, [form], turn.member)[0]
    return ledger.enter(turn.desk, form, turn.member, group_chat_id=group, card=card)


TASK = Kind(
    form="task",
    texts="task",
    model=TaskForm,
    read=_read,
    missing=_missing,
    names=_names,
    question=_question,
    choices=_choices,
    chosen=_chosen,
    told=_told,
    corrected=_corrected,
    shown=_shown,
    foreseen=_foreseen,
    known=_known,
    enter=_enter,
    rest="其余都不立项",
)
