"""Many rings to one person at once are one list: a flood of one kind is one message (rules.md, last section).

A ledger of hundreds of tasks has hundreds of limits that end together. What is on the list counts as told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select

from office import post
from office.desk import Desk
from storage import outbox
from storage.models import Card, Member
from storage.outbox import EMERGENCY, Letter

AT_MOST = 3
"""rings of one kind that come one by one; more at once are a list"""
LISTED = 15
"""lines of a list; the rest is counted"""
KIND = "reminders"
_LISTS = {"alert.reminder": "alert.reminders", "alert.rung": "alert.rungs", "alert.nobody": "alert.nobodies"}
_RINGS = ("alert.reminder", "alert.rung")
_NOBODY = "alert.nobody"
"""nobody is left who can be told: what is to be done is to telephone, so two are a list already"""


def gathered(desk: Desk, letters: Sequence[Letter], tasks: set[int], to: dict[int, Member]) -> list[Letter]:
    """The letters, those about `tasks` (ids of matters) that are many of one kind to one person as a list.

    What a list stands for is kept as superseded, so that nobody is told of its cause again. `to`: the members
    by id.
    """
    groups: dict[tuple[Any, ...], list[Letter]] = defaultdict(list)
    for letter in letters:
        if _may_wait(letter, tasks):
            groups[_kind(letter)].append(letter)
    many = [group for group in groups.values() if len(group) > _at_most(group)]
    listed = {id(letter) for group in many for letter in group}
    kept = [_told(letter) if id(letter) in listed else letter for letter in letters]
    return kept + [_list(desk, group, to[group[0].message["member_id"]]) for group in many]


def _may_wait(letter: Letter, tasks: set[int]) -> bool:
    """Whether a letter may be a line of a list; in an emergency nothing is."""
    wording = letter.message["wording"]
    if wording == _NOBODY:
        return bool(letter.message["priority"] != EMERGENCY)
    return wording in _RINGS and letter.card["matter_id"] in tasks


def _at_most(group: Sequence[Letter]) -> int:
    return 1 if group[0].message["wording"] == _NOBODY else AT_MOST


def _kind(letter: Letter) -> tuple[Any, ...]:
    said = letter.message["facts"]
    rang = said.get("rang"), said.get("unreached"), said.get("post")
    return letter.message["member_id"], letter.message["wording"], *rang


def _told(letter: Letter) -> Letter:
    return Letter(letter.card | {"standing": False}, letter.message | {"state": "superseded"})


def _list(desk: Desk, group: Sequence[Letter], to: Member) -> Letter:
    first = group[0].message
    climbed = first["wording"] != "alert.reminder"
    said = [letter.message["facts"] for letter in group]
    lines = _by_holder(said) if climbed else [_line(one) for one in said]
    if not climbed:
        _take_away(desk, to, first["priority"])
    found = post.letter(
        desk,
        to,
        _LISTS[first["wording"]],
        kind="note" if climbed else KIND,
        buttons=[] if climbed else [[["menu", "mine", "📋 打开待办"]]],
        priority_=first["priority"],
        total=len(group),
        lines=lines[:LISTED],
        more=max(len(lines) - LISTED, 0),
        **{key: said[0].get(key) for key in ("rang", "unreached", "delayed", "post")},
    )
    assert found is not None, "whoever has these letters can be told"
    return Letter(found.card, found.message | {"not_before": first["not_before"]})


def _line(said: dict[str, Any]) -> dict[str, Any]:
    return {key: said[key] for key in ("register_no", "title", "step", "due", "left")}


def _by_holder(said: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Whose they are: how many, and their numbers; in the order of the roster's names, which ranks nobody."""
    holders: dict[str, list[str]] = defaultdict(list)
    for one in said:
        holders[one["holder"]].append(one["register_no"])
    skipped = {one["holder"]: one.get("skipped") for one in said}
    return [
        {"holder": name, "count": len(numbers), "numbers": numbers[:LISTED], "skipped": skipped.get(name)}
        for name, numbers in sorted(holders.items())
    ]


def _take_away(desk: Desk, to: Member, priority: int) -> None:
    """The list that stood before: the new one stands for it."""
    rows = select(Card).where(
        col(Card.member_id) == to.id, col(Card.kind) == KIND, col(Card.standing).is_(True)
    )
    for card in desk.session.exec(rows).all():
        card.standing = False
        outbox.enqueue_delete(card, priority=priority, now=desk.now, session=desk.session)
