"""The live card of an emergency: how it stands, who was told and who answered, and what the viewer can do."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from office import cards, elements, emergency, emergency_buttons, reports
from office.desk import Desk
from office.report_text import text_of, words
from rules.emergency import Level, missing
from storage import emergencies, journal, matters, people
from storage.models import Card, Instruction, Matter, Member, Report, Step

TEXT_SHOWN = 500
_TELLING = ("called", "rang_remind", "rang_due", "rang_overdue", "climbed", "phoned")
_ANSWERING = {"known": "answered", "phoned": "phoned"}
_OUTCOMES = {"final": "已结束", "false_alarm": "误报", "merged": "已并入"}


def facts(desk: Desk, card: Card) -> dict[str, Any] | None:
    """What an emergency's card shows now, for who looks at it; instants as ISO strings."""
    matter = matters.matter(card.matter_id or 0, session=desk.session)
    viewer = people.member(card.member_id, session=desk.session) if card.member_id else None
    step = matters.step(card.step_id, session=desk.session) if card.step_id else None
    shown = matter_facts(desk, matter)
    if card.kind == "order" and step is not None and viewer is not None:
        return shown | _order(desk, matter, step, viewer)
    mine = step if step is not None and step.state == "open" and step.holder_id == card.member_id else None
    shown["mine"] = cards.step_facts(desk, matter, mine) if mine is not None else None
    shown["paper"] = _paper(desk, matter, step) if step is not None and step.key == "sign_off" else None
    in_group = card.chat_id < 0
    shown["buttons"] = _buttons(desk, matter, mine, viewer, in_group=in_group)
    return shown


def matter_facts(desk: Desk, matter: Matter) -> dict[str, Any]:
    """How an emergency stands, for everybody."""
    rule = desk.policy.emergency
    known = {key: str(one["text"]) for key, one in matter.details["known"].items()}
    said = {key: text for key, text in known.items() if not rule.is_unknown(text)}
    level, suggested = rule.level(matter.details.get("level")), elements.suggested(desk, matter)
    remark = matter.remark or ""
    return {
        "id": matter.id,
        "register_no": matter.register_no,
        "open": matter.state == "open",
        "outcome": _OUTCOMES.get(matter.details.get("outcome", ""), "处置中"),
        "result": matter.result,
        "closed_at": matter.closed_at.isoformat() if matter.closed_at else None,
        "level": _level(level) if level else None,
        "received": matter.received_at.isoformat(),
        "reporter": people.member(matter.registrar_id, session=desk.session).name,
        "text": remark[:TEXT_SHOWN] + ("…" if len(remark) > TEXT_SHOWN else ""),
        "sensitive": elements.sensitive(desk, matter),
        "suggested": (_level(suggested[0]), suggested[1]) if suggested else None,
        "known": [(one.name, said[one.key]) for one in rule.elements if one.key in said],
        "missing": [one.name for one in missing(rule.elements, said)],
        "duty_why": matter.details.get("duty_why"),
        "steps": [_line(desk, matter, step) for step in matters.steps(matter.id or 0, session=desk.session)],
        "told": told(desk, matter),
        "orders": [_standing(desk, one) for one in _instructions(desk, matter)],
        "reports": [_report(one) for one in emergencies.reports(matter.id or 0, session=desk.session)],
    }


def _level(level: Level) -> str:
    return f"{level.key}级（{level.name}）"


def _line(desk: Desk, matter: Matter, step: Step) -> dict[str, Any]:
    """A clock: running, with what is left; or how it ended. Sign-offs are shown with their reports."""
    rule = desk.policy.procedures[matter.procedure].step(step.key)
    running = step.state == "open" and matter.state == "open"
    return {
        "key": step.key,
        "name": rule.name,
        "running": running,
        "done": step.state == "done",
        "late": running and step.due_at is not None and step.due_at <= desk.now,
        "holder": people.member(step.holder_id, session=desk.session).name,
        "due": step.due_at.isoformat() if step.due_at else None,
        "due_today": step.due_at is not None and _day(desk, step.due_at) == _day(desk, desk.now),
        "left": cards.left_words(desk, step.due_at, _round(desk, matter)) if step.due_at else None,
        "words": step.opinion,
        "by": people.member(step.signed_by, session=desk.session).name if step.signed_by else None,
        "ended": step.ended_at.isoformat() if step.ended_at else None,
    }


def _day(desk: Desk, at: datetime) -> date:
    return desk.calendar.local(at).date()


def _round(desk: Desk, matter: Matter) -> Any:
    return desk.policy.procedures[matter.procedure]


