"""决定事项 会3号 1. …；2. …: each point becomes a task with a unit and a limit (M4)."""

from __future__ import annotations

from handlers import log, reading
from handlers.context import Turn
from handlers.meetings import common
from handlers.supervision import task_entry
from office import bearings
from office.desk import Refused
from office.meetings import decisions, notice
from office.supervision import ledger
from office.supervision.ledger import TaskForm
from rules.reading.meeting import read_points
from storage.models import Draft, Matter

_QUESTION = (
    "请发议定事项，编号列出，写明单位和时限，例如：1. 水利局12月10日前完成排查；2. 财政局12月15日前拨付资金"
)


def said(turn: Turn, text: str) -> None:
    """决定事项 会3号 1. …；2. …; without points it shows how those of the meeting stand."""
    matter, rest = common.meant(turn, text, over=True)
    if rest:
        begin(turn, matter, read_points(rest))
    elif rows := decisions.of_meeting(turn.desk, matter, bearings.units_shown(turn.desk, turn.group)):
        turn.answer(
            "meeting.decisions",
            matter_id=matter.id,
            buttons=[[["details", matter.id]]],
            register_no=matter.register_no,
            title=matter.title,
            rows=rows,
        )
    else:
        _check(turn, matter)
        common.ask(turn, "mt_decisions", matter, _QUESTION)


def pressed(turn: Turn, target: str) -> None:
    """📌 议定事项: those of the minutes, where it has points that name a unit; else they are asked for."""
    matter = common.seen(turn, target)
    _check(turn, matter)
    points = decisions.points(matter)
    found = [point for point in points if _names_unit(turn, point)]
    if found and not decisions.of_meeting(turn.desk, matter):
        if left := [point for point in points if point not in found]:
            turn.answer("meeting.points_left", matter_id=matter.id, points=left)
        begin(turn, matter, found)
    else:
        common.ask(turn, "mt_decisions", matter, _QUESTION)


def _names_unit(turn: Turn, point: str) -> bool:
    """Whether a point names a unit, be it with a slip of typing."""
    found = reading.whom(turn, point)
    return bool(found.units or found.choices)


def continue_decisions(turn: Turn, draft: Draft) -> None:
    """The list."""
    matter = common.about(turn, draft)
    found = read_points(reading.plain(turn.text))
    common.asked(turn, draft)
    begin(turn, matter, found)


def begin(turn: Turn, matter: Matter, points: list[str]) -> None:
    """Show the tasks as they were understood; confirmed they are entered, the meeting as their origin."""
    _check(turn, matter)
    forms = [_form(turn, matter, point) for point in points]
    if not forms:
        raise Refused("mt_no_points")
    log.begin(turn, task_entry.TASK, forms)


def _form(turn: Turn, matter: Matter, point: str) -> TaskForm:
    urgent, plain = decisions.is_urgent(point)
    read = task_entry.forms_of(turn, plain)
    form = read[0] if len(read) == 1 else TaskForm(title=plain[:300])
    units = reading.who(turn, plain)[1]
    number = matter.details.get("minutes", {}).get("number") or matter.register_no
    changes = {
        "parent_id": matter.id,
        "source": f"会议议定事项（{number}）",
        "section": form.section or (None if form.ambiguous else next(iter(units), None)),
        "remark": decisions.URGENT if urgent else form.remark,
    }
    return form.model_copy(update=changes)


def _check(turn: Turn, matter: Matter) -> None:
    """Refuses whoever neither organises the meeting nor supervises."""
    may = ledger.may_supervise(turn.desk, turn.member) or notice.organises(turn.desk, matter, turn.member)
    if not may:
        raise Refused("may_not_supervise")


VERBS = {"mt_decided": pressed}
CONTINUE = {"mt_decisions": continue_decisions}
SPOKEN = (("决定事项", said), ("议定事项", said))
