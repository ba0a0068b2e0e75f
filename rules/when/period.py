"""A stretch of days: "本周", "上个月", "三季度", "11月25日至27日", "明后天", "周五下午", "近7天"."""

from __future__ import annotations

from datetime import date, timedelta

from rules.patterns import lazy
from rules.when.masks import masked, overlaps
from rules.when.mentions import find_mentions
from rules.when.spans import day_after
from rules.when.terms import ONE_DAY, Mention, Scene
from rules.when.text import Text

_Stretch = tuple[date, date]

_DAY_FOLLOWS = lazy(r"(?:那天|当天)?(?:收[的到了]|来的|登记|请假|休|出差|$)")
_A_MONTH = timedelta(days=31)
_LATELY = lazy(r"(?:近|最近|过去|前|这|之前|此前)(?:的)?$")
_LONG = lazy(r"请(?!示)|[休年病事产婚丧公补调]|出差|学习|培训|住院")
_GONE = lazy(r"了|过(?!年)|收|已|来(?:文|了|的)|办结的|登记的|昨|上[周月]")


def find_period(text: Text, scene: Scene) -> _Stretch | None:
    """The first stretch a text names, both ends included."""
    stretches = masked(text.signs)
    mentions = [m for m in find_mentions(text.signs, scene) if not overlaps(m.start, m.end, stretches)]
    start: date | None = None
    for mention in mentions:
        before = text.signs[: mention.start]
        if mention.span:
            if found := _counted(mention, before, start, scene):
                return found
            continue
        found = _named(mention, scene, gone=bool(_GONE.search(text.signs)))
        if not found or _may_be_a_number(mention, text.signs):
            continue
        if found[0] != found[1] or not _goes_on(mention, mentions):
            return found
        start = found[0]
    return (start, start) if start else None


def _may_be_a_number(mention: Mention, signs: str) -> bool:
    """Whether 12号 is rather a document than a day."""
    lone = mention.days and mention.days.weak and len(mention.days.dates) > 1 and not mention.days.periods
    return bool(lone) and not (mention.clock or mention.last or _DAY_FOLLOWS.match(signs, mention.end))


def _goes_on(mention: Mention, mentions: list[Mention]) -> bool:
    """Whether a length of time follows the day: 明天起请假3天."""
    return any(other.span and other.start >= mention.end for other in mentions)


def _counted(mention: Mention, before: str, start: date | None, scene: Scene) -> _Stretch | None:
    span = mention.span
    if not span or mention.tail in ("after", "ago"):
        return None
    counted = not span.vague and span.unit != "minutes"
    if _LATELY.search(before):
        return (day_after(span, scene.today, scene, -1) + ONE_DAY, scene.today) if counted else None
    if not _LONG.search(before) and not start:
        return None
    first = start or scene.today
    if not counted:
        return first, first
    return first, day_after(span, first - ONE_DAY, scene)


def _named(mention: Mention, scene: Scene, gone: bool) -> _Stretch | None:
    if mention.rule or mention.vague:
        return None
    if mention.last:
        return _between(mention, mention.last, scene, gone)
    if not mention.days:
        return (scene.today, scene.today) if mention.clock else None
    if mention.days.periods:
        return _nearest_period(mention.days.periods, scene, gone)
    day = _nearest(mention.days.dates, scene, gone)
    return (day, day) if day else None


def _nearest(dates: tuple[date, ...], scene: Scene, gone: bool) -> date | None:
    if gone:
        return next((day for day in reversed(dates) if day <= scene.today), dates[0] if dates else None)
    near = [day for day in dates if day >= scene.today]
    return near[0] if near else dates[-1] if dates else None


def _nearest_period(periods: tuple[_Stretch, ...], scene: Scene, gone: bool) -> _Stretch:
    """The stretch now is in; else the one before when it is gone by, or the nearer of the two."""
    within = next((each for each in periods if each[0] <= scene.today <= each[1]), None)
    if within:
        return within
    this_year = next((each for each in periods if each[0].year == scene.today.year), None)
    if this_year and this_year[1] - this_year[0] > _A_MONTH and (this_year[0] < scene.today or not gone):
        return this_year  # 一季度, said in November, is this year's
    past = [each for each in periods if each[1] < scene.today]
    future = [each for each in periods if each[0] > scene.today]
    if not past or not future:
        return (past or future)[-1 if past else 0]
    nearer = scene.today - past[-1][1] < future[0][0] - scene.today
    return past[-1] if gone or nearer else future[0]


def _between(mention: Mention, last: Mention, scene: Scene, gone: bool) -> _Stretch | None:
    first = _named(Mention(0, 0, days=mention.days, clock=mention.clock), scene, gone)
    if not first:
        return None
    if not last.days:
        return first
    end = next((day for day in last.days.dates if day >= first[0]), None)
    if last.days.periods:
        end = next((each[1] for each in last.days.periods if each[1] >= first[0]), end)
    return (first[0], end) if end else None
