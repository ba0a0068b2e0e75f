"""Progress in chat (V3): the list, task after task, 进展 督8号 完成60% …, a reply to the card."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from handlers import naming, reading
from handlers.context import Turn
from handlers.keyboards import Rows
from office import attachments, bearings
from office.attachments import FirstPage
from office.desk import Refused
from office.supervision import progress, progress_list
from office.supervision.progress import Owed, Report
from rules.patterns import lazy
from rules.reading.progress import read_progress, said_day
from rules.reading.register_no import read_register_no
from rules.recurring import in_words, period_of
from storage import drafts, files, matters, people
from storage.models import Draft, Matter, Progress

FORM = "progress"
UNITS = 40
_MONTH = lazy(r"(?:1[0-2]|[1-9])月份?")
_SKIP = lazy(r"跳过|下一[项个件条]|先跳过")
_STOP = lazy(r"先到这里|(?:先)?停(?:一下)?|不报了|退出")
_SAYS = lazy(r"[%％]|百分之|[1-9一二三四五六七八九]成")


# --- the list ---------------------------------------------------------------------------------------


def show_list(turn: Turn, target: str = "0") -> None:
    """📋 看清单, a page: in its own message, else as a new one that stands for it."""
    rows = progress.owed_by(turn.desk, turn.member)
    said, buttons = progress_list.shown(turn.desk, rows, reading.number(target))
    if turn.card is not None and turn.card.kind == progress_list.KIND:
        turn.rewrite("progress.list", buttons=buttons, **said)
        return
    if turn.private:
        for card in progress_list.standing(turn.desk, turn.member):
            card.standing = False
    turn.answer("progress.list", kind=progress_list.KIND if turn.private else "note", buttons=buttons, **said)


def go(turn: Turn, target: str) -> None:
    """▶️ 逐项填报: the first that is still to be given."""
    _next(turn, None, [])


def _next(turn: Turn, before: dict[str, Any] | None, skipped: Sequence[int]) -> None:
    """Ask for the next of the list; where none is left, say how it stands."""
    rows = progress.owed_by(turn.desk, turn.member)
    rest = [one for one in rows if not one.done and one.matter.id not in skipped]
    if rest:
        _ask(turn, rest[0], rows, before, list(skipped))
        return
    said = progress.heading(turn.desk, rows)
    over = "progress.paused" if said["given"] < said["total"] else "progress.all_done"
    turn.answer(over, buttons=_list_button(said), before=before, **said)


def _list_button(said: dict[str, Any]) -> Rows:
    return [[["progress_go", 0, "▶️ 继续"]]] if said["given"] < said["total"] else []


def _ask(
    turn: Turn, owed: Owed, rows: Sequence[Owed], before: dict[str, Any] | None, skipped: list[int]
) -> None:
    data = {"matter_id": owed.matter.id, "queue": True, "skipped": skipped}
    draft = turn.begin_draft(FORM, data, asking="say")
    buttons: list[list[list[Any]]] = [[["progress_same", draft.id, "↔️ 与上次相同"]]] if owed.last else []
    buttons.append([["progress_skip", draft.id, "⏭ 跳过"], ["progress_stop", draft.id, "⏸ 先到这里"]])
    place = next(i for i, one in enumerate(rows, 1) if one.matter.id == owed.matter.id)
    said = progress.facts(turn.desk, owed) | {"before": before, "place": place, "total": len(rows)}
    turn.answer("progress.ask", kind="question", draft_id=draft.id, buttons=buttons, **said)


def show_units(turn: Turn, said: str) -> None:
    """进展 · 进展 10月, of the supervising section: how many each unit has given."""
    today = turn.desk.calendar.local(turn.desk.now).date()
    month = int(said.removesuffix("月").removesuffix("月份") or today.month) if said else today.month
    if not 1 <= month <= 12:
        raise Refused("progress_no_month", said=said)
    period = period_of("monthly", today.replace(year=today.year - (month > today.month), month=month, day=1))
    only = bearings.units_shown(turn.desk, turn.group)
    found = progress.by_unit(turn.desk, period.key)
    rows = [one._asdict() for one in found if only is None or one.unit in only]
    total = {key: sum(one[key] for one in rows) for key in ("asked", "in_time", "late", "missing")}
    shown: dict[str, Any] = {"rows": rows[:UNITS], "more": rows[UNITS:], "only": only}
    turn.answer("progress.units", period=in_words(period.key), **shown, **total)


# --- one task ---------------------------------------------------------------------------------------


def take(turn: Turn, said: str) -> None:
    """进展 督8号 完成60%，管网已铺设12公里 · 进展 督8号 · 进展: a report, its question, the list."""
    if turn.reply_card is None and (not said or _MONTH.fullmatch(said)):
        if turn.member.unit == bearings.supervision(turn.desk):
            show_units(turn, said)
        else:
            show_list(turn)
        return
    series = {one.series for one in turn.desk.policy.tasks.values()}
    matter, rest = naming.matter_of(turn, said, series=series)
    progress.check(turn.desk, matter, turn.member)
    draft = turn.begin_draft(FORM, {"matter_id": matter.id, "queue": False}, asking="say")
    if rest:
        _read(turn, draft, matter, rest)
    else:
        _ask_alone(turn, draft, matter)


def ask_for(turn: Turn, target: str) -> None:
    """📈 报进展 on the card of a task."""
    matter = matters.matter(reading.number(target), session=turn.desk.session)
    progress.check(turn.desk, matter, turn.member)
    _ask_alone(turn, turn.begin_draft(FORM, {"matter_id": matter.id, "queue": False}, asking="say"), matter)


def _ask_alone(turn: Turn, draft: Draft, matter: Matter) -> None:
    said = progress.task_facts(turn.desk, matter) | {"before": None, "place": 1, "total": 1}
    buttons: list[list[list[Any]]] = [[["progress_same", draft.id, "↔️ 与上次相同"]]] if said["at"] else []
    buttons.append([["cancel", draft.id]])
    turn.answer("progress.ask", kind="question", draft_id=draft.id, buttons=buttons, **said)


def numbered(turn: Turn) -> bool:
    """督8号 完成60%，…: a task's number with its series, and how far it is. False: it says something else."""
    series = {one.series for one in turn.desk.policy.tasks.values()}
    said = reading.plain(turn.text)
    found = read_register_no(said, series)
    if found is None or found.series is None or not _SAYS.search(found.rest):
        return False
    take(turn, said)
    return True


