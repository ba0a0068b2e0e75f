"""Tables of Chinese text for a terminal, where a Chinese character takes two columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

GAP = "  "


def width(text: str) -> int:
    """How many columns a text takes."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows with their columns aligned; the first is the heading."""
    columns = [max(map(width, column)) for column in zip(*rows, strict=True)]
    lines = [_line(row, columns) for row in rows]
    rule = GAP.join("-" * column for column in columns)
    return "\n".join([lines[0], rule, *lines[1:]])


def _line(row: Sequence[str], columns: Sequence[int]) -> str:
    padded = (text + " " * (column - width(text)) for text, column in zip(row, columns, strict=True))
    return GAP.join(padded).rstrip()
