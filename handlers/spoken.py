"""Words that begin a message and say by themselves what is meant: 立项 …, 开会 …

One ordered list; the first that fits takes the message. What needs the grammar of whole sentences is read by
rules/reading instead.
"""

from __future__ import annotations

from collections.abc import Callable

from handlers import board, own_unit, petition, reading
from handlers.context import Turn
from handlers.meetings import SPOKEN as MEETINGS
from handlers.supervision import bulletin, campaigns, progress, task_import, tasks, visits
from rules.patterns import lazy
from rules.reading.register_no import read_register_no

SPOKEN: tuple[tuple[str, Callable[[Turn, str], None]], ...] = (
    ("诉求", petition.points),
    ("进展", progress.take),
    (own_unit.WORD, own_unit.show),
    (own_unit.CHANGE, own_unit.change),
    ("督查统计", visits.count),
    (visits.WORD, visits.record),
    ("看板", board.show),
    ("通报", bulletin.start),
    ("导入任务", task_import.ask),
    ("导入台账", task_import.ask),
    (campaigns.WORD, campaigns.start),
    ("进度", campaigns.numbers),
    ("目标", campaigns.goals_of),
    *MEETINGS,
    *tasks.SPOKEN,
)
"""a word, and who takes what is said after it; a line each"""

OF_A_MATTER = ("诉求", "进度", "目标", "会")
"""words that people also begin other messages with: they count where a register number follows"""
_NUMBER = lazy(r"\s*[\u3400-\u9fff]?\s*[〔\[【(（#]?\s*\d")
_ENDS = lazy(r"$|[\s:：，,0-9０-９#＃〔【\[(（督]")
_GOES_ON = lazy(r"(?:[一二三四五六七八九十]{1,3}月份?|[上本]个?月份?)$")
"""通报十一月, 进展本月: a month and nothing else, without a blank"""
_SERIES = ("督", "专", "会")


def _numbered(rest: str) -> bool:
    """督查督八号现场…, 进度专一号…: a register number with its series, without a blank."""
    found = read_register_no(rest.lstrip(" :：，,\u3000"), _SERIES)
    return found is not None and found.series is not None


def words() -> tuple[str, ...]:
    """What messages to the bot may begin with, in a group too."""
    return tuple(word for word, _ in SPOKEN)


def is_one(said: str) -> bool:
    """Whether a message begins with such a word."""
    return _found(said) is not None


def takes(turn: Turn) -> bool:
    """Give the message to whom it begins with the word of; False: it begins with none."""
    said = reading.plain(turn.text)
    found = _found(said)
    if found is None:
        return False
    word, take = found
    take(turn, _rest(said, word))
    return True


def taken_by(said: str) -> tuple[str, str] | None:
    """The word that a message begins with and what is said after it; None where it begins with none."""
    found = _found(said)
    return (found[0], _rest(said, found[0])) if found else None


def _rest(said: str, word: str) -> str:
    return said.removeprefix(word).strip(" :：，,\u3000")


def _found(said: str) -> tuple[str, Callable[[Turn, str], None]] | None:
    for word, take in SPOKEN:
        rest = said.removeprefix(word)
        if not said.startswith(word) or not (_ENDS.match(rest) or _GOES_ON.match(rest) or _numbered(rest)):
            continue
        if word not in OF_A_MATTER or _NUMBER.match(rest) or _numbered(rest):
            return word, take
    return None
