"""Loading a year's notice of holidays: provisional limits are computed anew and who holds them is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from office import cards, move, post, recurring, running
from office.desk import Desk, Refused
from rules import procedure as steps_of
from rules.working_time import Calendar, notices_from
from storage import journal, matters, people
from storage.models import HolidayNotice, Matter, Member, Step


def load_notice(desk: Desk, document: Mapping[str, Any], by: Member | None = None) -> int:
    """Keep a notice (holiday-cn's form) and recompute what was provisional: how many limits moved."""
    try:
        tables = notices_from(document)
    except ValueError as error:
        raise Refused("notice_malformed", fault=str(error)) from None
    if not tables:
        raise Refused("notice_empty", year=document.get("year"))
    loaded = [notice for notice in people.notices(session=desk.session) if notice.year not in tables]
    for year in tables:
        kept = HolidayNotice(year=year, document=dict(document), loaded_at=desk.now)
        desk.session.merge(kept)
        journal.write(
            "notice_loaded", now=desk.now, session=desk.session, member_id=by.id if by else None, year=year
        )
    for notice in loaded:
        tables |= notices_from(notice.document)
    tables |= desk.policy.calendar.own_notices()
    calendar = Calendar(desk.calendar.zone, desk.calendar.hours, tables)
    return recompute(replace(desk, calendars=lambda *_: calendar))


def recompute(desk: Desk) -> int:
    """Compute provisional limits anew by this desk's calendar: how many moved."""
    limits = sum(_recompute(desk, matter) for matter in matters.with_open_limits(session=desk.session))
    return limits + recurring.recompute(desk)


def _recompute(desk: Desk, matter: Matter) -> int:
    moved = 0
    procedure = move.procedure_of(desk, matter)
    named = matter.due_at if matter.due_limit is None else None
    if matter.provisional and matter.due_at == matter.first_due_at:
        whole = steps_of.whole_due(
            procedure, received=matter.received_at, named=named, calendar=desk.calendar
        )
        if whole is not None:
            moved += whole.at != matter.due_at
            matter.due_at = matter.first_due_at = whole.at
            matter.provisional = whole.provisional
            if not any(
                steps_of.takes_whole(procedure.step(step.key))
                for step in matters.open_steps(matter.id or 0, session=desk.session)
            ):
                running.restart(desk, matter, None)
    for step in matters.open_steps(matter.id or 0, session=desk.session):
        if step.provisional and step.due_at == step.first_due_at:
            moved += _recompute_step(desk, matter, step)
    cards.refresh(desk, matter)
    return moved


def _recompute_step(desk: Desk, matter: Matter, step: Step) -> int:
    rule = move.procedure_of(desk, matter).step(step.key)
    due = running.due_of(desk, matter, rule, step.began_at)
    step.provisional = bool(due and due.provisional)
    if due is None or due.at == step.due_at:
        return 0
    before = step.due_at
    step.due_at = step.first_due_at = due.at
    running.restart(desk, matter, step)
    journal.write(
        "recomputed",
        now=desk.now,
        session=desk.session,
        matter_id=matter.id,
        step_id=step.id,
        was=before.isoformat() if before else None,
        due=due.at.isoformat(),
    )
    holder = people.member(step.holder_id, session=desk.session)
    post.to_member(
        desk,
        holder,
        "note.recomputed",
        kind="note",
        matter=matter,
        step_id=step.id,
        register_no=matter.register_no,
        title=matter.title,
        step=rule.name,
        due=due.at.isoformat(),
    )
    return 1
