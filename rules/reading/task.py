"""Supervised tasks told in a message 立项 (V1), what is said of them in any order.

What is understood is taken out of the line, piece by piece; what is left is the matter itself.
"""

from __future__ import annotations

import re
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from rules.patterns import lazy
from rules.reading.dates import doubt_in, limit_in, past_limit_in
from rules.reading.models import Context, Doubt
from rules.reading.normal import Text, any_of, read
from rules.reading.scan import blank
from rules.reading.task_labels import read_labelled
from rules.reading.task_limits import OTHER_QUARTER, in_clause, limits_alone, said_limit
from rules.reading.task_line import Line
from rules.reading.task_parts import task_parts
from rules.reading.task_shapes import EDGES, FILLER, OTHER_RHYTHM, RHYTHMS
from rules.supervision import Rhythm, SupervisionRule

_CHANGES = lazy(
    r" ?(?:应该是|应该为|应为|应是|调整为|变更为|改成|改为|改到|改由|换成|换为|定为|延到|是) ?:? ?"
)
_NO_DAY = lazy(r"(?:\d{4}年)?\d{1,2}月\d{1,2}[日号](?:之前|以前|前)")
_TITLE_LEFT = lazy(r"^[把将请于在的到 ]+(?=\S{4})|[的于在由 ]+$")


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
    unsure_due: Doubt | None = None
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
        common = {name: getattr(found[0], name) for name in found[0].model_dump(exclude_defaults=True)}
        found = [one.model_copy(update=_lacking(one, common)) for one in found[1:]]
    return tuple(one for one in found if one != TaskReading())


def read_task_change(text: str, context: Context, rule: SupervisionRule) -> TaskReading:
    """What a sentence changes in an entry: 牵头改成水利局, 时限改到12月15日, 换成每季度反馈."""
    plain = _CHANGES.sub(":", read(text).plain)
    return _read(read(plain.removeprefix(":")), context, rule, change=True)


def _lacking(one: TaskReading, common: dict[str, object]) -> dict[str, object]:
    said = one.model_fields_set & one.model_dump(exclude_defaults=True).keys()
    return {key: value for key, value in common.items() if key not in said}


def _read(text: Text, context: Context, rule: SupervisionRule, *, change: bool = False) -> TaskReading:
    """`change`: what is left over is no matter of its own."""
    line = Line(text, context, rule)
    _units_behind(line)
    read_labelled(line)
    _known(line, "source", rule.sources, line.shapes.instruction)
    _known(line, "field", rule.fields)
    _rhythm(line)
    _limit(line)
    _people(line)
    _everyone(line)
    _slips(line)
    if change:
        line.charge(line.units()[:1], "lead")
    else:
        _bare_units(line)
        line.keep("title", _title(line))
    return TaskReading.model_validate(line.found)


def _everyone(line: Line) -> None:
    """各乡镇配合, 财政局、各乡镇: all units of a kind, beside others or by themselves."""
    for found in line.shapes.everyone.finditer(line.left):
        line.charge_all(found.start("all"), len(found["all"]))
        line.take(*found.span())


def _slips(line: Line) -> None:
    """财正局牵头: asked about, and no part of the matter."""
    for slip in line.seen.slips_at("before", line.context):
        if line.left[slip.start : slip.end].strip():
            before = line.shapes.before_slip.search(line.left, 0, slip.start)
            after = line.shapes.lead_behind.match(line.left, slip.end) or line.shapes.support_behind.match(
                line.left, slip.end
            )
            asked: tuple[object, ...] = line.found.get("choices", ())  # type: ignore[assignment]
            line.found["choices"] = (*asked, slip.names)
            line.take(before.start() if before else slip.start, after.end() if after else slip.end)


def _units_behind(line: Line) -> None:
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


