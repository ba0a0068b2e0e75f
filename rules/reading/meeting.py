"""A meeting called in one line, in any order: when, where, about what, with whom, chaired by whom (M5).

Stretches between blanks and commas are told apart by a label (主持：…), by what they are (材料3页, a time,
a room), or by the word that a topic begins with (研究…); what is left over belongs to the stretch before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from rules.meetings import MeetingRule
from rules.reading.handlers import read_who
from rules.reading.models import Context
from rules.when import read_instants

_LABELS: dict[str, str] = {
    "topic": "会议主题|主题|标题|议题|会议名称|名称|会议内容|内容",
    "at": "会议时间|开会时间|时间",
    "place": "会议地点|开会地点|地点|地址",
    "host": "主持人?|主持领导",
    "who": "参会(?:单位和?人员|单位|部门|人员|领导|人)?|参加(?:单位|部门|人员|领导)?|出席(?:单位|人员|领导)?"
    "|列席(?:单位|人员)?|与会(?:单位|人员)?|通知",
    "agenda": "会议议程|议程",
    "length": "预计(?:时长|用时)?|时长|会期|用时",
    "section": "主办(?:单位|科室)?|承办(?:单位|科室)?|牵头(?:单位|科室)?",
    "reason": "(?:超标准?)?(?:理由|原因)",
    "holder:plan": "方案",
    "holder:place": "会场|场地",
    "holder:papers": "材料(?:审核|把关)?",
    "holder:people": "人员(?:确认)?|报名",
    "holder:service": "服务|会务(?:人员|服务)?",
    "holder:minutes": "纪要|记录(?:人|员)?",
}
_LABELLED = re.compile(rf"(?:{'|'.join(_LABELS.values())})(?:负责)?(?:[:：]\s*|\s*$)")
_TOPIC = re.compile(
    r"研究|讨论|部署|安排|听取|审议|传达|学习|调度|推进|总结|动员|通报|会商|商讨|协商|座谈|培训|开展|召开"
)
_ROOM = re.compile(r"\S{0,16}(?:会议室|礼堂|会场|报告厅|会议中心|多功能厅|\d+室|现场)")
_HOSTS = re.compile(r"(?:由|请)?(?P<who>.{2,8}?)(?:同志)?主持(?:会议|召开)?")
_HOST = re.compile(r"主持人?(?P<who>.{2,8})")
_WHO = re.compile(r"(?:参会|参加|出席|列席|与会)(?:单位|部门|人员)?(?P<who>.+)")
_SECTION = re.compile(r"(?:由)?(?:主办|承办|牵头)(?:单位|科室)?(?P<who>.+)|由?(?P<by>.+?)(?:主办|承办|牵头)")
_COMES = re.compile(r"(?:请|通知)?(?P<who>.+?)(?:参会|参加|出席|列席)(?:会议)?")
_NUMBER = r"(?P<n>\d{1,4})"
_FIGURES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("pages", re.compile(rf"(?:汇报|会议)?材料\s*[:：]?\s*(?:共|约|不超过)?\s*{_NUMBER}\s*页")),
    ("report_minutes", re.compile(rf"(?:每家|单位)?(?:汇报|发言)(?:时间)?\s*[:：]?\s*{_NUMBER}\s*分钟")),
    ("speech_minutes", re.compile(rf"(?:领导)?讲话(?:时间)?\s*[:：]?\s*{_NUMBER}\s*分钟")),
)
_LENGTH = re.compile(
    r"(?:预计|时长|会期|用时|开)*\s*[:：]?\s*(?:约|大约)?\s*(?=[\d一两二三四半])"
    r"(?:(?P<d>[\d一两二三]+(?:\.\d)?)\s*天|(?P<half>半天)|"
    r"(?:(?P<h>[\d一两二三四]+(?:\.\d)?)\s*(?:个)?(?P<hh>半)?小时(?P<hhh>半)?)?(?:(?P<hhalf>半)(?:个)?小时)?(?:(?P<m>\d+)\s*分钟)?)"
)
_UNTIL = re.compile(
    r"(?:(?<=[点时半分])|(?<=[:：]\d\d))(?:到|至|-|—+|–|~)\s*(?P<h>\d{1,2})(?:[:：点时](?P<m>\d{2}|半)?分?)?"
)
_ITEM = re.compile(r"(?:\d{1,2}[.．、)）]|[一二三四五六七八九十]{1,2}、|[（(]\d{1,2}[）)])")
_CLOCK = re.compile(r"[点时]|[:：]\d\d")
_EMPTY = re.compile(r"(?:开个?会|开一个会|召开会议|开一下会)[。！]?")
_LEADS = re.compile(r"(?P<who>.{2,12}?)(?:同志)?(?:主持)?召开(?P<topic>.+)")
_SET = re.compile(r"(?P<who>.{2,10}?)(?:同志)?(?:定于|拟于|决定于|决定)(?P<rest>.+)")
_CALLS = re.compile(
    r"(?:通知|请)(?P<who>.+?)(?P<rest>(?:今天|明天|后天|下?周|下星期|\d{1,2}月|\d{1,2}[日号/]).+)"
)
_HEADS = re.compile(r"的?(?:主要|分管)?(?:负责同志|负责人|领导|同志|人员)$")
_FAR = timedelta(days=300)
"""so far ahead nobody calls a meeting: a day of this year is meant that is past"""
_YEAR = re.compile(r"\d{4}|[明后来]年|\d{2}年")
_NAMED_CHANGE = re.compile(
    r"((?:会议|开会)?(?:时间|地点)|主题|标题|议题|主持人?|议程)(?:改到|改成|改为|改在|换成|换到|换为|应为|改|换)[:：]?"
)
_BARE_CHANGE = re.compile(r"^(?:改到|改至|改成|改为|改在|换到|换成|推迟到|提前到)")
_DIGITS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4}


class MeetingReading(BaseModel):
    """What was read of a meeting; what was not said is None or empty."""

    model_config = ConfigDict(frozen=True)

    title: str | None = None
    at: datetime | None = None
    ends: datetime | None = None
    readings: tuple[datetime, ...] = ()
    """two or more where the time can mean so many"""
    place: str | None = None
    host: str | None = None
    units: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    agenda: tuple[str, ...] = ()
    pages: int | None = None
    report_minutes: int | None = None
    speech_minutes: int | None = None
    section: str | None = None
    reason: str | None = None
    holders: dict[str, str] = {}
    """who checks what, by step"""


class _Stretch(NamedTuple):
    key: str
    text: str


def read_meeting(text: str, context: Context, rule: MeetingRule, *, change: bool = False) -> MeetingReading:
    """What a line says of a meeting; `change`: what is different, so that what is left over is no topic."""
    said: dict[str, list[str]] = {}
    if change:
        text = _NAMED_CHANGE.sub(r"\1：", _BARE_CHANGE.sub("", text))
    for one in _stretches(text, context, rule, "" if change else "topic"):
        said.setdefault(one.key, []).append(one.text)
    whom = read_who("、".join(said.get("who", ())), context)
    host = _person(" ".join(said.get("host", ())), context)
    at, ends, readings = _time(said, context)
    figures = {key: int(said[key][-1]) for key, _ in _FIGURES if key in said}
    keys = [key for key in said if key.startswith("holder:")]
    holders = {key[7:]: name for key in keys if (name := _person(said[key][-1], context))}
    section = read_who(" ".join(said.get("section", ())), context)[1]
    return MeetingReading(
        title="，".join(said.get("topic", ())).strip("，。；; ") or None,
        at=at,
        ends=ends,
        readings=readings,
        place=_room("".join(said.get("place", ())), rule),
        host=host,
        units=whom[1],
        people=tuple(name for name in whom[0] if name != host),
        ambiguous=whom[2],
        agenda=tuple(_items("；".join(said.get("agenda", ())))),
        section=section[0] if section else None,
        reason="，".join(said.get("reason", ())) or None,
        holders=holders,
        **figures,
    )


# --- telling stretches apart ------------------------------------------------------------------------


def _stretches(text: str, context: Context, rule: MeetingRule, usual: str) -> Iterator[_Stretch]:
    """Each stretch with what it is about; one that says nothing by itself belongs to the one before.

    `usual` is what it is about where there is none before.
    """
    current = ""
    for token in _tokens(text):
        found = list(_labelled(token)) or _known(token, current, context, rule)
        if not found:
            found = [_Stretch(current or usual, token)]
        for one in found:
            if one.text:
                yield one
        last = found[-1]
        current = "" if last.key in _SHORT and last.text else last.key


_SHORT = {"pages", "report_minutes", "speech_minutes", "length", "place", "at", "host", "section"}
"""what one stretch says in full, so that the next one is about something else"""


def _tokens(text: str) -> Iterator[str]:
    for line in text.splitlines():
        for token in re.split(r"[\s，,；;。]+", line):
            if token:
                yield token


def _labelled(token: str) -> Iterator[_Stretch]:
    """主持：周明远; a label alone names what the next stretch is."""
    for _, pattern in _FIGURES:
        if pattern.fullmatch(token):
            return
    found = _LABELLED.match(token)
    if found is None:
        return
    label = re.sub(r"(?:负责)?[:：\s]*$", "", found.group(0))
    key = next(key for key, words in _LABELS.items() if re.fullmatch(words, label))
    yield _Stretch(key, token[found.end() :])
    if found.end() == len(token):
        yield _Stretch(key, "")


def _known(token: str, current: str, context: Context, rule: MeetingRule) -> list[_Stretch]:
    """What a stretch is by what it says."""
    if current == "agenda" and _ITEM.match(token):
        return [_Stretch("agenda", token)]
    if _EMPTY.fullmatch(token):
        return [_Stretch(current, "")]
    for key, pattern in _FIGURES:
        if found := pattern.fullmatch(token):
            return [_Stretch(key, found["n"])]
    if current not in ("topic", "agenda", "reason") and _TOPIC.match(token):
        return [_Stretch("topic", token)]
    if _LENGTH.fullmatch(token):
        return [_Stretch("length", token)]
    if sentence := _sentence(token, context, rule):
        return sentence
    if end := _end_of_time(token, context):
        return [_Stretch("at", token[:end]), *_behind(token[end:], context, rule)]
    if rule.room(token) or (_ROOM.fullmatch(token) and current not in ("topic", "agenda")):
        return [_Stretch("place", token)]
    return _persons(token, current, context)


def _sentence(token: str, context: Context, rule: MeetingRule) -> list[_Stretch]:
    """周县长定于11月26日9点…, 通知水利局明天9点…, 周明远主持召开…: who, then the rest by itself."""
    if (found := _LEADS.fullmatch(token)) and _person(found["who"], context) and len(found["who"]) <= _POSTED:
        return [_Stretch("host", found["who"]), _Stretch("topic", found["topic"])]
    for key, shape in (("host", _SET), ("who", _CALLS)):
        found = shape.fullmatch(token)
        if found is None or not _only_names(found["who"], context):
            continue
        rest = found["rest"]
        return [_Stretch(key, found["who"]), *(_known(rest, "", context, rule) or [_Stretch("topic", rest)])]
    return []


_POSTED = 10
"""characters that a name with its post takes: 周明远常务副县长"""


def _persons(token: str, current: str, context: Context) -> list[_Stretch]:
    """周明远主持, 请财政局参加, 水利局、财政局."""
    if (found := _HOSTS.fullmatch(token) or _HOST.fullmatch(token)) and _person(found["who"], context):
        return [_Stretch("host", found["who"])]
    if (found := _SECTION.fullmatch(token)) and _only_names(found["who"] or found["by"], context):
        return [_Stretch("section", found["who"] or found["by"])]
    if (found := _WHO.fullmatch(token)) and _only_names(found["who"], context):
        return [_Stretch("who", found["who"])]
    if (found := _COMES.fullmatch(token)) and _only_names(_HEADS.sub("", found["who"]), context):
        return [_Stretch("who", found["who"])]
    if current in ("who", "agenda", "reason", "section", "host") or current.startswith("holder:"):
        return []
    return [_Stretch("who", token)] if _only_names(token, context) else []


def _only_names(token: str, context: Context) -> bool:
    """Whether a stretch is nothing but names of units and persons: 水利局、周县长、各乡镇."""
    return all(_is_name(part, context) for part in re.split(r"[、和与及]|以及", token))


def _is_name(part: str, context: Context) -> bool:
    if context.roster.unit_called(part) or part in context.roster.by_name:
        return True
    people, units, unsure = read_who(part, context) if len(part) <= NAME else ((), (), ())
    return bool(people or unsure or len(units) > 1) and not _TOPIC.search(part)


NAME = 8
"""characters that somebody's name with his post takes"""