def told(desk: Desk, matter: Matter) -> list[dict[str, Any]]:
    """Who has been told of it, when first and how often, and who has answered."""
    steps = matters.steps(matter.id or 0, session=desk.session)
    of_others = {step.id for step in steps if step.key != "oral"}
    found: dict[str, dict[str, Any]] = {}
    for entry in journal.of_matter(matter.id or 0, session=desk.session):
        name, at = entry.facts.get("to"), entry.happened_at.isoformat()
        if not isinstance(name, str) or entry.step_id in of_others:
            continue
        if entry.act in _TELLING:
            fresh = {"name": name, "at": at, "times": 0, "answered": None, "phoned": None}
            one = found.setdefault(name, fresh)
            one["times"] += 1
            one["reached"] = bool(entry.facts.get("reached", True))
        if entry.act in _ANSWERING and name in found:
            found[name][_ANSWERING[entry.act]] = at
    return list(found.values())


def _instructions(desk: Desk, matter: Matter) -> list[Instruction]:
    return emergencies.instructions(matter.id or 0, session=desk.session)


def _standing(desk: Desk, instruction: Instruction) -> dict[str, Any]:
    """An instruction: its words, who has confirmed, who has not, whose card could not be delivered."""
    rows = emergencies.receipts(instruction.id or 0, session=desk.session)
    ids = {row.member_id for row in rows} | {instruction.leader_id}
    who = people.with_ids(ids, session=desk.session)
    leader = who[instruction.leader_id]
    lists: dict[str, list[str]] = {"confirmed": [], "silent": [], "unreached": []}
    for row in rows:
        member = who[row.member_id]
        name = f"{row.unit} {member.name}" if row.unit else member.name
        if row.confirmed_at is not None:
            at = desk.calendar.local(row.claimed_at or row.confirmed_at)
            lists["confirmed"].append(f"{name} {at:%H:%M}{'（电话）' if row.confirmed_by else ''}")
        else:
            lists["silent" if row.told_at else "unreached"].append(name)
    step = matters.step(instruction.step_id, session=desk.session)
    clock = _line(desk, matters.matter(instruction.matter_id, session=desk.session), step) if step else {}
    return {
        "number": instruction.number,
        "due": clock.get("due"),
        "left": clock.get("left") if clock.get("running") else None,
        "late": clock.get("late", False),
        "leader": leader.name,
        "post": leader.post,
        "words": instruction.words,
        "given": instruction.given_at.isoformat(),
        "total": len(rows),
        **lists,
    }


def _report(report: Report) -> dict[str, Any]:
    return {
        "name": reports.name_of(report),
        "state": report.state,
        "issue": report.issue,
        "sent_back": report.sent_back,
        "text": str(report.facts.get("text", "")) if report.kind == "follow_up" else None,
        "at": report.begun_at.isoformat(),
    }


def _paper(desk: Desk, matter: Matter, step: Step) -> dict[str, Any] | None:
    """The report that waits in a step for its signature, in full."""
    report = emergencies.report_of_step(step.id or 0, session=desk.session)
    if report is None:
        return None
    said = words(desk, matter, report)
    return {
        "name": reports.name_of(report),
        "title": said.title,
        "text": text_of(said),
        "state": report.state,
    }


def _order(desk: Desk, matter: Matter, step: Step, viewer: Member) -> dict[str, Any]:
    """The card of an instruction: its words and 已收到 for whom it names; for its leader how it stands."""
    instruction = emergencies.instruction_of_step(step.id or 0, session=desk.session)
    if instruction is None:
        return {"order": None, "mine": None, "paper": None, "receipt": None, "buttons": []}
    receipt = emergencies.receipt(instruction.id or 0, viewer.id or 0, session=desk.session)
    open_ = receipt is not None and receipt.confirmed_at is None and matter.state == "open"
    confirmed = receipt.confirmed_at.isoformat() if receipt and receipt.confirmed_at else None
    return {
        "order": _standing(desk, instruction),
        "mine": None,
        "paper": None,
        "receipt": {"confirmed": confirmed} if receipt else None,
        "buttons": [[["em_received", step.id, "👌 已收到"]]] if open_ else [[["details", matter.id]]],
    }


def _buttons(
    desk: Desk, matter: Matter, mine: Step | None, viewer: Member | None, *, in_group: bool
) -> emergency_buttons.Rows:
    if in_group or viewer is None:
        return [[["details", matter.id]]]
    if matter.state != "open":
        return [[["em_times", matter.id, "🕘 时间线"], ["em_timeline", matter.id, "📎 时间线文件"]]]
    rows = emergency_buttons.of_step(mine) if mine is not None else []
    oral = emergency.running(desk, matter, "oral")
    if oral is not None and oral is not mine and emergency.is_leader(viewer):
        rows.append([["em_known", oral.id, "👌 已知悉"]])
    if emergency.is_leader(viewer):
        rows.append([["em_order", matter.id, "✍️ 批示"]])
    if emergency.may_work(desk, matter, viewer):
        lacking = elements.to_ask(desk, matter) is not None
        ask = [["em_ask", matter.id, "✏️ 补充要素"]] if lacking and mine is None else []
        level = [["em_level", matter.id, "🔺 定级"]] if elements.suggested(desk, matter) else []
        rows.append([*ask, *level, ["em_menu", matter.id, "⋯ 更多"]])
    return rows
