"""The first page of an .ofd, the national format for fixed layouts (GB/T 33190): XML in a zip."""

from __future__ import annotations

from collections import defaultdict

from lxml import etree

from office.incoming.archive import names, part
from office.incoming.page import Fault, Page, of_lines, short_of
from rules.patterns import lazy

_PAGE = lazy(r"(?:.*/)?Pages/Page_(\d+)/Content\.xml")
PAGES = 60


def first_page(content: bytes) -> Page:
    """Text in lines by its height on the page. Fault where a page is damaged or there is none."""
    found = {int(m[1]): name for name in names(content) if (m := _PAGE.fullmatch(name))}
    if not found:
        raise Fault("file_damaged")
    first, *others = (found[number] for number in sorted(found)[:PAGES])
    lines = _lines(part(content, first))
    if not lines:
        raise Fault("file_scanned")
    page = of_lines("ofd", lines, len(lines))
    for name in others:
        page.short += short_of(_lines(part(content, name)))
    return page


def _lines(xml: bytes) -> list[str]:
    try:
        root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        raise Fault("file_damaged") from None
    by_height: dict[float, list[tuple[float, str]]] = defaultdict(list)
    for text in root.iter("{*}TextObject"):
        for code in text.iter("{*}TextCode"):
            left, top = _place(text, code)
            by_height[top].append((left, code.text or ""))
    return ["".join(said for _, said in sorted(by_height[top])).strip() for top in sorted(by_height)]


def _place(text: etree._Element, code: etree._Element) -> tuple[float, float]:
    """Where a run of text stands: millimetres from the left, and from the top in steps of three."""
    try:
        box = [float(one) for one in (text.get("Boundary") or "").split()]
        left, top = box[0] + float(code.get("X") or 0), box[1] + float(code.get("Y") or 0)
    except (ValueError, IndexError):
        raise Fault("file_damaged") from None
    return left, round(top / 3) * 3.0
