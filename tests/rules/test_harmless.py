"""Text from outside, as it may be kept and shown."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.harmless import LONGEST_NAME, harmless, harmless_name, storable


@pytest.mark.parametrize(
    ("given_", "left"),
    [
        ("关于预算的请示\n第二行\t完", "关于预算的请示\n第二行\t完"),
        ("一\r\n二\r三", "一\n二\n三"),
        ("附件\u202efdp.exe", "附件fdp.exe"),
        ("\u2066李\u2069四\u200f", "李四"),
        ("零\u200b宽\ufeff", "零宽"),
        ("\x00\x07\x1b[31m红\x7f\x9b", "[31m红"),
        ("半\ud83d个", "半个"),
        ("𠮷😀👨\u200d👩\u200d👧", "𠮷😀👨\u200d👩\u200d👧"),
        ("云政办发〔2026〕12号", "云政办发〔2026〕12号"),
    ],
)
def test_what_cannot_be_seen_is_gone(given_, left):
    assert harmless(given_) == left


@given(st.text())
def test_twice_is_once(text):
    once = harmless(text)
    assert harmless(once) == once
    assert once.encode().decode() == once


def test_a_name_stands_on_one_line_and_is_not_too_long():
    assert harmless_name("  张\n\t 三 \u202e") == "张 三"
    assert len(harmless_name("长" * 500)) == LONGEST_NAME
    assert harmless_name("\u200b\u202e") == ""


def test_what_a_database_would_refuse_gives_way_and_places_hold():
    kept = storable({"text": "a\x00b\ud800c", "list": ["\x00", {"n": 1}], "none": None, "on": True})
    assert kept == {"text": "a\ufffdb\ufffdc", "list": ["\ufffd", {"n": 1}], "none": None, "on": True}


def test_an_instant_becomes_seconds():
    assert storable({"date": datetime(1970, 1, 2, tzinfo=UTC)}) == {"date": 86400}
