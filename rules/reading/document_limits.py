"""The limit a document sets: in its field, in a sentence, or in a clause that is nothing but one."""

from __future__ import annotations

import re

from rules.patterns import lazy
from rules.reading.dates import Limit, limit_in, past_limit_in
from rules.reading.form import Field
from rules.reading.models import Context
from rules.reading.scan import Scan, blank

_SOON = 45
"""days within which a day merely named behind a document is its limit"""
_MEETING = lazy("会议|开会|参会|参加|召开|举办|举行|活动|培训|会务|时间|地点")
"""days that go with these are those of an event"""
CLAUSE = lazy(r"[^,。;!?\n\t ]+")
TIMED = lazy(r"工作日|小时|分钟|天|日内|周内|月内|前|止|下班|截[止至]")
"""what a clause has that tells of a limit, and no title in the writer's own words"""


def document_limit(
    seen: Scan, form: tuple[Field, ...], aside: list[tuple[int, int]], context: Context
) -> Limit | None:
    """The limit its field gives, else the one the sentence sets, else a clause that is nothing but one:
    with a word of limits (12月1日前), or a day of these weeks after all that tells of the document.
    """
    plain = where_limit(seen, form, aside)
    found, labelled = limit_in(plain, context), any(field.name == "due" for field in form)
    if found or labelled:
        return None if found and found.event and not labelled else found
    alone = [m for m in re.finditer(r"[^,。;\s]+", plain) if TIMED.search(m.group(0))]
    limits = [limit_in(m.group(0), context) for m in alone if len(m.group(0)) <= 12]
    certain = [limit for limit in limits if limit]
    if certain:
        return certain[0] if len(certain) == 1 else None
    return _last_day(seen, plain, context)


def _last_day(seen: Scan, plain: str, context: Context) -> Limit | None:
    """关于…的请示 财政局 12.18: a day still to come, alone behind title and number, is what it is due on."""
    told = max([t.end for t in seen.titles] + [n.end for n in seen.numbers], default=len(plain))
    if _MEETING.search(seen.text.plain):
        return None
    today = context.calendar.local(context.reference).date()
    found = []
    for match in CLAUSE.finditer(plain, told):
        limit = limit_in(match.group(0), context)
        if limit and (limit.start, limit.end) == (0, len(match.group(0))):
            found.append(limit)
    days = (found[0].at.date() - today).days if len(found) == 1 else 0
    return found[0] if 0 < days <= _SOON else None


def where_limit(seen: Scan, form: tuple[Field, ...], aside: list[tuple[int, int]]) -> str:
    """Where a limit may stand: its field, else all that says nothing else."""
    field = next((field for field in form if field.name == "due"), None)
    return seen.unnumbered[field.start : field.end] if field else blank(seen.unnumbered, aside)


def past_limit(seen: Scan, form: tuple[Field, ...], context: Context) -> str | None:
    """The words of a limit that is over already."""
    for field in form:
        if field.name == "due":
            return past_limit_in(f"{seen.unnumbered[field.start : field.end]}前", context)
    return past_limit_in(seen.unnumbered, context)
