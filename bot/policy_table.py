"""The policy in force as tables to read: every limit with the rule it comes from."""

from __future__ import annotations

from collections.abc import Iterator

from bot.table import table
from rules.limits import parse_limit
from rules.policy import Ladder, Policy, Procedure, StepRule, Whole

_FROM = {
    "registered": "登记",
    "received": "收到",
    "begun": "上一环节办完",
    "event": "会议或事项开始",
    "event_end": "结束",
}
_CLOCK = {"office": "办公时间", "round": "全天连续"}
_UNITS = {"min": "分钟", "h": "小时", "d": "天", "wd": "个工作日"}
_RIGHTS = {
    "register": "登记",
    "manage_members": "管理人员",
    "bind_groups": "绑定群",
    "see_all": "查看全部",
    "load_calendar": "载入放假安排",
    "record_leave": "登记请假",
    "return_to_sender": "退文",
    "keep_duty": "管理值班",
    "supervise": "立项督办",
}
_HOLDERS = {"scope": "reader"}
"""holders that the posts name otherwise"""
_DAYS = {"every_day": "每天", "working_days": "工作日"}


def describe(policy: Policy) -> str:
    """All of it, part by part."""
    parts = [
        _hours(policy),
        *(_procedure(policy, procedure) for procedure in policy.procedures.values()),
        _ladders(policy),
        _rights(policy),
        _rounds(policy),
    ]
    return "\n\n".join(parts)


def limit_words(text: str) -> str:
    """A limit as people say it: 30 分钟, 当天下班前, 到期前 3 个工作日."""
    if text == "whole":
        return "同总时限"
    limit = parse_limit(text)
    if limit.unit == "today":
        return "当天下班前"
    return f"{'到期前 ' if limit.before else ''}{limit.amount} {_UNITS[limit.unit]}"


def _hours(policy: Policy) -> str:
    calendar = policy.calendar
    sessions = "，".join(f"{start:%H:%M}–{end:%H:%M}" for start, end in calendar.hours.sessions)
    quiet = f"{calendar.quiet.from_:%H:%M}–{calendar.quiet.until:%H:%M}"
    off = "，休息日全天" if calendar.quiet.days_off else ""
    years = "、".join(str(year) for year in sorted(calendar.notices)) or "无"
    return "\n".join(
        [
            f"办公时间：{sessions}",
            f"免打扰：{quiet}{off}（紧急事项除外）",
            f"节假日：国务院办公厅通知；本单位另定的年份：{years}",
        ]
    )


def _procedure(policy: Policy, procedure: Procedure) -> str:
    heading = f"【{procedure.name}】{procedure.key}  依据 {procedure.source}  编号 {procedure.series}〔年〕号"
    notes = f"计时 {_CLOCK[procedure.clock]}  不合规退文 {limit_words(procedure.return_limit)}"
    rows = [["环节", "经办", "时限", "起算", "催办", "依据"]]
    if procedure.whole:
        rows.append(_whole(policy, procedure.whole))
    rows += [_step(policy, step) for step in procedure.steps]
    return f"{heading}\n{notes}\n{table(rows)}"


def _whole(policy: Policy, whole: Whole) -> list[str]:
    ladder = policy.ladders[whole.ladder].name
    return ["（整件）", "", limit_words(whole.limit), _FROM["received"], ladder, whole.source]


def _step(policy: Policy, step: StepRule) -> list[str]:
    return [
        step.name,
        _post(policy, step.holder),
        limit_words(step.limit),
        _FROM["received"] if step.limit == "whole" else _FROM[step.from_],
        policy.ladders[step.ladder].name,
        step.source,
    ]


def _ladders(policy: Policy) -> str:
    rows = [["催办", "提醒", "逾期告知", "逐级上报（到期后）"]]
    rows += [
        [ladder.name, "、".join(map(_reminder, ladder.remind)), limit_words(ladder.overdue) + "后", rungs]
        for ladder in policy.ladders.values()
        if (rungs := " → ".join(_rungs(policy, ladder)))
    ]
    return "【催办升级】\n" + table(rows)


def _rungs(policy: Policy, ladder: Ladder) -> Iterator[str]:
    for rung in ladder.rungs:
        when = f"起算 {limit_words(rung.at)}" if rung.at else limit_words(rung.after or "")
        yield f"{_post(policy, rung.who)} {when}"


def _reminder(point: str) -> str:
    return f"时限过 {point}" if point.endswith("%") else limit_words(point)


def _post(policy: Policy, key: str) -> str:
    return policy.posts.names.get(_HOLDERS.get(key, key), key)


def _rights(policy: Policy) -> str:
    rows = [["角色", "权限"]]
    rows += [
        [role, "、".join(_RIGHTS.get(right, right) for right in rights) or "—"]
        for role, rights in policy.posts.rights.items()
    ]
    return "【权限】\n" + table(rows)


def _rounds(policy: Policy) -> str:
    rows = [["定时工作", "时间（分 时 日 月 周）", "哪些天"]]
    rows += [[rule.name, rule.cron, _DAYS[rule.on]] for rule in policy.rounds.values()]
    return "【定时工作】\n" + table(rows)
