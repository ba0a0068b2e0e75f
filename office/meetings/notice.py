"""The notice of a meeting and what is answered to it (rules.md M7): told, confirmed, replaced, silent."""

from __future__ import annotations

from typing import Any

from office import absence, bearings, cards, move, post
from office.desk import Desk, Refused
from office.meetings import clocks
from storage import journal, matters, meetings, outbox, people
from storage.models import Card, Invitation, Matter, Member, Outbox

ANSWERS = {"attends": "参加", "received": "已收到", "replaced": "请假", "waiting": "未答复"}


def list_invited(desk: Desk, matter: Matter) -> None:
    """Write down whom a meeting concerns: the host, persons, then units, each once; who is there stays."""
    known = meetings.invitations(matter.id or 0, session=desk.session)
    asked = {one.member_id for one in known if one.member_id}
    there = {one.name for one in known}
    named: list[tuple[str, str | None, Member | None]] = []
    for name in dict.fromkeys(filter(None, (matter.details.get("host"), *matter.scope))):
        named.append((name, None, people.by_name(name, session=desk.session)))
    for unit in matter.units:
        named.append((unit, unit, bearings.head_of(desk, unit)))
    named += [(name, None, None) for name in matter.details.get("others", ())]
    for place, (name, asked_unit, member) in enumerate(named):
        if name in there or (member is not None and member.id in asked):
            continue
        answers, away = acting(desk, member, matter) if member else (None, None)
        asked |= {answers.id} if answers and answers.id else set()
        row = Invitation(matter_id=matter.id or 0, name=name, unit=asked_unit, place=len(known) + place)
        row.member_id, row.for_id = answers.id if answers else None, away.id if away else None
        desk.session.add(row)
    desk.session.flush()


def acting(desk: Desk, owner: Member, matter: Matter) -> tuple[Member, Member | None]:
    """Who answers for somebody who will be away when it is held, or is away now; and for whom (P1)."""
    assert matter.event_at is not None
    found, away = absence.who_acts(desk, owner, matter.event_at)
    return (found, away) if away else absence.who_acts(desk, owner, desk.now)


def send(desk: Desk, matter: Matter, by: Member) -> None:
    """Issue the notice; its step ends. Refused: mt_over, mt_not_approved, mt_noticed, mt_not_yours."""
    check(desk, matter, by)
    if matter.details.get("noticed"):
        raise Refused("mt_noticed", register_no=matter.register_no)
    running = {step.key: step for step in matters.open_steps(matter.id or 0, session=desk.session)}
    if "approve" in running:
        raise Refused("mt_not_approved", register_no=matter.register_no)
    if "notice" in running:
        move.end(desk, matter, running["notice"], by, "已发通知")
    matter.details = matter.details | {"noticed": True}
    tell_everybody(desk, matter, by, "noticed")


def check(desk: Desk, matter: Matter, by: Member) -> None:
    """Refuses whoever has no part in organising it, and what is over."""
    if matter.state != "open":
        raise Refused("mt_over", register_no=matter.register_no, result=matter.result)
    if not organises(desk, matter, by):
        organiser = people.member(matter.handler_id or matter.registrar_id, session=desk.session)
        raise Refused("mt_not_yours", register_no=matter.register_no, organiser=organiser.name)


def organises(desk: Desk, matter: Matter, member: Member) -> bool:
    """Whether somebody organises it: who called it, his section, whoever checks something, the directors."""
    own = member.id in (matter.handler_id, matter.registrar_id)
    named = member.name in matter.details["holders"].values()
    unit = member.unit == matter.section and desk.policy.may(member.roles, "register")
    return own or named or unit or bool({"director", "deputy_director"} & set(member.roles))


def tell_everybody(desk: Desk, matter: Matter, by: Member | None, act: str) -> None:
    """A new round: everybody is told and asked for an answer; who cannot be reached is said at once."""
    number = int(matter.details["round"]) + 1
    matter.details = matter.details | {"round": number}
    desk.session.add(matter)
    invited = meetings.invitations(matter.id or 0, session=desk.session)
    lacking = [one for one in invited if not tell(desk, matter, one, number)]
    note(desk, matter, act, by, round=number, told=[one.name for one in invited if one not in lacking])
    if lacking:
        say_unreached(desk, matter, lacking)
    clocks.set_chase(desk, matter)
    cards.refresh(desk, matter)


