"""What a message wants done: the first act, in a fixed order, whose grammar it fits."""

from __future__ import annotations

import re
from functools import lru_cache

from rules.patterns import lazy
from rules.reading.absence import read_leave
from rules.reading.correction import begins_change
from rules.reading.document import Reading
from rules.reading.documents import read_documents
from rules.reading.duty import read_duty
from rules.reading.emergency import read_emergency
from rules.reading.matters import Deed, read_matters
from rules.reading.models import Context, MessageReading
from rules.reading.normal import Text, any_of, forwarding_head, has, read, without_mention
from rules.reading.orders import read_order, read_own_order
from rules.reading.scan import Scan, scan
from rules.reading.secrecy import screen
from rules.reading.talk import asks, denied, supposes
from rules.reading.unsure import hint
from rules.reading.wishes import read_find, wants_help, wants_own
from rules.reading.words import DocumentWords

_COPY = lazy(r"(?:原件|复印件)(?=已?[给送抄交转存留])")
"""复印件给督查科: who gets the copy, not what is to be done with a printer"""


def read_message(text: str, context: Context) -> MessageReading:
    """The act a message asks for and what it says of it. In doubt None: nothing is done, the bot asks."""
    if screen(text, context.secrecy) == "classified":
        return MessageReading(refused="classified")
    whole = read(text)
    context, said = _of_first_writer(forwarding_head(whole), context), without_mention(whole)
    if not said.plain.strip():
        return MessageReading()
    seen = scan(said, context)
    found = _read(said, seen, context)
    unsure = hint(seen, context) if found.act == "none" else None
    return MessageReading(act=None, hint=unsure) if unsure else found


def _of_first_writer(head: str, context: Context) -> Context:
    """我局 in what was forwarded is the unit of who wrote it first, not of who passes it on."""
    if not head:
        return context
    first = next((person.name for person in context.roster.people if person.name in head), None)
    return context.model_copy(update={"writer": first})


def _read(said: Text, seen: Scan, context: Context) -> MessageReading:
    if wants_help(said.plain, context):
        return MessageReading(act="help")
    duty = read_duty(seen, context)
    if duty:
        return MessageReading(act="duty_log", items=(duty,))
    emergency = None if read_matters(seen, context) else read_emergency(_told(said, seen, context), context)
    if emergency:
        return MessageReading(act="emergency", items=(emergency,))
    return _on_papers(said, seen, context)


def _told(said: Text, seen: Scan, context: Context) -> Text:
    """A leader's order passed on: only what stands before 请 or 要求 can tell of something that happens."""
    demand = re.search("请(?!示)|要求|务必", said.plain)
    return said.cut(0, demand.start()) if demand and read_order(seen, context) else said


def _on_papers(said: Text, seen: Scan, context: Context) -> MessageReading:
    entry = _entry(context.words.document).search(seen.mask)
    order = None if entry else read_order(seen, context)
    if order:
        return MessageReading(act="instruct", items=(order,))
    found = None if entry else read_find(seen, context)
    deed = read_matters(seen, context)
    other = found is not None or _on_matters(seen, deed, entry is not None)
    documents = () if other else _documents(said, seen, context)
    if documents:
        return MessageReading(act="log", items=tuple(d.item for d in documents))
    order = read_own_order(seen, context) if deed is None or deed.act == "hand_over" else None
    if order and not (deed and _moves(seen)):
        return MessageReading(act="instruct", items=(order,))
    if deed:
        return MessageReading(act=deed.act, items=deed.items)
    leave = read_leave(seen, context)
    if leave:
        return MessageReading(act="leave", items=(leave,))
    if wants_own(said.plain, context):
        return MessageReading(act="mine")
    return MessageReading(act="find", items=(found,)) if found else MessageReading()


def _on_matters(seen: Scan, deed: Deed | None, entry: bool) -> bool:
    """Whether the message is about registered matters rather than a document to enter."""
    if entry or not seen.registers:
        return False
    return (deed is not None and seen.registers[0].sure) or not any(not n.cited for n in seen.numbers)