def replied(turn: Turn, bound: Matter) -> bool:
    """A reply to a task's card that says how far it is. False: it says something else."""
    said = reading.plain(turn.text)
    if bound.procedure not in turn.desk.policy.tasks or not _SAYS.search(said) or bound.state != "open":
        return False
    if not progress.may_report(turn.desk, bound, turn.member):
        return False
    _read(turn, turn.begin_draft(FORM, {"matter_id": bound.id, "queue": False}, asking="say"), bound, said)
    return True


def continue_report(turn: Turn, draft: Draft) -> None:
    """The answer to what was asked: the sentence, the percentage, why it went down."""
    said = reading.plain(turn.text)
    if _SKIP.fullmatch(said) and draft.data["queue"]:
        skip(turn, str(draft.id))
    elif _STOP.fullmatch(said):
        stop(turn, str(draft.id))
    elif draft.asking == "why":
        _take(turn, draft, _report(draft).model_copy(update={"why": said}))
    elif draft.asking == "percent":
        told = _told(said, bare=True)
        if told.percent is None:
            raise Refused("progress_percent", said=said)
        _take(turn, draft, _report(draft).model_copy(update={"percent": told.percent}))
    else:
        _read(turn, draft, _matter(turn, draft), said)


def _told(said: str, *, bare: bool = False) -> Any:
    try:
        return read_progress(said, bare=bare)
    except ValueError as error:
        raise Refused("progress_percent", said=str(error)) from None


