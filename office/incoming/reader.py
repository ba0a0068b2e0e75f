"""Reads one file: its kind by its content, then its first page."""

from __future__ import annotations

from office.incoming.kinds import decoded, kind_of
from office.incoming.page import Page, of_lines


def read(ending: str, content: bytes) -> Page:
    """The first page of a file; `ending` is what its name ends in (".pdf", or nothing). Fault where none."""
    match kind_of(ending, content):
        # here, not above: only the library that is needed is loaded
        case "docx":
            from office.incoming.word import first_page
        case "xlsx":
            from office.incoming.workbook import first_page
        case "pdf":
            from office.incoming.portable import first_page
        case "doc":
            from office.incoming.word97 import first_page
        case "ofd":
            from office.incoming.layout import first_page
        case "picture":
            from office.incoming.picture import first_page
        case "text":
            return of_lines("text", (decoded(content) or "").splitlines())
    return first_page(content)
