"""Who has not answered a meeting's notice is reminded; who cannot be reached is said at once (M7)."""

from __future__ import annotations

from office import cards, post
from office.desk import Desk
from office.meetings import clocks, notice
from storage import clocks as rows
from storage import matters, meetings, outbox, people
from storage.models import Clock, Invitation, Matter, Member


def chase(desk: Desk, row: Clock) -> None:
    """Whoever has not answered is reminded; at last the organiser gets the list with telephones."""
    matter = matters.matter(row.matter_id or 0, session=desk.session)
    if row.about_id != matter.details["round"] or (
        matter.state != "open" and matter.details.get("outcome") != "cancelled"
    ):
        return
    invited = meetings.invitations(matter.id or 0, session=desk.session)
    silent = [one for one in invited if one.answer == "waiting"]
    for one in silent:
        _chase(desk, matter, one)
    undecided = [one for one in invited if one.answer in ("waiting", "received")]
    if undecided and matter.state == "open" and _is_last(desk, matter, row):
        notice.tell_organiser(
            desk,
            matter,
            "meeting.silent",
            rows=[notice.reach(desk, one) for one in undecided],
            unreached=False,
        )


def _is_last(desk: Desk, matter: Matter, row: Clock) -> bool:
    waiting = rows.of_kind(matter.id or 0, clocks.CHASE, session=desk.session)
    return all(one.id == row.id for one in waiting)


def _chase(desk: Desk, matter: Matter, one: Invitation) -> None:
    member = people.member(one.member_id, session=desk.session) if one.member_id else None
    if member is None or one.told_at is None:
        return
    _take_away(desk, matter, member)
    post.to_member(
        desk,
        member,
        "meeting.chase",
        kind="chase",
        matter=matter,
        buttons=notice.buttons(matter, one),
        reply_to_card=one.card_id,
        **notice.facts(desk, matter),
    )
    notice.note(desk, matter, "meeting_chased", None, to=one.name)


def _take_away(desk: Desk, matter: Matter, member: Member) -> None:
    """One reminder of a notice stands, the latest."""
    for card in matters.standing_cards(matter.id or 0, kinds=["chase"], session=desk.session):
        if card.member_id == member.id:
            card.standing = False
            level = post.priority(desk, matter)
            outbox.enqueue_delete(card, now=desk.now, priority=level, session=desk.session)


def unreached(desk: Desk, row: Clock) -> None:
    """Somebody's notice was refused for good: the organiser is told at once, with a telephone."""
    one = meetings.invitation(row.about_id or 0, session=desk.session)
    if one is None or one.answer != "waiting":
        return
    matter = matters.matter(one.matter_id, session=desk.session)
    one.told_at = None
    desk.session.add(one)
    notice.say_unreached(desk, matter, [one])
    cards.refresh(desk, matter)
