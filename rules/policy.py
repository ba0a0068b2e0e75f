"""The office's rules as data: TOML files read into frozen models, every mistake reported at once.

An office's own folder is laid over the shipped one (`rules/policy/`): a file of the same name is merged
key by key, lists are replaced whole, a new file in `procedures/` is a new kind of document.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal, get_args

from apscheduler.triggers.cron import CronTrigger
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from rules.asking import AskingRule
from rules.emergency import EmergencyRule
from rules.limits import parse_limit
from rules.reading.words import Secrecy, Words
from rules.working_time import Hours, Notice

SHIPPED = Path(__file__).with_name("policy")

Verb = Literal[
    "sign",
    "shortcut",
    "acknowledge",
    "hand_over",
    "send_back",
    "return_to_sender",
    "close",
    "defer",
    "details",
]
Holder = Literal[
    "section",
    "handler",
    "registrar",
    "scope",
    "deputy_director",
    "director",
    "leader",
    "chief_leader",
    "duty_leader",
    "duty_officer",
]
Rung = Literal[
    "stand_in",
    "section_head",
    "deputy_director",
    "director",
    "leader",
    "chief_leader",
    "registrar",
    "duty_leader",
]
Right = Literal[
    "register",
    "manage_members",
    "bind_groups",
    "see_all",
    "load_calendar",
    "record_leave",
    "return_to_sender",
    "keep_duty",
]
Field_ = Literal["sender", "title", "number", "section", "scope", "due"]
_SHARE = re.compile(r"[1-9][0-9]?%")


class PolicyError(Exception):
    """The policy has mistakes; each is a line: file, key, what is wrong and what is allowed."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _limit(text: str) -> str:
    try:
        parse_limit(text)
    except ValueError:
        raise ValueError('时限写作 "30min"、"2h"、"today"、"5d"、"10wd"，倒推加负号如 "-3wd"') from None
    return text


class Rungs(_Data):
    """A rung 层级 of a ladder: who is told, when: `after` the limit, or `at` a time from its beginning."""

    who: Rung
    after: str | None = None
    at: str | None = None
    again: bool = False
    """whether it also rings somebody whom an earlier rung has told"""

    @field_validator("after", "at")
    @classmethod
    def _when(cls, text: str | None) -> str | None:
        return _limit(text) if text is not None else None

    @model_validator(mode="after")
    def _either(self) -> Rungs:
        if (self.after is None) == (self.at is None):
            raise ValueError("写 after（到期后多久）或 at（从起算多久），两者取一")
        return self


class Ladder(_Data):
    """What rings when: reminders before a limit, overdue after it, then rung by rung."""

    name: str
    remind: tuple[str, ...]
    overdue: str
    rungs: tuple[Rungs, ...]

    _overdue = field_validator("overdue")(_limit)

    @field_validator("remind")
    @classmethod
    def _reminders(cls, points: tuple[str, ...]) -> tuple[str, ...]:
        for point in points:
            if not (_SHARE.fullmatch(point) or re.fullmatch(r"-[1-9][0-9]?wd", point)):
                raise ValueError(f'{point!r}：提醒点写作百分数（"50%"）或到期前的工作日（"-3wd"）')
        return points


class Shortcut(_Data):
    """Another way on from a step: past those between, one of whom is told of it (D7)."""

    to: str
    """the key of a later step"""
    label: str
    tells: Holder


class StepRule(_Data):
    """A step 环节 of a procedure: who holds it, by when, what may be done."""

    key: str
    name: str
    todo: str
    holder: Holder
    limit: str
    from_: Literal["registered", "received", "begun"] = Field("begun", alias="from")
    ladder: str
    source: str
    sign: str = "签字"
    """what the signing button says"""
    opinion: bool = False
    """whether words may be written instead of the button's"""
    closes: bool = False
    takes_due: bool = False
    """whether the limit that a document names is this step's, in place of its own"""
    shortcut: Shortcut | None = None
    verbs: tuple[Verb, ...]

    @field_validator("limit")
    @classmethod
    def _step_limit(cls, text: str) -> str:
        return text if text == "whole" else _limit(text)


