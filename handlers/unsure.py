"""What is not recognised and yet is hardly talk: one question with two buttons, nothing done by itself."""

from __future__ import annotations

from datetime import datetime

from handlers import log, reading
from handlers.context import Turn
from handlers.emergency import opening
from rules.reading import MessageReading, read_message
from storage import drafts
from storage.outbox import ANSWER, EMERGENCY

FORM = "unsure"
_YES = {"log": "📝 登记", "emergency": "🚨 是，立即上报"}
_NO = {"log": "不用", "emergency": "不是"}


def asks(turn: Turn, read: MessageReading) -> bool:
    """Ask what an unrecognised message is meant as; False: it is no more than talk."""
    if read.hint is None or (read.hint == "log" and not _may_be_entered(turn)):
        return False
    said = {
        "hint": read.hint,
        "text": reading.plain(turn.text),
        "at": turn.desk.now.isoformat(),
        "forwarded_from": turn.forwarded_from,
    }
    draft = turn.begin_draft(FORM, said, source=turn.message_id)
    turn.answer(
        f"help.unsure_{read.hint}",
        draft_id=draft.id,
        buttons=[[["unsure_yes", draft.id, _YES[read.hint]], ["unsure_no", draft.id, _NO[read.hint]]]],
        priority=EMERGENCY if read.hint == "emergency" else ANSWER,
    )
    return True


def _may_be_entered(turn: Turn) -> bool:
    """Only in private is it asked about, and only of who may register."""
    return turn.private and turn.desk.policy.may(turn.member.roles, "register")


def meant(turn: Turn, target: str) -> None:
    """It is what it looked like: the first message opens it, an emergency as of its receipt."""
    draft = reading.open_draft(turn, target, FORM, having="hint")
    drafts.write(draft, now=turn.desk.now, state="done")
    hint, received = draft.data["hint"], datetime.fromisoformat(str(draft.data["at"]))
    turn.text, turn.forwarded_from = str(draft.data["text"]), draft.data["forwarded_from"]
    turn.rewrite("help.unsure_taken", hint=hint)
    if hint == "log":
        read = reading.message(turn, as_log=True)
        log.start(turn, read.items if read.act == "log" else ())
        return
    then = reading.context(turn).model_copy(update={"reference": turn.desk.calendar.local(received)})
    read = read_message(f"快报 {turn.text}", then)
    item = read.items[0] if read.act == "emergency" and read.items else None
    opening.begin(turn, turn.text, item, received=received)


def not_meant(turn: Turn, target: str) -> None:
    """It was only talk: nothing is kept open."""
    draft = reading.open_draft(turn, target, FORM)
    drafts.write(draft, now=turn.desk.now, state="cancelled")
    turn.rewrite("help.unsure_left", hint=draft.data["hint"])


VERBS = {"unsure_yes": meant, "unsure_no": not_meant}
