"""Tables of a paper: the ruled ones in its text, and the foot 版记 at the bottom of the last page."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.oxml import parse_xml
from docx.shared import Twips
from docx.table import Table as SetTable
from docx.table import _Cell

from office.papers.paper import FootRow, Form, Slip, Table
from office.papers.typography import (
    CELL_CENTRED,
    CELL_HEAD,
    CELL_TEXT,
    CUT_LINE,
    FOOT,
    FORM_LABEL,
    FORM_TEXT,
    NAMESPACE,
    SLIP_TITLE,
    Style,
)
from office.papers.writing import add, characters, spread, write

_FOOT_CHARACTER = 280
# Eighths of a point: 0.35 mm is 8, 0.25 mm is 6.
_FOOT_RULES = (("top", 8), ("bottom", 8), ("insideH", 6))
_TABLE_RULES = tuple((edge, 4) for edge in ("top", "left", "bottom", "right", "insideH", "insideV"))
# From the edge of the page: LibreOffice lets a table as wide as the block float only when it is so anchored.
_TO_THE_BOTTOM = (
    '<w:tblpPr w:topFromText="100" w:vertAnchor="margin" w:horzAnchor="page"'
    ' w:tblpX="{left}" w:tblpYSpec="bottom"/><w:tblOverlap w:val="never"/>'
)
_FORM_SHARES = (11, 28, 11, 28)
"""of a form's line: label, value, label, value"""
_FORM_ROW = 480
"""twips: the least height of a form's row, enough for a hand to write in"""
_CUT = "┄" * 40
_NO_MARGINS = '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar>'


def add_table(document: Document, table: Table, width: int) -> None:
    """A table as wide as the line (`width` twips); its header comes again on every page."""
    total = sum(column.width for column in table.columns)
    widths = [round(width * column.width / total) for column in table.columns]
    made = _ruled_table(document, len(table.rows) + 1, widths, _TABLE_RULES)
    styles = [CELL_CENTRED if column.centred else CELL_TEXT for column in table.columns]
    cells = made._cells
    _fill(cells[: len(widths)], [column.title for column in table.columns], [CELL_HEAD] * len(widths))
    for number, row in enumerate(table.rows, 1):
        _fill(cells[number * len(widths) : (number + 1) * len(widths)], row, styles)
    for number, set_row in enumerate(made.rows):
        header = "" if number else "<w:tblHeader/>"
        set_row._tr.insert(0, parse_xml(f'<w:trPr xmlns:w="{NAMESPACE}"><w:cantSplit/>{header}</w:trPr>'))


def add_form(document: Document, form: Form, width: int, *, together: bool = False) -> None:
    """A form as wide as the line; a row of one label has its value across the rest of it.

    `together`: on one page, with what stands before it.
    """
    shares = [round(width * share / sum(_FORM_SHARES)) for share in _FORM_SHARES]
    made = _ruled_table(document, len(form.rows), shares, _TABLE_RULES)
    for set_row, texts in zip(made.rows, form.rows, strict=True):
        properties = f'<w:cantSplit/><w:trHeight w:val="{_FORM_ROW}" w:hRule="atLeast"/>'
        set_row._tr.insert(0, parse_xml(f'<w:trPr xmlns:w="{NAMESPACE}">{properties}</w:trPr>'))
        cells = list(set_row.cells)
        if len(texts) == 2:
            cells = [cells[0], cells[1].merge(cells[3])]
        _fill(cells, texts, (FORM_LABEL, FORM_TEXT) * (len(texts) // 2))
        for cell in cells if together else ():
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def add_slip(document: Document, slip: Slip, width: int) -> None:
    """A slip under a line to cut along; it is never parted."""
    add(document, _CUT, CUT_LINE)
    add(document, slip.title, SLIP_TITLE)
    add_form(document, slip.form, width, together=True)


def add_foot(document: Document, rows: tuple[FootRow, ...], width: int) -> None:
    """The foot, held to the bottom of the page its anchor (the document's last paragraph) is on."""
    left = (document.sections[0].left_margin or Twips(0)).twips
    table = _ruled_table(document, len(rows), [width], _FOOT_RULES, _TO_THE_BOTTOM.format(left=left))
    for cell, row in zip(table._cells, rows, strict=True):
        _set_foot_row(cell, row.cells, width)


def _ruled_table(
    document: Document,
    rows: int,
    widths: Sequence[int],
    rules: Sequence[tuple[str, int]],
    position: str = "",
) -> SetTable:
    margins = "" if not position else _NO_MARGINS
    table: SetTable = document.add_table(rows, len(widths))
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>' for edge, size in rules
    )
    properties = (
        f'<w:tblPr xmlns:w="{NAMESPACE}">{position}<w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"{margins}</w:tblPr>"
    )
    table._tbl.replace(table._tbl.tblPr, parse_xml(properties))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Twips(width)
    return table


def _fill(cells: Sequence[_Cell], texts: Sequence[str], styles: Sequence[Style]) -> None:
    for cell, text, style in zip(cells, texts, styles, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.style = style.name
        write(paragraph, text, style)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def _set_foot_row(cell: _Cell, texts: Sequence[str], width: int) -> None:
    """One text hangs behind its opening word (报：); several are spread over the line."""
    paragraph = cell.paragraphs[0]
    paragraph.style = FOOT.name
    if len(texts) > 1:
        spread(paragraph, texts, FOOT, width, inset=_FOOT_CHARACTER)
        return
    opening, colon, _ = texts[0].partition("：")
    hanging = round(characters(opening + colon) * _FOOT_CHARACTER) if colon else 0
    layout = paragraph.paragraph_format
    layout.left_indent, layout.right_indent = Twips(_FOOT_CHARACTER + hanging), Twips(_FOOT_CHARACTER)
    layout.first_line_indent = Twips(-hanging)
    write(paragraph, texts[0], FOOT)
