"""The first page of a .docx: paragraphs in order, those of tables and text boxes too."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from office.incoming.page import Fault, Page, of_lines

PARAGRAPHS = 5000
_TEXT, _TAB, _BREAK, _PARAGRAPH = qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:p")
_RENDERED = qn("w:lastRenderedPageBreak")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PAGE = object()
"""stands between two pages"""


def first_page(content: bytes) -> Page:
    """Text up to the first page break, or a page's length of it; headers and footers count as short lines."""
    try:
        document = Document(io.BytesIO(content))
        lines: list[str] = []
        first: int | None = None
        for said in _paragraphs(document.element.body):
            if said is _PAGE and lines and first is None:
                first = len(lines)
            elif isinstance(said, str) and said.strip():
                lines.append(said)
            if len(lines) >= PARAGRAPHS:
                break
        around = [one for section in document.sections for one in _around(section)]
    except Exception:  # whatever is wrong with it: the package, its XML, a part that is missing
        raise Fault("file_damaged") from None
    page = of_lines("docx", lines, first)
    page.short += of_lines("docx", around).text.splitlines()
    return page


def _around(section: Any) -> Iterator[str]:
    """What stands in the headers and footers of a section."""
    parts = (section.header, section.footer, section.first_page_header, section.first_page_footer)
    for part in parts:
        yield from (said for said in _paragraphs(part._element) if isinstance(said, str))


def _paragraphs(element: Any) -> Iterator[object]:
    """The text of each paragraph, `_PAGE` where a page ends. What only older programs show is left out."""
    said: dict[Any, list[str]] = {}
    for node in element.iter(_PARAGRAPH, _TEXT, _TAB, _BREAK, _RENDERED):
        if node.tag == _PARAGRAPH:
            if said and not any(parent in said for parent in node.iterancestors(_PARAGRAPH)):
                yield from ("".join(parts) for parts in said.values())
                said = {}
            said[node] = []
            continue
        own = next(node.iterancestors(_PARAGRAPH), None)
        if own is None or own not in said or next(node.iterancestors(_FALLBACK), None) is not None:
            continue
        if node.tag == _RENDERED or (node.tag == _BREAK and node.get(qn("w:type")) == "page"):
            yield from ("".join(parts) for parts in said.values())
            yield _PAGE
            said = {own: []}
        else:
            said[own].append(node.text or "" if node.tag == _TEXT else "\t" if node.tag == _TAB else "\n")
    yield from ("".join(parts) for parts in said.values())
