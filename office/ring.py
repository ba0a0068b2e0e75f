"""Ringing: reminders to the holder, then overdue, then rung by rung up the ladder (rules.md D2, P1).

Each person is told once for one cause, why, and by whom it was left. A rung that cannot be told is passed
over at once and said so. Acknowledging quiets the reminders, never the limit.
"""

from __future__ import annotations

from typing import Any

from office import absence, bearings, cards, emergency_buttons, post, running
from office.desk import Desk
from rules.ladder import Candidate, Climbed, Why, climb
from rules.policy import Procedure, Rungs
from storage import journal, matters, outbox, people
from storage.models import Card, Clock, Matter, Member, Step

KINDS = ("remind", "due", "overdue", "rung", "unreached")
_RANK = {"remind": 0, "due": 1, "overdue": 2}
_SAID: dict[Why, str] = {
    "away": "请假",
    "never_started": "尚未启用本助手",
    "blocked": "停用了本助手",
}


def ring(desk: Desk, rows: list[Clock], *, late: bool) -> tuple[list[int], list[int]]:
    """Ring what is due of one cause; ids of the rows that rang and of those that another one spoke for.

    When several reminders to the holder are due at once (the program was not running), he is told the
    last of them only.
    """
    matter = matters.matter(rows[0].matter_id or 0, session=desk.session)
    step = matters.step(rows[0].step_id, session=desk.session) if rows[0].step_id else None
    ids = [row.id for row in rows if row.id is not None]
    if matter.state != "open" or (step is not None and step.state != "open"):
        return [], ids
    to_holder = sorted((row for row in rows if row.kind in _RANK), key=lambda r: (_RANK[r.kind], r.place))
    superseded = [row.id for row in to_holder[:-1] if row.id is not None]
    for row in to_holder[-1:]:
        _tell_holders(desk, matter, step, row, late)
    for row in rows:
        if row.kind in ("rung", "unreached") and step is not None:
            _climb(desk, matter, step, row, late)
    cards.refresh(desk, matter, step)
    return [i for i in ids if i not in superseded], superseded


def _tell_holders(desk: Desk, matter: Matter, step: Step | None, row: Clock, late: bool) -> None:
    """The step's holder; for the matter's own limit, whoever holds it now."""
    running = [step] if step else matters.open_steps(matter.id or 0, session=desk.session)
    for one in running:
        if row.kind == "remind" and (one.acknowledged_at or _snoozed(desk, one)):
            continue
        _remind(desk, matter, one, row, late, whole=step is None)


def _snoozed(desk: Desk, step: Step) -> bool:
    return step.snoozed_until is not None and step.snoozed_until > desk.now


def _remind(desk: Desk, matter: Matter, step: Step, row: Clock, late: bool, *, whole: bool) -> None:
    holder = people.member(step.holder_id, session=desk.session)
    earlier = _standing(desk, matter, step, "reminder")
    main = _standing(desk, matter, step, "holder")
    facts = _facts(desk, matter, step, whole=whole) | {"rang": row.kind, "delayed": late}
    card = post.to_member(
        desk,
        holder,
        f"{post.family(desk, matter)}.reminder",
        kind="reminder",
        matter=matter,
        step_id=step.id,
        cause=f"{row.kind}:{row.id}:{step.id}",
        buttons=_reminder_buttons(desk, step, matter),
        reply_to_card=main.id if main else None,
        **facts,
    )
    if card is None:
        return
    if earlier is not None:
        earlier.standing = False
        outbox.enqueue_delete(
            earlier, now=desk.now, priority=post.priority(desk, matter), session=desk.session
        )
    _note(desk, matter, step, f"rang_{row.kind}", to=holder.name, delayed=late, due_for=row.at.isoformat())


def _reminder_buttons(desk: Desk, step: Step, matter: Matter) -> list[list[list[Any]]]:
    if post.family(desk, matter) == "emergency":
        return emergency_buttons.ringing(step, matter)
    first: list[list[Any]] = [] if step.acknowledged_at else [["acknowledge", step.id]]
    return [[*first, ["snooze", step.id, "🔕 稍后提醒"], ["details", matter.id]]]


