"""Unusual words for documents and emergencies are asked about; the talk of an office is not.

Set 1 was written before there were any traces, sets 2 and 3 after the first, to see how far they go.
"""

import json

import pytest
from reading_office import ROOT, context

from rules.reading import read_message

ROWS = [
    json.loads(line) for line in (ROOT / "tests/data/doubt.jsonl").read_text(encoding="utf-8").splitlines()
]


def silent(means: str) -> list[str]:
    told = [row["text"] for row in ROWS if row["means"] == means]
    return [text for text in told if read_message(text, context()).act == "none"]


@pytest.mark.parametrize(("means", "rows", "most"), [("document", 34, 2), ("emergency", 40, 4)])
def test_business_in_unusual_words_is_seldom_taken_for_talk(means: str, rows: int, most: int) -> None:
    assert sum(row["means"] == means for row in ROWS) == rows
    assert len(silent(means)) <= most, silent(means)


def test_talk_is_hardly_ever_asked_about() -> None:
    talk = [row["text"] for row in ROWS if row["means"] == "talk"]
    asked = [text for text in talk if read_message(text, context()).hint]
    assert len(talk) == 85
    assert len(asked) <= 1, asked


def test_what_is_unsure_has_no_items() -> None:
    unsure = read_message("青峰乡 情况专报 蔬菜滞销 何县长阅处", context())
    assert (unsure.act, unsure.hint, unsure.items) == (None, "log", ())
