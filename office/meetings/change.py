"""A meeting is moved, joined by another topic, or cancelled: everybody who was told is told again (M7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from office import cards, event, move
from office.desk import Desk, Refused
from office.meetings import caps, clocks, notice
from storage import clocks as rows
from storage import matters
from storage.models import Matter, Member

PLACE_LIMIT = 60


def foresee(desk: Desk, matter: Matter, wanted: Mapping[str, Any]) -> None:
    """Refused as `change` would be, of a change that is to be made later."""
    if "topic" not in wanted:
        _what(desk, matter, wanted.get("at"), wanted.get("ends"), wanted.get("place"))


def change(
    desk: Desk,
    matter: Matter,
    by: Member,
    *,
    at: datetime | None = None,
    ends: datetime | None = None,
    place: str | None = None,
) -> list[str]:
    """Another time or place: the limits move, everybody who was told is told again and answers anew.

    What changed, by name. Refused: mt_past, mt_reversed, mt_unchanged, mt_not_yours, mt_over.
    """
    notice.check(desk, matter, by)
    new_at, new_ends, changes = _what(desk, matter, at, ends, place)
    matter.details = matter.details | {"changes": changes, "place": place or matter.details.get("place")}
    _check_again(desk, matter)
    if (new_at, new_ends) != (matter.event_at, matter.event_ends_at):
        event.fix(desk, matter, new_at, new_ends, by)
        clocks.set_clocks(desk, matter)
    what = [str(one["what"]) for one in changes]
    notice.note(desk, matter, "meeting_changed", by, what=what, changes=changes)
    if matter.details.get("noticed"):
        notice.tell_everybody(desk, matter, by, "meeting_noticed_again")
    cards.refresh(desk, matter)
    return what


def _what(
    desk: Desk, matter: Matter, at: datetime | None, ends: datetime | None, place: str | None
) -> tuple[datetime, datetime, list[dict[str, str | None]]]:
    """The new beginning and end, and what would be different."""
    if place is not None and len(place) > PLACE_LIMIT:
        raise Refused("too_long", field="地点", limit=PLACE_LIMIT, length=len(place))
    assert matter.event_at is not None and matter.event_ends_at is not None
    new_at = at or matter.event_at
    new_ends = ends or new_at + (matter.event_ends_at - matter.event_at)
    _check_time(desk, new_at, new_ends)
    changes = list(_changes(matter, new_at, new_ends, place))
    if not changes:
        raise Refused("mt_unchanged", register_no=matter.register_no)
    return new_at, new_ends, changes


def merge(desk: Desk, matter: Matter, wanted: Mapping[str, Any], by: Member) -> list[str]:
    """合并召开 (M5): another topic joins a meeting that was called, with its units, people and sizes.

    Everybody is told, whoever was told before answers anew. Refused: mt_not_yours, mt_over.
    """
    notice.check(desk, matter, by)
    topic, units, people_ = wanted["topic"], list(wanted["units"]), list(wanted["people"])
    agenda = [*(matter.details.get("agenda") or [matter.title]), topic]
    changes = [{"what": "增加议题", "was": None, "is": topic}]
    others = list(dict.fromkeys([*matter.details.get("others", ()), *wanted.get("others", ())]))
    said = {"agenda": agenda, "changes": changes, "others": others}
    matter.details = matter.details | said | caps.larger(matter, wanted)
    matter.units = list(dict.fromkeys([*matter.units, *units]))
    matter.scope = list(dict.fromkeys([*matter.scope, *people_]))
    desk.session.add(matter)
    notice.list_invited(desk, matter)
    notice.note(desk, matter, "meeting_merged", by, words=topic, units=units, to=people_)
    if matter.details.get("noticed"):
        notice.tell_everybody(desk, matter, by, "meeting_noticed_again")
    cards.refresh(desk, matter)
    return ["增加议题"]


def _check_time(desk: Desk, at: datetime, ends: datetime) -> None:
    if at <= desk.now:
        raise Refused("mt_past", at=at.isoformat())
    if ends <= at:
        raise Refused("mt_reversed")


def _changes(
    matter: Matter, at: datetime, ends: datetime, place: str | None
) -> Iterator[dict[str, str | None]]:
    """What is different now: what, was, is; instants as ISO strings."""
    assert matter.event_at is not None and matter.event_ends_at is not None
    if at != matter.event_at:
        yield {"what": "时间", "was": matter.event_at.isoformat(), "is": at.isoformat()}
    elif ends != matter.event_ends_at:
        yield {"what": "结束时间", "was": matter.event_ends_at.isoformat(), "is": ends.isoformat()}
    if place is not None and place != matter.details.get("place"):
        yield {"what": "地点", "was": matter.details.get("place"), "is": place}


def _check_again(desk: Desk, matter: Matter) -> None:
    """Place and people were checked for what is no longer so: these checks begin again."""
    procedure = move.procedure_of(desk, matter)
    for key in ("place", "people", "service"):
        last = matters.last_step(matter.id or 0, key, session=desk.session)
        if last is not None and last.state == "done":
            move.begin(desk, matter, procedure.step(key), cycle=last.cycle + 1)


def cancel(desk: Desk, matter: Matter, by: Member, reason: str) -> None:
    """There will be no meeting: its steps end, everybody who was told is told this and confirms it."""
    if matter.state != "open":
        raise Refused("mt_over", register_no=matter.register_no, result=matter.result)
    words = move.check_words(reason)
    event.cancel(desk, matter, by, words)
    for step in matters.open_steps(matter.id or 0, session=desk.session):
        move.end(desk, matter, step, by, words, state="cancelled")
    rows.cancel(matter_id=matter.id, session=desk.session)
    matter.state, matter.closed_at, matter.result = "closed", desk.now, f"取消：{words}"
    matter.details = matter.details | {"outcome": "cancelled"}
    notice.note(desk, matter, "meeting_cancelled", by, words=words)
    if matter.details.get("noticed"):
        notice.tell_everybody(desk, matter, by, "meeting_cancellation_told")
    cards.refresh(desk, matter)
