"""Rows written before the readers' code was looked at: how far reading goes beyond what it was made from."""

import json
from pathlib import Path
from typing import Any

import pytest
from reading_grade import faults
from reading_office import ROOT, context, office

from rules import when
from rules.reading import answer_row, read_message

DATA = ROOT / "tests" / "data"
SETS = sorted(DATA.glob("blind_reading*.jsonl"))
DATES = sorted(DATA.glob("blind_dates*.jsonl"))


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
@pytest.mark.parametrize("kind", ["message", "question"])
def test_at_least_95_in_100_are_wholly_right_and_none_gravely_wrong(path: Path, kind: str) -> None:
    asked = [row for row in rows(path) if row["kind"] == kind]
    assert asked
    wrong = {row["text"]: found for row in asked if (found := faults(row, answer_row(row, **office())))}
    assert not {text: found for text, found in wrong.items() if any(f.startswith("grave") for f in found)}
    assert len(wrong) <= 0.05 * len(asked), wrong


@pytest.mark.parametrize("path", DATES, ids=lambda path: path.stem)
def test_limits_are_read_and_none_wrongly(path: Path) -> None:
    asked = rows(path)
    got = {row["id"]: when.answer_row(row, office()["calendar"])["at"] for row in asked}
    assert not [(row["text"], got[row["id"]]) for row in asked if got[row["id"]] and not _right(row, got)]
    silent = [row["text"] for row in asked if row["expected"] and not got[row["id"]]]
    assert len(silent) <= 0.05 * len(asked), silent


def _right(row: dict[str, Any], got: dict[str, Any]) -> bool:
    length = 10 if row["precision"] == "day" else 16
    return got[row["id"]][:length] in [at[:length] for at in row["expected"] or []]


@pytest.mark.parametrize("row", rows(DATA / "acts_own.jsonl"), ids=lambda row: row["id"])
def test_what_happens_is_reported_and_what_is_only_said_is_left_alone(row: dict[str, Any]) -> None:
    assert read_message(row["text"], context()).act == row["act"], row["text"]


@pytest.mark.parametrize(
    ("text", "people", "first", "last"),
    [
        ("小李跑步摔伤了腿，请三天假", "李文博", "2026-11-18", "2026-11-20"),
        ("请假两天，周四周五", "王思雨", "2026-11-19", "2026-11-20"),
        ("小高 感冒 请假一天 明天", "高子涵", "2026-11-19", "2026-11-19"),
        ("请三天假，后天开始", "王思雨", "2026-11-20", "2026-11-22"),
        ("王海涛请假3天，周五回来", "王海涛", "2026-11-18", "2026-11-20"),
    ],
)
def test_whoever_begins_the_sentence_is_away_on_the_days_named(
    text: str, people: str, first: str, last: str
) -> None:
    item = read_message(text, context()).items[0]
    assert item.people == (people,)
    assert item.period is not None
    assert [day.isoformat() for day in item.period] == [first, last]


def test_a_choice_between_two_is_asked_about() -> None:
    item = read_message("15号转给王海涛或者李文博", context()).items[0]
    assert item.people == ()
    assert set(item.ambiguous) == {"王海涛", "李文博"}
