"""Patterns of what a line says of a supervised task."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rules.patterns import lazy
from rules.reading.normal import any_of
from rules.reading.task_parts import labels
from rules.reading.words import Words
from rules.supervision import Rhythm

EDGES = r"[\s,。;:!?、()\[\]【】/]"


class Shapes(NamedTuple):
    label: re.Pattern[str]
    lead_behind: re.Pattern[str]
    support_behind: re.Pattern[str]
    before_unit: re.Pattern[str]
    rhythm: re.Pattern[str]
    instruction: re.Pattern[str]
    everyone: re.Pattern[str]
    before_slip: re.Pattern[str]


OTHER_RHYTHM = lazy(
    rf"(?<={EDGES})每[周日天旬年](?:一次)?(?:反馈|报送|报告|汇报|调度|通报|一报|报)+(?=$|{EDGES})"
)
RHYTHMS: tuple[Rhythm, ...] = ("half_monthly", "monthly", "quarterly")
FILLER = lazy(
    r"(?:[前后内限]|限期|各|有关|相关|配合|之前|以前|以内|完成|办结|办理|落实|负责|反馈|报告|报送|的|要|并|且|等|单位|部门)+"
)


@lru_cache(maxsize=8)
def shapes_of(office: Words) -> Shapes:
    """The patterns that the office's own words make."""
    words, units = office.task, office.units
    everyone = units.all_towns + units.all_bureaus
    fields = labels(words)
    rhythms = "|".join(f"(?P<{name}>{any_of(getattr(words, name))})" for name in RHYTHMS)
    begins, ends = rf"(?:(?<=^)|(?<={EDGES}))", rf"(?=$|{EDGES})"
    told = rf"(?:\d{{1,2}}[日号]前?|[末初底]|{any_of(words.reports)})"
    return Shapes(
        re.compile(rf"{begins}(?:{fields})(?P<mark> ?:|[为是]| |) *", re.MULTILINE),
        re.compile(rf"\(?{any_of((*words.lead, '负责'))}(?:单位|部门)?(?! ?:)\)?"),
        re.compile(rf"\(?(?:等(?:单位|部门))?{any_of(words.support)}(?! ?:)\)?"),
        re.compile(rf"{any_of(words.by)} ?$"),
        re.compile(rf"(?<![一二三四第\d])(?:{rhythms})(?:{told}+|{ends})"),
        re.compile(rf"{begins}[^\s,。;:、()《》]{{0,16}}{any_of(words.instructions)}{ends}"),
        re.compile(rf"{begins}(?P<all>{any_of(everyone)})(?:{any_of(words.support)})?{ends}"),
        re.compile(rf"{any_of((*words.lead, *words.support, *words.by))}(?:为|是)?[ :]*$"),
    )
