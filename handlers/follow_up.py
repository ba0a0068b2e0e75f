"""Going on from the question before: 只看逾期的, 那上个月呢, 第二个, 下一页."""

from __future__ import annotations

from datetime import timedelta

from handlers import ask, find, misnamed
from handlers.context import Turn
from office import ask as answers
from office.desk import Refused
from rules import asking
from rules.asking import Question
from rules.reading import QuestionReading
from storage import drafts, matters
from storage.models import Draft

_MORE = ("下一页", "继续", "还有呢", "再来", "后面的", "剩下的")


def follow(turn: Turn) -> bool:
    """A follow-up to the question before in this chat: 只看逾期的, 那上个月呢, 第二个. False: it is none."""
    text, read = ask.read_of(turn)
    rule = turn.desk.policy.asking
    names_place = asking.names_place(text)
    if not (read.refers_back or names_place or asking.taken_away(text, rule)) or len(text) > 40:
        return False
    draft = _context(turn)
    if draft is None:
        return False
    before = Question.model_validate(draft.data["question"])
    if text.rstrip("。.!！") in _MORE:
        _go_on(turn, draft, before)
    elif names_place:
        _open(turn, draft, asking.ordinal(text, len(draft.data["ids"])))
    elif _means_it(turn, text, read):
        _open(turn, draft, _only(draft))
    elif not misnamed.offers(turn, text, read.text):
        after = asking.followed(before, read, text, rule)
        if after == before:
            return False
        ask.answer(turn, after)
    return True


def put_right(turn: Turn, target: str) -> None:
    """A near name was pressed: the same question with it; or as it was written, to look for."""
    draft, text = misnamed.put_right(turn, target, "misnamed")
    if text is None:
        ask.answer(turn, Question(text=draft.data["typed"]))
        return
    turn.text = text
    if draft.data["look"]:
        ask.look(turn, text)
    elif not follow(turn):
        ask.question(turn)


VERBS = {"misnamed": put_right}


def without_context(turn: Turn) -> bool:
    """A follow-up with nothing before it: say so. False: the message stands by itself."""
    _, read = ask.read_of(turn)
    if not read.refers_back or asking.asked(read, "", turn.desk.policy.asking).names_one:
        return False
    turn.answer("ask.no_context", examples=answers.examples(turn.desk, ask.asker_of(turn)))
    return True


def _context(turn: Turn) -> Draft | None:
    """The question that is leant on: of the message replied to, else the last one, for some minutes."""
    if turn.reply_card is not None and turn.reply_card.draft_id is not None:
        draft = turn.desk.session.get(Draft, turn.reply_card.draft_id)
        if draft is not None and draft.form == ask.FORM and draft.member_id == turn.member_id:
            return draft
    since = turn.desk.now - timedelta(minutes=turn.desk.policy.asking.context)
    return drafts.kept(
        ask.FORM, chat_id=turn.chat_id, member_id=turn.member_id, since=since, session=turn.desk.session
    )


def _means_it(turn: Turn, text: str, read: QuestionReading) -> bool:
    words = turn.desk.policy.words.question
    if any(word in text for word in ("它", *words.back_bare)):
        return True
    return (
        read.measure in ("holder", "progress")
        and not asking.asked(
            read.model_copy(update={"measure": "list"}), text, turn.desk.policy.asking
        ).says_something
    )


def _only(draft: Draft) -> int | None:
    """The place of the one matter that is spoken of, if there is one."""
    ids, one = draft.data["ids"], draft.data["one"]
    if one in ids:
        return int(ids.index(one))
    return 0 if len(ids) == 1 else None


def _open(turn: Turn, draft: Draft, place: int | None) -> None:
    """Show the matter at a place of the list; say so where it is not clear which."""
    ids = draft.data["ids"]
    if place is None:
        turn.answer("ask.which_place", total=len(ids))
        return
    matter = matters.matter(ids[place], session=turn.desk.session)
    if not answers.may_open(turn.desk, matter, ask.asker_of(turn)):
        raise Refused("not_for_group" if turn.group else "button_unknown")
    drafts.write(draft, now=turn.desk.now, data={**draft.data, "one": matter.id}, state="kept")
    find.show(turn, matter)


def _go_on(turn: Turn, draft: Draft, before: Question) -> None:
    """The next page, as a new message."""
    offset = int(draft.data["offset"]) + ask.PAGE
    found = answers.find(turn.desk, before, ask.asker_of(turn, before))
    if offset >= len(found.ids):
        turn.answer("ask.no_more", total=found.total)
        return
    drafts.write(draft, now=turn.desk.now, data=ask.kept(before, found, offset, None), state="kept")
    wording, facts, buttons = ask.shown(turn, draft, before, found, offset)
    turn.answer(wording, buttons=buttons, draft_id=draft.id, **facts)
