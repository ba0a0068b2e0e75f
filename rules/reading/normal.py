"""The text as typed and the text as compared: two strings of one length, so that a place found in one
is the same place in the other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from rules.patterns import lazy

LONGEST = 4096
"""characters that are read; Telegram allows no more in one message"""

_LIKE = {"﹒": ".", "—": "-", "–": "-", "﹣": "-", "→": "-", "ˋ": " ", "﹟": "#", "﹫": "@", "\u3000": " "}
_KEEP = set("〔〕【】《》〈〉、。「」『』★☆〇①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
_SPACES = lazy(r"[^\S\n\t]")
_MENTION = lazy(r"^\s*@\s?\w[\w.]*[ \t\n,:]*")

_FORWARDED = lazy(
    r"^\s*(?:[\[【(]?(?:转发|回复|Fwd?|FW|Re)(?:自|from)?[\]】)]?[ :]{0,2}[^\s:,。;]{0,8} ?:"
    r"|[\u3400-\u9fff]{2,4} \d{4}[-/.]\d{1,2}[-/.]\d{1,2} \d{1,2}:\d{2}(?::\d{2})?\n)\s*",
    re.IGNORECASE,
)


class Text(NamedTuple):
    """A text as it was typed and as it is read; both equally long."""

    given: str
    """as typed, without characters that cannot be seen"""
    plain: str
    """half-width digits, letters and punctuation; every blank an ordinary space; as long as `given`"""

    def cut(self, start: int, end: int) -> Text:
        return Text(self.given[start:end], self.plain[start:end])


def read(text: str) -> Text:
    """Both forms of a message, at most `LONGEST` characters of it."""
    given = "".join(c for c in text[:LONGEST] if not _unseen(c))
    given = given.replace("\r\n", "\n").replace("\r", "\n")
    return Text(given, "".join(map(_plain, given)))


def without_mention(text: Text) -> Text:
    """The message without the `@bot` it begins with, and without the head of one that was forwarded."""
    for head in (_MENTION, _FORWARDED, _MENTION):
        found = head.match(text.plain)
        text = text.cut(found.end(), len(text.plain)) if found else text
    return text


def forwarding_head(text: Text) -> str:
    """The head of a message that was forwarded: 转发自 蔡建军:; empty where it was not."""
    mention = _MENTION.match(text.plain)
    found = _FORWARDED.match(text.plain, mention.end() if mention else 0)
    return found.group(0) if found else ""


def squeeze(text: str) -> str:
    """Without any blanks, for comparing."""
    return re.sub(r"\s+", "", text)


def tidy(text: str) -> str:
    """Blanks and punctuation around a piece cut out of a sentence taken off."""
    return text.strip(" \t\n,。;:、!?！？，；：.-~·")


@lru_cache(maxsize=8192)
def _plain(char: str) -> str:
    if char in _LIKE:
        return _LIKE[char]
    if char in _KEEP or char in "\n\t":
        return char
    if _SPACES.match(char):
        return " "
    form = unicodedata.normalize("NFKC", char)
    return form if len(form) == 1 else char


@lru_cache(maxsize=8192)
def _unseen(char: str) -> bool:
    """Controls, marks of direction, zero-width characters, variation selectors, halves of a surrogate."""
    if char in "\n\t\r":
        return False
    category = unicodedata.category(char)
    return category in ("Cc", "Cf", "Cs", "Co", "Cn") or char in "\ufe0e\ufe0f\u115f\u1160\u3164\uffa0"


def any_of(words: Iterable[str]) -> str:
    """A group that matches any of the words, the longest first; with no words, nothing."""
    ordered = sorted({re.escape(word) for word in words if word}, key=len, reverse=True)
    return f"(?:{'|'.join(ordered)})" if ordered else r"(?!)"


@lru_cache(maxsize=512)
def words_in(words: tuple[str, ...]) -> re.Pattern[str]:
    """A compiled `any_of`."""
    return re.compile(any_of(words), re.IGNORECASE)


def has(text: str, words: tuple[str, ...]) -> bool:
    """Whether any of the words stands in the text."""
    return words_in(words).search(text) is not None
