"""Finding a document, one's own work, help: messages that change nothing."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rules.patterns import lazy
from rules.reading.models import Context, Item
from rules.reading.normal import any_of, has, squeeze, tidy
from rules.reading.scan import Scan
from rules.reading.words import WishWords

_TOPIC = 30
"""characters of what is looked for"""


_ASKS_OWN = lazy(
    r"(?:帮我|给我|麻烦|请)?(?:看看|看下|看一下|查查|查下|列下|列一下)?[我俺](?:今[天日]|明[天日]|这两天|[本这下]周|[本这]个?月|现在|目前|手上|手头|这边|还|都){0,2}"
    r"(?:有|要|剩|该|得)(?:什么|啥|哪些|几|多少)[^,。]{0,6}(?:办|件|活|任务|签|处理)"
)
"""我今天有啥要办的"""


class _Shapes(NamedTuple):
    find: re.Pattern[str]
    last: re.Pattern[str]
    filler: re.Pattern[str]


@lru_cache(maxsize=8)
def _shapes(words: WishWords) -> _Shapes:
    ends = rf"[\s,。;:!?、的]|{any_of(words.fillers)}"
    asking = any_of(
        ("帮我", "帮忙", "帮", "麻烦", "请", "你", "能不能", "给我", "再", "先", "我想", "想", "我要", "把")
    )
    return _Shapes(
        re.compile(rf"^\s*(?:{asking}\s*)*(?P<verb>{any_of(words.find)})"),
        re.compile(rf"{any_of(words.find_last)}(?:吧|呗|啊|哈|谢谢)?[\s,。!?]*$"),
        re.compile(rf"^(?:{ends})+|(?:{ends})+$"),
    )


def wants_help(plain: str, context: Context) -> bool:
    """怎么用, 帮助: asked of the program, in few words."""
    words, said = context.words.wishes, squeeze(plain).strip("?。!,吗啊呢呀")
    if len(said) > 20:
        return False
    surely = tuple(word for word in words.help if word not in words.help_only)
    return (
        said in words.help or has(said, surely) or (has(said, words.help_only) and has(said, words.addressed))
    )


def wants_own(plain: str, context: Context) -> bool:
    """我的待办"""
    said = squeeze(plain)
    return len(said) <= 24 and (has(said, context.words.wishes.mine) or _ASKS_OWN.match(said) is not None)


def read_find(scan: Scan, context: Context) -> Item | None:
    """What is looked for: a number, a matter, words."""
    shapes = _shapes(context.words.wishes)
    verb, last = shapes.find.match(scan.mask), shapes.last.search(scan.mask)
    if verb is None and last is None:
        return None
    if scan.numbers:
        return Item(number=scan.numbers[0].text)
    if scan.registers:
        return Item(matter=scan.registers[0].number)
    plain = scan.text.plain
    rest = shapes.filler.sub("", plain[verb.end() :] if verb else plain[: last.start() if last else None])
    text = tidy(shapes.filler.sub("", rest))
    if text.isdecimal():
        return Item(matter=int(text))
    words = context.words.wishes
    glance = verb is not None and verb["verb"] in words.glance and not has(plain, words.papers)
    fits = 2 <= len(text) <= _TOPIC and not glance and not has(text, words.not_find)
    return Item(text=text) if fits else None
