"""The journal of a matter as a timeline: each step with its limit and its actual time (E5, D7)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from office.desk import Desk
from office.papers.wording import over_limit
from storage import journal, people
from storage.models import Entry, Matter

_SAID = {
    "registered": "登记",
    "amended": "更正登记",
    "file_attached": "附件 {name}",
    "signed": "{step}：签字",
    "passed_over": "{step}：略过（{why}）",
    "sent_back": "{step}：退回",
    "second_round": "第 {round} 次督办，限 {until} 前整改",
    "looked_back": "回访：{found}",
    "reopened": "重新办理，限 {until} 前",
    "transferred": "转出至 {receiver}",
    "split": "分解为 {parts}",
    "limit_followed": "时限顺延至 {until}",
    "filed": "归档 {archive_no}",
    "cancelled": "{step}：终止",
    "handed_over": "{step}：{from} 转办给 {to}",
    "returned_to": "{step}：回到 {to}",
    "absence": "{step}：{from} 请假，转 {to} 代办",
    "absence_over": "{step}：{from} 交回 {to}",
    "liaison_changed": "{step}：联络员换人，{from} 交 {to}",
    "left": "{step}：{from} 离岗，转 {to}",
    "secondment_over": "{step}：{from} 跟班学习期满，转 {to}",
    "taken_over": "{step}：{to} 接手（原 {from}）",
    "begun": "{step}：交 {holder}",
    "acknowledged": "{step}：已收到",
    "rang_remind": "提醒 {to}",
    "rang_due": "时限已到，告知 {to}",
    "rang_overdue": "逾期，告知 {to}",
    "climbed": "逾期转告 {post} {to}",
    "nobody_reached": "逾期，已无人可通知",
    "urged": "催办 {to}",
    "closed": "办结",
    "returned_to_sender": "退文",
    "undone": "撤销登记",
    "deferral_asked": "申请延期至 {until}",
    "deferral_granted": "同意延期至 {until}",
    "deferral_refused": "不同意延期",
    "report_written": "写报告：{parts}",
    "points_set": "更正诉求",
    "goal_set": "调整目标：{unit} {target} {number}",
    "value_reported": "{unit} 报进度：{target} {value}",
    "visited": "{form}（{place}）",
    "progress_reported": "报进展{said}",
    "recurring_asked": "请报{period}进展",
    "recurring_late": "{period}进展逾期未报",
    "recurring_missed": "{period}进展未报",
    "recomputed": "放假安排公布，时限重算",
    "event_fixed": "时间定为 {until}",
    "event_moved": "{step}：时限调整为 {until}",
    "event_cancelled": "取消",
    "noticed": "发出通知：{told}",
    "meeting_noticed_again": "重新通知：{told}",
    "meeting_cancellation_told": "通知取消：{told}",
    "meeting_answered": "{to} 答复：{said}",
    "meeting_phoned": "电话通知 {to}：{said}",
    "meeting_chased": "催答复 {to}",
    "meeting_handed_on": "{name} 的会议通知由 {was} 转 {to}",
    "meeting_unreached": "通知送不到：{to}",
    "meeting_changed": "变更{what}",
    "meeting_merged": "并入议题",
    "meeting_change_asked": "申请变更（超标准）：{words}",
    "meeting_cancelled": "会议取消",
    "meeting_came": "{to} 签到（{who}）",
    "meeting_held": "会议召开",
    "minutes_sent": "印发 {number}，发 {to}",
}


def names(act: str) -> bool:
    """Whether an act of the journal has words."""
    return act in _SAID


def rows(desk: Desk, matter: Matter) -> list[dict[str, Any]]:
    """Everything that happened, in order: at, what, who, words, due, mark (按时 · 超时限 12 分钟)."""
    assert matter.id is not None
    entries = journal.of_matter(matter.id, session=desk.session)
    members = people.with_ids({e.member_id for e in entries if e.member_id}, session=desk.session)
    return [
        _row(desk, entry, members[entry.member_id].name if entry.member_id else None) for entry in entries
    ]


def _row(desk: Desk, entry: Entry, who: str | None) -> dict[str, Any]:
    facts = {key: _listed(value) for key, value in entry.facts.items()}
    if facts.get("until"):
        facts["until"] = _plain(desk, facts["until"])
    due = entry.facts.get("due") if entry.act in ("signed", "closed", "returned_to_sender") else None
    if entry.act == "closed":
        due = None  # the closing step's own signature says it
    return {
        "at": entry.happened_at.isoformat(),
        "act": entry.act,
        "what": _SAID.get(entry.act, "其他记录").format_map(_Known(facts)),
        "who": who,
        "words": entry.facts.get("words"),
        "due": due,
        "mark": (over_limit(entry.happened_at - datetime.fromisoformat(due)) or "按时") if due else None,
    }


def _plain(desk: Desk, value: str) -> str:
    at = desk.calendar.local(datetime.fromisoformat(value))
    return f"{at.month}月{at.day}日 {at:%H:%M}"


class _Known(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


def _listed(value: Any) -> Any:
    """Several names as one text."""
    several = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return "、".join(value) if several else value