def _climb(desk: Desk, matter: Matter, step: Step, row: Clock, late: bool) -> None:
    """A rung is due, or the holder could not be given his card: whom it reaches, and who was passed over."""
    rule = desk.policy.procedures[matter.procedure].step(step.key)
    ladder = running.ladder_of(desk, matter, rule)
    candidates = [_candidate(desk, matter, step, rung, place) for place, rung in enumerate(ladder.rungs)]
    insist = row.kind == "unreached"
    climbed = climb(row.place, [candidate for candidate, _ in candidates], insist=insist)
    if climbed.reached is None:
        if climbed.exhausted:
            _tell_nobody_left(desk, matter, step, climbed)
        return
    place = next(i for i, (candidate, _) in enumerate(candidates) if candidate is climbed.reached)
    member = candidates[place][1]
    assert member is not None
    again = place if ladder.rungs[place].again else None
    cause = _unreached(step, member) if insist else _cause(step, member, again)
    _tell_rung(desk, matter, step, member, climbed, late, place=place, cause=cause, unreached=insist)


def _candidate(
    desk: Desk, matter: Matter, step: Step, rung: Rungs, place: int
) -> tuple[Candidate, Member | None]:
    who = rung.who
    member = bearings.on_rung(desk, matter, step, who)
    if member is None:
        return Candidate(who, None), None
    hindrance: Why | None = None
    if not absence.present(desk, member, desk.now):
        hindrance = "away"
    elif member.reach != "ok":
        hindrance = "blocked" if member.reach == "blocked" else "never_started"
    told = outbox.was_told(_cause(step, member, place if rung.again else None), session=desk.session)
    if not told and not _is_late(desk, step):  # overdue is another cause than a card that did not arrive
        told = not rung.again and outbox.was_told(_unreached(step, member), session=desk.session)
    return Candidate(who, member.name, hindrance, told, holder=member.id == step.holder_id), member


def _cause(step: Step, member: Member, again: int | None = None) -> str:
    """One ring for one person and holder of a step; a new limit or holder is a new cause.

    `again` is the place of a rung that rings whom another has told.
    """
    due = f"{step.due_at:%Y%m%d%H%M}" if step.due_at else "-"
    once = f"rung:{step.id}:{step.holder_id}:{due}:{member.id}"
    return once if again is None else f"{once}:{again}"


def _unreached(step: Step, member: Member) -> str:
    """That the holder's card could not be delivered: told once, whatever rings when the limit is over."""
    return f"unreached:{_cause(step, member)}"


def _is_late(desk: Desk, step: Step) -> bool:
    return step.due_at is not None and step.due_at <= desk.now


def _tell_rung(
    desk: Desk,
    matter: Matter,
    step: Step,
    member: Member,
    climbed: Climbed,
    late: bool,
    *,
    place: int,
    cause: str,
    unreached: bool,
) -> None:
    assert climbed.reached is not None
    skipped = _skipped(desk, climbed)
    facts = _facts(desk, matter, step, whole=False) | {
        "rung": place,
        "post": desk.policy.posts.names[climbed.reached.who],
        "skipped": skipped,
        "delayed": late,
        "unreached": unreached,
        "rung_before": _told_before(desk, step, ran_early=post.family(desk, matter) == "emergency"),
    }
    card = post.to_member(
        desk,
        member,
        f"{post.family(desk, matter)}.rung",
        kind="alert",
        matter=matter,
        step_id=step.id,
        cause=cause,
        buttons=_rung_buttons(desk, step, matter),
        **facts,
    )
    if card is not None:
        _note(
            desk, matter, step, "climbed", to=member.name, post=facts["post"], skipped=skipped, delayed=late
        )


