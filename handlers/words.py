"""Buttons after which the next message says why, or what: opinions, reasons, results."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from handlers import done, hand_over, limits, reading
from handlers.context import Turn, rows_of
from office import close, defer, move
from office.desk import Refused
from rules.reading import Doubt, doubt_of
from rules.when import read_limit, read_past_limit
from storage import drafts, matters, people
from storage.models import Draft, Matter, Step

ASKS = {
    "write": ("sign", "请写意见："),
    "result": ("sign", "办理结果是什么？请写一句话；也可以回复卡片发文件。"),
    "send_back": ("send_back", "退回的理由是什么？"),
    "return_to_sender": ("return_to_sender", "不符合哪条规定？请写退文理由。"),
    "close": ("close", "办理结果是什么？请写一句话。"),
    "defer": ("defer", "延到什么时候、什么理由？例如：延到12月5日 等省厅批复"),
    "reply_no": ("close", "复文号是多少？没有复文请点跳过。"),
}


_VERBS = {"write": "sign", "result": "sign"}
"""buttons that are another verb of the step"""
FORMS = {form for form, _ in ASKS.values()} | {"hand_over"}
"""drafts that ask for words about one matter"""


def ask(verb: str) -> Callable[[Turn, str], None]:
    """A button after which the next message says why, or what."""

    def pressed(turn: Turn, target: str) -> None:
        step_id = reading.number(target)
        if verb == "close":
            refuse_skipping(turn, step_id)
        if verb == "return_to_sender":
            step, matter, _ = close.check_return(turn.desk, step_id, turn.member)
        else:
            step, matter, _ = move.held(turn.desk, step_id, turn.member, _VERBS.get(verb, verb))
        form, question = ASKS[verb]
        if verb == "write" and move.procedure_of(turn.desk, matter).step(step.key).words:
            question = ASKS["close"][1]  # a result, not an opinion
        ask_words(turn, matter, step, form, question, asking="words")

    return pressed


def refuse_skipping(turn: Turn, step_id: int) -> None:
    """Closing before its step: the steps that are missing are named at once, not after the result."""
    step, matter = move.running_step(turn.desk, step_id)
    if not move.procedure_of(turn.desk, matter).step(step.key).closes:
        close.close(turn.desk, step_id, turn.member, "-")


def ask_words(
    turn: Turn, matter: Matter, step: Step, form: str, question: str, *, asking: str, **data: Any
) -> None:
    """Ask for words about a step; the next message, or a reply to the question, answers."""
    draft = turn.begin_draft(form, {"step_id": step.id, **data}, asking=asking)
    skip: list[list[Any]] = [["skip", draft.id]] if asking == "reply_no" else []
    _ask(turn, matter, draft, question, [[*skip, ["cancel", draft.id]]])


def _ask(turn: Turn, matter: Matter, draft: Draft, question: str, rows: list[Any]) -> None:
    """Put the question of a draft that names its step, with its buttons."""
    turn.answer(
        "move.ask_words",
        kind="question",
        matter_id=matter.id,
        step_id=draft.data["step_id"],
        draft_id=draft.id,
        buttons=rows,
        register_no=matter.register_no,
        title=matter.title,
        question=question,
    )


def continue_words(turn: Turn, draft: Draft) -> None:
    """The message that gives the words a button asked for."""
    step_id = int(draft.data["step_id"])
    text = reading.plain(turn.text)
    if draft.asking == "who":
        names, units, ambiguous = reading.who(turn, text)
        hand_over.to_named(turn, step_id, names, units, ambiguous, text)
    elif draft.asking == "reason":
        ask_deferral(turn, step_id, datetime.fromisoformat(str(draft.data["until"])), text)
    elif draft.form == "close":
        _close(turn, draft, step_id, text)
        return
    else:
        WITH_WORDS[draft.form](turn, step_id, text)
    drafts.write(draft, now=turn.desk.now, state="done")


def skip(turn: Turn, target: str) -> None:
    """跳过: closed without a number of the answer."""
    draft = reading.open_draft(turn, target, "close", having="result")
    finish_close(turn, int(draft.data["step_id"]), str(draft.data["result"]), None)
    drafts.write(draft, now=turn.desk.now, state="done")


def _close(turn: Turn, draft: Draft, step_id: int, text: str) -> None:
    step, matter, _ = move.held(turn.desk, step_id, turn.member, "close")
    if draft.asking == "words" and move.procedure_of(turn.desk, matter).asks_answer:
        result = move.check_words(text)
        drafts.write(draft, now=turn.desk.now, state="done")
        ask_words(turn, matter, step, "close", ASKS["reply_no"][1], asking="reply_no", result=result)
        return
    result = str(draft.data.get("result") or text)
    finish_close(turn, step_id, result, text if draft.asking == "reply_no" else None)
    drafts.write(draft, now=turn.desk.now, state="done")


def finish_close(turn: Turn, step_id: int, result: str, reply_no: str | None) -> None:
    """办结, with its result and the number of the answer, where there is one."""
    number = move.check_words(reply_no)[:60] if reply_no else None
    matter = close.close(turn.desk, step_id, turn.member, result, number)
    done.say_done(turn, matter, "已办结")


def sign_with(turn: Turn, step_id: int, text: str) -> None:
    """Sign a step with words as the opinion."""
    step = move.sign(turn.desk, step_id, turn.member, text)
    done.say_done(turn, matters.matter(step.matter_id, session=turn.desk.session), "已签")


def _send_back(turn: Turn, step_id: int, text: str) -> None:
    step = move.send_back(turn.desk, step_id, turn.member, text)
    done.say_done(turn, matters.matter(step.matter_id, session=turn.desk.session), "已退回")


def _return(turn: Turn, step_id: int, text: str) -> None:
    done.say_done(turn, close.return_to_sender(turn.desk, step_id, turn.member, text), "已退文")


def _defer(turn: Turn, step_id: int, text: str) -> None:
    now = turn.desk.calendar.local(turn.desk.now)
    for said in (
        text,
        re.split(r"[\s，,。；;]", text, maxsplit=1)[0],
    ):  # 下周四 出差: the date by itself, then why
        found = read_limit(said, now, turn.desk.calendar)
        if found is not None:
            reason = re.sub("延期?[到至]", " ", text.replace(found.words, " "))
            reason = " ".join(reason.split()).strip("，,。；; ")
            if doubt := doubt_of(found):
                ask_limit(turn, step_id, doubt, reason)
            else:
                ask_deferral(turn, step_id, found.at, reason)
            return
    past = read_past_limit(f"延到{text}", now, turn.desk.calendar)
    if past is not None:
        raise Refused("limit_past", words=past.words)
    raise Refused("defer_no_date")


def ask_limit(turn: Turn, step_id: int, doubt: Doubt, reason: str) -> None:
    """Until when: which of the days that the words can mean; or another, in words."""
    step, matter, _ = move.held(turn.desk, step_id, turn.member, "defer")
    data = {"step_id": step.id, "reason": reason, "doubt": doubt.model_dump(mode="json")}
    draft = turn.begin_draft("defer", data, asking="words")
    days = [["defer_to", f"{draft.id}:{value}", said] for value, said in limits.choices(turn, doubt)]
    _ask(turn, matter, draft, limits.question(doubt), [*rows_of(days), [["cancel", draft.id]]])


def limit_chosen(turn: Turn, target: str) -> None:
    """The day that was meant is pressed."""
    draft = reading.open_draft(turn, target, "defer", having="doubt")
    chosen = limits.chosen(turn, Doubt.model_validate(draft.data["doubt"]), target.partition(":")[2])
    if not chosen:
        raise Refused("button_unknown")
    if chosen.get("past_due"):
        raise Refused("limit_past", words=chosen["past_due"])
    drafts.write(draft, now=turn.desk.now, state="done")
    ask_deferral(turn, int(draft.data["step_id"]), chosen["due"], str(draft.data["reason"]))


def ask_deferral(turn: Turn, step_id: int, until: datetime, reason: str) -> None:
    """Ask for a deferral; where no reason was given, ask for it first."""
    if not reason.strip():
        step, matter, _ = move.held(turn.desk, step_id, turn.member, "defer")
        question = "延期的理由是什么？"
        ask_words(turn, matter, step, "defer", question, asking="reason", until=until.isoformat())
        return
    asked = defer.ask(turn.desk, step_id, turn.member, until, reason)
    matter = matters.matter(asked.matter_id, session=turn.desk.session)
    approver = people.member(asked.approver_id, session=turn.desk.session)
    turn.answer(
        "move.deferral_sent", register_no=matter.register_no, until=until.isoformat(), approver=approver.name
    )


WITH_WORDS: dict[str, Callable[[Turn, int, str], None]] = {
    "sign": sign_with,
    "send_back": _send_back,
    "return_to_sender": _return,
    "defer": _defer,
}
