"""A petition's report 信访报告 (V7): four parts, and an answer to every point that was raised.

The parts are told by their headings (一、… 四、…, or a word of their name); the points by their numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rules.patterns import lazy
from rules.reading.normal import read

LONGEST = 4000
"""characters of the whole report"""
POINTS_LIMIT = 20
POINT_LENGTH = 200
_SHORTEST = 4
"""characters that are an answer"""


class Part(NamedTuple):
    """A part of the report: its key, its heading, and the words by which a heading is known."""

    key: str
    name: str
    words: tuple[str, ...]


PARTS = (
    Part("facts", "基本情况", ("基本情况", "信访人情况", "基本案情", "来信来访情况")),
    Part("findings", "诉求及调查核实情况", ("调查", "核实", "诉求")),
    Part("measures", "处理情况", ("处理", "办理情况", "处置", "落实情况", "整改", "采取")),
    Part("meeting", "答复信访人情况", ("答复", "沟通", "见面", "化解", "息诉", "回访")),
)

_NUMBERS = "一二三四五六七八九十"
_POINT = lazy(
    r"[（(](?P<a>\d{1,2})[)）]|(?:^|(?<=[\s:：;；,，。、]))(?P<n>\d{1,2})[.．、)](?!\d)"
    r"|(?P<cn>[一二三四五六七八九十])是|(?:^|(?<=[\s:：;；,，。、]))第(?P<th>[一二三四五六七八九十])[,，、：:]"
)
_HEADING = lazy(r"(?m)^[ \t]*(?P<number>[一二三四])、[ \t]*(?P<name>[^\n：:。]{0,24})[：:。\n]?")
_PLAIN_HEADING = lazy(r"(?m)^[ \t]*[【\[]?(?P<name>[^\n：:。；;，,【\]】]{2,14})[】\]：:]+")


class Missing(NamedTuple):
    """What a report lacks: names of parts, numbers of points without an answer."""

    parts: tuple[str, ...]
    points: tuple[int, ...]

    def __bool__(self) -> bool:
        return bool(self.parts or self.points)


def raised(text: str) -> tuple[str, tuple[str, ...]]:
    """What a letter says before its numbered points, and the points: 1. … 2. …, 一是… 二是….

    Fewer than two numbers in a row from 1 are no points.
    """
    plain = read(text).plain
    marks: list[re.Match[str]] = []
    for mark in _POINT.finditer(plain):
        if _value(mark) == len(marks) + 1:
            marks.append(mark)
    if len(marks) < 2:
        return text.strip(), ()
    ends = [mark.start() for mark in marks[1:]] + [_end_of_points(plain, marks[-1].end())]
    points = [text[mark.end() : end].strip(" \n\t;；,，。、") for mark, end in zip(marks, ends, strict=True)]
    kept = tuple(point[:POINT_LENGTH] for point in points[:POINTS_LIMIT])
    return text[: marks[0].start()].strip(" \n\t:：,，。;；"), kept


def _end_of_points(plain: str, start: int) -> int:
    """The last point ends where the line or the sentence does, or where it is said who is to handle it."""
    found = re.search(r"[\n。]|[\s,;](?=转|交|请)", plain[start:])
    return start + found.start() if found else len(plain)


def _value(mark: re.Match[str]) -> int:
    if mark["n"] or mark["a"]:
        return int(mark["n"] or mark["a"])
    return _NUMBERS.index(mark["cn"] or mark["th"]) + 1


def read_report(text: str) -> dict[str, str]:
    """The parts that a text has, by key; without headings nothing."""
    headings = [(found, part) for found in _headings(text) if (part := _part_of(found))]
    parts: dict[str, str] = {}
    for said, (_, part) in zip(_between([found for found, _ in headings], text), headings, strict=True):
        if said:
            parts[part.key] = f"{parts[part.key]}\n{said}" if part.key in parts else said
    return parts


def _headings(text: str) -> list[re.Match[str]]:
    numbered = list(_HEADING.finditer(text))
    return numbered or [found for found in _PLAIN_HEADING.finditer(text) if _named(found["name"])]


def _part_of(found: re.Match[str]) -> Part | None:
    """By its words; where these say nothing, by its number."""
    named = _named(found["name"])
    number = found.groupdict().get("number")
    return named or (PARTS[_NUMBERS.index(number)] if number else None)


def _named(heading: str) -> Part | None:
    exact = next((part for part in PARTS if part.name in heading), None)
    return exact or next((part for part in reversed(PARTS) if any(w in heading for w in part.words)), None)


def missing(parts: Mapping[str, str], points: Sequence[str]) -> Missing:
    """What a report still lacks: parts without text, points that no part answers by their number."""
    lacking = tuple(part.name for part in PARTS if len(parts.get(part.key, "").strip()) < _SHORTEST)
    said = "\n".join(parts.get(part.key, "") for part in PARTS if part.key != "facts")
    answered = _answered(said)
    return Missing(lacking, tuple(n for n in range(1, len(points) + 1) if n not in answered))


_ANSWER = lazy(
    r"(?:^|(?<=[\s。;,:、]))(?:\((?P<a>\d{1,2})\)|(?P<b>\d{1,2})[).、](?!\d)|\((?P<c>[一二三四五六七八九十])\)|(?P<d>[一二三四五六七八九十])是)"
    r"|(?:诉求|问题|反映)第?(?P<e>[一二三四五六七八九十]|\d{1,2})"
    r"|第(?P<f>[一二三四五六七八九十]|\d{1,2})(?:[个项条点]|[,:、])"
)


def _answered(said: str) -> set[int]:
    """Numbers of the points that something is said of."""
    plain = read(said).plain
    marks = list(_ANSWER.finditer(plain))
    return {
        _figure(next(value for value in mark.groups() if value))
        for text, mark in zip(_between(marks, plain), marks, strict=True)
        if len(text) >= _SHORTEST
    }


def _between(marks: Sequence[re.Match[str]], text: str) -> list[str]:
    """What follows each mark, up to the next."""
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return [
        text[mark.end() : end].strip(" \n\t。;；,，:：、") for mark, end in zip(marks, ends, strict=False)
    ]


def _figure(text: str) -> int:
    return int(text) if text.isdigit() else _NUMBERS.index(text) + 1
