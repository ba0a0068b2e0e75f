"""What no rule recognises and yet is hardly talk: traces of a document or of an emergency, counted.

No list of words is ever complete. A trace alone says nothing; several together are worth a question.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from rules.patterns import lazy
from rules.reading.models import Context
from rules.reading.normal import any_of, has, words_in
from rules.reading.scan import Scan
from rules.reading.talk import asks, supposes
from rules.reading.words import UnsureWords, Words

Hint = Literal["log", "emergency"]

_HEAD = 6
"""characters before the sender: 今天刚到的"""
_OUT_OF_HAND = lazy(r"[\u3400-\u9fff](?<![对了差看受用行管打])不(?:住|开|应|醒|动|灭|出来|上来|下来|过气)")
"""刹不住, 拉不开, 叫不应: the grammar of what one fails to do"""
_LONGEST = 200
"""characters; a longer text is no slip of an entry, nor the first word of an emergency"""


class _Shapes(NamedTuple):
    people: re.Pattern[str]
    spoken: re.Pattern[str]
    ordered: re.Pattern[str]
    head: re.Pattern[str]


@lru_cache(maxsize=8)
def _shapes(words: UnsureWords) -> _Shapes:
    return _Shapes(
        re.compile(
            rf"[\d一二两俩三四五六七八九十几数百多来好余]{{1,8}} ?(?:名|个|位|号|家|屋子|帮|伙|群)?"
            rf"{any_of(words.folk)}|(?:有|个|名|位)[^,。;\n]{{0,2}}{any_of(words.folk)}|{any_of(words.victims)}"
        ),
        re.compile(rf"{any_of(words.talk)}|(?<![到来收])了(?=[,。;!\s]|$)"),
        re.compile(rf"{any_of(words.to)}\s*$"),
        re.compile(rf"^[^,。;\n]{{0,{_HEAD}}}?{any_of(words.senders)}"),
    )


def hint(seen: Scan, context: Context) -> Hint | None:
    """What an unrecognised message might be; None: talk, or nothing that can be told from it."""
    plain, words = seen.text.plain, context.words
    if len(plain) > _LONGEST or asks(plain, words.talk) or supposes(plain, words.talk):
        return None
    if _happening(seen, words):
        return "emergency"
    return "log" if _paper(seen, words) else None


def _happening(seen: Scan, words: Words) -> bool:
    """Dire words where anything else points the same way; lesser ones at a place, with more beside them."""
    own, known = words.unsure, words.emergency
    plain = words_in((*known.idioms, *own.idioms)).sub("_", seen.mask)
    if seen.numbers or seen.titles or has(plain, (*known.hard_not, *known.jokes)):
        return False
    placed = bool(seen.units) or has(plain, known.place_nouns)
    traces = has(plain, own.helpers) + has(plain, own.now) + (_shapes(own).people.search(plain) is not None)
    if has(plain, own.past):
        return False
    if has(plain, own.dire):
        return placed or traces >= 1
    trouble = has(plain, own.trouble)
    alarming = len(set(words_in(own.alarming).findall(plain))) + (_OUT_OF_HAND.search(plain) is not None)
    return placed and (alarming + traces + trouble >= 2 if alarming else trouble and traces >= 2)


def _paper(seen: Scan, words: Words) -> bool:
    """A paper, and two of: its sender at the head, somebody it is for, a count or a word of the desk,
    particulars between blanks."""
    own = words.unsure
    paper = seen.numbers or seen.titles or has(seen.mask, own.papers)
    if not paper or seen.registers or _shapes(own).spoken.search(seen.mask):
        return False
    if has(seen.mask, words.document.not_entry):
        return False
    traces = _sent(seen, own) + _charged(seen, own) + has(seen.mask, own.desk)
    return traces + (len(seen.mask.split()) >= 3) >= 2


def _sent(seen: Scan, own: UnsureWords) -> bool:
    starts = [unit.start for unit in seen.units] + [unit.start for unit in seen.outside]
    starts = [start for start in starts if not _shapes(own).ordered.search(seen.mask[:start])]
    return any(start <= _HEAD for start in starts) or _shapes(own).head.search(seen.mask) is not None


def _charged(seen: Scan, own: UnsureWords) -> bool:
    """给崔科, 秘二科先过一遍, 许主任阅: whoever stands after the paper, or is ordered to."""
    named = [(one.start, one.end) for one in seen.people] + [(one.start, one.end) for one in seen.units]
    return any(
        _shapes(own).ordered.search(seen.mask[:start]) is not None
        or (start > _HEAD and (not seen.mask[end:].strip() or has(seen.mask[end : end + 4], own.does)))
        for start, end in named
    )
