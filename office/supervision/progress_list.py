"""A liaison's list of reports that are asked for (V3): one card, kept up to date; reminders name the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select

from office import post, recurring
from office.desk import Desk
from office.supervision import progress
from office.supervision.progress import Owed
from storage import outbox
from storage.models import Card, Clock, Member, Occurrence, Outbox
from storage.outbox import ANSWER

PAGE = 10
KIND = "progress_list"


def ask(desk: Desk, occurrence: Occurrence) -> None:
    """The list to whoever is asked, one card however many of his tasks are asked for together."""
    to = recurring.asked_of(desk, occurrence)
    if to is None:
        return
    cause = _cause(desk, "ask", to)
    if outbox.was_told(cause, session=desk.session):
        return
    rows = progress.owed_by(desk, to)
    for card in standing(desk, to):
        card.standing = False
    said, buttons = shown(desk, rows, page_of_next(rows))
    post.to_member(desk, to, "progress.list", kind=KIND, cause=cause, buttons=buttons, **said)


def ring(desk: Desk, occurrence: Occurrence, row: Clock) -> None:
    """A reminder of what is still to be given, or a rung of the ladder to somebody else: once for all."""
    to = recurring.asked_of(desk, occurrence)
    if to is None:
        return
    cause = _cause(desk, f"{row.kind}:{row.place}", to)
    if outbox.was_told(cause, session=desk.session):
        return
    reached = recurring.reached_by(desk, occurrence, row.place) if row.kind == recurring.RUNG else None
    if row.kind == recurring.RUNG and reached is None:
        return
    rest = [one for one in progress.owed_by(desk, to) if not one.done]
    said: dict[str, Any] = progress.heading(desk, rest) | {
        "rang": row.kind.removeprefix("recurring_"),
        "rows": [progress.facts(desk, one) for one in rest[:PAGE]],
        "holder": to.name,
        "unit": to.unit,
    }
    if reached is not None:
        said |= {"post": reached.post}
        post.to_member(desk, reached.member, "progress.rung", kind="note", cause=cause, **said)
        return
    card = next(iter(standing(desk, to)), None)
    post.to_member(
        desk,
        to,
        "progress.reminder",
        kind="note",
        cause=cause,
        buttons=[[["progress_go", 0, "▶️ 接着报"], ["progress_list", 0, "📋 看清单"]]],
        reply_to_card=card.id if card else None,
        **said,
    )


def _cause(desk: Desk, what: str, member: Member) -> str:
    """Once a day and person: tasks that are due together are told of together."""
    return f"progress:{what}:{member.id}:{desk.calendar.local(desk.now).date()}"


def standing(desk: Desk, member: Member) -> list[Card]:
    """The list as it stands in the member's chat."""
    rows = select(Card).where(
        col(Card.member_id) == member.id, col(Card.kind) == KIND, col(Card.standing).is_(True)
    )
    return list(desk.session.exec(rows.order_by(col(Card.id).desc())))


def refresh(desk: Desk, member: Member, page: int | None = None) -> None:
    """Edit the list in place, on the page of what comes next."""
    rows = progress.owed_by(desk, member)
    said, buttons = shown(desk, rows, page_of_next(rows) if page is None else page)
    for card in standing(desk, member):
        message = Outbox(
            op="edit",
            chat_id=card.chat_id,
            member_id=member.id,
            card_id=card.id,
            priority=ANSWER,
            wording="progress.list",
            facts=said | {"buttons": buttons, "in_group": False},
            created_at=desk.now,
        )
        desk.session.add(message)


def page_of_next(rows: Sequence[Owed]) -> int:
    """The page of the first that is still to be given."""
    return next((place for place, one in enumerate(rows) if not one.done), 0) // PAGE


def shown(desk: Desk, rows: Sequence[Owed], page: int) -> tuple[dict[str, Any], list[list[list[Any]]]]:
    """A page of the list and its buttons."""
    pages = max(1, -(-len(rows) // PAGE))
    page = min(page, pages - 1)
    here = rows[page * PAGE : (page + 1) * PAGE]
    said = progress.heading(desk, rows) | {
        "rows": [progress.facts(desk, one) for one in here],
        "first": page * PAGE + 1,
        "page": page + 1,
        "pages": pages,
    }
    left = any(not one.done for one in rows)
    row: list[list[Any]] = [["progress_go", 0, "▶️ 逐项填报"]] if left else []
    row += [["progress_sheet", 0, "📥 下载表格"]] if rows else []
    turning: list[list[Any]] = [["progress_list", page - 1, "‹ 上一页"]] if page else []
    turning += [["progress_list", page + 1, "下一页 ›"]] if page + 1 < pages else []
    return said, [one for one in (row, turning) if one]
