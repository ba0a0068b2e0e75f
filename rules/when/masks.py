"""What in a text is no talk of time although it looks like it: titles, quotations, numbers of documents."""

from __future__ import annotations

import re
from itertools import chain

from rules.patterns import lazy

_KINDS = (
    "通知|请示|报告|意见|方案|决定|通报|公告|通告|纪要|批复|函|办法|细则|规定|要点|规划|预案|简报|议案|提案"
    "|来信|总结|安排|清单|情况"
)
_NUMERAL = "0-9零一二三四五六七八九十百"

_TITLE = lazy(
    rf"关于(?:[^,。;!?\n]{{1,80}}?的[^,。;!?\n的]{{0,12}}?(?:{_KINDS})(?:的(?:{_KINDS}))?"
    rf"|[^,。;!?\n]{{1,80}}?(?:{_KINDS})(?=[,。;!?\n(]|$)|[^,。;!?\n]{{1,80}})"
)
_MASKS = (
    _TITLE,
    lazy(r"《[^》\n]{0,200}(?:》|$)"),
    lazy(r"[“\"][^”\"\n]{0,60}[”\"]"),
    lazy(rf"[〔\[【(][{_NUMERAL}]{{4}}[〕\]】)](?:第?[{_NUMERAL}]{{1,5}}号)?"),
    lazy(rf"(?<=[发函字办电令文])[零一二三四五六七八九]{{4}}[{_NUMERAL}]{{1,5}}号"),
    lazy(rf"[0-9]{{4}}-[0-9]{{1,5}}号|第[{_NUMERAL}]{{1,5}}[号次期届轮批条款项]"),
    lazy(r"(?<![0-9])(?:1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}|[0-9]{11,18})(?![0-9])"),
    lazy(r"20[0-9]{2}[-/](?:20)?[0-9]{2}学年"),
)
NUMBERS = _MASKS[3:]


def masked(signs: str, masks: tuple[re.Pattern[str], ...] = _MASKS) -> tuple[tuple[int, int], ...]:
    """The stretches to leave out, as offsets."""
    return tuple(found.span() for found in chain.from_iterable(mask.finditer(signs) for mask in masks))


def without(signs: str, stretches: tuple[tuple[int, int], ...]) -> str:
    """The text with what is left out blanked, sign for sign, so that its words say nothing either."""
    for first, last in stretches:
        signs = signs[:first] + "□" * (last - first) + signs[last:]
    return signs


def overlaps(start: int, end: int, stretches: tuple[tuple[int, int], ...]) -> bool:
    """Whether a stretch touches one of these."""
    return any(start < last and first < end for first, last in stretches)
