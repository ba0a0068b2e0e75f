"""Several entries in one message: one card with all, confirmed at once or gone through one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from handlers import entering
from handlers.context import Turn
from handlers.entering import Kind
from handlers.entry import DOCUMENT
from handlers.keyboards import Rows
from handlers.supervision import task_entry
from office.desk import Refused
from storage import drafts, files
from storage.models import Draft, Matter

KINDS: dict[str, Kind] = {kind.form: kind for kind in (DOCUMENT, task_entry.TASK)}
"""what is entered by a form, by the form of its drafts"""
LISTS = {f"{form}_many": kind for form, kind in KINDS.items()}
QUEUES = {f"{form}_queue": kind for form, kind in KINDS.items()}


def kind_of(draft: Draft) -> Kind | None:
    """The kind of an entry, of a list of entries, of what is left of one."""
    return KINDS.get(draft.form) or LISTS.get(draft.form) or QUEUES.get(draft.form)


def start(turn: Turn, kind: Kind, forms: Sequence[Any], draft: Draft | None = None) -> None:
    """Show a list for confirmation; Refused where it is longer than is taken at once."""
    check_length(turn, len(forms))
    entering.check_internal(turn, *forms)
    data = {"forms": [form.model_dump(mode="json") for form in forms]}
    if draft is None:
        draft = entering.begin(turn, f"{kind.form}_many", data)
    else:
        draft.form = f"{kind.form}_many"
        drafts.write(draft, now=turn.desk.now, data=data)
    show(turn, draft)


def check_length(turn: Turn, count: int) -> None:
    """Refused where a list is longer than is taken at once."""
    limit = turn.desk.policy.entry.list_documents
    if count > limit:
        raise Refused("list_too_long", limit=limit, count=count)


def show(turn: Turn, draft: Draft, *, in_place: bool = False) -> None:
    """The card of a list: every entry, what each lacks, which are registered already."""
    kind = LISTS[draft.form]
    forms = [kind.model.model_validate(one) for one in draft.data["forms"]]
    again = Counter(number for form in forms if (number := getattr(form, "number", None)))
    items = [_shown(turn, kind, form, again) for form in forms]
    buttons: Rows = [
        [["confirm_all", draft.id, "✅ 全部确认"], ["one_by_one", draft.id, "逐件核对"]],
        [["cancel", draft.id]],
    ]
    facts: dict[str, Any] = {"items": items, "lacking": sum(bool(one["missing"]) for one in items)}
    if in_place:
        turn.rewrite(f"{kind.texts}.many", buttons=buttons, **facts)
    else:
        turn.answer(f"{kind.texts}.many", kind="draft", draft_id=draft.id, buttons=buttons, **facts)


def _shown(turn: Turn, kind: Kind, form: Any, again: Counter[str]) -> dict[str, Any]:
    number = getattr(form, "number", None)
    return kind.shown(turn, form) | {
        "missing": kind.names(kind.missing(turn, form)),
        "known": kind.known(turn, form)[:1] or (["本单内重复"] if number and again[number] > 1 else []),
    }


def confirm_all(turn: Turn, target: str) -> None:
    """Enter everything of a list that can be entered; the rest is gone through one by one."""
    draft = entering.own_draft(turn, target, *LISTS)
    kind = LISTS[draft.form]
    done: list[Matter] = []
    left: list[Any] = []
    for form in (kind.model.model_validate(one) for one in draft.data["forms"]):
        matter = _entered(turn, kind, form)
        if matter is None:
            left.append(form)
        else:
            done.append(matter)
    drafts.write(draft, now=turn.desk.now, state="done")
    facts = [{"register_no": matter.register_no, "title": matter.title} for matter in done]
    turn.rewrite(f"{kind.texts}.many_done", done=facts, left=len(left))
    _go_through(turn, kind, left)


def _entered(turn: Turn, kind: Kind, form: Any) -> Matter | None:
    """The matter an entry became; None where something has to be asked or corrected first."""
    if kind.missing(turn, form):
        return None
    try:
        with turn.desk.session.begin_nested():
            return kind.enter(turn, form, None)
    except Refused:
        return None


def one_by_one(turn: Turn, target: str) -> None:
    """Go through a list entry by entry."""
    draft = entering.own_draft(turn, target, *LISTS)
    kind = LISTS[draft.form]
    drafts.write(draft, now=turn.desk.now, state="done")
    turn.rewrite(f"{kind.texts}.many_begun", count=len(draft.data["forms"]))
    _go_through(turn, kind, [kind.model.model_validate(one) for one in draft.data["forms"]])


def _go_through(turn: Turn, kind: Kind, forms: list[Any]) -> None:
    """Keep the list and begin with its first entry; the next comes when that is done."""
    if forms:
        data = {"forms": [form.model_dump(mode="json") for form in forms], "total": len(forms)}
        go_on(turn, entering.begin(turn, f"{kind.form}_queue", data).id)


def go_on(turn: Turn, queue_id: int | None) -> None:
    """The next entry of a list, if there is one."""
    queue = turn.desk.session.get(Draft, queue_id) if queue_id else None
    if queue is None or queue.state != "open":
        return
    if not queue.data["forms"]:
        drafts.write(queue, now=turn.desk.now, state="done")
        return
    first, *rest = queue.data["forms"]
    drafts.write(queue, now=turn.desk.now, data=queue.data | {"forms": rest})
    kind = QUEUES[queue.form]
    entering.go_on(turn, kind, entering.begin(turn, kind.form, first | {"queue": queue.id}))


def after(turn: Turn, draft: Draft) -> None:
    """Something was entered or skipped: the next of its list."""
    if draft.form in KINDS:
        go_on(turn, draft.data.get("queue"))


def left(turn: Turn, draft: Draft) -> None:
    """Something is not entered: its files go, the next of its list comes."""
    if draft.form in KINDS:
        files.forget(draft.data.get("files", ()), session=turn.desk.session)
    after(turn, draft)


def stop(turn: Turn, queue: Draft) -> None:
    """其余都不登记: leave what is being asked and all that is left."""
    drafts.write(queue, now=turn.desk.now, state="cancelled")
    current = drafts.latest(
        chat_id=turn.chat_id, member_id=turn.member_id, now=turn.desk.now, session=turn.desk.session
    )
    if current is not None and current.data.get("queue") == queue.id:
        drafts.write(current, now=turn.desk.now, state="cancelled")
    turn.rewrite(f"{QUEUES[queue.form].texts}.many_stopped", count=len(queue.data["forms"]) + 1)