def _moves(seen: Scan) -> bool:
    """Whether a matter is plainly passed on: 转, 交."""
    return re.search(r"转|移交|交给|交", seen.mask) is not None


@lru_cache(maxsize=8)
def _entry(words: DocumentWords) -> re.Pattern[str]:
    told = (
        r"(?:^|[\s,。;!]|请|麻烦|帮我?|帮忙)(?:把|将)[^,。;!?\n]{2,40}?[登录](?:了|上|进去)(?=$|[\s,。;!吧])"
    )
    return re.compile(rf"{any_of(words.log_firm)}(?!{any_of(words.log_not)})|{told}")


def _documents(said: Text, seen: Scan, context: Context) -> tuple[Reading, ...]:
    """The documents to be entered, or none: a command to enter, or a text that has the shape of an entry."""
    entry = _entry(context.words.document).search(seen.mask)
    if entry and denied(seen.mask, entry.start(), context.words.talk):
        return ()
    asked = asks(seen.mask, context.words.talk) and not _opens_letter(said, context.words.document)
    if asked or supposes(seen.mask, context.words.talk):
        return ()
    if not entry and begins_change(seen.mask, context):
        return ()
    found = read_documents(said, context, seen)
    whole = all(d.numbered and d.titled and d.sent for d in found)
    if not entry and _talks(seen.mask, whole, context.words.document):
        return ()
    shaped = sum(_shaped(d) for d in found)
    enough = entry or shaped == len(found) or shaped > len(found) / 2 > 1
    fit = all(_ordered(d) for d in found) if enough else _is_letter(found, said, context)
    return found if fit else ()


def _ordered(d: Reading) -> bool:
    """What is enough for an entry once it is asked for."""
    letter = d.item.procedure == "letter"
    return (
        d.numbered
        or d.titled
        or letter
        or (d.sent and (d.of_kind or d.arrived or d.item.urgency is not None))
    )


def _shaped(d: Reading) -> bool:
    """Without a command: two of number, title and sender; a mark of urgency beside sender or title; a number,
    a kind and who is to handle it; readers of what goes round; 请示 by itself, or a title that has come,
    and who is to handle it.
    """
    charged = bool(d.item.people or d.item.units or d.item.ambiguous)
    return (
        (d.numbered and (d.titled or d.sent))
        or (d.titled and d.sent)
        or ((d.sent or d.titled) and d.item.urgency is not None)
        or (d.numbered and d.of_kind and charged)
        or ((d.titled or d.sent) and d.goes_round and bool(d.item.people))
        or (d.sent and d.kind_alone and (charged or d.arrived))
        or (d.titled and d.arrived and charged)
    )


def _opens_letter(said: Text, words: DocumentWords) -> bool:
    """县长信箱:网友咨询何时通气: what is asked there is asked by the petitioner; so too what is passed on."""
    if not has(said.plain[:16], words.letters):
        return False
    passed = re.search(r"[,。;\s][转交由][^,。;?吗没谁哪]{2,}(?:[,。;]|$)", said.plain)
    return has(said.plain, words.reflects) or passed is not None


def _is_letter(found: tuple[Reading, ...], said: Text, context: Context) -> bool:
    """A letter or call told without a command: it opens so, and somebody complains or is to look into it."""
    words, item = context.words.document, found[0].item
    if item.procedure != "letter" or not has(said.plain[:16], words.letters):
        return False
    return bool(item.units or item.people) or has(said.plain, words.reflects + words.petitioners)


@lru_cache(maxsize=8)
def _to_somebody(words: DocumentWords) -> re.Pattern[str]:
    return re.compile(
        r"我(?!们?[局镇乡科县市省办委院单]|来?(?:办|承办|负责|跟|处理|经办)(?![过完了]))|你(?!局|镇|乡|办|单位)|他|她|咱|大家"
    )


def _talks(mask: str, whole: bool, words: DocumentWords) -> bool:
    """Whether one speaks of a document to somebody rather than handing in its particulars.

    Where all of them are given (`whole`) a word like 初稿 says what is to be done.
    """
    spoken = _to_somebody(words).search(mask) is not None
    return spoken or (not whole and has(_COPY.sub("", mask), words.not_entry))
