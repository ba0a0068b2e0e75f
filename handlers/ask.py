"""Asking as one would ask a colleague: the answer says how it was read and can be widened or narrowed."""

from __future__ import annotations

import re
from typing import Any

from handlers import find, misnamed, naming, reading
from handlers.context import Turn, rows_of
from office import ask, measures, post
from office.ask import Asker, Found
from office.desk import Refused
from rules import asking
from rules.asking import Question
from rules.reading import QuestionReading, read_question
from rules.when import no_such_time
from storage import drafts, matters, people
from storage.models import Draft
from storage.outbox import ANSWER

PAGE = 8
FORM = "question"
_FIRST_OF = 5
"""matters whose readers are told in one answer"""


def question(turn: Turn) -> None:
    """A question: answered, or said what is not understood of it."""
    text, read = read_of(turn)
    rule = turn.desk.policy.asking
    if misnamed.offers(turn, text, read.text):
        return
    if no_such_time(text):
        raise reading.no_period(text)
    if asking.ranks_persons(read, text, rule):
        raise Refused("no_ranking_of_persons")
    asked = ask.narrowed(turn.desk, asking.asked(read, text, rule), text)
    asked = asked.model_copy(update={"series": naming.series_in(turn, asked.matter)})
    if read.act == "find" and not asked.says_something:
        asked = Question(text=text[:60])
    if not asking.is_understood(asked, text, rule):
        not_understood(turn)
    else:
        answer(turn, asked)


def look(turn: Turn, words: str) -> None:
    """查 预算 · /find 12: a number, or words that all occur."""
    asked = ask.sought(words[:60])
    if asked is None:
        find.ask_words(turn)
    elif not misnamed.offers(turn, words, asked.text, look=True):
        answer(turn, asked)


def read_of(turn: Turn) -> tuple[str, QuestionReading]:
    """The words of a question without the mention of the bot, and what was understood."""
    text = reading.plain(turn.text)
    return text, read_question(text, reading.context(turn))


def not_understood(turn: Turn) -> None:
    """Say so, with three examples that fit."""
    turn.answer("ask.not_understood", examples=ask.examples(turn.desk, asker_of(turn)))


def asker_of(turn: Turn, asked: Question | None = None) -> Asker:
    """Who asks; what is one's own is told in private."""
    return Asker(turn.member, None if asked is not None and asked.mine else turn.group)


def answer(turn: Turn, asked: Question) -> None:
    """Answer a question with a new message: one matter that was named is shown as its card."""
    if asked.ambiguous:
        _keep_and_say(turn, asked, Found([], 0), 0)
        return
    found = ask.find(turn.desk, asked, asker_of(turn, asked))
    if found.total == 1 and _means_one(asked) and not (asked.mine and not turn.private):
        _keep(turn, asked, found, one=found.ids[0])
        find.show(turn, matters.matter(found.ids[0], session=turn.desk.session))
        return
    _keep_and_say(turn, asked, found, 0)


def _means_one(asked: Question) -> bool:
    named = asked.names_one or asked.text is not None
    return asked.measure in ("holder", "progress") or (asked.measure == "list" and named)


def _keep(turn: Turn, asked: Question, found: Found, one: int | None = None) -> Draft:
    chat_id = turn.chat_id
    if asked.mine and not turn.private and turn.member.telegram_id is not None:
        chat_id = turn.member.telegram_id
    return drafts.keep(
        FORM,
        chat_id=chat_id,
        member_id=turn.member_id,
        data=kept(asked, found, 0, one),
        now=turn.desk.now,
        session=turn.desk.session,
    )


def kept(asked: Question, found: Found, offset: int, one: int | None) -> dict[str, Any]:
    """What a draft keeps of an answer, so that a follow-up or a page can go on from it."""
    return {"question": asked.model_dump(mode="json"), "ids": found.ids, "offset": offset, "one": one}


def _keep_and_say(turn: Turn, asked: Question, found: Found, offset: int) -> None:
    draft = _keep(turn, asked, found)
    wording, facts, buttons = shown(turn, draft, asked, found, offset)
    if asked.mine and not turn.private:
        told = post.to_member(
            turn.desk,
            turn.member,
            wording,
            kind="note",
            buttons=buttons,
            priority_=ANSWER,
            draft_id=draft.id,
            **facts,
        )
        turn.answer("ask.told_in_private" if told else "ask.start_first")
        return
    turn.answer(wording, buttons=buttons, draft_id=draft.id, **facts)


