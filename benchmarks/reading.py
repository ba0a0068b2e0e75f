"""How long reading takes: a limit, a message, a question: `python -m benchmarks.reading`.

Wanted (issue 4): a limit in under 3 ms at the median. What is read are the rows of the blind sets.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from office.members import read_folder
from rules import reading, when
from rules.policy_files import load_policy
from rules.working_time import Calendar

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "tests" / "data"


def main() -> None:
    """Read every row once, so that nothing is remembered, and print the times."""
    policy = load_policy()
    calendar = Calendar(ZoneInfo("Asia/Shanghai"), policy.calendar.hours)
    office = {"roster": read_folder(ROOT / "office" / "sample"), "calendar": calendar}
    office |= {"words": policy.words, "secrecy": policy.secrecy}
    rows = _rows(DATA.glob("blind_reading*.jsonl"))
    for what, read, asked in (
        ("a limit", lambda row: when.answer_row(row, calendar), _rows(DATA.glob("blind_dates*.jsonl"))),
        ("a message", _reader(office), [row for row in rows if row["kind"] == "message"]),
        ("a question", _reader(office), [row for row in rows if row["kind"] == "question"]),
    ):
        print(f"{what:<12}{_times(read, asked)}")


def _rows(paths: Iterable[Path]) -> list[dict[str, Any]]:
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def _reader(office: dict[str, Any]) -> Callable[[dict[str, Any]], object]:
    return lambda row: reading.answer_row(row, **office)


def _times(read: Callable[[dict[str, Any]], object], rows: list[dict[str, Any]]) -> str:
    read(rows[0])
    times = sorted(_timed(read, row) for row in rows)
    marks = (("median", 0.5), ("p99", 0.99), ("worst", 1.0))
    found = (f"{name} {times[min(int(len(times) * part), len(times) - 1)]:7.2f} ms" for name, part in marks)
    return f"{len(rows):4} rows   " + "   ".join(found)


def _timed(read: Callable[[dict[str, Any]], object], row: dict[str, Any]) -> float:
    began = time.perf_counter()
    read(row)
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
