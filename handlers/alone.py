"""What is said in few words: a word alone, a change to the card that stands, an act that names no matter."""

from __future__ import annotations

import re
from collections.abc import Callable

from handlers import ask, by_number, log, reading
from handlers.context import Turn
from handlers.help import MENU
from office import bearings, urge
from office.desk import Refused
from office.register import Form
from rules.patterns import lazy
from rules.reading import Item, MessageReading, begins_change, read_correction
from storage import drafts, matters

_WORDS: dict[str, Callable[[Turn], None]] = {
    "登记": log.start,
    "登记来文": log.start,
    "收文登记": log.start,
    "撤销": lambda turn: _undo(turn),
    "撤销登记": lambda turn: _undo(turn),
    "查": lambda turn: ask.look(turn, ""),
    "查找": lambda turn: ask.look(turn, ""),
}
_MANNERS = lazy(r"[\s!！。,，.~～、]+")
_GREETINGS = {"你好", "您好", "在吗", "在么", "早", "早上好", "上午好", "下午好", "晚上好", "hi", "hello"}
_THANKS = {"谢谢", "谢谢你", "谢谢您", "多谢", "感谢", "辛苦了", "thanks"}
_CHANGE = lazy(r"改|换|期限|时限|标题|文号|来文单位|承办|份数|加急|特急")
_ACT = lazy(r"(?:办结|转|退回|延[到期至]|申请延期)[\s，,：:]+\S.*", re.S)
_NUMBER = lazy(r"[#＃]?([0-9]{1,5})\s*[号件]?")
_URGE = lazy(
    r"(?:[#＃]?(?P<a>[0-9]{1,5})\s*[号件]?\s*)?(?:催办|催一?下|催)\s*(?:[#＃]?(?P<b>[0-9]{1,5})\s*[号件]?)?"
)
_SHOWN = 8


def takes(turn: Turn) -> bool:
    """Answer a message that is understood only from where it is said; False: it is not."""
    said = reading.plain(turn.text)
    word = _MANNERS.sub("", said).lower()
    if (act := _WORDS.get(word)) is not None:
        act(turn)
    elif word in _GREETINGS:
        greet(turn)
    elif (urging := _URGE.fullmatch(said)) is not None and (urging["a"] or urging["b"]):
        _urge(turn, int(urging["a"] or urging["b"]))
    elif (number := _NUMBER.fullmatch(said)) is not None:
        ask.look(turn, number[1])
    elif word in _THANKS:
        turn.answer("help.thanks")
    else:
        return _changes(turn, said) or _names_none(turn, said)
    return True


def changes(turn: Turn, read: MessageReading) -> bool:
    """改到下周五，承办换成督查科: opens as a change, and an entry waits for its confirmation."""
    said = reading.plain(turn.text)
    return (
        read.act not in ("sign", "close", "hand_over")
        and begins_change(said, reading.context(turn))
        and _changes(turn, said)
    )


def greet(turn: Turn) -> None:
    """你好, or the bot's name and nothing else."""
    turn.answer("people.greeting", buttons=MENU, name=turn.member.name, private=turn.private)


def acts(turn: Turn) -> bool:
    """办结 已批复: begins as an act does and names no matter; False where it is something else."""
    said = reading.plain(turn.text)
    return _ACT.fullmatch(said) is not None and _names_none(turn, said)


def _urge(turn: Turn, number: int) -> None:
    """催 12号: rings who holds it; of several, each is shown with its button."""
    found = [
        matter
        for matter in matters.with_number(number, session=turn.desk.session)
        if bearings.may_see(turn.desk, matter, member=turn.member)
        and matter.procedure in turn.desk.policy.documents
    ]
    steps = matters.open_steps(found[0].id or 0, session=turn.desk.session) if len(found) == 1 else []
    if len(steps) != 1:
        ask.look(turn, str(number))
        return
    holder = urge.urge(turn.desk, steps[0].id or 0, turn.member)
    turn.answer(
        "move.urged",
        matter_id=found[0].id,
        register_no=found[0].register_no,
        title=found[0].title,
        name=holder.name,
    )


def _undo(turn: Turn) -> None:
    """撤销: the last document that the member logged, within its minute."""
    matter = matters.last_registered_by(turn.member_id, session=turn.desk.session)
    if matter is None:
        raise Refused("nothing_to_undo")
    log.undo(turn, str(matter.id))


def _changes(turn: Turn, said: str) -> bool:
    """期限改到周五, to the card of an entry that waits for its confirmation."""
    draft = drafts.latest(
        chat_id=turn.chat_id, member_id=turn.member_id, now=turn.desk.now, session=turn.desk.session
    )
    if draft is None or draft.form != "log" or not draft.data or not _CHANGE.search(said):
        return False
    changed = read_correction(said, reading.context(turn))
    if not changed.model_fields_set or Form.model_validate(draft.data).procedure is None:
        return False
    log.correct(turn, draft, said)
    return True


def _names_none(turn: Turn, said: str) -> bool:
    """同意, without saying to what: never guessed, the matters in hand are offered."""
    meant = bare(turn, said)
    held = matters.held_by(turn.member_id, session=turn.desk.session)
    documents = turn.desk.policy.documents
    mine = {matter.id: matter for _, matter in held if matter.procedure in documents}
    if meant is None or not mine:
        return False
    by_number.offer(turn, meant[1], meant[0], list(mine.values())[:_SHOWN], said=said)
    return True


def bare(turn: Turn, said: str) -> tuple[str, Item] | None:
    """An act that needs its number to be read alone: “办结 已批复” to the card of No. 12."""
    read = reading.numbered(turn, 1, said)
    if read.act in reading.MOVES and len(read.items) == 1:
        return read.act, read.items[0].model_copy(update={"matter": None})
    return None
