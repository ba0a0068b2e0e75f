"""The one way to make a .docx in the office's form (GB/T 9704-2012): describe a `Paper`, get its bytes.

The parts are set one after the other, from the masthead to the foot, each in its style. Lengths are
in twips.
"""

from __future__ import annotations

import io
from datetime import UTC
from math import ceil
from typing import Final

from docx.document import Document
from docx.shared import Pt, Twips
from docx.text.paragraph import Paragraph as SetParagraph

from office.papers import typography as styles
from office.papers.package import sealed
from office.papers.page import blank, block_width
from office.papers.paper import Form, Paper, Paragraph, Table
from office.papers.tables import add_foot, add_form, add_slip, add_table
from office.papers.wording import chinese_date
from office.papers.writing import add, characters, characters_wide, spread, write
from rules.patterns import lazy

_MASTHEAD_DEPTH: Final = 1984
"""35 mm, from the top of the block to the masthead."""
_MASTHEAD_WIDTH: Final = 430
"""Points a masthead may take of the line's 442."""
_TITLE_LINE: Final = 20
"""Characters of 22 points on a line."""
_TEXT_LINE: Final = 26
"""Characters of 16 points on the first line of a paragraph; what is longer is no heading."""
_INSIDE_A_WORD: Final = lazy(r"[0-9A-Za-z.%]{2}|\d[年月日时号个项件%]|.[，。、；：）》”〕]|[（《“〔].")


def write_docx(paper: Paper) -> bytes:
    """As office/papers/paper.py says."""
    document = blank(landscape=paper.landscape)
    _describe(document, paper)
    _set_head(document, paper)
    if not paper.untitled:
        _set_title(document, paper)
    _set_body(document, paper)
    _set_close(document, paper)
    file = io.BytesIO()
    document.save(file)
    return sealed(file.getvalue())


def _describe(document: Document, paper: Paper) -> None:
    instant = paper.written_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    properties = document.core_properties
    properties.title, properties.author = paper.title[:255], paper.author[:255]
    properties.last_modified_by, properties.comments = paper.author[:255], ""
    properties.created = properties.modified = instant


def _set_head(document: Document, paper: Paper) -> None:
    """Urgency, masthead, number and the red rule; a paper without masthead begins with its title.

    A bulletin and a form have their masthead at the top of the block.
    """
    if paper.urgency:
        add(document, paper.urgency, styles.URGENCY)
    if paper.masthead:
        depth = 0 if paper.at_the_top else _MASTHEAD_DEPTH - (styles.LINE if paper.urgency else 0)
        _set_masthead(document, paper.masthead, depth)
        _set_number(document, paper)


