"""Times of day: "下午三点半", "17:30", "15时20分", "差五分三点", "下班前", "上午", "5pm"."""

from __future__ import annotations

import re

from rules.patterns import lazy
from rules.when.terms import Clock, N, Scene
from rules.when.text import number

_PARTS = {
    "dawn": "凌晨|清晨|清早|拂晓",
    "morning": "大清早|一大早|大早上|早上|早晨|早间|一早|上午|午前|早|晨",
    "noon": "中午|正午|午间|晌午",
    "afternoon": "下午|午后",
    "evening": "傍晚|黄昏|晚上|晚间|夜晚|晚",
    "night": "后半夜|半夜|深夜|午夜|子夜|夜里|夜间|夜",
}
_PART_OF = {word: part for part, words in _PARTS.items() for word in words.split("|")}
_PART = "|".join(sorted(_PART_OF, key=len, reverse=True))

_NOT_A_TIME = (
    r"(?!意见|要求|建议|问题|说明|内容|想法|理由|体会|措施|工作|情况|注意|原因|希望|声明|共识|以外|多?钱)"
)
_MINUTE = r"[0-5][0-9]|零[一二三四五六七八九]|[二三四五]?十[一二三四五六七八九]?"
_AFTER_MINUTE = r"(?![0-9个人份项名月日号条家篇位年万元次级周小天%度])"

_COLON = lazy(
    rf"(?P<part>{_PART})?的?(?P<h>[0-9]{{1,2}}):(?P<mi>[0-5][0-9])(?::[0-5][0-9])?(?![0-9:])(?:点钟?|时|分)?整?"
    r"(?: ?(?P<ap>[ap])\.?m\.?(?![a-z]))?"
)
_DOTTED = lazy(rf"(?P<part>{_PART})(?P<h>[0-9]{{1,2}})\.(?P<mi>[0-5][0-9])(?![0-9.])(?P<ap>)")
_HOUR = lazy(
    rf"(?P<part>{_PART})?的?(?P<h>{N})(?:点钟?{_NOT_A_TIME}|时(?![间代期候常不段限效刻政事而隔])|h(?=[0-9]{{2}}))过?"
    rf"(?:(?P<half>半)|(?P<q>[一三13])刻钟?|(?P<mi>{_MINUTE}|[0-9]|[一二三四五六七八九])分(?!之(?![前内后])|[钟管])"
    rf"|(?P<mi2>{_MINUTE}){_AFTER_MINUTE}|整|正)?(?:[0-9零一二三四五六七八九十]{{1,3}}秒)?(?:左右|许)?(?P<ap>)"
)
_TO_HOUR = lazy(rf"(?P<part>{_PART})?差(?:(?P<less>{N})分钟?|(?P<q>一)刻钟?)(?:到|不到)?(?P<h>{N})点(?P<ap>)")
_ENGLISH = lazy(
    r"(?:at )?(?P<h>1[0-2]|0?[1-9])(?::(?P<mi>[0-5][0-9])(?::[0-5][0-9])?)? ?(?P<ap>[ap])\.?m\.?(?![a-z])"
)
_OFFICE = lazy(
    r"(?P<half>早上|早晨|早|上午|中午|下午|晚上|傍晚)?(?:一|刚)?(?:(?P<close>下班|收班|收工)|(?P<open>上班))(?!高峰|路上|途中)"
    r"|(?P<eod>eod|cob|close of business)(?![a-z])"
)
_BARE = lazy(rf"(?P<part>{_PART}|noon(?![a-z])|midnight(?![a-z]))(?![好茶场安饭餐宴休]|(?<=[早晚晨])[报会])")
_ADVERBS = ("早", "晚", "夜")


def read_clock(signs: str, start: int, scene: Scene) -> tuple[Clock, int] | None:
    """The time of day that begins at `start`, and where its words end."""
    for pattern in (_ENGLISH, _COLON, _DOTTED, _TO_HOUR, _HOUR):
        if (found := pattern.match(signs, start)) and (clock := _told(found, signs)):
            return clock, found.end()
    if found := _OFFICE.match(signs, start):
        return _by_office_hours(found, scene), found.end()
    if found := _BARE.match(signs, start):
        return _part_alone(found["part"], scene), found.end()
    return None


