"""The oral report: 已知悉 pressed, or a leader told by telephone and recorded (E1)."""

from __future__ import annotations

import re

from handlers import instruct, reading
from handlers.context import Turn, rows_of
from handlers.emergency import common
from office import emergency as acts
from office.desk import Refused
from rules.patterns import lazy
from storage import drafts, people
from storage.models import Draft, Matter
from storage.outbox import EMERGENCY

PHONED = lazy(r"^(?:已(?:电话|口头|当面)|(?:电话|口头|当面)已)(?:报告|汇报)(?P<rest>.*)$", re.S)
"""电话已报告 周县长 14:05"""


def known_pressed(turn: Turn, target: str) -> None:
    """👌 已知悉"""
    step_id = reading.number(target)
    stopped = acts.known(turn.desk, step_id, turn.member)
    turn.say(
        "已记录：您已知悉" if stopped else "已记录。尚无县领导知悉，口头报告的时限仍在走", alert=not stopped
    )


def phoned(turn: Turn, matter: Matter, said: str) -> None:
    """电话已报告 周县长 14:05"""
    names, _, ambiguous = reading.who(turn, said)
    to = people.by_name(names[0], session=turn.desk.session) if names else None
    if to is None:
        _ask_phoned(turn, matter, ambiguous)
        return
    _note_call(turn, matter, said, to.name)


def _note_call(turn: Turn, matter: Matter, said: str, name: str) -> None:
    to = people.by_name(name, session=turn.desk.session)
    if to is None:
        raise Refused("nobody_meant")
    at = instruct.moment_of(turn, said, matter.received_at)
    stopped = acts.phoned(turn.desk, matter, turn.member, to, at)
    turn.answer(
        "emergency.phoned",
        matter_id=matter.id,
        priority=EMERGENCY,
        register_no=matter.register_no,
        to=to.name,
        at=at.isoformat(),
        now=turn.desk.now.isoformat(),
        stopped=stopped or acts.running(turn.desk, matter, "oral") is None,
    )


def phone_pressed(turn: Turn, target: str) -> None:
    """☎️ 电话已报告: whom, and when?"""
    matter = common.seen(turn, target)
    acts.check(turn.desk, matter, turn.member)
    _ask_phoned(turn, matter, ())


def _ask_phoned(turn: Turn, matter: Matter, among: tuple[str, ...]) -> None:
    draft = turn.begin_draft("em_phoned", {"matter_id": matter.id, "asking": "who"}, asking="who")
    oral = acts.running(turn.desk, matter, "oral")
    leaders = [one.name for one in people.with_role("leader", session=turn.desk.session)]
    holder = people.member(oral.holder_id, session=turn.desk.session).name if oral else None
    names = list(among) or list(dict.fromkeys([*([holder] if holder else []), *leaders]))[:6]
    found = [["em_called", f"{draft.id}:{place}", name] for place, name in enumerate(names)]
    drafts.write(draft, now=turn.desk.now, data={**draft.data, "names": names}, asking="who")
    turn.answer(
        "emergency.ask_words",
        kind="question",
        matter_id=matter.id,
        draft_id=draft.id,
        buttons=[*rows_of(found, 3), [["cancel", draft.id]]],
        priority=EMERGENCY,
        register_no=matter.register_no,
        question="电话报告了哪位领导？点选按现在的时间登记；也可以写：周县长 14:05",
    )


def called_pressed(turn: Turn, target: str) -> None:
    """A leader was chosen: told just now."""
    draft_id, _, place = target.partition(":")
    draft = common.own_draft(turn, draft_id, "em_phoned")
    name = reading.picked(draft.data["names"], place)
    if name is None:
        raise Refused("button_unknown")
    matter = common.asked(turn, draft)
    drafts.write(draft, now=turn.desk.now, state="done")
    _note_call(turn, matter, "", str(name))


def continue_phoned(turn: Turn, draft: Draft) -> None:
    """周县长 14:05"""
    matter = common.asked(turn, draft)
    drafts.write(draft, now=turn.desk.now, state="done")
    phoned(turn, matter, reading.plain(turn.text))


VERBS = {"em_known": known_pressed, "em_phone": phone_pressed, "em_called": called_pressed}
CONTINUE = {"em_phoned": continue_phoned}
