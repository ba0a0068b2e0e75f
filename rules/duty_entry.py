"""An entry of the duty log 值班日志, read into its fields: who called, what, who was told, with what result.

Only what the sentence plainly says is taken; the rest stays in the content, the sentence as it was typed
is kept beside it.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from rules.patterns import lazy
from rules.roster import Roster


class EntryFields(BaseModel):
    """The fields of an entry; None where the sentence does not say."""

    model_config = ConfigDict(frozen=True)

    unit: str | None = None
    """the caller's unit, a county unit by its full name"""
    person: str | None = None
    phone: str | None = None
    content: str
    told: str | None = None
    instruction: str | None = None
    result: str | None = None


_LEADING = lazy(
    r"^(?:(?:\d{4}年)?\d{1,2}月\d{1,2}[日号]|今天|昨天|昨晚|今早|今晚)?[\s,，]*"
    r"(?:(?:凌晨|早上|上午|中午|下午|傍晚|晚上|夜里)?\s*\d{1,2}(?:[:：]\d{2}|[点时](?:\d{1,2}分?|半|整)?))?[\s,，:：]*"
)
_JUST_NOW = lazy(r"^(?:刚刚|刚才|方才|刚|(?:半|\d{1,2})(?:个)?(?:小时|分钟)前|约?\d{1,3}分钟前)[\s,，]*")
_PHONE = lazy(r"(?<!\d)(1\d{10}|(?:0\d{2,3}-?)?[2-9]\d{6,7}(?:-\d{1,6})?)(?!\d)")
_CALLS = lazy(
    r"(?:打来电话|打电话|来电话|来电|电话报告|电话反映|电话通知|电话|致电|发来传真|传真|来函|来人|来访|报称|报告|报|反映|通知|称|说)"
)
_CLAUSE = lazy(r"[，。；;,\n]+")
_TOLD = lazy(
    r"(?:已经?|当即|立即|随即|及时|并)*(?:电话)?(?:向.{1,20}?)?(?:报告|汇报|转告|告知|通知|请示)(?:了|给)?.{0,30}"
)
_TOLD_SURE = lazy(r"^(?:已|当即|立即|随即|及时|并|我室|值班员).{0,8}?(?:报告|汇报|转告|告知|通知|请示)")
_INSTRUCTION = lazy(r"(?:^(?:指示|批示|要求)|.{1,12}?(?:批示|指示|要求|强调|交代))[:：]?")
_RESULT = lazy(
    r"^(?:处理|办理|处置)?(?:结果|结论)[:：]?|^(?:现?已|目前已|均已|全部)(?:处置|处理|办理|恢复|办结|解决|排除|扑灭|修复|平息|完成|妥)|处置完毕|处理完毕|办理完毕|^(?:一切|情况)正常$|^[未无]见?异常"
)
_RESULT_HEAD = lazy(r"^(?:处理|办理|处置)?(?:结果|结论)[:：为是]?\s*")
_UNIT_END = lazy(
    r"^.{2,20}?(?:政府办公室|人民政府|总值班室|值班室|办公室|管理局|气象局|公司|医院|学校|社区|村委会|指挥部|派出所|大队|支队"
    r"|中心|局|委|办|厅|部|院|站|台|所|队|镇|乡|村|街道)(?=值?班?|[^\w]|$)"
)
_CALLER = lazy(r"(?P<name>[\u4e00-\u9fff]{2,3}|[\u4e00-\u9fff](?:某某?|先生|女士|同志))$")
_TAKEN = lazy(r"^(?:接到|接|收到)")
_PUBLIC = lazy(r"(?:一|某|有|多)?[名位]?(?:群众|市民|村民|居民|网友|司机)")
_BRACKETS = lazy(r"[（(][^（）()]*[）)]")


def read_entry(text: str, roster: Roster) -> EntryFields:
    """The fields of an entry as it was typed, with or without the time before it."""
    words = said(text)
    clauses = [part.strip() for part in _CLAUSE.split(words) if part.strip()]
    if not clauses:
        return EntryFields(content=text.strip())
    phone = _PHONE.search(words)
    unit, person, first = _caller(clauses[0], roster)
    bare = bool(unit or person) and first == clauses[0]
    kinds = list(_sorted(clauses[1:], of_caller=bare))
    content = [part for kind, part in kinds if kind == "content"]
    if first and not (bare and content):
        content.insert(0, first)
    return EntryFields(
        unit=unit,
        person=person,
        phone=phone[1] if phone else None,
        content="，".join(content) or words,
        told=_joined(kinds, "told"),
        instruction=_joined(kinds, "instruction"),
        result=_joined(kinds, "result"),
    )


def said(text: str) -> str:
    """An entry without the time before it."""
    return _JUST_NOW.sub("", _LEADING.sub("", text.strip(), count=1), count=1)


def read_addition(text: str) -> tuple[str, str]:
    """A word added to an entry: which field it fills (content where it says none), and what it says."""
    words = text.strip()
    kind = _kind(words)
    if kind == "content" and _TOLD.match(words):
        kind = "told"
    return kind, _RESULT_HEAD.sub("", words) if kind == "result" else words


def _kind(part: str) -> str:
    if _RESULT.search(part):
        return "result"
    if _TOLD_SURE.match(part):
        return "told"
    return "instruction" if _INSTRUCTION.match(part) else "content"


def _sorted(clauses: list[str], *, of_caller: bool) -> Iterator[tuple[str, str]]:
    """Each clause with its field; one that says none goes on with an instruction or a result before it.

    `of_caller`: nothing was said yet but who called, so that 要求 … is what he wants.
    """
    before = "content"
    for number, part in enumerate(clauses):
        kind = "content" if of_caller and not number else _kind(part)
        if kind == "content" and before in ("instruction", "result"):
            kind = before
        before = kind
        yield kind, _RESULT_HEAD.sub("", part) if kind == "result" else part


def _joined(kinds: list[tuple[str, str]], wanted: str) -> str | None:
    return "，".join(part for kind, part in kinds if kind == wanted) or None


def _caller(clause: str, roster: Roster) -> tuple[str | None, str | None, str]:
    """Unit and person of who called, and what is left of the clause for the content."""
    calls = _CALLS.search(clause)
    if calls is None or calls.start() == 0:
        return None, None, clause
    head = _PHONE.sub("", _BRACKETS.sub("", clause[: calls.start()])).strip(" 　、:：")
    head = _TAKEN.sub("", head)
    unit, rest = _unit(head, roster)
    if unit is None and head not in roster.by_name and not _PUBLIC.fullmatch(head):
        return None, None, clause
    rest = rest.strip(" 　、")
    person = rest if rest in roster.by_name or _PUBLIC.fullmatch(rest) else None
    if person is None and rest and (named := _CALLER.search(rest)):
        person = named["name"]
    after = _PHONE.sub("", _BRACKETS.sub("", clause[calls.end() :])).strip(" 　:：")
    return unit, person, after or clause


def _unit(head: str, roster: Roster) -> tuple[str | None, str]:
    """The unit at the beginning of a clause: one the office knows, else what ends like one."""
    known = {name: unit.name for unit in roster.units for name in (*unit.short_names, unit.name)}
    for name in sorted(known, key=len, reverse=True):
        if head.startswith(name):
            return known[name], head[len(name) :].removeprefix("值班员").removeprefix("值班室")
    found = _UNIT_END.match(head)
    if found is None:
        return None, head
    return found[0], head[found.end() :].removeprefix("值班员")
