"""The title of a document in a text: in 《》, or 关于…的 with the kind of document at its end."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rules.reading.normal import Text, any_of
from rules.reading.words import TitleWords

_NUMBER_AFTER = r"[\u3400-\u9fff]{1,6}[\[〔【(]?(?:20\d\d|二[零〇○])"
"""柳政二零二六年第九号 said right behind the title"""
LONGEST = 120
"""characters of a title; a longer run of text is none"""


class Title(NamedTuple):
    """The title of a document, and where it stands."""

    text: str
    """without 《》"""
    start: int
    end: int
    """where it stands, brackets and issue included"""
    kind: str | None
    """文种: 请示, 通知, 报告 …"""


class _Shapes(NamedTuple):
    book: re.Pattern[str]
    about: re.Pattern[str]
    end: re.Pattern[str]
    bare_end: re.Pattern[str]
    kind: re.Pattern[str]
    cited: re.Pattern[str]


@lru_cache(maxsize=8)
def _shapes(words: TitleWords) -> _Shapes:
    kind = any_of(words.kinds)
    stop = rf"(?=$|[\s,。;:!?、()\[\]【】〔〕<>《》\"“”|+]|\d|{_NUMBER_AFTER}|{any_of(words.after_title)})"
    return _Shapes(
        re.compile(r"《(?:[^《》\n]|《[^《》\n]{1,80}》|〈[^〈〉\n]{1,80}〉){1,150}》"),
        re.compile(r"关于"),
        re.compile(rf"的(?:{any_of(words.adjectives)})?{kind}(?:\((?:{any_of(words.stages)})\))?{stop}"),
        re.compile(rf"(?<=..){any_of(words.bare_kinds)}{stop}"),
        re.compile(rf"{kind}(?=[^\u3400-\u9fff]*$|\((?:{any_of(words.stages)})\)$)"),
        re.compile(rf"{any_of(words.citing)}[^,。;\n]{{0,12}}$"),
    )


def titles(text: Text, words: TitleWords) -> tuple[Title, ...]:
    """Every title of a text in order; cited ones (根据《…》) left out."""
    found: list[Title] = []
    at = 0
    while at < len(text.plain):
        title = _next(text, at, words)
        if title is None:
            break
        at = max(title.end, at + 1)
        if not _shapes(words).cited.search(text.plain, max(0, title.start - 24), title.start):
            found.append(title)
    return tuple(found)


def kind_of(title: str, words: TitleWords) -> str | None:
    """The kind of document a title ends in."""
    match = _shapes(words).kind.search(title)
    return match.group(0) if match else None


def _next(text: Text, at: int, words: TitleWords) -> Title | None:
    """The first title from `at` on: a 关于 that comes to an end before a 《 begins, else what is in 《》."""
    shapes = _shapes(words)
    book = shapes.book.search(text.plain, at)
    for about in shapes.about.finditer(text.plain, at, book.start() if book else len(text.plain)):
        end = _end_of(text.plain, about.start(), shapes)
        if end:
            return _title(text, about.start(), end, text.given[about.start() : end], words)
    if book is None:
        return None
    return _title(text, book.start(), book.end(), text.given[book.start() + 1 : book.end() - 1], words)


def _title(text: Text, start: int, end: int, given: str, words: TitleWords) -> Title:
    return Title(given.strip(), start, end, kind_of(text.plain[start:end].strip("《》 "), words))


def _end_of(plain: str, start: int, shapes: _Shapes) -> int | None:
    """Where a title that begins with 关于 ends: at the kind of document, before anything else goes on."""
    limit = min(len(plain), start + LONGEST)
    clause_end = _clause_end(plain, start, limit, shapes)
    for pattern in (shapes.end, shapes.bare_end):
        match = pattern.search(plain, start + 2, clause_end + 1)
        if match and match.end() <= clause_end:
            return match.end()
    return None


def _clause_end(plain: str, start: int, limit: int, shapes: _Shapes) -> int:
    """The end of the clause, blanks and commas inside 《》 and 、 not counted."""
    depth = 0
    for at in range(start, limit):
        if plain[at] in "《(":
            depth += 1
        elif plain[at] in "》)":
            depth -= 1
            if depth < 0:
                return at
        elif plain[at] in "\n\t。;!?|" or (depth == 0 and plain[at] in ", "):
            if plain[at] == " " and _mid_word(plain, at):
                continue
            return at
    return limit


def _mid_word(plain: str, at: int) -> bool:
    """A blank beside a digit or letter belongs to the words around it: 关于X305 线修复."""
    return plain[at - 1].isascii() or plain[at + 1 : at + 2].isascii()
