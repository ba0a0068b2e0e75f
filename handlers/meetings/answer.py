"""Answers to a meeting's notice: 参加, 请假 with who comes instead, 已收到; 签到, 已电话通知 (M7, M2)."""

from __future__ import annotations

import re

from handlers import reading
from handlers.context import Turn
from handlers.meetings import common
from office.desk import Refused
from office.meetings import day, notice
from rules.patterns import lazy
from storage import meetings, people
from storage.models import Draft, Invitation, Matter

_COMES = lazy(r"(?:好的?[，,]?)?(?:我|本人|准时)?(?:准时)?(?:参加|参会|出席)(?:会议)?[。！!]?")
_GOT = lazy(r"(?:已)?收到[。！!]?|好的?[。！!]?|明白[。！!]?")
_EXCUSED = lazy(
    r"请假[，,：:\s]*(?P<rest>.*)|(?P<no>(?:不能|无法|来不了|去不了|不)(?:参加|参会|出席)?)[，,：:\s]*(?P<more>.*)",
    re.S,
)
_INSTEAD = lazy(
    r"(?:由|请|让|派|安排)?(?P<who>[一-龥·]{2,12}?)(?:同志)?(?:代为?|替|代替)(?:我|其)?(?:参加|参会|出席|去)?[。！!]?$"
)
_BY = lazy(r"(?:由|派|安排|让|请)(?P<who>[一-龥·]{2,12}?)(?:同志)?(?:参加|参会|出席|去)[。！!]?$")
_TITLES = lazy(r"(?:副?(?:局长|科长|主任|县长|镇长|乡长|股长)|局长|科长|主任)$")
_WHY = lazy(
    r"出差|开会|有会|生病|看病|住院|有事|外出|公务|冲突|学习|培训|请假|休假|值班|下乡|不在|来不了|去不了|陪同"
)
"""why somebody does not come, which is no name"""
_CODE = lazy(r"\d{4}")


def comes(turn: Turn, target: str) -> None:
    """✅ 参加"""
    matter = notice.answer(turn.desk, reading.number(target), turn.member, "attends")
    turn.say(f"已回复参加：{matter.register_no}")
    _settle(turn, matter, "已回复参加。")


def got(turn: Turn, target: str) -> None:
    """👌 已收到"""
    matter = notice.answer(turn.desk, reading.number(target), turn.member, "received")
    turn.say("已确认收到" if matter.state != "open" else "已收到，参加与否请再点一下")
    if matter.state != "open":
        _settle(turn, matter, "已确认收到。")


def _settle(turn: Turn, matter: Matter, words: str) -> None:
    """What asked for it says that it is done; the notice itself shows its own answer."""
    if turn.card is not None and turn.card.kind in ("chase", "note"):
        turn.rewrite("meeting.said", register_no=matter.register_no, title=matter.title, words=words)


def excused(turn: Turn, target: str) -> None:
    """🙋 请假: who comes instead?"""
    one, matter = notice.own(turn.desk, reading.number(target), turn.member)
    if matter.state != "open":
        raise Refused("mt_over", register_no=matter.register_no, result=matter.result)
    _ask_who(turn, matter, one)


def _ask_who(turn: Turn, matter: Matter, one: Invitation, reason: str = "") -> None:
    common.ask(
        turn,
        "mt_no",
        matter,
        "请假须有人代为参加。谁来？写姓名和原因，例如：张建国副局长代，出差",
        "who",
        invitation=one.id,
        reason=reason,
    )


def continue_excused(turn: Turn, draft: Draft) -> None:
    """张建国副局长代，出差"""
    said = reading.plain(turn.text)
    who, reason = _substitute(turn, said)
    if not who:
        raise Refused("mt_substitute_missing", register_no="")
    matter = common.asked(turn, draft)
    reason = reason or str(draft.data.get("reason", ""))
    _excuse(turn, matter, int(draft.data["invitation"]), who, reason)


def _excuse(turn: Turn, matter: Matter, invitation: int, who: str, reason: str) -> None:
    notice.answer(turn.desk, invitation, turn.member, "replaced", substitute=who, reason=reason)
    known = people.by_name(who, session=turn.desk.session)
    told = "，已通知本人" if known is not None and known.id != turn.member_id else ""
    common.say(turn, matter, f"已请假，由 {who} 代为参加{told}。")


