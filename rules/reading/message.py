"""What a message wants done: the first act, in a fixed order, whose grammar it fits."""

from __future__ import annotations

import re
from functools import lru_cache

from rules.reading.absence import read_leave
from rules.reading.document import Reading
from rules.reading.documents import read_documents
from rules.reading.duty import read_duty
from rules.reading.emergency import read_emergency
from rules.reading.matters import read_matters
from rules.reading.models import Context, MessageReading
from rules.reading.normal import Text, any_of, has, read, without_mention
from rules.reading.orders import read_order, read_own_order
from rules.reading.scan import Scan, scan
from rules.reading.secrecy import screen
from rules.reading.talk import asks, denied, supposes
from rules.reading.wishes import read_find, wants_help, wants_own
from rules.reading.words import DocumentWords


def read_message(text: str, context: Context) -> MessageReading:
    """The act a message asks for and what it says of it. In doubt "none": nothing is done, the bot asks."""
    if screen(text, context.secrecy) == "classified":
        return MessageReading(refused="classified")
    said = without_mention(read(text))
    if not said.plain.strip():
        return MessageReading()
    return _read(said, scan(said, context), context)


def _read(said: Text, seen: Scan, context: Context) -> MessageReading:
    if wants_help(said.plain, context):
        return MessageReading(act="help")
    duty = read_duty(seen, context)
    if duty:
        return MessageReading(act="duty_log", items=(duty,))
    emergency = None if read_matters(seen, context) else read_emergency(said, context)
    if emergency:
        return MessageReading(act="emergency", items=(emergency,))
    return _on_papers(said, seen, context)


def _on_papers(said: Text, seen: Scan, context: Context) -> MessageReading:
    entry = _entry(context.words.document).search(seen.mask)
    order = None if entry else read_order(seen, context)
    if order:
        return MessageReading(act="instruct", items=(order,))
    found = None if entry else read_find(seen, context)
    other = found is not None or _on_matters(seen, entry is not None)
    documents = () if other else _documents(said, seen, context)
    if documents:
        return MessageReading(act="log", items=tuple(d.item for d in documents))
    deed = read_matters(seen, context)
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


def _on_matters(seen: Scan, entry: bool) -> bool:
    """Whether the message is about registered matters rather than a document to enter."""
    return bool(seen.registers) and not entry and not any(not n.cited for n in seen.numbers)


def _moves(seen: Scan) -> bool:
    """Whether a matter is plainly passed on: 转, 交."""
    return re.search(r"转|移交|交给|交", seen.mask) is not None


@lru_cache(maxsize=8)
def _entry(words: DocumentWords) -> re.Pattern[str]:
    return re.compile(any_of(words.log_firm))


def _documents(said: Text, seen: Scan, context: Context) -> tuple[Reading, ...]:
    """The documents to be entered, or none: a command to enter, or a text that has the shape of an entry."""
    entry = _entry(context.words.document).search(seen.mask)
    if entry and denied(seen.mask, entry.start(), context.words.talk):
        return ()
    if supposes(seen.mask, context.words.talk) or asks(seen.mask, context.words.talk):
        return ()
    found = read_documents(said, context)
    if entry:
        fit = all(
            d.numbered
            or d.titled
            or (d.sent and (d.of_kind or d.item.urgency is not None))
            or d.item.procedure == "letter"
            for d in found
        )
    else:
        fit = all(_shaped(d) for d in found) or (
            found[0].item.procedure == "letter" and _opens(said, context)
        )
    return found if fit else ()


def _shaped(d: Reading) -> bool:
    """Without a command: number and title, title and sender, or sender and kind of document."""
    return (
        (d.numbered and (d.titled or d.sent))
        or (d.titled and d.sent)
        or (d.sent and d.item.urgency is not None)
    )


def _opens(said: Text, context: Context) -> bool:
    return has(said.plain[:16], context.words.document.letters)
