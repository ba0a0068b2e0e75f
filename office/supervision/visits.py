"""Visits of supervision 督查 (V6): recorded with findings, which become tasks; the forms are counted."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from office import bearings, cards, hand_out
from office.desk import Desk, Refused
from rules import visit as rule
from rules.visit import Visit as Said
from storage import files, journal, people, visits
from storage.models import File, Matter, Member, Visit

JUST_NOW = timedelta(minutes=30)
"""how long after it was recorded a place that is sent belongs to a visit"""


class Share(NamedTuple):
    """How often a form of supervision was used in a period."""

    form: str
    times: int


class Shares(NamedTuple):
    """The forms of a period: each with its count; all of them, and those on the spot."""

    forms: tuple[Share, ...]
    total: int
    on_the_spot: int


def record(
    desk: Desk, said: Said, by: Member, *, matter: Matter | None, unit: str | None, at: datetime
) -> Visit:
    """Keep a visit to a task or a unit. Refused where nobody is visited, the form is not said, or by
    somebody who does not supervise."""
    check(desk, by)
    if matter is None and unit is None:
        raise Refused("visit_whom")
    if said.form is None:
        raise Refused("visit_form", known=[one.name for one in desk.policy.supervision.forms])
    if not said.words:
        raise Refused("visit_words")
    if len(said.words) > rule.LONGEST:
        raise Refused("too_long", field="督查情况", limit=rule.LONGEST, length=len(said.words))
    assert by.id is not None
    row = Visit(
        matter_id=matter.id if matter else None,
        unit=unit or (matter.section if matter else None),
        form=said.form,
        place=said.place,
        words=said.words,
        findings=list(said.findings),
        entered=[None] * len(said.findings),
        member_id=by.id,
        happened_at=at,
        recorded_at=desk.now,
    )
    desk.session.add(row)
    _note(desk, row, by)
    if matter is not None:
        cards.refresh(desk, matter)
    return row


def _note(desk: Desk, row: Visit, by: Member) -> None:
    journal.write(
        "visited",
        now=desk.now,
        session=desk.session,
        happened_at=row.happened_at,
        member_id=by.id,
        matter_id=row.matter_id,
        form=form_name(desk, row.form),
        place=row.place or row.unit,
        words=row.words,
        findings=len(row.findings),
    )


def check(desk: Desk, by: Member) -> None:
    """Refused to whoever is neither of the section that supervises nor sees everything."""
    section = bearings.supervision(desk)
    if by.unit != section and not desk.policy.may(by.roles, "see_all"):
        raise Refused("not_supervisor", section=section)


def form_name(desk: Desk, key: str) -> str:
    """What a form is called."""
    return next((one.name for one in desk.policy.supervision.forms if one.key == key), key)


def locate(desk: Desk, by: Member, latitude: float, longitude: float) -> Visit | None:
    """The place that is sent soon after a visit was recorded is where it was; None: there is none."""
    row = recent(desk, by)
    if row is not None:
        row.latitude, row.longitude = latitude, longitude
        desk.session.add(row)
    return row


def recent(desk: Desk, by: Member) -> Visit | None:
    """The visit that a member recorded just now: what he sends belongs to it."""
    return visits.latest_of(by.id or 0, since=desk.now - JUST_NOW, session=desk.session)


def picture(desk: Desk, row: Visit, file: File, content: bytes | None, by: Member) -> int:
    """A picture of a visit, kept with it and its matter: how many it has now.

    Where it could not be fetched, or is too large, Telegram alone has its content.
    """
    if content is not None:
        kept = hand_out.keep(desk, file.name, file.mime, content, by=by)
        kept.telegram_file_id, file = file.telegram_file_id, kept
    file.matter_id, file.visit_id = row.matter_id, row.id
    file.added_by, file.added_at = by.id, desk.now
    desk.session.add(file)
    desk.session.flush()
    return len(files.of_visit(row.id or 0, session=desk.session))


def finding(desk: Desk, visit_id: int, place: int, by: Member) -> tuple[Visit, str]:
    """A finding that is to become a task. Refused where it became one, or by who does not supervise."""
    check(desk, by)
    row = desk.session.get(Visit, visit_id)
    if row is None or not 0 <= place < len(row.findings):
        raise Refused("button_unknown")
    if row.entered[place] is not None:
        known = desk.session.get(Matter, row.entered[place])
        raise Refused("finding_entered", register_no=known.register_no if known else "")
    return row, row.findings[place]


def entered(desk: Desk, visit_id: int, place: int, task: Matter) -> None:
    """A finding became a task."""
    row = desk.session.get(Visit, visit_id)
    assert row is not None
    row.entered = [task.id if i == place else known for i, known in enumerate(row.entered)]
    desk.session.add(row)


def shares(desk: Desk, first: date, last: date, units: tuple[str, ...] | None = None) -> Shares:
    """How often each form was used from the day `first` to `last`, both counted; at these units, or all."""
    zone = desk.calendar.zone
    start, end = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    counted = visits.count_forms(start, end, units, session=desk.session)
    forms = desk.policy.supervision.forms
    return Shares(
        tuple(Share(one.name, counted.get(one.key, 0)) for one in forms),
        sum(counted.values()),
        sum(counted.get(one.key, 0) for one in forms if one.on_the_spot),
    )


def who(desk: Desk, row: Visit) -> str:
    """Who was there."""
    return people.member(row.member_id, session=desk.session).name