def tell(desk: Desk, matter: Matter, one: Invitation, number: int) -> bool:
    """The notice as a card that shows his own answer; what stood before says that it is no longer so."""
    retire(desk, matter, one)
    one.round, one.answer, one.answered_at, one.phoned_by = number, "waiting", None, None
    member = people.member(one.member_id, session=desk.session) if one.member_id else None
    card = post.to_member(desk, member, "invite", kind="invite", matter=matter) if member else None
    one.card_id, one.told_at = card, desk.now if card is not None else None
    desk.session.add(one)
    desk.session.flush()
    _tell_substitute(desk, matter, one)
    return card is not None


def retire(desk: Desk, matter: Matter, one: Invitation, to: str | None = None) -> None:
    """The notice that stands says that it is no longer so: a new one follows, or `to` answers it."""
    card = desk.session.get(Card, one.card_id) if one.card_id else None
    if card is None:
        return
    card.standing, one.card_id = False, None
    if card.message_id is None and outbox.withdraw(card.id, session=desk.session):
        return
    message = Outbox(
        op="edit",
        chat_id=card.chat_id,
        member_id=card.member_id,
        card_id=card.id,
        priority=post.priority(desk, matter),
        wording="meeting.outdated",
        facts={"register_no": matter.register_no, "title": matter.title, "to": to, "buttons": []},
        created_at=desk.now,
    )
    desk.session.add(message)


def _tell_substitute(desk: Desk, matter: Matter, one: Invitation) -> None:
    """Who comes instead, where the office knows him."""
    known = people.by_name(one.substitute, session=desk.session) if one.substitute else None
    if known is not None and known.id != one.member_id:
        post.to_member(
            desk,
            known,
            "meeting.instead",
            kind="note",
            matter=matter,
            buttons=[[["details", matter.id]]],
            instead_of=one.name,
            **facts(desk, matter),
        )


def facts(desk: Desk, matter: Matter) -> dict[str, Any]:
    """What a notice says of a meeting; instants as ISO strings."""
    details = matter.details
    return {
        "register_no": matter.register_no,
        "title": matter.title,
        "at": matter.event_at.isoformat() if matter.event_at else None,
        "ends": matter.event_ends_at.isoformat() if matter.event_ends_at else None,
        "place": details.get("place"),
        "host": details.get("host"),
        "agenda": details.get("agenda", []),
        "cancelled": matter.result if details.get("outcome") == "cancelled" else None,
        "changes": details.get("changes", []),
    }


# --- answers ----------------------------------------------------------------------------------------


def own(desk: Desk, invitation_id: int, by: Member) -> tuple[Invitation, Matter]:
    """An invitation that a member may answer: his own, or his unit's. Refused: button_unknown, mt_over."""
    one = meetings.invitation(invitation_id, session=desk.session)
    if one is None or not (by.id in (one.member_id, one.for_id) or (one.unit and one.unit == by.unit)):
        raise Refused("button_unknown")
    matter = matters.matter(one.matter_id, session=desk.session)
    if matter.state != "open" and matter.details.get("outcome") != "cancelled":
        raise Refused("mt_over", register_no=matter.register_no, result=matter.result)
    return one, matter


def answer(
    desk: Desk, invitation_id: int, by: Member, said: str, *, substitute: str = "", reason: str = ""
) -> Matter:
    """参加, 已收到, or 请假 with who comes instead; the same again changes nothing.

    Refused: mt_substitute_missing, mt_over, button_unknown.
    """
    one, matter = own(desk, invitation_id, by)
    if said == "replaced" and not substitute:
        raise Refused("mt_substitute_missing", register_no=matter.register_no)
    if matter.state != "open":
        said = "received"
    if (one.answer, one.substitute or "") == (said, substitute) or _knows_already(one, said):
        return matter
    one.answer, one.answered_at = said, desk.now
    one.substitute, one.reason = substitute or None, reason or None
    desk.session.add(one)
    note(desk, matter, "meeting_answered", by, to=one.name, said=in_words(one), words=reason or None)
    _tell_substitute(desk, matter, one)
    if said == "replaced":
        tell_organiser(
            desk, matter, "meeting.excused", name=one.name, by=by.name, substitute=substitute, reason=reason
        )
    _refresh(desk, matter, one)
    return matter


