"""A question as it is answered: kept between turns, changed by buttons and follow-ups, told in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, field_validator

from rules.limits import parse_limit
from rules.patterns import lazy
from rules.reading.models import Measure, QuestionReading, State

Filter = Literal["period", "units", "people", "state", "procedures", "text"]

_STATES: dict[State, str] = {
    "open": "未办结",
    "overdue": "已逾期",
    "due_soon": "即将到期",
    "closed": "已办结",
    "waiting_signature": "待签批",
}
_DIGITS = "一二三四五六七八九十"
_ORDINAL = lazy(r"第\s*([0-9]{1,2}|[一二三四五六七八九十]{1,2})\s*[个件条份封项]")


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TakeAway(_Table):
    """[take_away] words that take a filter away."""

    words: tuple[str, ...]


class AskingRule(_Table):
    """asking.toml."""

    soon: str
    context: int = Field(ge=1, le=120)
    """minutes"""
    persons: tuple[str, ...]
    sent: tuple[str, ...]
    rates: tuple[str, ...]
    everything: tuple[str, ...]
    without: dict[Filter, tuple[str, ...]]
    take_away: TakeAway

    @field_validator("soon")
    @classmethod
    def _limit(cls, text: str) -> str:
        try:
            parse_limit(text)
        except ValueError:
            raise ValueError('写作 "3wd" 或 "5d"') from None
        return text


class Question(BaseModel):
    """What is asked for; JSON-ready, kept with the message that answers it."""

    model_config = ConfigDict(frozen=True)

    measure: Measure = "list"
    procedures: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    """full names of all who fit where one was named and more than one fits"""
    mine: bool = False
    state: State | None = None
    period: tuple[date, date] | None = None
    text: str | None = None
    number: str | None = None
    matter: int | None = None
    series: str | None = None
    """the series that was named with the short number: 督 of 督8号"""
    light: str | None = None
    """the key of a light that supervised tasks have (V5)"""
    by_sender: bool = False
    """rank units by what they sent in, not by what they handle"""

    @property
    def says_something(self) -> bool:
        """Whether anything at all narrows it or says what to measure."""
        return self.measure != "list" or any(self.model_dump(exclude={"measure", "by_sender"}).values())

    @property
    def names_one(self) -> bool:
        """Whether it names its matter by a number."""
        return self.matter is not None or self.number is not None


def asked(read: QuestionReading, text: str, rule: AskingRule) -> Question:
    """The question that was read from `text`."""
    by_sender = read.measure == "rank" and _says(text, rule.sent)
    fields = read.model_dump(exclude={"act", "refers_back"})
    if read.measure == "rank" and read.state == "closed" and _says(text, rule.rates):
        fields["state"] = None  # 办结率 is closed ones among all that came in
    return Question.model_validate(fields | {"by_sender": by_sender})


class Kinds(NamedTuple):
    """What a question may name besides what reading knows: lights of tasks, tasks as such."""

    lights: Mapping[str, tuple[str, ...]]
    """what people call each light, by its key"""
    tasks: tuple[str, ...]
    """the procedures of what is supervised"""


def narrowed(question: Question, text: str, kinds: Kinds) -> Question:
    """The question with what it says of tasks: 亮红灯的, 督办事项有哪些."""
    changes: dict[str, Any] = {}
    for key, names in kinds.lights.items():
        if _says(text, names):
            late = question.state in ("overdue", "due_soon")  # what a light is read as where there are none
            changes = {"light": key, "procedures": kinds.tasks, "state": None if late else question.state}
    if not changes and question.text and _ABOUT_TASKS.fullmatch(question.text):
        changes = {"procedures": kinds.tasks, "text": None, "state": question.state or "open"}
    return question.model_copy(update=changes)


_ABOUT_TASKS = lazy(r"(?:督办|督查|在督)(?:的|事项|件|任务|工作|事情)*")


def is_understood(asked: Question, text: str, rule: AskingRule) -> bool:
    """Whether there is anything to answer: something it says, or that it asks for all (有哪些件)."""
    return asked.says_something or _says(text, rule.everything)


def ranks_persons(read: QuestionReading, text: str, rule: AskingRule) -> bool:
    """Whether persons are to be ranked, which is not done (rules.md I4 and "must not become")."""
    return read.measure == "rank" and (bool(read.people or read.ambiguous) or _says(text, rule.persons))


def followed(before: Question, read: QuestionReading, text: str, rule: AskingRule) -> Question:
    """The question before, changed by what a follow-up says itself (只看逾期的, 那上个月呢, 不限时间)."""
    now = asked(read, text, rule)
    changes: dict[str, Any] = {}
    gone = taken_away(text, rule)
    for name in ("procedures", "units", "people", "ambiguous", "mine", "state", "period", "text", "light"):
        value = getattr(now, name)
        if value and name not in gone and not (name == "text" and gone):
            changes[name] = value
    if "units" in changes or "people" in changes or "ambiguous" in changes:
        changes = {"units": (), "people": (), "ambiguous": (), "mine": False} | changes
    changes |= {name: () if name in ("units", "people", "procedures") else None for name in gone}
    if "people" in gone:
        changes["mine"] = False
    if now.names_one:
        changes |= {"number": now.number, "matter": now.matter, "text": None}
    if now.measure != "list":
        changes["measure"] = now.measure
    elif before.measure in ("holder", "progress") and changes:
        changes["measure"] = "list"
    return before.model_copy(update=changes)


def taken_away(text: str, rule: AskingRule) -> tuple[Filter, ...]:
    """The filters that a follow-up takes away: 去掉期限, 全部单位."""
    if not _says(text, rule.take_away.words):
        return ()
    return tuple(name for name, words in rule.without.items() if _says(text, words))


def ordinal(text: str, shown: int) -> int | None:
    """Which of a list of `shown` is meant, from 0: 第二个, 最后一个; None where it is not there."""
    if "最后一个" in text or "最后一件" in text:
        return shown - 1 if shown else None
    if "头一个" in text or "头一件" in text:
        return 0 if shown else None
    found = _ORDINAL.search(text)
    if found is None:
        return None
    place = _figure(found[1]) - 1
    return place if 0 <= place < shown else None


def names_place(text: str) -> bool:
    """Whether a place in a list is named at all."""
    return _ORDINAL.search(text) is not None or re.search("最后一[个件]|头一[个件]", text) is not None


def _figure(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS.index(text[-1]) + 1
    return (_DIGITS.index(tens) + 1 if tens else 1) * 10 + (_DIGITS.index(ones) + 1 if ones else 0)


def _says(text: str, words: Sequence[str]) -> bool:
    return any(word in text for word in words)


# --- how it was read --------------------------------------------------------------------------------


def in_words(
    question: Question, kinds: Mapping[str, str], today: date, lights: Mapping[str, str] | None = None
) -> str:
    """本周 · 我的 · 请示 · 未办结; `kinds` are the names of the procedures, `lights` those of the lights."""
    lights = lights or {}
    parts: list[str | None] = [
        period_words(question.period, today) if question.period else None,
        "我的" if question.mine else None,
        "、".join(question.units) or None,
        f"由 {'、'.join(question.people)} 经办" if question.people else None,
        "、".join(kinds.get(one, one) for one in question.procedures) or None,
        f"含“{'”“'.join(question.text.split())}”" if question.text else None,
        question.number,
        f"{question.matter}号" if question.matter is not None else None,
        f"亮{lights.get(question.light, question.light)}" if question.light else None,
        _STATES[question.state] if question.state else None,
    ]
    return " · ".join(part for part in parts if part) or "全部事项"


def period_words(period: tuple[date, date], today: date) -> str:
    """今天, 上周, 本月, 三季度 …, or the days themselves."""
    for name, span in _known_spans(today):
        if span == period:
            return name
    first, last = period
    if first == last:
        return _day(first, today)
    return f"{_day(first, today)}至{_day(last, today)}"


def _known_spans(today: date) -> list[tuple[str, tuple[date, date]]]:
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    spans = [("今天", (today, today)), ("昨天", (today - timedelta(days=1),) * 2)]
    spans += [("明天", (today + timedelta(days=1),) * 2)]
    weeks = (("上周", -7), ("本周", 0), ("下周", 7))
    spans += [(n, (monday + timedelta(days=d), monday + timedelta(days=d + 6))) for n, d in weeks]
    spans += [("本月", (first, _month_end(first))), ("上月", (before, _month_end(before)))]
    for name, year in (("今年", today.year), ("去年", today.year - 1)):
        quarters = ((date(year, m, 1), _month_end(date(year, m + 2, 1))) for m in (1, 4, 7, 10))
        prefix = "" if year == today.year else name
        spans += [(f"{prefix}{_DIGITS[i]}季度", span) for i, span in enumerate(quarters)]
        spans.append((name, (date(year, 1, 1), date(year, 12, 31))))
    return spans


def _month_end(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _day(day: date, today: date) -> str:
    said = f"{day.month}月{day.day}日"
    return said if day.year == today.year else f"{day.year}年{said}"


# --- wider and narrower -----------------------------------------------------------------------------


class Change(NamedTuple):
    """Something that a button changes in a question: `key` is what the button carries."""

    key: str
    label: str


def changes(question: Question) -> list[Change]:
    """What may be widened or narrowed; empty where the question names its matter by a number."""
    if question.names_one:
        return []
    found = []
    if question.state != "overdue":
        found.append(Change("overdue", "只看逾期的"))
    if question.state is None:
        found.append(Change("open", "只看未办结的"))
    if question.state is not None:
        found.append(Change("any_state", "不限状态"))
    if question.period is not None:
        found.append(Change("any_time", "去掉时间"))
    if question.units:
        found.append(Change("any_unit", "全部单位"))
    if question.mine or question.people:
        found.append(Change("anybody", "不限人员"))
    if question.procedures:
        found.append(Change("any_kind", "全部文种"))
    return found


_CHANGES: dict[str, dict[str, Any]] = {
    "overdue": {"state": "overdue"},
    "open": {"state": "open"},
    "any_state": {"state": None},
    "any_time": {"period": None},
    "any_unit": {"units": ()},
    "anybody": {"mine": False, "people": ()},
    "any_kind": {"procedures": ()},
}


def changed(question: Question, key: str) -> Question | None:
    """The question after a button; None where there is no such button."""
    update = _CHANGES.get(key)
    return question.model_copy(update=update) if update is not None else None
