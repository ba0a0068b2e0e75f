"""More on an emergency: level, false alarm, merging, timeline, files, the yearly register."""

from __future__ import annotations

import re

from handlers import reading
from handlers.context import Turn, rows_of
from handlers.emergency import common
from office import (
    bearings,
    duty_log,
    emergency,
    emergency_end,
    emergency_files,
    emergency_timeline,
    hand_out,
    report_paper,
)
from office.desk import Refused
from rules.emergency import Level
from rules.rights import sees_all
from storage import drafts
from storage import emergencies as stored
from storage.models import Draft, File, Matter
from storage.outbox import EMERGENCY

ROWS_SHOWN = 40


def menu(turn: Turn, target: str) -> None:
    """⋯ 更多"""
    matter = common.seen(turn, target)
    buttons = [
        ["em_ask", matter.id, "✏️ 补充要素"],
        ["em_draft", matter.id, "📄 快报稿"],
        ["em_follow", matter.id, "📝 续报"],
        ["em_order", matter.id, "✍️ 批示"],
        ["em_phone", matter.id, "☎️ 电话已报告"],
        ["em_level", matter.id, "🔺 定级"],
        ["em_final", matter.id, "🏁 终报"],
        ["em_false", matter.id, "🚫 误报"],
        ["em_merge", matter.id, "🔗 并入"],
        ["em_times", matter.id, "🕘 时间线"],
    ]
    if matter.state != "open" or not emergency.may_work(turn.desk, matter, turn.member):
        buttons = [["em_times", matter.id, "🕘 时间线"], ["em_timeline", matter.id, "📎 时间线文件"]]
    turn.answer(
        "emergency.menu",
        matter_id=matter.id,
        buttons=rows_of(buttons),
        priority=EMERGENCY,
        register_no=matter.register_no,
        title=matter.title,
    )


# --- level ------------------------------------------------------------------------------------------


def level_pressed(turn: Turn, target: str) -> None:
    """定级: which?"""
    matter = common.seen(turn, target)
    emergency.check(turn.desk, matter, turn.member)
    rule = turn.desk.policy.emergency
    now = rule.level(matter.details.get("level"))
    found = [
        ["em_levelled", f"{matter.id}:{place}", f"{level.key}级 {level.name}"]
        for place, level in enumerate(rule.levels)
    ]
    turn.answer(
        "emergency.ask_level",
        matter_id=matter.id,
        buttons=rows_of(found),
        priority=EMERGENCY,
        register_no=matter.register_no,
        level=now.name if now else None,
    )


def levelled(turn: Turn, target: str) -> None:
    """A level was chosen."""
    matter_id, _, place = target.partition(":")
    level = reading.picked(turn.desk.policy.emergency.levels, place)
    if level is None:
        raise Refused("button_unknown")
    set_level(turn, common.seen(turn, matter_id), level)


def set_level(turn: Turn, matter: Matter, level: Level, reason: str | None = None) -> None:
    """Set a level and say what follows from it."""
    emergency_end.set_level(turn.desk, matter, level, turn.member, reason)
    names = turn.desk.policy.posts.names
    turn.answer(
        "emergency.levelled_answer",
        matter_id=matter.id,
        priority=EMERGENCY,
        register_no=matter.register_no,
        level=f"{level.key}级（{level.name}）",
        rhythm=level.rhythm.replace("min", " 分钟").replace("h", " 小时"),
        told=[names.get(who, who) for who in level.tell],
    )


# --- endings ----------------------------------------------------------------------------------------


def false_pressed(turn: Turn, target: str) -> None:
    """误报: why?"""
    matter = common.seen(turn, target)
    emergency.check(turn.desk, matter, turn.member)
    draft = turn.begin_draft("em_false", {"matter_id": matter.id, "asking": "words"}, asking="words")
    common.ask_words(turn, matter, draft, "为什么是误报？请写一句原因。")


def continue_false(turn: Turn, draft: Draft) -> None:
    """The reason of a false alarm."""
    matter = common.asked(turn, draft)
    false_alarm(turn, matter, reading.plain(turn.text))
    drafts.write(draft, now=turn.desk.now, state="done")


def false_alarm(turn: Turn, matter: Matter, reason: str) -> None:
    """Close an emergency as a false alarm."""
    emergency_end.false_alarm(turn.desk, matter, reason, turn.member)
    common.say(turn, matter, f"已按误报办结：{reason}")


