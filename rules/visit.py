"""A visit of supervision in one message (V6): 督查 8号 现场 在城东泵站 …，发现：1.… 2.…"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rules.patterns import lazy
from rules.petition import raised
from rules.supervision import VisitForm

LONGEST = 1000
"""characters of what was seen"""

_PLACE = lazy(
    r"(?:^|[\s，,。；;])(?:在|到|赴|前往)(?P<place>[^\s，,。；;：:]{2,30}?)"
    r"(?:进行)?(?:查看|察看|检查|督查|暗访|走访|抽查)?(?=[\s，,。；;：:]|$)"
)
_FINDINGS = lazy(
    r"(?:发现(?:的?问题)?|存在(?:的?问题)?|问题(?:如下|有|是)?)\s*(?:\d+个|[一二三四五六七八九十]+个)?(?:问题)?[：:]\s*"
)


class Visit(NamedTuple):
    """What a message says of a visit; `form` is a key of the policy, None where none is named."""

    form: str | None
    place: str | None
    words: str
    findings: tuple[str, ...]


def read_visit(text: str, forms: Sequence[VisitForm]) -> Visit:
    """The form, the place, what was seen, and what was found to be wrong, point by point."""
    form, rest = _form(text.strip(" ，,：:"), forms)
    place = _PLACE.search(rest)
    return Visit(form, place["place"] if place else None, rest.strip(" ，,。：:"), _findings(rest))


def _form(text: str, forms: Sequence[VisitForm]) -> tuple[str | None, str]:
    """The form that is named first, and the text without the word where the text begins with it."""
    named = [
        (text.find(word), -len(word), one.key, word) for one in forms for word in one.words if word in text
    ]
    if not named:
        return None, text
    at, _, key, word = min(named)
    return key, text[len(word) :].strip(" ，,：:") if at == 0 else text


def _findings(text: str) -> tuple[str, ...]:
    """The points after 发现：; one alone need not be numbered."""
    said = _FINDINGS.search(text)
    if said is None:
        return raised(text)[1]
    after = text[said.end() :]
    _, points = raised(after)
    only = re.sub(r"^(?:1[.、．]|[(（]1[)）])", "", after).strip(" 。；;，,")
    return points or ((only,) if only else ())
