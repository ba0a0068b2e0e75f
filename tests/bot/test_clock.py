"""The office's clock: the machine's, one moved by a file, and one that waits for what is due."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from doubles import MovableClock

from bot.clock import FileClock, SystemClock

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def near(one: datetime, other: datetime) -> bool:
    return abs(one - other) < timedelta(seconds=2)


def test_the_machines_clock_is_aware_and_in_utc():
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert not SystemClock().simulated


def test_a_file_moves_the_clock_and_is_read_again_when_it_changes(tmp_path):
    file = tmp_path / "clock.json"
    clock = FileClock(file)
    assert near(clock.now(), SystemClock().now())
    file.write_text(json.dumps({"offset": 3600.0}))
    assert near(clock.now(), SystemClock().now() + timedelta(hours=1))
    newer = tmp_path / "newer"
    newer.write_text(json.dumps({"offset": 7200.5}))
    newer.replace(file)
    assert near(clock.now(), SystemClock().now() + timedelta(hours=2))
    assert clock.simulated


def test_a_clock_that_waits_does_not_pass_the_instant():
    clock = MovableClock(NOON)
    clock.wait_at(NOON + timedelta(minutes=10))
    assert clock.now() == NOON
    clock.forward(timedelta(hours=1))
    assert clock.now() == NOON + timedelta(minutes=10)
    assert clock.target() == NOON + timedelta(hours=1)
    clock.wait_at(None)
    assert clock.now() == NOON + timedelta(hours=1)