def _told(found: re.Match[str], signs: str) -> Clock | None:
    said, groups = found.groupdict().get("part"), found.groupdict()
    hour, minute = number(found["h"]), _minute(groups)
    if hour is None or minute is None or hour > 24 or minute > 59 or _is_no_hour(found, said, signs):
        return None
    if groups["ap"]:
        return Clock(hour % 12 * 60 + minute + (720 if groups["ap"] == "p" else 0))
    part = _PART_OF[said] if said else ""
    total = _in_part(part, hour)
    if total is None:
        return Clock(hour * 60, part=part, vague=True)
    minutes = total * 60 + minute - _before_the_hour(groups)
    loose = not part and 1 <= hour <= 12 and not found["h"].startswith("0")
    return Clock(minutes, loose=loose, part=part) if 0 <= minutes <= 1440 + 5 * 60 else None


def _minute(groups: dict[str, str | None]) -> int | None:
    if groups.get("half"):
        return 30
    if (quarters := groups.get("q")) and not groups.get("less") and "mi2" in groups:
        return 15 * (number(quarters) or 0)
    said = groups.get("mi") or groups.get("mi2")
    return number(said) if said else 0


def _before_the_hour(groups: dict[str, str | None]) -> int:
    if groups.get("less"):
        return number(groups["less"] or "") or 0
    return 15 if "less" in groups and groups.get("q") else 0


def _is_no_hour(found: re.Match[str], said: str | None, signs: str) -> bool:
    """ "早一点", "快一点", "第三点", "一时": no time of day."""
    before = signs[max(found.start() - 1, 0) : found.start()]
    if found["h"] in ("一", "1") and (not said or said in _ADVERBS):
        plain = found.end() - found.end("h") == 1
        if plain and (said or found["h"] == "一"):
            return not re.match(r"之?前|以前|开|到|左右|,|$", signs[found.end() :]) or bool(said)
    return not said and before != "" and before in "第提几快慢多少好有差高低重这那大"


def _in_part(part: str, hour: int) -> int | None:
    """The hour of the day, 24 and above for the night's end; None where part and hour do not agree."""
    if not part:
        return hour
    if part == "dawn":
        return hour if hour <= 8 else 0 if hour in (12, 24) else None
    if part == "morning":
        return hour if 1 <= hour <= 12 else None
    if part == "noon":
        return {10: 10, 11: 11, 12: 12, 13: 13, 1: 13, 2: 14}.get(hour)
    if part == "afternoon":
        return hour + 12 if 1 <= hour < 12 else hour if 12 <= hour < 24 else None
    return _in_the_dark(part, hour)


def _in_the_dark(part: str, hour: int) -> int | None:
    if hour in (0, 12, 24):
        return 24
    if hour >= 16:
        return hour
    if 4 <= hour < 12:
        return hour + 12 if part == "evening" or hour >= 7 else hour
    return hour + 24 if part == "night" and hour < 4 else None


def _by_office_hours(found: re.Match[str], scene: Scene) -> Clock:
    sessions = scene.calendar.hours.sessions
    if found["open"]:
        clock = sessions[-1][0] if found["half"] == "下午" else sessions[0][0]
    else:
        clock = sessions[0][1] if found["half"] in ("上午", "中午") else sessions[-1][1]
    return Clock(clock.hour * 60 + clock.minute, hours=True)


def _part_alone(word: str, scene: Scene) -> Clock:
    sessions = scene.calendar.hours.sessions
    part = _PART_OF.get(word, "noon" if word == "noon" else "night")
    if word in ("午夜", "子夜", "midnight"):
        return Clock(1440, part=part, bare=True)
    if part in ("morning", "noon") and word in ("上午", "午前", "中午", "正午", "午间", "noon"):
        until = sessions[0][1]
    elif part == "afternoon":
        until = sessions[-1][1]
    else:
        return Clock(0, part=part, bare=True, vague=True)
    return Clock(until.hour * 60 + until.minute, part=part, bare=True)
