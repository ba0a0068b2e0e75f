"""The duty log 值班日志 (E6): entries to the minute, what was added later, a day of it on paper."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from office import duty_notices
from office.desk import Desk, Refused
from office.duty import change_over, day_of, on_duty, room
from office.papers.duty_log import DutyLog, LogRow
from rules.duty_entry import read_addition, read_entry
from rules.past import is_slip
from storage import duty, journal, people
from storage.models import DutyEntry, DutyHandOver, Matter, Member

TEXT_LIMIT = 1000
BACK = timedelta(days=3)
"""how long afterwards an entry may be written"""
_BECAME = "已报快报 "


def may_write(desk: Desk, member: Member) -> bool:
    """Whether a member may write in the log: on duty now, of the duty room, or on the list of duty staff."""
    if member.unit == room(desk) or "duty" in member.roles:
        return True
    return any(one.id == member.id for one in on_duty(desk, desk.now).members())


def write(desk: Desk, by: Member, text: str, happened_at: datetime | None = None) -> DutyEntry:
    """An entry as it was typed, its fields read from it.

    Refused: duty_log_not_yours, too_long, duty_log_future, duty_log_old.
    """
    _check(desk, by, text)
    at = (happened_at or desk.now).replace(second=0, microsecond=0)
    if at > desk.now or is_slip(text, at, desk.now):
        ahead = at if at > desk.now else at + timedelta(days=1)
        raise Refused("duty_log_future", at=ahead.isoformat())
    if desk.now - at > BACK:
        raise Refused("duty_log_old", at=at.isoformat(), days=BACK.days)
    read = read_entry(text, desk.roster)
    day = day_of(desk, at)
    assert by.id is not None
    entry = DutyEntry(
        day=day,
        number=duty.next_number(day, session=desk.session),
        happened_at=at,
        recorded_at=desk.now,
        member_id=by.id,
        text=text,
        finished_at=desk.now if read.result else None,
        **read.model_dump(),
    )
    desk.session.add(entry)
    desk.session.flush()
    _note(desk, "duty_log", entry, by, happened_at=at)
    return entry


def add(desk: Desk, entry: DutyEntry, by: Member, words: str) -> str:
    """Something more to an entry (已报告周县长, 结果 …): which field it went to; a result finishes it.

    Refused: duty_log_not_yours, too_long.
    """
    _check(desk, by, words)
    field, said = read_addition(words)
    before = getattr(entry, field)
    setattr(entry, field, f"{before}；{said}" if before else said)
    added = {"at": desk.now.isoformat(), "by": by.name, "field": field, "text": words}
    entry.additions = [*entry.additions, added]
    if field == "result" and entry.finished_at is None:
        entry.finished_at = desk.now
    desk.session.add(entry)
    _note(desk, "duty_log_added", entry, by, field=field)
    return field


def finish(desk: Desk, entry: DutyEntry, by: Member) -> None:
    """Nothing more is to be done about an entry. Refused: duty_log_not_yours, duty_log_finished."""
    _check(desk, by, "")
    if entry.finished_at is not None:
        raise Refused("duty_log_finished")
    entry.finished_at = desk.now
    entry.result = entry.result or "已办毕"
    added = {"at": desk.now.isoformat(), "by": by.name, "field": "result", "text": "已办毕"}
    entry.additions = [*entry.additions, added]
    desk.session.add(entry)
    _note(desk, "duty_log_finished", entry, by)


def became(desk: Desk, entry: DutyEntry, by: Member, matter: Matter) -> None:
    """An entry was reported as an emergency: it says under which number. Refused: duty_log_became."""
    if before := reported_as(entry):
        raise Refused("duty_log_became", words=before)
    words = f"{_BECAME}{matter.register_no}"
    entry.told = f"{entry.told}；{words}" if entry.told else words
    added = {"at": desk.now.isoformat(), "by": by.name, "field": "told", "text": words}
    entry.additions = [*entry.additions, added]
    desk.session.add(entry)
    _note(desk, "duty_log_added", entry, by, field="told")


def reported_as(entry: DutyEntry) -> str | None:
    """已报快报 急〔2026〕1号, once it was."""
    found = (str(one["text"]) for one in entry.additions if str(one["text"]).startswith(_BECAME))
    return next(found, None)


def facts(desk: Desk, entry: DutyEntry) -> dict[str, Any]:
    """An entry as its card shows it."""
    by = people.member(entry.member_id, session=desk.session)
    late = entry.recorded_at - entry.happened_at >= timedelta(minutes=5)
    return {
        "id": entry.id,
        "day": entry.day.isoformat(),
        "number": entry.number,
        "at": entry.happened_at.isoformat(),
        "recorded": entry.recorded_at.isoformat() if late else None,
        "by": by.name,
        "caller": _caller(entry),
        "content": entry.content,
        "told": entry.told,
        "instruction": entry.instruction,
        "result": entry.result,
        "finished": entry.finished_at is not None,
        "additions": [one for one in entry.additions if one["field"] != "content"],
    }


def paper(desk: Desk, day: date) -> DutyLog:
    """A day's log as the paper takes it."""
    on = on_duty(desk, change_over(desk, day))
    rows = tuple(_row(desk, entry) for entry in duty.entries(day, session=desk.session))
    lines = (duty.hand_over(one, session=desk.session) for one in (day, day + timedelta(days=1)))
    posts = duty_notices.posts_facts(on, phones=False)
    return DutyLog(
        office=room(desk) or desk.policy.duty.room,
        day=day,
        change_over=f"{desk.policy.duty.change_over:%H:%M}",
        people=tuple(f"{one['post']}：{one['name'] or '—'}" for one in posts),
        rows=rows,
        hand_over=tuple(_signed(desk, row) for row in lines if row is not None),
        written_at=desk.now,
    )