def _read(turn: Turn, draft: Draft, matter: Matter, said: str) -> None:
    told = _told(said, bare=True)
    of = _of_day(turn, said)
    given = Report(percent=told.percent, words=told.words, unchanged=told.unchanged, claimed_at=of)
    if given.percent is None and not given.unchanged:
        _ask_percent(turn, draft, matter, given)
    else:
        _take(turn, draft, given)


def _of_day(turn: Turn, said: str) -> datetime | None:
    """The instant a report says it is of: 截至11月20日 is the close of business of that day."""
    calendar = turn.desk.calendar
    try:
        day = said_day(said, calendar.local(turn.desk.now).date())
    except ValueError:
        raise Refused("progress_day") from None
    return min(calendar.close_of(day), turn.desk.now) if day else None


def _ask_percent(turn: Turn, draft: Draft, matter: Matter, given: Report) -> None:
    """Words without a percentage: one tap more."""
    last = progress.percent_of(turn.desk, matter) or 0
    choices = sorted({last, *range(10, 101, 10)} - set(range(last)))
    buttons = [["progress_percent", f"{draft.id}:{one}", f"{one}%"] for one in choices]
    rows = [buttons[i : i + 4] for i in range(0, len(buttons), 4)]
    rows.append([["progress_percent", f"{draft.id}:-", "不写百分比"]])
    _keep(turn, draft, given, "percent")
    said: dict[str, Any] = {"register_no": matter.register_no, "words": given.words}
    turn.answer("progress.ask_percent", kind="question", draft_id=draft.id, buttons=rows, **said)


def _take(turn: Turn, draft: Draft, given: Report) -> None:
    """Keep the report, or ask why it went down; then the next of the list."""
    matter = _matter(turn, draft)
    before = progress.falls_from(turn.desk, matter, given)
    if before is not None:
        _keep(turn, draft, given, "why")
        buttons = [[["progress_redo", draft.id, "✏️ 重填"]]]
        turn.answer(
            "progress.ask_why",
            kind="question",
            draft_id=draft.id,
            buttons=buttons,
            register_no=matter.register_no,
            last=before,
            now=given.percent,
        )
        return
    kept = progress.report(turn.desk, matter, turn.member, given)
    drafts.write(draft, now=turn.desk.now, state="done")
    _refresh_lists(turn, matter)
    said: dict[str, Any] = _said(turn, matter, kept)
    if draft.data["queue"]:
        _next(turn, said, draft.data["skipped"])
    else:
        turn.answer("progress.one_done", matter_id=matter.id, buttons=[[["details", matter.id]]], **said)


def _refresh_lists(turn: Turn, matter: Matter) -> None:
    concerned = people.with_ids({turn.member_id, matter.handler_id or 0}, session=turn.desk.session)
    for one in concerned.values():
        progress_list.refresh(turn.desk, one)


def _said(turn: Turn, matter: Matter, kept: Progress) -> dict[str, Any]:
    file = files.with_ids([kept.file_id], session=turn.desk.session) if kept.file_id else []
    return {
        "register_no": matter.register_no,
        "title": matter.title,
        "percent": kept.percent,
        "words": kept.words,
        "file": file[0].name if file else None,
    }


def _keep(turn: Turn, draft: Draft, given: Report, asking: str) -> None:
    data = draft.data | {"report": given.model_dump(mode="json")}
    drafts.write(draft, now=turn.desk.now, data=data, asking=asking)


def _report(draft: Draft) -> Report:
    return Report.model_validate(draft.data.get("report", {}))


def _matter(turn: Turn, draft: Draft) -> Matter:
    return matters.matter(int(draft.data["matter_id"]), session=turn.desk.session)


# --- buttons ----------------------------------------------------------------------------------------


def _own_draft(turn: Turn, target: str) -> Draft:
    draft = reading.own_draft(turn, target, FORM)
    if draft.state != "open":
        raise Refused("progress_answered", register_no=_matter(turn, draft).register_no)
    return draft


def same(turn: Turn, target: str) -> None:
    """与上次相同."""
    _take(turn, _own_draft(turn, target), Report(unchanged=True))