def _set_masthead(document: Document, name: str, depth: int) -> None:
    """As large as the line allows; a short name is set wide, without room after its last character."""
    size = min(styles.MASTHEAD.points, _MASTHEAD_WIDTH // len(name))
    gap = max(0, min(size / 2, _MASTHEAD_WIDTH / len(name) - size))
    paragraph = document.add_paragraph(style=styles.MASTHEAD.name)
    paragraph.paragraph_format.space_before = Twips(depth)
    paragraph.paragraph_format.line_spacing = Pt(round(size * 1.2))
    write(paragraph, name[:-1], styles.MASTHEAD, points=size, spacing=gap)
    write(paragraph, name[-1:], styles.MASTHEAD, points=size)


def _set_number(document: Document, paper: Paper) -> None:
    """Two lines below the masthead, a bulletin's one; the lowest of the lines carries the red rule."""
    sides = paper.left or paper.right
    lines = []
    if paper.number or not sides:
        lines.append(add(document, paper.number, styles.NUMBER if sides else styles.RULED_NUMBER))
    if sides:
        lines.append(_set_sides(document, paper, styles.RULED_LINE))
    lines[0].paragraph_format.space_before = Twips((1 if paper.at_the_top else 2) * styles.LINE)


def _set_sides(document: Document, paper: Paper, style: styles.Style) -> SetParagraph:
    line = document.add_paragraph(style=style.name)
    inset = styles.CHARACTER if paper.masthead else 0
    spread(line, (paper.left, paper.right), style, block_width(landscape=paper.landscape), inset=inset)
    return line


def _set_title(document: Document, paper: Paper) -> None:
    title = add(document, "\n".join(title_lines(paper.title)), styles.TITLE)
    if paper.masthead:
        return
    title.paragraph_format.space_before = Twips(0)
    if paper.left or paper.right:
        title.paragraph_format.space_after = Twips(styles.LINE // 2)
        _set_sides(document, paper, styles.LINE_BELOW)


def title_lines(title: str) -> list[str]:
    """A title broken into lines of like length, near the middle after a stop or 的 where there is one.

    A line takes 20 characters; numbers and Latin words stay whole; line feeds in the title are kept.
    """
    lines: list[str] = []
    for part in title.split("\n"):
        for left in range(ceil(characters(part) / _TITLE_LINE), 1, -1):
            at = _title_break(part, round(len(part) / left))
            lines.append(part[:at])
            part = part[at:]
        lines.append(part)
    return lines


def _title_break(text: str, middle: int) -> int:
    near = sorted(range(max(1, middle - 4), min(len(text), middle + 5)), key=lambda at: abs(at - middle))
    whole = [at for at in near if not _INSIDE_A_WORD.fullmatch(text[at - 1 : at + 1])]
    fits = [at for at in whole if characters(text[:at]) <= _TITLE_LINE]
    stops = (at for at in fits if text[at - 1] in "，、；：的")
    return next(stops, (fits or [middle])[0])


def _set_body(document: Document, paper: Paper) -> None:
    width = block_width(landscape=paper.landscape)
    if paper.addressee:
        add(document, paper.addressee.rstrip("：:") + "：", styles.ADDRESSEE)
    for part in paper.body:
        if isinstance(part, Table):
            add_table(document, part, width)
        elif isinstance(part, Form):
            add_form(document, part, width)
        else:
            _set_text(document, part)
    _set_annexes(document, paper.annexes)


def _set_text(document: Document, part: Paragraph) -> None:
    """The first sentence of a level in its own type, what follows in that of the text."""
    style = styles.HEADINGS[part.level - 1] if part.level else styles.TEXT
    for line in part.text.split("\n"):
        paragraph = document.add_paragraph(style=style.name)
        end = line.find("。") + 1 if part.level else 0
        write(paragraph, line[: end or None], style)
        write(paragraph, line[end:] if end else "", styles.TEXT)
        heading = part.level and end in (0, len(line)) and characters(line) <= _TEXT_LINE
        paragraph.paragraph_format.keep_with_next = True if heading else None


def _set_annexes(document: Document, annexes: tuple[str, ...]) -> None:
    """附件：1. … one line below the text; several are numbered, one is not."""
    numbered = [f"{number}. {name}" for number, name in enumerate(annexes, 1)]
    for number, name in enumerate(numbered if len(annexes) > 1 else annexes):
        opening = "" if number else "附件："
        paragraph = add(document, opening + name, styles.ANNEX)
        hanging = 1.5 if len(annexes) > 1 else 0
        layout = paragraph.paragraph_format
        layout.left_indent = characters_wide(5 + hanging)
        layout.first_line_indent = -characters_wide(characters(opening) + hanging)
        layout.space_before = Twips(0 if number else styles.LINE)


def _set_close(document: Document, paper: Paper) -> None:
    """Signature over the date, right in four characters; the foot at the bottom of the last page."""
    dated = chinese_date(paper.dated) if paper.dated else ""
    if paper.signature:
        over = max(0, 4 + (characters(dated) - characters(paper.signature)) / 2)
        signature = add(document, paper.signature, styles.SIGNATURE)
        signature.paragraph_format.right_indent = characters_wide(over)
        signature.paragraph_format.space_before = Twips((1 if paper.untitled else 2) * styles.LINE)
    if dated:
        add(document, dated, styles.DATE).paragraph_format.right_indent = characters_wide(4)
    if paper.slip:
        add_slip(document, paper.slip, block_width(landscape=paper.landscape))
    if paper.foot:
        add_foot(document, paper.foot, block_width(landscape=paper.landscape))
    document.add_paragraph(style=styles.LAST.name)
