"""The first page of a PDF, read with PDFium; of a scanned one, through the optional extra for pictures."""

from __future__ import annotations

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from office.incoming import picture
from office.incoming.page import Fault, Page, of_lines, short_of

PAGES = 60
"""pages that are looked through for marks"""
SCANNED = 8
"""characters: a page with fewer is a picture of a page"""
SIDE = 2200
"""pixels of the longer side of a page that is turned into a picture"""


def first_page(content: bytes) -> Page:
    """Fault where it needs a password, is damaged, or its first page is a picture that cannot be read."""
    try:
        with pdfium.PdfDocument(content) as document:
            if not len(document):
                raise Fault("file_damaged")
            lines = _lines(document[0])
            page = of_lines("pdf", lines, len(lines))
            if len("".join(page.text.split())) < SCANNED:
                page.text = _seen(document[0])
            for number in range(1, min(len(document), PAGES)):
                page.short += short_of(_lines(document[number]))
    except pdfium.PdfiumError as error:
        encrypted = error.err_code == raw.FPDF_ERR_PASSWORD
        raise Fault("file_encrypted" if encrypted else "file_damaged") from None
    return page


def _lines(page: pdfium.PdfPage) -> list[str]:
    text: str = page.get_textpage().get_text_range()
    return [line for line in text.replace("\ufffe", "").splitlines() if line.strip()]


def _seen(page: pdfium.PdfPage) -> str:
    if not picture.can_read():
        raise Fault("file_scanned")
    width, height = page.get_size()
    image = page.render(scale=min(SIDE / max(width, height, 1), 4.0)).to_pil()
    return picture.text_of(image)
