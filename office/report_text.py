"""The words of a report 快报: composed from what is known (office/papers), then corrected by sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from office import elements, emergency
from office.desk import Desk, Refused
from office.papers.quick_report import Draft, Elements, QuickReport, compose
from rules.emergency import event_of
from rules.emergency_facts import told
from rules.patterns import lazy
from storage import people
from storage.models import Matter, Member, Report

TITLE_LIMIT = 80
_SAME = ("casualties", "loss", "trend", "measures", "leaders", "help", "source")
"""elements that the paper knows by the same name"""
TEXT_LIMIT = 6000
_PHONE = lazy(r"[\s，,]*[（(]?(?:联系)?(?:电话|手机)?[:：]?\s*\d[\d-]{6,}[）)]?")
"""a telephone number has no place in the text of a paper"""
_CHANGE = r"(?:改为|改成|改作|换成|更正为|应为|应该是)"
_TITLE = lazy(rf"标题\s*(?:{_CHANGE}|是|：|:)\s*(.+)", re.S)
_REPLACE = lazy(rf"^[把将]?[“「\"]?(.+?)[”」\"]?\s*{_CHANGE}\s*[“「\"]?(.+?)[”」\"]?[。]?$", re.S)
_ADD = lazy(r"^(?:加一句|加上|增加|补充|补一句|再加)(?:[一:：，,\s])*(.+)$", re.S)
_REMOVE = lazy(r"^(?:删去|删掉|删除|去掉)\s*[“「\"]?(.+?)[”」\"]?[。]?$", re.S)
FINE = ("送签", "可以", "没问题", "就这样", "同意")
"""words that send a draft for its signature"""


def words(desk: Desk, matter: Matter, report: Report) -> Draft:
    """The report as it stands: composed, then changed as its corrections say."""
    title, paragraphs = compose(quick_report(desk, matter, report))
    lines = changed(list(paragraphs), report.changes)
    return Draft(title, tuple(line for line in lines if line))


def text_of(draft: Draft) -> str:
    """The text of a report, a paragraph a line."""
    return "\n".join(draft.paragraphs)


def quick_report(desk: Desk, matter: Matter, report: Report) -> QuickReport:
    """What the paper of a report says; before it is signed, without its issue and signature."""
    rules, rule = desk.policy.emergency, desk.policy.emergency.paper
    local, signed_at = desk.calendar.local, report.signed_at or desk.now
    signer = people.member(report.signed_by, session=desk.session).name if report.signed_by else ""
    officer = people.by_name(str(matter.details["duty_officer"]), session=desk.session)
    facts = {key: value for key, value in report.facts.items() if key in ("cause", "aftermath", "lessons")}
    return QuickReport(
        kind="first" if report.kind == "quick" else "follow_up" if report.kind == "follow_up" else "final",
        number=report.number,
        issue=report.issue or 0,
        office=rule.office,
        masthead=rule.masthead,
        received_at=local(matter.received_at).replace(tzinfo=None),
        signed_at=local(signed_at).replace(tzinfo=None),
        title=report.title or "",
        first_words=matter.remark or "",
        elements=_elements(desk, matter, report),
        previous=_known(desk, matter, report.facts["before"]) if "before" in report.facts else None,
        news=str(report.facts.get("text", "")),
        news_says=tuple(told(rules.clues, str(report.facts.get("text", "")), opens=False)),
        report_to=rule.to,
        send_to=rule.copies,
        signed_by=signer,
        duty_officer=officer.name if officer else "",
        phone=rule.phone or (officer.phone if officer else ""),
        written_at=signed_at,
        **facts,
    )


def _elements(desk: Desk, matter: Matter, report: Report) -> Elements:
    """What a report goes by: a further one what was known when it was written, others what is known now."""
    known = report.facts["known"] if report.kind == "follow_up" else matter.details["known"]
    found = _known(desk, matter, known)
    if report.kind != "final":
        return found
    last = {
        "casualties": report.facts.get("final_casualties"),
        "loss": report.facts.get("loss"),
        "measures": report.facts.get("final_measures"),
    }
    return found.model_copy(update={key: value for key, value in last.items() if value})


def _known(desk: Desk, matter: Matter, known: Mapping[str, Any]) -> Elements:
    said = {key: str(one["text"]) for key, one in known.items()}
    said["source"] = _PHONE.sub("", said.get("source", ""))
    occurred = known.get("occurred", {}).get("at")
    level = desk.policy.emergency.level(matter.details.get("level"))
    nature = "，".join(part for part in (said.get("what"), level and f"{level.name}级别") if part)
    when = desk.calendar.local(datetime.fromisoformat(occurred)).replace(tzinfo=None) if occurred else None
    return Elements(
        what=event_of(matter.title, said.get("place")),
        nature=nature,
        where=said.get("place", ""),
        when=when,
        **{key: said.get(key, "") for key in _SAME},
    )


def changed(lines: list[str], changes: Sequence[Sequence[str]]) -> list[str]:
    """Paragraphs after the corrections `change_of` has read."""
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


def reads(desk: Desk, report: Report, said: str) -> bool:
    """Whether a message that is no reply can only be meant for the draft shown last."""
    text = said.strip()
    if text in FINE or _element(desk, report, text) is not None:
        return True
    return any(pattern.match(text) for pattern in (_TITLE, _ADD, _REMOVE, _REPLACE))


def change_of(text: str) -> list[str] | None:
    """A correction in plain words: title, add, remove or replace, and what; None for anything else."""
    for kind, pattern in (("title", _TITLE), ("add", _ADD), ("remove", _REMOVE), ("replace", _REPLACE)):
        if found := pattern.match(text.strip()):
            return [kind, *(part.strip() for part in found.groups())]
    return None


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
    parts = rule.final if report.kind == "final" else rule.elements
    names = {name: one.key for one in parts for name in one.names}
    pattern = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    found = re.match(rf"[把将]?({pattern})(?:情况)?\s*(?:{_CHANGE}|是|为|：|:)\s*(.+)$", text, re.S)
    return (names[found[1]], found[2].strip().rstrip("。")) if pattern and found else None


def _set_element(desk: Desk, matter: Matter, report: Report, key: str, text: str, by: Member) -> str:
    if report.kind == "final":
        report.facts = report.facts | {key: text}
    else:
        elements.learn(desk, matter, key, text, by)
        if report.kind == "follow_up":
            report.facts = report.facts | {"known": matter.details["known"]}
    return desk.policy.emergency.element(key).name


def _change(desk: Desk, matter: Matter, report: Report, change: list[str]) -> None:
    before = text_of(words(desk, matter, report))
    if change[0] in ("replace", "remove") and change[1] not in before:
        raise Refused("em_not_in_text", words=change[1])
    if len(before) + len(change[-1]) > TEXT_LIMIT:
        raise Refused("words_too_long", limit=TEXT_LIMIT, length=len(before) + len(change[-1]))
    report.changes = [*report.changes, change]
