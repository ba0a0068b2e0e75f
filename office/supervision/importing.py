"""A ledger of tasks taken over from a spreadsheet: shown with its counts, then whole or not at all (V1).

Importing it again changes only what changed. Each unit's liaison gets one message with all of his.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from office import bearings, hand_out, post, sheets
from office.desk import Desk, Refused
from office.papers.wrong_rows import wrong_rows_xlsx
from office.sheets import Sheet, Unreadable
from office.supervision import course, import_changes, ledger, notices
from office.supervision.import_plan import CORRECTED, Change, Plan, plan
from office.supervision.ledger import TaskForm
from office.supervision.task_columns import HEADS, NAMES, NEEDED, TASK_LIMIT
from office.supervision.task_sheets import TaskRow, WrongRow, key_of
from storage import drafts, journal, matters, outbox, people
from storage.models import File, LedgerRow, Matter, Member

GIVEN = "tasks_given"
"""the form of what is kept of a liaison's list: a draft that asks nothing"""
_NAMED = (NAMES["title"], NAMES["section"], NAMES["due"])
LISTED = 20
"""tasks that a message lists; the rest is counted"""


class Imported(NamedTuple):
    """What an import did."""

    plan: Plan
    given: dict[str, int]
    """name of each liaison → how many tasks he got"""
    unreached: tuple[str, ...]
    """those of them who cannot be told: they have not joined, or have blocked the bot"""


def keeper(desk: Desk, name: str | None) -> Member:
    """In whose name the command line imports: who is named, else the head of the section that supervises."""
    head = bearings.head_of(desk, bearings.supervision(desk))
    found = people.by_name(name, session=desk.session) if name else head
    if found is None:
        raise Refused("import_nobody", name=name or "")
    return found


def open_file(name: str, content: bytes) -> list[Sheet]:
    """The sheets of a file. Refused import_errors where it is no ledger of tasks."""
    try:
        return sheets.read(name, content, HEADS, needed=NEEDED, named=_NAMED)
    except Unreadable as error:
        raise Refused("import_errors", lines=[str(error)], more=0) from None


def ledger_in(name: str, content: bytes) -> list[Sheet]:
    """The sheets of a file that nobody called a ledger of tasks but that has its columns; else none."""
    if not name.lower().endswith((".xlsx", ".csv")):
        return []
    try:
        found = sheets.read(name, content, HEADS, needed=NEEDED, named=_NAMED)
    except Unreadable:
        return []
    return found if any({"section", "due"} <= set(one.columns) for one in found) else []


def foresee(desk: Desk, name: str, found: Sequence[Sheet], by: Member) -> Plan:
    """What `take_over` would do now. Refused: import_may_not, import_too_many, import_no_tasks."""
    if not ledger.may_supervise(desk, by):
        raise Refused("import_may_not", section=desk.policy.supervision.section)
    foreseen = plan(desk, name, found)
    count = len(foreseen.read.rows) + len(foreseen.read.wrong)
    if count > TASK_LIMIT:
        raise Refused("import_too_many", count=count, limit=TASK_LIMIT)
    if not count:
        raise Refused("import_no_tasks")
    return _checked(desk, foreseen)


def _checked(desk: Desk, foreseen: Plan) -> Plan:
    """Rows that the ledger would refuse are wrong as well: a unit without anybody, a part that would
    outlive the whole."""
    faults = {row.place: fault for row in foreseen.new if (fault := _vacant(desk, row))}
    faults |= {one.row.place: fault for one in foreseen.changed if (fault := _outlives(desk, one))}
    if not faults:
        return foreseen
    rows = foreseen.read.rows
    wrong = [
        WrongRow(place=row.place, said=row.said, faults=(faults[row.place],))
        for row in rows
        if row.place in faults
    ]
    right = tuple(row for row in rows if row.place not in faults)
    read = foreseen.read.model_copy(update={"rows": right, "wrong": (*foreseen.read.wrong, *wrong)})
    return foreseen._replace(
        read=read,
        new=tuple(row for row in foreseen.new if row.place not in faults),
        changed=tuple(one for one in foreseen.changed if one.row.place not in faults),
    )


def _vacant(desk: Desk, row: TaskRow) -> tuple[str, str] | None:
    if ledger.liaison(desk, _form(row)) is not None:
        return None
    said = f"{row.section}在名单中没有人，请先在人员表中登记联络员"
    return "section", f"{row.place} {NAMES['section']}：{said}"


def _outlives(desk: Desk, change: Change) -> tuple[str, str] | None:
    if "due" not in change.fields:
        return None
    try:
        course.check_deferral(desk, change.matter, change.row.due)
    except Refused as refused:
        said = f"晚于所属事项 {refused.facts['whole']} 的时限，请先给那一项延期"
        return "due", f"{change.row.place} {NAMES['due']}：{said}"
    return None


def take_over(desk: Desk, name: str, found: Sequence[Sheet], by: Member) -> Imported:
    """Enter what is new and right, change what changed; read again, for the office may have changed since."""
    foreseen = foresee(desk, name, found, by)
    entered = [_enter(desk, foreseen.ledger, row, by) for row in foreseen.new]
    desk.session.add_all(kept for _, kept in entered)  # together, not each before the next
    for change in foreseen.changed:
        import_changes.apply(desk, change, by)
    journal.write(
        "tasks_imported",
        now=desk.now,
        session=desk.session,
        member_id=by.id,
        ledger=foreseen.ledger,
        new=len(foreseen.new),
        changed=len(foreseen.changed),
        wrong=len(foreseen.read.wrong),
    )
    import_changes.tell(desk, foreseen.changed, by)
    return _tell_new(desk, foreseen, [matter for matter, _ in entered], by)


