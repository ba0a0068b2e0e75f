"""What reading a file gives: the text of its first page, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["docx", "xlsx", "pdf", "doc", "ofd", "text", "picture"]

PAGE = 3000
"""characters of a first page, where a file has no pages of its own"""
LINE = 40
"""a line of another page that is longer holds no mark: marks stand alone or in a short line"""
LINES = 5000


class Fault(Exception):
    """A file that is not taken. `reason` names the sentence that says why (refused.file_…)."""

    def __init__(self, reason: str, **facts: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts


@dataclass
class Page:
    """`text`: the first page, line by line. `short`: short lines of what follows, where a mark might stand.

    `rows`: the cells of a spreadsheet's first sheet.
    """

    kind: Kind
    text: str
    short: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


def of_lines(kind: Kind, lines: Iterable[str], first: int | None = None) -> Page:
    """A page of lines: the first `first` of them, else as many as fill a page; what follows is `short`."""
    kept = [line for line in ("".join(line.split("\0")).rstrip() for line in lines) if line.strip()]
    if first is None:
        first, length = 0, 0
        while first < len(kept) and length < PAGE:
            length += len(kept[first])
            first += 1
    head, tail = kept[:first], kept[first:]
    return Page(kind, "\n".join(head)[: 2 * PAGE], short_of(tail))


def short_of(lines: Iterable[str]) -> list[str]:
    """The lines in which a mark might stand."""
    return [line.strip() for line in lines if 0 < len(line.strip()) <= LINE][:LINES]
