"""Reading what a member wrote, with the office's own words: the border between a turn and rules/reading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

from handlers.context import Turn
from office.desk import Refused
from rules import reading as rules
from rules.patterns import lazy
from rules.posts import head_of
from rules.reading import Context, MessageReading
from rules.roster import Roster
from rules.when import no_such_time
from storage import drafts, people
from storage.models import Draft

T = TypeVar("T")

TEXT_LIMIT = 4096
MOVES = ("sign", "close", "defer", "hand_over")
"""acts on a matter that is there already"""
_MENTION = lazy(r"^\s*[@＠]\w+\s*")
_BARE_NUMBER = lazy(r"[#＃]?([0-9]{1,5})\s+(?=\D)")


def context(turn: Turn) -> Context:
    """All that reading may know of a turn."""
    known = turn.forwarded_from in turn.desk.roster.by_name
    writer = turn.member.name if turn.forwarded_from is None else turn.forwarded_from if known else None
    return Context(
        roster=turn.desk.roster,
        calendar=turn.desk.calendar,
        words=turn.desk.policy.words,
        secrecy=turn.desk.policy.secrecy,
        writer=writer,
        chat="private" if turn.private else "group",
        reference=turn.desk.calendar.local(turn.desk.now),
    )


def message(turn: Turn, *, as_log: bool = False) -> MessageReading:
    """What a message wants done; `as_log`: it stands for a document, whatever its first word."""
    text = plain(turn.text)
    said = f"登记 {text}" if as_log and not text.startswith("登记") else text
    read = rules.read_message(said, context(turn))
    if read.unread and not read.refused and (bare := _BARE_NUMBER.match(text)):
        meant = numbered(turn, int(bare[1]), text[bare.end() :])
        return meant if meant.act in MOVES else read
    return read


def numbered(turn: Turn, number: int, text: str) -> MessageReading:
    """What a message would want done if it named this register number."""
    return rules.read_message(f"{number}号 {text}", context(turn))


def who(turn: Turn, text: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """People, units and, where more than one person fits, all of those."""
    return rules.read_who(text, context(turn))


def whom(turn: Turn, text: str) -> rules.Handlers:
    """The same, with those together of whom one is meant."""
    return rules.read_whom(text, context(turn))


def meant_unit(turn: Turn, typed: str) -> tuple[str, ...]:
    """The units that a slip of typing may mean."""
    return rules.meant_unit(typed, turn.desk.roster, turn.desk.policy.words.units)


def sender(turn: Turn, text: str) -> str:
    """A sender as it was typed, a county unit by its full name."""
    _, units, _ = who(turn, text)
    outside = re.match(r"\s*(?:[省市国]|\w{2,4}[省市])", text)
    return units[0] if len(units) == 1 and not outside else text.strip()


def is_internal(turn: Turn) -> bool:
    """Whether what was written has words that ask for a second look: 内部资料, 工作秘密."""
    return rules.screen(turn.text, turn.desk.policy.secrecy) == "internal"


def only_period(turn: Turn, said: str) -> None:
    """Refused where a unit is named beside a stretch of time that is all that is asked for."""
    found = whom(turn, said)
    if found.units or found.choices:
        raise Refused("period_only", said=said)


def no_period(said: str) -> Refused:
    """Why no stretch of time could be read: there is none such, or it was not understood."""
    none = no_such_time(said)
    return Refused("no_such_time", said=none) if none else Refused("period_unread", said=said)


def persons(roster: Roster, names: Iterable[str]) -> list[str]:
    """The persons of a list, and of its units those at their head."""
    heads = (head_of(name, roster) if name in roster.unit_by_name else roster.by_name[name] for name in names)
    return [one.name for one in heads if one is not None]


def plain(text: str) -> str:
    """A message without the mention of the bot at its beginning."""
    return _MENTION.sub("", text).strip()


def number(text: str) -> int:
    """The id a button carries; Refused where it is none."""
    digits = text.partition(":")[0]
    if not re.fullmatch(r"[0-9]{1,9}", digits):
        raise Refused("button_unknown")
    return int(digits)


def own_draft(turn: Turn, target: str, *forms: str) -> Draft:
    """The draft a button belongs to, in whatever state: the presser's own, and of one of these forms.

    A card that came twice, its sender having died over it, is known as the message that came last: what is
    pressed on the first is shown there.
    """
    draft = drafts.draft(number(target), session=turn.desk.session)
    if draft is None or (forms and draft.form not in forms):
        raise Refused("button_unknown")
    if draft.member_id != turn.member_id:
        raise Refused("not_your_draft", name=people.member(draft.member_id, session=turn.desk.session).name)
    if turn.card is None and draft.chat_id == turn.chat_id:
        turn.card = drafts.card_of(draft.id or 0, session=turn.desk.session)
    return draft


def open_draft(turn: Turn, target: str, *forms: str, having: str | None = None) -> Draft:
    """The presser's own draft that is still open; `having`: and has this in its data."""
    draft = own_draft(turn, target, *forms)
    if draft.state != "open" or (having is not None and having not in draft.data):
        raise Refused("button_unknown")
    return draft


def picked(choices: Sequence[T], place: str) -> T | None:
    """What stands at the place that a button carries; None where there is no such place."""
    if not re.fullmatch(r"[0-9]{1,4}", place) or int(place) >= len(choices):
        return None
    return choices[int(place)]
