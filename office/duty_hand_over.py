"""The hand-over 交接班 (E6): open items listed, remarks, signed by who leaves, then by who relieves him."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from office import duty_notices, post
from office.desk import Desk, Refused
from office.duty import after, change_over, on_duty, room
from storage import duty, journal, people
from storage.models import Clock, DutyHandOver, Member
from storage.outbox import URGENT

REMIND, LEADER = "duty_sign", "duty_sign_leader"
"""the clocks of a hand-over that is not signed"""
SHOWN = 20
REMARK_LIMIT = 1000


def begin(desk: Desk, day: date) -> DutyHandOver | None:
    """The hand-over at the change-over of a day; None where nobody changes."""
    start = change_over(desk, day)
    outgoing, incoming = on_duty(desk, start - timedelta(seconds=1)).first, on_duty(desk, start).first
    unchanged = outgoing is not None and incoming is not None and outgoing.id == incoming.id
    if unchanged or (outgoing is None and incoming is None):
        return None
    if duty.hand_over(day, session=desk.session) is not None:
        return None
    row = DutyHandOver(
        day=day,
        outgoing_id=outgoing.id if outgoing else None,
        incoming_id=incoming.id if incoming else None,
        began_at=desk.now,
    )
    desk.session.add(row)
    desk.session.flush()
    if outgoing is not None:
        _ask_outgoing(desk, row, outgoing)
    elif incoming is not None:
        row.items = open_items(desk)
        _ask_incoming(desk, row, incoming)
    for kind, span in ((REMIND, desk.policy.duty.sign_reminder), (LEADER, desk.policy.duty.sign_leader)):
        desk.session.add(Clock(kind=kind, about_id=row.id, at=after(desk, span, desk.now)))
    return row


def open_items(desk: Desk) -> list[dict[str, str]]:
    """What is still open: emergencies, matters of the duty room, entries of the log without a result."""
    return [*_matters(desk), *_entries(desk)]


def _matters(desk: Desk) -> list[dict[str, str]]:
    found = duty.open_matters(room(desk), session=desk.session)
    return [{"label": one.register_no, "text": one.title} for one in found]


def _entries(desk: Desk) -> list[dict[str, str]]:
    found = duty.unfinished(session=desk.session)
    return [
        {"label": f"{desk.calendar.local(one.happened_at):%m-%d %H:%M}", "text": one.content} for one in found
    ]


def facts(desk: Desk, row: DutyHandOver) -> dict[str, Any]:
    """How a hand-over stands; the items are those of now until the outgoing one has signed."""
    ids = [i for i in (row.outgoing_id, row.incoming_id) if i is not None]
    names = people.with_ids(ids, session=desk.session)
    signed = row.outgoing_signed_at is not None or row.outgoing_id is None
    items = row.items if signed else open_items(desk)
    return {
        "day": row.day.isoformat(),
        "outgoing": names[row.outgoing_id].name if row.outgoing_id else None,
        "incoming": names[row.incoming_id].name if row.incoming_id else None,
        "items": items[:SHOWN],
        "total": len(items),
        "remark": row.remark,
        "outgoing_at": row.outgoing_signed_at.isoformat() if row.outgoing_signed_at else None,
        "incoming_at": row.incoming_signed_at.isoformat() if row.incoming_signed_at else None,
    }


def outgoing_buttons(row: DutyHandOver) -> list[list[list[Any]]]:
    """What the one who leaves may press until he has signed."""
    return [[["duty_remark", row.id, "✏️ 写交班说明"], ["duty_sign", row.id, "✍️ 签交班"]]]


def remark(desk: Desk, row: DutyHandOver, by: Member, words: str) -> None:
    """What the outgoing one adds. Refused duty_not_outgoing, duty_signed, too_long."""
    check_outgoing(desk, row, by)
    if len(words) > REMARK_LIMIT:
        raise Refused("too_long", field="交班说明", limit=REMARK_LIMIT, length=len(words))
    row.remark = words
    desk.session.add(row)


def sign_out(desk: Desk, row: DutyHandOver, by: Member) -> None:
    """The outgoing one signs: the items are fixed, and who relieves him is asked to sign.

    Refused duty_not_outgoing, duty_signed.
    """
    check_outgoing(desk, row, by)
    row.items, row.outgoing_signed_at = open_items(desk), desk.now
    desk.session.add(row)
    _note(desk, "duty_handed_over", row, by, items=len(row.items))
    if row.incoming_id is not None:
        _ask_incoming(desk, row, people.member(row.incoming_id, session=desk.session))


def sign_in(desk: Desk, row: DutyHandOver, by: Member) -> None:
    """Who relieves him signs; nobody leaves before. Refused duty_not_incoming, duty_signed, duty_not_yet."""
    if by.id != row.incoming_id:
        raise Refused("duty_not_incoming", **facts(desk, row))
    if row.incoming_signed_at is not None:
        raise Refused("duty_signed", **facts(desk, row))
    if row.outgoing_id is not None and row.outgoing_signed_at is None:
        raise Refused("duty_not_yet", **facts(desk, row))
    row.incoming_signed_at = desk.now
    desk.session.add(row)
    _note(desk, "duty_taken_over", row, by, items=len(row.items))
    if row.outgoing_id is not None:
        outgoing = people.member(row.outgoing_id, session=desk.session)
        duty_notices.note(desk, outgoing, "duty.relieved", **facts(desk, row))


def remind(desk: Desk, hand_over_id: int) -> None:
    """Half an hour on: whose signature is missing is reminded."""
    row = desk.session.get_one(DutyHandOver, hand_over_id)
    member = _missing(desk, row)
    if member is None:
        return
    leaving = member.id == row.outgoing_id
    buttons = outgoing_buttons(row) if leaving else _incoming_buttons(row)
    wording = "duty.hand_over" if leaving else "duty.take_over"
    shown = facts(desk, row) | {"again": True}
    post.to_member(desk, member, wording, kind="note", buttons=buttons, priority_=URGENT, **shown)


def tell_leader(desk: Desk, hand_over_id: int) -> None:
    """An hour on: the duty leader is told whose signature is missing."""
    row = desk.session.get_one(DutyHandOver, hand_over_id)
    member = _missing(desk, row)
    if member is None:
        return
    leader = on_duty(desk, desk.now).leader
    told = [leader] if leader else people.with_role("director", session=desk.session)[:1]
    for one in told:
        shown = facts(desk, row) | {"missing": member.name, "phone": member.phone}
        post.to_member(
            desk, one, "duty.unsigned", kind="note", cause=f"duty:unsigned:{row.id}:{one.id}", **shown
        )
    _note(desk, "duty_unsigned", row, None, missing=member.name)


def _missing(desk: Desk, row: DutyHandOver) -> Member | None:
    """Whose turn it is to sign."""
    if row.outgoing_id is not None and row.outgoing_signed_at is None:
        return people.member(row.outgoing_id, session=desk.session)
    if row.incoming_id is not None and row.incoming_signed_at is None:
        return people.member(row.incoming_id, session=desk.session)
    return None


def check_outgoing(desk: Desk, row: DutyHandOver, by: Member) -> None:
    """Refuses whoever is not leaving, and what is signed."""
    if by.id != row.outgoing_id:
        raise Refused("duty_not_outgoing", **facts(desk, row))
    if row.outgoing_signed_at is not None:
        raise Refused("duty_signed", **facts(desk, row))


def _ask_outgoing(desk: Desk, row: DutyHandOver, outgoing: Member) -> None:
    shown = facts(desk, row) | {"again": False}
    cause = f"duty:out:{row.id}"
    post.to_member(
        desk, outgoing, "duty.hand_over", kind="note", cause=cause, buttons=outgoing_buttons(row), **shown
    )


def _ask_incoming(desk: Desk, row: DutyHandOver, incoming: Member) -> None:
    shown = facts(desk, row) | {"again": False}
    cause = f"duty:in:{row.id}"
    post.to_member(
        desk, incoming, "duty.take_over", kind="note", cause=cause, buttons=_incoming_buttons(row), **shown
    )


def _incoming_buttons(row: DutyHandOver) -> list[list[list[Any]]]:
    return [[["duty_take", row.id, "✍️ 签接班"]]]


def _note(desk: Desk, act: str, row: DutyHandOver, by: Member | None, **more: Any) -> None:
    journal.write(
        act,
        now=desk.now,
        session=desk.session,
        member_id=by.id if by else None,
        hand_over=row.id,
        day=row.day.isoformat(),
        **more,
    )
