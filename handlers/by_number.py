"""Acting by number or in reply to a card: 12 办结 已批复, bound to that matter and to no other."""

from __future__ import annotations

import re

from handlers import done, hand_over, naming, reading, words
from handlers.context import Turn
from office import bearings, cards, move
from office.desk import Refused
from rules.patterns import lazy
from rules.reading import Item, MessageReading
from storage import drafts, matters
from storage.models import Matter, Step

_BACK = lazy(
    r"(?:[#＃]?(?P<number>[0-9]{1,5})\s*号?件?)?\s*(?P<verb>退回|退文)[\s,，:：。]*(?P<reason>.*)", re.S
)


def back(turn: Turn, text: str, bound: Matter | None = None) -> bool:
    """12 退回 不属我科 · 12 退文 未盖章 · without number in reply to a card. False: it is neither."""
    found = _BACK.fullmatch(text)
    if found is None or not (found["number"] or bound):
        return False
    item = Item(matter=int(found["number"])) if found["number"] else Item()
    matter = bound if item.matter is None else named(turn, item, "back")
    if matter is None:
        return True
    step = own_step(turn, matter, "back")
    verb = "send_back" if found["verb"] == "退回" else "return_to_sender"
    if found["reason"].strip():
        words.WITH_WORDS[verb](turn, step.id or 0, found["reason"])
    else:
        words.ask(verb)(turn, str(step.id))
    return True


def act(turn: Turn, read: MessageReading, bound: Matter | None = None) -> None:
    """12 办结 已批复 · a reply to a card: bound to that matter and to no other."""
    what = str(read.act)
    for item in read.items:
        matter = (
            bound if bound is not None and item.matter in (None, bound.number) else named(turn, item, what)
        )
        if matter is not None:
            act_on(turn, what, item, matter)


def act_on(turn: Turn, what: str, item: Item, matter: Matter) -> None:
    """One act on one matter."""
    step = own_step(turn, matter, what)
    assert step.id is not None
    if what == "sign":
        _sign_by_text(turn, step, item)
    elif what == "close":
        _close_by_text(turn, step, matter, item)
    elif what == "hand_over":
        hand_over.to_named(turn, step.id, item.people, item.units, item.ambiguous, "")
    elif what == "defer":
        if item.due is None:
            if item.past_due:
                raise Refused("limit_past", words=item.past_due)
            if item.unsure_due:
                words.ask_limit(turn, step.id, item.unsure_due, item.remark or "")
                return
            raise Refused("defer_no_date")
        words.ask_deferral(turn, step.id, item.due, item.remark or "")


def _sign_by_text(turn: Turn, step: Step, item: Item) -> None:
    """签收 of a step that is signed otherwise is only a receipt; everything else signs."""
    assert step.id is not None
    matter = matters.matter(step.matter_id, session=turn.desk.session)
    rule = move.procedure_of(turn.desk, matter).step(step.key)
    if item.remark is None and (rule.closes or rule.opinion or rule.words):
        move.acknowledge(turn.desk, step.id, turn.member)
        done.say_done(turn, matter, "已收到，时限不变")
        return
    if rule.closes:
        raise Refused("not_here", register_no=matter.register_no, step=rule.name, todo=rule.todo)
    words.sign_with(turn, step.id, item.remark or rule.sign)


def _close_by_text(turn: Turn, step: Step, matter: Matter, item: Item) -> None:
    assert step.id is not None
    words.refuse_skipping(turn, step.id)
    if not item.remark:
        words.ask_words(turn, matter, step, "close", words.ASKS["close"][1], asking="words")
    else:
        words.finish_close(turn, step.id, item.remark, item.number)


