"""The words of a report 快报: made from what is known, in the office's order, then corrected by sentences."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

from office import elements, emergency
from office.desk import Desk, Refused
from office.papers.wording import chinese_number
from rules.emergency import headline_of
from storage.models import Matter, Member, Report

TITLE_LIMIT = 80
TEXT_LIMIT = 6000
_CHANGE = r"(?:改为|改成|改作|换成|更正为|应为|应该是)"
_TITLE = re.compile(rf"标题\s*(?:{_CHANGE}|是|：|:)\s*(.+)", re.S)
_REPLACE = re.compile(rf"^[把将]?[“「\"]?(.+?)[”」\"]?\s*{_CHANGE}\s*[“「\"]?(.+?)[”」\"]?[。]?$", re.S)
_ADD = re.compile(r"^(?:加一句|加上|增加|补充|补一句|再加)(?:[一:：，,\s])*(.+)$", re.S)
_REMOVE = re.compile(r"^(?:删去|删掉|删除|去掉)\s*[“「\"]?(.+?)[”」\"]?[。]?$", re.S)


class Words(NamedTuple):
    """A report in words."""

    title: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)


def words(desk: Desk, matter: Matter, report: Report) -> Words:
    """The report as it stands: composed, then changed as its corrections say."""
    fills = _fills(desk, matter, report)
    rule = desk.policy.emergency.paper
    match report.kind:
        case "quick":
            title, lines = rule.title, _quick(desk, fills)
        case "follow_up":
            first = rule.follow_up.format_map(fills)
            title, lines = rule.follow_up_title, [first, *str(report.facts["text"]).split("\n")]
        case _:
            title, lines = rule.final_title, _final(desk, report)
    changed = _changed(lines, report.changes)
    return Words(report.title or title.format_map(fills), tuple(line for line in changed if line))


def _fills(desk: Desk, matter: Matter, report: Report) -> dict[str, str]:
    rule = desk.policy.emergency
    known: dict[str, str] = defaultdict(lambda: rule.unknown)
    known |= {key: str(one["text"]).rstrip("。") for key, one in matter.details["known"].items()}
    known |= {
        "register_no": matter.register_no,
        "received": emergency.moment(desk, matter.received_at),
        "office": rule.paper.office,
        "event": matter.title.rstrip("。…"),
        "headline": headline_of(matter.title.rstrip("。…")),
        "number": chinese_number(report.number) if report.number else "",
    }
    return known


def _quick(desk: Desk, fills: dict[str, str]) -> list[str]:
    rule = desk.policy.emergency.paper
    return [text.format_map(fills) for text in (rule.opening, *rule.lines, rule.closing)]


def _final(desk: Desk, report: Report) -> list[str]:
    """一、事件原因 … the parts in their order; what nobody has said is 正在核实."""
    rule = desk.policy.emergency
    lines: list[str] = []
    for number, part in enumerate(rule.final, 1):
        said = str(report.facts.get(part.key) or rule.unknown).rstrip("。")
        lines += [f"{chinese_number(number)}、{part.name}", f"{said}。"]
    return lines


def _changed(lines: list[str], changes: list[list[str]]) -> list[str]:
    for change in changes:
        match change:
            case ["replace", old, new]:
                lines = [line.replace(old, new) for line in lines]
            case ["remove", old]:
                lines = [line.replace(old, "") for line in lines]
            case ["add", text]:
                lines = [*lines[:-1], text, lines[-1]] if len(lines) > 1 else [*lines, text]
    return lines


# --- correcting by plain sentences ------------------------------------------------------------------


def correct(desk: Desk, matter: Matter, report: Report, said: str, by: Member) -> str:
    """Take a correction: what was changed, in words.

    标题改为… · 伤亡改为2人轻伤 · 地点：东河村 · 把A改成B · 补充… · 删去…
    Refused: em_correction (nothing of this kind), em_not_in_text, words_too_long.
    """
    text = said.strip()
    if found := _TITLE.match(text):
        report.title = " ".join(found[1].split())[:TITLE_LIMIT]
        done = "标题"
    elif (element := _element(desk, report, text)) is not None:
        done = _set_element(desk, matter, report, *element, by)
    elif found := _ADD.match(text):
        _change(desk, matter, report, ["add", found[1].strip()])
        done = "补充一段"
    elif found := _REMOVE.match(text):
        _change(desk, matter, report, ["remove", found[1]])
        done = "删去一处"
    elif found := _REPLACE.match(text):
        _change(desk, matter, report, ["replace", found[1], found[2]])
        done = "改一处"
    else:
        raise Refused("em_correction")
    desk.session.add(report)
    emergency.note(desk, matter, "corrected", by, words=text, report=report.kind)
    return done


def _element(desk: Desk, report: Report, text: str) -> tuple[str, str] | None:
    """伤亡改为… : the key of the element and what it is to say."""
    rule = desk.policy.emergency
    parts = rule.final if report.kind == "final" else rule.elements if report.kind == "quick" else ()
    names = {name: one.key for one in parts for name in one.names}
    pattern = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    found = re.match(rf"[把将]?({pattern})(?:情况)?\s*(?:{_CHANGE}|是|为|：|:)\s*(.+)$", text, re.S)
    return (names[found[1]], found[2].strip().rstrip("。")) if pattern and found else None


def _set_element(desk: Desk, matter: Matter, report: Report, key: str, text: str, by: Member) -> str:
    if report.kind == "final":
        report.facts = report.facts | {key: text}
    else:
        elements.learn(desk, matter, key, text, by)
    return desk.policy.emergency.element(key).name


def _change(desk: Desk, matter: Matter, report: Report, change: list[str]) -> None:
    before = words(desk, matter, report).text
    if change[0] in ("replace", "remove") and change[1] not in before:
        raise Refused("em_not_in_text", words=change[1])
    if len(before) + len(change[-1]) > TEXT_LIMIT:
        raise Refused("words_too_long", limit=TEXT_LIMIT, length=len(before) + len(change[-1]))
    report.changes = [*report.changes, change]
