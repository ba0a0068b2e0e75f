"""Lines that begin with a word of their own as people type them: full-width, without blanks, 督八号."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from handlers.spoken import is_one, taken_by
from rules.reading.register_no import read_register_no

DATA = Path(__file__).resolve().parents[1] / "data" / "lines_spoken.jsonl"
ROWS = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_the_word_and_the_number(row: dict[str, Any]) -> None:
    found = taken_by(row["text"])
    assert is_one(row["text"]) == (row["word"] is not None)
    assert (found and found[0]) == row["word"]
    if found and row["number"]:
        read = read_register_no(found[1], {"督", "专", "会", "访"})
        assert read is not None
        assert read.number == row["number"][1]
        assert read.series in (None, row["number"][0])


@pytest.mark.parametrize("text", ["督8月完成", "督3点开会", "8家企业", "督八"])
def test_what_is_no_register_number(text: str) -> None:
    assert read_register_no(text, {"督"}) is None