def _row(desk: Desk, entry: DutyEntry) -> LogRow:
    at = desk.calendar.local(entry.happened_at)
    next_day = at.date() != entry.day
    return LogRow(
        at=f"{'次日' if next_day else ''}{at:%H:%M}",
        caller=_caller(entry),
        content=entry.content,
        told=entry.told or "",
        instruction=entry.instruction or "",
        result=entry.result or "",
        by=people.member(entry.member_id, session=desk.session).name,
    )


def _caller(entry: DutyEntry) -> str:
    return " ".join(part for part in (entry.unit, entry.person, entry.phone) if part)


def _signed(desk: Desk, row: DutyHandOver) -> str:
    """交接班 11月25日：韩冰 08:41 签交班，李文博 08:45 签接班，移交 2 项。…"""
    ids = [i for i in (row.outgoing_id, row.incoming_id) if i is not None]
    names = people.with_ids(ids, session=desk.session)
    parts = []
    for who, at, what in (
        (row.outgoing_id, row.outgoing_signed_at, "交班"),
        (row.incoming_id, row.incoming_signed_at, "接班"),
    ):
        if who is not None:
            when = f"{desk.calendar.local(at):%H:%M} 签{what}" if at else f"未签{what}"
            parts.append(f"{names[who].name} {when}")
    remark = f"交班说明：{row.remark}。" if row.remark else ""
    items = "".join(f"{i}. {one['label']} {one['text']}。" for i, one in enumerate(row.items, 1))
    day = f"{row.day.month}月{row.day.day}日"
    count = f"，移交 {len(row.items)} 项" if row.outgoing_signed_at else ""
    return f"{day}交接班：{'，'.join(parts)}{count}。{items}{remark}"


def _check(desk: Desk, by: Member, words: str) -> None:
    if not may_write(desk, by):
        raise Refused("duty_log_not_yours")
    if len(words) > TEXT_LIMIT:
        raise Refused("too_long", field="值班记录", limit=TEXT_LIMIT, length=len(words))


def _note(
    desk: Desk, act: str, entry: DutyEntry, by: Member, happened_at: datetime | None = None, **more: Any
) -> None:
    journal.write(
        act,
        now=desk.now,
        session=desk.session,
        member_id=by.id,
        happened_at=happened_at,
        entry=entry.id,
        **more,
    )
