"""Reports in conversation: drafted, corrected, signed; further reports; the final one (E2, E4)."""

from __future__ import annotations

from handlers import reading
from handlers.context import Turn
from handlers.emergency import common
from handlers.keyboards import Rows
from office import emergency, report_text, reports
from office.desk import Refused
from rules.emergency import missing
from storage import drafts, matters, people
from storage import emergencies as stored
from storage.models import Draft, Matter, Report
from storage.outbox import EMERGENCY


def draft_pressed(turn: Turn, target: str) -> None:
    """快报稿: the first report as it stands, to be corrected or sent for signature."""
    matter = common.seen(turn, target)
    show(turn, matter, reports.draft(turn.desk, matter, "quick", turn.member))


def paper_pressed(turn: Turn, target: str) -> None:
    """A report was opened."""
    report = _report(turn, target)
    show(turn, matters.matter(report.matter_id, session=turn.desk.session), report)


def show(turn: Turn, matter: Matter, report: Report) -> None:
    """A report in full; while it may be changed, a reply changes it."""
    said = report_text.words(turn.desk, matter, report)
    data = {"matter_id": matter.id, "report_id": report.id, "asking": "correction"}
    draft = turn.begin_draft("em_paper", data, asking="correction")
    turn.answer(
        "emergency.draft",
        kind="question",
        matter_id=matter.id,
        draft_id=draft.id,
        buttons=_buttons(report),
        priority=EMERGENCY,
        register_no=matter.register_no,
        name=reports.name_of(report),
        state=report.state,
        issue=report.issue,
        sent_back=report.sent_back if report.state == "sent_back" else None,
        title=said.title,
        text=report_text.text_of(said),
    )


def _buttons(report: Report) -> Rows:
    match report.state:
        case "waiting":
            return [[["em_withdraw", report.id, "↶ 撤回修改"]]]
        case "signed":
            return [[["em_file", report.id, "📎 文件"]]]
        case _:
            parts = [["em_final", report.matter_id, "✏️ 逐项填写"]] if report.kind == "final" else []
            return [[["em_submit", report.id, "📨 送签"], *parts]]


def meant(turn: Turn, asking: Draft) -> bool:
    """Whether a message that is no reply is meant for what asks: a draft shown takes only corrections."""
    if asking.form != "em_paper":
        return True
    report = stored.report(int(asking.data["report_id"]), session=turn.desk.session)
    return report is not None and report_text.reads(turn.desk, report, reading.plain(turn.text))


def continue_paper(turn: Turn, draft: Draft) -> None:
    """A reply to a draft: a correction in plain words, shown at once; 送签 sends it."""
    matter = common.asked(turn, draft)
    report = _report(turn, str(draft.data["report_id"]))
    said = reading.plain(turn.text)
    if said in report_text.FINE:
        submit(turn, report)
        return
    if report.state in ("waiting", "signed"):
        raise Refused("em_report_state", name=reports.name_of(report), state=report.state)
    report_text.correct(turn.desk, matter, report, said, turn.member)
    show(turn, matter, report)


def submit_pressed(turn: Turn, target: str) -> None:
    """送签"""
    submit(turn, _report(turn, target))


def submit(turn: Turn, report: Report) -> None:
    """Send a report for its signature."""
    step = reports.submit(turn.desk, report, turn.member)
    matter = matters.matter(report.matter_id, session=turn.desk.session)
    holder = people.member(step.holder_id, session=turn.desk.session)
    turn.answer(
        "emergency.submitted",
        matter_id=matter.id,
        priority=EMERGENCY,
        register_no=matter.register_no,
        name=reports.name_of(report),
        holder=holder.name,
        due=step.due_at.isoformat() if step.due_at else turn.desk.now.isoformat(),
    )


def withdraw_pressed(turn: Turn, target: str) -> None:
    """撤回修改"""
    report = _report(turn, target)
    reports.withdraw(turn.desk, report, turn.member)
    show(turn, matters.matter(report.matter_id, session=turn.desk.session), report)


def sign_pressed(turn: Turn, target: str) -> None:
    """签发"""
    report = reports.sign(turn.desk, reading.number(target), turn.member)
    turn.say(f"已签发，第{report.issue}期")


def back_pressed(turn: Turn, target: str) -> None:
    """退改: the next message says why."""
    step_id = reading.number(target)
    report, matter, _ = reports.waiting(turn.desk, step_id, turn.member)
    data = {"matter_id": matter.id, "step_id": step_id, "asking": "remarks"}
    draft = turn.begin_draft("em_back", data, asking="remarks")
    common.ask_words(turn, matter, draft, f"{reports.name_of(report)}要怎么改？请写退改意见。")


