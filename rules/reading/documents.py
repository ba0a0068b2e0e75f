"""Several documents in one message: one a line, numbered, or pasted from a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rules.patterns import lazy
from rules.reading.document import Reading, read_document
from rules.reading.form import of_form, read_form
from rules.reading.models import Context, Item
from rules.reading.normal import Text
from rules.reading.numbers import document_numbers
from rules.reading.scan import Scan, scan
from rules.reading.titles import titles

_ORDINAL = r"[一二三四五六七八九十]"
_MARKER = lazy(
    rf"(?:(?<=^)|(?<=[\n;。:]))[ \t]*(?:\d{{1,3}}[.、)．](?!\d)"
    rf"|{_ORDINAL}{{1,3}}、|第{_ORDINAL}{{1,2}}[件份个]?[,:、])"
    rf"|(?:(?<=^)|(?<=[\n;。:, ]))[(【]\d{{1,2}}[)】]|[①-⑳]|(?:(?<=^)|(?<=[\n;。:, ])){_ORDINAL}是",
    re.MULTILINE,
)
_FOR_ALL = lazy(r"以上|上述|以下|下列|都|均|全部|一并|统一|一起|这[两三四五几]")
_ALL = "以上|上述|都|均|全部|一并|一起|统一"
_ALL_GET = lazy(rf"(?<=[,。; ])(?:{_ALL})(?:{_ALL}|[\d两三四五六]+件)?[转给交请送由呈][^。;\n]*$")
_LABEL = {
    "sender": "来文单位",
    "number": "文号",
    "title": "标题",
    "due": "时限",
    "handler": "承办",
    "copies": "份数",
    "urgency": "紧急程度",
    "other": "备注",
    "procedure": "类型",
}


def read_documents(text: Text, context: Context, seen: Scan | None = None) -> tuple[Reading, ...]:
    """Every document of a message, in order; a message about one gives one. `seen`: it has been scanned."""
    found = tuple(read_document(one, context, seen if one == text else None) for one in parts(text, context))
    return _with_common(found, text, context) if len(found) > 1 else found


def _with_common(found: tuple[Reading, ...], text: Text, context: Context) -> tuple[Reading, ...]:
    """A first or last line for all (都给二科张科长,下周五前出意见) fills what a document leaves open."""
    found = _with_senders(found)
    lines, first = text.plain.split("\n"), _MARKER.search(text.plain)
    heading = text.plain[: first.start()] if first and "\n" not in text.plain[: first.start()] else lines[0]
    common = [_text(line) for line in (heading, lines[-1]) if _FOR_ALL.search(line)]
    common += [_text(clause.group(0)) for clause in _ALL_GET.finditer(lines[-1])]
    for line in (line for line in common if not _tells(line, context)):
        item = read_document(line, context).item
        own = {
            "people": item.people,
            "units": item.units,
            "ambiguous": item.ambiguous,
            "choices": item.choices,
        }
        limit: dict[str, object] = {"due": item.due, "due_words": item.due_words} if item.due else {}
        limit |= {"unsure_due": item.unsure_due} if item.unsure_due else {}
        found = tuple(d._replace(item=_filled(d.item, own, limit)) for d in found)
    return found


def _with_senders(found: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """Papers in a row under one code (云教) are of one sender."""
    known: dict[str, str] = {}
    filled = []
    for d in found:
        code = (d.item.number or "").partition("〔")[0]
        if d.item.sender:
            known.setdefault(code, d.item.sender)
        elif code in known and code:
            d = d._replace(item=d.item.model_copy(update={"sender": known[code]}), sent=True)
        filled.append(d)
    return tuple(filled)


def _filled(item: Item, own: Mapping[str, object], limit: Mapping[str, object]) -> Item:
    charged = item.people or item.units or item.ambiguous
    return item.model_copy(update={**({} if charged else own), **({} if item.due else limit)})


def parts(text: Text, context: Context) -> tuple[Text, ...]:
    """The message cut into one stretch for each document."""
    if text.plain.count("|") >= 2 and "\n" not in text.plain.strip():  # 财政局|关于…的请示|云财〔2026〕1号
        text = Text(text.given.replace("|", " ").replace("｜", " "), text.plain.replace("|", " "))
    return (
        _table(text, context)
        or _numbered(text, context)
        or _forms(text, context)
        or _lines(text, context)
        or _sentences(text, context)
        or (text,)
    )


def _tells(text: Text, context: Context) -> bool:
    """Whether a stretch holds a document: a number, or a title."""
    words = context.words
    return bool(document_numbers(text.plain, words.number) or titles(text, words.titles))


def _table(text: Text, context: Context) -> tuple[Text, ...]:
    """Rows of cells parted by tabs, bars or, under a heading, commas; each cell gets its column's label."""
    rows = [row for row in text.plain.split("\n") if row.strip() and not re.fullmatch(r"[\s|:+-]+", row)]
    bar = _bar(rows, context)
    table = [
        [cell.strip() for cell in row.strip(" |").split(bar)]
        if bar == "|"
        else [c.strip() for c in row.split(bar)]
        for row in rows
        if bar in row
    ]
    if len(table) < 2:
        return ()
    heading = [of_form(cell, context.words.document) for cell in table[0]]
    if sum(name is not None for name in heading) < 2:
        whole = [_text(" ".join(row)) for row in table]
        return tuple(row for row in whole if _tells(row, context)) if len(whole) > 1 else ()
    labelled = (
        "\n".join(f"{_LABEL[name]}:{cell}" for name, cell in zip(heading, row, strict=False) if name and cell)
        for row in table[1:]
    )
    return tuple(_text(row) for row in labelled if row)


