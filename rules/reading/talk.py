"""Whether a stretch of text asks, denies or only supposes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rules.patterns import lazy
from rules.reading.normal import any_of
from rules.reading.words import TalkWords

_SOME = lazy(r"[十百千好这那]几")
"""二十几个, 这几件: some, not how many"""


class _Shapes(NamedTuple):
    question: re.Pattern[str]
    condition: re.Pattern[str]
    denial: re.Pattern[str]


@lru_cache(maxsize=8)
def _shapes(words: TalkWords) -> _Shapes:
    return _Shapes(
        re.compile(any_of(words.question)),
        re.compile(any_of(words.conditions)),
        re.compile(
            rf"{any_of(words.denials)}(?:(?:把|将)[^,。;\n]{{0,14}}|给我|给|再|急着|就|忙着|能|要|让|去|来|做)?$"
        ),
    )


def asks(plain: str, words: TalkWords) -> bool:
    """Whether the text is put as a question."""
    return _shapes(words).question.search(_SOME.sub("", plain)) is not None


def supposes(plain: str, words: TalkWords) -> bool:
    """Whether the text speaks of what may come: 如果…, …的话, 等…再说."""
    return _shapes(words).condition.search(plain) is not None


def denied(plain: str, at: int, words: TalkWords) -> bool:
    """Whether the verb that begins at `at` is taken back: 先别办结, 不用登记, 还没签收."""
    before = re.sub(r"能不能|可不可以|行不行|是不是|要不要", "|", plain[max(0, at - 12) : at])
    return _shapes(words).denial.search(before) is not None
