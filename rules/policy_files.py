"""The office's rules as data: TOML files read into frozen models, every mistake reported at once.

An office's own folder is laid over the shipped one (`rules/policy/`): a file of the same name is merged
key by key, lists are replaced whole, a new file in `procedures/` is a new kind of document.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from rules.asking import AskingRule
from rules.emergency import EmergencyRule
from rules.meetings import MeetingRule
from rules.policy import CalendarRule, DutyRule, EntryRule, Ladder, Policy, Posts, Procedure, RoundRule
from rules.reading.words import Secrecy, Words
from rules.recurring import RecurringRule
from rules.supervision import SupervisionRule

SHIPPED = Path(__file__).with_name("policy")


class PolicyError(Exception):
    """The policy has mistakes; each is a line: file, key, what is wrong and what is allowed."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


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
    "recurring.toml": RecurringRule,
    "duty.toml": DutyRule,
    "emergency.toml": EmergencyRule,
    "asking.toml": AskingRule,
    "supervision.toml": SupervisionRule,
    "meetings.toml": MeetingRule,
    "entry.toml": EntryRule,
}
_TABLES = {"ladders.toml", "rounds.toml", "recurring.toml"}
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
    mistakes += [f"supervision.toml：{line}" for line in _check_supervision(parts)]
    mistakes += [f"recurring.toml：{line}" for line in _check_recurring(parts)]
    mistakes += [f"meetings.toml：{line}" for line in _check_meetings(parts)]
    return mistakes


def _check_recurring(parts: Mapping[str, Any]) -> Iterator[str]:
    for key, rule in parts["recurring"].items():
        if rule.ladder not in parts["ladders"]:
            yield f"{key}.ladder：没有“{rule.ladder}”，可取 {'、'.join(parts['ladders'])}"
        if rule.who not in parts["posts"].names:
            yield f"{key}.who：“{rule.who}”在 posts.toml 的 names 里没有名称"


def _check_emergency(parts: Mapping[str, Any]) -> Iterator[str]:
    rule, ladders = parts["emergency"], parts["ladders"]
    keys = {step.key for one in parts["procedures"].values() if one.kind == "emergency" for step in one.steps}
    for level in rule.levels:
        for step, ladder in level.ladders.items():
            if step not in keys:
                yield f"levels.{level.key}.ladders：没有环节“{step}”，可取 {'、'.join(sorted(keys))}"
            if ladder not in ladders:
                yield f"levels.{level.key}.ladders.{step}：没有“{ladder}”，可取 {'、'.join(ladders)}"


def _check_supervision(parts: Mapping[str, Any]) -> Iterator[str]:
    rule = parts["supervision"]
    tasks = [key for key, one in parts["procedures"].items() if one.kind == "task"]
    if rule.procedure not in tasks:
        yield f"procedure：没有督办流程“{rule.procedure}”，可取 {'、'.join(tasks)}"
    if rule.bulletin.ladder not in parts["ladders"]:
        yield f"bulletin.ladder：没有“{rule.bulletin.ladder}”，可取 {'、'.join(parts['ladders'])}"
    for who in rule.second.tells:
        if who not in parts["posts"].names:
            yield f"second.tells：“{who}”在 posts.toml 的 names 里没有名称"


def _check_meetings(parts: Mapping[str, Any]) -> Iterator[str]:
    keys = {step.key for one in parts["procedures"].values() if one.kind == "meeting" for step in one.steps}
    for step in parts["meetings"].holders:
        if step not in keys:
            yield f"holders.{step}：没有环节“{step}”，可取 {'、'.join(sorted(keys))}"


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
        if step.limit == "whole" and procedure.whole is None and step.repeats is None:
            yield f"steps.{i}.limit：写了 whole，但这个流程没有 [whole] 总时限"
        for earlier in (*step.other_than, *filter(None, [step.back])):
            if earlier not in keys[:i]:
                yield f"steps.{i}：没有在它前面的环节“{earlier}”，可取 {'、'.join(keys[:i])}"
        if procedure.in_order and step.closes != ("close" in step.verbs):
            yield f"steps.{i}：办结（close）只能并且必须用在 closes = true 的环节"
    if not procedure.steps[-1].closes:
        yield "steps：最后一个环节须写 closes = true"
