"""From an expression to its instant: the next one for a limit, the latest for what has happened."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import product
from typing import NamedTuple

from rules.when.instant import Instant, Precision
from rules.when.spans import from_now
from rules.when.terms import ONE_DAY, Clock, Mention, Scene
from rules.when.text import Text

_LAST_MINUTE = 23 * 60 + 59
_NEXT_YEARS = timedelta(days=300)
_HARDLY_OVER = timedelta(days=60)
_NIGHT_PARTS = ("evening", "night")


class Found(NamedTuple):
    """The instants a mention may mean, the likeliest first."""

    readings: tuple[datetime, ...]
    precision: Precision


def ahead(mention: Mention, scene: Scene) -> Found | None:
    """The first instant after now that the words can mean, or several where they leave it open."""
    if mention.vague or mention.tail in ("ago", "from") or mention.last:
        return None
    if mention.span:
        return _span_ahead(mention, scene)
    if mention.rule:
        return _rule_ahead(mention, scene)
    if mention.days:
        return _days_ahead(mention, scene)
    return _clock_ahead(mention, scene)


def _span_ahead(mention: Mention, scene: Scene) -> Found | None:
    assert mention.span
    precision: Precision = "minute" if mention.span.unit == "minutes" else "day"
    at = from_now(mention.span, scene)
    return Found((at,), precision) if at > scene.now else None


def _rule_ahead(mention: Mention, scene: Scene) -> Found | None:
    rule = mention.rule
    if rule is None or (mention.clock and mention.clock.vague):
        return None
    if rule.at:
        return Found((rule.at,), "minute")
    minutes, precision = _close_or(mention.clock, scene)
    times = (scene.wall(day, minutes - mention.minus) for day in rule.dates)
    at = next((time for time in times if time > scene.now), None)
    return Found((at,), precision) if at else None


def _close_or(clock: Clock | None, scene: Scene) -> tuple[int, Precision]:
    if clock:
        loose = clock.loose and clock.minutes < 8 * 60
        return clock.minutes + (720 if loose else 0), "minute"
    closes = scene.calendar.hours.closes
    return closes.hour * 60 + closes.minute, "day"


def _days_ahead(mention: Mention, scene: Scene) -> Found | None:
    days = mention.days
    if not days or mention.tail == "after" or (days.stretch and mention.tail == "by"):
        return None
    clock = mention.clock
    if clock and (clock.vague or (clock.part == "night" and clock.minutes > 1440)):
        return None
    for day in days.dates:
        if times := [time for time in _times(day, mention, scene) if time > scene.now]:
            rivals = _times(days.rival, mention, scene) if days.rival else ()
            readings = dict.fromkeys((*times, *(time for time in rivals if time > scene.now)))
            return Found(tuple(readings), "minute" if clock else "day")
    return None


def _times(day: date, mention: Mention, scene: Scene) -> tuple[datetime, ...]:
    """The instants a day may mean: its close, or its clock time; three o'clock is first 15:00, then 3:00."""
    clock = mention.clock
    if not clock:
        over = scene.calendar.close_of(day) <= scene.now
        fixed = mention.days is not None and len(mention.days.dates) == 1
        return (scene.wall(day, _LAST_MINUTE),) if over and fixed else (scene.calendar.close_of(day),)
    minutes = clock.minutes - mention.minus
    if clock.loose and clock.minutes < 8 * 60:
        return scene.wall(day, minutes + 720), scene.wall(day, minutes)
    return (scene.wall(day, minutes),)


def _clock_ahead(mention: Mention, scene: Scene) -> Found | None:
    """Today if still ahead, else tomorrow; one to seven whose morning is past is the afternoon."""
    clock = mention.clock
    if not clock or clock.vague or mention.tail in ("after", "within"):
        return None
    minutes = clock.minutes - mention.minus
    if clock.hours:
        return _office_hour_ahead(minutes, scene)
    today = scene.wall(scene.today, minutes)
    if today > scene.now:
        return Found((today,), "minute")
    if clock.bare:
        return None
    if clock.loose and clock.minutes < 8 * 60:
        later = scene.wall(scene.today, minutes + 720)
        if later > scene.now:
            return Found((later,), "minute")
        return Found((later + ONE_DAY, today + ONE_DAY), "minute")
    return Found((scene.wall(scene.today + ONE_DAY, minutes),), "minute")