class Whole(_Data):
    """The limit of a matter as a whole, counted from its receipt."""

    limit: str
    source: str
    ladder: str

    _whole = field_validator("limit")(_limit)


class Procedure(_Data):
    """A procedure 流程: a kind of document, its fields, its steps and their limits."""

    key: str
    name: str
    source: str
    series: str
    kind: Literal["document", "emergency"] = "document"
    """document: it can be logged, its steps follow each other; emergency: its steps run side by side"""
    required: tuple[Field_, ...] = ()
    asks_answer: bool = False
    return_limit: str = "today"
    urgent: bool = False
    clock: Literal["office", "round"] = "office"
    whole: Whole | None = None
    steps: tuple[StepRule, ...] = Field(min_length=1)

    _return = field_validator("return_limit")(_limit)

    def step(self, key: str) -> StepRule:
        return next(step for step in self.steps if step.key == key)

    def position(self, key: str) -> int:
        return next(i for i, step in enumerate(self.steps) if step.key == key)


class Quiet(_Data):
    """When ordinary matters keep quiet."""

    from_: time = Field(alias="from")
    until: time
    days_off: bool = True

    @model_validator(mode="after")
    def _over_night(self) -> Quiet:
        if self.from_ <= self.until:
            raise ValueError("免打扰从晚上到次日早上，from 须晚于 until")
        return self


class YearTable(_Data):
    """The office's own table of one year over the public one."""

    off: dict[date, str] = {}
    worked: dict[date, str] = {}


class CalendarRule(_Data):
    hours: Hours
    quiet: Quiet
    notices: dict[int, YearTable] = {}

    def own_notices(self) -> dict[int, Notice]:
        tables = self.notices.items()
        return {year: Notice.model_validate({"year": year, **table.model_dump()}) for year, table in tables}


class Posts(_Data):
    names: dict[str, str]
    rights: dict[str, tuple[Right, ...]]
    groups: dict[str, Literal["all", "own"]]


class RoundRule(_Data):
    """A recurring piece of work, as a cron line in the office's zone."""

    name: str
    cron: str
    on: Literal["every_day", "working_days"] = "every_day"

    @field_validator("cron")
    @classmethod
    def _five_fields(cls, line: str) -> str:
        if len(line.split()) != 5:
            raise ValueError('写作五段："分 时 日 月 周"，如 "30 8 * * *"')
        try:
            CronTrigger.from_crontab(line)
        except ValueError:
            raise ValueError("各段须在范围内：分 0-59、时 0-23、日 1-31、月 1-12、周 0-6") from None
        return line


class DutyRule(_Data):
    """Duty 值班 (E6): when it changes over, what is looked at before and after it."""

    change_over: time
    room: str
    """the unit that keeps the duty room, by its full or a short name"""
    look_ahead: int = Field(ge=1, le=31)
    reach_lead: str
    unanswered_after: str
    sign_reminder: str
    sign_leader: str

    @field_validator("reach_lead", "unanswered_after", "sign_reminder", "sign_leader")
    @classmethod
    def _spans(cls, text: str) -> str:
        if not re.fullmatch(r"[1-9][0-9]{0,2}(min|h)", text):
            raise ValueError('写作 "30min" 或 "1h"')
        return text

    def rounds(self) -> dict[str, str]:
        """When its rounds must run: the first two fields of their cron lines."""
        limit = parse_limit(self.reach_lead)
        lead = timedelta(**{"minutes" if limit.unit == "min" else "hours": limit.amount})
        over = datetime.combine(date.min + timedelta(days=2), self.change_over)
        instants = {"duty_change_over": over, "duty_reachable": over - lead}
        return {name: f"{at.minute} {at.hour}" for name, at in instants.items()}


