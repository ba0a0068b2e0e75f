"""The duty roster taken over from a spreadsheet or a line in chat: whole or not at all (E6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from office import duty_notices, sheets
from office.desk import Desk, Refused
from office.duty import POST_NAMES, acting_on, day_of, may_keep
from office.duty_sheets import HEADS, NO_HEADER, Day, DutySheet, examine
from office.sheets import Sheet, Unreadable
from storage import duty, journal, people
from storage.duty import POSTS
from storage.models import DutyDay, Member

LISTED_MISTAKES = 40


class RosterImported(NamedTuple):
    """What an import does to the days of the roster."""

    added: tuple[date, ...]
    changed: tuple[date, ...]
    unchanged: int
    past: tuple[date, ...]
    """days that are over and differ: they stay as they were"""
    gaps: tuple[str, ...]
    """11月26日 副班: whom the roster does not name"""
    swapped: tuple[date, ...]
    """days of a granted swap that the sheet overrules"""
    unknown: tuple[str, ...]


def open_file(name: str, content: bytes) -> list[Sheet]:
    """The sheets of a file. Refused import_errors where it is no roster."""
    try:
        return sheets.read(name, content, HEADS)
    except Unreadable as error:
        said = str(error)
        if "表头" in said:  # the reader's own hint names the columns of a staff list
            said = f"{name}：{NO_HEADER}"
        raise Refused("import_errors", lines=[said], more=0) from None


def of_lines(lines: Iterable[Sequence[str]]) -> list[Sheet]:
    """Lines written in chat (day, leader, first, second) as a sheet."""
    rows = tuple((number, tuple(line)) for number, line in enumerate(lines, 1))
    heads = ("日期", *(POST_NAMES[post] for post in POSTS))
    return [Sheet(name="值班表", columns=("date", *POSTS), heads=heads, lines=rows)]


def import_roster(desk: Desk, name: str, content: bytes, by: Member | None = None) -> RosterImported:
    """Take over a roster file (.csv, .xlsx); `by` None is whoever runs the program. Again updates.

    Days that the file does not name stay as they are. Refused import_errors with `lines`, duty_may_not.
    """
    return take_over(desk, open_file(name, content), by)


def preview(desk: Desk, found: Sequence[Sheet], by: Member | None) -> RosterImported:
    """What `take_over` would do now, without doing it."""
    return _compare(desk, _examined(desk, found, by))


def take_over(desk: Desk, found: Sequence[Sheet], by: Member | None) -> RosterImported:
    """Take over sheets that were opened before; checked again, as the office may have changed since."""
    read = _examined(desk, found, by)
    result = _compare(desk, read)
    before = acting_on(desk, (*result.added, *result.changed))
    for day in before:
        _keep(desk, day, read.days[day], by)
    journal.write(
        "duty_imported",
        now=desk.now,
        session=desk.session,
        member_id=by.id if by else None,
        added=[day.isoformat() for day in result.added],
        changed=[day.isoformat() for day in result.changed],
    )
    duty_notices.tell_changed(desk, before)
    return result


def _examined(desk: Desk, found: Sequence[Sheet], by: Member | None) -> DutySheet:
    if by is not None and not may_keep(desk, by):
        raise Refused("duty_may_not")
    today = desk.calendar.local(desk.now).date()
    read = examine(found, desk.roster.by_name, today)
    if read.mistakes:
        more = max(0, len(read.mistakes) - LISTED_MISTAKES)
        raise Refused("import_errors", lines=list(read.mistakes[:LISTED_MISTAKES]), more=more)
    return read


def _compare(desk: Desk, read: DutySheet) -> RosterImported:
    known = duty.days(min(read.days), max(read.days), session=desk.session) if read.days else {}
    added = tuple(day for day in read.days if day not in known)
    differing = [day for day in read.days if day in known and _differs(desk, known[day], read.days[day])]
    over = day_of(desk, desk.now)
    changed = tuple(day for day in differing if day >= over)
    return RosterImported(
        added=added,
        changed=changed,
        unchanged=len(read.days) - len(added) - len(differing),
        past=tuple(day for day in differing if day < over),
        gaps=tuple(_gaps(read.days)),
        swapped=tuple(day for day in changed if day.isoformat() in _swapped(desk)),
        unknown=read.unknown,
    )


def _differs(desk: Desk, row: DutyDay, names: Day) -> bool:
    ids = _ids(desk, names)
    return any(getattr(row, f"{post}_id") != ids[post] for post in ids)


def _gaps(days: dict[date, Day]) -> list[str]:
    return [
        f"{day.month}月{day.day}日 {POST_NAMES[post]}"
        for day, names in sorted(days.items())
        for post in POSTS
        if names.get(post) is None
    ]


def _swapped(desk: Desk) -> set[str]:
    return {day for swap in duty.granted_swaps(session=desk.session) for day in swap.days}


def _ids(desk: Desk, names: Day) -> dict[str, int | None]:
    members = people.named((name for name in names.values() if name), session=desk.session)
    ids = {member.name: member.id for member in members}
    return {post: ids[name] if name else None for post, name in names.items()}


def _keep(desk: Desk, day: date, names: Day, by: Member | None) -> None:
    row = duty.day(day, session=desk.session) or DutyDay(day=day)
    row.kept_by, row.kept_at = by.id if by else None, desk.now
    for post, member_id in _ids(desk, names).items():
        setattr(row, f"{post}_id", member_id)
    desk.session.add(row)
    desk.session.flush()


def fill_ahead(desk: Desk, name: str, content: bytes, count: int) -> RosterImported:
    """Fill days from now on that the roster does not have yet with a file's people, coming round again.

    For a trial on any day: the sample roster names three weeks only. A day has the same people whenever it
    is filled, and what is on the roster stays: it can be called at every start. Refused import_errors.
    """
    today = day_of(desk, desk.now)
    found = examine(open_file(name, content), desk.roster.by_name, today, any_year=True)
    if found.mistakes or not found.days:
        raise Refused("import_errors", lines=list(found.mistakes), more=0)
    known = duty.days(today, today + timedelta(days=count), session=desk.session)
    pattern, origin = list(found.days.values()), min(found.days)
    lines = []
    for day in (today + timedelta(days=i) for i in range(count)):
        if day not in known:
            people_of = pattern[(day - origin).days % len(pattern)]
            lines.append([day.isoformat(), *(people_of.get(post) or "" for post in POSTS)])
    return take_over(desk, of_lines(lines), None)
