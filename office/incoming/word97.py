"""The text of a .doc or .wps of the old binary form (Word 97 to 2003, WPS Writer): its piece table.

The layout is Microsoft's [MS-DOC]: the stream WordDocument begins with the FIB, which says where in the
table stream the pieces stand; each piece is UTF-16 or one byte a character.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator

import olefile

from office.incoming.page import Fault, Page, of_lines
from rules.patterns import lazy

_MAGIC = 0xA5EC
_FLAGS, _CLX = 0x0A, 0x01A2
_IS_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_ONE_BYTE = 0x4000_0000
_PIECES = 0x02
"""begins the piece table in the Clx; what stands before it (0x01) is formatting"""
_FIELD = lazy(r"\x13[^\x13\x14\x15]*\x14?|\x15")
"""a field's instruction: only what it shows is text"""


def first_page(content: bytes) -> Page:
    """Text up to the first page break. Fault for a workbook, a presentation, or what is encrypted."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as ole:
            text = _text(ole)
    except (OSError, struct.error, IndexError, ValueError, TypeError):
        raise Fault("file_damaged") from None
    pages = text.split("\x0c")
    first = [line for line in _lines(pages[0]) if line.strip()]
    rest = [line for page in pages[1:] for line in _lines(page)]
    return of_lines("doc", [*first, *rest], len(first) if len(pages) > 1 else None)


def _text(ole: olefile.OleFileIO) -> str:
    if ole.exists("EncryptedPackage"):
        raise Fault("file_encrypted")
    if not ole.exists("WordDocument"):
        raise Fault("file_kind", said="旧版 Office 文件（.xls/.ppt）")
    body = ole.openstream("WordDocument").read()
    magic, flags = struct.unpack_from("<H", body, 0)[0], struct.unpack_from("<H", body, _FLAGS)[0]
    if magic != _MAGIC:
        raise Fault("file_damaged")
    if flags & _IS_ENCRYPTED:
        raise Fault("file_encrypted")
    table = ole.openstream("1Table" if flags & _TABLE_1 else "0Table").read()
    at, length = struct.unpack_from("<II", body, _CLX)
    return "".join(_pieces(table[at : at + length], body))


def _pieces(clx: bytes, body: bytes) -> Iterator[str]:
    at = 0
    while clx[at] != _PIECES:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    length = struct.unpack_from("<I", clx, at + 1)[0]
    table = clx[at + 5 : at + 5 + length]
    count = (length - 4) // 12
    places = struct.unpack_from(f"<{count + 1}I", table, 0)
    for number in range(count):
        where = struct.unpack_from("<I", table, 4 * (count + 1) + 8 * number + 2)[0]
        characters = places[number + 1] - places[number]
        if where & _ONE_BYTE:
            start = (where & ~_ONE_BYTE) // 2
            yield body[start : start + characters].decode("cp1252", "replace")
        else:
            yield body[where : where + 2 * characters].decode("utf-16-le", "replace")


def _lines(text: str) -> list[str]:
    shown = _FIELD.sub("", text).replace("\x07", "\t")
    return [re.sub(r"[\x00-\x08\x0e-\x1f]", "", line) for line in re.split(r"[\r\n\x0b]", shown)]
