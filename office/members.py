"""Members and units from spreadsheets: read, compared with what is known, taken over whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from office import personnel, roster_sheets, sheets
from office.desk import Desk, Refused
from office.roster_sheets import Sheets, Values
from office.sheets import Sheet, Unreadable
from rules.roster import ROLES, Person, Roster, Unit
from storage import journal, models, people
from storage.models import Member

LISTED_MISTAKES = 40


class Imported(NamedTuple):
    """What an import does: people by name, and how many units and people are as they were."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int
    units_added: tuple[str, ...]
    units_changed: tuple[str, ...]
    units_unchanged: int
    skipped: tuple[str, ...]
    """sheets of other kinds, which are not read"""
    unknown: tuple[str, ...]
    """columns that nothing is read from"""


def read_folder(folder: Path) -> Roster:
    """The units and people of a folder of CSV files as in `office/sample`, in their order.

    Raises ValueError with every mistake, one a line.
    """
    files = [(path.name, path.read_bytes()) for path in sorted(folder.glob("*.csv"))]
    try:
        found = roster_sheets.examine(open_files(files), Roster())
    except Refused as refused:
        raise ValueError("\n".join(refused.facts["lines"])) from None
    if found.mistakes:
        raise ValueError("\n".join(found.mistakes))
    return Roster(
        units=tuple(Unit.model_validate(values) for values in found.units),
        people=tuple(
            Person.model_validate({k: v for k, v in values.items() if k in Person.model_fields})
            for values in found.people
        ),
    )


def open_files(files: Iterable[tuple[str, bytes]]) -> list[Sheet]:
    """The sheets of all files. Refused import_errors where one cannot be read."""
    found: list[Sheet] = []
    mistakes: list[str] = []
    for name, content in files:
        try:
            found += sheets.read(name, content, roster_sheets.HEADS)
        except Unreadable as error:
            mistakes.append(str(error))
    if mistakes:
        raise Refused("import_errors", lines=mistakes, more=0)
    return found


def import_people(desk: Desk, files: Sequence[tuple[str, bytes]], by: Member | None) -> Imported:
    """Take over units and staff; `by` None is whoever runs the program. Importing again updates.

    Who is not in the sheets stays as he is. Refused import_errors with `lines`: nothing is kept then.
    """
    return take_over(desk, open_files(files), by)


def preview(desk: Desk, found: Sequence[Sheet], by: Member | None) -> Imported:
    """What `take_over` would do now, without doing it."""
    return _compare(desk, _examined(desk, found, by))


def take_over(desk: Desk, found: Sequence[Sheet], by: Member | None) -> Imported:
    """Take over sheets that were opened before; checked again, as the office may have changed since."""
    read = _examined(desk, found, by)
    result = _compare(desk, read)
    _keep_units(desk, read)
    known = {one.name: one for one in people.everybody(session=desk.session)}
    marked = desk.roster.with_role("liaison")
    for values in read.people:
        personnel.keep(desk, values, known)
    _keep_marks(desk, marked)
    if by is not None:
        personnel.check_an_admin_is_left(desk)
    journal.write(
        "members_imported",
        now=desk.now,
        session=desk.session,
        member_id=by.id if by else None,
        added=len(result.added),
        changed=len(result.changed),
        units=len(result.units_added) + len(result.units_changed),
    )
    return result


def _keep_marks(desk: Desk, before: Sequence[Person]) -> None:
    """A table that marks nobody of a unit as its liaison leaves the mark where it was (P3)."""
    for one in before:
        member = people.by_name(one.name, session=desk.session)
        if member is None or member.unit != one.unit or desk.roster.with_role("liaison", one.unit):
            continue
        member.roles = [role for role in ROLES if role in {*member.roles, "liaison"}]
        desk.session.add(member)
        desk.session.flush()
        desk.forget_roster()


def _examined(desk: Desk, found: Sequence[Sheet], by: Member | None) -> Sheets:
    if by is not None:
        personnel.check_right(desk, by)
    read = roster_sheets.examine(found, desk.roster)
    if read.mistakes:
        more = max(0, len(read.mistakes) - LISTED_MISTAKES)
        raise Refused("import_errors", lines=list(read.mistakes[:LISTED_MISTAKES]), more=more)
    return read


def _compare(desk: Desk, read: Sheets) -> Imported:
    members = {one.name: one for one in people.everybody(session=desk.session)}
    units = {one.name: one for one in people.units(session=desk.session)}
    added = tuple(v["name"] for v in read.people if v["name"] not in members)
    changed = tuple(v["name"] for v in read.people if _differs(members.get(v["name"]), v))
    units_added = tuple(v["name"] for v in read.units if v["name"] not in units)
    units_changed = tuple(v["name"] for v in read.units if _differs(units.get(v["name"]), v))
    return Imported(
        added=added,
        changed=changed,
        unchanged=len(read.people) - len(added) - len(changed),
        units_added=units_added,
        units_changed=units_changed,
        units_unchanged=len(read.units) - len(units_added) - len(units_changed),
        skipped=read.skipped,
        unknown=read.unknown,
    )


def _differs(row: Member | models.Unit | None, values: Values) -> bool:
    if row is None:
        return False
    gone = isinstance(row, Member) and not row.active
    return gone or any(getattr(row, key) != _stored(value) for key, value in values.items())


def _stored(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _keep_units(desk: Desk, read: Sheets) -> None:
    known = {one.name: one for one in people.units(session=desk.session)}
    for values in read.units:
        name = values["name"]
        unit = known.get(name) or models.Unit(name=name, kind="", level="", position=len(known))
        known[name] = unit
        for key, value in values.items():
            setattr(unit, key, _stored(value))
        desk.session.add(unit)
    desk.session.flush()
    desk.forget_roster()
