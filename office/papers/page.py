"""The sheet a paper is written on: A4 with its margins, the grid of 22 × 28, page numbers, settings.

GB/T 9704-2012: 37 mm above, 28 mm left, a block of 156 × 225 mm; the number 7 mm below the block.
"""

from __future__ import annotations

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.section import Section, _Footer
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from office.papers.typography import (
    LINE,
    NAMESPACE,
    PAGE_NUMBER,
    font_table_xml,
    run_properties,
    styles_xml,
)

_TOP, _BOTTOM, _LEFT, _RIGHT = 37, 35, 28, 26
# The middle of an 18 point line stands 7 mm under the block when its foot is this far from the edge.
_FOOTER = 24.8
_GRID = f'<w:docGrid xmlns:w="{NAMESPACE}" w:type="linesAndChars" w:linePitch="{LINE}" w:charSpace="-849"/>'
_UNUSED = (
    RELATIONSHIP_TYPE.THEME,
    RELATIONSHIP_TYPE.NUMBERING,
    RELATIONSHIP_TYPE.WEB_SETTINGS,
    RELATIONSHIP_TYPE.CUSTOM_XML,
    RELATIONSHIP_TYPE.FONT_TABLE,
    "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects",
)
# Line ends as the Chinese edition of Word sets them, and no "compatibility mode" in the title bar.
_SETTINGS = (
    f'<w:settings xmlns:w="{NAMESPACE}"><w:zoom w:percent="100"/><w:bordersDoNotSurroundHeader/>'
    '<w:bordersDoNotSurroundFooter/><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>'
    '<w:drawingGridHorizontalSpacing w:val="158"/><w:drawingGridVerticalSpacing w:val="579"/>'
    '<w:characterSpacingControl w:val="compressPunctuation"/>'
    "<w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/>"
    "<w:ulTrailSpace/><w:doNotExpandShiftReturn/><w:adjustLineHeightInTable/><w:useFELayout/>"
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word"'
    ' w:val="15"/></w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
)


def blank(*, landscape: bool) -> Document:
    """An empty document with the office's styles, page, grid and page numbers, and nothing else."""
    document = docx.Document()
    _strip(document)
    _refill(document.styles.element, styles_xml())
    _refill(document.settings.element, _SETTINGS)
    _add_font_table(document)
    section = document.sections[0]
    _lay_out(section, landscape=landscape)
    _number_pages(section)
    return document


def block_width(*, landscape: bool) -> int:
    """The width of the text block in twips."""
    return (16838 - 2098 - 1984) if landscape else (11906 - 1587 - 1474)


def _strip(document: Document) -> None:
    """Take out what the library's template brings: a theme with Latin fonts, foreign styles, a picture."""
    rels = document.part.rels
    for key in [key for key, rel in rels.items() if rel.reltype in _UNUSED]:
        del rels[key]
    package = document.part.package.rels
    for key in [key for key, rel in package.items() if rel.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del package[key]


def _refill(element: object, xml: str) -> None:
    """Give a part's root the children of `xml` in place of its own."""
    root = parse_xml(xml)
    element[:] = list(root)  # type: ignore[index]


def _add_font_table(document: Document) -> None:
    name = PackURI("/word/fontTable.xml")
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{font_table_xml()}'
    part = Part(name, CONTENT_TYPE.WML_FONT_TABLE, xml.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FONT_TABLE)


def _lay_out(section: Section, *, landscape: bool) -> None:
    """Upright, or turned by a quarter so that the top margin becomes the left one."""
    upright = (_TOP, _RIGHT, _BOTTOM, _LEFT)
    top, right, bottom, left = (_RIGHT, _BOTTOM, _LEFT, _TOP) if landscape else upright
    width, height = Mm(210), Mm(297)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (height, width) if landscape else (width, height)
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    section.header_distance, section.footer_distance = Mm(15), Mm(bottom - _BOTTOM + _FOOTER)
    for grid in section._sectPr.findall(f"{{{NAMESPACE}}}docGrid"):
        section._sectPr.remove(grid)
    section._sectPr.append(parse_xml(_GRID))


def _number_pages(section: Section) -> None:
    """`— 1 —` at the foot: to the right on odd pages, to the left on even ones."""
    _number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def _number(footer: _Footer, side: WD_ALIGN_PARAGRAPH) -> None:
    footer.is_linked_to_previous = False
    paragraph: Paragraph = footer.paragraphs[0]
    paragraph.style = PAGE_NUMBER.name
    paragraph.alignment = side
    properties = run_properties(PAGE_NUMBER.font, PAGE_NUMBER.points)
    for content in _PAGE_FIELD:
        run = f'<w:r xmlns:w="{NAMESPACE}"><w:rPr>{properties}</w:rPr>{content}</w:r>'
        paragraph._p.append(parse_xml(run))


_PAGE_FIELD = (
    '<w:t xml:space="preserve">— </w:t>',
    '<w:fldChar w:fldCharType="begin"/>',
    '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
    '<w:fldChar w:fldCharType="separate"/>',
    "<w:t>1</w:t>",
    '<w:fldChar w:fldCharType="end"/>',
    '<w:t xml:space="preserve"> —</w:t>',
)
