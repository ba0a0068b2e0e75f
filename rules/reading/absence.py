"""Leave, business trips and courses: who is away, from when to when, who stands in (P1)."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache
from typing import NamedTuple

from rules.patterns import lazy
from rules.reading.dates import period_in
from rules.reading.models import Context, Item, Period
from rules.reading.normal import any_of, has
from rules.reading.numbers import figure
from rules.reading.people import PersonMention
from rules.reading.scan import Scan, blank
from rules.reading.talk import asks, denied, supposes
from rules.reading.words import LeaveWords

_VAGUE = lazy("[这近][几两]天")
"""these days: which, nobody knows"""
_LONGEST = 200
"""days of an absence that are believed"""
_LONG_AGO = 60
"""days since its beginning"""
_DOTTED = lazy(r"(?<![\d.])(?P<month>1[0-2]|0?[1-9])[./](?P<day>3[01]|[12]\d|0?[1-9])(?![\d.])")

_SOMEBODY = lazy(r"\s*[小老阿][\u3400-\u9fff](?!家|婆|公|师|板|孩|区|时)")
"""小李跑步摔伤了: it begins with somebody else, whoever that is"""
_RETURNS = lazy(r"[^,。;\s]*(?:回来|返岗|上班|销假|到岗|回单位)")
_SITS = lazy("[正还]?在(?:开会|参会)$")
"""县长在开会: now, and no absence"""
_VISIT = lazy(r"[^,。;\s]*(?:去看|看看|看望|探望|慰问|聚聚|庆祝)[^,。;]*")
"""老许住院了,周末去看看: the day of something else"""
_TELLS = lazy(r" ?(?:说|讲|让|叫|问|要求|提醒|通知)")
"""何县长说明天去调研: what somebody says is passed on"""


class _Shapes(NamedTuple):
    firm: re.Pattern[str]
    away: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    days: re.Pattern[str]


@lru_cache(maxsize=8)
def _shapes(words: LeaveWords) -> _Shapes:
    return _Shapes(
        re.compile(any_of(words.firm)),
        re.compile(any_of(words.away)),
        re.compile(rf"{any_of(words.stand_in)}[是为:由给 ]*$"),
        re.compile(rf"(?:来|去|帮忙|帮我|暂时|先|临时)?{any_of(words.stand_in_after)}"),
        re.compile(
            r"(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3}) ?"
            r"(?:天|(?P<weeks>个?(?:周|星期|礼拜)(?![一二三四五六日天末])))"
        ),
    )


def read_leave(scan: Scan, context: Context) -> Item | None:
    """Who is away and when; None where the message tells of no absence with a day to it."""
    words, shapes = context.words, _shapes(context.words.leave)
    plain = scan.mask
    firm, away = shapes.firm.search(plain), shapes.away.search(plain)
    if away and _SITS.search(plain[: away.end()]):
        away = None
    verb = firm or away
    if verb is None or has(plain, words.leave.none) or denied(plain, verb.start(), words.talk):
        return None
    if asks(plain, words.talk) or supposes(plain, words.talk):
        return None
    if firm is None and any(_TELLS.match(plain, mention.end) for mention in scan.people):
        return None
    stand_in = _stand_in(scan, verb.start(), shapes)
    period = _period(plain, context, shapes) or _period(_till(plain, verb.end()), context, shapes)
    plain_case = firm is not None or (stand_in is not None and period is not None)
    people, asked = _away(scan, stand_in, context, plain_case, verb.start(), period is not None)
    plainly = firm is not None and (people == (context.writer,) or _VAGUE.search(plain))
    if not (people or asked) or (period is None and not plainly):
        return None
    return Item(
        people=people,
        ambiguous=tuple(dict.fromkeys(name for names in asked for name in names)),
        choices=asked,
        period=period,
        stand_in=stand_in.person if stand_in else None,
        stand_ins=stand_in.names if stand_in and not stand_in.person else (),
    )


def _stand_in(scan: Scan, verb: int, shapes: _Shapes) -> PersonMention | None:
    for mention in scan.people:
        before = scan.mask[max(0, mention.start - 10) : mention.start]
        if shapes.before.search(before) or (
            mention.start > verb and shapes.after.match(scan.mask, mention.end)
        ):
            return mention
    return None


def _away(
    scan: Scan, stand_in: PersonMention | None, context: Context, firm: bool, verb: int, dated: bool
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Who is away, and those of whom one is meant; nobody named and 我 or a plain 请假: the writer."""
    named = [m for m in scan.people if m is not stand_in and m.start < verb]
    named = named or [
        m
        for m in scan.people
        if m is not stand_in and not re.search(r"(?:陪|跟|随|向|找)$", scan.mask[: m.start])
    ]
    own = re.search(r"本人|我(?!们|家|妈|爸|县|市|省|国|孩|儿|女|老)", scan.mask[: verb + 1])
    writer = context.writer if context.writer in context.roster.by_name else None
    if own and writer and not any(m.start < own.start() for m in named):
        along = [m for m in named if re.fullmatch("和|跟|与|、", scan.mask[own.end() : m.start])]
        return (writer, *(m.person for m in along if m.person)), tuple(m.names for m in along if not m.person)
    sure = tuple(dict.fromkeys(m.person for m in named if m.person))
    asked = tuple(m.names for m in named if not m.person)
    if sure or asked:
        return sure, asked
    if _SOMEBODY.match(scan.mask):
        return (), ()
    begins = re.match(r"\s*(?:报备|申请|特|需|要|想|因\S{1,12}|今天?|明天?|后天|[\s,:])*(?:请|休)", scan.mask)
    return ((writer,), ()) if writer and firm and (begins or dated) else ((), ())


def _till(plain: str, end: int) -> str:
    """The text up to the end of the clause in which the absence is told."""
    stop = re.search(r"[,。;\n]", plain[end:])
    return plain[: end + stop.start()] if stop else plain


def _period(plain: str, context: Context, shapes: _Shapes) -> Period | None:
    """The days named; "明天起请三天假" counts on from a single day. Nobody is away for most of a year."""
    plain = _DOTTED.sub(r"\g<month>月\g<day>日", _VAGUE.sub(" ", _VISIT.sub(" ", plain)))
    days = shapes.days.search(plain)
    count = (figure(days["n"]) or 0) * (7 if days["weeks"] else 1) if days else None
    named = _RETURNS.sub(" ", blank(plain, [days.span()])) if days else plain
    found = period_in(re.sub("起|开始", " ", named) if days else plain, context) or period_in(plain, context)
    if found and count and found[0] == found[1] and 1 < count <= _LONGEST:
        return found[0], found[0] + timedelta(days=count - 1)
    back = None if days or not found else _until_back(plain, found, context)
    found = back or found
    return found if found and _believable(found, context) else None


def _until_back(plain: str, found: Period, context: Context) -> Period | None:
    """在省里开会,周五回来: where only the day of the return is named, away from today to the day before."""
    if not _RETURNS.search(plain) or period_in(_RETURNS.sub(" ", plain), context) or found[0] != found[1]:
        return None
    today = context.calendar.local(context.reference).date()
    return (today, found[0] - timedelta(days=1)) if found[0] > today else None


def _believable(period: Period, context: Context) -> bool:
    """Told of these weeks, and not of most of a year."""
    begun = context.calendar.local(context.reference).date() - period[0]
    return begun.days < _LONG_AGO and (period[1] - period[0]).days < _LONGEST
