"""Emergencies: the open ones, their reports, instructions and receipts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.models import Card, Instruction, Matter, Receipt, Report

PROCEDURE = "emergency"


def running(*, since: datetime | None = None, session: Session) -> list[Matter]:
    """The open emergencies, the newest first; `since`: only those received from then on."""
    rows = select(Matter).where(col(Matter.procedure) == PROCEDURE, col(Matter.state) == "open")
    if since is not None:
        rows = rows.where(col(Matter.received_at) >= since)
    return list(session.exec(rows.order_by(col(Matter.id).desc())))


def between(first: datetime, last: datetime, *, session: Session) -> list[Matter]:
    """The emergencies received in [first, last), in order."""
    rows = select(Matter).where(
        col(Matter.procedure) == PROCEDURE, col(Matter.received_at) >= first, col(Matter.received_at) < last
    )
    return list(session.exec(rows.order_by(col(Matter.id))))


def last_of(member_id: int, *, since: datetime, session: Session) -> Matter | None:
    """The open emergency that a member reported last, since an instant."""
    rows = select(Matter).where(
        col(Matter.procedure) == PROCEDURE,
        col(Matter.state) == "open",
        col(Matter.registrar_id) == member_id,
        col(Matter.received_at) >= since,
    )
    return session.exec(rows.order_by(col(Matter.id).desc())).first()


def reports(matter_id: int, *, session: Session) -> list[Report]:
    """The reports of an emergency in the order in which they were begun."""
    rows = select(Report).where(col(Report.matter_id) == matter_id)
    return list(session.exec(rows.order_by(col(Report.id))))


def report(report_id: int, *, session: Session) -> Report | None:
    """The report with this id."""
    return session.get(Report, report_id)


def latest(matter_id: int, kind: str, *, session: Session) -> Report | None:
    """The latest report of a kind."""
    rows = select(Report).where(col(Report.matter_id) == matter_id, col(Report.kind) == kind)
    return session.exec(rows.order_by(col(Report.id).desc())).first()


def report_of_step(step_id: int, *, session: Session) -> Report | None:
    """The report that waits for its signature in a step."""
    return session.exec(select(Report).where(col(Report.step_id) == step_id)).first()


def instructions(matter_id: int, *, session: Session) -> list[Instruction]:
    """The instructions on an emergency, in order."""
    rows = select(Instruction).where(col(Instruction.matter_id) == matter_id)
    return list(session.exec(rows.order_by(col(Instruction.number))))


def instruction_of_step(step_id: int, *, session: Session) -> Instruction | None:
    """The instruction whose clock is a step."""
    return session.exec(select(Instruction).where(col(Instruction.step_id) == step_id)).first()


def next_instruction(matter_id: int, *, session: Session) -> int:
    """The number of the next instruction on an emergency."""
    last = select(func.max(Instruction.number)).where(col(Instruction.matter_id) == matter_id)
    return int(session.exec(last).one() or 0) + 1


def receipts(instruction_id: int, *, session: Session) -> list[Receipt]:
    """Whom an instruction was passed to, in the order in which they were named."""
    rows = select(Receipt).where(col(Receipt.instruction_id) == instruction_id)
    return list(session.exec(rows.order_by(col(Receipt.id))))


def receipt(instruction_id: int, member_id: int, *, session: Session) -> Receipt | None:
    """A member's receipt of an instruction."""
    rows = select(Receipt).where(
        col(Receipt.instruction_id) == instruction_id, col(Receipt.member_id) == member_id
    )
    return session.exec(rows).first()


TOLD = ("holder", "view", "alert", "order")
"""kinds of cards by which somebody is told of an emergency"""


def told(matter_id: int, *, kinds: Sequence[str] = TOLD, session: Session) -> list[int]:
    """Ids of the members who were given a card of an emergency, each once, the first first."""
    rows = (
        select(Card.member_id)
        .where(
            col(Card.matter_id) == matter_id,
            col(Card.member_id).is_not(None),
            col(Card.kind).in_(list(kinds)),
            col(Card.chat_id) > 0,
        )
        .order_by(col(Card.id))
    )
    return list(dict.fromkeys(one for one in session.exec(rows) if one is not None))
