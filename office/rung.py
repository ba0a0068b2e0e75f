"""Climbing: a rung of the ladder is due, or whoever holds a step could not be told (rules.md D2, P1).

A rung that cannot be told is passed over at once and said so.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from office import bearings, emergency_buttons, post, ring_facts, running
from office.desk import Desk
from office.ring_batch import Batch
from rules.ladder import Candidate, Climbed, Why, climb
from rules.policy import Rungs
from storage import people
from storage.models import Clock, Matter, Member, Step

KINDS = ("rung", "unreached")
_SAID: dict[Why, str] = {
    "away": "请假",
    "never_started": "尚未启用本助手",
    "blocked": "停用了本助手",
}


class Standing(NamedTuple):
    """Who stands on a rung."""

    candidate: Candidate
    member: Member | None = None
    cause: str = ""
    """what he is told for when the rung is due"""
    unreached: str = ""
    """what he is told for when the holder's card could not be delivered"""
    told_by: tuple[str, ...] = ()
    """which of the two tell him enough"""


def standing(batch: Batch, matter: Matter, step: Step) -> list[Standing]:
    """Everybody on the ladder of a step; whether they were told is still to be asked."""
    rule = batch.desk.policy.procedures[matter.procedure].step(step.key)
    rungs = running.ladder_of(batch.desk, matter, rule).rungs
    return [_standing(batch, matter, step, rung, place) for place, rung in enumerate(rungs)]


def _standing(batch: Batch, matter: Matter, step: Step, rung: Rungs, place: int) -> Standing:
    name = bearings.name_on_rung(batch.desk, matter, step, rung.who)
    member = batch.named(name) if name else None
    if member is None:
        return Standing(Candidate(rung.who, None))
    hindrance: Why | None = None
    if member.id in batch.away:
        hindrance = "away"
    elif member.reach != "ok":
        hindrance = "blocked" if member.reach == "blocked" else "never_started"
    candidate = Candidate(rung.who, member.name, hindrance, holder=member.id == step.holder_id)
    cause = _cause(step, member, place if rung.again else None)
    unreached = f"unreached:{_cause(step, member)}"
    late = step.due_at is not None and step.due_at <= batch.desk.now
    # overdue is another cause than a card that did not arrive
    told_by = (cause,) if late or rung.again else (cause, unreached)
    return Standing(candidate, member, cause, unreached, told_by)


def _cause(step: Step, member: Member, again: int | None = None) -> str:
    """One ring for one person and holder of a step; a new limit or holder is a new cause.

    `again` is the place of a rung that rings whom another has told.
    """
    due = f"{step.due_at:%Y%m%d%H%M}" if step.due_at else "-"
    once = f"rung:{step.id}:{step.holder_id}:{due}:{member.id}"
    return once if again is None else f"{once}:{again}"


def ring(batch: Batch, matter: Matter, step: Step, row: Clock, ladder: list[Standing], late: bool) -> None:
    """Whom a row reaches, and who was passed over."""
    candidates = [
        one.candidate._replace(told=any(cause in batch.told for cause in one.told_by)) for one in ladder
    ]
    climbed = climb(row.place, candidates, insist=row.kind == "unreached")
    if climbed.reached is not None:
        place = next(i for i, candidate in enumerate(candidates) if candidate is climbed.reached)
        _tell(batch, matter, step, row, ladder[place], place, climbed, late)
    elif climbed.exhausted:
        _tell_nobody_left(batch, matter, step, climbed)


def _tell(
    batch: Batch,
    matter: Matter,
    step: Step,
    row: Clock,
    reached: Standing,
    place: int,
    climbed: Climbed,
    late: bool,
) -> None:
    desk, member = batch.desk, reached.member
    assert member is not None
    skipped, name = _skipped(desk, climbed), desk.policy.posts.names[reached.candidate.who]
    facts = ring_facts.of_step(batch, matter, step) | {
        "rung": place,
        "post": name,
        "skipped": skipped,
        "delayed": late,
        "unreached": row.kind == "unreached",
        "rung_before": _told_before(batch, step, ran_early=post.family(desk, matter) == "emergency"),
    }
    letter = post.letter(
        desk,
        member,
        f"{post.family(desk, matter)}.rung",
        kind="alert",
        matter=matter,
        step_id=step.id,
        cause=reached.unreached if row.kind == "unreached" else reached.cause,
        buttons=_buttons(desk, step, matter),
        **facts,
    )
    if batch.send(letter):
        batch.note(matter, step, "climbed", to=member.name, post=name, skipped=skipped, delayed=late)


def _buttons(desk: Desk, step: Step, matter: Matter) -> list[list[list[Any]]]:
    if post.family(desk, matter) == "emergency":
        return emergency_buttons.ringing(step, matter)
    return [[["take_over", step.id, "✋ 接手办理"], ["urge", step.id, "🔔 催办"], ["details", matter.id]]]


def _skipped(desk: Desk, climbed: Climbed) -> list[str]:
    """Who was passed over and why, each once."""
    return list(dict.fromkeys(_skipped_words(desk, one) for one in climbed.skipped))


def _skipped_words(desk: Desk, one: Candidate) -> str:
    assert one.hindrance is not None
    return f"{desk.policy.posts.names[one.who]} {one.name}（{_SAID[one.hindrance]}）"


def _told_before(batch: Batch, step: Step, *, ran_early: bool) -> list[str]:
    """Who was told of this step before, with the times: by whom it was left.

    `ran_early`: the ladder began before the limit, so that reminders count too.
    """
    entries = (one for one in batch.before[step.id or 0] if ran_early or one.act != "rang_remind")
    told = [(one.to, one.at) for one in entries]
    holder = batch.members[step.holder_id]
    if ran_early and holder.reach == "ok":
        told = [(holder.name, step.holder_since), *told]
    times: dict[str, list[str]] = {}
    for name, at in told:
        times.setdefault(name, []).append(f"{batch.desk.calendar.local(at):%H:%M}")
    return [f"{name} {'、'.join(clocks)}" for name, clocks in times.items()]


def _tell_nobody_left(batch: Batch, matter: Matter, step: Step, climbed: Climbed) -> None:
    """Past the last rung: whoever registered it and the administrators are told, whoever can be."""
    desk, skipped = batch.desk, _skipped(batch.desk, climbed)
    last_resort = [
        batch.members[matter.registrar_id],
        *people.with_role("admin", session=desk.session),
    ]
    causes = {f"nobody:{_cause(step, member)}": member for member in last_resort}
    batch.ask(list(causes))
    for cause, member in causes.items():
        facts = ring_facts.of_step(batch, matter, step) | {"skipped": skipped}
        letter = post.letter(
            desk,
            member,
            "alert.nobody",
            kind="alert",
            matter=matter,
            step_id=step.id,
            cause=cause,
            buttons=[[["details", matter.id]]],
            **facts,
        )
        batch.send(letter)
    batch.note(matter, step, "nobody_reached", skipped=skipped)
