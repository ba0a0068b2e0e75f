"""What a question asks for: a measure, filters, and whether it leans on what was asked before."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from rules.patterns import lazy
from rules.reading.dates import limit_in, past_period_in, period_in
from rules.reading.message import read_message
from rules.reading.misnamed import holder_named
from rules.reading.models import Context, Measure, Period, Procedure, QuestionReading, State
from rules.reading.normal import any_of, has, read, squeeze, tidy, without_mention, words_in
from rules.reading.scan import Scan, blank, scan
from rules.reading.words import QuestionWords

_QUOTED = lazy(r"[“\"「『]([^“”\"「」『』\n]{2,30})[”\"」』]")
_WITHIN = lazy(r"[\d一二两三四五六七八九十半]{1,3}个?(?:工作日|天|日|周|星期|月|小时)(?:之|以)?内")
_THOSE = lazy("的?[那这][几个些]+[个件份]?")
_NO_DATE = lazy(r"一共|一直|一起|一般|超过[^,。;\s]{1,6}(?:天|日|周|月)")
"""words beside a date that `rules/when` would read as part of one"""
_NOT_A_TOPIC = r"(?![\u3400-\u9fff]{2,10}的(?:请示|通知|报告|件|文|事|函))"
"""热线 asks for letters, 热线平台建设的请示 does not"""
_NUMBER_OF = lazy("[件文示结办期访阅来]数(?![据字码学])")
"""本周办结数"""
_TILL_NOW = lazy("(?:以来|至今|到现在|到今天|到目前)")
_AHEAD = timedelta(days=31)
_DECIDES = lazy(r"(?:都|已经?|是否|有没有|还)?没?(?:批|签|看|阅|审|同意|定|圈)")
"""县长批了吗: who is to decide on a named paper; the question is not about what that person holds"""
_TOPIC = 30
"""characters of a keyword"""


def read_question(text: str, context: Context) -> QuestionReading:
    """How a question was read. What it does not say stays empty."""
    seen = scan(without_mention(read(text)), context)
    words, quoted = context.words.question, _QUOTED.search(seen.mask)
    plain = blank(seen.unnumbered, [quoted.span()]) if quoted else seen.unnumbered
    plain = re.sub(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])", "", plain)
    number = seen.numbers[0].text if seen.numbers else None
    matter = seen.registers[0].number if seen.registers else None
    mine = has(words_in(words.not_mine).sub("|", plain), words.mine)
    measure = _measure(plain, mine, words)
    topic = None if number or matter else quoted[1] if quoted else _topic(seen, measure, context)
    state = _state(plain, measure, bool(number or matter or topic), words)
    on_paper = measure == "progress" and bool(number or matter)
    units, people, ambiguous = _whose(seen, on_paper, context)
    named = (bool(number or matter or topic), bool(units or people))
    return QuestionReading(
        act=_act(plain, measure, state, mine, (topic or number, matter), words),
        measure=measure,
        procedures=_procedures(plain, words),
        units=units,
        people=people,
        ambiguous=ambiguous,
        mine=mine,
        state=state,
        period=_period(seen, state, context),
        text=topic,
        number=number,
        matter=matter,
        refers_back=_refers_back(_without_named(seen, words), *named, words),
    )


def is_question(text: str, context: Context) -> bool:
    """Whether a message asks about the office's matters, so that `read_question` should answer it."""
    message = read_message(text, context)
    if message.refused or not (message.unread or message.act in ("find", "mine")):
        return False
    if not message.unread:
        return True
    plain, words = without_mention(read(text)).plain, context.words
    asked = has(plain, words.talk.question) or _bare_filter(plain, words.question)
    return asked and _about_matters(plain, read_question(text, context))


def _about_matters(plain: str, asked: QuestionReading) -> bool:
    named = asked.number or asked.matter or asked.procedures or asked.state or asked.refers_back
    return bool(named) or asked.measure != "list" or _names_papers(plain) or holder_named(plain)


def _names_papers(plain: str) -> bool:
    papers = r"(?:件|文|通知|请示|来信|公文|督办)(?![\u3400-\u9fff]*(?:打印|复印))"
    return re.search(papers, plain) is not None


def _bare_filter(plain: str, words: QuestionWords) -> bool:
    """A list asked for without a question word: 我的逾期件, 本月办结的请示列个单子."""
    said = (*words.overdue, *words.due_soon, *words.open, *words.closed, *words.back_start)
    return len(squeeze(plain)) <= 24 and has(plain, said)