def in_words(one: Invitation) -> str:
    """An answer as it is said: 参加, 请假，由 张建国 代."""
    return f"请假，由 {one.substitute} 代" if one.answer == "replaced" else ANSWERS[one.answer]


def _knows_already(one: Invitation, said: str) -> bool:
    """已收到 after 参加 or 请假 says nothing new."""
    return said == "received" and one.answer in ("attends", "replaced")


def _refresh(desk: Desk, matter: Matter, one: Invitation) -> None:
    """The list, and his own notice; not those of the others."""
    cards.refresh(desk, matter)
    card = desk.session.get(Card, one.card_id) if one.card_id else None
    if card is not None and card.standing:
        outbox.enqueue_edit(card, priority=post.priority(desk, matter), now=desk.now, session=desk.session)


def tell_organiser(desk: Desk, matter: Matter, wording: str, **facts: Any) -> None:
    """A word to whoever organises it."""
    organiser = people.member(matter.handler_id or matter.registrar_id, session=desk.session)
    post.to_member(
        desk,
        organiser,
        wording,
        kind="note",
        matter=matter,
        buttons=[[["details", matter.id]]],
        register_no=matter.register_no,
        title=matter.title,
        **facts,
    )


def named(desk: Desk, matter: Matter, names: list[str]) -> list[Invitation]:
    """The invitations of these units and persons."""
    invited = meetings.invitations(matter.id or 0, session=desk.session)
    ids = {one.id for one in people.named(names, session=desk.session)}
    return [one for one in invited if one.name in names or (one.member_id in ids and one.member_id)]


def phoned(
    desk: Desk, matter: Matter, by: Member, one: Invitation, *, attends: bool, substitute: str = ""
) -> None:
    """已电话通知: the organiser told somebody by telephone; what he answered, if he did."""
    if not organises(desk, matter, by):
        check(desk, matter, by)
    one.answer = "replaced" if substitute else "attends" if attends else "received"
    one.answered_at, one.phoned_by, one.substitute = desk.now, by.id, substitute or one.substitute
    desk.session.add(one)
    note(desk, matter, "meeting_phoned", by, to=one.name, said=in_words(one))
    _refresh(desk, matter, one)


def resend(desk: Desk, member: Member) -> None:
    """Somebody can be reached again: the notices that did not arrive go out to him."""
    for matter in meetings.running(session=desk.session):
        for one in meetings.invitations(matter.id or 0, session=desk.session):
            lost = one.round and one.told_at is None and one.answer == "waiting"
            if lost and one.member_id == member.id:
                tell(desk, matter, one, one.round)
                cards.refresh(desk, matter)


def buttons(matter: Matter, one: Invitation) -> list[list[list[Any]]]:
    """What may be answered to the notice as it stands."""
    if matter.state != "open":
        return [[["mt_got", one.id, "👌 已收到"]]] if one.answer == "waiting" else []
    rows = [[["mt_yes", one.id, "✅ 参加"], ["mt_no", one.id, "🙋 请假"]]]
    if one.answer == "waiting":
        rows[0].append(["mt_got", one.id, "👌 已收到"])
    return rows


def say_unreached(desk: Desk, matter: Matter, lacking: list[Invitation]) -> None:
    """The organiser is told whom the notice does not reach, with telephones."""
    note(desk, matter, "meeting_unreached", None, to=[one.name for one in lacking])
    tell_organiser(desk, matter, "meeting.silent", rows=[reach(desk, one) for one in lacking], unreached=True)


def reach(desk: Desk, one: Invitation) -> dict[str, Any]:
    """Who is to be called, at which telephone, and what he has answered."""
    member = people.member(one.member_id, session=desk.session) if one.member_id else None
    return {
        "name": one.name,
        "who": member.name if member and member.name != one.name else None,
        "phone": member.phone if member else None,
        "answer": ANSWERS[one.answer],
    }


def note(desk: Desk, matter: Matter, act: str, by: Member | None, **facts: Any) -> None:
    """An entry in the journal of a meeting."""
    journal.write(
        act,
        now=desk.now,
        session=desk.session,
        member_id=by.id if by else None,
        matter_id=matter.id,
        **facts,
    )