def continue_back(turn: Turn, draft: Draft) -> None:
    """The remarks with which a report is sent back."""
    matter = common.asked(turn, draft)
    report = reports.send_back(turn.desk, int(draft.data["step_id"]), turn.member, reading.plain(turn.text))
    drafts.write(draft, now=turn.desk.now, state="done")
    common.say(turn, matter, f"{reports.name_of(report)}已退改")


# --- further reports --------------------------------------------------------------------------------


def follow_pressed(turn: Turn, target: str) -> None:
    """续报: the next message is its text."""
    matter = common.seen(turn, target)
    emergency.check(turn.desk, matter, turn.member)
    draft = turn.begin_draft("em_follow", {"matter_id": matter.id, "asking": "words"}, asking="words")
    common.ask_words(turn, matter, draft, "最新情况怎样？只写新的情况。")


def continue_follow(turn: Turn, draft: Draft) -> None:
    """The text of a further report."""
    matter = common.asked(turn, draft)
    drafts.write(draft, now=turn.desk.now, state="done")
    follow(turn, matter, reading.plain(turn.text))


def follow(turn: Turn, matter: Matter, said: str) -> None:
    """Keep a further report; it can become a paper."""
    report = reports.follow_up(turn.desk, matter, said, turn.member)
    step = emergency.running(turn.desk, matter, "follow_up")
    turn.answer(
        "emergency.followed",
        matter_id=matter.id,
        buttons=[[["em_paper", report.id, "📄 成文送签"]]],
        priority=EMERGENCY,
        register_no=matter.register_no,
        name=reports.name_of(report),
        due=step.due_at.isoformat() if step and step.due_at else None,
    )


# --- the final report -------------------------------------------------------------------------------


def final_pressed(turn: Turn, target: str) -> None:
    """终报: its parts, one question at a time, then the draft."""
    ask_part(turn, common.seen(turn, target))


def ask_part(turn: Turn, matter: Matter) -> None:
    """Ask for the next part that is missing; when all are there, show the draft."""
    report = reports.begin_final(turn.desk, matter, turn.member)
    lacking = missing(turn.desk.policy.emergency.final, report.facts)
    if not lacking:
        show(turn, matter, report)
        return
    part = lacking[0]
    data = {"matter_id": matter.id, "asking": part.key}
    draft = turn.begin_draft("em_part", data, asking=part.key)
    quick = [["em_say", f"{draft.id}:{place}", words] for place, words in enumerate(part.quick)]
    unknown = turn.desk.policy.emergency.unknown
    turn.answer(
        "emergency.ask",
        kind="question",
        matter_id=matter.id,
        draft_id=draft.id,
        buttons=[[*quick, ["em_say", f"{draft.id}:unknown", unknown]]],
        priority=EMERGENCY,
        register_no=matter.register_no,
        name=f"终报 · {part.name}",
        question=part.question,
    )


def continue_part(turn: Turn, draft: Draft) -> None:
    """What a part of the final report is to say."""
    _keep_part(turn, draft, reading.plain(turn.text))


def part_pressed(turn: Turn, target: str) -> None:
    """An answer was chosen."""
    draft_id, _, place = target.partition(":")
    draft = common.own_draft(turn, draft_id, "em_part")
    rule = turn.desk.policy.emergency
    quick = rule.element(str(draft.data["asking"])).quick
    if place == "unknown":
        _keep_part(turn, draft, rule.unknown)
    elif (said := reading.picked(quick, place)) is not None:
        _keep_part(turn, draft, said)
    else:
        raise Refused("button_unknown")


def _keep_part(turn: Turn, draft: Draft, said: str) -> None:
    matter = common.asked(turn, draft)
    report = reports.begin_final(turn.desk, matter, turn.member)
    reports.say_part(turn.desk, report, str(draft.data["asking"]), said)
    drafts.write(draft, now=turn.desk.now, state="done")
    ask_part(turn, matter)


def _report(turn: Turn, target: str) -> Report:
    report = stored.report(reading.number(target), session=turn.desk.session)
    if report is None:
        raise Refused("button_unknown")
    common.seen(turn, str(report.matter_id))
    return report


VERBS = {
    "em_draft": draft_pressed,
    "em_paper": paper_pressed,
    "em_submit": submit_pressed,
    "em_withdraw": withdraw_pressed,
    "em_sign": sign_pressed,
    "em_back": back_pressed,
    "em_follow": follow_pressed,
    "em_final": final_pressed,
    "em_say": part_pressed,
}
CONTINUE = {
    "em_paper": continue_paper,
    "em_back": continue_back,
    "em_follow": continue_follow,
    "em_part": continue_part,
}
