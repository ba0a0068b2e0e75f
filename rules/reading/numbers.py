"""Numbers in a text: Chinese figures, document numbers 发文字号, short register numbers 收文号."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rules.patterns import lazy
from rules.reading.normal import any_of
from rules.reading.words import NumberWords

_DIGITS = {
    c: n
    for n, group in enumerate(
        ("零〇○", "一幺壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for c in group
}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
CHINESE = "[" + "".join(_DIGITS) + "".join(_UNITS) + "]"
_DIGIT = "[" + "".join(_DIGITS) + r"\d]"
_LONGEST_RANGE = 30
"""matters a range like 15-17号件 may name"""
HAN = r"[\u3400-\u9fff]"


_AGAIN = lazy(
    r"(?:不对|错了|说错|打错|写错|搞错|更正|纠正)[^\d一二三四五六七八九十百,。;]{0,3}[,。:; ]{0,2}"
    rf"(?:应该|应当|应|文号|号)?(?:是|为)? ?第?(?P<n>\d{{1,5}}|{CHINESE}{{1,6}}) ?号(?!件)"
)


_TOWN_CODE = lazy("[\u3400-\u9fff]政(?:办|发|函)?")
"""柳政: a town's code, which no list has"""


class DocumentNumber(NamedTuple):
    """A 发文字号 in its normal form, where it stands, and whether it is only cited (根据国办发…)."""

    text: str
    start: int
    end: int
    cited: bool


class RegisterNumber(NamedTuple):
    """A short register number: 12 of 12号件, and where it stands."""

    number: int
    start: int
    end: int
    sure: bool = True
    """False for a bare 12号, which might be a day of the month"""


def figure(text: str) -> int | None:
    """The number that Chinese or ordinary digits say: 二十六, 一百零三, 二零二六, 12; None for other text."""
    if text.isascii() and text.isdigit():
        return int(text)
    if not text or any(c not in _DIGITS and c not in _UNITS and not c.isdecimal() for c in text):
        return None
    if not any(c in _UNITS for c in text):
        return int("".join(str(_DIGITS.get(c, c)) for c in text))
    total, digit = 0, 0
    for char in text:
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            digit = _DIGITS[char] if char in _DIGITS else int(char)
    return total + digit


# Document numbers

_OPEN, _CLOSE = r"[\[〔【(〖<《{「『]", r"[\]〕】)〗>》}」』]"
_SAID = r"(?:左|右|前|后)?(?:六角|方|圆|小|中|大|中)?括[号弧]"


class _Shapes(NamedTuple):
    number: re.Pattern[str]
    citing: re.Pattern[str]
    stops: re.Pattern[str]
    order: re.Pattern[str]
    label: re.Pattern[str]


@lru_cache(maxsize=8)
def _shapes(words: NumberWords) -> _Shapes:
    code = rf"(?P<code>{HAN}[\u3400-\u9fffA-Za-z]{{0,23}}?) ?"
    year = rf"(?P<year>{_DIGIT}{{4}}) ?年?"
    figures = rf"第? ?(?P<n>\d{{1,5}}|{CHINESE}{{1,7}})"
    bracketed = rf"(?:{_OPEN}|{_SAID}) ?{year} ?(?:{_CLOSE}|{_SAID}) ?{figures} ?号?"
    year2 = rf"(?P<year2>20\d\d|二[零〇○]{_DIGIT}{{2}})"
    open_year = rf"(?:{year2} ?[年\-字]? ?第? ?(?P<n2>\d{{1,4}}|{CHINESE}{{1,7}}) ?号)"
    return _Shapes(
        re.compile(rf"{code}(?:{bracketed}|{open_year})"),
        re.compile(rf"{any_of(words.citing)}(?![^,。;\n]*(?:文号|字号|》 *(?! *[(])))[^,。;\n]{{0,40}}$"),
        re.compile(any_of(words.stops)),
        re.compile(rf"(?P<code>{HAN}{{1,12}}令) ?第? ?(?P<n>\d{{1,4}}|{CHINESE}{{1,5}}) ?号"),
        re.compile(r"(?:文号|字号|文件号|发文号)[是为: ]*$"),
    )