class Policy(_Data):
    """Everything the office works by."""

    calendar: CalendarRule
    ladders: dict[str, Ladder]
    posts: Posts
    rounds: dict[str, RoundRule]
    duty: DutyRule
    emergency: EmergencyRule
    asking: AskingRule
    procedures: dict[str, Procedure]
    words: Words
    secrecy: Secrecy

    @property
    def documents(self) -> dict[str, Procedure]:
        """The procedures a document can be logged under."""
        return {key: one for key, one in self.procedures.items() if one.kind == "document"}

    def may(self, roles: list[str] | tuple[str, ...], right: Right) -> bool:
        """Whether one of these roles carries a right."""
        return any(right in self.posts.rights.get(role, ()) for role in roles)


def load_policy(own: Path | None = None) -> Policy:
    """The shipped policy with the office's own folder over it. Raises PolicyError with every mistake."""
    mistakes: list[str] = []
    files = _read(SHIPPED, mistakes)
    for name, content in (_read(own, mistakes) if own else {}).items():
        if name not in files and not name.startswith("procedures/"):
            mistakes.append(
                f"{name}：没有这个文件；可用的有 {'、'.join(_plain_files(files))}，或 procedures/ 下的新文件"
            )
        files[name] = _merge(files.get(name, {}), content)
    parts: dict[str, Any] = {"procedures": {}}
    for name, content in sorted(files.items()):
        _build(name, content, parts, mistakes)
    if not mistakes:
        mistakes += _cross_check(parts)
    if mistakes:
        raise PolicyError(mistakes)
    return Policy.model_construct(**parts)


_FILES: dict[str, Any] = {
    "calendar.toml": CalendarRule,
    "posts.toml": Posts,
    "words.toml": Words,
    "secrecy.toml": Secrecy,
    "ladders.toml": Ladder,
    "rounds.toml": RoundRule,
    "duty.toml": DutyRule,
    "emergency.toml": EmergencyRule,
    "asking.toml": AskingRule,
}
_TABLES = {"ladders.toml", "rounds.toml"}
"""files whose every top-level table is one thing of the same kind"""


def _plain_files(files: Mapping[str, Any]) -> list[str]:
    return [name for name in sorted(files) if "/" not in name]


def _read(folder: Path, mistakes: list[str]) -> dict[str, dict[str, Any]]:
    if not folder.is_dir():
        mistakes.append(f"{folder.name}：没有这个文件夹")
        return {}
    files: dict[str, dict[str, Any]] = {}
    for path in sorted([*folder.glob("*.toml"), *folder.glob("procedures/*.toml")]):
        name = path.relative_to(folder).as_posix()
        try:
            files[name] = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            mistakes.append(f"{name}：不是有效的 TOML（{error}）")
    return files


