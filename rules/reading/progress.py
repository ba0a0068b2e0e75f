"""A report of progress in one sentence (V3): 完成60%，管网已铺设12公里 → 60 and the words."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from rules.patterns import lazy
from rules.reading.normal import read
from rules.reading.numbers import CHINESE, figure

_PERCENT = lazy(
    rf"(?P<before>.{{0,8}}?)(?:(?P<figure>\d{{1,4}}(?:\.\d+)?) ?%"
    rf"|百分之(?P<hundredth>\d{{1,4}}|{CHINESE}{{1,5}})"
    rf"|(?P<tenth>[1-9]|[一二三四五六七八九])成(?![立为果员绩效本])(?P<half>半|[一二三四五六七八九])?)"
)
_NOT_PROGRESS = lazy(
    r"(?:增长|下降|增加|减少|提高了?|降低了?|同比|环比|占比?|增幅|降幅|剩余?|还剩|尚余|[由从])[^,。;]{0,3}$"
)
# what leads up to it and says nothing by itself
_LEAD = lazy(
    r"(?:目前|现在|现|总体|整体|累计|工程|任务|项目|已经|已|约|大约|基本){0,3}"
    r"(?:完成|进度|进展|推进|达到?|到|至|了|是|为|约|[:：]| )*$"
)
_REACHED = lazy(r"[到至达]\s*$")
_ALL = lazy(r"(?:已经?|现已)?(?:全部|全面)?(?:完成|完工|办结|竣工)了?[。!！]?")
_NONE = lazy(r"(?:暂|尚|还)?(?:未|没有?)(?:启动|开工|开始|动工)[。!！]?")
_UNCHANGED = lazy(
    r"(?:与上(?:次|期|月)(?:相同|一样)|同上(?:次|期|月)?|(?:暂?无|没有?)(?:新的?)?(?:变化|进展))[。!！]?"
)
_DAY = lazy(r"截[至止到]\s*(?:目前)?(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})[日号]")
_BARE = lazy(r"\d{1,3}")


class Told(NamedTuple):
    """How far it is said to be (None: not said), and the words beside it; `unchanged`: as last time."""

    percent: int | None
    words: str
    unchanged: bool = False


def read_progress(text: str, *, bare: bool = False) -> Told:
    """What a sentence says of progress. `bare`: a number alone is a percentage (it was asked for).

    Of several percentages the one after 到 or 至, else the first that is no growth, share or rest.
    Raises ValueError for one over a hundred.
    """
    said = text.strip()
    plain = read(said).plain
    if _UNCHANGED.fullmatch(plain):
        return Told(None, "", unchanged=True)
    if _ALL.fullmatch(plain):
        return Told(100, said)
    if _NONE.fullmatch(plain):
        return Told(0, said)
    if bare and _BARE.fullmatch(plain):
        return Told(_checked(float(plain)), "")
    every = list(_PERCENT.finditer(plain))
    reached = [one for one in every if _REACHED.search(_before(plain, one))]
    found = reached or [one for one in every if not _NOT_PROGRESS.search(_before(plain, one))]
    if not found:
        return Told(None, said)
    one = found[0]
    return Told(_checked(_value(one)), _words(said, plain, one, alone=len(every) == 1))


def _before(plain: str, found: re.Match[str]) -> str:
    return plain[: _start(found)]


def _start(found: re.Match[str]) -> int:
    """Where the figure itself begins."""
    return found.end("before")


def _value(found: re.Match[str]) -> float:
    if found["figure"]:
        return float(found["figure"])
    if found["hundredth"]:
        return float(figure(found["hundredth"]) or 0)
    return float(figure(found["tenth"]) or 0) * 10 + (
        5 if found["half"] == "半" else figure(found["half"] or "") or 0
    )


def _checked(value: float) -> int:
    if value > 100:
        raise ValueError(f"{value:g}%")
    return int(value)


def _words(said: str, plain: str, found: re.Match[str], *, alone: bool) -> str:
    """The words without the percentage, where it stands apart at the beginning or the end."""
    if len(said) != len(plain) or not alone:
        return said
    lead = _LEAD.search(plain[: _start(found)])
    start = lead.start() if lead else _start(found)
    before, after = said[:start].strip(" ,，。;；、:："), said[found.end() :].strip(" ,，。;；、:：")
    return said if before and after else before or after


def said_day(text: str, today: date) -> date | None:
    """The day a report is said to be of: 截至11月20日, 截止20日; the latest such day that is not to come.

    None where it names none. Raises ValueError for a day that is none.
    """
    found = _DAY.search(read(text).plain)
    if found is None:
        return None
    month, day = int(found["month"] or 0), int(found["day"])
    if not month:
        first = today.replace(day=1) if day <= today.day else (today.replace(day=1) - timedelta(days=1))
        return first.replace(day=day)
    year = int(found["year"]) if found["year"] else today.year - ((month, day) > (today.month, today.day))
    return date(year, month, day)
