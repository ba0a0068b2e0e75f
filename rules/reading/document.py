"""One document told in a message: its sender, title, number, marks, limit and handlers."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rules.patterns import lazy
from rules.reading.dates import Limit, doubt_in
from rules.reading.document_limits import CLAUSE, TIMED, document_limit, past_limit, where_limit
from rules.reading.form import Field, read_form
from rules.reading.handlers import Handlers, charged
from rules.reading.models import Context, Doubt, Item
from rules.reading.normal import Text, any_of, has, tidy
from rules.reading.numbers import OWN_SERIES, figure
from rules.reading.procedures import Evidence, procedure_of, urgency_of
from rules.reading.scan import Scan, scan
from rules.reading.senders import Sender, find_sender
from rules.reading.titles import Title, kind_of
from rules.reading.unit_slips import meant_unit
from rules.reading.words import Words

_OWN_WORDS = 60
"""characters of a title told in the writer's own words"""
_GIVES_OPINION = lazy("[提出拿签求馈回]意见$")
"""人社局提意见 is what is to be done, no title"""
_PAPERS = "请示|请示件|函|来函|公函|议案|批复"
_KIND_ALONE = lazy(
    rf"(?:^|[\s,:]|(?<=[局镇乡]))(?:{_PAPERS})(?=[\s,:])|(?:{_PAPERS}|来文|公文|通知|报告|意见)[1一两二三23][份件封](?=$|[\s,。;:])"
    r"|请示件|呈批件|呈阅件"
)
"""青峰乡 请示 灾后道路修复资金; 住建局请示一份"""


class Reading(NamedTuple):
    """A document as read, and how plainly the text tells of one."""

    item: Item
    numbered: bool
    """by its own number, or counted by who sends it: 提案第35号"""
    titled: bool
    sent: bool
    """a sender is named"""
    of_kind: bool
    """a kind of document or a letter is named outside a title"""
    goes_round: bool
    """it is to be read by several: 传阅, or an issue of a periodical"""
    kind_alone: bool
    """a kind of paper stands by itself, or is counted"""
    arrived: bool
    """it is said to have come: 收到, 来文"""


class _Known(NamedTuple):
    """What was found of the document before its title in the writer's own words is looked for."""

    seen: Scan
    form: tuple[Field, ...]
    sender: Sender | None
    title: Title | None
    limit: Limit | None
    doubt: Doubt | None
    handlers: Handlers


class _Shapes(NamedTuple):
    plain_title: re.Pattern[str]
    lead: re.Pattern[str]
    copies: re.Pattern[str]
    filler: re.Pattern[str]
    goes_round: re.Pattern[str]


@lru_cache(maxsize=8)
def _shapes(words: Words) -> _Shapes:
    entry = words.document
    figures = r"(?P<n>\d{1,4}|[一二两三四五六七八九十百]{1,4})"
    return _Shapes(
        re.compile(
            rf"[^\s,。;:!?、()《》]{{3,50}}?(?P<kind>{any_of(words.titles.kinds)})(?=$|[\s,。;!?()]|[登录发送转给])"
        ),
        re.compile(rf"{any_of(entry.log + entry.marks)}(?:一下|一份|一件|了|个)?"),
        re.compile(rf"{any_of(entry.copies_words)} ?{figures} ?份"),
        re.compile(any_of(entry.filler)),
        re.compile(rf"{any_of(entry.circulate)}(?![了过完])|第? ?\d+ ?期"),
    )


def read_document(text: Text, context: Context, seen: Scan | None = None) -> Reading:
    """Everything a stretch of text says of one document; `seen` where it was scanned already."""
    known = _known(seen or scan(text, context), context)
    seen, title, sender = known.seen, known.title, known.sender
    told = "" if title else _own_words(known, context)
    choices = known.handlers.choices + _meant_sender(sender, context)
    number, urgency = _own_number(seen), urgency_of(seen.mask, context.words)
    item = Item(
        procedure=procedure_of(
            Evidence(text.plain, seen.mask, title, told, number, sender, urgency), context.words
        ),
        sender=sender.name if sender else None,
        title=(title.text if title else told) or None,
        number=number,
        urgency=urgency,
        copies=_copies(known, context.words),
        due=known.limit.at if known.limit else None,
        due_words=known.limit.words if known.limit else None,
        unsure_due=known.doubt,
        past_due=None if known.limit else past_limit(seen, known.form, context),
        people=known.handlers.people,
        units=tuple(u for u in known.handlers.units if not (sender and sender.name == u)),
        ambiguous=tuple(dict.fromkeys(name for names in choices for name in names)),
        choices=choices,
    )
    kinds = context.words.titles.kinds + context.words.document.letters + context.words.document.circulate
    round_ = (
        item.procedure == "circulation" and _shapes(context.words).goes_round.search(seen.mask) is not None
    )
    counted = number is not None or OWN_SERIES.search(seen.mask) is not None
    told_of = (counted, title is not None, sender is not None, has(seen.mask, kinds))
    return Reading(
        item,
        *told_of,
        round_,
        _KIND_ALONE.search(seen.mask) is not None,
        has(seen.mask, context.words.document.arrived),
    )


def _meant_sender(sender: Sender | None, context: Context) -> tuple[tuple[str, ...], ...]:
    """The units of which a sender nobody knows may be a slip of typing: 财正局."""
    if sender is None or sender.above:
        return ()
    meant = meant_unit(sender.name, context.roster, context.words.units)
    return (meant,) if meant else ()


