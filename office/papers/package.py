"""What every Office file needs: text that XML can carry, and bytes that do not tell the time of writing."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from rules.patterns import lazy

# XML 1.0 knows tab, line feed and carriage return below U+0020; lone surrogates and the two last
# code points of the basic plane are not characters.
_FORBIDDEN = lazy("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = lazy("\r\n|[\r\x85\u2028\u2029]")
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def printable(text: str) -> str:
    """`text` without characters a file cannot carry, every line end as a line feed."""
    return _FORBIDDEN.sub("", _LINE_ENDS.sub("\n", text))


def sealed(archive: bytes, replaced: Mapping[str, str | bytes] | None = None) -> bytes:
    """The same zip archive with no clock in it: equal papers are equal bytes.

    `replaced` gives parts (by name) whose content is to be exchanged on the way.
    """
    parts = dict(replaced or {})
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(result, "w") as new:
        for entry in old.infolist():
            content = parts.get(entry.filename, old.read(entry))
            new.writestr(zipfile.ZipInfo(entry.filename, _NO_TIME), content, zipfile.ZIP_DEFLATED)
    return result.getvalue()