def document_numbers(plain: str, words: NumberWords) -> tuple[DocumentNumber, ...]:
    """All document numbers of a text in order, cited ones marked."""
    shapes = _shapes(words)
    found: list[DocumentNumber] = []
    for match in shapes.number.finditer(plain):
        year = figure(match["year"] or match["year2"])
        count = figure(match["n"] or match["n2"])
        code_at = match.start() + _code_start(match["code"], words, shapes)
        code = plain[code_at : match.end("code")]
        if not year or not 1950 <= year <= 2099 or not count or not code or code in words.series:
            continue
        labelled = shapes.label.search(plain, max(0, code_at - 8), code_at) is not None
        if match["year"] is None and (
            len(code) < 2 or not (code[0] in words.heads or labelled or _TOWN_CODE.fullmatch(code))
        ):
            continue
        cited = shapes.citing.search(plain, max(0, code_at - 60), code_at) is not None
        found.append(DocumentNumber(f"{code}〔{year}〕{count}号", code_at, match.end(), cited))
    return _corrected(found, plain)


def _corrected(found: list[DocumentNumber], plain: str) -> tuple[DocumentNumber, ...]:
    """云财〔2026〕23号…哦不对,是26号: the last number said is meant."""
    again = found and _AGAIN.search(plain, found[-1].end)
    if not again or not (count := figure(again["n"])):
        return tuple(found)
    last = found[-1]
    return (*found[:-1], last._replace(text=f"{last.text.rpartition('〕')[0]}〕{count}号"))


def _code_start(run: str, words: NumberWords, shapes: _Shapes) -> int:
    """Where in a run of characters before the year the code of the issuing office begins."""
    ends = [0, *(m.end() for m in shapes.stops.finditer(run))]
    starts = [at for at in ends if len(run) - at >= 2] or [0]
    headed = [at for at in starts if run[at] in words.heads]
    if headed:
        return headed[-1]
    inner = [at for at in range(starts[-1], len(run) - 1) if run[at] in words.heads]
    return inner[0] if inner and inner[0] - starts[-1] >= 2 else starts[-1]


# Register numbers


OWN_SERIES = lazy(r"(?:建议|提案|议案|令|公告) ?第 ?[\d〇零一二三四五六七八九十百]{1,5} ?号")
"""政协提案第35号, 省政府令第320号: a number those who send such papers count by"""


class _Signs(NamedTuple):
    series: re.Pattern[str]
    signed: re.Pattern[str]
    spoken: re.Pattern[str]
    listed: re.Pattern[str]
    more: re.Pattern[str]
    leading: re.Pattern[str]
    range_before: re.Pattern[str]
    not_day_before: re.Pattern[str]
    day_before: re.Pattern[str]
    day_after: re.Pattern[str]
    thing_before: re.Pattern[str]


@lru_cache(maxsize=8)
def _signs(words: NumberWords) -> _Signs:
    figures = rf"(?:\d{{1,5}}|{CHINESE}{{1,6}})"
    paper = any_of(words.papers)
    label = any_of(words.labels_of_register)
    after_listed = rf"[和跟与及都均已也全两三几同]|还有|以及|一起|{any_of(words.acts_after_bare)}"
    join = r" ?(?:[、,/和跟与及]|还有|以及) ?"
    return _Signs(
        re.compile(rf"{any_of(words.series)} ?{_OPEN}\d{{4}}{_CLOSE} ?第?(?P<n>\d{{1,5}}) ?号?"),
        re.compile(
            rf"(?:# ?(?P<a>\d{{1,5}})|(?<!\d)(?P<b>\d{{1,5}}) ?#|{label} ?[是为:]? ?第?(?P<c>{figures}))"
            rf"(?!\d)(?: ?号)?{paper}?"
        ),
        re.compile(rf"(?<![\d.年月第]) ?第? ?(?P<n>{figures}) ?号 ?(?P<paper>{paper})?"),
        re.compile(rf"(?:(?<![\d.月])(?:\d{{1,5}} ?号?{join}|\d{{1,3}} )){{1,20}}$"),
        re.compile(rf"(?: ?[、, ] ?\d{{1,5}}(?: ?号|(?= ?(?:$|[^\u3400-\u9fff\d:/.%-]|{after_listed}))))*"),
        re.compile(rf"^\s*(?P<n>\d{{1,5}})(?= ?{any_of(words.acts_after_bare)})"),
        re.compile(r"(?<![\d.])(?P<n>\d{1,5}) ?号? ?[-~至到] ?$"),
        re.compile(rf"{any_of(words.not_day_before)} ?$"),
        re.compile(rf"{any_of(words.day_before)} ?$"),
        re.compile(rf" ?(?:{any_of(words.day_after)}|[到至-] ?(?:\d|{CHINESE}|[本下这]?周|[月年]底|[明后]))"),
        re.compile(rf"{any_of(words.thing_before)}$"),
    )


