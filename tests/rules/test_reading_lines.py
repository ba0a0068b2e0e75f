"""Lines of meetings and tasks as people type them, with what they mean, written before the code was run."""

from __future__ import annotations

import json
from typing import Any

import pytest
from reading_office import ROOT, context

from rules.policy_files import load_policy
from rules.reading.meeting import read_meeting
from rules.reading.task import read_tasks

POLICY = load_policy()
UNSAID = ("host", "people", "section", "ends", "pages", "agenda", "reason")


def rows(name: str) -> list[dict[str, Any]]:
    path = ROOT / "tests" / "data" / name
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _same(want: Any, got: Any, key: str) -> bool:
    if key == "title" and isinstance(want, list):
        return got in want
    if want is None:
        return not got
    return set(got or ()) == set(want) if isinstance(want, list) else (got or None) == want


def _faults(expected: dict[str, Any], got: dict[str, Any], unsaid: tuple[str, ...]) -> list[str]:
    """Every field that is not as it was meant; what nobody said has to stay empty."""
    wanted = dict.fromkeys(unsaid) | expected
    asks = bool(wanted.pop("asks", False))
    part = {key.removesuffix("_has"): value for key, value in wanted.items() if key.endswith("_has")}
    found = [f"{key}: {got[key]}" for key, value in part.items() if value not in (got[key] or "")]
    whole = {key: want for key, want in wanted.items() if key not in part and not key.endswith("_has")}
    found += [f"{key}: {got[key]}" for key, want in whole.items() if not _same(want, got[key], key)]
    return found if bool(got["choices"]) == asks else [*found, f"asks: {got['choices']}"]


@pytest.mark.parametrize("row", rows("lines_meeting.jsonl"), ids=lambda row: row["id"])
def test_a_meeting(row: dict[str, Any]) -> None:
    read = read_meeting(row["text"], context(reference="2026-11-24T09:00"), POLICY.meetings)
    got = read.model_dump() | {
        key: at.isoformat(timespec="minutes")[:16] if (at := getattr(read, key)) else None
        for key in ("at", "ends")
    }
    assert not _faults(row["expected"], got, UNSAID), row["text"]


def test_a_day_without_a_time_is_asked_about() -> None:
    read = read_meeting("11月27日上午 研究抗旱", context(reference="2026-11-24T09:00"), POLICY.meetings)
    assert read.at is None
    assert [f"{at:%m-%d %H:%M}" for at in read.readings] == ["11-27 09:00", "11-27 10:00"]


UNSAID_OF_TASKS = ("source", "section", "people", "rhythm", "field", "remark")


@pytest.mark.parametrize("row", rows("lines_task.jsonl"), ids=lambda row: row["id"])
def test_tasks(row: dict[str, Any]) -> None:
    found = read_tasks(row["text"].removeprefix("立项").strip(" :：，,"), context(), POLICY.supervision)
    assert len(found) == len(row["expected"])
    for expected, read in zip(row["expected"], found, strict=True):
        got = read.model_dump() | {"due": f"{read.due:%Y-%m-%d}" if read.due else None}
        assert not _faults(expected, got, UNSAID_OF_TASKS), row["text"]
