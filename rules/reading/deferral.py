"""A new limit asked for (V10): which date of the sentence it is, and the reason."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from rules.patterns import lazy
from rules.reading.dates import Limit, doubt_in, limit_in, past_limit_in
from rules.reading.models import Context, Doubt
from rules.reading.normal import any_of, has, tidy, words_in
from rules.reading.scan import Scan, blank
from rules.reading.words import ActWords

ASKING = lazy(r"能不能|能否|可否|可不可以|行不行|好不好|行吗|可以吗|好吗")
"""a request put as a question"""
_CLAUSE = lazy(r"[^,，。;；!！?？\n]+")


class Deferral(NamedTuple):
    """Until when, and why."""

    limit: Limit | None
    reason: str | None
    past: str | None = None
    """the words of a limit that is over already"""
    doubt: Doubt | None = None
    """a limit that can mean several instants"""


class _Shapes(NamedTuple):
    reason: re.Pattern[str]
    courtesy: re.Pattern[str]
    limit_word: re.Pattern[str]


@lru_cache(maxsize=8)
def _shapes(words: ActWords) -> _Shapes:
    edge = rf"[\s,，。;；:：!！?？、()（）]|{any_of(words.courtesy)}"
    return _Shapes(
        re.compile(rf"{any_of(words.reasons)}[:,是 ]*"),
        re.compile(rf"^(?:{edge})+|(?:{edge})+$"),
        re.compile(any_of(words.limit_words)),
    )


def read_deferral(scan: Scan, verbs: Iterable[tuple[int, int]], context: Context) -> Deferral:
    """`verbs` are the places of the words that ask for it, in order.

    The limit is None where only a length is asked for: it counts from a limit that only the register knows.
    """
    plain = _without_old(ASKING.sub(_blanks, scan.unnumbered), context.words.acts)
    places = sorted(verbs)
    for start, end in reversed(places):
        limit = _limit_from(plain, start, context)
        if limit:
            return Deferral(limit, _reason(scan, start, end, limit, context))
    start, end = places[0]
    limit = _limit_before(plain, start, context)
    past = None if limit else _past(plain[start:], context)
    doubt = None if limit else doubt_in(plain[start:], context)
    return Deferral(limit, _reason(scan, start, end, limit, context), past, doubt)


def _past(tail: str, context: Context) -> str | None:
    clauses = [tail, *re.findall(r"[^,。;!?\s]+", tail)]
    return next((words for clause in clauses if (words := past_limit_in(clause, context))), None)


def _without_old(plain: str, words: ActWords) -> str:
    """Without the clauses about the limit so far (12月4日前完不成) and those that give the reason."""
    old = (
        clause.span()
        for clause in _CLAUSE.finditer(plain)
        if has(clause.group(0), words.not_in_time) and not has(clause.group(0), words.defer)
    )
    because = (
        _without_request(plain, clause, words)
        for clause in _CLAUSE.finditer(plain)
        if re.match(any_of(words.reasons), clause.group(0).strip())
    )
    return blank(plain, [*old, *because])


def _without_request(plain: str, clause: re.Match[str], words: ActWords) -> tuple[int, int]:
    """The reason of 因招标流标 延期至12月15日, up to the blank behind which it is asked for."""
    asked = re.search(rf" +(?:申请|请求|请|想|拟|需|要)?{any_of(words.defer)}", clause.group(0))
    return clause.start(), clause.start() + asked.start() if asked else clause.end()


def _limit_from(plain: str, start: int, context: Context) -> Limit | None:
    tail = words_in(context.words.acts.hopes).sub(" ", plain[start:])
    whole = limit_in(tail, context)
    if whole:
        return whole
    clauses = (c for c in re.findall(r"[^,。;!?\s]+", tail) if not re.search("[已了过刚收]", c))
    return next((limit for clause in clauses if (limit := limit_in(clause, context))), None)


def _limit_before(plain: str, start: int, context: Context) -> Limit | None:
    """到12月10日才能交,申请延期"""
    clauses = (c for c in re.findall(r"[^,。;!?\n]+", plain[:start]) if "才" in c)
    return next((limit for clause in clauses if (limit := limit_in(clause, context))), None)


def _reason(scan: Scan, start: int, end: int, limit: Limit | None, context: Context) -> str | None:
    """What stands after 因 or 理由; else what is said after the new limit, else before the verb."""
    shapes = _shapes(context.words.acts)
    given = blank(scan.text.given, ((r.start, r.end) for r in scan.registers))
    named = shapes.reason.search(scan.mask)
    if named:
        return tidy(re.split(r"[,，。;；\n]", given[named.end() :])[0]) or None
    at = scan.mask.find(limit.words, start) if limit else -1
    after = max(end, at + len(limit.words)) if limit and at >= 0 else end
    between = given[end:at] if end < at else ""
    for stretch, least in ((given[after:], 2), (given[:start], 3), (between, 3)):
        clauses = [tidy(shapes.courtesy.sub("", c)) for c in re.split(r"[,，。;；!！?？\n]| +", stretch)]
        told = [c for c in clauses if len(shapes.limit_word.sub("", c)) >= least]
        if told:
            return "，".join(told)
    return None


def _blanks(match: re.Match[str]) -> str:
    return " " * len(match.group(0))
