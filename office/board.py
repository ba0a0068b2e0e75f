"""The board 看板: how what is supervised and handled stands by unit and by field, and the next limits.

Counts, never lists: what is open is not loaded. Units are compared, persons never. Emergencies and meetings
have lists of their own and are not counted here. Who looks sees what he may see (P4).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from office import ask, bearings, cards
from office.ask import Asker
from office.desk import Desk, Refused
from office.roster_sheets import UnitIndex, nearest
from office.supervision import progress
from rules.limits import due
from storage import board as stored
from storage.board import Counted, Owed, Scope

UNITS, FIELDS, NEXT = 15, 12, 10
"""how many units, fields and limits a board shows"""
WHOLE = "督办看板"


class View(NamedTuple):
    """Which board is meant, and what may be seen of it; JSON values, kept until it is drawn."""

    unit: str | None = None
    field: str | None = None
    sight: tuple[str, ...] | None = None
    """the units whose matters may be shown; None is all of them"""

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> View:
        """The view that was kept as JSON."""
        sight = kept["sight"]
        return cls(kept["unit"], kept["field"], None if sight is None else tuple(sight))


class Bar(NamedTuple):
    """How the matters of a unit or field stand; `soon` and `overdue` are among `open`."""

    name: str
    open: int
    soon: int
    overdue: int


class Limit(NamedTuple):
    """A limit that comes: what, whose, when, and how long until then."""

    register_no: str
    title: str
    unit: str
    due: datetime
    left: str
    soon: bool


class Board(NamedTuple):
    """What a board shows. Instants are local."""

    title: str
    at: datetime
    soon: str
    """what due soon means: 3 个工作日内"""
    total: Bar
    units: tuple[Bar, ...]
    fields: tuple[Bar, ...]
    more_units: int
    more_fields: int
    next: tuple[Limit, ...]
    owed: tuple[Owed, ...] = ()
    """reports of progress that are asked for and not given, by unit; who is late with most first"""

    @property
    def reports(self) -> tuple[int, int]:
        """How many reports are owed, and how many of them are late."""
        return sum(one.asked for one in self.owed), sum(one.late for one in self.owed)


def view_of(desk: Desk, said: str, asker: Asker) -> View:
    """Which board is meant: all, or that of a unit or a field that is named.

    Refused: board_unknown, board_not_yours.
    """
    sight = ask.sight_of(desk, asker)
    units = sight.units if sight else None
    words = "".join(said.split())
    if not words:
        return View(sight=units)
    if unit := UnitIndex((one.name, one.short_names) for one in desk.roster.units).find(words):
        if units is not None and unit not in units:
            raise Refused("board_not_yours", unit=unit)
        return View(unit=unit, sight=units)
    return View(field=_field_called(desk, words), sight=units)


def _field_called(desk: Desk, words: str) -> str:
    """城建领域 → 城市建设: the only field in which these characters stand in this order."""
    wanted = words.removesuffix("领域") or words
    fields = {one.field for one in _groups(desk, View()) if one.field} | set(desk.policy.supervision.fields)
    found = [wanted] if wanted in fields else [one for one in sorted(fields) if _stands_in(wanted, one)]
    if len(found) == 1:
        return found[0]
    units = (name for unit in desk.roster.units for name in (unit.name, *unit.short_names))
    hint = "、".join(found) or nearest(wanted, (*fields, *units)).removeprefix("，")
    raise Refused("board_unknown", said=words, hint=hint)


def _stands_in(wanted: str, field: str) -> bool:
    letters = iter(field)
    return all(letter in letters for letter in wanted)


def board(desk: Desk, view: View) -> Board:
    """The board as it stands now."""
    groups = _groups(desk, view)
    units = _bars((one.unit or "未定单位", one) for one in groups)
    fields = _bars((one.field, one) for one in groups if one.field)
    (total,) = _bars((_title(view), one) for one in groups) or [Bar(_title(view), 0, 0, 0)]
    soon = _soon(desk)
    limit = min(NEXT, total.open - total.overdue)  # where nothing comes, nothing is looked for
    coming = (
        stored.next_limits(_scope(desk, view), desk.now, limit=limit, session=desk.session) if limit else []
    )
    return Board(
        title=total.name,
        at=desk.calendar.local(desk.now),
        soon=desk.policy.asking.soon.replace("wd", " 个工作日内"),
        total=total,
        units=tuple(units[:UNITS]) if len(units) > 1 else (),
        fields=tuple(fields[:FIELDS]),
        more_units=max(0, len(units) - UNITS),
        more_fields=max(0, len(fields) - FIELDS),
        next=tuple(_limit(desk, one, soon) for one in coming),
        owed=tuple(_owed(desk, view)),
    )


def _owed(desk: Desk, view: View) -> list[Owed]:
    hands = {
        key: [step.key for step in procedure.steps if step.holder in ("section", "handler")]
        for key, procedure in desk.policy.tasks.items()
    }
    duties, scope = progress.duties(desk), _scope(desk, view)
    found = stored.owed_reports(scope, duties, hands, desk.now, session=desk.session)
    named = [one._replace(unit=one.unit or "未定单位") for one in found]
    return sorted(named, key=lambda one: (-one.late, -one.asked, one.unit or ""))


def _groups(desk: Desk, view: View) -> list[Counted]:
    return stored.groups(_scope(desk, view), desk.now, _soon(desk), session=desk.session)


def _soon(desk: Desk) -> datetime:
    return due(desk.policy.asking.soon, desk.now, desk.calendar, "office").at


def _scope(desk: Desk, view: View) -> Scope:
    """The section that supervises has all tasks on its board; any other unit what it leads."""
    tasks = tuple(desk.policy.tasks)
    if view.unit is not None and view.unit == bearings.supervision(desk):
        return Scope(tasks, view.sight, view.field)
    units = (view.unit,) if view.unit else view.sight
    return Scope((*desk.policy.documents, *tasks), units, view.field)


def _bars(groups: Iterable[tuple[str, Counted]]) -> list[Bar]:
    """Bars by name: who has most overdue first, then who has most that is due soon, then most in all."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for name, one in groups:
        for place, count in enumerate((one.open, one.soon, one.overdue)):
            sums[name][place] += count
    bars = [Bar(name, *counts) for name, counts in sums.items()]
    return sorted(bars, key=lambda bar: (-bar.overdue, -bar.soon, -bar.open, bar.name))


def _title(view: View) -> str:
    about = view.unit or (f"{view.field}领域" if view.field else None)
    return f"{WHOLE}　{about}" if about else WHOLE


def _limit(desk: Desk, one: stored.Next, soon: datetime) -> Limit:
    left = cards.left_words(desk, one.due_at, desk.policy.procedures[one.procedure])
    return Limit(
        one.register_no, one.title, one.unit or "", desk.calendar.local(one.due_at), left, one.due_at <= soon
    )


def facts(desk: Desk, view: View) -> dict[str, Any]:
    """The same as JSON values, for a chat in which no picture can be drawn."""
    found = board(desk, view)
    shown = found._asdict()
    return {
        **shown,
        "owed": [one._asdict() for one in found.owed],
        "reports": found.reports,
        "at": shown["at"].isoformat(),
        "total": shown["total"]._asdict(),
        "units": [bar._asdict() for bar in shown["units"]],
        "fields": [bar._asdict() for bar in shown["fields"]],
        "next": [{**one._asdict(), "due": one.due.isoformat()} for one in shown["next"]],
    }