def _end_of_time(token: str, context: Context) -> int:
    """Where the time ends that a stretch begins with; 0: it begins with none."""
    until = _UNTIL.search(token)
    head = token[: until.start()] if until else token
    found = read_instants(head, context.reference, context.calendar)
    if not found or found[0].span[0] > 1:
        return 0
    return until.end() if until else found[-1].span[1]


def _behind(rest: str, context: Context, rule: MeetingRule) -> list[_Stretch]:
    """11月26日9点在二楼会议室研究…: what stands behind the time, a room first."""
    plain = re.sub(r"^[在于到]|^召开(?=.)", "", rest)
    if _EMPTY.fullmatch(plain):
        return []
    called = sorted((name for room in rule.rooms for name in (room.name, *room.words)), key=len, reverse=True)
    room = next((name for name in called if plain.startswith(name)), None)
    found = room or ((match := _BEFORE_TOPIC.match(plain)) and match.group(0)) or ""
    if not found or found == plain:
        return (_known(plain, "", context, rule) or [_Stretch("topic", plain)]) if plain else []
    return [_Stretch("place", found), *_behind(plain[len(found) :], context, rule)]


_BEFORE_TOPIC = re.compile(rf"{_ROOM.pattern}(?=召开|{_TOPIC.pattern})")