def register_numbers(plain: str, words: NumberWords) -> tuple[RegisterNumber, ...]:
    """The short register numbers of a text in order; days of a month, rooms and the like are none.

    What is a document number or stands in a title has to be blanked out before.
    """
    signs = _signs(words)
    found: dict[int, RegisterNumber] = {}
    for match in signs.series.finditer(plain):
        _add(found, match["n"], match.start(), match.end())
    for match in signs.signed.finditer(plain):
        _add(found, match["a"] or match["b"] or match["c"], match.start(), match.end())
        _add_listed(found, plain, match.start(), signs)
        more_at = signs.more.match(plain, match.end())
        for more in re.finditer(r"\d+", more_at.group(0) if more_at else ""):
            _add(found, more.group(0), match.end() + more.start(), match.end() + more.end())
    for match in signs.spoken.finditer(plain):
        if not _add_range(found, plain, match, signs) and _is_register(plain, match, signs):
            sure = bool(match["paper"]) or (figure(match["n"]) or 0) > 31
            _add(found, match["n"], match.start(), match.end(), sure)
            _add_listed(found, plain, match.start("n"), signs)
    bare = signs.leading.match(plain)
    if bare and not found and bare["n"] not in words.hotlines:
        _add(found, bare["n"], bare.start("n"), bare.end("n"))
    return tuple(sorted(found.values(), key=lambda number: (number.start, number.number)))


def _add(found: dict[int, RegisterNumber], digits: str, start: int, end: int, sure: bool = True) -> None:
    number = figure(digits)
    if number and number not in found and not any(n.start < end and start < n.end for n in found.values()):
        found[number] = RegisterNumber(number, start, end, sure)


def _add_range(found: dict[int, RegisterNumber], plain: str, match: re.Match[str], signs: _Signs) -> bool:
    """15-17号件: every matter between; without 件 such a range is rather one of days, and none is taken."""
    first = signs.range_before.search(plain, max(0, match.start("n") - 12), match.start("n"))
    if first is None:
        return False
    low, high = int(first["n"]), figure(match["n"]) or 0
    if match["paper"] and 0 < high - low <= _LONGEST_RANGE:
        for number in range(low, high + 1):
            found[number] = RegisterNumber(number, first.start(), match.end())
    return True


def _add_listed(found: dict[int, RegisterNumber], plain: str, at: int, signs: _Signs) -> None:
    """The numbers before `at` that share its 号: 18、19、21号."""
    listed = signs.listed.search(plain, max(0, at - 60), at)
    if listed is None:
        return
    for match in re.finditer(r"\d+", listed.group(0)):
        _add(found, match.group(0), listed.start() + match.start(), listed.start() + match.end())


def _in_own_series(plain: str, at: int) -> bool:
    return any(found.start() < at < found.end() for found in OWN_SERIES.finditer(plain, max(0, at - 8)))


def _is_register(plain: str, match: re.Match[str], signs: _Signs) -> bool:
    before, number = plain[max(0, match.start() - 12) : match.start("n")], figure(match["n"])
    if not number or signs.thing_before.search(before) or _in_own_series(plain, match.start("n")):
        return False
    if match["paper"]:
        return True
    if signs.day_after.match(plain, match.end()):
        return False
    return bool(signs.not_day_before.search(before)) or not signs.day_before.search(before)
