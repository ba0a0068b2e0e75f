"""What the reader hands out."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

Precision = Literal["minute", "day"]


class Instant(BaseModel):
    """An instant read from words, on the office's wall clock."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    """aware, in the office's zone; a date without a clock time means close of business"""
    precision: Precision
    words: str
    """the words it was read from, as they were typed"""
    span: tuple[int, int]
    """offsets of the words in the text given: start, end"""
    rule: str | None = None
    """how it comes back ("FREQ=WEEKLY;BYDAY=FR"); `at` is then the next time"""
    provisional: bool = False
    """counted over a year whose holidays nobody has announced yet"""
    readings: tuple[datetime, ...] = ()
    """two or more where the words can be read so many ways and the office has to ask; `at` is the first"""
    passed: datetime | None = None
    """the same day a year before, where no year was said and it is hardly over: 11月17日前 on the 18th"""
    event: bool = False
    """the time of a meeting or a reminder rather than a limit: 明天下午2点半开会"""
    rolled: datetime | None = None
    """where a count of days ends on a day off: close of the next working day (rules.md, "Counting time")"""
