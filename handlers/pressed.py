"""Buttons: which verb is which act. A button is checked again when it is pressed: it proves nothing."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.exc import NoResultFound

from handlers import (
    amend,
    ask,
    by_number,
    files,
    find,
    follow_up,
    hand_over,
    instruct,
    leave,
    lists,
    log,
    meetings,
    members,
    move,
    own_unit,
    petition,
    questions,
    recurring,
    reports,
    snooze,
    spreadsheets,
    telephone,
    unsure,
    words,
)
from handlers import help as helping
from handlers.context import Turn
from handlers.duty import log as duty_log
from handlers.duty import shift
from handlers.emergency import menu, opening
from handlers.emergency import words as emergency_words
from handlers.supervision import bulletin, campaigns, progress, progress_sheet, task_import, tasks, visits
from office import bearings
from office.desk import Refused
from storage import matters

VERBS: dict[str, Callable[[Turn, str], None]] = {
    "confirm": log.confirm,
    "edit": log.edit,
    "cancel": log.cancel,
    "choose": log.choose,
    "undo": log.undo,
    "confirm_all": lists.confirm_all,
    "one_by_one": lists.one_by_one,
    "acknowledge": move.acknowledge,
    "sign": move.sign,
    "shortcut": move.shortcut,
    "write": words.ask("write"),
    "sign_words": by_number.sign_words,
    "hand_over": hand_over.ask_who,
    "to": hand_over.to_person,
    "to_unit": hand_over.to_unit,
    "send_back": words.ask("send_back"),
    "return_to_sender": words.ask("return_to_sender"),
    "close": words.ask("close"),
    "skip": words.skip,
    "defer": words.ask("defer"),
    "defer_to": words.limit_chosen,
    "grant": move.grant,
    "refuse": move.refuse,
    "take_over": move.take_over,
    "urge": move.urge_holder,
    "which": by_number.which,
    "snooze": snooze.snooze,
    "later": snooze.later,
    "details": find.details,
    "timeline": find.show_timeline,
    "ask": ask.press,
    "mine": find.mine_page,
    "digest": find.turn_digest,
    "help_topic": helping.topic,
    "menu": lambda turn, target: _menu(turn, target),
    "files": files.send,
    "amend": amend.confirm,
    **follow_up.VERBS,
    **members.VERBS,
    **leave.VERBS,
    **shift.VERBS,
    **duty_log.VERBS,
    **petition.VERBS,
    **tasks.VERBS,
    **visits.VERBS,
    **progress.VERBS,
    **own_unit.VERBS,
    **campaigns.VERBS,
    **meetings.VERBS,
    **progress_sheet.VERBS,
    **questions.VERBS,
    **recurring.VERBS,
    **reports.VERBS,
    **instruct.VERBS,
    **menu.VERBS,
    **emergency_words.VERBS,
    **telephone.VERBS,
    **task_import.VERBS,
    **spreadsheets.VERBS,
    **bulletin.VERBS,
    **unsure.VERBS,
}


def press(turn: Turn) -> None:
    """A button was pressed: its verb's act, with what it carries."""
    verb, _, target = turn.text.partition(":")
    act = VERBS.get(verb)
    if act is None:
        raise Refused("button_unknown")
    try:
        act(turn, target)
    except NoResultFound:  # a number that nothing has: nobody but a forger sends it
        raise Refused("button_unknown") from None
    except Refused as refused:
        if _is_of_others(turn, refused):
            raise Refused("button_unknown") from None
        raise


def _is_of_others(turn: Turn, refused: Refused) -> bool:
    """Whether a refusal tells of a matter that the presser may not see: nobody gave him the button (P4)."""
    meant = matters.called(str(refused.facts.get("register_no") or ""), session=turn.desk.session)
    if meant is None or (turn.card is not None and turn.card.matter_id == meant.id):
        return False
    return not bearings.may_see(turn.desk, meant, member=turn.member)


def _menu(turn: Turn, target: str) -> None:
    match target:
        case "log":
            log.start(turn)
        case "mine":
            find.mine(turn)
        case "report":
            opening.report(turn)
        case "find":
            ask.look(turn, "")
        case _:
            helping.help_(turn)
