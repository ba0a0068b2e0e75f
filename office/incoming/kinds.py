"""What kind of file it is: told by its content, never by its name; a name that says otherwise is a fault."""

from __future__ import annotations

import re

from office.incoming.archive import names
from office.incoming.page import Fault, Kind

_ENDINGS: dict[str, tuple[Kind, ...]] = {
    "docx": ("docx",),
    "xlsx": ("xlsx",),
    "pdf": ("pdf",),
    "ofd": ("ofd",),
    "doc": ("doc",),
    "wps": ("doc", "docx"),
    "txt": ("text",),
    "csv": ("text",),
    **dict.fromkeys(("jpg", "jpeg", "png", "bmp", "gif", "tif", "tiff", "webp"), ("picture",)),
}
"""what a file of this ending may be"""
_SAID = {
    "docx": "Word 文档（.docx）",
    "xlsx": "表格（.xlsx）",
    "pdf": "PDF",
    "ofd": "OFD 版式文件",
    "doc": "旧版 Word／WPS 文档（.doc/.wps）",
    "text": "纯文本",
    "picture": "图片",
}
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def kind_of(ending: str, content: bytes) -> Kind:
    """The kind of a file; Fault where it is none of those taken, or its ending says another."""
    if not content.strip(b"\0 \r\n\t"):
        raise Fault("file_empty")
    kind = _by_content(content)
    expected = _ENDINGS.get(ending.lower().lstrip("."))
    if expected is not None and kind not in expected:
        raise Fault("file_ending", ending=ending.lower(), said=_SAID[kind])
    return kind


def _by_content(content: bytes) -> Kind:
    if content.startswith(_PROGRAMS):
        raise Fault("file_program")
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(b"PK\x03\x04"):
        return _of_archive(content)
    if content.startswith(_OLE):
        return "doc"
    if content.startswith(_PICTURES) or (content.startswith(b"RIFF") and content[8:12] == b"WEBP"):
        return "picture"
    if content.startswith(b"{\\rtf"):
        raise Fault("file_kind", said="RTF")
    if decoded(content) is None:
        raise Fault("file_kind", said="")
    return "text"


def _of_archive(content: bytes) -> Kind:
    inside = names(content)
    if any(name.lower().endswith("vbaproject.bin") for name in inside):
        raise Fault("file_macros")
    kinds: dict[str, Kind] = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "OFD.xml": "ofd"}
    for name, kind in kinds.items():
        if name in inside:
            return kind
    raise Fault("file_kind", said="压缩包或其他 Office 文件")


def decoded(content: bytes) -> str | None:
    """Plain text: UTF-8, UTF-16 with a mark at its start, else GB18030; None for what is no text."""
    utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f\x7f]", text):
            return text
    return None