# --- what a stretch says ----------------------------------------------------------------------------


def _time(
    said: dict[str, list[str]], context: Context
) -> tuple[datetime | None, datetime | None, tuple[datetime, ...]]:
    words = " ".join(said.get("at", ()))
    until = _UNTIL.search(words)
    instants = read_instants(words[: until.start()] if until else words, context.reference, context.calendar)
    found = next((one for one in instants if one.precision == "minute" and _CLOCK.search(one.words)), None)
    if found is None:
        return None, None, ()
    at = context.calendar.local(found.at)
    if at - context.reference > _FAR and not _YEAR.search(words):
        at = at.replace(year=at.year - 1, day=min(at.day, 28) if at.month == 2 else at.day)  # asked about
    lengths = (_ends(text, at, context) for text in said.get("length", ()))
    ends = next((one for one in lengths if one), None) or (_until(until, at) if until else None)
    return at, ends, found.readings


def _until(until: re.Match[str], at: datetime) -> datetime | None:
    """9点到11点半: the end, on the same day."""
    hour, minute = int(until["h"]), 30 if until["m"] == "半" else int(until["m"] or 0)
    if hour > 23 or minute > 59:
        return None
    end = at.replace(hour=hour, minute=minute)
    if end <= at and hour < 12:
        end = end.replace(hour=hour + 12)
    return end if end > at else None


