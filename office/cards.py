"""Cards: how a matter stands, for whom, with what can be done. Edited in place wherever they stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from office import petition, post
from office.desk import Desk
from office.supervision import standing
from rules import procedure as steps_of
from rules.ladder import time_left
from rules.limits import in_words
from rules.policy import Procedure, StepRule
from storage import files, journal, matters, outbox, people, progress, search
from storage.matters import Standing
from storage.models import Card, Matter, Member, Outbox, Step

Shown = TypeVar("Shown", Card, Standing)

UNDO_WITHIN = timedelta(minutes=1)
"""how long who logged a document may take it back"""

LIVE = ("holder", "group", "view", "order")
"""kinds of cards whose text is made from how the matter stands when it is sent or edited"""

COMPOSED = (*LIVE, "invite")
"""the same, with those that are edited only for whom they concern: a notice to one of many"""

SAID = 3
"""opinions that the card of whoever is next shows; all of them stand in the timeline"""

_SIGNS = {"closed": "✅", "returned": "📤", "void": "🚫", "transferred": "📤"}
_STATES = {"closed": "已办结", "returned": "已退文", "void": "已撤销", "transferred": "已转出"}


def facts(desk: Desk, card: Card) -> dict[str, Any] | None:
    """What a live card shows now; None where there is nothing to show any more."""
    if card.matter_id is None:
        return None
    matter = matters.matter(card.matter_id, session=desk.session)
    shown = matter_facts(desk, matter)
    step = matters.step(card.step_id, session=desk.session) if card.step_id else None
    mine = step if step is not None and step.state == "open" and step.holder_id == card.member_id else None
    shown["mine"] = _own_facts(desk, matter, mine) if mine is not None else None
    shown["ended"] = _ended(desk, matter, step) if step is not None and mine is None else None
    shown["buttons"] = buttons(desk, matter, mine, kind=card.kind)
    return shown


def matter_facts(desk: Desk, matter: Matter) -> dict[str, Any]:
    """How a matter stands: JSON values, instants as ISO strings."""
    assert matter.id is not None
    procedure = desk.policy.procedures[matter.procedure]
    running = _running(desk, matter)
    shown = [step_facts(desk, matter, step) for step in running]
    late = any(one["late"] for one in shown)
    in_order = running and procedure.in_order
    following = steps_of.following(procedure, running[-1].key) if in_order else None
    return {
        "id": matter.id,
        "register_no": matter.register_no,
        "procedure_name": procedure.name,
        "urgency": matter.urgency,
        "title": matter.title,
        "sender": matter.sender,
        "doc_number": matter.doc_number,
        "section": matter.section,
        "units": matter.units,
        "scope": matter.scope,
        "sign": _SIGNS.get(matter.state, "❗" if late else "▶️"),
        "state": _STATES.get(matter.state, "已逾期" if late else "在办"),
        "open": matter.state == "open",
        "steps": shown,
        "next": following.name if following else None,
        "due": matter.due_at.isoformat() if matter.due_at else None,
        "first_due": first_due(matter.first_due_at, matter.due_at),
        "left": left_words(desk, matter.due_at, procedure) if matter.due_at and running else None,
        "provisional": matter.provisional or any(one["provisional"] for one in shown),
        "result": matter.result,
        "reply_no": matter.reply_no,
        "closed_at": matter.closed_at.isoformat() if matter.closed_at else None,
        "remark": matter.remark,
        "progress": _progress(desk, matter),
        "task": standing.facts(desk, matter),
    }


def _running(desk: Desk, matter: Matter) -> list[Step]:
    return matters.open_steps(matter.id or 0, session=desk.session) if matter.state == "open" else []


def running_facts(desk: Desk, matter: Matter) -> list[dict[str, Any]]:
    """How the steps stand that run now."""
    return [step_facts(desk, matter, step) for step in _running(desk, matter)]


def _progress(desk: Desk, matter: Matter) -> dict[str, Any] | None:
    """How far a task was last said to be (V3)."""
    if matter.procedure not in desk.policy.tasks:
        return None
    last = progress.latest(matter.id or 0, session=desk.session)
    if last is None:
        return None
    percent = progress.percents_of([matter.id or 0], session=desk.session).get(matter.id or 0)
    at = last.claimed_at or last.reported_at
    return {"percent": percent, "at": at.isoformat(), "words": last.words}


def step_facts(desk: Desk, matter: Matter, step: Step) -> dict[str, Any]:
    """How a running step stands."""
    procedure = desk.policy.procedures[matter.procedure]
    rule = procedure.step(step.key)
    who = people.with_ids([i for i in (step.holder_id, step.for_id) if i], session=desk.session)
    return {
        "id": step.id,
        "name": steps_of.step_name(rule, matter.details, step.cycle),
        "todo": rule.todo,
        "source": rule.source,
        "holder": who[step.holder_id].name,
        "for": who[step.for_id].name if step.for_id else None,
        "since": step.holder_since.isoformat(),
        "due": step.due_at.isoformat() if step.due_at else None,
        "first_due": first_due(step.first_due_at, step.due_at),
        "left": left_words(desk, step.due_at, procedure) if step.due_at else None,
        "late": step.due_at is not None and step.due_at <= desk.now,
        "acknowledged": step.acknowledged_at is not None,
        "provisional": step.provisional,
    }


def _own_facts(desk: Desk, matter: Matter, step: Step) -> dict[str, Any]:
    """A step for who holds it: also why it came back, if it did, and what was written before him."""
    back = journal.last_of_matter(step.matter_id, "sent_back", session=desk.session)
    came_back = back is not None and back.happened_at >= step.holder_since
    return step_facts(desk, matter, step) | {
        "sent_back": back.facts.get("words") if back and came_back else None,
        "said": _said(desk, matter),
    }


def _said(desk: Desk, matter: Matter) -> list[dict[str, Any]]:
    """The last opinions and results that were written, not only pressed: step, who, words."""
    procedure = desk.policy.procedures[matter.procedure]
    signed = [one for one in matters.steps(matter.id or 0, session=desk.session) if one.state == "done"]
    written = [
        one for one in signed if one.opinion and not _only_pressed(procedure.step(one.key), one.opinion)
    ]
    who = people.with_ids([one.signed_by for one in written if one.signed_by], session=desk.session)
    return [
        {
            "step": steps_of.step_name(procedure.step(one.key), matter.details, one.cycle),
            "by": who[one.signed_by].name if one.signed_by else None,
            "words": one.opinion,
        }
        for one in written[-SAID:]
    ]


def _only_pressed(rule: StepRule, opinion: str) -> bool:
    return opinion in (rule.sign, rule.shortcut.label if rule.shortcut else None)


def first_due(first: datetime | None, now: datetime | None) -> str | None:
    """The first limit, where a deferral has moved it (V10)."""
    return first.isoformat() if first is not None and first != now else None


def left_words(desk: Desk, due_at: datetime, procedure: Procedure) -> str:
    """还剩 2 小时 10 分 · 已逾期 1 个工作日"""
    left = time_left(desk.now, due_at, desk.calendar, procedure.clock)
    if isinstance(left, timedelta):
        if -timedelta(minutes=1) < left <= timedelta(0):
            return "时限已到"
        return f"已逾期 {in_words(left)}" if left < timedelta(0) else f"还剩 {in_words(left)}"
    return f"已逾期 {-left} 个工作日" if left < 0 else f"还剩 {left} 个工作日"


def buttons(desk: Desk, matter: Matter, mine: Step | None, *, kind: str) -> list[list[list[Any]]]:
    """What the holder of a step may press; for everybody else the details, or what is behind them."""
    details = ["timeline" if kind == "view" else "details", matter.id]
    if kind == "group" or matter.state != "open" or mine is None:
        running = _running(desk, matter)
        urge = [["urge", step.id, "🔔 催办"] for step in running[:1]] if kind == "view" else []
        fresh = kind == "group" and running and desk.now - matter.registered_at <= UNDO_WITHIN
        return [[details, *urge, *([["undo", matter.id]] if fresh else []), *_papers(desk, matter, kind)]]
    rule = desk.policy.procedures[matter.procedure].step(mine.key)
    allowed = [verb for verb in rule.verbs if verb != "acknowledge" or mine.acknowledged_at is None]
    row: list[list[Any]] = []
    for verb in allowed:
        labels = {"sign": f"✍️ {rule.sign}", "shortcut": rule.shortcut and f"⏫ {rule.shortcut.label}"}
        if "sign" in rule.model_fields_set:
            labels["close"] = f"✅ {rule.sign}"
        if verb == "sign" and rule.requires is not None and petition.missing(matter):
            row.append(["report_parts", mine.id, "📝 写报告"])
            continue
        row.append([verb, mine.id, labels[verb]] if verb in labels else [verb, mine.id])
        if verb == "sign" and rule.opinion:
            row.append(["write", mine.id])
    row += [details, *_papers(desk, matter, kind)]
    return [row[i : i + 3] for i in range(0, len(row), 3)]


def _papers(desk: Desk, matter: Matter, kind: str) -> list[list[Any]]:
    """The button that sends the matter's files again, where there are any."""
    count = len(files.of_matter(matter.id or 0, session=desk.session)) if kind == "view" else 0
    if kind == "view" and not count and matter.procedure in desk.policy.tasks:
        return [["notice", matter.id, "📄 通知单"]]
    return [["files", matter.id, f"📎 附件 {count}"]] if count else []


