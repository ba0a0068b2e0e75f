"""A register whose every matter is open and has a clock running; clocks fall due when they are wanted.

Written straight into the tables, from a register that `benchmarks.register` has filled.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Engine, and_, cast, delete, insert, literal, select, text, update
from sqlmodel import col

from benchmarks.register import NOW
from bot.clock import SystemClock
from office import rounds
from storage.models import Card, Clock, Matter, Member, Outbox, Round, Step

LATER = NOW + timedelta(days=5)
"""when the clocks are due that do not matter"""
LAST = 8
"""the position of a matter's last step"""
_MIX = (("remind", 0, 70, 30), ("due", 0, 10, 0), ("overdue", 0, 10, -1), ("rung", 0, 10, -5))
"""kind, place, how many of a hundred, minutes left of the limit: most rings are reminders"""


def reopen(engine: Engine) -> None:
    """Every matter of the register is open again, its last step runs, its holder can be told; each has a
    clock and the card that its holder was given."""
    held = and_(col(Step.position) == LAST, col(Step.state) == "open")
    at = literal(LATER, Clock.__table__.c.at.type)
    pending = (literal("pending"), literal(0))
    clocks = select(literal("remind"), literal(0), Step.matter_id, Step.id, at, *pending).where(held)
    cards = (
        select(
            Member.telegram_id, Step.id, Member.id, literal("holder"), Step.matter_id, Step.id, literal(True)
        )
        .join(Member, col(Member.id) == col(Step.holder_id))
        .where(held)
    )
    with engine.begin() as connection:
        connection.execute(
            update(Member).values(reach="ok", telegram_id=700_000_000 + cast(Member.id, BigInteger))
        )
        connection.execute(update(Matter).values(state="open", closed_at=None, result=None, due_at=LATER))
        opened = update(Step).where(col(Step.position) == LAST)
        connection.execute(opened.values(state="open", ended_at=None, signed_by=None, due_at=LATER))
        names = ["kind", "place", "matter_id", "step_id", "at", "state", "tries"]
        connection.execute(insert(Clock).from_select(names, clocks))
        names = ["chat_id", "message_id", "member_id", "kind", "matter_id", "step_id", "standing"]
        connection.execute(insert(Card).from_select(names, cards))
        if engine.dialect.name == "postgresql":
            connection.execute(text("ANALYZE"))  # it would do so itself within minutes


def put_off(engine: Engine) -> None:
    """Nothing is due for a month of the machine's clock, clocks and the daily rounds; and nothing that an
    earlier measurement left waits to be sent."""
    later = SystemClock().now() + timedelta(days=31)
    with engine.begin() as connection:
        connection.execute(delete(Round))
        connection.execute(insert(Round), [{"name": name, "next_at": later} for name in rounds.ROUNDS])
        pending = update(Clock).where(col(Clock.state) == "pending", col(Clock.at) < later)
        connection.execute(pending.values(at=later))
        waiting = update(Outbox).where(col(Outbox.state) == "pending")
        connection.execute(waiting.values(state="sent", sent_at=NOW))


def fall_due(engine: Engine, at: datetime, number: int, turn: int) -> list[int]:
    """Let `number` clocks that are still running fall due within the second that begins at `at`: their ids.

    They are spread over the whole register; another `turn` takes others.
    """
    with engine.begin() as connection:
        size = connection.execute(select(Clock.id).order_by(col(Clock.id).desc()).limit(1)).scalar_one()
        ids = [size * i // number + 1 + turn for i in range(number)]
        running = and_(col(Clock.id).in_(ids), col(Clock.state) == "pending")
        steps = dict(connection.execute(select(Clock.id, Clock.step_id).where(running)).all())
        assert len(steps) == number, "these clocks have rung already"
        for i, clock in enumerate(ids):
            kind, place, left = _kind(i)
            instant = at + timedelta(seconds=i / number)
            values = {"kind": kind, "place": place, "at": instant}
            connection.execute(update(Clock).where(col(Clock.id) == clock).values(**values))
            limit = {"due_at": instant + timedelta(minutes=left)}
            connection.execute(update(Step).where(col(Step.id) == steps[clock]).values(**limit))
    return ids


def _kind(i: int) -> tuple[str, int, int]:
    share = i * 37 % 100
    for kind, place, of_hundred, left in _MIX:
        if share < of_hundred:
            return kind, place, left
        share -= of_hundred
    raise AssertionError
