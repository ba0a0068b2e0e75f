"""A bulletin that waits for its signature has a limit and a ladder, as other papers have (V8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import update
from sqlmodel import col

from office import absence, post, recurring
from office.desk import Desk
from rules.limits import due
from storage import clocks, people
from storage.models import Bulletin, Clock, Member

REMIND, DUE, OVERDUE, RUNG = (f"bulletin_{kind}" for kind in ("remind", "due", "overdue", "rung"))


def begin(desk: Desk, bulletin: Bulletin) -> None:
    """It is with its signer: the limit and what rings for it."""
    rule = desk.policy.supervision.bulletin
    end(desk, bulletin)
    bulletin.due_at = due(rule.sign, desk.now, desk.calendar, "office").at
    rings = desk.rings(desk.policy.ladders[rule.ladder], desk.now, bulletin.due_at, "office")
    rows = ((f"bulletin_{ring.kind}", ring.place, ring.at) for ring in rings)
    clocks.keep(rows, about_id=bulletin.id, session=desk.session)


def end(desk: Desk, bulletin: Bulletin) -> None:
    """It was signed, sent back or taken back: nothing rings any more."""
    bulletin.due_at = None
    pending = update(Clock).where(
        col(Clock.kind).in_([REMIND, DUE, OVERDUE, RUNG]),
        col(Clock.about_id) == bulletin.id,
        col(Clock.state) == "pending",
    )
    desk.session.connection().execute(pending.values(state="cancelled", fired_at=desk.now))


def may_sign(desk: Desk, bulletin: Bulletin, by: Member) -> bool:
    """Its signer; who acts for him while he is away; his stand-in once the limit is over."""
    signer = people.member(bulletin.signer_id or 0, session=desk.session)
    late = bulletin.due_at is not None and bulletin.due_at <= desk.now
    acting = absence.who_acts(desk, signer, desk.now)[0]
    return by.id in (signer.id, acting.id) or (late and by.name == signer.stand_in)


def signing(bulletin: Bulletin) -> list[list[list[Any]]]:
    """The buttons of who signs it."""
    return [[["bulletin_sign", bulletin.id, "✅ 签发"], ["bulletin_back", bulletin.id, "↩️ 退改"]]]


def _rings(desk: Desk, row: Clock) -> None:
    """A reminder to the signer, or a rung to somebody else; the last of what is due at once only."""
    bulletin = desk.session.get_one(Bulletin, row.about_id)
    if bulletin.state != "waiting" or bulletin.due_at is None:
        return
    signer = people.member(bulletin.signer_id or 0, session=desk.session)
    acting = absence.who_acts(desk, signer, desk.now)[0]
    said: dict[str, Any] = {
        "name": bulletin.name,
        "due": bulletin.due_at.isoformat(),
        "rang": row.kind.removeprefix("bulletin_"),
        "signer": acting.name,
    }
    cause = f"{row.kind}:{row.id}"
    if row.kind != RUNG:
        buttons = signing(bulletin)
        post.to_member(desk, acting, "bulletin.reminder", kind="note", cause=cause, buttons=buttons, **said)
        return
    author = people.member(bulletin.author_id, session=desk.session)
    reached = recurring.above(
        desk, signer, acting, desk.policy.supervision.bulletin.ladder, row.place, registrar=author.name
    )
    if reached is None:
        return
    to, buttons = reached.member, []
    if may_sign(desk, bulletin, to):
        buttons = signing(bulletin)
    elif to.id == author.id:
        buttons = [[["bulletin_withdraw", bulletin.id, "↶ 撤回修改"]]]
    said["post"] = reached.post
    post.to_member(desk, to, "bulletin.rung", kind="note", cause=cause, buttons=buttons, **said)


CLOCKS: dict[str, Callable[[Desk, Clock], None]] = dict.fromkeys((REMIND, DUE, OVERDUE, RUNG), _rings)
"""what falls due here (office/tick.py)"""
