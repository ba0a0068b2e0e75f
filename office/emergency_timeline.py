"""The timeline of an emergency: what happened when, with what was due and what was late (E5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from office.desk import Desk
from office.papers.wording import over_limit
from storage import journal, matters, people
from storage.models import Entry, Matter

Facts = dict[str, Any]


def _reached(words: str) -> Callable[[Facts], str]:
    return lambda f: words.format_map(f) + ("" if f.get("reached", True) else "（未送达）")


_SAID: dict[str, str | Callable[[Facts], str]] = {
    "registered": "接报：{words}",
    "called": _reached("通知 {to}"),
    "rang_remind": "{step}：再次报告 {to}",
    "rang_due": "{step}：时限已到，告知 {to}",
    "rang_overdue": "{step}：超时限，告知 {to}",
    "climbed": "{step}尚无答复，报告{post} {to}",
    "nobody_reached": "已无人可通知",
    "known": "{to} 已知悉",
    "phoned": "电话报告 {to}",
    "learned": "{element}：{words}",
    "attached": "收到{what}{words}",
    "corrected": "修改报告：{words}",
    "submitted": "{report}送签",
    "sent_back": "{report}退改：{words}",
    "issued": "{report}签发，第{issue}期",
    "followed_up": "续报{number}：{words}",
    "instructed": "{leader} 批示{number}：{words}",
    "conveyed": _reached("批示{number}送 {to}"),
    "confirmed": "批示{number}：{who} 确认收到",
    "conveyed_by_phone": "批示{number}电话传达 {to}",
    "feedback": "{who} 反馈：{words}",
    "chased": "批示{number}催 {to} 确认",
    "levelled": "级别定为{after}级",
    "changed_over": "交接班：带班领导、值班员由 {before_names} 换为 {after_names}",
    "change_over": "{step}由 {from} 交 {to}",
    "absence": "{step}：{from} 请假，转 {to}",
    "taken_over": "{step}：{to} 接手",
    "merged_in": "{register_no} 并入",
    "closed": "{words}",
}
_SILENT = {"begun", "cancelled", "returned_to"}
"""entries that say nothing a reader of the timeline asks for"""
_ANSWERS = {"signed", "confirmed", "conveyed_by_phone"}
"""entries that came in time or late"""


def names(act: str) -> bool:
    """Whether an act of the journal has words, or is passed over."""
    return act in _SAID or act in _SILENT or act in _ANSWERS


def rows(desk: Desk, matter: Matter) -> list[Facts]:
    """What happened, in the order in which it happened: at, recorded (where later), what, who, due, mark.

    Instants are ISO strings; mark is 超时限 12 分钟, or empty.
    """
    entries = journal.of_matter(matter.id or 0, session=desk.session)
    who = people.with_ids({e.member_id for e in entries if e.member_id}, session=desk.session)
    names = _steps(desk, matter)
    shown = [
        _row(entry, who[entry.member_id].name if entry.member_id else "", names.get(entry.step_id or 0, ""))
        for entry in sorted(entries, key=lambda e: (e.happened_at, e.id or 0))
        if entry.act not in _SILENT
    ]
    return [row for row in shown if row["what"]]


def _steps(desk: Desk, matter: Matter) -> dict[int, str]:
    procedure = desk.policy.procedures[matter.procedure]
    steps = matters.steps(matter.id or 0, session=desk.session)
    return {step.id or 0: procedure.step(step.key).name for step in steps}


def _row(entry: Entry, who: str, step: str) -> Facts:
    facts = {"step": step} | entry.facts | {"who": who}
    if entry.act == "changed_over":
        facts |= {f"{key}_names": "、".join(facts[key]) for key in ("before", "after")}
    due = entry.facts.get("due")
    late = entry.happened_at - datetime.fromisoformat(due) if due and entry.act in _ANSWERS else None
    recorded = entry.recorded_at.isoformat() if entry.recorded_at != entry.happened_at else None
    return {
        "at": entry.happened_at.isoformat(),
        "recorded": recorded,
        "what": _words(entry, facts),
        "who": who,
        "due": due if late is not None else None,
        "mark": over_limit(late) if late is not None else "",
    }


def _words(entry: Entry, facts: Facts) -> str:
    if entry.act == "signed":
        step, words = facts.get("step", ""), facts.get("words", "")
        return f"{step}：{words}" if words != step else step
    said = _SAID.get(entry.act, "其他记录")
    known = _Known(facts)
    return said.format_map(known) if isinstance(said, str) else said(known)


class _Known(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""
