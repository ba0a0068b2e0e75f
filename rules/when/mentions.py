"""Finding the expressions of time in a regular text: day, clock, length and what follows, put together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from rules.patterns import lazy
from rules.when.clock import read_clock
from rules.when.days import WEEKDAY, read_days
from rules.when.recurring import read_rule
from rules.when.spans import day_after, read_span
from rules.when.terms import ONE_DAY, Mention, Scene, Tail, one, weekday_number

_STARTS = lazy(
    r"[0-9零一二两三四五六七八九十廿卅百半几数若今明昨后前大当次翌隔第即本这下上去来元正腊冬农阴旧除周星礼"
    r"月季年全每逢按逐天国劳端中清春过节假收放小凌拂早晨午正晌傍黄晚夜深子差班a-z]"
)
_FIGURE = lazy(r"[0-9]")
_NUMERAL = lazy(r"[零一二两三四五六七八九十百]")
_WORD = lazy(r"[a-z]")

_TAILS: tuple[tuple[Tail, re.Pattern[str]], ...] = (
    ("within", lazy(r"之内|以内|(?:的?时间)?内(?![容部网页蒙存外涝勤设])|期间内")),
    (
        "by",
        lazy(
            r"之前|以前|前(?!往|台|期|来|去|任|夕|述|后|提(?!交|出|供|请|醒|报))|(?:为|截)?止(?!付|损|步|跌)|截至|到期(?!的|件|了|日)"
            r"|结束前| or earlier| at the latest"
        ),
    ),
    ("after", lazy(r"之后|以后|过后|后(?![勤续台备方天])| later")),
    ("from", lazy(r"(?:之日)?起(?![草诉火来步动飞底身])|开始|以来|始(?!终)")),
    ("ago", lazy(r" ago")),
)
_AROUND = lazy(r"前后|前夕|期间|那天|当天|之间")
_UNREAD = lazy(r"上午|下午|中午|凌晨|傍晚|夜|[早晚](?!稻)|[0-9]{1,2}[点时:]")
"""A time of day that was not understood: then the day alone would be wrong."""
_WORKING = lazy(r"\((?:不含|不包括|不包含|不计|不算|扣除|除)[^()]{0,8}(?:假日|双休|周末|休息日)[^()]{0,6}\)")
"""3日内(不含节假日): working days are counted"""
_JOIN = lazy(r"[ ,的t]?(?:at )?(?:左右)?")
_AGAIN = lazy(r"\(|即|,?也就是")
_TO = lazy(r"(?:[至到-]|--)(?:次日)?")


def find_mentions(signs: str, scene: Scene) -> Iterator[Mention]:
    """The expressions of a text from left to right, none overlapping another."""
    position = 0
    while start := _next_start(signs, position):
        mention = _read(signs, start.start(), scene)
        if mention:
            yield mention
        position = mention.end if mention else start.end()


def _next_start(signs: str, position: int) -> re.Match[str] | None:
    while found := _STARTS.search(signs, position):
        position = found.start()
        before = signs[position - 1] if position else ""
        run = next((kind for kind in (_FIGURE, _NUMERAL, _WORD) if kind.match(found[0])), None)
        if not (run and run.match(before)):
            return found
        position += 1
    return None


def _read(signs: str, start: int, scene: Scene) -> Mention | None:
    if found := read_rule(signs, start, scene):
        return _with_clock(Mention(start, found[1], rule=found[0], vague=not found[0].text), signs, scene)
    if length := read_span(signs, start):
        return _of_working_days(
            Mention(start, length[1], span=length[0], vague=length[0].vague), signs, scene
        )
    if day := read_days(signs, start, scene):
        named = _named_again(_with_weekday(Mention(start, day[1], days=day[0]), signs, scene), signs, scene)
        return _stretch(_with_clock(named, signs, scene), signs, scene)
    if time := read_clock(signs, start, scene):
        mention = _english_day_after(Mention(start, time[1], clock=time[0]), signs, scene)
        return _stretch(_with_tail(mention, signs, scene), signs, scene)
    return None


def _of_working_days(mention: Mention, signs: str, scene: Scene) -> Mention:
    """A length with what follows; one without holidays, said before or behind 内, is of working days."""
    inside = _WORKING.match(signs, mention.end)
    mention = _with_tail(replace(mention, end=inside.end()) if inside else mention, signs, scene)
    behind = inside or _WORKING.match(signs, mention.end)
    if not behind or not mention.span or mention.span.unit != "days":
        return mention
    weeks = any(word in signs[mention.start : behind.start()] for word in ("周", "星期", "礼拜"))
    return replace(
        mention,
        end=max(mention.end, behind.end()),
        span=replace(mention.span, unit="working"),
        vague=mention.vague or weeks,
    )


def _with_weekday(mention: Mention, signs: str, scene: Scene) -> Mention:
    """ "12月4日（周五）": where the two disagree, that weekday of the same week is the rival."""
    found = WEEKDAY.match(signs, mention.end)
    days = mention.days
    if not found or not days or days.stretch or not days.dates:
        return mention
    day = next((day for day in days.dates if day >= scene.today), days.dates[-1])
    apart = weekday_number(found["day"]) - day.weekday()
    return replace(
        mention, end=found.end(), days=replace(days, rival=day + apart * ONE_DAY if apart else None)
    )


def _named_again(mention: Mention, signs: str, scene: Scene) -> Mention:
    """ "明天（11月19日）", "本周五11月20日": one day said twice; where the two disagree, it is unclear."""
    opened = _AGAIN.match(signs, mention.end)
    other = read_days(signs, opened.end() if opened else mention.end, scene)
    days = mention.days
    if not other or not days or not days.dates or days.stretch or other[0].stretch:
        return mention
    again, end = other
    if opened and opened[0] == "(":
        if not signs.startswith(")", end):
            return mention
        end += 1
    common = tuple(day for day in days.dates if day in again.dates)
    return replace(mention, end=end, days=replace(days, dates=common, weak=False), vague=not common)


def _with_clock(mention: Mention, signs: str, scene: Scene) -> Mention:
    """The clock time behind a day, then what follows."""
    join = _JOIN.match(signs, mention.end)
    at = join.end() if join else mention.end
    found = read_clock(signs, at, scene) or read_clock(signs, mention.end, scene)
    if found and not (mention.days and mention.days.stretch):
        return _with_tail(replace(mention, end=found[1], clock=found[0]), signs, scene)
    return _with_tail(replace(mention, vague=mention.vague or bool(_UNREAD.match(signs, at))), signs, scene)


def _english_day_after(mention: Mention, signs: str, scene: Scene) -> Mention:
    """ "5pm tomorrow", "17:30 on Friday"."""
    found = re.compile(r" (?:on )?(?=[a-z])").match(signs, mention.end)
    day = read_days(signs, found.end(), scene) if found else None
    return replace(mention, end=day[1], days=day[0]) if day else mention


def _with_tail(mention: Mention, signs: str, scene: Scene) -> Mention:
    if around := _AROUND.match(signs, mention.end):
        return replace(mention, end=around.end(), vague=mention.vague or around[0] != "期间")
    for tail, pattern in _TAILS:
        if found := pattern.match(signs, mention.end):
            if mention.span and tail == "by":
                tail = "ago"
            return _counted_on(replace(mention, end=found.end(), tail=tail), signs, scene)
    return mention


def _counted_on(mention: Mention, signs: str, scene: Scene) -> Mention:
    """A length of time counted from a day or clock: "下班前半小时", "12月1日后3个工作日内", "即日起5日内"."""
    if mention.span or mention.tail not in ("by", "after", "from"):
        return mention
    at = mention.end + signs.startswith("的", mention.end)
    found = read_span(signs, at)
    if not found:
        return mention
    span, end = found
    within = _TAILS[0][1].match(signs, end)
    if mention.tail == "by":
        exact = (
            mention.clock
            and not mention.clock.loose
            and span.unit == "minutes"
            and not (span.vague or within)
        )
        return (
            replace(mention, end=end, minus=span.amount, tail="")
            if exact
            else replace(mention, end=end, vague=True)
        )
    base = mention.days.dates if mention.days else ()
    end = within.end() if within else end
    day = next((day for day in base if day >= scene.today), None)
    if not day or span.vague or span.unit == "minutes" or mention.clock:
        return replace(mention, end=end, vague=True)
    if mention.tail == "from" and day != scene.today:  # the first day counted or not: nobody can tell
        return replace(mention, end=end, vague=True)
    return replace(mention, end=end, days=one(day_after(span, day, scene)), tail="within")


def _stretch(mention: Mention, signs: str, scene: Scene) -> Mention:
    """ "25日至27日", "9:00-11:00": both ends named."""
    to = _TO.match(signs, mention.end)
    if not to or mention.tail not in ("", "from") or mention.vague:
        return mention
    day = read_days(signs, to.end(), scene)
    other = _with_clock(Mention(to.end(), day[1], days=day[0]), signs, scene) if day else None
    if not other and (time := read_clock(signs, to.end(), scene)):
        other = _with_tail(Mention(to.end(), time[1], clock=time[0]), signs, scene)
    if not other:
        return mention
    if mention.days and mention.days.dates == (scene.today,) and mention.tail == "from":
        return replace(other, start=mention.start, tail="by")  # 即日起至12月31日
    return replace(mention, end=other.end, last=other, tail=other.tail)
