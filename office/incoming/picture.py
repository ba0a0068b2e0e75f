"""The text in a picture, where the extra `duban[ocr]` is installed: RapidOCR, its models in its package."""

from __future__ import annotations

import importlib.util
import io
from typing import Any

from office.incoming.page import Fault, Page, of_lines

PIXELS = 60_000_000
SIDE = 2200
"""pixels of the longer side; a larger picture is made smaller before it is read"""


def can_read() -> bool:
    """Whether the extra is installed."""
    return all(importlib.util.find_spec(name) for name in ("rapidocr", "onnxruntime", "PIL"))


def first_page(content: bytes) -> Page:
    """What stands in the picture, line by line. Fault: damaged, too large, or it cannot be read here."""
    if not can_read():
        raise Fault("file_picture")
    from PIL import Image

    try:
        image: Any = Image.open(io.BytesIO(content))
        if image.width * image.height > PIXELS:
            raise Fault("file_bomb")
        image = image.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Fault("file_damaged") from None
    return of_lines("picture", text_of(image).splitlines())


def text_of(image: Any) -> str:
    """The lines of an image of PIL, from the top."""
    import numpy
    from rapidocr import RapidOCR

    image.thumbnail((SIDE, SIDE))
    found = RapidOCR()(numpy.asarray(image.convert("RGB"))[:, :, ::-1])
    if found.txts is None or found.boxes is None:
        return ""
    words = [(box[:, 1].mean(), box[:, 0].min(), box[:, 1].max() - box[:, 1].min(), text)
             for box, text in zip(found.boxes, found.txts, strict=True)]  # fmt: skip
    return "\n".join(_in_lines(sorted(words)))


def _in_lines(words: list[tuple[float, float, float, str]]) -> list[str]:
    """Pieces that stand beside each other joined, from left to right."""
    lines: list[list[tuple[float, float, float, str]]] = []
    for word in words:
        if lines and abs(word[0] - lines[-1][-1][0]) < 0.5 * word[2]:
            lines[-1].append(word)
        else:
            lines.append([word])
    return ["　".join(word[3] for word in sorted(line, key=lambda one: one[1])) for line in lines]
