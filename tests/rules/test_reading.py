"""Messages and questions: rows of our own one by one, the public rows where they are at hand."""

import json
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from reading_grade import faults
from reading_office import ROOT, office

from rules.reading import answer_row

OWN = ROOT / "tests" / "data" / "reading_own.jsonl"
PUBLIC = ROOT / ".." / "shared" / "reading" / "public.jsonl"


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("row", rows(OWN), ids=lambda row: row["id"])
def test_our_own_rows_are_read_as_a_careful_clerk_would(row: dict[str, Any]) -> None:
    assert faults(row, answer_row(row, **office())) == [], row["text"]


def test_there_are_enough_rows_of_our_own() -> None:
    kinds = [row["kind"] for row in rows(OWN)]
    assert kinds.count("message") >= 100
    assert kinds.count("question") >= 60


@pytest.fixture(scope="module")
def public() -> list[dict[str, Any]]:
    if not PUBLIC.is_file():
        pytest.skip("no rows at shared/reading/public.jsonl beside the checkout")
    return rows(PUBLIC)


def test_the_public_rows_are_read(public: list[dict[str, Any]]) -> None:
    wrong = {row["id"]: found for row in public if (found := faults(row, answer_row(row, **office())))}
    assert not [found for found in wrong.values() if any(f.startswith("grave") for f in found)]
    assert len(wrong) <= 0.05 * len(public), wrong


def test_a_message_is_read_in_less_than_ten_milliseconds() -> None:
    own = rows(OWN)
    answer_row(own[0], **office())
    times = []
    for row in own:
        start = process_time()
        answer_row(row, **office())
        times.append(process_time() - start)
    assert sorted(times)[len(times) // 2] < 0.010
