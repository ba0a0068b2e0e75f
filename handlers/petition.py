"""A petition's report in chat (V7): in parts or all at once; what is missing is said before it is sent."""

from __future__ import annotations

from typing import Any

from handlers import naming, reading
from handlers.context import Turn, rows_of
from office import move, petition
from office.desk import Refused
from rules import petition as rule
from storage import drafts
from storage.models import Draft, Matter, Step

FORM = "petition_report"


def write(turn: Turn, target: str) -> None:
    """📝 写报告 was pressed: the next messages are the report."""
    step, matter, _ = move.held(turn.desk, reading.number(target), turn.member, "sign")
    _ask(turn, step, matter, _next(matter))


def one_part(turn: Turn, target: str) -> None:
    """A part was chosen to be written, or written anew."""
    step_id, _, place = target.partition(":")
    step, matter, _ = move.held(turn.desk, reading.number(step_id), turn.member, "sign")
    part = reading.picked(rule.PARTS, place)
    if part is None:
        raise Refused("button_unknown")
    _ask(turn, step, matter, part)


def continue_report(turn: Turn, draft: Draft) -> None:
    """A message of the report: with headings several parts, without them the part that was asked for."""
    step, matter, _ = move.held(turn.desk, int(draft.data["step_id"]), turn.member, "sign")
    text = turn.text.strip()
    parts = rule.read_report(text) or {str(draft.asking): text}
    petition.write(turn.desk, matter, turn.member, parts)
    drafts.write(draft, now=turn.desk.now, state="done")
    if petition.missing(matter):
        _ask(turn, step, matter, _next(matter))
    else:
        _show(turn, step, matter)


def points(turn: Turn, said: str) -> None:
    """诉求 访3号 1. … 2. …: what the petition raises, put right by who registered or holds it."""
    kinds = turn.desk.policy.procedures.values()
    series = [one.series for one in kinds if any(step.requires for step in one.steps)]
    matter, listed = naming.matter_of(turn, said, series=series)
    _, raised = rule.raised(listed)
    if not raised:
        raise Refused("no_points", register_no=matter.register_no)
    petition.set_points(turn.desk, matter, turn.member, raised)
    turn.answer("petition.points", matter_id=matter.id, register_no=matter.register_no, points=list(raised))


def _next(matter: Matter) -> rule.Part:
    """The first part that is missing; where only points are, the part that says what was found."""
    lacking = petition.missing(matter)
    return next((part for part in rule.PARTS if part.name in lacking.parts), rule.PARTS[1])


def _ask(turn: Turn, step: Step, matter: Matter, part: rule.Part) -> None:
    draft = turn.begin_draft(FORM, {"step_id": step.id}, asking=part.key)
    turn.answer(
        "petition.ask",
        kind="question",
        matter_id=matter.id,
        step_id=step.id,
        draft_id=draft.id,
        buttons=[*_parts(step), [["cancel", draft.id, "先放一放"]]],
        part=part.name,
        **_facts(matter),
    )


def _show(turn: Turn, step: Step, matter: Matter) -> None:
    """The whole report, to be read once more before it is sent."""
    label = move.procedure_of(turn.desk, matter).step(step.key).sign
    turn.answer(
        "petition.complete",
        matter_id=matter.id,
        step_id=step.id,
        buttons=[[["sign", step.id, f"📨 {label}"]], *_parts(step)],
        **_facts(matter),
    )


def _parts(step: Step) -> list[list[list[Any]]]:
    choices = [["report_part", f"{step.id}:{i}", f"✏️ {part.name}"] for i, part in enumerate(rule.PARTS)]
    return [[list(button) for button in row] for row in rows_of(choices)]


def _facts(matter: Matter) -> dict[str, Any]:
    return {"register_no": matter.register_no, "title": matter.title, **petition.facts(matter)}


VERBS = {"report_parts": write, "report_part": one_part}
CONTINUE = {FORM: continue_report}
