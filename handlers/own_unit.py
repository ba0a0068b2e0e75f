"""我的单位 in chat (P3): the unit, what its people may put right; 联络员换成 张三, confirmed by both."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from telegram import Update
from telegram.ext import ContextTypes

from handlers import reading, strangers
from handlers.context import Turn, on
from handlers.keyboards import Rows
from office import bearings, joining, liaison_move, liaisons, own_unit
from office.desk import Refused
from rules.patterns import lazy
from storage import drafts
from storage import liaisons as kept
from storage.models import Draft, LiaisonChange

FORM = "own_unit"
_SHORT = lazy(r"(?:单位)?简称\s*[:：]?\s*(.+)")
_BETWEEN = lazy(r"[\s、，,;；|/]+")
_NAMED_UNIT = lazy(r"\s*(?P<unit>\S{0,20}?)的?联络员(?:换成|换为|改成|改为|变更为)\s*(?P<line>.+)", re.S)
WORD = "我的单位"
CHANGE = "联络员换成"


def show(turn: Turn, said: str = "") -> None:
    """我的单位 · 我的单位 张三 电话 139… · 我的单位 简称 住建局、住建"""
    if not turn.private:
        raise Refused("people_private")
    if said:
        _correct(turn, said)
        return
    turn.answer("liaison.unit", buttons=_buttons(turn), **_facts(turn))


def _facts(turn: Turn) -> dict[str, Any]:
    unit = own_unit.of(turn.desk, turn.member)
    answers = bearings.head_of(turn.desk, unit.name) if unit.level == "units" else None
    change = kept.asked(unit.name, session=turn.desk.session)
    people_ = [
        {"name": one.name, "post": one.post, "phone": one.phone, "stand_in": one.stand_in}
        for one in own_unit.members_of(turn.desk, unit.name)
    ]
    return {
        "unit": unit.name,
        "short_names": unit.short_names,
        "liaison": answers.name if answers else None,
        "people": people_,
        "change": liaison_move.facts(turn.desk, change) if change else None,
    }


def _buttons(turn: Turn) -> Rows:
    rows: list[list[list[Any]]] = [
        [["unit_fix", "person", "✏️ 更正人员"], ["unit_fix", "short", "✏️ 更正简称"]]
    ]
    if own_unit.of(turn.desk, turn.member).level == "units":
        rows.append([["unit_fix", "liaison", "🔁 换联络员"]])
    return rows


def fix(turn: Turn, target: str) -> None:
    """A button of the unit's card: what is to be put right is asked for."""
    if target not in ("person", "short", "liaison"):
        raise Refused("button_unknown")
    if not turn.private:
        raise Refused("people_private")
    draft = turn.begin_draft(FORM, {}, asking=target)
    turn.answer("liaison.ask_fix", what=target, buttons=[[["cancel", draft.id]]], draft_id=draft.id)


def continue_fix(turn: Turn, draft: Draft) -> None:
    """What was asked for: a line of a person, short names, the new liaison, or the reason."""
    said = reading.plain(turn.text)
    if draft.asking == "why":
        change = turn.desk.session.get_one(LiaisonChange, int(draft.data["change"]))
        liaisons.give_instead(turn.desk, change, turn.member, said)
        _say_stand(turn, change)
    elif draft.asking == "liaison":
        _begin(turn, turn.member.unit, said.removeprefix(CHANGE))
    elif draft.asking == "short":
        _correct(turn, f"简称 {said}")
    else:
        _correct(turn, said)
    drafts.write(draft, now=turn.desk.now, state="done")


def _correct(turn: Turn, said: str) -> None:
    short = _SHORT.fullmatch(said)
    if short is not None:
        own_unit.correct_short_names(turn.desk, _BETWEEN.split(short[1].strip()), turn.member)
    else:
        own_unit.correct_person(turn.desk, said, turn.member)
    turn.answer("liaison.unit", buttons=_buttons(turn), **_facts(turn), did=True)


# --- another liaison --------------------------------------------------------------------------------