def _rung_buttons(desk: Desk, step: Step, matter: Matter) -> list[list[list[Any]]]:
    if post.family(desk, matter) == "emergency":
        return emergency_buttons.ringing(step, matter)
    return [[["take_over", step.id, "✋ 接手办理"], ["urge", step.id, "🔔 催办"], ["details", matter.id]]]


def _skipped(desk: Desk, climbed: Climbed) -> list[str]:
    """Who was passed over and why, each once."""
    return list(dict.fromkeys(_skipped_words(desk, one) for one in climbed.skipped))


def _skipped_words(desk: Desk, one: Candidate) -> str:
    assert one.hindrance is not None
    return f"{desk.policy.posts.names[one.who]} {one.name}（{_SAID[one.hindrance]}）"


def _tell_nobody_left(desk: Desk, matter: Matter, step: Step, climbed: Climbed) -> None:
    """Past the last rung: whoever registered it and the administrators are told, whoever can be."""
    skipped = _skipped(desk, climbed)
    registrar = people.member(matter.registrar_id, session=desk.session)
    last_resort = [registrar, *people.with_role("admin", session=desk.session)]
    for member in {one.id: one for one in last_resort}.values():
        facts = _facts(desk, matter, step, whole=False) | {"skipped": skipped}
        post.to_member(
            desk,
            member,
            "alert.nobody",
            kind="alert",
            matter=matter,
            step_id=step.id,
            cause=f"nobody:{_cause(step, member)}",
            buttons=[[["details", matter.id]]],
            **facts,
        )
    _note(desk, matter, step, "nobody_reached", skipped=skipped)


def _facts(desk: Desk, matter: Matter, step: Step, *, whole: bool) -> dict[str, Any]:
    procedure: Procedure = desk.policy.procedures[matter.procedure]
    rule = procedure.step(step.key)
    due_at = matter.due_at if whole else step.due_at
    assert due_at is not None
    names = people.with_ids([i for i in (step.holder_id, step.for_id) if i], session=desk.session)
    return {
        "register_no": matter.register_no,
        "title": matter.title,
        "sender": matter.sender,
        "step": "全件办结" if whole else rule.name,
        "todo": rule.todo,
        "holder": names[step.holder_id].name,
        "for": names[step.for_id].name if step.for_id else None,
        "since": step.holder_since.isoformat(),
        "due": due_at.isoformat(),
        "left": cards.left_words(desk, due_at, procedure),
        "source": (procedure.whole.source if whole and procedure.whole else rule.source),
        "late": due_at <= desk.now,
        "remark": matter.remark,
        "received": matter.received_at.isoformat(),
    }


def _told_before(desk: Desk, step: Step, *, ran_early: bool) -> list[str]:
    """Who was told of this step before, with the times: by whom it was left.

    `ran_early`: the ladder began before the limit, so that reminders count too.
    """
    acts = ("rang_due", "rang_overdue", "climbed", *(("rang_remind",) if ran_early else ()))
    entries = journal.of_step(step.id or 0, acts, session=desk.session)
    return [f"{entry.facts['to']} {desk.calendar.local(entry.happened_at):%H:%M}" for entry in entries]


def _standing(desk: Desk, matter: Matter, step: Step, kind: str) -> Card | None:
    found = matters.standing_cards(matter.id or 0, kinds=[kind], step_id=step.id, session=desk.session)
    return next((card for card in found if card.member_id == step.holder_id), None)


def _note(desk: Desk, matter: Matter, step: Step, act: str, **facts: Any) -> None:
    journal.write(act, now=desk.now, session=desk.session, matter_id=matter.id, step_id=step.id, **facts)


def report_set_aside(desk: Desk, ids: list[int], error: str) -> None:
    """Tell the administrators that something that fell due could not be done."""
    for member in people.with_role("admin", session=desk.session):
        post.to_member(
            desk,
            member,
            "alert.set_aside",
            kind="note",
            cause=f"aside:{ids[0]}:{member.id}",
            ids=ids,
            error=error,
        )
