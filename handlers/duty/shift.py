"""Duty: who is on, 到岗, the hand-over (E6)."""

from __future__ import annotations

from datetime import timedelta

from handlers import reading
from handlers.context import Turn
from handlers.duty import log, roster, swap
from office import duty_hand_over, duty_notices, duty_watch
from office.desk import Refused
from office.duty import change_over, day_of, may_keep, on_duty, week
from rules import rights
from rules.patterns import lazy
from storage import drafts
from storage.models import Draft, DutyCheck, DutyHandOver

REMARK = "duty_remark"
ASKS = lazy(
    r"(?:(?:今天|今晚|现在|明天|本周|这周)?(?:是)?谁值班|(?:查看?|看)?值班(?:表|安排|名单)?|值班人员)[？?。]?"
)
"""words that ask who is on duty, and nothing else"""
DAYS = 7


def duty(turn: Turn) -> None:
    """/duty: now, next, the week."""
    desk = turn.desk
    phones = _may_see_phones(turn)
    now = on_duty(desk, desk.now)
    days = week(desk, now.day, DAYS + 1)
    buttons = [[["roster_file", 0, "📥 导入值班表"]]] if turn.private and may_keep(desk, turn.member) else []
    turn.answer(
        "duty.shown",
        buttons=buttons,
        now={"day": now.day.isoformat(), "posts": duty_notices.posts_facts(now, phones=phones)},
        until=change_over(desk, now.day + timedelta(days=1)).isoformat(),
        next={"day": days[1].day.isoformat(), "posts": duty_notices.posts_facts(days[1], phones=phones)},
        week=[
            {"day": one.day.isoformat(), "posts": duty_notices.posts_facts(one, phones=False)}
            for one in days[2:]
        ],
        gaps=len(duty_watch.gaps_ahead(desk, now.day, DAYS + 1)),
    )


def _may_see_phones(turn: Turn) -> bool:
    desk = turn.desk
    if turn.group is not None:
        return rights.group_sees_all(turn.group.level, desk.policy)
    person = desk.roster.by_name.get(turn.member.name)
    return turn.private and person is not None and rights.sees_all(person, desk.roster, desk.policy)


def takes(turn: Turn) -> bool:
    """Who is on, a swap, an entry of the log, a line of the roster. False: about something else."""
    said = reading.plain(turn.text)
    if ASKS.fullmatch(said):
        duty(turn)
    elif swap.ASKS.match(said):
        swap.ask(turn, said)
    elif log.takes(turn, said):
        pass
    elif lines := roster.lines_of(said):
        roster.offer(turn, lines)
    else:
        return False
    return True


# --- the change-over --------------------------------------------------------------------------------


def here(turn: Turn, target: str) -> None:
    """到岗: the change-over check is answered."""
    check = turn.desk.session.get(DutyCheck, reading.number(target))
    if check is None or check.member_id != turn.member_id:
        raise Refused("button_unknown")
    if check.day != day_of(turn.desk, turn.desk.now):
        raise Refused("duty_check_over", day=check.day.isoformat())
    duty_watch.answer(turn.desk, check, turn.member)
    on = on_duty(turn.desk, turn.desk.now)
    facts = duty_notices.own_facts(on, turn.member)
    assert check.answered_at is not None
    turn.rewrite("duty.on_now", **facts, answered=check.answered_at.isoformat())
    turn.say("已到岗")


def ask_remark(turn: Turn, target: str) -> None:
    """写交班说明: the next message is the remark."""
    row = _hand_over(turn, target)
    duty_hand_over.check_outgoing(turn.desk, row, turn.member)
    draft = turn.begin_draft(REMARK, {"hand_over": row.id}, asking="remark")
    turn.answer("duty.ask_remark", draft_id=draft.id)


def continue_remark(turn: Turn, draft: Draft) -> None:
    """The remark itself."""
    row = turn.desk.session.get_one(DutyHandOver, draft.data["hand_over"])
    duty_hand_over.remark(turn.desk, row, turn.member, reading.plain(turn.text))
    drafts.write(draft, now=turn.desk.now, state="done")
    facts = duty_hand_over.facts(turn.desk, row)
    turn.answer("duty.hand_over", buttons=duty_hand_over.outgoing_buttons(row), again=False, **facts)


def sign_out(turn: Turn, target: str) -> None:
    """签交班"""
    row = _hand_over(turn, target)
    duty_hand_over.sign_out(turn.desk, row, turn.member)
    turn.rewrite("duty.handed_over", **duty_hand_over.facts(turn.desk, row))
    turn.say("已签交班")


def sign_in(turn: Turn, target: str) -> None:
    """签接班"""
    row = _hand_over(turn, target)
    duty_hand_over.sign_in(turn.desk, row, turn.member)
    turn.rewrite("duty.taken_over", **duty_hand_over.facts(turn.desk, row))
    turn.say("已签接班")


def _hand_over(turn: Turn, target: str) -> DutyHandOver:
    row = turn.desk.session.get(DutyHandOver, reading.number(target))
    if row is None:
        raise Refused("button_unknown")
    return row


VERBS = {
    "duty_here": here,
    "duty_remark": ask_remark,
    "duty_sign": sign_out,
    "duty_take": sign_in,
    **roster.VERBS,
    **swap.VERBS,
}
CONTINUE = {roster.FORM: roster.continue_file, REMARK: continue_remark}
