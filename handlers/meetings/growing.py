"""A meeting changes or another topic joins it; where that exceeds a cap the reason is asked for (M5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from handlers import reading
from handlers.context import Turn
from handlers.meetings import common
from office.desk import Refused
from office.meetings import approval, call, notice
from storage.models import Draft, Matter

FORM = "mt_grows"
_TIMES = ("at", "ends")


def change(turn: Turn, matter: Matter, wanted: dict[str, Any], reason: str | None = None) -> None:
    """Make a change (at, ends, place) or join a topic, ask for its approval, or for the reason first."""
    try:
        what = approval.change_or_ask(turn.desk, matter, turn.member, wanted, reason)
    except Refused as refused:
        if refused.reason != FORM:
            raise
        _ask_reason(turn, matter, wanted, refused.facts["over"])
        return
    if what is None:
        _say(turn, matter, "meeting.change_waits", register_no=matter.register_no, title=matter.title)
    elif "topic" in wanted:
        told = bool(matter.details.get("noticed"))
        said = {"register_no": matter.register_no, "title": matter.title, "topic": wanted["topic"]}
        _say(turn, matter, "meeting.merged", told=told, **said)
    else:
        _say_changed(turn, matter, what)


def _say(turn: Turn, matter: Matter, wording: str, **facts: Any) -> None:
    turn.answer(wording, matter_id=matter.id, buttons=[[["details", matter.id]]], **facts)


def _say_changed(turn: Turn, matter: Matter, what: list[str]) -> None:
    others = call.beside(turn.desk, call.slot(matter), but=matter.id)
    beside = [one.model_dump(mode="json") for one in others if one.room or one.people]
    said = notice.facts(turn.desk, matter) | {"told": bool(matter.details.get("noticed"))}
    _say(turn, matter, "meeting.changed", what=what, beside=beside, **said)


def _ask_reason(turn: Turn, matter: Matter, wanted: dict[str, Any], over: list[str]) -> None:
    kept = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in wanted.items()}
    question = f"这样会超过会议标准，须主任批准：{'；'.join(over)}。请写明理由。"
    common.ask(turn, FORM, matter, question, "reason", wanted=kept)


def continue_reason(turn: Turn, draft: Draft) -> None:
    """The reason: then it goes to whoever approves it."""
    matter = common.about(turn, draft)
    kept: dict[str, Any] = dict(draft.data["wanted"])
    times = {key: datetime.fromisoformat(kept[key]) for key in _TIMES if kept.get(key)}
    change(turn, matter, kept | times, reading.plain(turn.text))
    common.asked(turn, draft)


CONTINUE = {FORM: continue_reason}