# --- what is said -----------------------------------------------------------------------------------


def shown(
    turn: Turn, draft: Draft, asked: Question, found: Found, offset: int
) -> tuple[str, dict[str, Any], list[list[list[Any]]]]:
    """The wording of an answer, its facts and its buttons."""
    desk, asker = turn.desk, asker_of(turn, asked)
    facts: dict[str, Any] = {"how": ask.how(desk, asked)}
    if asked.ambiguous:
        named = people.named(asked.ambiguous, session=desk.session)
        choice = [["ask", f"{draft.id}:w{one.id}", f"{one.name}（{one.unit}）"] for one in named]
        return "ask.which_person", facts | {"names": [one.name for one in named]}, _rows(choice, 1)
    change = [["ask", f"{draft.id}:{one.key}", one.label] for one in asking.changes(asked)]
    if asked.measure == "average_time":
        return "ask.average", facts | measures.average_times(desk, asked, asker), _rows(change, 3)
    if asked.measure == "rank":
        return "ask.rank", facts | measures.standings(desk, asked, asker), _rows(change, 3)
    if asked.measure == "unread":
        return "ask.unread", facts | _unread(turn, found), _rows(change, 3)
    if not found.ids:
        facts["examples"] = ask.examples(desk, asker)
        return "ask.nothing", facts, _rows(change, 3)
    total = ask.count(desk, asked, asker, found) if asked.measure == "count" else found.total
    items = ask.page(desk, found, offset, PAGE)
    facts |= {"total": total, "listed": len(found.ids), "items": items, "offset": offset}
    opens = [["details", one["id"], f"{offset + i}. {one['register_no']}"] for i, one in enumerate(items, 1)]
    return "ask.found", facts, [*_rows(opens, 2), *_pages(draft, found, offset), *_rows(change, 3)]


def _unread(turn: Turn, found: Found) -> dict[str, Any]:
    lists = measures.unread(turn.desk, Found(found.ids[:PAGE], found.total))
    shown = [
        {
            "register_no": one.matter.register_no,
            "title": one.matter.title,
            "read": len(one.read),
            "unread": one.unread,
        }
        for one in lists[:_FIRST_OF]
    ]
    return {"lists": shown, "cut": len(lists) > _FIRST_OF or found.total > PAGE, "total": found.total}


def _pages(draft: Draft, found: Found, offset: int) -> list[list[list[Any]]]:
    row: list[list[Any]] = []
    if offset:
        row.append(["ask", f"{draft.id}:p{max(offset - PAGE, 0)}", "‹ 上一页"])
    if offset + PAGE < len(found.ids):
        row.append(["ask", f"{draft.id}:p{offset + PAGE}", "下一页 ›"])
    return [row] if row else []


def _rows(buttons: list[list[Any]], width: int) -> list[list[list[Any]]]:
    return [[list(one) for one in row] for row in rows_of(buttons, width)]


# --- going on ---------------------------------------------------------------------------------------


def press(turn: Turn, target: str) -> None:
    """A button under an answer: another page, wider, narrower, which person; the message is edited."""
    draft = turn.desk.session.get(Draft, reading.number(target))
    if draft is None or draft.form != FORM:
        raise Refused("button_unknown")
    if draft.member_id != turn.member_id:
        turn.say("这是别人问的，您可以自己问一句", alert=True)
        return
    key = target.partition(":")[2]
    asked, offset = _pressed(turn, Question.model_validate(draft.data["question"]), key)
    found = ask.find(turn.desk, asked, asker_of(turn, asked))
    drafts.write(draft, now=turn.desk.now, data=kept(asked, found, offset, None), state="kept")
    wording, facts, buttons = shown(turn, draft, asked, found, offset)
    turn.rewrite(wording, buttons=buttons, **facts)


def _pressed(turn: Turn, asked: Question, key: str) -> tuple[Question, int]:
    """The question after a button, and where its list begins."""
    number = int(key[1:]) if re.fullmatch("[0-9]{1,9}", key[1:]) else None
    if key.startswith("p") and number is not None:
        return asked, number
    if key.startswith("w") and number is not None:
        chosen = people.member(number, session=turn.desk.session).name
        if chosen in asked.ambiguous:
            return asked.model_copy(update={"people": (*asked.people, chosen), "ambiguous": ()}), 0
    changed = asking.changed(asked, key)
    if changed is None:
        raise Refused("button_unknown")
    return changed, 0
