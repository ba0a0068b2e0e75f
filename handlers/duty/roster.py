"""The duty roster in chat: a spreadsheet or lines, shown, then confirmed (E6)."""

from __future__ import annotations

from typing import Any

from handlers import reading
from handlers.context import Turn
from office import duty_roster
from office.desk import Refused
from office.duty import may_keep
from office.duty_roster import RosterImported
from office.sheets import SIZE_LIMIT, Sheet
from rules.patterns import lazy
from storage import drafts
from storage.models import Draft

FORM = "duty_roster"
CAPTION = "值班表"
_DAY = r"(?:\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}[日号]?(?:[（(](?:周|星期).[）)])?"
_LINE = lazy(rf"(?P<day>{_DAY})\s*值班[:：\s]+(?P<names>.+)|值班\s*(?P<day2>{_DAY})[:：\s]+(?P<names2>.+)")
_POST_WORDS = lazy(r"带班领导|带班|主班|副班")
_NAMES = lazy(r"[\s、，,;；:：]+")


def lines_of(said: str) -> list[list[str]]:
    """11月25日值班 周明远 韩冰 孙可欣, one day a line; nothing unless every line is one."""
    found = [_LINE.fullmatch(line.strip()) for line in said.splitlines() if line.strip()]
    lines = []
    for one in found:
        if one is None:
            return []
        names = _POST_WORDS.sub(" ", one["names"] or one["names2"]).strip()
        lines.append([one["day"] or one["day2"], *_NAMES.split(names)[:4]])
    return lines


def wanted(turn: Turn) -> bool:
    """Whether a spreadsheet is a roster: its caption says so, or it was asked for."""
    return turn.text.strip().startswith(CAPTION) or _asked(turn) is not None


def _asked(turn: Turn) -> Draft | None:
    draft = drafts.asking(
        chat_id=turn.chat_id, member_id=turn.member_id, now=turn.desk.now, session=turn.desk.session
    )
    return draft if draft is not None and draft.form == FORM else None


def spreadsheet(turn: Turn) -> None:
    """A roster as a file: read, compared, shown for confirmation."""
    if turn.file is None or turn.file.content is None:
        raise Refused("people_file_too_big", limit=SIZE_LIMIT // 1024 // 1024)
    if (draft := _asked(turn)) is not None:
        drafts.write(draft, now=turn.desk.now, state="done")
    _show(turn, duty_roster.open_file(turn.file.name, turn.file.content))


def ask_file(turn: Turn, target: str) -> None:
    """The button 导入值班表: the next spreadsheet is a roster."""
    if not may_keep(turn.desk, turn.member):
        raise Refused("duty_may_not")
    turn.begin_draft(FORM, {}, asking="file")
    turn.answer("duty.roster_ask")


def continue_file(turn: Turn, draft: Draft) -> None:
    """Words in place of the spreadsheet that was asked for: lines of the roster."""
    lines = lines_of(reading.plain(turn.text))
    if not lines:
        raise Refused("duty_no_lines")
    drafts.write(draft, now=turn.desk.now, state="done")
    offer(turn, lines)


def _show(turn: Turn, sheets: list[Sheet]) -> None:
    foreseen = duty_roster.preview(turn.desk, sheets, turn.member)
    draft = turn.begin_draft(FORM, {"sheets": [sheet.model_dump(mode="json") for sheet in sheets]})
    buttons = [[["roster_yes", draft.id, "✅ 确认"], ["roster_no", draft.id, "✖️ 取消"]]]
    turn.answer("duty.roster_preview", draft_id=draft.id, buttons=buttons, **_counts(foreseen))


def roster_yes(turn: Turn, target: str) -> None:
    """The roster that was shown is taken over."""
    draft = reading.open_draft(turn, target, FORM, having="sheets")
    sheets = [Sheet.model_validate(one) for one in draft.data["sheets"]]
    done = duty_roster.take_over(turn.desk, sheets, turn.member)
    drafts.write(draft, now=turn.desk.now, data={}, state="done")
    turn.rewrite("duty.roster_done", **_counts(done))


def roster_no(turn: Turn, target: str) -> None:
    """It is not."""
    drafts.write(
        reading.open_draft(turn, target, FORM, having="sheets"), now=turn.desk.now, data={}, state="cancelled"
    )
    turn.rewrite("duty.roster_cancelled")


def _counts(done: RosterImported) -> dict[str, Any]:
    days = {"added": done.added, "changed": done.changed, "past": done.past, "swapped": done.swapped}
    return {
        **{key: [day.isoformat() for day in sorted(found)] for key, found in days.items()},
        "unchanged": done.unchanged,
        "gaps": list(done.gaps),
        "unknown": list(done.unknown),
    }


def offer(turn: Turn, lines: list[list[str]]) -> None:
    """Lines of the roster, shown for confirmation."""
    _show(turn, duty_roster.of_lines(lines))


VERBS = {
    "roster_file": ask_file,
    "roster_yes": roster_yes,
    "roster_no": roster_no,
}
