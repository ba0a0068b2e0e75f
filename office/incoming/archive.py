"""Zip archives (docx, xlsx, ofd), looked through before anything in them is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib

from office.incoming.page import Fault

MEMBERS = 3000
UNPACKED = 150 * 1024 * 1024
RATIO = 200
"""times that a part may grow when it is unpacked"""
SMALL = 4 * 1024 * 1024
"""a part of this size may grow as it likes: empty sheets and blank pictures do"""
_ENCRYPTED = 0x1


def names(content: bytes) -> frozenset[str]:
    """The names of an archive's parts. Fault for one that is damaged, encrypted or unpacks too big."""
    with _opened(content) as archive:
        parts = archive.infolist()
        if len(parts) > MEMBERS or sum(part.file_size for part in parts) > UNPACKED:
            raise Fault("file_bomb")
        for part in parts:
            if part.flag_bits & _ENCRYPTED:
                raise Fault("file_encrypted")
            if part.file_size > SMALL and part.file_size > RATIO * max(part.compress_size, 1):
                raise Fault("file_bomb")
        found = [part.filename for part in parts]
    if len(set(found)) != len(found):
        raise Fault("file_damaged")
    return frozenset(found)


def part(content: bytes, name: str) -> bytes:
    """One part, unpacked in memory; Fault where it is damaged."""
    with _opened(content) as archive:
        try:
            return archive.read(name)
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
            raise Fault("file_damaged") from None


def _opened(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError):
        raise Fault("file_damaged") from None
