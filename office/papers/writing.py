"""Putting text into paragraphs: every run names its font for every script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from unicodedata import east_asian_width

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.shared import Pt, Twips
from docx.text.paragraph import Paragraph

from office.papers.typography import CHARACTER, NAMESPACE, Style, run_fonts


class Holder(Protocol):
    """What paragraphs are added to: a document or a cell of a table."""

    def add_paragraph(self, text: str = "", style: str | None = None) -> Paragraph: ...


def add(holder: Holder, text: str, style: Style) -> Paragraph:
    """A new paragraph with `text` in `style`; a line feed breaks the line."""
    paragraph = holder.add_paragraph(style=style.name)
    write(paragraph, text, style)
    return paragraph


def write(
    paragraph: Paragraph, text: str, style: Style, *, points: float | None = None, spacing: float = 0
) -> None:
    """Add `text` to a paragraph in the type of `style`; `points` and `spacing` (points) deviate from it."""
    if not text:
        return
    run = paragraph.add_run(text)
    properties = run._r.get_or_add_rPr()
    fonts = run_fonts(style.font).replace("<w:rFonts", f'<w:rFonts xmlns:w="{NAMESPACE}"')
    properties.append(parse_xml(fonts))
    if spacing:
        gap = f'<w:spacing xmlns:w="{NAMESPACE}" w:val="{round(spacing * 20)}"/>'
        properties.append(parse_xml(gap))
    if points:
        run.font.size = Pt(points)


def spread(paragraph: Paragraph, texts: Sequence[str], style: Style, width: int, *, inset: int) -> None:
    """Two or three texts over a line of `width` twips, `inset` from either end.

    The room at the ends is made with tab stops: an indent would shorten the paragraph's rules.
    """
    stops = paragraph.paragraph_format.tab_stops
    if inset:
        stops.add_tab_stop(Twips(inset), WD_TAB_ALIGNMENT.LEFT)
    if len(texts) == 3:
        stops.add_tab_stop(Twips(width // 2), WD_TAB_ALIGNMENT.CENTER)
    stops.add_tab_stop(Twips(width - inset), WD_TAB_ALIGNMENT.RIGHT)
    write(paragraph, ("\t" if inset else "") + "\t".join(texts), style)


def characters(text: str) -> float:
    """How many character widths a text takes: Chinese ones count one, Latin letters and digits a half."""
    return sum(1 if east_asian_width(letter) in "WFA" else 0.5 for letter in text)


def characters_wide(count: float) -> Twips:
    """That many characters of the grid as a length."""
    return Twips(round(count * CHARACTER))
