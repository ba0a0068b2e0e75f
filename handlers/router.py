"""Where a message goes: the answer to a question, a reply to a card, or what it says by itself.

In a group the bot answers only when it is spoken to: by a command, by its name, by a reply to one of its
messages, or by a message that begins with a word of its own (登记 …).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from telegram import Message, MessageEntity
from telegram.ext.filters import MessageFilter

from handlers import (
    alone,
    amend,
    ask,
    by_number,
    follow_up,
    instruct,
    leave,
    lists,
    log,
    meetings,
    own_unit,
    petition,
    questions,
    reading,
    reports,
    spoken,
    telephone,
    unsure,
    words,
)
from handlers import find as finding
from handlers import help as helping
from handlers.context import Turn
from handlers.duty import log as duty_log
from handlers.duty import shift
from handlers.emergency import menu, opening
from handlers.emergency import words as emergency_words
from handlers.emergency.common import is_emergency
from handlers.meetings import change
from handlers.meetings.common import is_meeting
from handlers.supervision import bulletin, campaigns, progress, task_import, tasks, visits
from office.desk import Refused
from rules.patterns import lazy
from rules.reading import MessageReading, is_question, read_question
from storage import drafts, matters
from storage.models import Draft, Matter

OPENING_WORDS = (
    "登记",
    "收文登记",
    "快报",
    "应急快报",
    "电话已报告",
    "批示",
    "待办",
    "查 ",
    "查找 ",
    "记 ",
    "换班",
    "值班记录",
    "谁值班",
)


class _Addressed(MessageFilter):
    """Messages that speak to the bot."""

    def filter(self, message: Message) -> bool:
        if message.chat.id > 0 or (message.text or message.caption or "").startswith(
            (*OPENING_WORDS, *spoken.words())
        ):
            return True
        replied = message.reply_to_message
        if (
            replied is not None
            and replied.from_user is not None
            and replied.from_user.id == message.get_bot().id
        ):
            return True
        name = f"@{message.get_bot().username}".lower()
        found = message.parse_entities([MessageEntity.MENTION]) | message.parse_caption_entities(
            [MessageEntity.MENTION]
        )
        return any(mention.lower() == name for mention in found.values())


ADDRESSED = _Addressed()


def text(turn: Turn) -> None:
    """A message in words."""
    if not reading.plain(turn.text):
        alone.greet(turn) if turn.text else helping.not_text(turn)
        return
    if duty_log.replied(turn):
        return
    draft, bound = _answered(turn), _bound(turn)
    if emergency_words.own_word(turn, reading.plain(turn.text), bound, draft):
        return
    if draft is not None:
        CONTINUE[draft.form](turn, draft)
        return
    if bound is not None and is_emergency(bound):
        emergency_words.about(turn, bound)
        return
    if bound is not None and is_meeting(bound) and change.about(turn, bound, reading.plain(turn.text)):
        return
    if bound is not None and (amend.replied(turn, bound) or campaigns.replied(turn, bound)):
        return
    if bound is not None and progress.replied(turn, bound):
        return
    if by_number.back(turn, reading.plain(turn.text), bound) or tasks.takes(turn, reading.plain(turn.text)):
        return
    read = reading.message(turn)
    if bound is not None and _about_card(turn, read, bound):
        return
    route(turn, read)


def _answered(turn: Turn) -> Draft | None:
    """The draft that this message answers: the one replied to, else the one that is asking."""
    session, now = turn.desk.session, turn.desk.now
    if turn.reply_card is not None and turn.reply_card.draft_id is not None:
        draft = session.get(Draft, turn.reply_card.draft_id)
        if (
            draft is not None
            and draft.state == "open"
            and draft.member_id == turn.member_id
            and draft.form in CONTINUE
        ):
            if draft.asking is None:
                draft.asking = "correction" if draft.form in lists.KINDS else draft.data.get("asking")
            return draft if draft.asking else None
    if turn.reply_card is not None and turn.reply_card.matter_id is not None:
        return None  # a reply binds to its card, whatever else is being asked
    asking = drafts.asking(chat_id=turn.chat_id, member_id=turn.member_id, now=now, session=session)
    turn.nothing_asks = asking is None
    if asking is None or asking.form not in CONTINUE:
        return None
    meant = reports.meant(turn, asking) and bulletin.meant(turn, asking)
    return None if _is_own_word(turn, asking) or not meant else asking


_OWN_WORD = lazy(r"(?:我的)?待办|帮助|取消|(?:查|查找) .+", re.S)
_ANOTHER = lazy(r"(?:收文)?登记(?:[\s:：].*)?", re.S)
_BY_NUMBER = lazy(
    r"[#＃]?[0-9]{1,5}\s*[号件]?\s*(?:同意|拟同意|办结|转|退回|退文|延[到期至]|申请延期|签收|已阅|已收到).*",
    re.S,
)


def _is_own_word(turn: Turn, asking: Draft) -> bool:
    """What means the same whatever is being asked: 待办, 查 预算, 12 同意, the next document."""
    said = reading.plain(turn.text)
    if _OWN_WORD.fullmatch(said) or spoken.is_one(said):
        return True
    if asking.form not in {
        *lists.KINDS,
        *words.FORMS,
        "leave",
        "find",
        petition.FORM,
        *tasks.FORMS,
    }:
        return False
    another = asking.asking != "line" and _ANOTHER.fullmatch(said)
    return bool(another or _BY_NUMBER.fullmatch(said))


def _bound(turn: Turn) -> Matter | None:
    """The matter of the card that was replied to."""
    card = turn.reply_card
    if card is None or card.matter_id is None or card.kind == "draft":
        return None
    return matters.matter(card.matter_id, session=turn.desk.session)


_PROPOSAL = lazy("拟[请由交转同不报呈]|建议[请由交转]")
"""拟请周县长阅示: a proposal is signed, what it proposes is for others to do"""


def _about_card(turn: Turn, read: MessageReading, bound: Matter) -> bool:
    """A reply to a card: an act on that matter, or words to sign it with. False: about something else."""
    said = reading.plain(turn.text)
    if _PROPOSAL.match(said) and by_number.offer_opinion(turn, bound, said):
        return True
    if read.act in reading.MOVES:
        by_number.act(turn, read, bound)
        return True
    if read.unread and (what := alone.bare(turn, said)) is not None:
        by_number.act_on(turn, what[0], what[1], bound)
        return True
    if read.unread or read.act in ("instruct", "log"):
        return by_number.offer_opinion(turn, bound, said)
    return False


def route(turn: Turn, read: MessageReading) -> None:
    """What a message says by itself."""
    if read.refused:
        helping.classified(turn)
    elif (
        shift.takes(turn)
        or spoken.takes(turn)
        or own_unit.change_of(turn)
        or progress.numbered(turn)
        or alone.changes(turn, read)
    ):
        return
    elif read.act in reading.MOVES:
        by_number.act(turn, read)
    elif (read.unread or read.act in ("find", "mine")) and (alone.acts(turn) or follow_up.follow(turn)):
        return
    elif read.act in _ACTS:
        _ACTS[read.act](turn, read)
    elif unsure.asks(turn, read):
        return
    elif is_question(turn.text, reading.context(turn)):
        if not follow_up.without_context(turn):
            ask.question(turn)
    elif reading.plain(turn.text) == "取消":
        helping.cancel(turn)
    elif not alone.takes(turn):
        helping.not_understood(turn)


def _find(turn: Turn, read: MessageReading) -> None:
    """查 预算: by words; a whole sentence is a question."""
    said = reading.plain(turn.text)
    for word in ("查找 ", "查 "):
        if said.startswith(word):
            ask.look(turn, said.removeprefix(word))
            return
    ask.question(turn)


def _mine(turn: Turn) -> None:
    """待办 is the whole list; anything said beside it is a question."""
    question = read_question(reading.plain(turn.text), reading.context(turn))
    said = question.model_dump(exclude={"act", "mine", "measure", "state"}, exclude_defaults=True)
    if question.measure == "list" and question.state in (None, "open") and not said:
        finding.mine(turn)
    else:
        ask.question(turn)


def _leave(turn: Turn, read: MessageReading) -> None:
    item = read.items[0]
    if item.period is not None:
        leave.take(turn, item)
    elif item.ambiguous or set(item.people) - {turn.member.name}:
        raise Refused("leave_no_days")
    else:
        leave.ask_period(turn)


_ACTS: dict[str | None, Callable[[Turn, MessageReading], None]] = {
    "log": lambda turn, read: log.start(turn, read.items),
    "find": _find,
    "mine": lambda turn, read: _mine(turn),
    "help": lambda turn, read: helping.help_(turn),
    "leave": _leave,
    "emergency": opening.start,
    "instruct": emergency_words.instructs,
    "duty_log": lambda turn, read: duty_log.take_duty_log(turn, read.items[0]),
}

CONTINUE: dict[str, Callable[[Turn, Draft], None]] = {
    **dict.fromkeys(lists.KINDS, log.go_on),
    "sign": words.continue_words,
    "send_back": words.continue_words,
    "return_to_sender": words.continue_words,
    "close": words.continue_words,
    "defer": words.continue_words,
    "hand_over": words.continue_words,
    "find": lambda turn, draft: _find_words(turn, draft),
    "leave": leave.continue_leave,
    **shift.CONTINUE,
    **opening.CONTINUE,
    **petition.CONTINUE,
    **meetings.CONTINUE,
    **tasks.CONTINUE,
    **visits.CONTINUE,
    **progress.CONTINUE,
    **own_unit.CONTINUE,
    **campaigns.CONTINUE,
    **questions.CONTINUE,
    **reports.CONTINUE,
    **instruct.CONTINUE,
    **menu.CONTINUE,
    **telephone.CONTINUE,
    **task_import.CONTINUE,
    **bulletin.CONTINUE,
}
"""what a person's next message continues, one line a form"""


def _find_words(turn: Turn, draft: Draft) -> None:
    drafts.write(draft, now=turn.desk.now, state="done")
    ask.look(turn, reading.plain(turn.text))
