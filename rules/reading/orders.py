"""A leader's instruction 批示, written by the leader or passed on by somebody else (V7)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rules.reading.dates import due_in
from rules.reading.handlers import charged
from rules.reading.models import Context, Item
from rules.reading.normal import any_of, has, tidy
from rules.reading.people import PersonMention
from rules.reading.scan import Scan
from rules.reading.talk import asks
from rules.reading.words import OrderWords

_GIVING = {"chief_leader", "leader", "director", "deputy_director"}
_LEADING = {"chief_leader", "leader"}


class _Shapes(NamedTuple):
    says: re.Pattern[str]
    none_before: re.Pattern[str]
    none_after: re.Pattern[str]


@lru_cache(maxsize=8)
def _shapes(words: OrderWords) -> _Shapes:
    firm = any_of(words.firm)
    return _Shapes(
        re.compile(
            rf"(?:[^,。;:\n]{{0,24}}?(?P<verb>{firm}|批了?(?= ?[:“\"「]))(?:[^:。\n]{{0,30}}?:)?"
            r"| ?(?P<colon>:))[: ,。]*"
        ),
        re.compile(rf"{any_of(words.none_before)} ?$"),
        re.compile(
            rf"的?{any_of(words.none_after)}|的(?:那个|这个)?(?:特急|加急|急)?(?:请示|报告|函|通知|文|来文)"
        ),
    )


def read_order(scan: Scan, context: Context) -> Item | None:
    """An order passed on: whose, to whom, by when, on which matter; None where the message is none."""
    if asks(scan.mask, context.words.talk):
        return None
    found = (_passed_on(scan, mention, context) for mention in scan.people)
    return next((item for item in found if item), None)


def _passed_on(scan: Scan, mention: PersonMention, context: Context) -> Item | None:
    shapes = _shapes(context.words.orders)
    leader = mention.person
    if leader is None or not _GIVING & set(context.roster.by_name[leader].roles):
        return None
    said = shapes.says.match(scan.mask, mention.end)
    if said is None or shapes.none_before.search(scan.mask[max(0, mention.start - 6) : mention.start]):
        return None
    if said["colon"]:
        item = _item(scan, leader, said.end(), context)
        return item if has(scan.mask[said.end() :], context.words.orders.demands) and _charges(item) else None
    if shapes.none_after.match(scan.mask, said.end("verb")):
        return None
    between = scan.mask[mention.end : said.start("verb")]
    if between.lstrip().startswith("的") and ":" not in said.group(0):
        return None
    if any(mention.end <= p.start < said.start("verb") for p in scan.people) or has(between, ("请", "转")):
        return None
    item = _item(scan, leader, said.end(), context)
    plain_order = said["verb"] in context.words.orders.written or _charges(item) or item.due or item.matter
    return item if plain_order else None


def _charges(item: Item) -> bool:
    return bool(item.units or item.people or item.ambiguous)


def read_own_order(scan: Scan, context: Context) -> Item | None:
    """A leader's own 请某局立即…: units or persons charged, and something demanded of them."""
    if asks(scan.mask, context.words.talk) or has(scan.mask, context.words.orders.not_order):
        return None
    writer = context.roster.by_name.get(context.writer or "")
    if writer is None or not _LEADING & set(writer.roles):
        return None
    item = _item(scan, writer.name, 0, context)
    asked = has(scan.mask, context.words.orders.demands)
    return item if asked and _charges(item) else None


def _item(scan: Scan, leader: str, start: int, context: Context) -> Item:
    to = charged(scan, context, start=start, free_from=start)
    limit = due_in(scan.unnumbered, context)
    return Item(
        sender=leader,
        matter=scan.registers[0].number if scan.registers else None,
        people=tuple(name for name in to.people if name != leader),
        units=to.units,
        ambiguous=to.ambiguous,
        choices=to.choices,
        due=limit.at if limit else None,
        due_words=limit.words if limit else None,
        remark=tidy(scan.text.given[start:]) or None,
    )