def merge_pressed(turn: Turn, target: str) -> None:
    """并入: into which of the others?"""
    matter = common.seen(turn, target)
    emergency.check(turn.desk, matter, turn.member)
    others = [
        one
        for one in stored.running(session=turn.desk.session)
        if one.id != matter.id and bearings.may_see(turn.desk, one, member=turn.member)
    ]
    if not others:
        raise Refused("em_no_other", register_no=matter.register_no)
    found = [["em_into", f"{matter.id}:{one.id}", one.register_no] for one in others[:8]]
    turn.answer(
        "emergency.ask_into",
        matter_id=matter.id,
        buttons=rows_of(found),
        priority=EMERGENCY,
        register_no=matter.register_no,
    )


def into_pressed(turn: Turn, target: str) -> None:
    """The other one was chosen."""
    matter_id, _, into_id = target.partition(":")
    merge(turn, common.seen(turn, matter_id), common.seen(turn, into_id))


def merge(turn: Turn, matter: Matter, into: Matter) -> None:
    """Make two reports of one event one."""
    differing = emergency_end.merge(turn.desk, matter, into, turn.member)
    turn.answer(
        "emergency.merged",
        matter_id=into.id,
        buttons=[[["details", into.id]]],
        priority=EMERGENCY,
        register_no=matter.register_no,
        into=into.register_no,
        differing=differing,
    )


def named_other(turn: Turn, matter: Matter, said: str) -> Matter | None:
    """The emergency that words like 并入 急〔2026〕1号 name."""
    found = re.search(r"(\d{1,5})\s*号", said)
    number = int(found[1]) if found else None
    others = stored.running(session=turn.desk.session)
    return next((one for one in others if one.number == number and one.id != matter.id), None)


# --- afterwards -------------------------------------------------------------------------------------


def times_pressed(turn: Turn, target: str) -> None:
    """时间线 in the chat: due and actual times, what was late."""
    show_timeline(turn, common.seen(turn, target))


def show_timeline(turn: Turn, matter: Matter) -> None:
    """The timeline, its latest rows; the whole of it is a file."""
    rows = emergency_timeline.rows(turn.desk, matter)
    turn.answer(
        "emergency.timeline",
        matter_id=matter.id,
        buttons=[[["em_timeline", matter.id, "📎 时间线文件"], ["details", matter.id]]],
        register_no=matter.register_no,
        rows=rows[-ROWS_SHOWN:],
        cut=max(len(rows) - ROWS_SHOWN, 0),
    )


def timeline_file(turn: Turn, target: str) -> None:
    """The timeline as .docx"""
    matter = common.seen(turn, target)
    file = emergency_files.timeline(turn.desk, matter)
    _send(turn, file.id, f"{matter.register_no} 时间线")


def report_file(turn: Turn, target: str) -> None:
    """A signed report's paper once more."""
    report = stored.report(reading.number(target), session=turn.desk.session)
    if report is None or report.file_id is None:
        raise Refused("button_unknown")
    matter = common.seen(turn, str(report.matter_id))
    if not _follows(turn, matter):
        raise Refused("em_not_yours", register_no=matter.register_no)
    _send(turn, report.file_id, f"第{report.issue}期 {matter.register_no}")


def _follows(turn: Turn, matter: Matter) -> bool:
    """Whether an emergency's papers are for the member."""
    told = stored.told(matter.id or 0, kinds=report_paper.SEEING, session=turn.desk.session)
    return turn.member_id in told or emergency.may_work(turn.desk, matter, turn.member)


def register(turn: Turn) -> None:
    """/register · /register 2025: the yearly register of emergencies as .xlsx"""
    viewer = bearings.person(turn.desk, turn.member)
    on_duty = duty_log.may_write(turn.desk, turn.member)
    if not (on_duty or sees_all(viewer, turn.desk.roster, turn.desk.policy)):
        raise Refused("em_register_not_yours")
    said = turn.text.partition(" ")[2].strip()
    found = re.search(r"20\d\d", said)
    if said and not found:
        raise reading.no_period(said)
    year = int(found[0]) if found else turn.desk.calendar.local(turn.desk.now).year
    file = emergency_files.register(turn.desk, year)
    _send(turn, file.id, f"{year} 年突发事件登记表")


def _send(turn: Turn, file_id: int | None, title: str) -> None:
    file = turn.desk.session.get_one(File, file_id)
    hand_out.send(turn.desk, turn.chat_id, file, "emergency.file", member=turn.member, title=title)


VERBS = {
    "em_menu": menu,
    "em_level": level_pressed,
    "em_levelled": levelled,
    "em_false": false_pressed,
    "em_merge": merge_pressed,
    "em_into": into_pressed,
    "em_times": times_pressed,
    "em_timeline": timeline_file,
    "em_file": report_file,
}
CONTINUE = {"em_false": continue_false}
