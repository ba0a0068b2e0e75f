"""Which procedure a document takes: from who sent it, its kind, what it asks and its marks."""

from __future__ import annotations

import re
from typing import NamedTuple

from rules.reading.models import Procedure, Urgency
from rules.reading.normal import any_of, has
from rules.reading.senders import Sender
from rules.reading.titles import Title
from rules.reading.words import Words


class Evidence(NamedTuple):
    """What tells the kind of a document."""

    plain: str
    """the whole text of the document's entry"""
    mask: str
    """… with title and numbers blanked out"""
    title: Title | None
    told: str
    """what it is about in the writer's own words, where it has no title"""
    number: str | None
    sender: Sender | None
    urgency: Urgency | None


def urgency_of(mask: str, words: Words) -> Urgency | None:
    """The mark 特急 or 加急 outside the title, unless it is taken back (不是加急)."""
    entry = words.document
    for mark in entry.marks:
        for found in re.finditer(" {0,3}".join(mark), mask):
            if not re.search(rf"{any_of(entry.unmarked_before)}$", mask[: found.start()]):
                return "特急" if mark == "特急" else "加急"
    return None


def procedure_of(seen: Evidence, words: Words) -> Procedure | None:
    """None where nothing says which: ask."""
    entry = words.document
    kind = seen.title.kind if seen.title else None
    name = seen.title.text if seen.title else seen.told
    if seen.urgency:
        return "urgent"
    if _is_letter(seen, name, words):
        return "letter"
    if has(seen.mask, entry.circulate):
        return "circulation"
    if _from_above(seen, words):
        return "circulation" if _is_periodical(seen, kind, words) else "superior"
    if kind and has(kind, entry.reports) or _is_periodical(seen, kind, words):
        return "request" if has(name, entry.begs) else "circulation"
    if kind and has(kind, ("通知",)):
        return "circulation"
    if seen.sender or kind or has(seen.plain, entry.asks_for) or seen.number:
        return "request"
    return None


def _from_above(seen: Evidence, words: Words) -> bool:
    if seen.sender:
        return seen.sender.above
    if seen.number:
        return seen.number[0] in words.number.heads[1:]
    return has(seen.mask, ("上级来文", "市里", "省里"))


def _is_periodical(seen: Evidence, kind: str | None, words: Words) -> bool:
    """《督查专报》第38期, 经济运行简报: read, not acted upon."""
    if kind and has(kind, words.document.periodicals) and "请" not in kind:
        return True
    return seen.title is not None and re.search(r"第? ?\d+ ?期", seen.plain) is not None


def _is_letter(seen: Evidence, name: str, words: Words) -> bool:
    entry = words.document
    if has(seen.mask, entry.letters):
        return True
    if seen.title is None:
        return has(name, entry.reflects) and has(name, entry.petitioners)
    from_petitions = seen.sender is not None and has(seen.sender.name, entry.petition_senders)
    return from_petitions and has(name, entry.petition) and not has(name, ("请示",))
