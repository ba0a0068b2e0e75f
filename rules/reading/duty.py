"""Entries and hand-overs of the duty room 值班记录."""

from __future__ import annotations

import re
from functools import lru_cache

from rules.patterns import lazy
from rules.reading.dates import past_in
from rules.reading.models import Context, Item
from rules.reading.normal import any_of, has, tidy
from rules.reading.scan import Scan, blank
from rules.reading.talk import asks
from rules.reading.words import DutyWords

_OPENING = lazy(r"\s*(?:记一?下?|补?记录?|登记)?[\s:,]*")
"""记 08:30 与邓佳琪交接班: the heading is a word of what is told"""


@lru_cache(maxsize=8)
def _head(words: DutyWords) -> re.Pattern[str]:
    return re.compile(rf"{any_of(words.heads)}(?:登记|记录|情况)?(?:[]】:,。;\s]+|(?=\d)|(?<=:))")


def read_duty(scan: Scan, context: Context) -> Item | None:
    """The entry after its heading; None where the message is none."""
    words = context.words.duty
    head = _head(words).search(scan.mask)
    if head is None or head.start() > 12 or asks(scan.mask, context.words.talk):
        return None
    titled = not head.start() and head.group(0).rstrip().endswith(":")
    if has(scan.mask[: head.end()] if titled else scan.mask, words.none):
        return None
    with_whom = any(person.end == head.start() for person in scan.people)
    opening = _OPENING.match(scan.mask) if with_whom else None
    remark = tidy(scan.text.given[opening.end() if opening else head.end() :])
    if not remark:
        return None
    return Item(occurred=past_in(blank(scan.mask, [head.span()]), context), remark=remark)
