"""Several documents in one message: one card with all, confirmed at once or gone through one by one."""

from __future__ import annotations

from collections import Counter
from typing import Any

from handlers import entry, reading
from handlers.context import Turn
from handlers.keyboards import Rows
from office import register
from office.desk import Refused
from office.register import Form
from rules.reading import Item
from storage import drafts, files
from storage.models import Draft, Matter


def start(turn: Turn, items: tuple[Item, ...], draft: Draft | None = None) -> None:
    """Show a list for confirmation; Refused where it is longer than is taken at once."""
    check_length(turn, len(items))
    forms = [entry.form_of(turn, item) for item in items]
    for form in forms:
        form.forwarded_from = turn.forwarded_from
    entry.check_internal(turn, *forms)
    data = {"forms": [form.model_dump(mode="json") for form in forms]}
    if draft is None:
        draft = entry.begin(turn, "log_many", data)
    else:
        draft.form = "log_many"
        drafts.write(draft, now=turn.desk.now, data=data)
    show(turn, draft)


def check_length(turn: Turn, count: int) -> None:
    """Refused where a list is longer than is taken at once."""
    limit = turn.desk.policy.entry.list_documents
    if count > limit:
        raise Refused("list_too_long", limit=limit, count=count)


def show(turn: Turn, draft: Draft, *, in_place: bool = False) -> None:
    """The card of a list: every document, what each lacks, which are registered already."""
    forms = [Form.model_validate(one) for one in draft.data["forms"]]
    again = Counter(form.number for form in forms if form.number)
    items = [_shown(turn, form, again) for form in forms]
    buttons: Rows = [
        [["confirm_all", draft.id, "✅ 全部确认"], ["one_by_one", draft.id, "逐件核对"]],
        [["cancel", draft.id]],
    ]
    facts: dict[str, Any] = {"items": items, "lacking": sum(bool(one["missing"]) for one in items)}
    if in_place:
        turn.rewrite("log.many", buttons=buttons, **facts)
    else:
        turn.answer("log.many", kind="draft", draft_id=draft.id, buttons=buttons, **facts)


def _shown(turn: Turn, form: Form, again: Counter[str]) -> dict[str, Any]:
    known = [matter.register_no for matter in register.duplicates(turn.desk, form)]
    return entry.shown_of(turn, form) | {
        "missing": entry.names_of(entry.missing_of(turn, form)),
        "known": known[:1] or (["本单内重复"] if form.number and again[form.number] > 1 else []),
    }


def confirm_all(turn: Turn, target: str) -> None:
    """Log every document of a list that can be logged; the others are gone through one by one."""
    draft = entry.own_draft(turn, target, "log_many")
    done: list[Matter] = []
    left: list[Form] = []
    for form in (Form.model_validate(one) for one in draft.data["forms"]):
        matter = _logged(turn, form)
        if matter is None:
            left.append(form)
        else:
            done.append(matter)
    drafts.write(draft, now=turn.desk.now, state="done")
    facts = [{"register_no": matter.register_no, "title": matter.title} for matter in done]
    turn.rewrite("log.many_done", done=facts, left=len(left))
    _go_through(turn, left)


def _logged(turn: Turn, form: Form) -> Matter | None:
    """The matter a document became; None where something has to be asked or corrected first."""
    if entry.missing_of(turn, form):
        return None
    group = turn.chat_id if turn.group else None
    try:
        with turn.desk.session.begin_nested():
            return register.register(turn.desk, form, turn.member, group_chat_id=group)
    except Refused:
        return None


def one_by_one(turn: Turn, target: str) -> None:
    """Go through a list document by document."""
    draft = entry.own_draft(turn, target, "log_many")
    drafts.write(draft, now=turn.desk.now, state="done")
    turn.rewrite("log.many_begun", count=len(draft.data["forms"]))
    _go_through(turn, [Form.model_validate(one) for one in draft.data["forms"]])


def _go_through(turn: Turn, forms: list[Form]) -> None:
    """Keep the list and begin with its first document; the next comes when that is done."""
    if forms:
        data = {"forms": [form.model_dump(mode="json") for form in forms], "total": len(forms)}
        go_on(turn, entry.begin(turn, "log_queue", data).id)


def go_on(turn: Turn, queue_id: int | None) -> None:
    """The next document of a list, if there is one."""
    queue = turn.desk.session.get(Draft, queue_id) if queue_id else None
    if queue is None or queue.state != "open":
        return
    if not queue.data["forms"]:
        drafts.write(queue, now=turn.desk.now, state="done")
        return
    first, *rest = queue.data["forms"]
    drafts.write(queue, now=turn.desk.now, data=queue.data | {"forms": rest})
    entry.go_on(turn, entry.begin(turn, "log", first | {"queue": queue.id}))


def after(turn: Turn, draft: Draft) -> None:
    """A document was logged or skipped: the next of its list."""
    if draft.form == "log":
        go_on(turn, draft.data.get("queue"))


def left(turn: Turn, draft: Draft) -> None:
    """A document is not logged: its files go, the next of its list comes."""
    if draft.form == "log":
        files.forget(draft.data.get("files", ()), session=turn.desk.session)
    after(turn, draft)


def stop(turn: Turn, queue_id: str) -> None:
    """其余都不登记: leave what is being asked and all that is left."""
    queue = entry.own_draft(turn, queue_id, "log_queue")
    drafts.write(queue, now=turn.desk.now, state="cancelled")
    current = drafts.latest(
        chat_id=turn.chat_id, member_id=turn.member_id, now=turn.desk.now, session=turn.desk.session
    )
    if current is not None and current.data.get("queue") == reading.number(queue_id):
        drafts.write(current, now=turn.desk.now, state="cancelled")
    turn.rewrite("log.many_stopped", count=len(queue.data["forms"]) + 1)
