"""What became of a message: sent, or refused for good; then the ladder goes on to the next person at once."""

from __future__ import annotations

from office import instruct, post
from office.desk import Desk
from office.meetings.clocks import set_unreached
from storage import matters, meetings, outbox, people
from storage.models import Card, Clock, Outbox

_NOT_SENT = "alert.not_sent"


def sent(desk: Desk, row_id: int, message_id: int | None, shown: str) -> None:
    """Note a message as sent; its card stands as this message from now on.

    Where another program took over and sent it too, its note stands.
    """
    row = desk.session.get_one(Outbox, row_id, with_for_update=True)
    if row.state == "sent":
        return
    outbox.note(row_id, state="sent", sent_at=desk.now, error=None, session=desk.session)
    card = desk.session.get(Card, row.card_id) if row.card_id else None
    if card is not None and row.op != "delete":
        card.message_id = message_id or card.message_id
        card.shown = shown


def refused(desk: Desk, row_id: int, cause: str, detail: str) -> None:
    """Note a message as refused for good (blocked, gone, bad); who cannot be reached is marked so.

    A card or a ring that did not arrive makes the step's ladder ring its next rung at once. One that is bad
    is our own fault: the administrators are told. What is noted already stands: it rings once, though the
    answer to the first commit be lost.
    """
    row = desk.session.get_one(Outbox, row_id, with_for_update=True)
    if row.state in ("sent", "failed"):
        return
    outbox.note(row_id, state="failed", error=f"{cause}: {detail}"[:200], session=desk.session)
    card = desk.session.get(Card, row.card_id) if row.card_id else None
    if card is not None:
        card.standing = False
    if cause in ("blocked", "gone") and row.member_id and row.chat_id > 0:
        people.member(row.member_id, session=desk.session).reach = "blocked"
    if row.op == "send" and card is not None and card.kind == "invite":
        _notice_refused(desk, card)
    if cause == "bad" and row.wording != _NOT_SENT:
        _report(desk, row_id, detail)
    if row.op != "send" or card is None or not card.step_id:
        return
    if card.kind in ("order", "chase"):
        desk.session.add(
            Clock(
                kind=instruct.UNREACHED,
                matter_id=card.matter_id,
                step_id=card.step_id,
                about_id=card.member_id,
                at=desk.now,
            )
        )
    elif card.kind in ("holder", "reminder", "alert"):
        row.cause = None  # it was not told: the same cause may be told to him once he is back
        place = int(row.facts.get("rung", -1)) + 1
        clock = Clock(
            kind="unreached", place=place, matter_id=card.matter_id, step_id=card.step_id, at=desk.now
        )
        desk.session.add(clock)


def _notice_refused(desk: Desk, card: Card) -> None:
    """The notice of a meeting did not arrive: whoever organises it is told at once (M7)."""
    found = meetings.with_card(card.id or 0, session=desk.session)
    if found is not None and found.id is not None:
        set_unreached(desk, matters.matter(found.matter_id, session=desk.session), found.id)


def _report(desk: Desk, row_id: int, detail: str) -> None:
    for admin in people.with_role("admin", session=desk.session):
        cause = f"not_sent:{row_id}:{admin.id}"
        post.to_member(desk, admin, _NOT_SENT, kind="note", cause=cause, row=row_id, error=detail[:80])
