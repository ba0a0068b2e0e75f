"""The minutes in chat: 纪要 会3号 …, checked, sent back, signed (M3)."""

from __future__ import annotations

from handlers import reading
from handlers.context import Turn
from handlers.meetings import common
from office.desk import Refused
from office.meetings import minutes
from storage import matters
from storage.models import Draft, Matter


def _of_step(turn: Turn, target: str) -> Matter:
    step = matters.step(reading.number(target), session=turn.desk.session)
    if step is None:
        raise Refused("button_unknown")
    return matters.matter(step.matter_id, session=turn.desk.session)


def write(turn: Turn, target: str) -> None:
    """📝 写纪要: the next message is the text."""
    matter = _of_step(turn, target)
    minutes.check_drafter(turn.desk, matter, turn.member)
    common.ask(
        turn,
        "mt_minutes",
        matter,
        "请发纪要正文，一段一行；议定事项请编号。写不下可分几条发，最后发“送审”。",
        "text",
    )


def continue_write(turn: Turn, draft: Draft) -> None:
    """A part of the text; 送审 hands it in."""
    matter = common.about(turn, draft)
    said = reading.plain(turn.text)
    if said in ("送审", "完", "完了", "好了"):
        minutes.draft(turn.desk, matter, "", turn.member, so_far=True)
        common.asked(turn, draft)
        common.say(turn, matter, "纪要已送审。")
        return
    minutes.add(turn.desk, matter, said, turn.member)
    draft.updated_at = turn.desk.now
    turn.answer(
        "meeting.minutes_so_far",
        matter_id=matter.id,
        draft_id=draft.id,
        kind="question",
        buttons=[[["mt_submit", matter.id, "📤 送审"], ["cancel", draft.id]]],
        register_no=matter.register_no,
        characters=len(matter.details["minutes"]["text"]),
    )


def submit(turn: Turn, target: str) -> None:
    """📤 送审"""
    matter = common.seen(turn, target)
    minutes.draft(turn.desk, matter, "", turn.member, so_far=True)
    turn.say("纪要已送审")
    turn.rewrite("meeting.said", register_no=matter.register_no, title=matter.title, words="纪要已送审。")


def said(turn: Turn, text: str) -> None:
    """纪要 会3号 …: the whole text in one message, handed in."""
    matter, rest = common.meant(turn, text)
    if not rest:
        step = minutes.running(turn.desk, matter)
        if step is None:
            raise Refused("mt_no_minutes", register_no=matter.register_no)
        write(turn, str(step.id))
        return
    minutes.draft(turn.desk, matter, rest, turn.member)
    common.say(turn, matter, "纪要已送审。")


def checked(turn: Turn, target: str) -> None:
    """✅ 审核通过"""
    minutes.checked(turn.desk, reading.number(target), turn.member)
    turn.say("已送签发")


def back(turn: Turn, target: str) -> None:
    """↩️ 退改: why?"""
    matter = _of_step(turn, target)
    minutes.check_reader(turn.desk, reading.number(target), turn.member)
    common.ask(turn, "mt_back", matter, "哪里要改？", step=reading.number(target))


def continue_back(turn: Turn, draft: Draft) -> None:
    """The reason."""
    minutes.send_back(turn.desk, int(draft.data["step"]), turn.member, reading.plain(turn.text))
    matter = common.asked(turn, draft)
    common.say(turn, matter, "已退给起草人修改。")


def sign(turn: Turn, target: str) -> None:
    """✅ 签发"""
    matter = minutes.sign(turn.desk, reading.number(target), turn.member)
    turn.say(f"已签发 {matter.details['minutes']['number']}，已发给参会人员")


VERBS = {"mt_draft": write, "mt_submit": submit, "mt_checked": checked, "mt_back": back, "mt_sign": sign}
CONTINUE = {"mt_minutes": continue_write, "mt_back": continue_back}
SPOKEN = (("纪要", said),)