def _measure(plain: str, mine: bool, words: QuestionWords) -> Measure:
    if has(plain, words.average_time):
        return "average_time"
    if has(plain, words.rank):
        return "rank"
    if not mine and not _unsigned(plain, words) and has(plain, words.unread) and has(plain, words.unread_who):
        return "unread"
    if has(plain, words.holder):
        return "holder"
    if _NUMBER_OF.search(plain) or has(
        re.sub("[那这哪]几[件个份]|[文编件字]号是?多少", "", plain), words.count
    ):
        return "count"
    if has(plain, words.progress) and not has(plain, words.overdue):
        return "progress"
    return "list"


def _state(plain: str, measure: Measure, named: bool, words: QuestionWords) -> State | None:
    """Who holds one named paper is asked whatever its state; 谁手上有逾期的 asks for those that are late."""
    if measure in ("progress", "unread", "average_time") or (measure == "holder" and named):
        return None
    if measure == "holder":
        return "due_soon" if _soon(plain, words) else "overdue" if has(plain, words.overdue) else None
    if has(plain, words.waiting_signature) or _waits(plain, words) or _unsigned(plain, words):
        return "waiting_signature"
    if _soon(plain, words):
        return "due_soon"
    if has(plain, words.overdue):
        return "overdue"
    if has(plain, words.open):
        return "open"
    return "closed" if has(plain, words.closed) else None


def _unsigned(plain: str, words: QuestionWords) -> bool:
    """许主任那里还有几个没签: what waits for a signature there, not who has not signed."""
    return (
        re.search(
            rf"(?:那里|那边|那儿|那|手上|手里|桌上)[^,。;谁]{{0,8}}?没{any_of(words.signs)}(?!收)", plain
        )
        is not None
    )


def _waits(plain: str, words: QuestionWords) -> bool:
    return re.search(rf"{any_of(words.waits)}[^,。;!?\n]{{1,8}}?{any_of(words.signs)}", plain) is not None


def _soon(plain: str, words: QuestionWords) -> bool:
    """快到期, 到期; not 到期没办, which is overdue."""
    if not has(plain, words.due_soon):
        return False
    return re.search("(?<![快将要上就])到期(?:还)?[没未]", plain) is None


def _act(
    plain: str,
    measure: Measure,
    state: State | None,
    mine: bool,
    named: tuple[str | None, int | None],
    words: QuestionWords,
) -> Literal["mine", "find", "ask"]:
    """`named`: a number or words, and a matter. Of a matter its title may be looked for."""
    if mine:
        return "mine"
    said, matter = words_in(words.not_find).sub("|", plain), named[1]
    look = has(said, words.look)
    paper = named[0] or (matter if look and measure == "list" else None)
    looked_for = measure == "list" or look
    if paper and looked_for and measure in ("list", "progress") and state is None and has(said, words.find):
        return "find"
    return "ask"


def _procedures(plain: str, words: QuestionWords) -> tuple[Procedure, ...]:
    listed: tuple[tuple[Procedure, tuple[str, ...]], ...] = (
        ("request", words.requests),
        ("superior", words.superiors),
        ("circulation", words.circulations),
        ("urgent", words.urgents),
        ("letter", words.letters),
    )
    told = plain.replace("请示一下", "").replace("请示您", "")  # a polite word, no document
    return tuple(name for name, said in listed if re.search(any_of(said) + _NOT_A_TOPIC, told))


def _period(seen: Scan, state: State | None, context: Context) -> Period | None:
    """What runs out lies ahead; what is asked about otherwise has been."""
    plain, today = _NO_DATE.sub(" ", seen.unnumbered), context.calendar.local(context.reference).date()
    if state != "due_soon":
        return _been(plain, past_period_in(plain, context), today)
    found = period_in(plain, context)
    if found and found[1] > today and re.search(r"(?:[底日号天月节]|周.)(?:之|以)?前", plain):
        return today, found[1]
    length = _WITHIN.search(plain)
    limit = limit_in(length.group(0), context) if length and not found else None
    return (today, limit.at.date()) if limit else found


def _been(plain: str, found: Period | None, today: date) -> Period | None:
    """What has been is not months ahead; 周一到现在, 十月以来 reach to this day, a year said so is whole."""
    if found is None or found[0] > today + _AHEAD:
        return None
    reaches = found[0] <= today and found[1] - found[0] < 6 * _AHEAD
    return (found[0], today) if reaches and _TILL_NOW.search(plain) else found


