"""Words that begin a message and say by themselves what is meant: 立项 …, 开会 …

One ordered list; the first that fits takes the message. What needs the grammar of whole sentences is read by
rules/reading instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from handlers import board, own_unit, petition, reading
from handlers.context import Turn
from handlers.meetings import SPOKEN as MEETINGS
from handlers.supervision import bulletin, campaigns, progress, task_import, tasks, visits

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
_NUMBER = re.compile(r"\s*[\u3400-\u9fff]?\s*[〔\[【(（#]?\s*\d")


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
    take(turn, said.removeprefix(word).strip(" :：，,"))
    return True


def _found(said: str) -> tuple[str, Callable[[Turn, str], None]] | None:
    for word, take in SPOKEN:
        if not re.match(rf"{re.escape(word)}(?=$|[\s:：，,0-9〔【\[(（督])", said):
            continue
        if word not in OF_A_MATTER or _NUMBER.match(said.removeprefix(word)):
            return word, take
    return None
