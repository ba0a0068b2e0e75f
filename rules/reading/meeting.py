"""A meeting called in one line, in any order: when, where, about what, with whom, chaired by whom (M5).

Stretches between blanks and commas are told apart by a label (主持：…), by what they are (材料3页, a time,
a room), or by the word that a topic begins with (研究…); what is left over belongs to the stretch before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from rules.meetings import MeetingRule
from rules.patterns import lazy
from rules.reading.handlers import read_who, read_whom
from rules.reading.meeting_time import CLOCK, LENGTH, UNTIL, instants_in, time_of
from rules.reading.models import Context
from rules.reading.outsiders import looks_outside, outsiders

_LABELS: dict[str, str] = {
    "topic": "会议主题|主题|标题|(?:主要|会议)?议题|会议名称|名称|(?:会议|主要)?内容",
    "at": "会议时间|开会时间|时间",
    "place": "会议地点|开会地点|地点|地址",
    "host": "主持人?|主持领导",
    "who": "参会(?:单位和?人员|单位|部门|人员|领导|人(?![社大防民]))?|参加(?:单位|部门|人员|领导)?"
    "|出席(?:单位|人员|领导)?"
    "|列席(?:单位|人员)?|与会(?:单位|人员)?|(?:参会|参加|会议)范围|通知",
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
_LABELLED = lazy(rf"(?:{'|'.join(_LABELS.values())})(?:负责)?(?:[:：]\s*|\s*$)")
_UNMARKED: dict[str, str] = {
    "at": "(?:会议|开会)?时间",
    "place": "(?:会议|开会)?地[点址]",
    "agenda": "(?:会议)?议程",
    "topic": "(?:会议)?主题(?!教育|党日|班会|公园)|(?:主要|会议)?议题(?!征集)"
    "|(?:会议|主要)?内容(?!审核|安全)",
    "who": _LABELS["who"],
}
"""labels that count without a colon where what follows fits: 地点三楼会议室, 参会水利局"""
_TOPIC = lazy(
    r"研究|讨论|部署|安排|听取|审议|传达|学习|调度|推进|总结|动员|通报|会商|商讨|协商|座谈|培训|开展|召开"
)
_ROOM = lazy(
    r"\S{0,16}(?:会议室|礼堂|会场|报告厅|会议中心|多功能厅|\d+室|现场)|[一二三四五六七八九十\d]{1,2}楼"
)
_HOSTS = lazy(r"(?:会议)?(?:由|请)?(?P<who>.{2,8}?)(?:同志)?主持(?:会议|召开)?")
_HOST = lazy(r"主持人?(?P<who>.{2,8})")
_SECTION = lazy(r"(?:由)?(?:主办|承办|牵头)(?:单位|科室)?(?P<who>.+)|由?(?P<by>.+?)(?:主办|承办|牵头)")
_COMES = lazy(r"(?:请|通知)?(?P<who>.+?)(?:参会|参加|出席|列席)(?:会议)?")
_NUMBER = r"(?P<n>\d{1,4})"
_FIGURES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("pages", lazy(rf"(?:汇报|会议)?材料\s*[:：]?\s*(?:共|约|不超过)?\s*{_NUMBER}\s*页")),
    ("report_minutes", lazy(rf"(?:每家|单位)?(?:汇报|发言)(?:时间)?\s*[:：]?\s*{_NUMBER}\s*分钟")),
    ("speech_minutes", lazy(rf"(?:领导)?讲话(?:时间)?\s*[:：]?\s*{_NUMBER}\s*分钟")),
)
_ITEM = lazy(r"(?:\d{1,2}[.．、)）]|[一二三四五六七八九十]{1,2}、|[（(]\d{1,2}[）)])")
_EMPTY = lazy(r"(?:开个?会|开一个会|召开会议|开一下会)[。！]?")
_LEADS = lazy(r"(?P<who>.{2,12}?)(?:同志)?(?:主持)?召开(?P<topic>.+)")
_SET = lazy(r"(?P<who>.{2,10}?)(?:同志)?(?:定于|拟于|决定于|决定)(?P<rest>.+)")
_CALLS = lazy(r"(?:通知|请)(?P<who>.+?)(?P<rest>(?:今天|明天|后天|下?周|下星期|\d{1,2}月|\d{1,2}[日号/]).+)")
_HEADS = lazy(r"的?(?:主要|分管)?(?:负责同志|负责人|领导|同志|人员)$")
_NAMED_CHANGE = lazy(
    r"((?:会议|开会)?(?:时间|地点)|主题|标题|议题|主持人?|议程)(?:改到|改成|改为|改在|换成|换到|换为|应为|改|换)[:：]?"
)
_BARE_CHANGE = lazy(r"^(?:改到|改至|改成|改为|改在|换到|换成|推迟到|提前到)")
_AROUND = r"[在于到至]?(?:县政府|县府|政府|机关)?"
_AFTER_PLACE = r"(?:收看|收听|开会|召开|举行)?"
_CALLED = lazy(r"^(?:通知|召集|请|定于|兹定于|拟定?于|计划于?)")
_HELD = lazy(r"^(?:召开|组织召开|举行|开个?)(?=\S{2})")
_AT_ONCE = lazy("现在|马上|立即|即刻")
_WEEKDAY_BESIDE = lazy(r"[（(](?:星期|周|礼拜)[一二三四五六日天][)）]")
_WIDE = str.maketrans("０１２３４５６７８９　", "0123456789 ")


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
    others: tuple[str, ...] = ()
    """who takes part and is in none of the office's lists, as written"""
    vague: tuple[str, ...] = ()
    """words that name nobody: 各有关部门"""
    choices: tuple[tuple[str, ...], ...] = ()
    """of each of these one is meant: ask which"""
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
    text = _WEEKDAY_BESIDE.sub("", text.translate(_WIDE))
    if change:
        text = _NAMED_CHANGE.sub(r"\1：", _BARE_CHANGE.sub("", text))
    for one in _stretches(text, context, rule, "" if change else "topic"):
        said.setdefault(one.key, []).append(one.text)
    who = "、".join(said.get("who", ()))
    whom, beside = read_whom(who, context), outsiders(who, context)
    host = _person(" ".join(said.get("host", ())), context)
    at, ends, readings = time_of(said, context)
    figures = {key: int(said[key][-1]) for key, _ in _FIGURES if key in said}
    keys = [key for key in said if key.startswith("holder:")]
    holders = {key[7:]: name for key in keys if (name := _person(said[key][-1], context))}
    section = read_who(" ".join(said.get("section", ())), context)[1]
    return MeetingReading(
        title=_title(said.get("topic", [])),
        at=at,
        ends=ends,
        readings=readings,
        place=_room("".join(said.get("place", ())), rule),
        host=host,
        units=whom.units,
        people=tuple(name for name in whom.people if name != host),
        others=beside.others,
        vague=beside.vague,
        choices=whom.choices,
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
        found = list(_labelled(token)) or _unmarked(token, context) or _known(token, current, context, rule)
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


def _unmarked(token: str, context: Context) -> list[_Stretch]:
    """地点三楼会议室, 时间周五9点, 参会水利局: a label without a colon before what fits it."""
    for key, words in _UNMARKED.items():
        found = re.match(words, token)
        rest = token[found.end() :] if found else ""
        if rest and _fits(key, rest, context):
            return [_Stretch(key, rest)]
    return []


def _fits(key: str, rest: str, context: Context) -> bool:
    match key:
        case "at":
            return _end_of_time(rest, context) > 0
        case "agenda":
            return bool(_ITEM.match(rest) or _TOPIC.match(rest))
        case "who":
            timed = any(CLOCK.search(one.words) for one in instants_in(rest, context))
            return _names_some(rest, context) and not timed and not _TOPIC.match(rest)
        case _:
            return len(rest) > 1


def _names_some(text: str, context: Context) -> bool:
    """Whether a stretch begins with somebody: 水利局等6个单位, 教育局、县气象局."""
    whom = read_whom(text, context)
    return bool(whom.spans and whom.spans[0][0] == 0 or whom.all)


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
    if LENGTH.fullmatch(token):
        return [_Stretch("length", token)]
    if sentence := _sentence(token, context, rule):
        return sentence
    if _AT_ONCE.fullmatch(token):
        return [_Stretch("at", token)]
    if end := _end_of_time(token, context):
        return [_Stretch("at", token[:end]), *_behind(token[end:], context, rule)]
    if called := _called(token, context, rule):
        return called
    room = re.fullmatch(rf"{_AROUND}(?P<room>\S+?){_AFTER_PLACE}", token)
    if room and (
        rule.room(room["room"]) or (_ROOM.fullmatch(room["room"]) and current not in ("topic", "agenda"))
    ):
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


def _called(token: str, context: Context, rule: MeetingRule) -> list[_Stretch]:
    """召集水利局、住建局明天9点到二楼会议室开会, 定于11月27日9点在…: who, or nobody, before the time."""
    instants = instants_in(token, context)
    start = instants[0].span[0] if instants else 0
    head = _CALLED.sub("", token[:start])
    if not start or not (head == "" or _names_some(head, context)) or _TOPIC.search(head):
        return []
    end = start + _end_of_time(token[start:], context)
    who = [_Stretch("who", head)] if head else []
    return (
        [*who, _Stretch("at", token[start:end]), *_behind(token[end:], context, rule)] if end > start else []
    )


def _persons(token: str, current: str, context: Context) -> list[_Stretch]:
    """周明远主持, 请财政局参加, 水利局、财政局."""
    if (found := _HOSTS.fullmatch(token) or _HOST.fullmatch(token)) and _person(found["who"], context):
        return [_Stretch("host", found["who"])]
    if (found := _SECTION.fullmatch(token)) and _only_names(found["who"] or found["by"], context):
        return [_Stretch("section", found["who"] or found["by"])]
    found = _COMES.fullmatch(token)
    if found and _could_come(re.split(r"[、和与及]|以及", _HEADS.sub("", found["who"])), context):
        return [_Stretch("who", found["who"])]
    if current in ("who", "agenda", "reason", "section", "host") or current.startswith("holder:"):
        return []
    return [_Stretch("who", token)] if _only_names(token, context) else []


def _only_names(token: str, context: Context) -> bool:
    """Whether a stretch is nothing but names of units and persons, some of them known: 水利局、县气象局."""
    parts = re.split(r"[、和与及]|以及", token)
    return any(_is_name(part, context) for part in parts) and _could_come(parts, context)


def _could_come(parts: list[str], context: Context) -> bool:
    """Whether all these are named as those are who take part, be they in the office's lists or not."""
    return all(
        _is_name(part, context) or (looks_outside(part, context) and not _TOPIC.search(part))
        for part in parts
    )


def _is_name(part: str, context: Context) -> bool:
    if context.roster.unit_called(part) or part in context.roster.by_name:
        return True
    people, units, unsure = read_who(part, context) if len(part) <= NAME else ((), (), ())
    return bool(people or unsure or len(units) > 1) and not _TOPIC.search(part)


NAME = 8
"""characters that somebody's name with his post takes"""


def _end_of_time(token: str, context: Context) -> int:
    """Where the time ends that a stretch begins with; 0: it begins with none."""
    until = UNTIL.search(token)
    head = token[: until.start()] if until else token
    found = instants_in(head, context)
    if not found or found[0].span[0] > 1:
        return 0
    return until.end() if until else found[-1].span[1]


def _behind(rest: str, context: Context, rule: MeetingRule) -> list[_Stretch]:
    """11月26日9点在二楼会议室研究…: what stands behind the time, a room first."""
    plain = re.sub(rf"^{_AROUND}|^召开(?=.)", "", rest)
    if _EMPTY.fullmatch(plain):
        return []
    called = sorted((name for room in rule.rooms for name in (room.name, *room.words)), key=len, reverse=True)
    room = next((name for name in called if plain.startswith(name)), None)
    found = room or ((match := _BEFORE_TOPIC.match(plain)) and match.group(0)) or ""
    if found and re.fullmatch(_AFTER_PLACE, plain[len(found) :]):
        return [_Stretch("place", found)]
    if not found:
        return (_known(plain, "", context, rule) or [_Stretch("topic", plain)]) if plain else []
    return [_Stretch("place", found), *_behind(plain[len(found) :], context, rule)]


_BEFORE_TOPIC = lazy(rf"{_ROOM.pattern}(?=召开|{_TOPIC.pattern})")


# --- what a stretch says ----------------------------------------------------------------------------


def _room(text: str, rule: MeetingRule) -> str | None:
    """The room's own name where the office has it, else as it was typed."""
    plain = re.sub(rf"^[在于到]|{_AFTER_PLACE}$", "", text.strip("，。；; "))
    room = rule.room(plain) or rule.room(re.sub(rf"^{_AROUND}", "", plain))
    return room.name if room else plain or None


def _title(pieces: list[str]) -> str | None:
    """What is left of the topic; 研究 by itself goes with what follows."""
    joined = "，".join(_HELD.sub("", piece) for piece in pieces)
    return re.sub(rf"(?:^|(?<=，))({_TOPIC.pattern})，", r"\1", joined).strip("，。；; ") or None


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