def _bar(rows: list[str], context: Context) -> str:
    if sum("\t" in row for row in rows) >= 2:
        return "\t"
    heading = [of_form(cell, context.words.document) for cell in rows[0].split(",")] if rows else []
    return "," if sum(name is not None for name in heading) >= 2 else "|"


def _text(plain: str) -> Text:
    return Text(plain, plain)


def _numbered(text: Text, context: Context) -> tuple[Text, ...]:
    """1. … 2. …; the stretch before the first is a heading."""
    marks = list(_MARKER.finditer(text.plain))
    if len(marks) < 2:
        return ()
    ends = [mark.start() for mark in marks[1:]] + [len(text.plain)]
    found = tuple(text.cut(mark.end(), end) for mark, end in zip(marks, ends, strict=True))
    return found if sum(_tells(part, context) for part in found) >= 2 else ()


def _forms(text: Text, context: Context) -> tuple[Text, ...]:
    """Forms one after another: a label that comes again begins the next. One form is one document."""
    fields = [
        f for f in read_form(text.plain, context.words.document) if f.name in ("sender", "title", "number")
    ]
    if len(fields) < 2:
        return ()
    again = [f.label for f in fields if f.name == fields[0].name]
    if len(again) < 2:
        return (text,)
    return tuple(text.cut(a, b) for a, b in zip([0, *again[1:]], [*again[1:], len(text.plain)], strict=True))


def _lines(text: Text, context: Context) -> tuple[Text, ...]:
    """One document a line; a line without one belongs to the line before it."""
    found: list[tuple[int, int]] = []
    at = 0
    for line in text.plain.split("\n"):
        span = (at, at + len(line))
        at = span[1] + 1
        if _tells(text.cut(*span), context) and _whole(text.cut(*span), context):
            found.append(span)
        elif found:
            found[-1] = (found[-1][0], span[1])
    return tuple(text.cut(*span) for span in found) if len(found) >= 2 else ()


def _whole(line: Text, context: Context) -> bool:
    """Whether a line tells enough for a document of its own: a title, not only a number."""
    return (
        bool(titles(line, context.words.titles)) or re.search(r"[\u3400-\u9fff]{6}", line.plain) is not None
    )


def _sentences(text: Text, context: Context) -> tuple[Text, ...]:
    """Several in one line: a further title begins one, if all parts have a number or all a sender."""
    found = titles(text, context.words.titles)
    cuts = [0]
    for before, title in zip(found, found[1:], strict=False):
        between = before.end, title.start
        strong = max(text.plain.rfind(mark, *between) for mark in "。;\n") + 1
        cuts.append(strong or text.plain.rfind(",", *between) + 1 or _and(text.plain, *between))
    if len(cuts) < 2 or 0 in cuts[1:]:
        return ()
    pieces = tuple(text.cut(a, b) for a, b in zip(cuts, [*cuts[1:], len(text.plain)], strict=True))
    seen = [scan(piece, context) for piece in pieces]
    numbered = all(any(not n.cited for n in one.numbers) for one in seen)
    sent = all(one.units or one.outside for one in seen)
    return pieces if numbered or sent else ()


def _and(plain: str, start: int, end: int) -> int:
    """Where 和 or 还有 parts two documents; 0 where nothing does."""
    match = re.search(r"和|还有|以及|另外|、| ", plain[start:end])
    return start + match.end() if match else 0
