"""Supervised tasks in chat: 立项, and what is done with a task beside its steps (V1 to V5).

Said with the number first or last (督8号 反馈 …, 反馈 督8号 …), in reply to its card, or by a button.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from handlers import by_number, done, entering, find, log, naming, reading, words
from handlers.context import Turn
from handlers.supervision import task_entry
from office import move
from office.desk import Refused
from office.supervision import ending, ledger, look_back, notices, split
from rules.reading.register_no import read_register_no
from rules.reading.task import read_task_change
from storage import drafts, matters
from storage.models import Draft, Matter, Step

_OVER = ("closed", "transferred")


def enter(turn: Turn, said: str) -> None:
    """立项 …: one task, or one a line; by itself it asks for them."""
    if not ledger.may_supervise(turn.desk, turn.member):
        raise Refused("may_not_supervise")
    log.begin(turn, task_entry.TASK, task_entry.forms_of(turn, said) if said else [])


# --- feeding back, striking off ---------------------------------------------------------------------


def feed_back(turn: Turn, said: str) -> None:
    """反馈 督8号 已完成整改12处: the result that the unit gives."""
    matter, result = _named(turn, said)
    _feed_back(turn, matter, result)


def _feed_back(turn: Turn, matter: Matter, result: str) -> None:
    step = by_number.own_step(turn, matter, "sign")
    rule = move.procedure_of(turn.desk, matter).step(step.key)
    if not rule.words:
        raise Refused("not_here", register_no=matter.register_no, step=rule.name, todo=rule.todo)
    if result:
        words.sign_with(turn, step.id or 0, result)
    else:
        words.ask("result")(turn, str(step.id))


def _send_back(turn: Turn, matter: Matter, reason: str) -> None:
    """督8号 退回 没有写明户数."""
    step = by_number.own_step(turn, matter, "back")
    if reason:
        words.WITH_WORDS["send_back"](turn, step.id or 0, reason)
    else:
        words.ask("send_back")(turn, str(step.id))


def strike_off(turn: Turn, said: str) -> None:
    """销号 督8号 结果."""
    matter, result = _named(turn, said)
    _strike_off(turn, matter, result)


def _strike_off(turn: Turn, matter: Matter, result: str) -> None:
    running = matters.open_steps(matter.id or 0, session=turn.desk.session)
    if not running:
        raise Refused("step_over", register_no=matter.register_no, title=matter.title, state="已不在办")
    step = next((one for one in running if one.holder_id == turn.member_id), running[0])
    words.refuse_skipping(turn, step.id or 0)
    if result:
        words.finish_close(turn, step.id or 0, result, None)
    else:
        words.ask("close")(turn, str(step.id))


def offer_file(turn: Turn, matter: Matter, name: str) -> None:
    """A file came in reply to a card that asks for a result: it may be the result."""
    step = _owed(turn, matter)
    if step is not None:
        turn.answer(
            "task.ask_file",
            matter_id=matter.id,
            step_id=step.id,
            buttons=[[["task_file", step.id, "✍️ 作为办理结果反馈"]]],
            register_no=matter.register_no,
            title=matter.title,
            name=name,
        )


def _owed(turn: Turn, matter: Matter) -> Step | None:
    """The step at which this member owes the result of a task."""
    if matter.procedure not in turn.desk.policy.tasks:
        return None
    procedure = move.procedure_of(turn.desk, matter)
    running = matters.open_steps(matter.id or 0, session=turn.desk.session)
    mine = (one for one in running if one.holder_id == turn.member_id and procedure.step(one.key).words)
    return next(mine, None)


def by_file(turn: Turn, target: str) -> None:
    """作为办理结果反馈 was pressed."""
    words.sign_with(turn, reading.number(target), "办理结果见附件")


def notice(turn: Turn, target: str) -> None:
    """通知单 was pressed: the notice, to the presser alone."""
    matter = find.visible(turn, target)
    notices.hand_out_again(turn.desk, matter, turn.member)
    turn.say("通知单已发出" if turn.private else "通知单已发到您的私聊")


# --- splitting --------------------------------------------------------------------------------------


def split_up(turn: Turn, said: str) -> None:
    """分解 督8号 水利局 …；住建局 … 11月30日前."""
    matter, parts = _named(turn, said)
    _split(turn, matter, parts)


def _split(turn: Turn, matter: Matter, parts: str) -> None:
    split.check(turn.desk, matter, turn.member)
    forms = task_entry.parts_of(turn, matter, parts) if parts else []
    if forms:
        log.begin(turn, task_entry.TASK, forms)
    else:
        _ask(turn, matter, "task_split", "task.ask_parts", due=matter.due_at and matter.due_at.isoformat())


def split_pressed(turn: Turn, target: str) -> None:
    """分解 was pressed."""
    _, matter, _ = move.held(turn.desk, reading.number(target), turn.member, "split")
    _split(turn, matter, "")


# --- other ends, and looking back -------------------------------------------------------------------


def transfer(turn: Turn, said: str) -> None:
    """转出 督8号 市水利局 超出职权范围."""
    matter, rest = _named(turn, said)
    _transfer(turn, matter, rest)


def _transfer(turn: Turn, matter: Matter, rest: str) -> None:
    found = re.fullmatch(r"(?:[至到给])?\s*(\S+?)[\s,，。;；:：]+(.+)", rest.strip(), re.S)
    if found is None:
        if not ledger.may_supervise(turn.desk, turn.member):
            raise Refused("may_not_supervise")
        _ask(turn, matter, "task_transfer", "task.ask_receiver")
        return
    ending.transfer(turn.desk, matter, turn.member, found[1], found[2])
    done.say_done(turn, matter, f"已转出至 {found[1]}")


def transfer_pressed(turn: Turn, target: str) -> None:
    """转出 was pressed."""
    _, matter, _ = move.held(turn.desk, reading.number(target), turn.member, "transfer")
    _transfer(turn, matter, "")


def reopen(turn: Turn, said: str) -> None:
    """重新办理 督8号 现场发现3处未整改 12月20日前."""
    matter, reason = _named(turn, said, states=_OVER)
    _reopen(turn, matter, reason)


def _reopen(turn: Turn, matter: Matter, reason: str) -> None:
    if not reason:
        if not ledger.may_supervise(turn.desk, turn.member):
            raise Refused("may_not_supervise")
        _ask(turn, matter, "task_reopen", "task.ask_reason")
        return
    read = read_task_change(reason, reading.context(turn), turn.desk.policy.supervision)
    ending.reopen(turn.desk, matter, turn.member, reason, read.due)
    done.say_done(turn, matter, "已重新办理")


def reopen_pressed(turn: Turn, target: str) -> None:
    """重新办理 was pressed: with what was found on the spot as its reason."""
    matter = _of_button(turn, target)
    found = matter.details.get("look_back")
    _reopen(turn, matter, f"回访不属实：{found['words']}" if found and not found["true"] else "")


def file_away(turn: Turn, said: str) -> None:
    """归档 督8号 2026-督-8."""
    matter, archive_no = _named(turn, said, states=_OVER)
    ending.file(turn.desk, matter, turn.member, archive_no or matter.register_no)
    done.say_done(turn, matter, f"已归档（{matter.archive_no}）")


def look(turn: Turn, said: str) -> None:
    """回访 督8号 · 回访 督8号 属实 已现场核对."""
    matter, found = _named(turn, said, states=("open", *_OVER))
    _look(turn, matter, found)


def _look(turn: Turn, matter: Matter, said: str) -> None:
    look_back.check(turn.desk, matter, turn.member)
    found = re.match(r"(不属实|属实)[\s,，:：。]*", said)
    if found is None:
        turn.answer(
            "task.look_back",
            kind="question",
            matter_id=matter.id,
            buttons=look_back.buttons(matter),
            late=False,
            due=None,
            **look_back.facts(matter),
        )
        return
    _record(turn, matter, found[1] == "属实", said[found.end() :])


def _looked(true: bool) -> Callable[[Turn, str], None]:
    """属实, 不属实: what was found is asked for in a sentence."""

    def pressed(turn: Turn, target: str) -> None:
        matter = _of_button(turn, target)
        look_back.check(turn.desk, matter, turn.member)
        _ask(turn, matter, "task_look", "task.ask_found", true=true)

    return pressed


def _record(turn: Turn, matter: Matter, true: bool, said: str) -> None:
    found = said or ("属实" if true else "不属实")
    look_back.record(turn.desk, matter, turn.member, true=true, words=found)
    again: list[list[Any]] = [] if true else [["reopen", matter.id, "🔁 重新办理"]]
    turn.answer(
        "task.looked",
        matter_id=matter.id,
        buttons=[[*again, ["details", matter.id]]],
        register_no=matter.register_no,
        title=matter.title,
        true=true,
        words=found,
    )


# --- the machinery ----------------------------------------------------------------------------------


def takes(turn: Turn, said: str) -> bool:
    """督8号 反馈 …, or 反馈 … in reply to a task's card. False: it is neither."""
    found = read_register_no(said, _series(turn))
    matter, rest = None, said
    if found is not None and (found.series is not None or found.rest.startswith(tuple(_ACTS))):
        rest = found.rest
    elif turn.reply_card is None or turn.reply_card.matter_id is None or found is not None:
        return False
    else:
        matter = matters.matter(turn.reply_card.matter_id, session=turn.desk.session)
    if found is not None and found.series is not None and not rest:
        find.show(turn, naming.matter_of(turn, said, series=_series(turn), states=())[0])
        return True
    verb = next((one for one in _ACTS if re.match(rf"{one}(?=$|[\s:：，,])", rest)), None)
    if verb is None or (matter is not None and matter.procedure not in turn.desk.policy.tasks):
        return False
    if matter is None:
        states = ("open", *_OVER)
        matter, _ = naming.matter_of(turn, said, series=_series(turn), states=states)
    _ACTS[verb](turn, matter, rest.removeprefix(verb).strip(" \t\n:：，,"))
    return True


