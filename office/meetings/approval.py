"""What exceeds a cap is approved (M5): a meeting before it is announced, a change before it counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from office import cards, hands, move, post
from office.desk import Desk, Refused
from office.meetings import caps, change, checks, notice
from rules.meetings import Over
from storage import matters, outbox, people
from storage.models import Matter, Member, Step

STEP = "approve"


def change_or_ask(
    desk: Desk, matter: Matter, by: Member, wanted: Mapping[str, Any], reason: str | None = None
) -> list[str] | None:
    """A change (at, ends, place) or a topic that joins (topic, units, people, sizes): made, or asked for.

    What changed, by name; None where it now waits for the approval. Refused: mt_grows (over) where it
    exceeds a cap and no reason is given, mt_change_waits, and as `change.change` says.
    """
    notice.check(desk, matter, by)
    if matter.details.get("wanted"):
        raise Refused("mt_change_waits", register_no=matter.register_no)
    overs = caps.with_change(desk, matter, wanted)
    grown = caps.grown(matter, overs)
    if not grown:
        return _make(desk, matter, by, wanted)
    if not reason:
        over = [caps.in_words(one._asdict()) for one in grown]
        raise Refused("mt_grows", register_no=matter.register_no, over=over)
    if any(step.key == STEP for step in matters.open_steps(matter.id or 0, session=desk.session)):
        made = _make(desk, matter, by, wanted)
        _exceeds(desk, matter, overs, reason)
        return made
    change.foresee(desk, matter, wanted)
    _ask(desk, matter, by, wanted, overs, reason)
    return None


def _make(desk: Desk, matter: Matter, by: Member, wanted: Mapping[str, Any]) -> list[str]:
    if "topic" in wanted:
        return change.merge(desk, matter, wanted, by)
    at, ends, place = (wanted.get(key) for key in ("at", "ends", "place"))
    return change.change(desk, matter, by, at=at, ends=ends, place=place)


def _exceeds(desk: Desk, matter: Matter, overs: list[Over], reason: str) -> None:
    """The caps that it now exceeds, and why: what whoever approves it sees."""
    said = {"over": [one._asdict() for one in overs], "reason": move.check_words(reason)}
    matter.details = matter.details | said
    desk.session.add(matter)
    cards.refresh(desk, matter)


def _ask(
    desk: Desk, matter: Matter, by: Member, wanted: Mapping[str, Any], overs: list[Over], reason: str
) -> None:
    kept = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in wanted.items()}
    kept |= {"by": by.id, "over": [one._asdict() for one in overs], "reason": move.check_words(reason)}
    matter.details = matter.details | {"wanted": kept}
    desk.session.add(matter)
    notice.note(desk, matter, "meeting_change_asked", by, words=reason)
    _take_away(desk, matter)
    checks.begin(desk, matter, STEP)
    cards.refresh(desk, matter)


def _take_away(desk: Desk, matter: Matter) -> None:
    """The card of who approves, from the first time: a new one is to come, which he hears."""
    approver, _ = hands.holder_for(desk, matter, move.procedure_of(desk, matter).step(STEP))
    for card in matters.standing_cards(matter.id or 0, kinds=["holder"], session=desk.session):
        if card.member_id == approver.id:
            card.standing = False
            level = post.priority(desk, matter)
            outbox.enqueue_delete(card, now=desk.now, priority=level, session=desk.session)
    desk.session.flush()


def held(desk: Desk, step_id: int, by: Member) -> tuple[Step, Matter]:
    """The approval of a meeting that `by` holds. Refused: not_holder, step_over, button_unknown."""
    step, matter, rule = move.held(desk, step_id, by, "acknowledge")
    if rule.key != STEP:
        raise Refused("button_unknown")
    return step, matter


def approve(desk: Desk, step_id: int, by: Member, *, granted: bool, reason: str = "") -> Matter:
    """The director on what exceeds a cap: granted, everybody is told; else it is not held, or not changed."""
    step, matter = held(desk, step_id, by)
    if matter.details.get("wanted"):
        _decide_change(desk, matter, step, by, granted=granted, reason=reason)
        return matter
    if not granted:
        change.cancel(desk, matter, by, f"未获批准：{move.check_words(reason)}")
        return matter
    move.end(desk, matter, step, by, "同意召开")
    organiser = people.member(matter.handler_id or matter.registrar_id, session=desk.session)
    if matter.details.get("send"):
        notice.send(desk, matter, organiser)
    sent = bool(matter.details.get("noticed"))
    notice.tell_organiser(desk, matter, "meeting.approved", by=by.name, sent=sent)
    cards.refresh(desk, matter)
    return matter


def _decide_change(desk: Desk, matter: Matter, step: Step, by: Member, *, granted: bool, reason: str) -> None:
    words = "同意变更" if granted else f"不同意变更：{move.check_words(reason)}"
    wanted = dict(matter.details["wanted"])
    matter.details = {key: value for key, value in matter.details.items() if key != "wanted"}
    desk.session.add(matter)
    move.end(desk, matter, step, by, words)
    if granted:
        asker = people.member(wanted["by"], session=desk.session)
        matter.details = matter.details | {"over": wanted["over"], "reason": wanted["reason"]}
        times = {key: datetime.fromisoformat(wanted[key]) for key in ("at", "ends") if wanted.get(key)}
        _make(desk, matter, asker, wanted | times)
    said: dict[str, Any] = {"words": words, "granted": granted, "told": bool(matter.details.get("noticed"))}
    notice.tell_organiser(desk, matter, "meeting.change_decided", by=by.name, **said)
    cards.refresh(desk, matter)
