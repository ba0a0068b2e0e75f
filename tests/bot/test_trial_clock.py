"""Where the office's clock stands when somebody tries the program: somebody is at work."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.trial import go_to_office_hours
from rules.policy_files import load_policy
from rules.working_time import Calendar

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass
class Standing:
    """A clock that stands still."""

    at: datetime
    simulated = False

    def now(self) -> datetime:
        return self.at


def after_start(now: str, file: Path) -> str:
    """The office's time after a start at `now`, by what was written into the clock's file."""
    at = datetime.fromisoformat(now).replace(tzinfo=ZONE)
    known = json.loads(file.read_text())["offset"] if file.exists() else 0.0
    go_to_office_hours(Standing(at), file, Calendar(ZONE, load_policy().calendar.hours))
    moved = json.loads(file.read_text())["offset"] - known if file.exists() else 0.0
    return (at + timedelta(seconds=moved)).strftime("%m-%d %H:%M")


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-23 10:00", "11-23 10:00"),
        ("2026-11-23 11:00", "11-23 11:00"),
        ("2026-11-23 11:10", "11-23 13:30"),
        ("2026-11-23 12:20", "11-23 13:30"),
        ("2026-11-23 16:40", "11-24 09:00"),
        ("2026-11-23 03:00", "11-23 09:00"),
        ("2026-11-20 22:00", "11-23 09:00"),
        ("2026-11-21 10:00", "11-23 09:00"),
    ],
)
def test_the_first_hour_is_office_time(tmp_path: Path, now: str, then: str) -> None:
    assert after_start(now, tmp_path / "clock.json") == then


@pytest.mark.parametrize(
    ("now", "then"), [("2026-11-23 17:20", "11-23 17:20"), ("2026-11-23 12:20", "11-23 13:30")]
)
def test_later_starts_leave_a_clock_alone_while_somebody_is_at_work(
    tmp_path: Path, now: str, then: str
) -> None:
    file = tmp_path / "clock.json"
    file.write_text(json.dumps({"offset": 86400.0}))
    assert after_start(now, file) == then