def _named(turn: Turn, said: str, states: tuple[str, ...] = ("open",)) -> tuple[Matter, str]:
    return naming.matter_of(turn, said, series=_series(turn), states=states)


def _series(turn: Turn) -> set[str]:
    return {one.series for one in turn.desk.policy.tasks.values()}


def _of_button(turn: Turn, target: str) -> Matter:
    matter = find.visible(turn, target)
    if matter.procedure not in turn.desk.policy.tasks:
        raise Refused("button_unknown")
    return matter


def _ask(turn: Turn, matter: Matter, form: str, wording: str, **facts: Any) -> None:
    """Ask for what a button does not say; the next message is the answer."""
    draft = entering.begin(turn, form, {"matter_id": matter.id, "asking": "words", **facts}, asking="words")
    draft.source_message_id = None
    turn.answer(
        wording,
        kind="question",
        matter_id=matter.id,
        draft_id=draft.id,
        buttons=[[["cancel", draft.id]]],
        register_no=matter.register_no,
        title=matter.title,
        **facts,
    )


def go_on(turn: Turn, draft: Draft) -> None:
    """The message that answers what a button asked."""
    matter = matters.matter(int(draft.data["matter_id"]), session=turn.desk.session)
    text = reading.plain(turn.text)
    drafts.write(draft, now=turn.desk.now, state="done")
    if draft.form == "task_look":
        _record(turn, matter, bool(draft.data["true"]), text)
    else:
        _WITH_WORDS[draft.form](turn, matter, text)


