"""A campaign 专项行动 in one message (V9): phases with dates, targets in numbers, the units that have them.

专项行动 秋冬季森林防火
阶段：动员部署 12月10日前；集中整治 2月10日前；总结 2月28日前
目标：隐患整改率 95%；宣传入户 100%
单位：各乡镇
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from rules.patterns import lazy
from rules.roster import Roster, Unit
from rules.when import read_limit
from rules.working_time import Calendar

PHASES, TARGETS = 8, 8
"""how many a campaign may have"""
NAME = 40

_LABELS = {
    "phases": ("阶段", "步骤", "安排"),
    "targets": ("目标", "指标", "任务目标"),
    "units": ("单位", "责任单位", "参加单位", "范围"),
}
_LABEL = lazy(
    r"(?:^|(?<=[\s；;。，,]))(?P<label>"
    + "|".join(sorted((w for words in _LABELS.values() for w in words), key=len, reverse=True))
    + r")\s*[：:]"
)
_SPLIT = lazy(r"[；;\n]+|(?<!\d)[、，,](?!\d)")
_MEASURES = r"%|％|个|处|户|家|件|起|人次|人|公里|千米|米|亩|万亩|吨|万元|亿元|次|场|份|台|辆|座|项|条"
_TARGET = lazy(
    rf"(?P<name>[^\d：:；;]{{2,{NAME}}}?)\s*(?:达到|不低于|不少于|大于等于|≥|为|[：:])?\s*"
    rf"(?P<number>\d{{1,9}}(?:\.\d{{1,4}})?)\s*(?P<measure>{_MEASURES})?(?:以上|及以上)?\s*$"
)


class Phase(NamedTuple):
    """A phase 阶段 and when it ends (aware)."""

    name: str
    due: datetime


class Target(NamedTuple):
    """A target 目标 in numbers; `measure` is %, 处, 户 …"""

    name: str
    number: float
    measure: str


class Campaign(NamedTuple):
    """What was read of a campaign; what was not said is empty."""

    title: str
    phases: tuple[Phase, ...]
    targets: tuple[Target, ...]
    units: tuple[str, ...]
    left: tuple[str, ...]
    """pieces of its parts that were not understood: 财正局, a phase without a date"""


def read_campaign(
    text: str, roster: Roster, reference: datetime, calendar: Calendar, part: str = "title"
) -> Campaign:
    """A campaign by its labelled parts; what stands before them is the title, or of the `part` asked for."""
    marks = list(_LABEL.finditer(text))
    parts = {"title": "", "phases": "", "targets": "", "units": ""}
    parts[part if part in parts else "title"] = text[: marks[0].start()] if marks else text
    for mark, after in zip(marks, [*[m.start() for m in marks[1:]], len(text)], strict=False):
        parts[_part(mark["label"])] += "；" + text[mark.end() : after]
    phases = [piece for piece in _pieces(parts["phases"]) if not read_phases(piece, reference, calendar)]
    targets = [piece for piece in _pieces(parts["targets"]) if not read_targets(piece)]
    units = [piece for piece in _units_of(parts["units"]) if not read_units(piece, roster)]
    return Campaign(
        parts["title"].strip(" \n：:，,。；;"),
        read_phases(parts["phases"], reference, calendar),
        read_targets(parts["targets"]),
        read_units(parts["units"], roster),
        (*phases, *targets, *units),
    )


def _pieces(text: str) -> list[str]:
    return [piece for one in _SPLIT.split(text) if (piece := one.strip(" 。，,"))]


def _units_of(text: str) -> list[str]:
    return [piece for one in re.split(r"[、，,；;。\s和及]+", text) if (piece := one.strip())]


def _part(label: str) -> str:
    return next(part for part, words in _LABELS.items() if label in words)


def read_phases(text: str, reference: datetime, calendar: Calendar) -> tuple[Phase, ...]:
    """动员部署 12月10日前；集中整治 2月10日前: as they end; one without a date is left out."""
    phases: list[Phase] = []
    after = reference
    for piece in _pieces(text):
        found = read_limit(piece, after, calendar)
        if found is None or found.readings or (found.passed and not phases):
            continue
        name = re.sub(r"[（(].*?[）)]|[至到—-]\s*$", "", piece.replace(found.words, " ")).strip(
            " ：:，,。至到前"
        )
        phases.append(Phase(name[:NAME] or f"第{len(phases) + 1}阶段", found.at))
        after = found.at if found.at > after else after
    return tuple(sorted(phases, key=lambda phase: phase.due))[:PHASES]


def read_targets(text: str) -> tuple[Target, ...]:
    """隐患整改率 95%；宣传入户 1200户"""
    found = (_TARGET.fullmatch(piece) for piece in _pieces(text))
    targets = [
        Target(one["name"].strip(" ：:，,"), float(one["number"]), (one["measure"] or "").replace("％", "%"))
        for one in found
        if one
    ]
    return tuple({target.name: target for target in targets}.values())[:TARGETS]


def read_units(text: str, roster: Roster) -> tuple[str, ...]:
    """Units by full name: 各乡镇, 各部门 (县直各单位), or one by one."""
    wanted: list[Unit] = []
    if re.search(r"各乡镇|各镇乡|乡镇|各镇", text):
        wanted += [unit for unit in roster.units if unit.kind == "town"]
    if re.search(r"各部门|各单位|县直|各有关单位", text):
        wanted += [unit for unit in roster.units if unit.kind == "bureau"]
    for piece in _units_of(text):
        unit = roster.unit_called(piece)
        wanted += [unit] if unit is not None and unit.level == "units" else []
    return tuple(dict.fromkeys(unit.name for unit in wanted))


_NO_NAME = lazy(r"[\s：:]*(?:目前|现在?|已经?|共|约|完成|达到|达|为|是|有)*[\s：:]*")
"""what may stand before a number that names no target"""


def read_values(text: str, targets: Sequence[str]) -> dict[str, float]:
    """隐患整改率 82%，宣传 100%: a number for each target that is named, by its name or the beginning of it.

    A single number without a name is that of the only target.
    """
    values: dict[str, float] = {}
    for piece in re.split(r"[；;，,。\n]+", text):
        number = re.search(rf"(\d{{1,9}}(?:\.\d{{1,4}})?)\s*(?:{_MEASURES})?\s*$", piece.strip())
        name = _called(piece, targets)
        if number and name is None and _is_bare(piece, number[1]) and len(targets) == 1:
            name = targets[0]
        if number and name is not None:
            values[name] = float(number[1])
    return values


def _is_bare(piece: str, number: str) -> bool:
    """Whether a number stands without any name before it."""
    return _NO_NAME.fullmatch(piece[: piece.rfind(number)]) is not None


def _called(piece: str, targets: Sequence[str]) -> str | None:
    """The target that a piece names: by its name, or by at least two characters that it begins with."""

    def shared(name: str) -> int:
        return max((n for n in range(2, len(name) + 1) if name[:n] in piece), default=0)

    best = max(targets, key=shared, default=None)
    return best if best is not None and shared(best) else None


def reached(value: float | None, goal: float) -> bool:
    """Whether a target is reached."""
    return value is not None and value >= goal


def shown(number: float | None, measure: str) -> str:
    """95%, 12.5公里; — where there is no number yet."""
    return "—" if number is None else f"{number:.4f}".rstrip("0").rstrip(".") + measure
