"""What was typed, made regular: widths, traditional signs, slips and spaces, with the way back to it.

Every sign maps to one sign, so an offset in the regular text leads back to the text as it was given.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rules.patterns import lazy

LONGEST = 4096
"""Signs read of a message: Telegram's own limit. What stands behind them is not looked at."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SAME = dict(
    zip(
        "週後個點鐘兩禮內號時間節過報結帳當與這會開請務辦遲復幾頭據〇○Ｏ　\t\u00a0～〜—–−‐－至．曰",
        "周后个点钟两礼内号时间节过报结账当与这会开请务办迟复几头据零零o   ~~-----至.日",
        strict=True,
    )
)
_REGULAR = _FULL_WIDTH | {ord(typed): regular for typed, regular in _SAME.items()}
_REGULAR |= {ord(upper): ord(upper) + 32 for upper in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_REGULAR |= {0xFF21 + n: 0x61 + n for n in range(26)}
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\ufe0f\r"
_GLUED = lazy(r"[0-9a-z./-]")
_MISREAD = lazy(r"(?<=[0-9年月])[ol](?=[0-9年月日号点时分:])|(?<![a-z])[ol](?=[0-9]{1,3}[年月日号点时分:])")
_NUMERAL = lazy(r"[零一二两三四五六七八九十百千廿卅]")

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}


@dataclass(frozen=True, slots=True)
class Text:
    """A regular text; `origin[i]` is the offset of its sign i in `given`."""

    given: str
    signs: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the text as given."""
        return self.origin[start], self.origin[end - 1] + 1

    def words(self, start: int, end: int) -> str:
        first, last = self.span(start, end)
        return self.given[first:last]


@lru_cache(maxsize=16)  # one stretch is asked for its limit, its doubt and what has passed
def regular(given: str) -> Text:
    """The first 4096 signs of a text, regular; spaces stay only between two figures or words."""
    signs = given[:LONGEST].translate(_REGULAR)
    signs = _MISREAD.sub(lambda found: "0" if found[0] == "o" else "1", signs)
    kept: list[str] = []
    origin: list[int] = []
    for offset, sign in enumerate(signs):
        if sign in _UNSEEN:
            continue
        if sign == " " and not (kept and _parts(kept[-1], signs[offset + 1 :].lstrip(" ")[:1])):
            continue
        kept.append(sign)
        origin.append(offset)
    return Text(given, "".join(kept), tuple(origin))


def _parts(before: str, after: str) -> bool:
    """Whether a space between the two keeps apart what would otherwise run together."""
    return bool(
        (_GLUED.match(before) and _GLUED.match(after)) or (_NUMERAL.match(before) and _NUMERAL.match(after))
    )


def number(words: str) -> int | None:
    """A number in figures or numerals: "12", "二十五", "廿五", "两百", "二零二六"; None for "三五"."""
    if words.isascii():
        return int(words) if words.isdigit() else None
    words = words.replace("廿", "二十").replace("卅", "三十")
    if len(words) > 1 and not any(sign in _TENS for sign in words):
        # said figure by figure: only years are, and numbers that begin with a zero ("零五分")
        if len(words) != 4 and words[0] != "零":
            return None
        return int("".join(str(_DIGITS[sign]) for sign in words))
    return _counted(words)


def _counted(words: str) -> int | None:
    total, figure, rank = 0, -1, 10_000
    for sign in words:
        if sign in _TENS:
            if _TENS[sign] >= rank or (figure < 0 and rank < 10_000 and sign != "十"):
                return None
            rank = _TENS[sign]
            total, figure = total + (1 if figure < 0 else figure) * rank, -1
        elif sign == "零":
            if figure > 0:
                return None
            figure = -1 if total else 0
        elif figure > 0:
            return None
        else:
            figure = _DIGITS[sign]
    return total + max(figure, 0)