def _whose(
    seen: Scan, on_paper: bool, context: Context
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Units and persons a question is about; a section beside its person only tells which is meant."""
    meant = [m for m in seen.people if not (on_paper and _DECIDES.match(seen.mask, m.end))]
    people = tuple(dict.fromkeys(m.person for m in meant if m.person))
    asked = tuple(dict.fromkeys(n for m in meant if not m.person for n in m.names))
    bare = context.words.question.not_units
    units = [u.name for u in seen.units if seen.mask[u.start : u.end] not in bare]
    own = re.search(any_of(context.words.units.own), seen.mask)
    writer = context.roster.by_name.get(context.writer or "")
    if own and writer:
        units.append(writer.unit)
    return tuple(dict.fromkeys(units)), people, asked


class _Shapes(NamedTuple):
    known: re.Pattern[str]
    edge: re.Pattern[str]


@lru_cache(maxsize=8)
def _shapes(words: QuestionWords) -> _Shapes:
    measures = words.average_time + words.rank + words.unread + words.holder + words.progress + words.count
    states = words.open + words.overdue + words.due_soon + words.closed + words.waiting_signature
    kinds = words.requests + words.superiors + words.circulations + words.urgents + words.letters
    others = (
        words.mine + words.not_mine + words.find + words.back_anywhere + words.back_start + words.separators
    )
    known = measures + states + kinds + others
    edge = any_of((*words.particles, *words.filler))
    before = any_of((*words.particles, *words.filler, *words.particles_before))
    begins = rf"(?:(?!{any_of(words.word_heads)}){before})+"  # 文化站 does not begin with 文, the paper
    whole = "".join(f"(?<!{re.escape(word)})" for word in words.word_tails)  # nor 民生实事 end with 事
    return _Shapes(
        re.compile(any_of(word for word in known if len(word) >= 2)),
        re.compile(rf"^{begins}|(?:{edge}{whole})+$"),
    )


def _topic(seen: Scan, measure: Measure, context: Context) -> str | None:
    """The keyword: what is left when everything else that was understood is taken out.

    For counts, ranks and averages only what is plainly the name of a paper: 关于…的, …的请示.
    """
    shapes = _shapes(context.words.question)
    if seen.titles:
        return seen.titles[0].text[:_TOPIC]
    above = tuple(unit for unit in seen.outside if unit.above)
    known = [(mark.start, mark.end) for marks in (seen.units, above, seen.people) for mark in marks]
    plain = _barred(blank(seen.unnumbered, known), _NO_DATE)
    plain = _barred(
        _without_times(plain, context.words.question), re.compile(any_of(context.words.units.own))
    )
    pieces = [
        _trimmed(piece, shapes) for piece in re.split(r"[|\s,。;:!?、《》]+", _barred(plain, shapes.known))
    ]
    pieces = [piece for piece in pieces if len(piece) >= 2]
    if not pieces or measure in ("average_time", "rank"):
        return None
    return max(pieces, key=len)[:_TOPIC]


def _barred(plain: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda match: "|" * len(match.group(0)), plain)


def _trimmed(piece: str, shapes: _Shapes) -> str:
    return tidy(shapes.edge.sub("", piece))


def _without_times(plain: str, words: QuestionWords) -> str:
    weekday = r"[本这下上]?个?(?:周|星期)[一二三四五六日天]前?"
    dates = r"\d{2,4}年度?|(?:\d{1,2}|十?[一二三四五六七八九十])月\d{0,2}[日号份]?|[一二三四1-4]季度"
    lengths = r"近?[\d一二两三四五六七八九十]+个?(?:工作日|[天周日月年]|季度|星期)[之以]?内?"
    return _barred(plain, re.compile(rf"{weekday}|{dates}|{lengths}|{any_of(words.times)}"))


def _without_named(seen: Scan, words: QuestionWords) -> str:
    """Without times; 水利局那几个 are the unit's, not those just shown."""
    plain = _without_times(seen.mask.replace("刚才", "刚刚"), words)  # 刚才那个 is no time
    ends = [mark.end for mark in seen.units] + [mark.end for mark in seen.people]
    theirs = (m for end in ends if (m := _THOSE.match(plain, end)))
    return blank(plain, (m.span() for m in theirs))


def _refers_back(plain: str, named: bool, filtered: bool, words: QuestionWords) -> bool:
    """Whether a question needs what was said before: 它, 第二个, 只看逾期的, 那上个月呢."""
    said = squeeze(plain)
    if has(said, words.back_anywhere):
        return True
    if not (named or filtered) and re.match(any_of(words.back_bare), said):
        return True
    if re.match(any_of(words.back_start), said) and (not (named or filtered) or len(said) <= 12):
        return True
    return not named and len(said) <= 10 and said.rstrip("?").endswith(words.back_end)