def _known(line: Line, name: str, names: tuple[str, ...], shape: re.Pattern[str] | None = None) -> None:
    """A source or field that is known by name, standing by itself: (政府工作报告), 县长批示, 城市建设领域."""
    edge = rf"(?:(?<=^)|(?<={EDGES}))(?:按照?|根据|据|落实)?"
    known = re.compile(rf"{edge}(?P<name>{any_of(names)})(?:领域|要求|安排|部署)?(?=$|{EDGES})", re.MULTILINE)
    found = known.search(line.left) or (shape.search(line.left) if shape else None)
    if found is None or name in line.found:
        return
    span = found.span("name") if "name" in found.re.groupindex else found.span()
    line.keep(name, line.given(*span))
    line.take(*found.span())


def _rhythm(line: Line) -> None:
    found = line.shapes.rhythm.search(line.left)
    if found and "rhythm" not in line.found:
        line.keep("rhythm", next(one for one in RHYTHMS if found[one]))
        line.take(*found.span())
    elif other := OTHER_RHYTHM.search(line.left):  # none that the ledger has: kept as it was said
        line.keep("remark", line.given(*other.span()))
        line.take(*other.span())


def _limit(line: Line) -> None:
    """The limit that stands by itself, else one inside the matter; of two that differ one is asked for."""
    alone = limits_alone(line.left, line.context)
    for one in alone:
        line.take(one.start, one.end)
    if "unsure_due" in line.found:
        return
    plain = blank(line.left, ((title.start, title.end) for title in line.seen.titles))
    labelled = line.found.get("due")
    inner = None if labelled or OTHER_QUARTER.search(plain) else limit_in(plain, line.context)
    if inner and not in_clause(line.left, inner, FILLER):
        line.take(inner.start, inner.end)
    said = [one for one in (*alone, inner) if one]
    if said or labelled:
        line.found.update(said_limit(line.found, said))
    elif doubt := doubt_in(plain, line.context):
        line.found["unsure_due"] = doubt
        line.take_words(plain, doubt.words)
    elif past := past_limit_in(plain, line.context):
        line.keep("past_due", past)
        line.take_words(plain, past)
    elif no_day := _NO_DAY.search(plain):  # 2月30日前: asked for again, and no part of the matter
        line.take(*no_day.span())


def _people(line: Line) -> None:
    """Somebody who is named by himself, or right behind a unit."""
    for person in line.seen.people:
        behind_unit = any(unit.end == person.start for unit in line.seen.units)
        alone = line.stands_alone(person.start, person.end)
        if line.left[person.start : person.end].strip() and (alone or behind_unit):
            line.charge_person(person)
            line.take(person.start, person.end)


def _bare_units(line: Line) -> None:
    """Units without a word that says what they do: those by themselves, else one that begins a clause."""
    alone = [u for u in line.units() if line.stands_alone(u.start, u.end)]
    begins = [u for u in line.units() if re.fullmatch(EDGES, line.left[u.start - 1 : u.start] or " ")]
    for unit in alone:
        line.charge([unit], "lead")
        line.take(unit.start, unit.end)
    if "section" not in line.found and begins:
        line.charge(begins[:1], "lead")
        if not begins[0].name.endswith(line.context.words.task.places):
            line.take(begins[0].start, begins[0].end)


def _title(line: Line) -> str:
    """What is left of the line, its pieces in their order."""
    pieces: list[str] = []
    last = 0
    for match in re.finditer(r"[^\s,。;!?()]+", line.left):
        between = line.seen.text.plain[last : match.start()]
        piece = _TITLE_LEFT.sub("", line.given(*match.span()))
        if piece and not FILLER.fullmatch(piece):
            pieces += [" " if pieces and not between.strip() and last else "，", piece]
            last = match.end()
    return _unquoted("".join(pieces[1:]))


def _unquoted(title: str) -> str:
    """Without the quotes around the whole of it."""
    whole = re.fullmatch(r"《([^《》]*)》|“([^“”]*)”|\"([^\"]*)\"", title)
    return next((part for part in whole.groups() if part is not None), title) if whole else title
