"""Buttons that move a matter at once: receipt, signature, taking over, urging, deciding a deferral."""

from __future__ import annotations

from handlers import done, reading, words
from handlers.context import Turn
from office import cards, defer, move, urge
from storage import matters
from storage.models import Step


def acknowledge(turn: Turn, target: str) -> None:
    """👌 已收到"""
    step = move.acknowledge(turn.desk, reading.number(target), turn.member)
    turn.say("已收到。到期前不再提醒，时限不变。")
    _settle_pressed(turn, step)


def sign(turn: Turn, target: str) -> None:
    """A step that takes a result in words asks for them."""
    _, _, rule = move.held(turn.desk, reading.number(target), turn.member, "sign")
    if rule.words:
        words.ask("result")(turn, target)
        return
    step = move.sign(turn.desk, reading.number(target), turn.member)
    turn.say(f"已签：{step.opinion}")


def shortcut(turn: Turn, target: str) -> None:
    """Sign with the words that the button carries."""
    step = move.shortcut(turn.desk, reading.number(target), turn.member)
    turn.say(f"已签：{step.opinion}")


def take_over(turn: Turn, target: str) -> None:
    """✋ 接手办理"""
    move.take_over(turn.desk, reading.number(target), turn.member)
    turn.say("已接手，卡片另发给您。")


def urge_holder(turn: Turn, target: str) -> None:
    """🔔 催办"""
    holder = urge.urge(turn.desk, reading.number(target), turn.member)
    turn.say(f"已催办 {holder.name}")


def grant(turn: Turn, target: str) -> None:
    """✅ 同意延期"""
    _decide(turn, target, granted=True)


def refuse(turn: Turn, target: str) -> None:
    """✖️ 不同意"""
    _decide(turn, target, granted=False)


def _decide(turn: Turn, target: str, *, granted: bool) -> None:
    asked = defer.decide(turn.desk, reading.number(target), turn.member, granted=granted)
    matter = matters.matter(asked.matter_id, session=turn.desk.session)
    done.say_done(turn, matter, "同意延期" if granted else "不同意延期", rewrite=True)


def _settle_pressed(turn: Turn, step: Step) -> None:
    """A reminder whose button was pressed is replaced by the card it reminds of."""
    if turn.card is not None and turn.card.kind == "reminder":
        matter = matters.matter(step.matter_id, session=turn.desk.session)
        cards.settle_notes(turn.desk, matter, step, None)
