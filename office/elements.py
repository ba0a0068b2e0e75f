"""The elements 要素 of an emergency: what is known, what is still to be asked, what came with it."""

from __future__ import annotations

from datetime import datetime

from office import cards, emergency, move
from office.desk import Desk
from rules import emergency as rules
from rules import emergency_facts as facts
from storage import emergencies
from storage.models import File, Matter, Member


def learn(
    desk: Desk, matter: Matter, key: str, text: str, by: Member | None, at: datetime | None = None
) -> None:
    """Keep what is known of an element; what was known before stays in the journal."""
    element = desk.policy.emergency.element(key)
    words = move.check_words(text)
    known = matter.details["known"] | {key: {"text": words, "at": at.isoformat() if at else None}}
    matter.details = matter.details | {"known": known}
    desk.session.add(matter)
    emergency.note(desk, matter, "learned", by, element=element.name, words=words)
    cards.refresh(desk, matter)


def skip(desk: Desk, matter: Matter, key: str) -> None:
    """Not asked again; it stays open."""
    skipped = [*matter.details.get("skipped", ()), key]
    matter.details = matter.details | {"skipped": skipped}
    desk.session.add(matter)


def to_ask(desk: Desk, matter: Matter) -> rules.Element | None:
    """The next element to ask for; None when all are known or were skipped."""
    skipped = matter.details.get("skipped", ())
    lacking = rules.missing(desk.policy.emergency.elements, matter.details["known"])
    return next((one for one in lacking if one.key not in skipped), None)


def locate(desk: Desk, matter: Matter, latitude: float, longitude: float, by: Member) -> None:
    """A place that was sent: kept, and the answer to where, if nothing better is known."""
    matter.details = matter.details | {"point": [latitude, longitude]}
    emergency.note(desk, matter, "attached", by, what="位置", words=f"：{latitude:.5f}，{longitude:.5f}")
    if "place" not in matter.details["known"]:
        learn(desk, matter, "place", f"北纬{latitude:.4f}°、东经{longitude:.4f}°", by)
    cards.refresh(desk, matter)


def attach(
    desk: Desk, matter: Matter, name: str, mime: str, size: int, file_id: str, by: Member, words: str = ""
) -> None:
    """A picture or recording that came with it, and what was written under it; Telegram keeps its content."""
    file = File(
        matter_id=matter.id,
        name=name,
        mime=mime,
        size=size,
        sha256="",
        telegram_file_id=file_id,
        added_by=by.id,
        added_at=desk.now,
    )
    desk.session.add(file)
    emergency.note(desk, matter, "attached", by, what=name, words=f"：{words}" if words else "")
    cards.refresh(desk, matter)


def recent_of(desk: Desk, member: Member) -> Matter | None:
    """The emergency that a picture or place sent now by somebody belongs to."""
    since = desk.now - rules.span(desk.policy.emergency.attach_within)
    return emergencies.last_of(member.id or 0, since=since, session=desk.session)


def alike(desk: Desk, matter: Matter) -> list[Matter]:
    """Open emergencies that look like the same event, the newest first."""
    nearby = desk.policy.emergency.nearby
    since = desk.now - rules.span(nearby.within)
    others = emergencies.running(since=since, session=desk.session)
    return [
        one
        for one in others
        if one.id != matter.id
        and rules.looks_like(nearby, place_of(matter), place_of(one), _point(matter), _point(one))
    ]


def suggested(desk: Desk, matter: Matter) -> tuple[rules.Level, str] | None:
    """The level that casualties and loss suggest, and by what; it is never set by itself."""
    known = _said(matter)
    return desk.policy.emergency.suggested(
        known.get("casualties", ""), known.get("loss", ""), matter.details.get("level")
    )


def sensitive(desk: Desk, matter: Matter) -> tuple[str, ...]:
    """Why it is to be reported whatever its level: sensitive place, people, time."""
    rule = desk.policy.emergency
    day = desk.calendar.local(matter.received_at).date()
    return facts.sensitive(rule.sensitive, rule.clues, matter.remark or "", _said(matter), day)


def _said(matter: Matter) -> dict[str, str]:
    return {key: str(one["text"]) for key, one in matter.details["known"].items()}


def place_of(matter: Matter) -> str | None:
    """Where it happened, as it was said."""
    place = matter.details["known"].get("place")
    return str(place["text"]) if place else None


def _point(matter: Matter) -> tuple[float, float] | None:
    point = matter.details.get("point")
    return (float(point[0]), float(point[1])) if point else None
