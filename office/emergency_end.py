"""How an emergency ends: by its final report, as a false alarm, or as part of another; and its level (E4)."""

from __future__ import annotations

from typing import Any

from office import cards, emergency, move, post, running
from office.desk import Desk, Refused
from rules.emergency import Level, span
from storage import clocks, emergencies, matters, people
from storage.models import Matter, Member, Step


def end(desk: Desk, matter: Matter, by: Member, result: str, outcome: str) -> None:
    """Close it: whatever still runs ends with it. `outcome` is final, false_alarm or merged."""
    matter.state, matter.closed_at, matter.result = "closed", desk.now, result
    matter.details = matter.details | {"outcome": outcome}
    desk.session.add(matter)
    for step in matters.open_steps(matter.id or 0, session=desk.session):
        move.end(desk, matter, step, by, result, state="cancelled")
    clocks.cancel(matter_id=matter.id, session=desk.session)
    emergency.note(desk, matter, "closed", by, words=result, outcome=outcome)
    cards.refresh(desk, matter)


def false_alarm(desk: Desk, matter: Matter, reason: str, by: Member) -> None:
    """误报: closed with the reason; everybody who was told is told this too."""
    emergency.check(desk, matter, by)
    words = move.check_words(reason)
    end(desk, matter, by, f"误报：{words}", "false_alarm")
    _tell_all(desk, matter, "emergency.false_alarm", by, reason=words)


def merge(desk: Desk, matter: Matter, into: Matter, by: Member) -> list[tuple[str, str, str]]:
    """并入: two reports of one event. What only this one knows goes over; the other one's clocks run on.

    What both say differently stays as the other one has it: (element, what stays, what this one says).
    Refused: em_merge_self, em_merge_instructed (instructions stay with the emergency they were given on).
    """
    emergency.check(desk, matter, by)
    emergency.check(desk, into, by)
    if matter.id == into.id:
        raise Refused("em_merge_self", register_no=matter.register_no)
    if emergencies.instructions(matter.id or 0, session=desk.session):
        raise Refused("em_merge_instructed", register_no=matter.register_no, into=into.register_no)
    differing = _differing(desk, into.details["known"], matter.details["known"])
    known = {**matter.details["known"], **into.details["known"]}
    into.details = into.details | {"known": known, "point": into.details["point"] or matter.details["point"]}
    desk.session.add(into)
    emergency.note(desk, into, "merged_in", by, register_no=matter.register_no, words=matter.remark)
    end(desk, matter, by, f"并入 {into.register_no}", "merged")
    told = emergencies.told(matter.id or 0, session=desk.session)
    for member in people.with_ids(told, session=desk.session).values():
        emergency.tell(desk, into, member)
    cards.refresh(desk, into)
    return differing


def _differing(desk: Desk, kept: dict[str, Any], other: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What matters most, where two reports say it differently."""
    return [
        (one.name, kept[one.key]["text"], other[one.key]["text"])
        for one in desk.policy.emergency.elements
        if one.key in kept and one.key in other and one.kind == "text" and one.key != "source"
        if kept[one.key]["text"] != other[one.key]["text"]
    ]


def _tell_all(desk: Desk, matter: Matter, wording: str, by: Member, **facts: Any) -> None:
    told = emergencies.told(matter.id or 0, session=desk.session)
    for member in people.with_ids(told, session=desk.session).values():
        if member.id != by.id:
            post.to_member(
                desk,
                member,
                wording,
                kind="note",
                matter=matter,
                cause=f"{wording}:{matter.id}:{member.id}",
                register_no=matter.register_no,
                title=matter.title,
                by=by.name,
                **facts,
            )


# --- the level --------------------------------------------------------------------------------------


def set_level(desk: Desk, matter: Matter, level: Level, by: Member, reason: str | None = None) -> None:
    """定级, raised or lowered: rhythm and ladders follow; whom the level wants told is told at once."""
    emergency.check(desk, matter, by)
    before = matter.details.get("level")
    if before == level.key:
        raise Refused("em_level_same", register_no=matter.register_no, level=level.name)
    matter.details = matter.details | {"level": level.key}
    desk.session.add(matter)
    emergency.note(desk, matter, "levelled", by, before=before, after=level.key, words=reason)
    for step in matters.open_steps(matter.id or 0, session=desk.session):
        _follow(desk, matter, step, before, level)
    for who in level.tell:
        _tell_post(desk, matter, who, level, by)
    cards.refresh(desk, matter)


def _follow(desk: Desk, matter: Matter, step: Step, before: str | None, level: Level) -> None:
    """A running step takes the new level's rhythm and ladder. A quicker rhythm counts from now."""
    rule = desk.policy.emergency
    if step.key == "follow_up":
        rhythm, old = span(level.rhythm), span(rule.rhythm_of(before))
        due = step.began_at + rhythm
        if step.due_at is not None and rhythm < old:
            due = min(step.due_at, desk.now + rhythm)
        step.due_at, step.due_limit = due, level.rhythm
        desk.session.add(step)
    earlier = rule.level(before)
    if step.key == "follow_up" or step.key in level.ladders or (earlier and step.key in earlier.ladders):
        running.restart(desk, matter, step)


def _tell_post(desk: Desk, matter: Matter, who: str, level: Level, by: Member) -> None:
    member = next(iter(people.with_role(who, session=desk.session)), None)
    if member is None:
        return
    card = post.to_member(
        desk,
        member,
        "emergency.levelled",
        kind="alert",
        matter=matter,
        cause=f"em:{matter.id}:level:{level.key}:{member.id}",
        buttons=[[["details", matter.id]]],
        register_no=matter.register_no,
        title=matter.title,
        remark=matter.remark,
        level=f"{level.key}级（{level.name}）",
        by=by.name,
    )
    emergency.note(desk, matter, "called", None, to=member.name, reached=card is not None)
