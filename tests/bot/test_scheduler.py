"""The sweep: what fell due is done once, at its instant when the clock is moved, late after an outage."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from doubles import until
from sqlalchemy import event
from sqlmodel import select

from bot import scheduler
from office import members as imports
from office.register import Form, register
from storage import people
from storage.models import Clock, Member, Outbox, Round

HALF_PAST_EIGHT = datetime(2026, 11, 25, 0, 30, tzinfo=UTC)
"""of the morning after, when the daily list goes out"""


async def log_a_request(program, by_name: str = "王思雨") -> None:
    def act(desk):
        clerk = people.by_name(by_name, session=desk.session)
        form = Form(procedure="request", sender="县财政局", title="关于经费的请示", section="综合科")
        register(desk, form, clerk)

    await program.worker.do(act)


@pytest.fixture
async def office(program, telegram):
    """The sample office with everybody reachable."""
    sample = Path(imports.__file__).with_name("sample")
    persons, _ = telegram.load_office(sample)

    def staff(desk):
        files = [(name, (sample / name).read_bytes()) for name in ("units.csv", "staff.csv")]
        imports.import_people(desk, files, by=None)
        for member in desk.session.exec(select(Member)):
            member.telegram_id, member.reach = persons[member.name].id, "ok"

    await program.worker.do(staff)
    for person in persons.values():
        person.chat.bot = "member"
    return persons


def fired(rows):
    found = [row for row in rows(Clock) if row.state == "fired"]
    return sorted(found, key=lambda row: row.fired_at)


async def test_a_moved_clock_passes_through_every_instant_in_order(program, office, clock, rows):
    await program.sweep()
    await log_a_request(program)
    clock.forward(timedelta(hours=2))
    await program.sweep()
    rung = fired(rows)
    assert len(rung) >= 4
    assert all(abs(row.fired_at - row.at) < timedelta(seconds=1) for row in rung)
    assert clock.now() == clock.target()


async def test_each_instants_messages_go_out_before_the_next(program, office, clock, rows):
    await program.sweep()
    await log_a_request(program)
    await program.settle()
    clock.forward(timedelta(hours=2))
    await program.sweep()
    sent = [row for row in rows(Outbox) if row.state == "sent"]
    assert len({row.sent_at for row in sent}) >= 4
    assert all(row.sent_at - row.created_at < timedelta(seconds=1) for row in sent)


async def test_nothing_is_done_twice(program, office, clock, rows):
    await program.sweep()
    await log_a_request(program)
    clock.forward(timedelta(hours=2))
    await asyncio.gather(*(program.sweep() for _ in range(4)))
    before = [(row.id, row.state) for row in rows(Clock)]
    messages = len(rows(Outbox))
    await program.sweep()
    assert [(row.id, row.state) for row in rows(Clock)] == before
    assert len(rows(Outbox)) == messages
    causes = [row.cause for row in rows(Outbox) if row.cause]
    assert len(causes) == len(set(causes))


async def test_after_an_outage_everything_happens_at_the_present_instant(
    program, office, clock, rows, restart
):
    await program.sweep()
    await log_a_request(program)
    again = await restart(lambda _: clock.forward(timedelta(days=2)))
    await again.sweep()
    await again.settle()
    assert {row.fired_at for row in fired(rows) if row.at > clock.now() - timedelta(days=2)} == {clock.now()}


async def test_a_round_that_was_missed_is_done_once(program, office, clock, rows, restart):
    await program.sweep()
    planned = {row.name: row.next_at for row in rows(Round)}
    assert planned["morning"] == HALF_PAST_EIGHT
    again = await restart(lambda _: clock.set(HALF_PAST_EIGHT + timedelta(days=3)))
    await again.sweep()
    morning = next(row for row in rows(Round) if row.name == "morning")
    assert morning.done_for == HALF_PAST_EIGHT
    assert morning.next_at > clock.now()


async def test_the_job_sweeps_by_itself(program, office, clock, rows):
    await program.sweep()
    await log_a_request(program)
    clock.forward(timedelta(minutes=31))
    await until(lambda: any(row.kind == "due" and row.state == "fired" for row in rows(Clock)))


async def test_a_machine_whose_clock_is_set_back_goes_on_sweeping(program, office, monkeypatch):
    """The job's next instant is then an hour away."""
    monkeypatch.setattr(scheduler, "STALLED", 0.3)
    await program.scheduler.stop()
    program.scheduler.start()
    program.scheduler._jobs.modify_job("sweep", next_run_time=datetime.now(UTC) + timedelta(hours=1))
    before = program.scheduler.last_sweep
    await until(lambda: program.scheduler.last_sweep > before)


async def test_idle_it_only_looks(program, office):
    await program.sweep()
    program.delivery.wake()
    statements: list[str] = []
    event.listen(
        program.engine, "before_cursor_execute", lambda c, k, statement, *_: statements.append(statement)
    )
    await program.scheduler.sweep()
    assert statements
    assert all(statement.startswith(("SELECT", "BEGIN")) for statement in statements)
    assert "BEGIN IMMEDIATE" not in statements


async def test_a_clock_does_not_stand_still_over_what_nobody_takes(program, office, clock):
    await program.sweep()

    def plant(desk):
        step = Clock(kind="no such kind", at=desk.now + timedelta(minutes=5))
        desk.session.add(step)

    await program.worker.do(plant)
    clock.forward(timedelta(hours=1))
    await program.sweep()
    assert clock.now() == clock.target()