def _form(row: TaskRow) -> TaskForm:
    return TaskForm.model_validate(
        {
            "title": row.title,
            "source": row.source or None,
            "section": row.section,
            "units": list(row.units),
            "handler": row.handler,
            "due": row.due,
            "due_words": row.said["due"],
            "rhythm": row.rhythm,
            "field": row.field or None,
            "remark": row.remark or None,
        }
    )


def _enter(desk: Desk, ledger_name: str, row: TaskRow, by: Member) -> tuple[Matter, LedgerRow]:
    matter = ledger.enter(desk, _form(row), by, told=False)
    if row.requirements:
        matter.details = matter.details | {"requirements": row.requirements}
    assert matter.id is not None
    kept = LedgerRow(
        ledger=ledger_name,
        key=key_of(row.said),
        matter_id=matter.id,
        row=row.model_dump(mode="json"),
        taken_at=desk.now,
    )
    return matter, kept


# --- who is told ------------------------------------------------------------------------------------


def _tell_new(desk: Desk, foreseen: Plan, entered: Sequence[Matter], by: Member) -> Imported:
    held: dict[int, list[tuple[int, Matter]]] = defaultdict(list)
    steps = matters.steps_of([one.id or 0 for one in entered], open_only=True, session=desk.session)
    for matter in entered:
        for step in steps[matter.id or 0]:
            held[step.holder_id].append((step.id or 0, matter))
    holders = people.with_ids(held, session=desk.session)
    unreached = []
    for holder_id, theirs in held.items():
        theirs.sort(key=lambda one: one[1].due_at or desk.now)
        if not _give(desk, holders[holder_id], theirs, by):
            unreached.append(holders[holder_id].name)
    return Imported(
        plan=foreseen,
        given={holders[i].name: len(theirs) for i, theirs in held.items()},
        unreached=tuple(unreached),
    )


def _give(desk: Desk, holder: Member, theirs: Sequence[tuple[int, Matter]], by: Member) -> bool:
    """One message with all that a liaison got; False where he cannot be told."""
    if holder.telegram_id is None or holder.id is None:
        return False
    kept = drafts.keep(
        GIVEN,
        chat_id=holder.telegram_id,
        member_id=holder.id,
        data={"steps": [step_id for step_id, _ in theirs]},
        now=desk.now,
        session=desk.session,
    )
    sign = ["tasks_sign", kept.id, f"✍️ 全部签收（{len(theirs)} 项）"]
    papers = ["tasks_notices", kept.id, "📎 督办通知单"]
    card = post.to_member(
        desk,
        holder,
        "task_import.given",
        kind="note",
        cause=f"tasks_given:{kept.id}",
        buttons=[[sign], [papers, ["menu", "mine", "📋 打开待办"]]],
        by=by.name,
        units=list(dict.fromkeys(matter.section for _, matter in theirs)),
        sources=list(dict.fromkeys(matter.sender for _, matter in theirs if matter.sender)),
        lines=[_line(matter) for _, matter in theirs[:LISTED]],
        total=len(theirs),
    )
    return card is not None


def _line(matter: Matter) -> dict[str, Any]:
    return {
        "register_no": matter.register_no,
        "number": matter.number,
        "title": matter.title,
        "due": matter.due_at.isoformat() if matter.due_at else None,
    }


def issue_notices(desk: Desk, step_ids: Sequence[int], to: Member) -> int:
    """The supervision notice of each of these tasks that was not sent before; how many those are."""
    steps = [one for step_id in step_ids if (one := matters.step(step_id, session=desk.session))]
    found = matters.with_ids([one.matter_id for one in steps], session=desk.session)
    causes = {notices.cause(matter, to): matter for matter in found}
    sent = outbox.told(causes, session=desk.session)
    fresh = [matter for cause, matter in causes.items() if cause not in sent]
    for matter in fresh:
        notices.issue(desk, matter, to)
    return len(fresh)


# --- what is given back -----------------------------------------------------------------------------


def give_back(desk: Desk, name: str, wrong: Sequence[WrongRow], by: Member) -> File:
    """The wrong rows as a spreadsheet to correct and to send again, kept as a file."""
    content = wrong_rows_xlsx(wrong, written_at=desk.now)
    stem = name.rsplit(".", 1)[0].removesuffix(CORRECTED)
    return hand_out.keep(desk, f"{stem}{CORRECTED}.xlsx", hand_out.XLSX, content, by=by)


def counts(foreseen: Plan) -> dict[str, Any]:
    """An import in numbers and lines, as it is shown; JSON values."""
    read = foreseen.read
    rows = read.rows
    return {
        "ledger": foreseen.ledger,
        "total": len(rows) + len(read.wrong),
        "fields": _many(row.field for row in rows),
        "units": len({row.section for row in rows}),
        "new": len(foreseen.new),
        "unchanged": foreseen.unchanged,
        "changed": [_shown(one) for one in foreseen.changed[:LISTED]],
        "changed_total": len(foreseen.changed),
        "over": [one.matter.register_no for one in foreseen.over[:LISTED]],
        "gone": [_line(one) for one in foreseen.gone[:LISTED]],
        "gone_total": len(foreseen.gone),
        "wrong": [line for one in read.wrong for line in one.lines][:LISTED],
        "wrong_total": len(read.wrong),
        "notes": list(read.notes[:LISTED]),
        "unknown": list(read.unknown),
    }


def _many(fields: Iterable[str]) -> dict[str, int]:
    return dict(Counter(field for field in fields if field))


def _shown(change: Change) -> dict[str, Any]:
    return {**_line(change.matter), "changes": import_changes.shown(change)}
