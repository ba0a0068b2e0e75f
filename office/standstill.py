"""What stands still is told to the administrators once, and once more when it goes on."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import col, select

from office import post
from office.desk import Desk
from storage import people
from storage.models import Standstill
from storage.outbox import URGENT


def note(desk: Desk, still: Mapping[str, float], goes_on: set[str]) -> None:
    """Keep what stands still, by the seconds it has waited, and what `goes_on`; tell what is new of it."""
    known = {row.name: row for row in desk.session.exec(select(Standstill).order_by(col(Standstill.name)))}
    for name, waited in still.items():
        if name not in known:
            desk.session.add(Standstill(name=name, since=desk.now))
            _tell(desk, "watch.still", what=name, minutes=int(waited // 60))
    for name in goes_on & known.keys():
        minutes = int((desk.now - known[name].since).total_seconds() // 60)
        desk.session.delete(known[name])
        _tell(desk, "watch.goes_on", what=name, minutes=minutes)


def _tell(desk: Desk, wording: str, *, what: str, minutes: int) -> None:
    for member in people.with_role("admin", session=desk.session):
        post.to_member(
            desk, member, wording, kind="note", priority_=URGENT, what=what.partition(":")[0], minutes=minutes
        )
