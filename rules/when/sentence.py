"""Which expression of a sentence is its limit.

Titles, document numbers and the dates of events, leave, receipt and effect are none. What is marked as a
limit (前, 内, 截止, 最迟, 延到) goes before what merely names a day; a day alone counts where the words ask
for something to be done, or where nothing else is said.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from rules.patterns import lazy
from rules.when.instant import Instant
from rules.when.masks import masked, overlaps, without
from rules.when.mentions import find_mentions
from rules.when.resolve import Found, ahead, back, instant
from rules.when.terms import Mention, Scene
from rules.when.text import Text

_NONE, _EVENT, _ALONE, _ASKED, _MARKED = range(5)
"""How surely an expression is a limit: not, the time of a meeting, all that is said, asked for, marked."""

_TASK = (
    r"报(?![告表纸废警复案])|交(?![通流易警接办往际由])|送(?![审别给礼])|送审|提交|提出|完成|办结|办理|办妥"
    r"|办好|办完|反馈|答复|回复|回话|函复|落实|汇报|处理|处置|看完|阅退|阅办|退回|印发|定稿|成稿|汇总"
    r"|签发|签字|审签|审核|盖章|归档|整改|公示|(?:检查|督查|调研)(?!组|路线|方案|安排|名单|日程|行程|点位|材料|报告|通知|的)|核实|补齐|补报|上会|给我|必须|务必"
    r"|[把将][^,。;\n]{1,16}?(?:好|完|齐|清楚|出来|上来|过来|到位)(?!了)"
    r"|出(?=意见|结果|方案|初稿|稿)|给领导|发我|给(?=[^,。;\n]{0,3}(?:意见|答复|回复|结果|方案|初稿))|拿出|上交|递交|要(?=$|[,。;!])"
)
_MEET = (
    r"开会|召开|举行|集合|出发|到位|到会|参会|参加|联系"
    r"|提醒|回电|打电话|见面|研究|讨论|会商|座谈|验收|面谈"
)
_VERB = rf"{_TASK}|{_MEET}|传阅"
_LEAD_WORDS = (
    r"最迟|最晚|至迟|不迟于|不晚于|不得[晚迟]于|不超过|不得超过"
    r"|截[至止](?:到|于|日期|时间)?(?:为|是)?|限期?(?:于|在|为|至|到)?|限时|时限(?:为|是)?"
    r"|期限(?:为|是)?|务[必于]+|(?:新的|要求|办理|办结|完成)(?:时间|日期)(?:为|是)?"
    r"|deadline|due(?: on| by)?|by|before|until|no later than|within"
)
_MOVED = r"(?:延|推|改|调整|变更|变|顺|展|宽|放|缓|拖|挪)[^,。;\n]{0,16}?(?:[到至成]|改为|调整为|变更为|为)"
_LEAD = lazy(rf"(?:(?:{_LEAD_WORDS}):?|{_MOVED})(?:于|在|本|the )? ?$")
_SPAN_LEAD = lazy(rf"(?:{_LEAD_WORDS}|限|要求|给[^,。;\n]{{0,4}}|in):? ?$")
_FILLER = lazy(
    rf"(?:{_LEAD_WORDS}|{_VERB}|请|麻烦|务必|必须|须|需|要求|应|当|于|在|到|就|都|我|你|我们|前|吧|啊|哦|哈|了|即可|为止|截止|左右|就行|可以"
    r"|on|at|in|the|please|[报交送][来上给过]*"
    r"|大约|大概|约|最多|还是|那就?|特急件?|加急件?|急件?|平件|[ ,.。!?;:、()~…-])*+"
)

_SAYS_THE_DAY = lazy(r"今[天日](?:是)?(?:周|星期|礼拜)[一二三四五六日天]")
"""今天星期三: the day of the week is told"""
_NOTHING = lazy(r"(?:大约|大概|左右|[约 ,.。!?;:、()~…-])*+")

_CLAUSE_END = lazy(r"[,。;!?\n]")
_SENTENCE_END = lazy(r"[。;!?\n]")

_LEAVE = lazy(
    r"请[了个]?假|休假|[年病事产婚丧探陪]假|调休|轮休|补休|公休|出差|住院|值班(?!工作|室|表|安排|情况|记录|信息|名单|人员|方案|报告|值守)"
)
_BACK = lazy(r"返岗|销假|回来|回单位|到岗")
_AWAY = lazy(r"外出|不在|休息|培训|学习|上课|跟班|挂职|上班(?!前)")
_EFFECT = lazy(
    r"有效|施行|实施(?!方案)|生效|启用|执行(?=[,。;]|$)|任期|[证照险]#到期|(?:[证照险]|合同|协议)[^,。;#]{0,4}#(?:到期)?$|合同期|保质期|试行"
)
_QUESTION = lazy(
    r"[?]|[吗呢](?![一-龥])|哪|谁|多少|什么|怎么|怎样|是否|有没有|几[个件份篇条项次]|了没|没有?$|(?:列|查|统计|看)(?:一下|下|个|出)|看看"
)
_AS_OF = lazy(r"截[至止]到?$")
_SO_FAR = lazy(r"[^。;\n]{0,16}?(?:已|累计|共|仍|尚|目前)")
_REQUEST = lazy(r"能不能|能否|可否|可不可以|行不行|好不好|好吗|行吗|可以吗|麻烦|请")
_TOLD = lazy(r"提醒|通知|定[于在]|时间(?:为|是)?:?$")
_NOT_DONE = lazy(
    r"[^,。;]{0,10}(?:了|不|没|未(?!办)|取消|暂停|作废|[0-9一二两三四五六七八九十]+[件份条篇次起])"
)
_REPORTED = lazy(r"截[至止]到?#|#.*了(?!吧)")
_WEATHER = lazy(r"有[^,。;]{0,6}[雨雪风雾冻]|降[雨雪温]")
_OF_PAST = lazy(r"已经?|累计|共计?|截至目前|刚|昨|上[周月]|收悉|当时")
_DATED = lazy(
    r"(?:收文|来文|收到|成文|发文|印发|登记|签发|签收|发生|接报|事发|出生|签订|到货|填报|统计|数据截[至止]到?|统计截[至止]到?)"
    r"(?:日期|时间)?(?:为|是|:)? ?$"
    r"|(?:根据|按照|依据|(?<![头抓好同体力])落实|按|自|从|因|有效期|执行|试行)(?:限|至|到|为)?:? ?$"
)
_MODIFIER = lazy(
    r"的(?!话)|收(?:到|的|文|悉)|来(?:的|文|函)|印发[的了]|发(?:的|布|生|出的|来)|成文|签[发订]|就?已经?|接[报到]|召开[的了]|开[的了]"
    r"|[^,。;\n]{0,12}(?:会议精神|会议要求|来文|来函)|到期的?|逾期|超期|以来|生效|起施行|份(?!前|内|底)|年度|度(?!末|底)"
)
_UNKNOWN_START = lazy(r"(?:起|后|之后|以后|前|之前)的? ?$")
_VISIT = lazy(
    r"[^,。;\n]{0,6}?[来到去赴下][^,。;\n]{0,8}?(?:检查|督查|调研|验收|考察|暗访|视察|指导|对接|巡查|走访|慰问)"
)
"""领导明天来检查: the day of a visit"""
_OLD = lazy(r"原[定先来有]?的?(?:办理)?(?:期限|时限|计划|截止)?(?:时间|日期)?(?:[是为到:]{0,2})$")
_MOVES = lazy(_MOVED)
"""原期限11月30日,申请延至12月15日; 11月30日到期,能不能延到12月4日: the later one is meant"""
_RECEIPT = lazy(
    r"(?:收到|接到|接此|接通知|接[文函信单令](?=后|起|之日)|收文|收件|见文|签收|接件|交办|转办|批转|今[天日]|即日|现在|从现在)"
    r"[^,。;\n印发布公签订]{0,12}?(?:之日|之时|当日|时)?(?:起|后|之后|以后)的? ?$"
)
_NO_LIMIT_SPAN = lazy(
    r"(?:过去|近|最近|以往|此前|前|历时|为期|连续|超期|逾期|延期|延长|推迟|延迟|延后|顺延|宽限|再给|提前|提早|第|满|每|每隔|不足|(?<!不)(?<!不得)超过|用时|用了|还剩|剩余|仅剩|平均)[^,。;\n]{0,2}$"
)


def find_limit(text: Text, scene: Scene) -> Instant | None:
    """The limit a phrase or sentence names; several that differ come back as readings of the first."""
    signs, stretches = text.signs, masked(text.signs)
    mentions = _apart(
        [m for m in find_mentions(signs, scene) if not overlaps(m.start, m.end, stretches)], signs
    )
    context = without(signs, stretches)
    ranked = [(_rank(m, context, alone=len(mentions) == 1), m) for m in mentions]
    best = max((rank for rank, _ in ranked), default=_NONE)
    if best == _NONE:
        return None
    chosen = [(m, _limit(m, best, scene)) for rank, m in ranked if rank == best]
    if any(found is None for _, found in chosen):
        return None
    limit = _one_of([(m, found) for m, found in chosen if found], text, scene)
    return limit.model_copy(update={"event": True}) if best == _EVENT else limit


def find_past_limit(text: Text, scene: Scene) -> Instant | None:
    """A limit that is over already: 昨天前, 延到上周五. For a sentence that has none still to come."""
    signs, stretches = text.signs, masked(text.signs)
    mentions = [m for m in find_mentions(signs, scene) if not overlaps(m.start, m.end, stretches)]
    context = without(signs, stretches)
    for mention in mentions:
        named = mention.days and not mention.vague and not mention.last and not mention.days.stretch
        rank = _rank(mention, context, alone=len(mentions) == 1) if named else _NONE
        if rank >= _ASKED:
            over = None if _limit(mention, rank, scene) else replace(mention, tail="")
            found = back(over, scene) if over else None
            return instant(mention, found, text, scene) if found else None
    return None


def _apart(mentions: list[Mention], signs: str) -> list[Mention]:
    """Two expressions that touch were one, not understood as such: neither says enough by itself."""
    touching = {
        index
        for index, (one, other) in enumerate(pairwise(mentions))
        if not one.tail and (one.days or one.rule) and signs[one.end : other.start] in ("", "的", "第")
    }
    return [
        replace(m, vague=True) if index in touching or index - 1 in touching else m
        for index, m in enumerate(mentions)
    ]


def says_only(text: Text, scene: Scene) -> bool:
    """Whether a text is nothing but one expression of time."""
    mentions = list(find_mentions(text.signs, scene))
    if len(mentions) != 1 or _SAYS_THE_DAY.fullmatch(text.signs.strip()):
        return False
    around = text.signs[: mentions[0].start] + text.signs[mentions[0].end :]
    return bool(_NOTHING.fullmatch(around))


def _one_of(chosen: list[tuple[Mention, Found]], text: Text, scene: Scene) -> Instant:
    mention, found = chosen[0]
    first = instant(mention, found, text, scene)
    readings = tuple(dict.fromkeys(at for _, found in chosen for at in found.readings))
    return first.model_copy(update={"readings": readings}) if len(readings) > 1 else first


def _limit(mention: Mention, rank: int, scene: Scene) -> Found | None:
    found = ahead(mention, scene)
    yearly = mention.days and not mention.days.marked and len(mention.days.dates) > 4
    plain = rank == _ALONE or mention.tail in ("by", "within")
    if found and yearly and not plain and found.readings[0] - scene.now > timedelta(days=300):
        return None  # 11月20日 said on the 25th without 前: it is past, not next year's
    return found


def _rank(mention: Mention, signs: str, alone: bool) -> int:
    before, after = signs[: mention.start], signs[mention.end :]
    if (
        alone
        and _FILLER.fullmatch(before)
        and _FILLER.fullmatch(after)
        and not _REPORTED.search(before + "#" + after)
    ):
        named = _SAYS_THE_DAY.fullmatch(signs[mention.start : mention.end])
        return _ALONE if _may_be_limit(mention, before, after) and not named else _NONE
    clause_before, clause_after = _tail_of(before, _CLAUSE_END), _head_of(after, _CLAUSE_END)
    if not _may_be_limit(mention, clause_before, clause_after) or _is_other(
        mention, signs[mention.start : mention.end], before, after
    ):
        return _NONE
    if _is_marked(mention, clause_before):
        return _MARKED
    return _unmarked(mention, clause_before, clause_after)


def _head_of(words: str, end: re.Pattern[str]) -> str:
    words = words[:200]
    found = end.search(words)
    return words[: found.start()] if found else words


def _tail_of(words: str, end: re.Pattern[str]) -> str:
    return end.split(words[-200:])[-1]


def _may_be_limit(mention: Mention, before: str, after: str) -> bool:
    if mention.tail in ("ago", "from"):
        return False
    if mention.span:
        if _NO_LIMIT_SPAN.search(before):
            return False
        return not _UNKNOWN_START.search(before) or bool(_RECEIPT.search(before))
    return True


def _is_other(mention: Mention, words: str, before: str, after: str) -> bool:
    """The day of leave, of effect, of an event, or one that a question asks about."""
    if _AS_OF.search(before) and _SO_FAR.match(after):
        return True
    old = words.endswith("到期") or _OLD.search(before)
    if old and _MOVES.search(after[:60]):
        return True
    clause = _tail_of(before, _CLAUSE_END) + "#" + _head_of(after, _CLAUSE_END)
    sentence = _tail_of(before, _SENTENCE_END) + "#" + _head_of(after, re.compile(r"[。;!\n]"))
    if any(other.search(clause) for other in (_LEAVE, _EFFECT, _WEATHER)):
        return True
    if _BACK.search(clause) and mention.tail != "within":  # 两小时内到岗 is asked for, 周四回来 told
        return True
    if _MODIFIER.match(after) or (mention.tail != "within" and _DATED.search(_tail_of(before, _CLAUSE_END))):
        return True
    return bool(_QUESTION.search(sentence)) and not _REQUEST.search(sentence)


def _is_marked(mention: Mention, before: str) -> bool:
    if mention.tail in ("by", "within"):
        return True
    if mention.span:
        return mention.tail == "after" or bool(_SPAN_LEAD.search(before))
    if mention.clock and mention.clock.hours and not mention.days:
        return False
    marked = bool(mention.days and mention.days.marked) or bool(_LEAD.search(before))
    return marked and not _OF_PAST.search(before)


def _unmarked(mention: Mention, before: str, after: str) -> int:
    """A day or hour merely named, within its clause: does the clause ask for something, or call a meeting?"""
    days, clause = mention.days, before + "#" + after
    if (
        mention.span
        or (days and days.weak and not mention.clock)
        or (not days and not mention.rule and _is_bare(mention))
    ):
        return _NONE
    if _AWAY.search(clause) or _OF_PAST.search(clause) or _NOT_DONE.match(after):
        return _NONE
    if _VISIT.match(after) and not re.search(_TASK, _VISIT.sub("", after, count=1)):
        return _NONE
    if re.search(_TASK, after) and not re.search(_MEET, clause):
        return _ASKED
    meeting = mention.clock and (re.search(_MEET, after) or _TOLD.search(before))
    return _EVENT if meeting else _NONE


def _is_bare(mention: Mention) -> bool:
    return mention.clock is not None and mention.clock.bare