_WITH_WORDS: dict[str, Callable[[Turn, Matter, str], None]] = {
    "task_split": _split,
    "task_transfer": _transfer,
    "task_reopen": _reopen,
}
_ACTS: dict[str, Callable[[Turn, Matter, str], None]] = {
    "反馈": _feed_back,
    "退回": _send_back,
    "销号": _strike_off,
    "分解": _split,
    "转出": _transfer,
    "移送": _transfer,
    "重新办理": _reopen,
    "重新立项": _reopen,
    "回访": _look,
}
FORMS = (*_WITH_WORDS, "task_look")
CONTINUE: dict[str, Callable[[Turn, Draft], None]] = dict.fromkeys(FORMS, go_on)
SPOKEN = (
    ("立项", enter),
    ("反馈", feed_back),
    ("销号", strike_off),
    ("分解", split_up),
    ("转出", transfer),
    ("移送", transfer),
    ("重新办理", reopen),
    ("重新立项", reopen),
    ("回访", look),
    ("归档", file_away),
)
VERBS: dict[str, Callable[[Turn, str], None]] = {
    "split": split_pressed,
    "transfer": transfer_pressed,
    "reopen": reopen_pressed,
    "look_true": _looked(True),
    "look_false": _looked(False),
    "task_file": by_file,
    "notice": notice,
}
