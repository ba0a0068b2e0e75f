"""Minutes 纪要 (M3): drafted within a working day, checked, signed, numbered, sent to those who attended."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from office import cards, hand_out, move, post
from office.desk import Desk, Refused
from office.meetings import checks, notice
from office.papers.minutes import Attendance, Minutes, minutes_docx
from storage import clocks, matters, meetings, people
from storage.models import File, Matter, Member, Step

TEXT_LIMIT = 12_000


def running(desk: Desk, matter: Matter) -> Step | None:
    """The step of the minutes that runs."""
    steps = matters.open_steps(matter.id or 0, session=desk.session)
    return next((step for step in steps if "minutes" in step.key), None)


def check_drafter(desk: Desk, matter: Matter, by: Member) -> Step:
    """The step of the draft, if `by` holds it. Refused: mt_no_minutes, not_holder."""
    step = running(desk, matter)
    if step is None or step.key != "minutes":
        raise Refused("mt_no_minutes", register_no=matter.register_no)
    return move.held(desk, step.id or 0, by, "acknowledge")[0]


def add(desk: Desk, matter: Matter, text: str, by: Member) -> None:
    """Keep a part of the text; what was sent back before is written anew."""
    step = check_drafter(desk, matter, by)
    before = matter.details.get("minutes", {})
    kept = before.get("text", "") if before.get("cycle", 0) == step.cycle else ""
    words = "\n".join(filter(None, (kept, text.strip())))
    if not words:
        raise Refused("words_missing")
    if len(words) > TEXT_LIMIT:
        raise Refused("words_too_long", limit=TEXT_LIMIT, length=len(words))
    said = {"text": words, "drafter": by.name, "cycle": step.cycle}
    matter.details = matter.details | {"minutes": before | said}
    desk.session.add(matter)


def draft(desk: Desk, matter: Matter, text: str, by: Member, *, so_far: bool = False) -> Step:
    """The text goes to be checked; `so_far`: what was kept part by part.

    Refused: mt_no_minutes, not_holder, words_missing, words_too_long.
    """
    step = check_drafter(desk, matter, by)
    if not so_far:
        matter.details = matter.details | {"minutes": {}}
        add(desk, matter, text, by)
    elif matter.details.get("minutes", {}).get("cycle") != step.cycle:
        raise Refused("words_missing")
    return _on(desk, matter, step, by, "已送审", "check_minutes")


def checked(desk: Desk, step_id: int, by: Member) -> Step:
    """Checked: it goes to be signed."""
    step, matter, _ = _held(desk, step_id, by, "check_minutes")
    return _on(desk, matter, step, by, "审核通过", "sign_minutes")


def send_back(desk: Desk, step_id: int, by: Member, reason: str) -> Step:
    """退改: the drafter writes it again; its limit stays where the meeting set it."""
    step, matter, _ = _held(desk, step_id, by, "check_minutes", "sign_minutes")
    words = move.check_words(reason)
    return _on(desk, matter, step, by, words, "minutes", state="sent_back")


def check_reader(desk: Desk, step_id: int, by: Member) -> None:
    """Refused to whoever neither checks nor signs the minutes at this step: not_holder, button_unknown."""
    _held(desk, step_id, by, "check_minutes", "sign_minutes")


def _held(desk: Desk, step_id: int, by: Member, *keys: str) -> tuple[Step, Matter, Any]:
    step, matter, rule = move.held(desk, step_id, by, "acknowledge")
    if rule.key not in keys:
        raise Refused("button_unknown")
    return step, matter, rule


def _on(
    desk: Desk, matter: Matter, step: Step, by: Member, words: str, key: str, state: str = "done"
) -> Step:
    """End a step of the minutes and begin another; whoever holds it gets the text as a paper."""
    move.end(desk, matter, step, by, words, state=state)
    last = matters.last_step(matter.id or 0, key, session=desk.session)
    rule = move.procedure_of(desk, matter).step(key)
    begun = move.begin(desk, matter, rule, cycle=last.cycle + 1 if last else 0, told=False)
    _hand(desk, matter, begun[0], by, words if state == "sent_back" else None)
    cards.refresh(desk, matter)
    return begun[0]


def _hand(desk: Desk, matter: Matter, step: Step, by: Member, back: str | None) -> None:
    """A card of its own for each hand of the minutes, and the draft as a paper where it is to be read."""
    holder = people.member(step.holder_id, session=desk.session)
    for card in matters.standing_cards(matter.id or 0, kinds=["holder"], session=desk.session):
        if card.member_id == holder.id:
            card.standing = False
    desk.session.flush()
    checks.give_cards(desk, matter, [step])
    if holder.telegram_id is None or holder.reach != "ok":
        return
    if back is not None:
        post.to_member(
            desk,
            holder,
            "meeting.minutes_back",
            kind="note",
            matter=matter,
            register_no=matter.register_no,
            title=matter.title,
            by=by.name,
            reason=back,
        )
        return
    file = _paper(desk, matter, by, "（送审稿）")
    hand_out.send(desk, holder.telegram_id, file, "meeting.minutes_draft", member=holder, **_said(matter))


def _said(matter: Matter) -> dict[str, Any]:
    minutes = matter.details.get("minutes", {})
    return {
        "register_no": matter.register_no,
        "title": matter.title,
        "number": minutes.get("number"),
        "drafter": minutes.get("drafter"),
    }


def sign(desk: Desk, step_id: int, by: Member) -> Matter:
    """签发: the number is given, the paper made, sent to those who attended; the meeting is closed."""
    step, matter, _ = _held(desk, step_id, by, "sign_minutes")
    rule, year = desk.policy.meetings, desk.calendar.local(desk.now).year
    number = matters.next_number(rule.minutes_series, year, session=desk.session)
    named = f"{rule.minutes_series}〔{year}〕{number}号"
    minutes = matter.details["minutes"] | {"number": named, "issue": number, "signer": by.name}
    matter.details = matter.details | {"minutes": minutes | {"signed_at": desk.now.isoformat()}}
    move.end(desk, matter, step, by, "签发")
    matter.state, matter.closed_at, matter.result = "closed", desk.now, f"已印发 {named}"
    desk.session.add(matter)
    clocks.cancel(matter_id=matter.id, session=desk.session)
    file = _paper(desk, matter, by, "")
    told = _readers(desk, matter)
    for member in told:
        hand_out.send(
            desk, member.telegram_id or 0, file, "meeting.minutes_sent", member=member, **_said(matter)
        )
    notice.note(desk, matter, "minutes_sent", by, number=named, to=[one.name for one in told])
    cards.refresh(desk, matter)
    return matter


def _readers(desk: Desk, matter: Matter) -> list[Member]:
    """Those who attended, who can be told: who signed in, where nobody did whoever said he would come."""
    invited = meetings.invitations(matter.id or 0, session=desk.session)
    there = [one for one in invited if one.came_at] or [one for one in invited if one.answer != "waiting"]
    names = [one.substitute for one in there if one.substitute]
    ids = [one.member_id for one in there if one.member_id]
    found = [*people.with_ids(ids, session=desk.session).values(), *people.named(names, session=desk.session)]
    organiser = people.member(matter.handler_id or matter.registrar_id, session=desk.session)
    every = {one.id: one for one in (organiser, *found)}
    return [one for one in every.values() if one.telegram_id is not None and one.reach == "ok"]


def _paper(desk: Desk, matter: Matter, by: Member, mark: str) -> File:
    """The minutes as they stand, as a file; the signed one belongs to the meeting."""
    content = minutes_docx(_minutes(desk, matter))
    number = matter.details["minutes"].get("number")
    name = f"{number or matter.register_no}会议纪要{mark}.docx"
    return hand_out.keep(desk, name, hand_out.DOCX, content, by=by, matter_id=matter.id if number else None)


def _minutes(desk: Desk, matter: Matter) -> Minutes:
    rule, said = desk.policy.meetings, matter.details["minutes"]
    assert matter.event_at is not None
    invited = meetings.invitations(matter.id or 0, session=desk.session)
    present = [one for one in invited if one.came_at] or [one for one in invited if one.answer != "waiting"]
    signed = said.get("signed_at")
    day = datetime.fromisoformat(signed) if signed else desk.now
    return Minutes(
        masthead=rule.minutes_masthead,
        office=rule.office,
        number=said.get("number", ""),
        issued=desk.calendar.local(day).date(),
        title=matter.title,
        at=desk.calendar.local(matter.event_at).replace(tzinfo=None),
        place=matter.details.get("place") or "",
        host=matter.details.get("host") or "",
        text=said["text"],
        present=tuple(_attendance(one) for one in present),
        absent=tuple(_attendance(one) for one in invited if one not in present),
        recorder=said.get("drafter", ""),
        signer=said.get("signer", ""),
        written_at=desk.now,
    )


def _attendance(one: Any) -> Attendance:
    return Attendance(name=one.name, substitute=one.substitute or "")