def named(turn: Turn, item: Item, what: str) -> Matter | None:
    """The matter a number means for this member: among several, what he holds; else he is asked."""
    number = item.matter
    if number is None:
        raise Refused("no_such_matter", number="这", closed=None)
    series = naming.series_in(turn, number)
    found = [
        one
        for one in matters.with_number(number, session=turn.desk.session)
        if series in (None, one.series) and _sees(turn, one)
    ]
    mine = [m for m in found if _holds(turn, m)]
    found = mine or found
    if len(found) == 1:
        return found[0]
    if not found:
        over = [
            m for m in matters.with_number(number, states=(), session=turn.desk.session) if _sees(turn, m)
        ]
        closed = over[0].register_no if over else None
        state = cards.matter_facts(turn.desk, over[0])["state"] if over else None
        raise Refused("no_such_matter", number=number, closed=closed, state=state)
    offer(turn, item, what, found)
    return None


def offer(turn: Turn, item: Item, what: str, found: list[Matter], *, said: str | None = None) -> None:
    """Ask which matter is meant: of several of one number, or, where none was named, of all in hand."""
    draft = turn.begin_draft("which", {"act": what, "item": item.model_dump(mode="json")})
    buttons = [[["which", f"{draft.id}:{m.id}", m.register_no]] for m in found]
    facts = [{"register_no": m.register_no, "title": m.title} for m in found]
    turn.answer(
        "move.ask_which",
        buttons=[*buttons, [["cancel", draft.id]]],
        number=item.matter,
        said=said,
        items=facts,
    )


def which(turn: Turn, target: str) -> None:
    """One of several matters of the same number was chosen."""
    draft_id, _, matter_id = target.partition(":")
    draft = reading.open_draft(turn, draft_id, "which")
    matter = matters.matter(reading.number(matter_id), session=turn.desk.session)
    if not _sees(turn, matter):
        raise Refused("button_unknown")
    drafts.write(draft, now=turn.desk.now, state="done")
    act_on(turn, str(draft.data["act"]), Item.model_validate(draft.data["item"]), matter)


def own_step(turn: Turn, matter: Matter, what: str) -> Step:
    """The step of a matter that the member holds; Refused with who holds it."""
    running = matters.open_steps(matter.id or 0, session=turn.desk.session)
    mine = [step for step in running if step.holder_id == turn.member_id]
    if mine:
        return mine[0]
    shown = cards.matter_facts(turn.desk, matter)
    raise Refused("step_over" if matter.state != "open" else "not_yours_now", **shown)


def _sees(turn: Turn, matter: Matter) -> bool:
    return bearings.may_see(turn.desk, matter, member=turn.member)


def _holds(turn: Turn, matter: Matter) -> bool:
    running = matters.open_steps(matter.id or 0, session=turn.desk.session)
    return any(step.holder_id == turn.member_id for step in running)


def offer_opinion(turn: Turn, matter: Matter, said: str) -> bool:
    """A reply to a card that is no command: offer to sign with these words. False where it cannot be."""
    step = next(
        (
            s
            for s in matters.open_steps(matter.id or 0, session=turn.desk.session)
            if s.holder_id == turn.member_id
        ),
        None,
    )
    rule = move.procedure_of(turn.desk, matter).step(step.key) if step is not None else None
    if step is None or rule is None or not (rule.opinion or rule.words):
        return False
    kept = move.check_words(said)
    draft = turn.begin_draft("opinion", {"step_id": step.id, "words": kept})
    label = "作为办理结果反馈" if rule.words else "作为意见签批"
    turn.answer(
        "move.ask_opinion",
        buttons=[
            [
                ["sign_words", draft.id, f"✍️ {label}"],
                ["cancel", draft.id],
            ]
        ],
        register_no=matter.register_no,
        title=matter.title,
        words=kept,
    )
    return True


def sign_words(turn: Turn, target: str) -> None:
    """The words of a reply were confirmed as an opinion."""
    draft = reading.open_draft(turn, target, "opinion")
    drafts.write(draft, now=turn.desk.now, state="done")
    words.sign_with(turn, int(draft.data["step_id"]), str(draft.data["words"]))
