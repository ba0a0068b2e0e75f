"""One document told in a message: its sender, title, number, marks, limit and handlers."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rules.reading.dates import Limit, limit_in
from rules.reading.form import Field, read_form
from rules.reading.handlers import Handlers, charged
from rules.reading.models import Context, Item
from rules.reading.normal import Text, any_of, has, tidy
from rules.reading.numbers import DocumentNumber, figure
from rules.reading.procedures import Evidence, procedure_of, urgency_of
from rules.reading.scan import Scan, blank, scan
from rules.reading.senders import Sender, find_sender
from rules.reading.titles import LONGEST, Title, kind_of
from rules.reading.words import DocumentWords

_OWN_WORDS = 60
"""characters of a title told in the writer's own words"""


class Reading(NamedTuple):
    """A document as read, and how plainly the text tells of one."""

    item: Item
    numbered: bool
    titled: bool
    sent: bool
    """a sender is named"""
    of_kind: bool
    """a kind of document or a letter is named outside a title"""


def read_document(text: Text, context: Context) -> Reading:
    """Everything a stretch of text says of one document."""
    words = context.words
    seen = scan(text, context)
    form = read_form(seen.mask, words.document)
    number = _own_number(seen)
    sender = find_sender(seen, form, context)
    title = _title(seen, form, context)
    urgency = urgency_of(seen.mask, words)
    limit = _limit(seen, form, context)
    handlers = _handlers(seen, form, sender, limit, context)
    told = "" if title else _own_words(seen, form, sender, handlers, limit, context)
    evidence = Evidence(text.plain, seen.mask, title, told, number, sender, urgency)
    item = Item(
        procedure=procedure_of(evidence, words),
        sender=sender.name if sender else None,
        title=(title.text if title else told) or None,
        number=number,
        urgency=urgency,
        copies=_copies(seen, form, words.document),
        due=limit.at if limit else None,
        due_words=limit.words if limit else None,
        people=handlers.people,
        units=tuple(u for u in handlers.units if not (sender and sender.name == u)),
        ambiguous=handlers.ambiguous,
    )
    of_kind = has(seen.mask, words.titles.kinds + words.document.letters + words.document.circulate)
    return Reading(item, number is not None, title is not None, sender is not None, of_kind)


def _own_number(seen: Scan) -> str | None:
    """The document's own number: not cited, not part of the title."""
    for number in seen.numbers:
        if not number.cited and not any(t.start <= number.start < t.end for t in seen.titles):
            return number.text
    return None


def _title(seen: Scan, form: tuple[Field, ...], context: Context) -> Title | None:
    for field in form:
        if field.name != "title":
            continue
        inside = next((t for t in seen.titles if field.start <= t.start < field.end), None)
        if inside:
            return inside
        value = re.split(r"[,。;\n]", seen.mask[field.start : field.end])[0].rstrip()
        if value.strip():
            given = seen.text.given[field.start : field.start + len(value)].strip()
            return Title(given, field.start, field.start + len(value), kind_of(value, context.words.titles))
    return seen.titles[0] if seen.titles else _plain_title(seen, context)


def _plain_title(seen: Scan, context: Context) -> Title | None:
    """A title without 关于 and 《》: 环卫工人待遇的请示, 经济运行简报."""
    for match in _shapes(context.words.document, context.words.titles.kinds).plain_title.finditer(seen.mask):
        start = max(
            (u.end for u in seen.units if match.start() <= u.start and u.end <= match.end()),
            default=match.start(),
        )
        start = max(
            [
                start,
                *(
                    m.end()
                    for m in _shapes(context.words.document, context.words.titles.kinds).lead.finditer(
                        seen.mask, start, match.end()
                    )
                ),
            ]
        )
        if match.end() - start - len(match["kind"]) >= 4:
            given = seen.text.given[start : match.end()]
            return Title(given.lstrip("的 "), start, match.end(), match["kind"])
    return None


class _Shapes(NamedTuple):
    plain_title: re.Pattern[str]
    lead: re.Pattern[str]
    copies: re.Pattern[str]
    filler: re.Pattern[str]


@lru_cache(maxsize=8)
def _shapes(words: DocumentWords, kinds: tuple[str, ...]) -> _Shapes:
    figures = r"(?P<n>\d{1,4}|[一二两三四五六七八九十百]{1,4})"
    return _Shapes(
        re.compile(rf"[^\s,。;:!?、()《》]{{3,50}}?(?P<kind>{any_of(kinds)})(?=$|[\s,。;:!?()])"),
        re.compile(rf"{any_of(words.log + words.marks)}(?:一下|一份|一件|了|个)?"),
        re.compile(rf"{any_of(words.copies_words)} ?{figures} ?份"),
        re.compile(rf"{any_of(words.filler)}"),
    )


def _limit(seen: Scan, form: tuple[Field, ...], context: Context) -> Limit | None:
    """The limit its field gives, else the one the sentence sets; dates in other fields are none."""
    plain = seen.unnumbered
    for field in form:
        if field.name == "due":
            return limit_in(plain[field.start : field.end], context)
    return limit_in(blank(plain, ((f.label, f.end) for f in form if f.name in ("other", "title"))), context)


def _handlers(
    seen: Scan, form: tuple[Field, ...], sender: Sender | None, limit: Limit | None, context: Context
) -> Handlers:
    without = [(f.label, f.end) for f in form if f.name in ("other", "title", "sender") and f.end > f.start]
    if sender:
        without = [w for w in without if not w[0] <= sender.start < w[1]] + [(sender.start, sender.end)]
    head_end = seen.titles[0].start if seen.titles else (sender.end if sender else 0)
    return charged(seen, context, free_from=head_end, without=without)


def _own_words(
    seen: Scan,
    form: tuple[Field, ...],
    sender: Sender | None,
    handlers: Handlers,
    limit: Limit | None,
    context: Context,
) -> str:
    """What the document is about where it has no title: the clauses that say nothing else."""
    shapes = _shapes(context.words.document, context.words.titles.kinds)
    clauses = []
    for match in re.finditer(r"[^,。;!?\n\t ]+", seen.mask):
        start, end = match.span()
        if any(start <= a < end for a, _ in handlers.spans) and not has(
            match.group(0), context.words.document.reflects
        ):
            continue
        if limit and limit.start < end and start < limit.end and end - start <= len(limit.words) + 6:
            continue
        if sender and start <= sender.start < end:
            start = sender.end
        rest = shapes.lead.sub("", seen.text.plain[start:end])
        if len(shapes.filler.sub("", rest)) >= 2 and not has(rest, context.words.document.marks):
            clauses.append(tidy(seen.text.given[start:end]))
    return ",".join(c for c in clauses if c)[:_OWN_WORDS]


def _copies(seen: Scan, form: tuple[Field, ...], words: DocumentWords) -> int | None:
    for field in form:
        if field.name == "copies":
            return figure(seen.mask[field.start : field.end].strip().removesuffix("份").strip())
    match = _shapes(words, ()).copies.search(seen.mask)
    return figure(match["n"]) if match else None


def is_long(title: str) -> bool:
    return len(title) > LONGEST


def _number_of(seen: Scan) -> DocumentNumber | None:
    return next((n for n in seen.numbers if not n.cited), None)
