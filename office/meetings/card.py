"""The live cards of a meeting: the list of checks and answers, and the notice to whom it invites."""

from __future__ import annotations

from typing import Any

from office import cards
from office.desk import Desk
from office.meetings import caps, notice
from storage import files, matters, meetings, people
from storage.models import Card, Invitation, Matter, Member, Step

Rows = list[list[list[Any]]]


def facts(desk: Desk, card: Card) -> dict[str, Any] | None:
    """What a meeting's card shows now, for who looks at it; instants as ISO strings."""
    matter = matters.matter(card.matter_id or 0, session=desk.session)
    if card.kind == "invite":
        return _invite(desk, matter, card)
    viewer = people.member(card.member_id, session=desk.session) if card.member_id else None
    shown = matter_facts(desk, matter)
    shown["mine"] = [
        one for one in shown["steps"] if one["running"] and viewer and one["holder_id"] == viewer.id
    ]
    shown["buttons"] = _buttons(desk, matter, viewer, in_group=card.chat_id < 0)
    return shown


def matter_facts(desk: Desk, matter: Matter) -> dict[str, Any]:
    """How a meeting stands, for everybody."""
    details = matter.details
    steps = matters.steps(matter.id or 0, session=desk.session)
    if details.get("held"):
        steps = [step for step in steps if step.state == "open" or "minutes" in step.key]
    invited = meetings.invitations(matter.id or 0, session=desk.session)
    organiser = people.member(matter.handler_id or matter.registrar_id, session=desk.session)
    shown = {step.key: _line(desk, matter, step) for step in steps}  # of one begun again the last
    return notice.facts(desk, matter) | {
        "id": matter.id,
        "open": matter.state == "open",
        "result": matter.result,
        "section": matter.section,
        "organiser": organiser.name,
        "over": [caps.in_words(one) for one in details["over"]],
        "reason": details.get("reason"),
        "wanted": _wanted(desk, matter),
        "noticed": bool(details.get("noticed")),
        "held": bool(details.get("held")),
        "came": f"{sum(one.came_at is not None for one in invited)}/{len(invited)}",
        "steps": list(shown.values()),
        "provisional": any(step.provisional and step.state == "open" for step in steps),
        "answers": answers(desk, matter),
        "minutes": details.get("minutes", {}).get("number"),
        "decisions": len(_decisions(desk, matter)),
    }


def _wanted(desk: Desk, matter: Matter) -> dict[str, Any] | None:
    """The change that waits for its approval, in words."""
    wanted = matter.details.get("wanted")
    if not wanted or matter.state != "open":
        return None
    asker = people.member(wanted["by"], session=desk.session)
    over = [caps.in_words(one) for one in wanted["over"]]
    keys = ("topic", "units", "at", "ends", "place", "reason")
    return {key: wanted.get(key) for key in keys} | {"over": over, "by": asker.name}


def _decisions(desk: Desk, matter: Matter) -> list[Matter]:
    return [one for one in meetings.decisions(session=desk.session) if one.parent_id == matter.id]


def _line(desk: Desk, matter: Matter, step: Step) -> dict[str, Any]:
    """A check: running, with what is left; or how it ended."""
    running = step.state == "open" and matter.state == "open"
    rule = desk.policy.procedures[matter.procedure].step(step.key)
    who = people.with_ids([i for i in (step.holder_id, step.signed_by) if i], session=desk.session)
    procedure = desk.policy.procedures[matter.procedure]
    return {
        "id": step.id,
        "key": step.key,
        "name": rule.name,
        "todo": rule.todo,
        "running": running,
        "state": step.state,
        "late": running and step.due_at is not None and step.due_at <= desk.now,
        "holder": who[step.holder_id].name,
        "holder_id": step.holder_id,
        "by": who[step.signed_by].name if step.signed_by else None,
        "due": step.due_at.isoformat() if step.due_at else None,
        "left": cards.left_words(desk, step.due_at, procedure) if step.due_at and running else None,
        "words": step.opinion,
    }


def answers(desk: Desk, matter: Matter) -> dict[str, list[str]]:
    """Who comes, who is replaced and by whom, who only confirmed, who is silent, who cannot be reached."""
    found: dict[str, list[str]] = {
        key: [] for key in ("attends", "replaced", "received", "waiting", "unreached")
    }
    for one in meetings.invitations(matter.id or 0, session=desk.session):
        words = one.name + ("（电话）" if one.phoned_by else "")
        if one.answer == "replaced":
            words += f" → {one.substitute}"
        key = "unreached" if one.answer == "waiting" and one.round and one.told_at is None else one.answer
        found[key].append(words)
    return found