def change(turn: Turn, said: str) -> None:
    """联络员换成 张三 [电话 职务]: of one's own unit."""
    _begin(turn, turn.member.unit, said)


def change_of(turn: Turn) -> bool:
    """住建局联络员换成 张三, by whom it concerns. False: it says something else."""
    found = _NAMED_UNIT.fullmatch(reading.plain(turn.text))
    if found is None:
        return False
    known = turn.desk.roster.unit_called(found["unit"]) if found["unit"] else None
    if found["unit"] and known is None:
        raise Refused("unit_unknown", name=found["unit"])
    _begin(turn, known.name if known else turn.member.unit, found["line"])
    return True


def _begin(turn: Turn, unit: str, line: str) -> None:
    asked = liaisons.ask(turn.desk, unit, line.strip(" :：，,。"), turn.member)
    _say_stand(turn, asked)


def _say_stand(turn: Turn, asked: LiaisonChange) -> None:
    said = liaison_move.facts(turn.desk, asked)
    rows = liaisons.withdrawing(asked) if asked.state == "asked" else []
    if asked.state == "asked" and not said["joined"]:
        rows = [[["linv", asked.id, "📨 发邀请"]], *rows]
    turn.answer("liaison.stand", buttons=rows, **said)


def _change(turn: Turn, target: str) -> LiaisonChange:
    found = turn.desk.session.get(LiaisonChange, reading.number(target))
    if found is None:
        raise Refused("button_unknown")
    return found


def give(turn: Turn, target: str) -> None:
    """✅ 同意交接"""
    asked = _change(turn, target)
    liaisons.give(turn.desk, asked, turn.member)
    turn.rewrite("liaison.stand", **liaison_move.facts(turn.desk, asked))


def take(turn: Turn, target: str) -> None:
    """✅ 确认接手"""
    asked = _change(turn, target)
    liaisons.take(turn.desk, asked, turn.member)
    turn.rewrite("liaison.stand", **liaison_move.facts(turn.desk, asked))


def decline(turn: Turn, target: str) -> None:
    """✖️ 不同意"""
    asked = _change(turn, target)
    liaisons.decline(turn.desk, asked, turn.member)
    turn.rewrite("liaison.stand", **liaison_move.facts(turn.desk, asked))


def withdraw(turn: Turn, target: str) -> None:
    """↩️ 撤回"""
    asked = _change(turn, target)
    liaisons.withdraw(turn.desk, asked, turn.member)
    turn.rewrite("liaison.stand", **liaison_move.facts(turn.desk, asked))


def instead(turn: Turn, target: str) -> None:
    """✍️ 代为确认: the reason is asked for."""
    asked = _change(turn, target)
    liaisons.check_instead(turn.desk, asked, turn.member)
    draft = turn.begin_draft(FORM, {"change": asked.id}, asking="why")
    said = liaison_move.facts(turn.desk, asked)
    turn.answer("liaison.ask_why", buttons=[[["cancel", draft.id]]], draft_id=draft.id, **said)


async def invite(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """📨 发邀请 of who asked for the change. The code is told at once and kept nowhere."""
    made: list[dict[str, Any]] = []
    await on(partial(_invite, made=made))(update, context)
    if made:
        await strangers.say(update, context, "people.invitation", {**made[-1], "bot": context.bot.username})


def _invite(turn: Turn, made: list[dict[str, Any]]) -> None:
    if not turn.private:
        raise Refused("people_private")
    asked = _change(turn, turn.text.partition(":")[2])
    code = liaisons.invitation(turn.desk, asked, turn.member)
    until = (turn.desk.now + joining.VALID_FOR).isoformat()
    made.append({"name": liaison_move.facts(turn.desk, asked)["new"], "code": code, "until": until})


VERBS = {
    "unit_fix": fix,
    "liaison_give": give,
    "liaison_take": take,
    "liaison_decline": decline,
    "liaison_withdraw": withdraw,
    "liaison_instead": instead,
}
CONTINUE = {FORM: continue_fix}
