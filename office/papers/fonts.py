"""Where this machine keeps a font with Chinese type; pictures are not drawn without one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

_PLACES: Final = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)
_NAMES: Final = (
    ("NotoSansCJK-Regular.*", "NotoSansCJK-Bold.*"),
    ("NotoSansCJKsc-Regular.*", "NotoSansCJKsc-Bold.*"),
    ("NotoSansSC-Regular.*", "NotoSansSC-Bold.*"),
    ("SourceHanSans*-Regular.*", "SourceHanSans*-Bold.*"),
    ("wqy-microhei.ttc", "wqy-microhei.ttc"),
    ("wqy-zenhei.ttc", "wqy-zenhei.ttc"),
    ("PingFang.ttc", "PingFang.ttc"),
    ("msyh.ttc", "msyhbd.ttc"),
    ("simhei.ttf", "simhei.ttf"),
)
"""fonts with Chinese type, regular and bold, the best first"""
_FACES: Final = 12
"""how many faces of a collection are looked through for the one of simplified Chinese"""


class Face(NamedTuple):
    """A font file and the face in it."""

    path: str
    face: int

    def at(self, size: int) -> FreeTypeFont:
        """This face in so many pixels."""
        return _truetype(self.path, size, self.face)


class Type(NamedTuple):
    """The faces that pictures are set in."""

    regular: Face
    bold: Face


@cache
def chinese(places: tuple[str, ...] = _PLACES) -> Type | None:
    """The machine's Chinese type; None where there is none. Looked for once."""
    for regular, bold in _NAMES:
        plain = _find(places, regular)
        if plain is not None:
            return Type(plain, _find(places, bold) or plain)
    return None


def _find(places: tuple[str, ...], name: str) -> Face | None:
    for place in places:
        folder = Path(place).expanduser()
        for path in sorted(folder.rglob(name)) if folder.is_dir() else ():
            try:
                return Face(str(path), _simplified(path))
            except OSError:
                continue  # no font, or one that cannot be read: the next may be
    return None


def _simplified(path: Path) -> int:
    """The face of simplified Chinese in a collection; of others the first."""
    for index in range(_FACES):
        try:
            family = _truetype(str(path), 20, index).getname()[0] or ""
        except OSError:
            break
        if family.endswith((" SC", " CN")):
            return index
    _truetype(str(path), 20, 0)
    return 0


def _truetype(path: str, size: int, face: int) -> FreeTypeFont:
    from PIL import ImageFont  # here: the program's start would wait for Pillow

    return ImageFont.truetype(path, size, index=face)
