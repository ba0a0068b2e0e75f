"""Labelled fields in a text: 来文单位：…, one a line or several in one."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rules.reading.normal import any_of
from rules.reading.words import DocumentWords


class Field(NamedTuple):
    """A labelled field of a message, and where it stands."""

    name: str
    """sender, number, title, due, handler, copies, urgency, procedure or other"""
    label: int
    """where its label begins"""
    start: int
    end: int


@lru_cache(maxsize=8)
def _labels(words: DocumentWords) -> tuple[re.Pattern[str], dict[str, str]]:
    groups = {
        "other": words.other_labels,
        "sender": words.sender_labels,
        "number": words.number_labels,
        "title": words.title_labels,
        "due": words.due_labels,
        "handler": words.handler_labels,
        "copies": words.copies_labels,
        "urgency": words.urgency_labels,
        "procedure": words.procedure_labels,
    }
    names = {label: name for name, labels in reversed(groups.items()) for label in labels}
    return re.compile(
        rf"(?:^|(?<=[\s,;。、(\[【]))(?P<label>{any_of(names)})(?:[ 】\]]*[:=]| ?(?:是|为)(?=\d)) *"
    ), names


def read_form(plain: str, words: DocumentWords) -> tuple[Field, ...]:
    """The labelled fields of a text, in order; a value ends at the next label or the end of its line."""
    pattern, names = _labels(words)
    labels = list(pattern.finditer(plain))
    fields = []
    for at, match in enumerate(labels):
        line_end = plain.find("\n", match.end())
        ends = [len(plain) if line_end < 0 else line_end]
        if at + 1 < len(labels):
            ends.append(labels[at + 1].start())
        fields.append(Field(names[match["label"]], match.start(), match.end(), max(match.end(), min(ends))))
    return tuple(fields)


def of_form(column: str, words: DocumentWords) -> str | None:
    """The field a column heading of a table names."""
    return _labels(words)[1].get(column.strip())