def _substitute(turn: Turn, said: str) -> tuple[str, str]:
    """Who comes instead and why: a known person by full name, anybody else as written."""
    parts = [part for part in re.split(r"[，,。；;\s]+", said) if part]
    for part in parts:
        found = _INSTEAD.match(part) or _BY.match(part)
        name = found["who"] if found else part
        names, _, _ = reading.who(turn, name)
        others = [one for one in names if one != turn.member.name]
        plain = _TITLES.sub("", name)
        if others or found or (re.fullmatch(r"[一-龥·]{2,4}", plain) and not _WHY.search(part)):
            reason = "，".join(one for one in parts if one is not part)
            return (others[0] if others else name), reason
    return "", said


def replied(turn: Turn, matter: Matter, said: str) -> bool:
    """参加, 收到, 请假 … written in reply to a notice; False: about something else."""
    card = turn.reply_card
    one = meetings.with_card(card.id or 0, session=turn.desk.session) if card is not None else None
    if one is None:
        return False
    if _COMES.fullmatch(said):
        notice.answer(turn.desk, one.id or 0, turn.member, "attends")
        common.say(turn, matter, "已回复参加。")
    elif _GOT.fullmatch(said):
        notice.answer(turn.desk, one.id or 0, turn.member, "received")
        common.say(turn, matter, "已确认收到。")
    elif found := _EXCUSED.fullmatch(said):
        who, reason = _substitute(turn, found["rest"] or found["more"] or "")
        if who:
            _excuse(turn, matter, one.id or 0, who, reason)
        else:
            _ask_who(turn, matter, one, reason)
    else:
        return False
    return True


# --- signing in -------------------------------------------------------------------------------------


def signs_in(turn: Turn, target: str) -> None:
    """✋ 签到"""
    matter = day.come(turn.desk, reading.number(target), turn.member)
    turn.say(f"已签到：{matter.register_no}")
    _settle(turn, matter, "已签到。")


def code_said(turn: Turn, said: str) -> None:
    """签到 4821"""
    found = _CODE.search(said)
    if found is None:
        raise Refused("mt_code_missing")
    became, matter = day.come_by_code(turn.desk, found.group(0), turn.member)
    if became == "in" and matter is not None:
        common.say(turn, matter, "已签到。")
        return
    turn.answer("meeting.code_wrong", became=became)


def came(turn: Turn, target: str) -> None:
    """📋 签到名单"""
    matter = common.seen(turn, target)
    turn.answer(
        "meeting.came",
        matter_id=matter.id,
        buttons=[[["details", matter.id]]],
        register_no=matter.register_no,
        title=matter.title,
        **day.came(turn.desk, matter),
    )


# --- told by telephone ------------------------------------------------------------------------------


def phoned(turn: Turn, said: str) -> None:
    """已电话通知 会3号 水利局 参加"""
    matter, rest = common.meant(turn, said)
    names, units, _ = reading.who(turn, rest)
    others = [one for one in matter.details.get("others", ()) if one in rest]
    found = notice.named(turn.desk, matter, [*units, *names, *others])
    if not found:
        raise Refused("mt_not_invited", register_no=matter.register_no)
    by = _INSTEAD.search(rest) or _BY.search(rest)
    substitute = by["who"] if by and len(found) == 1 else ""
    attends = bool(re.search(r"(?<!不能)(?<!无法)(?<!不)(?:参加|参会|出席)", rest))
    for one in found:
        notice.phoned(turn.desk, matter, turn.member, one, attends=attends, substitute=substitute)
    told = "、".join(one.name for one in found)
    answer = f"，由 {substitute} 参加" if substitute else "，回复参加" if attends else ""
    common.say(turn, matter, f"已记录：电话通知 {told}{answer}。")


VERBS = {
    "mt_yes": comes,
    "mt_no": excused,
    "mt_got": got,
    "mt_in": signs_in,
    "mt_came": came,
}
CONTINUE = {"mt_no": continue_excused}
SPOKEN = (("签到", code_said), ("已电话通知", phoned), ("电话通知", phoned))
