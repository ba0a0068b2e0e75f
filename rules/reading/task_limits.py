"""Limits of a task that stand by themselves in its line: 限12月18日前, 年底, 明年一季度末."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from rules.patterns import lazy
from rules.reading.dates import Limit, limit_in
from rules.reading.models import Context, Doubt

OTHER_QUARTER = lazy(r"[一二三四1-4]季度")
"""a quarter by its number, which is read here only"""
_STRETCH = lazy(r"[^\s,。;!?、()]+")
_TIMED = lazy(
    r"(?:限期?|要求|确保|力争)?(?P<when>\S+?)(?:[之以]?前)?(?:全[部面])?(?:完成|办结|落实)?(?:到位)?"
)
_QUARTER = lazy(
    r"(?P<year>今年|明年|\d{4}年)?第?(?P<quarter>[一二三四1-4])季度[末底]?[之以]?前?(?:完成|办结)?"
)


def limits_alone(plain: str, context: Context) -> list[Limit]:
    """Every stretch between blanks and commas that says nothing but a limit."""
    found: list[Limit] = []
    for stretch in _STRETCH.finditer(plain):
        quarter, timed = _QUARTER.fullmatch(stretch.group(0)), _TIMED.fullmatch(stretch.group(0))
        when = _quarter_end(quarter) if quarter else timed["when"] if timed else ""
        limit = limit_in(f"{when}前", context) if when else None
        if limit and limit.start == 0 and limit.end >= len(when):
            found.append(Limit(limit.at, stretch.group(0), *stretch.span()))
    return found


def said_limit(labelled: Mapping[str, object], said: Sequence[Limit]) -> dict[str, object]:
    """The limit of a task, as `TaskReading` has it; of several that differ one has to be asked for."""
    at, words = labelled.get("due"), labelled.get("due_words")
    limits = [(at, str(words))] if isinstance(at, datetime) else []
    limits += [(one.at, one.words) for one in said]
    if len({at for at, _ in limits}) == 1:
        return {"due": limits[0][0], "due_words": limits[0][1]}
    joined = "、".join(dict.fromkeys(words for _, words in limits))
    doubt = Doubt(words=joined, at=tuple(sorted({at for at, _ in limits})))
    return {"due": None, "due_words": None, "unsure_due": doubt}


def _quarter_end(said: re.Match[str]) -> str:
    month = 3 * ("一二三四".find(said["quarter"]) + 1 or int(said["quarter"]))
    return f"{said['year'] or ''}{month}月底"


def in_clause(plain: str, limit: Limit, filler: re.Pattern[str]) -> bool:
    """改造工程年底前完工: a limit with the matter itself on both sides."""
    before = re.search(r"[^\s,。;、()]+$", plain[: limit.start])
    after = re.match(r"[^\s,。;、()]+", plain[limit.end :])
    return bool(before and after and not filler.fullmatch(after.group(0)))
