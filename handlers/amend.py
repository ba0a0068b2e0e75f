"""Changing what was entered: an edited message, or a reply to the card of what is registered."""

from __future__ import annotations

from handlers import entering, entry, limits, lists, reading
from handlers.context import Turn
from office import amend
from office.amend import Amendment
from office.desk import Refused
from office.register import Form
from rules.patterns import lazy
from rules.reading import read_correction
from storage import drafts, matters
from storage.models import Draft, Matter

_CHANGE = lazy(r"改[到成为]|换[成为]|更正|应为|应该?是|写错|打错|登错|有误")
_COMMAND = lazy(r"^/log(?:@\w+)?\s*")
_ROUTE = ("procedure", "urgency")


def edited(turn: Turn) -> None:
    """An edited message changes what it began until that is confirmed; afterwards the change is offered."""
    draft = drafts.of_message(turn.chat_id, turn.message_id or 0, session=turn.desk.session)
    if draft is None or draft.member_id != turn.member_id or draft.form not in ("log", "log_many"):
        return
    turn.text = _COMMAND.sub("", turn.text)
    read = reading.message(turn, as_log=True)
    if draft.state == "done" and draft.data.get("matter_id"):
        if len(read.items) == 1:
            matter = matters.matter(int(draft.data["matter_id"]), session=turn.desk.session)
            _offer(turn, matter, entry.form_of(turn, read.items[0]))
    elif draft.state != "open":
        turn.answer("help.edited_late")
    else:
        turn.card = drafts.card_of(draft.id or 0, session=turn.desk.session)
        _again(turn, draft, [entry.form_of(turn, item) for item in read.items])


def _again(turn: Turn, draft: Draft, forms: list[Form]) -> None:
    """Show again, in the card that stands, what the edited message says."""
    if draft.form == "log" and len(forms) == 1:
        told = forms[0].model_dump(mode="json", exclude_defaults=True)
        data = entry.validated(draft.data | told).model_dump(mode="json")
        drafts.write(draft, now=turn.desk.now, data=data)
        entering.go_on(turn, entry.DOCUMENT, draft, in_place=True)
    elif draft.form == "log_many" and len(forms) > 1:
        lists.check_length(turn, len(forms))
        drafts.write(
            draft, now=turn.desk.now, data={"forms": [form.model_dump(mode="json") for form in forms]}
        )
        lists.show(turn, draft, in_place=True)
    else:
        turn.answer("amend.not_read")


def replied(turn: Turn, matter: Matter) -> bool:
    """期限改到周五, in reply to the card of a document. False: it is no correction, or not the writer's."""
    said = reading.plain(turn.text)
    if turn.desk.policy.procedures[matter.procedure].kind != "document":
        return False
    if not _CHANGE.search(said) or not amend.may(turn.desk, matter, turn.member):
        return False
    item = read_correction(said, reading.context(turn))
    if not item.model_fields_set:
        return False
    if item.past_due:
        raise Refused("limit_past", words=item.past_due)
    limits.sure(turn, item.unsure_due)
    if not item.model_fields_set - set(_ROUTE):
        raise Refused("amend_route", register_no=matter.register_no)
    before = Form(procedure=matter.procedure)
    _offer(turn, matter, entry.form_of(turn, item.model_copy(update={"procedure": None}), before))
    return True


def _offer(turn: Turn, matter: Matter, form: Form) -> None:
    """The change as a card with two buttons; nothing where nothing differs."""
    amendment = amend.proposed(turn.desk, matter, form)
    if not amendment.fields:
        return
    amend.check(turn.desk, matter, amendment, turn.member)
    data = {"matter_id": matter.id, "changes": amendment.model_dump(mode="json")}
    draft = entering.begin(turn, "amend", data)
    draft.source_message_id = None  # the message stays that of the entry it began
    turn.answer(
        "amend.offer",
        draft_id=draft.id,
        buttons=[[["amend", draft.id, "✅ 更正"], ["cancel", draft.id, "✖️ 不改"]]],
        register_no=matter.register_no,
        title=matter.title,
        changes=amend.shown(turn.desk, matter, amendment),
    )


def confirm(turn: Turn, target: str) -> None:
    """更正 was pressed."""
    draft = entering.own_draft(turn, target, "amend")
    changes = Amendment.model_validate(draft.data["changes"])
    matter = matters.matter(int(draft.data["matter_id"]), session=turn.desk.session)
    shown = amend.shown(turn.desk, matter, changes)
    amend.amend(turn.desk, matter.id or 0, changes, turn.member)
    drafts.write(draft, now=turn.desk.now, state="done")
    turn.rewrite(
        "amend.done",
        buttons=[[["details", matter.id]]],
        register_no=matter.register_no,
        title=matter.title,
        changes=shown,
    )
    if turn.card is not None:
        turn.card.kind, turn.card.matter_id = "note", matter.id
