"""A meeting's organiser at work: send the notice, another time or place, cancel, approve (M5, M7)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from handlers import reading
from handlers.context import Turn, rows_of
from handlers.meetings import answer, common, growing
from handlers.meetings.call import read
from office.desk import Refused
from office.meetings import approval, card, notice
from office.meetings import change as acts
from rules.patterns import lazy
from storage.models import Draft, Matter

_TIME = lazy(
    r"(?:时间)?(?:改到|改至|改在|改为|推迟到|推迟至|提前到|提前至|延到|延期到|改期到?|改时间)[:：，,\s]*"
)
_PLACE = lazy(r"(?:地点|会场|会议室)?(?:换到|换在|换成|改在|改地点|换地点|地点改[到在为]?)[:：，,\s]*")
_CANCEL = lazy(r"(?:会议)?(?:取消|不开了|撤销)(?:会议)?[:：，,\s]*(?P<why>.*)", re.S)


def menu(turn: Turn, target: str) -> None:
    """⋯ 更多"""
    matter = common.seen(turn, target)
    given = card.hand_overs(turn.desk, matter, turn.member)
    buttons = [
        ["mt_time", matter.id, "🕘 改时间"],
        ["mt_place", matter.id, "📍 改地点"],
        ["mt_cancel", matter.id, "🚫 取消会议"],
        ["mt_came", matter.id, "📋 签到名单"],
    ]
    if not matter.details.get("noticed"):
        buttons.insert(0, ["mt_send", matter.id, "📣 发通知"])
    if not notice.organises(turn.desk, matter, turn.member):
        buttons = []
    turn.answer(
        "meeting.menu",
        matter_id=matter.id,
        buttons=[*rows_of(buttons), *given],
        register_no=matter.register_no,
        title=matter.title,
    )


def send(turn: Turn, target: str) -> None:
    """📣 发通知"""
    matter = common.seen(turn, target)
    notice.send(turn.desk, matter, turn.member)
    turn.say("通知已发出")


def _asks(form: str, question: str) -> Callable[[Turn, str], None]:
    def pressed(turn: Turn, target: str) -> None:
        matter = common.seen(turn, target)
        notice.check(turn.desk, matter, turn.member)
        common.ask(turn, form, matter, question)

    return pressed


def _continues(act: Callable[[Turn, Matter, str], None]) -> Callable[[Turn, Draft], None]:
    def go_on(turn: Turn, draft: Draft) -> None:
        matter = common.about(turn, draft)
        act(turn, matter, reading.plain(turn.text))
        common.asked(turn, draft)

    return go_on


def to_time(turn: Turn, matter: Matter, said: str) -> None:
    """11月27日9点, with another place in the same words or without"""
    found = read(turn, said, change=True)
    if found.at is None or found.readings:
        raise Refused("mt_when")
    _change(turn, matter, found.at, found.ends, found.place)


def to_place(turn: Turn, matter: Matter, said: str) -> None:
    """三楼会议室"""
    room = turn.desk.policy.meetings.room_in(said)
    found = read(turn, said, change=True)
    _change(turn, matter, found.at, found.ends, room.name if room else found.place or said.strip("。"))


def _change(
    turn: Turn, matter: Matter, at: datetime | None, ends: datetime | None, place: str | None
) -> None:
    if at is not None and ends is None and matter.event_at and matter.event_ends_at:
        ends = at + (matter.event_ends_at - matter.event_at)
    growing.change(turn, matter, {"at": at, "ends": ends, "place": place})


def cancel(turn: Turn, matter: Matter, said: str) -> None:
    """取消, with the reason"""
    notice.check(turn.desk, matter, turn.member)
    acts.cancel(turn.desk, matter, turn.member, said)
    told = "，已通知全部参会单位和人员并请其确认" if matter.details.get("noticed") else ""
    common.say(turn, matter, f"会议已取消{told}。")


def about(turn: Turn, matter: Matter, said: str) -> bool:
    """Words about a meeting: 改到 …, 换到 …, 取消 …, or an answer to its notice. False: something else."""
    if answer.replied(turn, matter, said):
        return True
    if found := _PLACE.match(said):
        to_place(turn, matter, said[found.end() :])
    elif found := _TIME.match(said):
        to_time(turn, matter, said[found.end() :])
    elif found := _CANCEL.fullmatch(said):
        if found["why"]:
            cancel(turn, matter, found["why"])
        else:
            _ASK_CANCEL(turn, str(matter.id))
    else:
        return False
    return True


def named(turn: Turn, said: str) -> None:
    """会3号 改到11月27日9点"""
    matter, rest = common.meant(turn, f"会{said}", over=True)
    if rest and about(turn, matter, rest):
        return
    turn.answer("view", kind="view", matter_id=matter.id)


def _word(act: Callable[[Turn, Matter, str], None], form: str, question: str) -> Callable[[Turn, str], None]:
    def spoken(turn: Turn, said: str) -> None:
        matter, rest = common.meant(turn, said)
        if rest:
            act(turn, matter, rest)
        else:
            notice.check(turn.desk, matter, turn.member)
            common.ask(turn, form, matter, question)

    return spoken


# --- approval ---------------------------------------------------------------------------------------


def grant(turn: Turn, target: str) -> None:
    """✅ 同意召开"""
    matter = approval.approve(turn.desk, reading.number(target), turn.member, granted=True)
    turn.say(f"已同意 {matter.register_no}")


def refuse(turn: Turn, target: str) -> None:
    """✖️ 不同意: why?"""
    step, matter = approval.held(turn.desk, reading.number(target), turn.member)
    common.ask(turn, "mt_refuse", matter, "不同意的理由是什么？", step=step.id)


def continue_refuse(turn: Turn, draft: Draft) -> None:
    """The reason."""
    said = reading.plain(turn.text)
    matter = approval.approve(turn.desk, int(draft.data["step"]), turn.member, granted=False, reason=said)
    common.asked(turn, draft)
    kept = "已退回，仍按原通知" if matter.state == "open" else "已退回，会议不召开"
    common.say(turn, matter, f"{kept}，承办人已收到理由。")


_TIME_QUESTION = "改到什么时间？例如：11月27日9点"
_PLACE_QUESTION = "改到哪里？"
_CANCEL_QUESTION = "为什么取消？请写一句，会告诉全部参会的人。"
_ASK_CANCEL = _asks("mt_cancel", _CANCEL_QUESTION)

VERBS = {
    "mt_menu": menu,
    "mt_send": send,
    "mt_time": _asks("mt_time", _TIME_QUESTION),
    "mt_place": _asks("mt_place", _PLACE_QUESTION),
    "mt_cancel": _ASK_CANCEL,
    "mt_grant": grant,
    "mt_refuse": refuse,
}
CONTINUE = {
    "mt_time": _continues(to_time),
    "mt_place": _continues(to_place),
    "mt_cancel": _continues(cancel),
    "mt_refuse": continue_refuse,
}
SPOKEN = (
    ("改时间", _word(to_time, "mt_time", _TIME_QUESTION)),
    ("改地点", _word(to_place, "mt_place", _PLACE_QUESTION)),
    ("取消会议", _word(cancel, "mt_cancel", _CANCEL_QUESTION)),
    ("会", named),
)