def _office_hour_ahead(minutes: int, scene: Scene) -> Found:
    """An hour of the office (下班前): today's while ahead; on a day off perhaps the next working day's."""
    calendar, today = scene.calendar, scene.today
    next_one = scene.wall(calendar.next_working_day(today), minutes)
    at = scene.wall(today, minutes)
    if at <= scene.now:
        return Found((next_one,), "minute")
    return Found((at,) if calendar.is_working_day(today) else (next_one, at), "minute")


def back(mention: Mention, scene: Scene) -> Found | None:
    """The latest instant up to now that the words can mean."""
    if mention.vague or mention.last or mention.rule or mention.tail in ("within", "after", "from"):
        return None
    if mention.span:
        if mention.tail != "ago":
            return None
        if mention.span.unit == "minutes":
            return Found((from_now(mention.span, scene, -1),), "minute")
        return Found((scene.calendar.opens_at(from_now(mention.span, scene, -1).date()),), "day")
    days = mention.days.dates if mention.days else (scene.today - ONE_DAY, scene.today)
    if mention.clock and (not mention.clock.bare or mention.days):
        return _clock_back(mention.clock, days, scene)
    if not mention.days or mention.days.stretch:
        return None
    past = [day for day in days if day <= scene.today]
    return Found((min(scene.calendar.opens_at(past[-1]), scene.now),), "day") if past else None


def _clock_back(clock: Clock, days: tuple[date, ...], scene: Scene) -> Found | None:
    if clock.bare:
        return _part_back(clock, days, scene)
    night = clock.minutes % 1440 if clock.part in _NIGHT_PARTS and clock.minutes > 1440 else clock.minutes
    hours = (night, (night + 720) % 1440) if clock.loose else (night,)
    times = sorted((scene.wall(day, minutes) for day, minutes in product(days, hours)), reverse=True)
    past = [time for time in times if time <= scene.now]
    if not past:
        return None
    open_ = clock.loose and len(past) > 1 and past[0].date() == past[1].date() != scene.today
    return Found(tuple(past[:2]) if open_ else (past[0],), "minute")


def _part_back(clock: Clock, days: tuple[date, ...], scene: Scene) -> Found | None:
    """昨天下午: the day is known, the hour is not; the part's beginning stands for it."""
    starts = {"dawn": 0, "morning": 9, "noon": 12, "afternoon": 13, "evening": 18, "night": 20}
    times = [scene.wall(day, starts[clock.part] * 60) for day in days]
    past = [time for time in times if time <= scene.now]
    return Found((past[-1],), "day") if past else None


def instant(mention: Mention, found: Found, text: Text, scene: Scene) -> Instant:
    """The instant of a mention as it is handed out."""
    at = found.readings[0]
    return Instant(
        at=at,
        precision=found.precision,
        words=text.words(mention.start, mention.end),
        span=text.span(mention.start, mention.end),
        rule=mention.rule.text if mention.rule else None,
        provisional=_is_guessed(mention, at, scene),
        readings=found.readings if len(found.readings) > 1 else (),
        passed=_passed(mention, at, scene),
        rolled=_rolled(mention, at, scene),
    )


def _passed(mention: Mention, at: datetime, scene: Scene) -> datetime | None:
    """The day that is hardly over, where the one that is taken comes a year later."""
    if not mention.days or at - scene.now < _NEXT_YEARS:
        return None
    over = [scene.calendar.close_of(day) for day in mention.days.dates if day < at.date()]
    return over[-1] if over and scene.now - over[-1] < _HARDLY_OVER else None


def _is_guessed(mention: Mention, at: datetime, scene: Scene) -> bool:
    """Whether the instant was counted over holidays nobody has announced."""
    counted = mention.span.unit != "minutes" if mention.span else bool(mention.days and mention.days.marked)
    years = {min(at, scene.now).year, max(at, scene.now).year} if counted else set()
    return any(scene.calendar.is_provisional(date(year, 1, 1)) for year in years)


def _rolled(mention: Mention, at: datetime, scene: Scene) -> datetime | None:
    """rules.md, "Counting time": a count of days that ends on a day off ends the next working day."""
    counted = mention.span and mention.span.unit in ("days", "months") and mention.tail != "ago"
    if not counted or at < scene.now or scene.calendar.is_working_day(at.date()):
        return None
    return scene.calendar.add_days(at - timedelta(0), 0)
