"""D13: classified papers are found before anything is kept, echoed or written down.

A mark counts wherever a mark can stand: with its star and term, in brackets, alone on a line or between
blanks, in a field, before the kind of paper, in the writer's own words. Words that merely hold 密 do not.
In doubt the text is refused: a paper refused too much costs a walk, one taken too much breaks the law.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from rules.reading.normal import any_of, has, read, words_in
from rules.reading.words import Secrecy

Screened = Literal["classified", "internal", "mention"] | None

_GAP = r"[\s·.\-_*/|~+、,]{0,4}"
_EDGE_LEFT, _EDGE_RIGHT = r"(?<![\u3400-\u9fff])", r"(?![\u3400-\u9fff])"
_TERM = r"(?:\s*(?:[0-9一二三四五六七八九十]{1,3}\s*(?:年|个?月)|长期|永久))?"


def screen(text: str, secrecy: Secrecy) -> Screened:
    """Whether a text, a file name or a file's first page is or may be classified (D13).

    "classified": refuse before storing anything; "internal": ask whether it may be entered; "mention": only
    warn; None: nothing.
    """
    plain = words_in(secrecy.unrelated).sub("", read(text).plain)
    if _initials(secrecy).search(plain):
        return "classified"
    if "密" not in plain and not has(plain, secrecy.internal):
        return None
    if _marked(plain, secrecy) or _hinted(plain, secrecy):
        return "classified"
    if has(plain, secrecy.internal):
        return "internal"
    return "mention" if has(plain, secrecy.mentions) else None


@lru_cache(maxsize=8)
def _initials(secrecy: Secrecy) -> re.Pattern[str]:
    """JM文件, 机M件: a level that somebody shies from writing."""
    typed = any_of(secrecy.initials)
    return re.compile(rf"(?<![0-9a-z.])(?<![0-9] ){typed} ?{any_of(secrecy.initials_of)}", re.IGNORECASE)


class _Marks(NamedTuple):
    field: re.Pattern[str]
    bare: tuple[re.Pattern[str], ...]
    """marks wherever they stand, in a title too"""
    harmless: re.Pattern[str]
    """titles and ordinary words, in which a level is only spoken of"""
    worded: tuple[re.Pattern[str], ...]


@lru_cache(maxsize=8)
def _marks(secrecy: Secrecy) -> _Marks:
    level = "(?:" + "|".join(_GAP.join(word) for word in secrecy.levels) + ")"
    paper = any_of(secrecy.papers)
    titles = rf"《[^《》\n]{{1,150}}》|关于[^,。;:!?\s()\[\]【】〔〕]{{2,80}}?的{paper}"
    words = rf"(?<![机機绝絕秘祕])(?!{any_of(secrecy.spoken)}){any_of(secrecy.harmless)}"
    value = rf"(?!{any_of(secrecy.no_level)})([^\s,。;]+)"
    field = rf"{any_of(secrecy.fields)}[^\S\n]*(?:[:=|\t]|为|是|定为|[^\S\n])[^\S\n]*{value}"
    return _Marks(
        re.compile(field),
        tuple(re.compile(p, re.MULTILINE) for p in _bare(level, paper, secrecy)),
        re.compile(f"{titles}|{words}"),
        tuple(re.compile(p) for p in _worded(level, paper, secrecy)),
    )


def _bare(level: str, paper: str, secrecy: Secrecy) -> tuple[str, ...]:
    left, right = r"[\[【(〔{<「『“\"'‘]\s*", r"\s*[\]】)〕}>」』”\"'’]"
    return (
        rf"{level}\s*{any_of(secrecy.stars)}",
        rf"{any_of(secrecy.fields)}{_GAP}{level}",
        rf"{left}{level}\s*(?:级|件|文件)?{_TERM}{right}",
        rf"{left}{any_of(secrecy.spoken)}的?{paper}?{right}",
        rf"{_EDGE_LEFT}{level}(?:级|件|文件)?{_TERM}{_EDGE_RIGHT}",
        rf"(?:^|[\s_,。;]){level}(?=关于|[市省县]|中央|国务院)",
    )


def _worded(level: str, paper: str, secrecy: Secrecy) -> tuple[str, ...]:
    """A level or 涉密 in a sentence. Quantifiers with `+` give nothing back: what follows is looked at."""
    spoken, says, this = any_of(secrecy.spoken), any_of(secrecy.says), any_of(secrecy.this_one)
    not_denied = "".join(f"(?<!{re.escape(word)})" for word in secrecy.denials)
    not_ordinary = rf"(?!{any_of(secrecy.ordinary)})"
    in_particular = rf"(?!{any_of(secrecy.ordinary)}|{any_of(secrecy.general)})"
    return (
        rf"{not_denied}{level}的?+{paper}{in_particular}",
        rf"{this}{level}的?+{paper}{not_ordinary}",
        rf"{not_denied}{says}(?:了|个|一份)?{level}的?+{not_ordinary}",
        rf"{any_of(secrecy.treated)}(?:{level}|{spoken}){paper}?(?:来|去)?(?:管理|处理|办|登|走|保管)",
        rf"{not_denied}{spoken}的?+{paper}?+{in_particular}",
        rf"{not_denied}{says}{spoken}的",
        rf"{this}{spoken}的?+{paper}{not_ordinary}",
        rf"{this}{level}的",
    )


def _marked(plain: str, secrecy: Secrecy) -> bool:
    marks = _marks(secrecy)
    if any(pattern.search(plain) for pattern in marks.bare) or _field_says(plain, marks, secrecy):
        return True
    told = marks.harmless.sub("_", plain)
    closed_up = marks.harmless.sub("_", re.sub(r"(?<=[\u3400-\u9fff]) +(?=[\u3400-\u9fff])", "", plain))
    return any(
        not _forbids(text, match, secrecy)
        for text in (told, closed_up)
        for pattern in marks.worded
        for match in pattern.finditer(text)
    )


def _hinted(plain: str, secrecy: Secrecy) -> bool:
    """带个密字的件: a 密 that is part of no word known, in a clause that speaks of a paper."""
    known = (*secrecy.harmless, *secrecy.lone_not, *secrecy.spoken, *secrecy.levels, *secrecy.fields)
    told = words_in(known).sub("_", _marks(secrecy).harmless.sub("_", plain))
    clauses = re.split(r"[,。;!?\n]", told)
    return any("密" in clause and has(clause, secrecy.lone_papers) for clause in clauses)


def _forbids(told: str, match: re.Match[str], secrecy: Secrecy) -> bool:
    """群里不要发涉密内容: a rule for everybody, unless 这份 or the like says that one paper is meant."""
    clause = re.split(r"[,。;!?\s]", told[: match.start()])[-1] + match.group(0)
    return has(clause, secrecy.prohibitions) and not has(clause, secrecy.this_one)


def _field_says(plain: str, marks: _Marks, secrecy: Secrecy) -> bool:
    """A filled 密级 field. Without a colon it may be a table's heading: then it has to be a level."""
    return any(
        ":" in found.group(0) or has(found.group(1), secrecy.levels) for found in marks.field.finditer(plain)
    )
