"""Reports 首报、续报、终报: drafted, signed, sent back, handed out (rules.md E2, E4)."""

from __future__ import annotations

from typing import Any

from office import cards, emergency, emergency_end, move, post, report_paper
from office.desk import Desk, Refused
from storage import emergencies, journal, matters, people
from storage.models import Matter, Member, Report, Step

FOLLOW_LIMIT = 3000


def draft(desk: Desk, matter: Matter, kind: str, by: Member, **facts: Any) -> Report:
    """The report of this kind that is being written; begun where there is none (a further one: always)."""
    emergency.check(desk, matter, by)
    assert matter.id is not None and by.id is not None
    last = emergencies.latest(matter.id, kind, session=desk.session)
    if last is not None and kind != "follow_up":
        return last
    number = (last.number if last else 0) + 1 if kind == "follow_up" else 0
    if kind == "follow_up":
        earlier = last or emergencies.latest(matter.id, "quick", session=desk.session)
        facts |= {"known": matter.details["known"]}
        facts |= {"before": earlier.facts["known"]} if earlier and "known" in earlier.facts else {}
    report = Report(
        matter_id=matter.id, kind=kind, number=number, author_id=by.id, begun_at=desk.now, facts=facts
    )
    desk.session.add(report)
    desk.session.flush()
    return report


def name_of(report: Report) -> str:
    """首报, 续报2, 终报"""
    return {"quick": "首报", "final": "终报"}.get(report.kind, f"续报{report.number}")


def submit(desk: Desk, report: Report, by: Member) -> Step:
    """送签: the duty leader gets it for his signature; his clock begins, and climbs.

    Refused: em_report_state (it waits already, or is signed), em_quick_first, em_not_conveyed.
    """
    matter = matters.matter(report.matter_id, session=desk.session)
    emergency.check(desk, matter, by)
    if report.state not in ("draft", "sent_back", "kept"):
        raise Refused("em_report_state", name=name_of(report), state=report.state)
    if report.kind == "final":
        _check_final(desk, matter)
    report.state, report.submitted_at = "waiting", desk.now
    if report.kind == "quick":
        report.facts = report.facts | {"known": matter.details["known"]}
    desk.session.add(report)
    emergency.note(desk, matter, "submitted", by, report=name_of(report))
    step = emergency.begin_step(desk, matter, "sign_off")
    report.step_id = step.id
    desk.session.flush()
    cards.refresh(desk, matter)
    return step


def _check_final(desk: Desk, matter: Matter) -> None:
    """A final report comes after the first one, and after every instruction has arrived."""
    quick = emergencies.latest(matter.id or 0, "quick", session=desk.session)
    if quick is None or quick.state != "signed":
        raise Refused("em_quick_first", register_no=matter.register_no)
    if emergency.running(desk, matter, "convey") is not None:
        raise Refused("em_not_conveyed", register_no=matter.register_no)


def withdraw(desk: Desk, report: Report, by: Member) -> None:
    """Take a report back that waits for its signature, to correct it."""
    matter = matters.matter(report.matter_id, session=desk.session)
    emergency.check(desk, matter, by)
    step = matters.step(report.step_id, session=desk.session) if report.step_id else None
    if report.state != "waiting" or step is None:
        raise Refused("em_report_state", name=name_of(report), state=report.state)
    move.end(desk, matter, step, by, "撤回修改", state="cancelled")
    report.state = "draft"
    cards.refresh(desk, matter)


def sign(desk: Desk, step_id: int, by: Member) -> Report:
    """签发: numbered, made a paper, handed out; what hangs on it begins or ends."""
    report, matter, step = waiting(desk, step_id, by)
    emergency.answered(desk, matter, by)
    move.end(desk, matter, step, by, "签发")
    report.state, report.signed_by, report.signed_at = "signed", by.id, desk.now
    report_paper.issue(desk, matter, report)
    emergency.note(desk, matter, "issued", by, report=name_of(report), issue=report.issue)
    _tell_authors(desk, matter, report, by, "emergency.signed", issue=report.issue)
    match report.kind:
        case "quick":
            _end_step(desk, matter, "written", by, f"快报第{report.issue}期已签发")
            begin_follow_up(desk, matter)
        case "final":
            _end_step(desk, matter, "final", by, f"终报第{report.issue}期已签发")
            emergency_end.end(desk, matter, by, f"终报已签发（第{report.issue}期）", "final")
    cards.refresh(desk, matter)
    return report