def hand_to_holder(desk: Desk, matter: Matter, step: Step, holder: Member) -> int | None:
    """The one private card of a step to who holds it."""
    return post.to_member(desk, holder, "holder", kind="holder", matter=matter, step_id=step.id)


def refresh(desk: Desk, matter: Matter, step: Step | None = None) -> None:
    """Edit the matter's cards wherever they stand, and bring what it is found by up to date."""
    search.index(matter, session=desk.session)  # holders, units and result are found by, too
    edit(desk, matter, step)


def edit(desk: Desk, matter: Matter, step: Step | None = None) -> None:
    """Edit the matter's cards wherever they stand.

    Of the readers of a circulation only the one whose `step` changed: sixty readers are not told sixty
    times that another has read it.
    """
    assert matter.id is not None
    steps = matters.steps(matter.id, session=desk.session) if has_readers(desk, matter) else []
    standing = matters.standing_of([matter.id], session=desk.session)[matter.id]
    edited = to_edit(desk, matter, step, standing, steps)
    level = post.priority(desk, matter)
    outbox.enqueue_edits(edited, priority=level, now=desk.now, session=desk.session)


def has_readers(desk: Desk, matter: Matter) -> bool:
    """Whether a matter is read by several at once."""
    steps = desk.policy.procedures[matter.procedure].steps
    return matter.state == "open" and any(rule.holder == "scope" for rule in steps)


