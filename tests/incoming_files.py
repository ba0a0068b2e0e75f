"""Files as people send them, made on the spot: Word, PDF, OFD, spreadsheets, and ones that mean harm."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence

from docx import Document
from docx.enum.text import WD_BREAK
from openpyxl import Workbook


def docx(*lines: str, after: Sequence[str] = (), header: str = "") -> bytes:
    """A .docx of paragraphs; `after` stands on its second page."""
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    if after:
        document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
    for line in after:
        document.add_paragraph(line)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    return _saved(document)


def xlsx(*rows: Sequence[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    return _saved(book)


def _saved(document: object) -> bytes:
    file = io.BytesIO()
    document.save(file)  # type: ignore[attr-defined]
    return file.getvalue()


def pdf(*pages: Sequence[str], encrypted: bool = False) -> bytes:
    """A PDF whose font is named and not in it, in GBK, as Chinese office programs write them."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"", _FONT, _DESCENDANT, _DESCRIPTOR]
    kids = []
    for lines in pages:
        shown = "".join(f"<{line.encode('gbk').hex()}> Tj T*\n" for line in lines)
        stream = f"BT /F1 16 Tf 72 760 Td 20 TL\n{shown}ET".encode()
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>"
            b"/Contents %d 0 R>>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), len(kids))
    return _written(objects, _ENCRYPT if encrypted else b"")


_FONT = b"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/GBK-EUC-H/DescendantFonts[4 0 R]>>"
_DESCENDANT = (
    b"<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun/DW 1000/FontDescriptor 5 0 R"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>"
)
_DESCRIPTOR = (
    b"<</Type/FontDescriptor/FontName/SimSun/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0"
    b"/Ascent 900/Descent -200/CapHeight 900/StemV 80>>"
)
_ENCRYPT = b"/Encrypt<</Filter/Standard/V 1/R 2/P -44/O<%s>/U<%s>>>/ID[<00><00>]" % (b"0a" * 32, b"0b" * 32)


def _written(objects: Sequence[bytes], trailer: bytes) -> bytes:
    out, places = bytearray(b"%PDF-1.5\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R%s>>\n" % (len(objects) + 1, trailer)
    return bytes(out + b"startxref\n%d\n%%%%EOF" % table)


def ofd(*pages: Sequence[str]) -> bytes:
    """An .ofd as the national format lays it out: a page is XML with runs of text in millimetres."""
    parts = {"OFD.xml": "<ofd:OFD xmlns:ofd='http://www.ofdspec.org/2016'/>"}
    for number, lines in enumerate(pages):
        runs = "".join(
            f'<ofd:TextObject Boundary="30 {30 + 10 * at} 150 8"><ofd:TextCode X="0" Y="5">{line}'
            "</ofd:TextCode></ofd:TextObject>"
            for at, line in enumerate(lines)
        )
        page = (
            f'<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content>{runs}</ofd:Content></ofd:Page>'
        )
        parts[f"Doc_0/Pages/Page_{number}/Content.xml"] = page
    return archive(parts)


def archive(parts: dict[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()


def with_part(content: bytes, name: str, added: bytes) -> bytes:
    """An archive with one more part."""
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, added)
    return file.getvalue()


def blank_png(width: int, height: int) -> bytes:
    """A white picture."""
    rows = b"".join(b"\0" + b"\xff" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body
