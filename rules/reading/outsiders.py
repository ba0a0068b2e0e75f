"""Who is asked to a meeting and is in none of the office's lists: 县气象局, 供电公司, 各有关部门."""

from __future__ import annotations

import re
from typing import NamedTuple

from rules.patterns import lazy
from rules.reading.models import Context
from rules.reading.normal import any_of, read
from rules.reading.scan import blank, scan

_LOOSE = "会组室"
"""endings that other things have too: 抗旱会, 会议室"""
_BETWEEN = lazy(r"[\s、,;。:/+&()]+|以及|(?<=[\u3400-\u9fff]{2})[和与及](?=[\u3400-\u9fff]{2})")
_COUNTED = lazy(r"等(?:\d+|[一二两三四五六七八九十]+)?个?(?:有关|相关)?(?:单位|部门|科室|乡镇|企业)?$")
_VAGUE = lazy(
    r"(?:(?:各|县直|县级|其他|其它|有关|相关|成员|涉及|责任|部分|驻县)+(?:有关|相关)?"
    r"(?:部门|单位|科室|乡镇|企业|局|委办局)|相关人员|有关人员)(?:及?(?:主要)?负责(?:同志|人))?"
)
_WORDS = lazy(
    r"(?:的|各|其|请|通知|由|主要|分管|负责|有关|相关|同志|领导|负责人|人员|班子|成员|副?局长|副?县长|副?主任"
    r"|参加|参会|列席|出席|到会|会议|县直|单位|部门|各自|一名|1名|派员|\d*人)*"
)
_NAME = lazy(r"[\u3400-\u9fff]{2,20}")


class Outsiders(NamedTuple):
    """What is said of who takes part, beside those whom the office knows."""

    others: tuple[str, ...]
    """as they were written; to be told by hand"""
    vague: tuple[str, ...]
    """words that name nobody: 各有关部门"""


def outsiders(text: str, context: Context) -> Outsiders:
    """All in a list of those who take part who are neither in the office's lists nor a slip of typing."""
    seen = scan(read(text), context)
    marks = [(m.start, m.end) for m in seen.units] + [(m.start, m.end) for m in seen.people]
    marks += [(m.start, m.end) for m in seen.slips]
    words = context.words.units
    everyone = re.compile(any_of(words.all_towns + words.all_sections + words.all_bureaus))
    left = everyone.sub("、", re.sub("  +", "、", blank(seen.mask, marks)))
    others: list[str] = []
    vague: list[str] = []
    for piece in filter(None, map(str.strip, _BETWEEN.split(left))):
        plain = _COUNTED.sub("", piece)
        if _VAGUE.fullmatch(plain):
            vague.append(plain)
        elif not _WORDS.fullmatch(plain) and _NAME.fullmatch(plain):
            others.append(plain)
    return Outsiders(tuple(dict.fromkeys(others)), tuple(dict.fromkeys(vague)))


def looks_outside(part: str, context: Context) -> bool:
    """Whether a part of a list is named as units are, or as all that are concerned: 供电公司, 有关部门."""
    endings = [word for word in context.words.units.outside_endings if word not in _LOOSE]
    plain = _COUNTED.sub("", part)
    named = re.fullmatch(rf"[\u3400-\u9fff]{{1,12}}{any_of(endings)}", plain)
    return named is not None or _VAGUE.fullmatch(plain) is not None