def skip(turn: Turn, target: str) -> None:
    """跳过: the next; this one stays open."""
    draft = _own_draft(turn, target)
    drafts.write(draft, now=turn.desk.now, state="cancelled")
    _next(turn, None, [*draft.data.get("skipped", []), int(draft.data["matter_id"])])


def stop(turn: Turn, target: str) -> None:
    """先到这里: what was given is kept, the rest waits."""
    drafts.write(_own_draft(turn, target), now=turn.desk.now, state="cancelled")
    said = progress.heading(turn.desk, progress.owed_by(turn.desk, turn.member))
    turn.answer("progress.paused", buttons=_list_button(said), before=None, **said)


def choose_percent(turn: Turn, target: str) -> None:
    """A percentage was chosen, or none."""
    draft_id, _, chosen = target.partition(":")
    draft = _own_draft(turn, draft_id)
    if chosen != "-" and not (chosen.isdigit() and int(chosen) <= 100):
        raise Refused("button_unknown")
    percent = None if chosen == "-" else int(chosen)
    _take(turn, draft, _report(draft).model_copy(update={"percent": percent}))


def redo(turn: Turn, target: str) -> None:
    """重填: what was written is forgotten, the task is asked for again."""
    draft = _own_draft(turn, target)
    rows = progress.owed_by(turn.desk, turn.member)
    owed = next((one for one in rows if one.matter.id == draft.data["matter_id"] and not one.done), None)
    drafts.write(draft, now=turn.desk.now, state="cancelled")
    if owed is not None and draft.data["queue"]:
        _ask(turn, owed, rows, None, draft.data["skipped"])
    else:
        ask_for(turn, str(draft.data["matter_id"]))


# --- files ------------------------------------------------------------------------------------------


def awaits_file(turn: Turn) -> bool:
    """Whether what is being asked is a report: a file may be it."""
    draft = drafts.asking(
        chat_id=turn.chat_id, member_id=turn.member_id, now=turn.desk.now, session=turn.desk.session
    )
    return draft is not None and draft.form == FORM and turn.reply_card is None


def captioned(turn: Turn) -> bool:
    """Whether the words under a file are a report: 进展 督8号 完成60%."""
    return re.match(r"进展[\s:：督]", reading.plain(turn.text)) is not None


def take_captioned(turn: Turn, page: FirstPage, content: bytes) -> None:
    """A file under which a report is written."""
    series = {one.series for one in turn.desk.policy.tasks.values()}
    said = reading.plain(turn.text).removeprefix("进展").strip(" :：，,")
    matter, turn.text = naming.matter_of(turn, said, series=series)
    turn.begin_draft(FORM, {"matter_id": matter.id, "queue": False}, asking="say")
    take_file(turn, page, content)


def take_file(turn: Turn, page: FirstPage, content: bytes) -> None:
    """A file as the report, with or without words under it."""
    draft = drafts.asking(
        chat_id=turn.chat_id, member_id=turn.member_id, now=turn.desk.now, session=turn.desk.session
    )
    assert draft is not None and turn.file is not None
    matter = _matter(turn, draft)
    progress.check(turn.desk, matter, turn.member)
    file = attachments.keep(turn.desk, page, content, turn.member, turn.file.file_id, matter)
    told = _told(reading.plain(turn.text))
    earlier = _report(draft)
    percent = told.percent if told.percent is not None else earlier.percent
    words = told.words or earlier.words
    given = Report(percent=percent, words=words, file_id=file.id)
    if percent is None:
        _ask_percent(turn, draft, matter, given.model_copy(update={"words": words or page.name}))
    else:
        _take(turn, draft, given)


VERBS = {
    "progress": ask_for,
    "progress_list": show_list,
    "progress_go": go,
    "progress_same": same,
    "progress_skip": skip,
    "progress_stop": stop,
    "progress_percent": choose_percent,
    "progress_redo": redo,
}
CONTINUE = {FORM: continue_report}