def _merge(shipped: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    merged = dict(shipped)
    for key, value in own.items():
        old = merged.get(key)
        merged[key] = _merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def _build(name: str, content: dict[str, Any], parts: dict[str, Any], mistakes: list[str]) -> None:
    stem = name.removesuffix(".toml")
    if stem.startswith("procedures/"):
        key = stem.removeprefix("procedures/")
        if built := _check(name, Procedure, {"key": key, **content}, mistakes):
            parts["procedures"][key] = built
    elif name in _TABLES:
        kind = _FILES[name]
        parts[stem] = {key: _check(name, kind, value, mistakes, key) for key, value in content.items()}
    elif name in _FILES:
        parts[stem] = _check(name, _FILES[name], content, mistakes)


def _check(name: str, kind: type[BaseModel], content: Any, mistakes: list[str], at: str = "") -> Any:
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        mistakes += [_sentence(name, fault, at, kind) for fault in error.errors()]
        return None


_ALLOWED = {
    "time": '应是时刻，如 "09:00"',
    "date": '应是日期，如 "2027-01-01"',
    "string": "应是文字，写在引号里",
    "int": "应是整数",
    "bool": "应是 true 或 false",
    "list": "应是列表，写在 [ ] 里",
    "tuple": "应是列表，写在 [ ] 里",
    "dict": "应是一节，下面写键和值",
    "model": "应是一节，下面写键和值",
}
"""what is allowed, by how the name of a fault begins"""


def _sentence(name: str, fault: Any, at: str, kind: type[BaseModel]) -> str:
    path = ".".join(str(part) for part in ((at,) if at else ()) + tuple(fault["loc"]))
    match fault["type"]:
        case "missing":
            said = "缺少这一项"
        case "extra_forbidden":
            known = [field.alias or key for key, field in kind.model_fields.items()]
            nested = f"；这里可用的有 {'、'.join(known)}" if len(fault["loc"]) == 1 else ""
            said = f"没有这个键{nested}"
        case "literal_error":
            said = f"现为 {fault['input']!r}，可取 {fault['ctx']['expected'].replace(' or ', ', ')}"
        case "value_error":
            said = f"现为 {fault['input']!r}；{fault['ctx']['error']}"
        case _:
            allowed = next(
                (said for start, said in _ALLOWED.items() if fault["type"].startswith(start)), None
            )
            said = f"现为 {fault['input']!r}；{allowed or fault['msg']}"
    return f"{name}：{path}：{said}"


def _cross_check(parts: dict[str, Any]) -> list[str]:
    """Names in one file that another must know."""
    ladders, roles = parts["ladders"], parts["posts"].names
    mistakes = [
        f"ladders.toml：{key}.rungs：“{rung.who}”在 posts.toml 的 names 里没有名称"
        for key, ladder in ladders.items()
        for rung in ladder.rungs
        if rung.who not in roles
    ]
    for name, at in parts["duty"].rounds().items():
        if name in parts["rounds"] and parts["rounds"][name].cron.split()[:2] != at.split():
            mistakes.append(f"rounds.toml：{name}.cron：按 duty.toml 须以“{at}”开头（分 时）")
    for key, procedure in parts["procedures"].items():
        mistakes += [f"procedures/{key}.toml：{line}" for line in _check_procedure(procedure, ladders)]
    mistakes += [f"emergency.toml：{line}" for line in _check_emergency(parts)]
    return mistakes


def _check_emergency(parts: Mapping[str, Any]) -> Iterator[str]:
    rule, ladders = parts["emergency"], parts["ladders"]
    keys = {step.key for one in parts["procedures"].values() if one.kind == "emergency" for step in one.steps}
    for level in rule.levels:
        for step, ladder in level.ladders.items():
            if step not in keys:
                yield f"levels.{level.key}.ladders：没有环节“{step}”，可取 {'、'.join(sorted(keys))}"
            if ladder not in ladders:
                yield f"levels.{level.key}.ladders.{step}：没有“{ladder}”，可取 {'、'.join(ladders)}"


def _check_procedure(procedure: Procedure, ladders: Mapping[str, Ladder]) -> Iterator[str]:
    used = [(f"steps.{i}", step.ladder) for i, step in enumerate(procedure.steps)]
    if procedure.whole:
        used.insert(0, ("whole", procedure.whole.ladder))
    for place, ladder in used:
        if ladder not in ladders:
            yield f"{place}.ladder：没有“{ladder}”，可取 {'、'.join(ladders)}"
    keys = [step.key for step in procedure.steps]
    if len(set(keys)) < len(keys):
        yield "steps：环节的 key 不能重复"
    for i, step in enumerate(procedure.steps):
        if step.limit == "whole" and procedure.whole is None:
            yield f"steps.{i}.limit：写了 whole，但这个流程没有 [whole] 总时限"
        if procedure.kind == "document" and step.closes != ("close" in step.verbs):
            yield f"steps.{i}：办结（close）只能并且必须用在 closes = true 的环节"
    if not procedure.steps[-1].closes:
        yield "steps：最后一个环节须写 closes = true"


RUNGS: tuple[str, ...] = get_args(Rung)