def send_back(desk: Desk, step_id: int, by: Member, remarks: str) -> Report:
    """退改, with remarks, as often as it takes: who wrote it gets it back."""
    report, matter, step = waiting(desk, step_id, by)
    said = move.check_words(remarks)
    move.end(desk, matter, step, by, said, state="sent_back")
    report.state, report.sent_back = "sent_back", said
    _tell_authors(desk, matter, report, by, "emergency.sent_back", remarks=said)
    cards.refresh(desk, matter)
    return report


def _tell_authors(desk: Desk, matter: Matter, report: Report, by: Member, wording: str, **facts: Any) -> None:
    """Who wrote it and the duty officer hear what became of it; a button opens it."""
    officer = people.by_name(str(matter.details["duty_officer"]), session=desk.session)
    author = people.member(report.author_id, session=desk.session)
    for member in {one.id: one for one in (author, officer) if one is not None and one.id != by.id}.values():
        post.to_member(
            desk,
            member,
            wording,
            kind="note",
            matter=matter,
            buttons=[[["em_paper", report.id, "📄 打开"], ["details", matter.id]]],
            register_no=matter.register_no,
            name=name_of(report),
            by=by.name,
            **facts,
        )


def waiting(desk: Desk, step_id: int, by: Member) -> tuple[Report, Matter, Step]:
    """The report that waits in a step for somebody who may sign it: its holder, a leader, whom it rang."""
    report = emergencies.report_of_step(step_id, session=desk.session)
    if report is None:
        raise Refused("em_report_state", name="报告", state="draft")
    step, matter = move.running_step(desk, step_id)
    rang = journal.of_step(step_id, ("climbed",), session=desk.session)
    told = any(entry.facts["to"] == by.name for entry in rang)
    if not (by.id == step.holder_id or emergency.is_leader(by) or told):
        raise Refused("em_may_not_sign", register_no=matter.register_no)
    return report, matter, step


# --- further reports --------------------------------------------------------------------------------


def begin_follow_up(desk: Desk, matter: Matter) -> Step:
    """The next further report is due after the rhythm of the level."""
    rhythm = desk.policy.emergency.rhythm_of(matter.details.get("level"))
    return emergency.begin_step(desk, matter, "follow_up", limit=rhythm)


def follow_up(desk: Desk, matter: Matter, text: str, by: Member) -> Report:
    """续报, at any time: numbered, kept, shown to everybody who was told; the next is due in its rhythm."""
    said = text.strip()
    if not said:
        raise Refused("words_missing")
    if len(said) > FOLLOW_LIMIT:
        raise Refused("words_too_long", limit=FOLLOW_LIMIT, length=len(said))
    report = draft(desk, matter, "follow_up", by, text=said)
    report.state = "kept"
    emergency.note(desk, matter, "followed_up", by, words=said, number=report.number)
    if emergency.running(desk, matter, "follow_up") is not None:
        _end_step(desk, matter, "follow_up", by, name_of(report))
        begin_follow_up(desk, matter)
    _tell_following(desk, matter, report, by)
    cards.refresh(desk, matter)
    return report


def _tell_following(desk: Desk, matter: Matter, report: Report, by: Member) -> None:
    """Whoever follows the emergency reads the further report."""
    following = emergencies.told(matter.id or 0, kinds=report_paper.SEEING, session=desk.session)
    for member in people.with_ids(following, session=desk.session).values():
        if member.id != by.id:
            post.to_member(
                desk,
                member,
                "emergency.follow_up",
                kind="note",
                matter=matter,
                cause=f"em:report:{report.id}:{member.id}",
                register_no=matter.register_no,
                name=name_of(report),
                by=by.name,
                at=desk.now.isoformat(),
                text=report.facts["text"],
            )


def begin_final(desk: Desk, matter: Matter, by: Member) -> Report:
    """终报 is begun: it has a clock of its own; further reports go on until it is signed."""
    report = draft(desk, matter, "final", by)
    if emergency.running(desk, matter, "final") is None:
        emergency.begin_step(desk, matter, "final")
    return report


def say_part(desk: Desk, report: Report, key: str, text: str) -> None:
    """Keep a part of the final report."""
    report.facts = report.facts | {key: move.check_words(text)}
    desk.session.add(report)


def _end_step(desk: Desk, matter: Matter, key: str, by: Member, words: str) -> None:
    step = emergency.running(desk, matter, key)
    if step is not None:
        move.end(desk, matter, step, by, words)
