"""What importing a ledger of tasks would do: new, changed, unchanged, gone, wrong (V1).

A row is known again by its words and its unit; a task that was worded anew by its number in its field. What
the file says now is compared with what it said when it was last taken over, not with how the task stands:
a deferral granted since is no change of the ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Any, Final, NamedTuple

from office.desk import Desk
from office.sheets import Sheet
from office.supervision.task_columns import NAMES
from office.supervision.task_sheets import Ledger, Reader, TaskRow, key_of
from rules.patterns import lazy
from storage import ledger_rows, matters
from storage.models import LedgerRow, Matter

CORRECTED: Final = "（待更正）"
"""in the name of the file that is given back with what was wrong"""
_COPY = lazy(r"\s*[（(]\d{1,2}[）)]$|[-—_ ]*副本$")
COMPARED: Final = tuple(name for name in NAMES if name != "number")
_LIKE = 60
"""how alike (of 100) two wordings of one numbered row are at least"""


class Change(NamedTuple):
    """A row that says something else now."""

    kept: LedgerRow
    matter: Matter
    row: TaskRow
    fields: tuple[str, ...]


class Plan(NamedTuple):
    """What an import does."""

    ledger: str
    read: Ledger
    new: tuple[TaskRow, ...]
    changed: tuple[Change, ...]
    over: tuple[Change, ...]
    """changed rows whose task is closed: it stays as it is"""
    unchanged: int
    gone: tuple[Matter, ...]
    """open tasks of this ledger that the file does not have any more: only told, never deleted"""

    @property
    def effective(self) -> bool:
        return bool(self.new or self.changed)


def plan(desk: Desk, name: str, sheets: Sequence[Sheet]) -> Plan:
    """Compare the sheets of a file with what was imported before."""
    reader = Reader(desk.roster, desk.calendar, desk.now)
    known = _known(desk, reader.keys(sheets))
    known_due = {
        (one.key, str(one.row["said"]["due"])): datetime.fromisoformat(one.row["due"]) for one in known
    }
    read = reader.read(sheets, known_due)
    ledger = _ledger_of(name, known)
    whole = ledger_rows.of_ledger(ledger, session=desk.session)
    pairs = _pairs(read, known, whole)
    there = {pair.id for pair in pairs.values()}
    missing = [one for one in whole if one.id not in there] if len(whole) <= 2 * len(there) else []
    changed, unchanged = _changes(desk, read, pairs)
    return Plan(
        ledger=ledger,
        read=read,
        new=tuple(row for row in read.rows if row.place not in pairs),
        changed=tuple(one for one in changed if one.matter.state == "open"),
        over=tuple(one for one in changed if one.matter.state != "open"),
        unchanged=unchanged,
        gone=tuple(_open(desk, missing)),
    )


def _known(desk: Desk, keys: Sequence[str]) -> list[LedgerRow]:
    found = ledger_rows.with_keys(keys, session=desk.session)
    void = {
        one.id
        for one in matters.with_ids([row.matter_id for row in found], session=desk.session)
        if one.state == "void"
    }
    return [row for row in found if row.matter_id not in void]


def _ledger_of(name: str, known: Sequence[LedgerRow]) -> str:
    """The ledger that most of the rows belong to; of new rows the name of their file."""
    ledgers = [one.ledger for one in known]
    if ledgers:
        return max(dict.fromkeys(ledgers), key=ledgers.count)
    return _COPY.sub("", _COPY.sub("", PurePath(name).stem).removesuffix(CORRECTED)) or "台账"


def _pairs(read: Ledger, known: Sequence[LedgerRow], whole: Sequence[LedgerRow]) -> dict[str, LedgerRow]:
    """Place of a row → the row of before that it is. A wrong row keeps its own from being told as gone."""
    pairs: dict[str, LedgerRow] = {}
    taken: set[int | None] = set()
    lines = [(row.place, row.said, row.section) for row in read.rows]
    lines += [(one.place, one.said, "") for one in read.wrong]

    def pair(place: str, kept: LedgerRow | None) -> None:
        if kept is not None:
            pairs[place] = kept
            taken.add(kept.id)

    for same_unit in (True, False):
        for place, said, section in lines:
            if place not in pairs:
                fits = (one for one in known if one.key == key_of(said) and one.id not in taken)
                pair(place, next((o for o in fits if not same_unit or o.row["section"] == section), None))
    for place, said, _ in lines:
        if place not in pairs:
            alike = (o for o in whole if o.id not in taken and _numbered_alike(o.row["said"], said))
            pair(place, next(alike, None))
    return pairs


def _numbered_alike(before: dict[str, Any], now: dict[str, str]) -> bool:
    same_number = bool(now.get("number")) and before.get("number") == now["number"]
    same_field = before.get("field", "") == now.get("field", "")
    from rapidfuzz import fuzz  # here: a start compares nothing

    return same_number and same_field and fuzz.ratio(before["title"], now["title"]) >= _LIKE


def _changes(desk: Desk, read: Ledger, pairs: dict[str, LedgerRow]) -> tuple[list[Change], int]:
    found, unchanged = [], 0
    kept_matters = matters.with_ids([one.matter_id for one in pairs.values()], session=desk.session)
    by_id = {one.id: one for one in kept_matters}
    for row in read.rows:
        kept = pairs.get(row.place)
        if kept is None:
            continue
        before = TaskRow.model_validate(kept.row)
        fields = tuple(name for name in COMPARED if getattr(before, name) != getattr(row, name))
        unchanged += not fields
        if fields:
            found.append(Change(kept, by_id[kept.matter_id], row, fields))
    return found, unchanged


def _open(desk: Desk, rows: Sequence[LedgerRow]) -> list[Matter]:
    found = matters.with_ids([row.matter_id for row in rows], session=desk.session)
    return [one for one in found if one.state == "open"]
