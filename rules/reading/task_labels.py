"""What a task's line says behind labels: 事项:… 来源:… 牵头住建局 责任人叶向阳."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from rules.patterns import lazy
from rules.reading.dates import doubt_in, limit_in
from rules.reading.normal import any_of
from rules.reading.task_line import Line
from rules.reading.task_parts import FIELDS
from rules.reading.task_shapes import RHYTHMS

_LISTED = lazy(r" ?[、,/+&和与及 ] ?|以及")


def read_labelled(line: Line) -> None:
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


def _inner_labels(line: Line) -> Iterator[tuple[re.Match[str], str]]:
    """水利局会同财政局: no edge before the word."""
    words = line.context.words.task
    for name, said in (("lead", words.lead), ("support", words.support)):
        for match in re.finditer(rf"{any_of(said)} ?:? ?", line.left):
            yield match, name


def _takes_units(line: Line, label: re.Match[str], _end: int) -> int | None:
    row = line.row_from(label.end())
    if not row and (length := line.everyone_at(label.end())):
        line.charge_all(label.end(), length)
        return label.end() + length
    while row and (more := line.row_from(_after_list(line, row[-1].end))):
        if " " in line.left[row[-1].end : more[0].start] and not line.stands_alone(
            more[0].start, more[-1].end
        ):
            break  # 配合住建局 城关镇背街小巷整治: the matter begins
        row += more
    line.charge(row, "lead" if label["lead"] else "support")
    return row[-1].end if row else None


def _after_list(line: Line, at: int) -> int:
    """Where the next unit of a list parted by commas or blanks would begin."""
    found = _LISTED.match(line.left, at)
    return found.end() if found else -1


def _takes_person(line: Line, label: re.Match[str], _end: int) -> int | None:
    for person in line.seen.people:
        if person.start == label.end():
            line.charge_person(person)
            return person.end
    return None


def _takes_due(line: Line, label: re.Match[str], end: int) -> int | None:
    said = re.split(r"[,。;]", line.left[label.end() : end])[0]
    found = limit_in(said, line.context) or limit_in(said.split(" ")[0], line.context)
    if found is not None:
        line.found.update(due=found.at, due_words=found.words)
        return label.end() + found.end
    doubt = doubt_in(said, line.context)
    line.keep("unsure_due", doubt)
    return label.end() + said.find(doubt.words) + len(doubt.words) if doubt else None


def _takes_rhythm(line: Line, label: re.Match[str], end: int) -> int | None:
    found = line.shapes.rhythm.match(line.left, label.end(), end)
    if found is None:
        return None
    line.keep("rhythm", next(one for one in RHYTHMS if found[one]))
    return found.end()


def _takes_text(line: Line, label: re.Match[str], end: int) -> int | None:
    """The title or a remark: all up to the next label; a title without a colon up to the next blank."""
    if ":" not in label["mark"]:
        found = re.compile(r"[^\s,。;]{4,}").match(line.left, label.end(), end) if label["title"] else None
        if found is None or label["title"] not in line.context.words.task.title_bare:
            return None
        end = found.end()
    line.keep("title" if label["title"] else "remark", line.given(label.end(), end).strip("《》"))
    return end


def _takes_word(line: Line, label: re.Match[str], end: int) -> int | None:
    """The source or a field: one word."""
    found = re.compile(r"[^\s,。;、()]+").match(line.left, label.end(), end)
    if found is None:
        return None
    line.keep("source" if label["source"] else "field", line.given(*found.span()))
    return found.end()


_TAKES: dict[str, Callable[[Line, re.Match[str], int], int | None]] = {
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
