"""The office's clock: real time plus an offset kept in a file that the bot reads too."""

import json
import os
import tempfile
import time
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
OPENS, CLOSES = time_of_day(9, 0), time_of_day(17, 30)


@dataclass
class DaysOff:
    """Saturdays and Sundays are free, but for the days listed here."""

    off: set[date] = field(default_factory=set)
    worked: set[date] = field(default_factory=set)

    @classmethod
    def read(cls, file: Path) -> "DaysOff":
        """From JSON `{"off": ["2026-10-01"], "worked": ["2026-10-10"]}`."""
        lists = json.loads(file.read_text(encoding="utf-8"))
        return cls(*({date.fromisoformat(day) for day in lists.get(key, [])} for key in ("off", "worked")))

    def is_worked(self, day: date) -> bool:
        return day in self.worked or (day.weekday() < 5 and day not in self.off)


class OfficeClock:
    """Moves forward only. Without a file the offset lives in this object."""

    def __init__(self, file: Path | None = None, days: DaysOff | None = None) -> None:
        self.file = file
        self.days = days or DaysOff()
        self._offset = 0.0

    @property
    def offset(self) -> float:
        if self.file is None or not self.file.exists():
            return self._offset
        return float(json.loads(self.file.read_text(encoding="utf-8"))["offset"])

    def now(self) -> datetime:
        """The office's time, in its zone."""
        return datetime.fromtimestamp(time.time() + self.offset, ZONE)

    def move(self, by: timedelta) -> datetime:
        """Moves the clock forward; ValueError when asked to go back."""
        if by < timedelta():
            raise ValueError("the office's clock does not go back")
        self._offset = self.offset + by.total_seconds()
        if self.file is not None:
            _write_whole(self.file, json.dumps({"offset": self._offset}))
        return self.now()

    def to_close_of_business(self) -> timedelta:
        """From now to 17:30: today's if it is a working day and not yet over, else the next working day's."""
        now = self.now()
        day = now.date()
        if not (self.days.is_worked(day) and now < _at(day, CLOSES)):
            day = self._next_worked(day)
        return _at(day, CLOSES) - now

    def to_next_working_day(self) -> timedelta:
        """From now to 09:00 of the next working day."""
        now = self.now()
        return _at(self._next_worked(now.date()), OPENS) - now

    def _next_worked(self, day: date) -> date:
        day += timedelta(days=1)
        while not self.days.is_worked(day):
            day += timedelta(days=1)
        return day


def _at(day: date, clock: time_of_day) -> datetime:
    return datetime.combine(day, clock, ZONE)


def _write_whole(file: Path, text: str) -> None:
    """Replaces the file in one step, so that no reader sees half of it."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.name)
    with os.fdopen(handle, "w", encoding="utf-8") as new:
        new.write(text)
    Path(name).replace(file)
