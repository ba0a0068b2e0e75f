"""A message that tells of supervised tasks, cut into one stretch for each: numbered, a line each, forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from rules.patterns import lazy
from rules.reading.normal import Text, any_of
from rules.reading.words import TaskWords

FIELDS = ("title", "source", "lead", "support", "person", "due", "rhythm", "field", "remark")
_MARKER = lazy(
    r"(?:(?<=^)|(?<=[\n;。:]))[ \t]*"
    r"(?:\d{1,3}[.、)．](?!\d)|[(【]\d{1,3}[)】]|[一二三四五六七八九十]{1,3}、|[①-⑳])",
    re.MULTILINE,
)
_INLINE = lazy(r"(?:^|(?<=[\s;。:,]))(?P<n>\d{1,2})[.、)．](?!\d)")
"""1、… 2、… in one line, counted through"""


def labels(words: TaskWords) -> str:
    """A pattern of what names a field, each in a group of the field's name."""
    return "|".join(f"(?P<{name}>{any_of(getattr(words, name))})" for name in FIELDS)


@lru_cache(maxsize=8)
def _opening(words: TaskWords) -> re.Pattern[str]:
    """The label and colon that a line of a form begins with."""
    return re.compile(rf"[ \t]*(?:{labels(words)})(?: ?:| +(?=\S))")


def task_parts(text: Text, words: TaskWords) -> list[Text]:
    """The message cut into one stretch for each task."""
    marks = list(_MARKER.finditer(text.plain))
    inline = list(_INLINE.finditer(text.plain))
    if len(marks) < 2 <= len(inline) and [int(m["n"]) for m in inline] == list(range(1, len(inline) + 1)):
        marks = inline
    if len(marks) > 1:
        ends = [mark.start() for mark in marks[1:]] + [len(text.plain)]
        head = [text.cut(0, marks[0].start())] if marks[0].start() else []
        return head + [text.cut(m.end(), end) for m, end in zip(marks, ends, strict=True)]
    lines = [line for line in _lines(text) if line.plain.strip()]
    found = [_opening(words).match(line.plain) for line in lines]
    if len(lines) < 2 or all(found):
        return _forms(text, lines, [str(m.lastgroup) for m in found if m])
    return lines


def _lines(text: Text) -> Iterator[Text]:
    at = 0
    for line in text.plain.split("\n"):
        yield text.cut(at, at + len(line))
        at += len(line) + 1


def _forms(text: Text, lines: list[Text], begins: list[str]) -> list[Text]:
    """Forms one after another: where the first label comes again, the next begins."""
    if len(lines) < 2 or begins.count(begins[0]) < 2:
        return [text]
    forms: list[Text] = []
    for line, label in zip(lines, begins, strict=True):
        if label == begins[0] or not forms:
            forms.append(line)
        else:
            forms[-1] = Text(f"{forms[-1].given}\n{line.given}", f"{forms[-1].plain}\n{line.plain}")
    return forms
