"""Moving a matter by its buttons, by a reply to its card, or by its number: 12 办结 已批复."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from handlers import reading
from handlers.context import Turn, rows_of
from office import bearings, cards, close, defer, move, urge
from office.desk import Refused
from rules.reading import Item, MessageReading
from rules.when import read_limit
from storage import drafts, matters, people
from storage.models import Draft, Matter, Member, Step

SHOWN_PEOPLE = 24


# --- buttons ----------------------------------------------------------------------------------------


def acknowledge(turn: Turn, target: str) -> None:
    step = move.acknowledge(turn.desk, reading.number(target), turn.member)
    turn.say("已收到。到期前不再提醒，时限不变。")
    _settle_pressed(turn, step)


def sign(turn: Turn, target: str) -> None:
    step = move.sign(turn.desk, reading.number(target), turn.member)
    turn.say(f"已签：{step.opinion}")


def take_over(turn: Turn, target: str) -> None:
    move.take_over(turn.desk, reading.number(target), turn.member)
    turn.say("已接手，卡片另发给您。")


def urge_holder(turn: Turn, target: str) -> None:
    holder = urge.urge(turn.desk, reading.number(target), turn.member)
    turn.say(f"已催办 {holder.name}")


def grant(turn: Turn, target: str) -> None:
    asked = defer.decide(turn.desk, reading.number(target), turn.member, granted=True)
    _say_done(turn, matters.matter(asked.matter_id, session=turn.desk.session), "同意延期", rewrite=True)


def refuse(turn: Turn, target: str) -> None:
    asked = defer.decide(turn.desk, reading.number(target), turn.member, granted=False)
    _say_done(turn, matters.matter(asked.matter_id, session=turn.desk.session), "不同意延期", rewrite=True)


def _settle_pressed(turn: Turn, step: Step) -> None:
    """A reminder whose button was pressed is replaced by the card it reminds of."""
    if turn.card is not None and turn.card.kind == "reminder":
        matter = matters.matter(step.matter_id, session=turn.desk.session)
        cards.settle_notes(turn.desk, matter, step, None)


# --- buttons that ask for words ---------------------------------------------------------------------

_ASKS = {
    "write": ("sign", "请写意见："),
    "send_back": ("send_back", "退回的理由是什么？"),
    "return_to_sender": ("return_to_sender", "不符合哪条规定？请写退文理由。"),
    "close": ("close", "办理结果是什么？请写一句话。"),
    "defer": ("defer", "延到什么时候、什么理由？例如：延到12月5日 等省厅批复"),
    "reply_no": ("close", "复文号是多少？没有复文请点跳过。"),
}


def ask(verb: str) -> Callable[[Turn, str], None]:
    """A button after which the next message says why, or what."""

    def pressed(turn: Turn, target: str) -> None:
        step_id = reading.number(target)
        if verb == "close":
            _refuse_skipping(turn, step_id)
        if verb == "return_to_sender":
            step, matter = move.running_step(turn.desk, step_id)
        else:
            step, matter, _ = move.held(turn.desk, step_id, turn.member, "sign" if verb == "write" else verb)
        form, question = _ASKS[verb]
        _ask(turn, matter, step, form, question, asking="words")

    return pressed


def _refuse_skipping(turn: Turn, step_id: int) -> None:
    """Closing before its step: the steps that are missing are named at once, not after the result."""
    step, matter = move.running_step(turn.desk, step_id)
    if not move.procedure_of(turn.desk, matter).step(step.key).closes:
        close.close(turn.desk, step_id, turn.member, "-")


def _ask(
    turn: Turn, matter: Matter, step: Step, form: str, question: str, *, asking: str, **data: Any
) -> None:
    draft = drafts.begin(
        form,
        chat_id=turn.chat_id,
        member_id=turn.member_id,
        data={"step_id": step.id, **data},
        now=turn.desk.now,
        session=turn.desk.session,
        asking=asking,
    )
    skip: list[list[Any]] = [["skip", draft.id]] if asking == "reply_no" else []
    turn.answer(
        "move.ask_words",
        kind="question",
        matter_id=matter.id,
        step_id=step.id,
        draft_id=draft.id,
        buttons=[[*skip, ["cancel", draft.id]]],
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
        _hand_over_to(turn, step_id, names, units, ambiguous, text)
    elif draft.form == "close":
        _close(turn, draft, step_id, text)
        return
    else:
        _WITH_WORDS[draft.form](turn, step_id, text)
    drafts.write(draft, now=turn.desk.now, state="done")


def skip(turn: Turn, target: str) -> None:
    """跳过: closed without a number of the answer."""
    draft = turn.desk.session.get(Draft, reading.number(target))
    if draft is None or draft.member_id != turn.member_id or draft.state != "open":
        raise Refused("button_unknown")
    _finish_close(turn, int(draft.data["step_id"]), str(draft.data["result"]), None)
    drafts.write(draft, now=turn.desk.now, state="done")


def _close(turn: Turn, draft: Draft, step_id: int, text: str) -> None:
    step, matter, _ = move.held(turn.desk, step_id, turn.member, "close")
    if draft.asking == "words" and move.procedure_of(turn.desk, matter).asks_answer:
        result = move.check_words(text)
        drafts.write(draft, now=turn.desk.now, state="done")
        _ask(turn, matter, step, "close", _ASKS["reply_no"][1], asking="reply_no", result=result)
        return
    result = str(draft.data.get("result") or text)
    _finish_close(turn, step_id, result, text if draft.asking == "reply_no" else None)
    drafts.write(draft, now=turn.desk.now, state="done")


def _finish_close(turn: Turn, step_id: int, result: str, reply_no: str | None) -> None:
    number = move.check_words(reply_no)[:60] if reply_no else None
    matter = close.close(turn.desk, step_id, turn.member, result, number)
    _say_done(turn, matter, "已办结")


def _sign_words(turn: Turn, step_id: int, text: str) -> None:
    step = move.sign(turn.desk, step_id, turn.member, text)
    _say_done(turn, matters.matter(step.matter_id, session=turn.desk.session), "已签")


def _send_back(turn: Turn, step_id: int, text: str) -> None:
    step = move.send_back(turn.desk, step_id, turn.member, text)
    _say_done(turn, matters.matter(step.matter_id, session=turn.desk.session), "已退回")


def _return(turn: Turn, step_id: int, text: str) -> None:
    _say_done(turn, close.return_to_sender(turn.desk, step_id, turn.member, text), "已退文")


def _defer(turn: Turn, step_id: int, text: str) -> None:
    found = read_limit(text, turn.desk.calendar.local(turn.desk.now), turn.desk.calendar)
    if found is None:
        raise Refused("defer_no_date")
    reason = text.replace(found.words, " ").replace("延到", " ").replace("延期到", " ").replace("延至", " ")
    _ask_deferral(turn, step_id, found.at, " ".join(reason.split()) or text)


def _ask_deferral(turn: Turn, step_id: int, until: datetime, reason: str) -> None:
    asked = defer.ask(turn.desk, step_id, turn.member, until, reason)
    matter = matters.matter(asked.matter_id, session=turn.desk.session)
    approver = people.member(asked.approver_id, session=turn.desk.session)
    turn.answer(
        "move.deferral_sent", register_no=matter.register_no, until=until.isoformat(), approver=approver.name
    )


_WITH_WORDS: dict[str, Callable[[Turn, int, str], None]] = {
    "sign": _sign_words,
    "send_back": _send_back,
    "return_to_sender": _return,
    "defer": _defer,
}


# --- handing over -----------------------------------------------------------------------------------


def ask_who(turn: Turn, target: str) -> None:
    """转办 was pressed: to whom? Sections in the first step, colleagues later; a name may be written."""
    step, matter, rule = move.held(turn.desk, reading.number(target), turn.member, "hand_over")
    draft = drafts.begin(
        "hand_over",
        chat_id=turn.chat_id,
        member_id=turn.member_id,
        data={"step_id": step.id},
        now=turn.desk.now,
        session=turn.desk.session,
        asking="who",
    )
    if rule.holder == "section":
        units = [unit for unit in turn.desk.roster.units if unit.level == "section"]
        found = [["to_unit", f"{step.id}:{i}", unit.name] for i, unit in enumerate(units)]
    else:
        colleagues = turn.desk.roster.members_of(turn.member.unit)[:SHOWN_PEOPLE]
        members = people.named(
            [one.name for one in colleagues if one.name != turn.member.name], session=turn.desk.session
        )
        found = [["to", f"{step.id}:{one.id}", one.name] for one in members]
    turn.answer(
        "move.ask_who",
        kind="question",
        matter_id=matter.id,
        step_id=step.id,
        draft_id=draft.id,
        buttons=[*[[list(b) for b in row] for row in rows_of(found, 3)], [["cancel", draft.id]]],
        register_no=matter.register_no,
        title=matter.title,
    )


def to_unit(turn: Turn, target: str) -> None:
    """A section was chosen."""
    step_id, _, place = target.partition(":")
    units = [unit for unit in turn.desk.roster.units if unit.level == "section"]
    if not place.isdigit() or int(place) >= len(units):
        raise Refused("button_unknown")
    _hand_over_to(turn, reading.number(step_id), (), (units[int(place)].name,), (), "")
    _end_asking(turn, "hand_over")


def to_person(turn: Turn, target: str) -> None:
    """A person was chosen."""
    step_id, _, member_id = target.partition(":")
    to = turn.desk.session.get(Member, reading.number(member_id))
    if to is None or not to.active:
        raise Refused("button_unknown")
    _hand_over(turn, reading.number(step_id), to, None)
    _end_asking(turn, "hand_over")


def _end_asking(turn: Turn, form: str) -> None:
    draft = drafts.asking(
        chat_id=turn.chat_id, member_id=turn.member_id, now=turn.desk.now, session=turn.desk.session
    )
    if draft is not None and draft.form == form:
        drafts.write(draft, now=turn.desk.now, state="done")


def _hand_over_to(
    turn: Turn,
    step_id: int,
    names: tuple[str, ...],
    units: tuple[str, ...],
    ambiguous: tuple[str, ...],
    said: str,
) -> None:
    if ambiguous:
        members = people.named(ambiguous, session=turn.desk.session)
        found = [["to", f"{step_id}:{one.id}", f"{one.name}（{one.unit}）"] for one in members]
        names_shown = [f"{one.name}（{one.unit}{one.post}）" for one in members]
        turn.answer("move.ask_person", buttons=rows_of(found), said=said, names=names_shown)
        return
    unit = units[0] if units else None
    name = names[0] if names else None
    if name is None and unit is not None and (head := reading.head(turn.desk.roster, unit)) is not None:
        name = head.name
    to = people.by_name(name, session=turn.desk.session) if name else None
    if to is None:
        raise Refused("nobody_meant")
    _hand_over(turn, step_id, to, unit)


def _hand_over(turn: Turn, step_id: int, to: Member, unit: str | None) -> None:
    step = move.hand_over(turn.desk, step_id, turn.member, to, unit)
    holder = people.member(step.holder_id, session=turn.desk.session)
    _say_done(turn, matters.matter(step.matter_id, session=turn.desk.session), f"已转 {holder.name}")


# --- by number, or in reply to a card ---------------------------------------------------------------


def act(turn: Turn, read: MessageReading, bound: Matter | None = None) -> None:
    """12 办结 已批复 · a reply to a card: bound to that matter and to no other."""
    for item in read.items:
        matter = (
            bound
            if bound is not None and item.matter in (None, bound.number)
            else named(turn, item, read.act)
        )
        if matter is not None:
            act_on(turn, read.act, item, matter)


def act_on(turn: Turn, what: str, item: Item, matter: Matter) -> None:
    """One act on one matter."""
    step = own_step(turn, matter, what)
    assert step.id is not None
    if what == "sign":
        _sign_by_text(turn, step, item)
    elif what == "close":
        _close_by_text(turn, step, matter, item)
    elif what == "hand_over":
        _hand_over_to(turn, step.id, item.people, item.units, item.ambiguous, "")
    elif what == "defer":
        if item.due is None:
            raise Refused("defer_no_date")
        _ask_deferral(turn, step.id, item.due, item.remark or "")


def _sign_by_text(turn: Turn, step: Step, item: Item) -> None:
    """签收 of a step that is signed otherwise is only a receipt; everything else signs."""
    assert step.id is not None
    matter = matters.matter(step.matter_id, session=turn.desk.session)
    rule = move.procedure_of(turn.desk, matter).step(step.key)
    if item.remark is None and (rule.closes or rule.opinion):
        move.acknowledge(turn.desk, step.id, turn.member)
        _say_done(turn, matter, "已收到，时限不变")
        return
    if rule.closes:
        raise Refused("not_here", register_no=matter.register_no, step=rule.name, todo=rule.todo)
    _sign_words(turn, step.id, item.remark or rule.sign)


def _close_by_text(turn: Turn, step: Step, matter: Matter, item: Item) -> None:
    assert step.id is not None
    _refuse_skipping(turn, step.id)
    if not item.remark:
        _ask(turn, matter, step, "close", _ASKS["close"][1], asking="words")
    else:
        _finish_close(turn, step.id, item.remark, item.number)


def named(turn: Turn, item: Item, what: str) -> Matter | None:
    """The matter a number means for this member: among several, what he holds; else he is asked."""
    number = item.matter
    if number is None:
        raise Refused("no_such_matter", number="这", closed=None)
    found = [m for m in matters.with_number(number, session=turn.desk.session) if _sees(turn, m)]
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
    _ask_which(turn, item, what, found)
    return None


def _ask_which(turn: Turn, item: Item, what: str, found: list[Matter]) -> None:
    draft = drafts.begin(
        "which",
        chat_id=turn.chat_id,
        member_id=turn.member_id,
        data={"act": what, "item": item.model_dump(mode="json")},
        now=turn.desk.now,
        session=turn.desk.session,
    )
    buttons = [["which", f"{draft.id}:{m.id}", m.register_no] for m in found]
    facts = [{"register_no": m.register_no, "title": m.title} for m in found]
    turn.answer("move.ask_which", buttons=[[list(b)] for b in buttons], number=item.matter, items=facts)


def which(turn: Turn, target: str) -> None:
    """One of several matters of the same number was chosen."""
    draft_id, _, matter_id = target.partition(":")
    draft = turn.desk.session.get(Draft, reading.number(draft_id))
    if draft is None or draft.member_id != turn.member_id or draft.state != "open":
        raise Refused("button_unknown")
    matter = matters.matter(reading.number(matter_id), session=turn.desk.session)
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


def offer_opinion(turn: Turn, matter: Matter, words: str) -> bool:
    """A reply to a card that is no command: offer to sign with these words. False where it cannot be."""
    step = next(
        (
            s
            for s in matters.open_steps(matter.id or 0, session=turn.desk.session)
            if s.holder_id == turn.member_id
        ),
        None,
    )
    if step is None or not move.procedure_of(turn.desk, matter).step(step.key).opinion:
        return False
    kept = move.check_words(words)
    draft = drafts.begin(
        "opinion",
        chat_id=turn.chat_id,
        member_id=turn.member_id,
        data={"step_id": step.id, "words": kept},
        now=turn.desk.now,
        session=turn.desk.session,
    )
    turn.answer(
        "move.ask_opinion",
        buttons=[[["sign_words", draft.id, "✍️ 作为意见签批"], ["cancel", draft.id]]],
        register_no=matter.register_no,
        title=matter.title,
        words=kept,
    )
    return True


def sign_words(turn: Turn, target: str) -> None:
    """The words of a reply were confirmed as an opinion."""
    draft = turn.desk.session.get(Draft, reading.number(target))
    if draft is None or draft.member_id != turn.member_id or draft.state != "open":
        raise Refused("button_unknown")
    drafts.write(draft, now=turn.desk.now, state="done")
    _sign_words(turn, int(draft.data["step_id"]), str(draft.data["words"]))


# --- reminding later --------------------------------------------------------------------------------


def snooze(turn: Turn, target: str) -> None:
    """稍后提醒: when again? The limit stays."""
    step, matter = move.running_step(turn.desk, reading.number(target))
    choices = [
        ["later", f"{step.id}:1h", "1 小时后"],
        ["later", f"{step.id}:close", "今天下班前"],
        ["later", f"{step.id}:morning", "明早"],
    ]
    turn.answer("move.snooze_until", buttons=[choices], register_no=matter.register_no)


def later(turn: Turn, target: str) -> None:
    """A time to be reminded again was chosen."""
    step_id, _, when = target.partition(":")
    step, matter = move.running_step(turn.desk, reading.number(step_id))
    if step.holder_id != turn.member_id:
        move.held(turn.desk, step.id or 0, turn.member, "acknowledge")
    until = _later(turn, when)
    urge.remind_again(turn.desk, matter, step, until)
    due = step.due_at.isoformat() if step.due_at else until.isoformat()
    turn.rewrite("move.snoozed", register_no=matter.register_no, until=until.isoformat(), due=due)


def _later(turn: Turn, when: str) -> datetime:
    calendar, now = turn.desk.calendar, turn.desk.now
    today = calendar.local(now).date()
    if when == "close":
        at = calendar.close_of(today) - timedelta(minutes=30)
        return at if at > now else now + timedelta(hours=1)
    if when == "morning":
        return calendar.opens_at(calendar.next_working_day(today))
    return now + timedelta(hours=1)


def _say_done(turn: Turn, matter: Matter, did: str, *, rewrite: bool = False) -> None:
    turn.say(f"{matter.register_no} {did}")
    running = cards.matter_facts(turn.desk, matter)["steps"]
    line = f"现在：{running[0]['name']} — {running[0]['holder']}" if running else None
    facts = {"register_no": matter.register_no, "title": matter.title, "did": did, "state_line": line}
    buttons = [[["details", matter.id], ["timeline", matter.id]]]
    if rewrite:
        turn.rewrite("move.done", buttons=buttons, **facts)
    else:
        turn.answer("move.done", buttons=buttons, matter_id=matter.id, **facts)