def _buttons(desk: Desk, matter: Matter, viewer: Member | None, *, in_group: bool) -> Rows:
    papers = len(files.of_matter(matter.id or 0, session=desk.session))
    more = [["files", matter.id, f"📎 材料 {papers}"]] if papers else []
    if in_group or viewer is None:
        return [[["details", matter.id]]]
    own = [button for step in _held(desk, matter, viewer) for button in _own(desk, matter, step)]
    rows = [own[i : i + 2] for i in range(0, len(own), 2)]
    if notice.organises(desk, matter, viewer) and matter.details.get("held"):
        rows.append([["mt_decided", matter.id, "📌 议定事项"], ["mt_came", matter.id, "📋 签到名单"]])
    elif matter.state == "open" and (own or notice.organises(desk, matter, viewer)):
        first = [] if matter.details.get("noticed") else [["mt_send", matter.id, "📣 发通知"]]
        rows.append([*first, ["mt_menu", matter.id, "⋯ 更多"]])
    rows.append([["timeline", matter.id], *more])
    return rows


def _held(desk: Desk, matter: Matter, viewer: Member) -> list[Step]:
    if matter.state != "open":
        return []
    steps = matters.open_steps(matter.id or 0, session=desk.session)
    return [step for step in steps if step.holder_id == viewer.id]


_ACTS: dict[str, list[list[str]]] = {
    "approve": [["mt_grant", "✅ 同意召开"], ["mt_refuse", "✖️ 不同意"]],
    "approve_change": [["mt_grant", "✅ 同意变更"], ["mt_refuse", "✖️ 不同意"]],
    "minutes": [["mt_draft", "📝 写纪要"]],
    "check_minutes": [["mt_checked", "✅ 审核通过"], ["mt_back", "↩️ 退改"]],
    "sign_minutes": [["mt_sign", "✅ 签发"], ["mt_back", "↩️ 退改"]],
}
"""what ends a step that no plain signature ends"""


def _own(desk: Desk, matter: Matter, step: Step) -> list[list[Any]]:
    """What its holder may do with a step."""
    rule = desk.policy.procedures[matter.procedure].step(step.key)
    key = "approve_change" if step.key == "approve" and matter.details.get("wanted") else step.key
    row: list[list[Any]] = [[verb, step.id, label] for verb, label in _ACTS.get(key, [])]
    if "sign" in rule.verbs:
        row.append(["sign", step.id, f"✔️ {rule.sign}"])
    return row


def hand_overs(desk: Desk, matter: Matter, viewer: Member) -> Rows:
    """A button for each step that a member holds and may give to somebody else."""
    rules = desk.policy.procedures[matter.procedure]
    held = [(step, rules.step(step.key)) for step in _held(desk, matter, viewer)]
    return [
        [["hand_over", step.id, f"↪️ 转办{rule.name}"]] for step, rule in held if "hand_over" in rule.verbs
    ]


# --- the notice -------------------------------------------------------------------------------------


def _invite(desk: Desk, matter: Matter, card: Card) -> dict[str, Any] | None:
    one = meetings.with_card(card.id or 0, session=desk.session)
    if one is None:
        return None
    shown = invite_facts(desk, matter, one)
    papers = len(files.of_matter(matter.id or 0, session=desk.session))
    rows = notice.buttons(matter, one)
    if papers and matter.state == "open":
        rows.append([["files", matter.id, f"📎 材料 {papers}"]])
    return shown | {"buttons": rows}


def invite_facts(desk: Desk, matter: Matter, one: Invitation) -> dict[str, Any]:
    """The notice to one of those invited, with his own answer."""
    member = people.member(one.member_id, session=desk.session) if one.member_id else None
    organiser = people.member(matter.handler_id or matter.registrar_id, session=desk.session)
    owner = people.member(one.for_id, session=desk.session) if one.for_id else None
    acts_for = owner.name if owner and member and owner.id != member.id else None
    return notice.facts(desk, matter) | {
        "name": one.name,
        "acts_for": acts_for,
        "unit": one.unit,
        "round": one.round,
        "answer": one.answer,
        "answered": one.answered_at.isoformat() if one.answered_at else None,
        "substitute": one.substitute,
        "organiser": organiser.name,
        "phone": organiser.phone,
        "came": one.came_at.isoformat() if one.came_at else None,
    }