def _ends(text: str, at: datetime, context: Context) -> datetime | None:
    """预计1.5小时, 90分钟, 半天 (until noon or close of business), 2天 (close of business of the second)."""
    found = _LENGTH.fullmatch(text)
    if found is None:
        return None
    hours = context.calendar.hours
    if found["half"] and at.time() < hours.sessions[0][1]:
        return at.replace(hour=hours.sessions[0][1].hour, minute=hours.sessions[0][1].minute)
    days = _figure(found["d"])
    if found["half"] or days >= 1:
        return context.calendar.close_of((at + timedelta(days=max(days - 1, 0))).date())
    length = timedelta(
        hours=_figure(found["h"]) + (0.5 if found["hh"] or found["hhh"] or found["hhalf"] else 0),
        minutes=int(found["m"] or 0),
    )
    return at + length if timedelta(minutes=5) <= length <= timedelta(hours=12) else None


def _figure(text: str | None) -> float:
    return 0.0 if text is None else float(_DIGITS.get(text, text))


def _room(text: str, rule: MeetingRule) -> str | None:
    """The room's own name where the office has it, else as it was typed."""
    plain = re.sub(r"^[在于]", "", text.strip("，。；; "))
    room = rule.room(plain)
    return room.name if room else plain or None


def _person(text: str, context: Context) -> str | None:
    people, _, _ = read_who(text, context) if text else ((), (), ())
    return people[0] if len(people) == 1 else None


def _items(text: str) -> Iterator[str]:
    """The points of an agenda, without their numbers."""
    parts = re.split(rf"[；;\n]|(?={_ITEM.pattern})", text)
    yield from (plain for part in parts if (plain := _ITEM.sub("", part, count=1).strip("，。；; ")))


def read_points(text: str) -> list[str]:
    """The numbered points of a text; without numbers, its lines."""
    numbered = re.split(rf"(?:^|(?<=[\s；;。，,：:])){_ITEM.pattern}\s*", text.strip())
    found = numbered[1:] if len(numbered) > 1 else text.splitlines()
    return [plain for part in found if (plain := part.strip("，。；;,. \n"))]