def _known(seen: Scan, context: Context) -> _Known:
    form = read_form(seen.mask, context.words.document)
    certain = charged(seen, context, free_from=len(seen.mask)).spans
    sender = find_sender(seen, form, context, certain)
    title = _title(seen, form, sender, context)
    aside = [(f.label, _value_end(seen.mask, f)) for f in form if f.name == "other"]
    told = [*aside, *_named_title(form, title)]
    limit = document_limit(seen, form, told, context)
    doubt = None if limit else doubt_in(where_limit(seen, form, told), context)
    if title:
        aside.append((title.start, title.end))
    if sender:
        aside.append((sender.start, sender.end))
    head_end = title.start if title else (sender.end if sender else 0)
    handlers = charged(seen, context, free_from=head_end, without=aside)
    return _Known(seen, form, sender, title, limit, doubt, handlers)


def _value_end(mask: str, field: Field) -> int:
    """联系人:魏长河 电话13900002777 转秘书一科: what is to be done is no part of it; 密级:无 is all."""
    word = re.match(r"密级[^:=]*[:=] *\S+", mask[field.label : field.end])
    if word:
        return field.label + word.end()
    done = re.compile(r"[\s,。;](?=转|请|交|给|承办|呈|送)").search(mask, field.start, field.end)
    return done.start() if done else field.end


def _named_title(form: tuple[Field, ...], title: Title | None) -> list[tuple[int, int]]:
    """Where a title stands that a field gives: its dates are no limits."""
    given = any(f.name == "title" for f in form)
    return [(title.start, title.end)] if title and given else []


def _own_number(seen: Scan) -> str | None:
    """The document's own number: one that is not cited."""
    return next((number.text for number in seen.numbers if not number.cited), None)


def _title(seen: Scan, form: tuple[Field, ...], sender: Sender | None, context: Context) -> Title | None:
    """The title of its field, else the first that has the form of one, else 环卫工人待遇的请示."""
    for field in form:
        if field.name != "title":
            continue
        inside = next((t for t in seen.titles if field.start <= t.start < field.end), None)
        value = re.split(r"[,。;\n]", seen.mask[field.start : field.end])[0].rstrip()
        if inside:
            return inside
        if value.strip():
            end = field.start + len(value)
            return Title(
                seen.text.given[field.start : end].strip(),
                field.start,
                end,
                kind_of(value, context.words.titles),
            )
    return seen.titles[0] if seen.titles else _plain_title(seen, sender, context.words)


def _plain_title(seen: Scan, sender: Sender | None, words: Words) -> Title | None:
    """What stands before a kind of document, without the sender and the words that open an entry."""
    shapes = _shapes(words)
    for match in shapes.plain_title.finditer(seen.mask):
        if any(match.start() <= p.start < match.end() for p in seen.people) or TIMED.search(match.group(0)):
            continue
        if _GIVES_OPINION.search(match.group(0)):
            continue
        start = match.start()
        if sender and start <= sender.start and sender.end <= match.end():
            start = sender.end
        start = max(
            [start, *(lead.end() for lead in shapes.lead.finditer(seen.mask, start, match.end("kind")))]
        )
        given = seen.text.given[start : match.end()].lstrip("的 ")
        if len(shapes.filler.sub("", given)) - len(match["kind"]) >= 3:
            return Title(given, start, match.end(), match["kind"])
    return None


def _own_words(known: _Known, context: Context) -> str:
    """What a document without a title is about: the clauses that say nothing else, or the sender's own."""
    entry, seen = context.words.document, known.seen
    fields = [(f.label, f.end) for f in known.form]
    clauses, fallback = [], []
    for match in CLAUSE.finditer(seen.mask):
        if any(a <= match.start() < b for a, b in fields):
            continue
        told = _told(match, known, context)
        if _says_else(match, known) and not has(match.group(0), entry.reflects):
            fallback += [told] if known.sender and match.start() <= known.sender.start < match.end() else []
        else:
            clauses.append(told)
    return "，".join(filter(None, [c for c in clauses if c] or fallback))[:_OWN_WORDS]


def _told(clause: re.Match[str], known: _Known, context: Context) -> str:
    """The clause without the sender; nothing where it only opens an entry or marks the urgency."""
    shapes, seen = _shapes(context.words), known.seen
    start, end = clause.span()
    if known.sender and start <= known.sender.start < end:
        start = known.sender.end
    rest = shapes.lead.sub("", seen.text.plain[start:end])
    says = len(shapes.filler.sub("", rest)) >= 2 and not has(rest, context.words.document.marks)
    if tidy(rest) in context.words.document.letters + context.words.document.circulate:
        return ""
    return tidy(seen.text.given[start:end]) if says else ""


def _says_else(clause: re.Match[str], known: _Known) -> bool:
    """Whether a clause charges somebody or sets the limit."""
    if any(clause.start() <= start < clause.end() for start, _ in known.handlers.spans):
        return True
    limit = known.limit
    return bool(limit and limit.words in clause.group(0) and len(clause.group(0)) <= len(limit.words) + 6)


def _copies(known: _Known, words: Words) -> int | None:
    for field in known.form:
        if field.name == "copies":
            return figure(known.seen.mask[field.start : field.end].strip().removesuffix("份").strip())
    match = _shapes(words).copies.search(known.seen.mask)
    return figure(match["n"]) if match else None
