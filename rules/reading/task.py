"""Supervised tasks told in a message 立项 (V1), what is said of them in any order.

What is understood is taken out of the line, piece by piece; what is left is the matter itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from rules.reading.dates import limit_in, past_limit_in
from rules.reading.models import Context
from rules.reading.normal import Text, any_of, read, tidy
from rules.reading.people import PersonMention
from rules.reading.scan import Scan, blank, scan
from rules.reading.task_parts import FIELDS, labels, task_parts
from rules.reading.units import UnitMention
from rules.reading.words import TaskWords
from rules.supervision import Rhythm, SupervisionRule

_EDGES = r"[\s,。;:!?、()\[\]【】/]"
_JOINED = re.compile(r" ?[、/+&和与及] ?|以及")
_LISTED = re.compile(r" ?[、,/+&和与及 ] ?|以及")
_CHANGES = re.compile(
    r" ?(?:应该是|应该为|应为|应是|调整为|变更为|改成|改为|改到|改由|换成|换为|定为|延到|是) ?:? ?"
)
_NO_DAY = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}[日号](?:之前|以前|前)")
_TITLE_LEFT = re.compile(r"^[把将请于在的到 ]+(?=\S{4})|[的于在由 ]+$")


class TaskReading(BaseModel):
    """A task as read. What was not said stays None or empty."""

    model_config = ConfigDict(frozen=True)

    title: str | None = None
    source: str | None = None
    section: str | None = None
    """the lead unit, by full name"""
    units: tuple[str, ...] = ()
    """supporting units, by full name"""
    people: tuple[str, ...] = ()
    choices: tuple[tuple[str, ...], ...] = ()
    """of each of these one is meant: ask which"""
    due: datetime | None = None
    due_words: str | None = None
    past_due: str | None = None
    """the words of a limit that is over already"""
    rhythm: Rhythm | None = None
    field: str | None = None
    remark: str | None = None


def read_tasks(text: str, context: Context, rule: SupervisionRule) -> tuple[TaskReading, ...]:
    """Every task of a message: one a line, numbered, or one form; a first line may fill what they lack."""
    parts = task_parts(read(text), context.words.task)
    found = [_read(part, context, rule) for part in parts]
    if len(found) > 1 and found[0].title is None and found[0] != TaskReading():
        common = found[0].model_dump(exclude_defaults=True)
        found = [one.model_copy(update=_lacking(one, common)) for one in found[1:]]
    return tuple(one for one in found if one != TaskReading())


def read_task_change(text: str, context: Context, rule: SupervisionRule) -> TaskReading:
    """What a sentence changes in an entry: 牵头改成水利局, 时限改到12月15日, 换成每季度反馈."""
    plain = _CHANGES.sub(":", read(text).plain)
    return _read(read(plain.removeprefix(":")), context, rule, change=True)


def _lacking(one: TaskReading, common: dict[str, object]) -> dict[str, object]:
    said = one.model_fields_set & one.model_dump(exclude_defaults=True).keys()
    return {key: value for key, value in common.items() if key not in said}


class _Shapes(NamedTuple):
    label: re.Pattern[str]
    lead_behind: re.Pattern[str]
    support_behind: re.Pattern[str]
    before_unit: re.Pattern[str]
    rhythm: re.Pattern[str]
    instruction: re.Pattern[str]


_RHYTHMS: tuple[Rhythm, ...] = ("half_monthly", "monthly", "quarterly")
_FILLER = re.compile(
    r"(?:[前后内]|之前|以前|以内|完成|办结|办理|落实|负责|反馈|报告|报送|的|要|并|且|等|单位|部门)+"
)


@lru_cache(maxsize=8)
def _shapes(words: TaskWords) -> _Shapes:
    fields = labels(words)
    rhythms = "|".join(f"(?P<{name}>{any_of(getattr(words, name))})" for name in _RHYTHMS)
    begins, ends = rf"(?:(?<=^)|(?<={_EDGES}))", rf"(?=$|{_EDGES})"
    told = rf"(?:\d{{1,2}}[日号]前?|[末初底]|{any_of(words.reports)})"
    return _Shapes(
        re.compile(rf"{begins}(?:{fields})(?P<mark> ?:| |) *", re.MULTILINE),
        re.compile(rf"{any_of((*words.lead, '负责'))}(?:单位|部门)?(?! ?:)"),
        re.compile(rf"(?:等(?:单位|部门))?{any_of(words.support)}(?! ?:)"),
        re.compile(rf"{any_of(words.by)} ?$"),
        re.compile(rf"(?:{rhythms})(?:{told}+|{ends})"),
        re.compile(rf"{begins}[^\s,。;:、()《》]{{0,8}}{any_of(words.instructions)}{ends}"),
    )


class _Line:
    """A stretch that tells of one task: what was taken out of it, and what is left."""

    def __init__(self, text: Text, context: Context, rule: SupervisionRule) -> None:
        self.seen: Scan = scan(text, context)
        self.left = blank(text.plain, ((r.start, r.end) for r in self.seen.registers if r.sure))
        self.context, self.rule = context, rule
        self.shapes = _shapes(context.words.task)
        self.found: dict[str, object] = {}

    def take(self, start: int, end: int) -> None:
        """What was understood is no part of the matter itself."""
        self.left = blank(self.left, [(start, end)])

    def keep(self, name: str, value: object) -> None:
        if value and name not in self.found:
            self.found[name] = value

    def given(self, start: int, end: int) -> str:
        return tidy(self.seen.text.given[start:end])

    def units(self) -> list[UnitMention]:
        """The units that still stand in what is left."""
        return [u for u in self.seen.units if self.left[u.start : u.end].strip()]

    def row_from(self, start: int) -> list[UnitMention]:
        """The units from a place on that stand in one row: 财政局、教育局."""
        row: list[UnitMention] = []
        for unit in self.units():
            fits = unit.start == start if not row else _JOINED.fullmatch(self.left, row[-1].end, unit.start)
            if fits:
                row.append(unit)
        return row

    def charge(self, row: list[UnitMention], name: str) -> None:
        """The first of a row that leads is the lead unit, the others support it."""
        names = [unit.name for unit in row]
        if name == "lead" and "section" not in self.found and names:
            self.found["section"] = names.pop(0)
        known: tuple[str, ...] = self.found.get("units", ())  # type: ignore[assignment]
        rest = (*known, *(one for one in names if one != self.found.get("section")))
        if rest:
            self.found["units"] = tuple(dict.fromkeys(rest))


def _read(text: Text, context: Context, rule: SupervisionRule, *, change: bool = False) -> TaskReading:
    """`change`: what is left over is no matter of its own."""
    line = _Line(text, context, rule)
    _units_behind(line)
    _labelled(line)
    _known(line, "source", rule.sources, line.shapes.instruction)
    _known(line, "field", rule.fields)
    _rhythm(line)
    _limit(line)
    _people(line)
    if change:
        line.charge(line.units()[:1], "lead")
    else:
        _bare_units(line)
        line.keep("title", _title(line))
    return TaskReading.model_validate(line.found)


def _units_behind(line: _Line) -> None:
    """住建局牵头、财政局和教育局配合: the word stands behind its units."""
    for unit in line.seen.units:
        row = line.row_from(unit.start)
        for name, shape in (("lead", line.shapes.lead_behind), ("support", line.shapes.support_behind)):
            behind = shape.match(line.left, row[-1].end) if row else None
            if behind is None or (name == "support" and line.row_from(behind.end())):
                continue
            before = line.shapes.before_unit.search(line.left, 0, unit.start)
            line.charge(row, name)
            line.take(before.start() if before else unit.start, behind.end())
            break


def _labelled(line: _Line) -> None:
    """事项:… 来源:… 牵头住建局 责任人叶向阳: each label takes what belongs to it, not more."""
    labels = list(line.shapes.label.finditer(line.left))
    ends = [label.start() for label in labels[1:]] + [len(line.left)]
    for label, end in zip(labels, ends, strict=False):
        newline = line.left.find("\n", label.end(), end)
        name = next(one for one in FIELDS if label[one])
        taken = _TAKES[name](line, label, newline if newline >= 0 else end)
        if taken is not None:
            line.take(label.start(), taken)
        elif label["mark"]:
            line.take(label.start(), label.end())
    for word, name in _inner_labels(line):
        row = line.row_from(word.end())
        if row:
            line.charge(row, name)
            line.take(word.start(), row[-1].end)


def _inner_labels(line: _Line) -> Iterator[tuple[re.Match[str], str]]:
    """水利局会同财政局: no edge before the word."""
    words = line.context.words.task
    for name, said in (("lead", words.lead), ("support", words.support)):
        for match in re.finditer(rf"{any_of(said)} ?:? ?", line.left):
            yield match, name


def _takes_units(line: _Line, label: re.Match[str], _end: int) -> int | None:
    row = line.row_from(label.end())
    while row and (more := line.row_from(_after_list(line, row[-1].end))):
        row += more
    line.charge(row, "lead" if label["lead"] else "support")
    return row[-1].end if row else None


def _after_list(line: _Line, at: int) -> int:
    """Where the next unit of a list parted by commas or blanks would begin."""
    found = _LISTED.match(line.left, at)
    return found.end() if found else -1


def _takes_person(line: _Line, label: re.Match[str], _end: int) -> int | None:
    for person in line.seen.people:
        if person.start == label.end():
            _charge_person(line, person)
            return person.end
    return None


def _takes_due(line: _Line, label: re.Match[str], end: int) -> int | None:
    found = limit_in(line.left[label.end() : end], line.context)
    if found is None:
        return None
    line.found.update(due=found.at, due_words=found.words)
    return label.end() + found.end


def _takes_rhythm(line: _Line, label: re.Match[str], end: int) -> int | None:
    found = line.shapes.rhythm.match(line.left, label.end(), end)
    if found is None:
        return None
    line.keep("rhythm", next(one for one in _RHYTHMS if found[one]))
    return found.end()


def _takes_text(line: _Line, label: re.Match[str], end: int) -> int | None:
    """The title or a remark: all up to the next label, behind a colon only."""
    if ":" not in label["mark"]:
        return None
    line.keep("title" if label["title"] else "remark", line.given(label.end(), end).strip("《》"))
    return end


def _takes_word(line: _Line, label: re.Match[str], end: int) -> int | None:
    """The source or a field: one word."""
    found = re.compile(r"[^\s,。;、()]+").match(line.left, label.end(), end)
    if found is None:
        return None
    line.keep("source" if label["source"] else "field", line.given(*found.span()))
    return found.end()


_TAKES: dict[str, Callable[[_Line, re.Match[str], int], int | None]] = {
    "title": _takes_text,
    "source": _takes_word,
    "lead": _takes_units,
    "support": _takes_units,
    "person": _takes_person,
    "due": _takes_due,
    "rhythm": _takes_rhythm,
    "field": _takes_word,
    "remark": _takes_text,
}


def _known(line: _Line, name: str, names: tuple[str, ...], shape: re.Pattern[str] | None = None) -> None:
    """A source or field that is known by name, standing by itself: (政府工作报告), 县长批示, 城市建设领域."""
    edge = rf"(?:(?<=^)|(?<={_EDGES}))(?:按照?|根据|据|落实)?"
    known = re.compile(
        rf"{edge}(?P<name>{any_of(names)})(?:领域|要求|安排|部署)?(?=$|{_EDGES})", re.MULTILINE
    )
    found = known.search(line.left) or (shape.search(line.left) if shape else None)
    if found is None or name in line.found:
        return
    span = found.span("name") if "name" in found.re.groupindex else found.span()
    line.keep(name, line.given(*span))
    line.take(*found.span())


def _rhythm(line: _Line) -> None:
    found = line.shapes.rhythm.search(line.left)
    if found and "rhythm" not in line.found:
        line.keep("rhythm", next(one for one in _RHYTHMS if found[one]))
        line.take(*found.span())


def _limit(line: _Line) -> None:
    if "due" in line.found:
        return
    plain = blank(line.left, ((title.start, title.end) for title in line.seen.titles))
    found = limit_in(plain, line.context)
    if found:
        line.found.update(due=found.at, due_words=found.words)
        line.take(found.start, found.end)
    elif past := past_limit_in(plain, line.context):
        line.keep("past_due", past)
        at = plain.find(past)
        line.take(at, at + len(past))
    elif no_day := _NO_DAY.search(plain):  # 2月30日前: asked for again, and no part of the matter
        line.take(*no_day.span())


def _people(line: _Line) -> None:
    """Somebody who is named by himself, or right behind a unit."""
    for person in line.seen.people:
        behind_unit = any(unit.end == person.start for unit in line.seen.units)
        alone = _stands_alone(line.left, person.start, person.end)
        if line.left[person.start : person.end].strip() and (alone or behind_unit):
            _charge_person(line, person)
            line.take(person.start, person.end)


def _charge_person(line: _Line, person: PersonMention) -> None:
    key, value = ("people", person.person) if person.person else ("choices", person.names)
    known: tuple[object, ...] = line.found.get(key, ())  # type: ignore[assignment]
    line.found[key] = (*known, value)


def _stands_alone(left: str, start: int, end: int) -> bool:
    before, after = left[start - 1 : start] or " ", left[end : end + 1] or " "
    return all(re.fullmatch(_EDGES, one) for one in (before, after))


def _bare_units(line: _Line) -> None:
    """Units without a word that says what they do: those by themselves, else one that begins a clause."""
    alone = [u for u in line.units() if _stands_alone(line.left, u.start, u.end)]
    begins = [u for u in line.units() if re.fullmatch(_EDGES, line.left[u.start - 1 : u.start] or " ")]
    for unit in alone:
        line.charge([unit], "lead")
        line.take(unit.start, unit.end)
    if "section" not in line.found and begins:
        line.charge(begins[:1], "lead")
        if not begins[0].name.endswith(line.context.words.task.places):
            line.take(begins[0].start, begins[0].end)


def _title(line: _Line) -> str:
    """What is left of the line, its pieces in their order."""
    pieces: list[str] = []
    last = 0
    for match in re.finditer(r"[^\s,。;!?()]+", line.left):
        between = line.seen.text.plain[last : match.start()]
        piece = _TITLE_LEFT.sub("", line.given(*match.span()))
        if piece and not _FILLER.fullmatch(piece):
            pieces += [" " if pieces and not between.strip() and last else "，", piece]
            last = match.end()
    return "".join(pieces[1:]).strip('《》“”"')