def to_edit(
    desk: Desk, matter: Matter, step: Step | None, standing: Sequence[Shown], steps: Sequence[Step]
) -> list[Shown]:
    """Which of a matter's cards change with a `step`; `steps` are all it ever had, where it has readers."""
    rules = desk.policy.procedures[matter.procedure].steps
    scoped = {rule.key for rule in rules if rule.holder == "scope"}
    others = {one.id for one in steps if one.key in scoped and (step is None or one.id != step.id)}
    live = (card for card in standing if card.kind in LIVE)
    return [card for card in live if card.kind != "holder" or card.step_id not in others]


def retire_views(desk: Desk, matter_id: int, chat_id: int) -> None:
    """A matter is shown anew in a chat: what was shown there before is no longer kept up to date."""
    for card in matters.standing_cards(matter_id, kinds=["view"], session=desk.session):
        if card.chat_id == chat_id:
            card.standing = False


def settle_notes(desk: Desk, matter: Matter, step: Step, by: str | None) -> None:
    """Reminders and alerts of a step that has ended: say so in place, take their buttons away."""
    assert matter.id is not None
    kinds = ("reminder", "alert", "question", "chase")
    for card in matters.standing_cards(matter.id, kinds=kinds, step_id=step.id, session=desk.session):
        card.standing = False
        if card.message_id is None and outbox.withdraw(card.id, session=desk.session):
            continue
        rule = desk.policy.procedures[matter.procedure].step(step.key)
        message = Outbox(
            op="edit",
            chat_id=card.chat_id,
            member_id=card.member_id,
            card_id=card.id,
            priority=post.priority(desk, matter),
            wording=f"{post.family(desk, matter)}.settled",
            facts={
                "register_no": matter.register_no,
                "title": matter.title,
                "step": rule.name,
                "by": by,
                "state": step.state,
                "words": step.opinion if step.state != "open" else None,
                "buttons": [[["details", matter.id]]],
            },
            created_at=desk.now,
        )
        desk.session.add(message)


def resend(desk: Desk, member_id: int) -> int:
    """Give a member who can be reached again the cards of what he holds: how many."""
    member = people.member(member_id, session=desk.session)
    held = matters.held_by(member_id, session=desk.session)
    for step, matter in held:
        hand_to_holder(desk, matter, step, member)
    return len(held)


def _ended(desk: Desk, matter: Matter, step: Step) -> dict[str, Any]:
    """What became of a step whose card still stands: signed, handed over, sent back."""
    rule = desk.policy.procedures[matter.procedure].step(step.key)
    ids = [i for i in (step.signed_by, step.holder_id) if i]
    who = people.with_ids(ids, session=desk.session)
    return {
        "name": steps_of.step_name(rule, matter.details, step.cycle),
        "state": step.state,
        "by": who[step.signed_by].name if step.signed_by else None,
        "holder": who[step.holder_id].name,
        "opinion": step.opinion,
        "at": (step.ended_at or step.holder_since).isoformat(),
    }
