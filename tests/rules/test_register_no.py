"""A register number that opens a text."""

from __future__ import annotations

import pytest

from rules.reading.register_no import read_register_no

SERIES = ("收", "督", "访", "会")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("督〔2026〕8号 现场", ("督", 2026, 8, "现场")),
        ("督8号现场看了管网", ("督", None, 8, "现场看了管网")),
        ("会[2026]3号，改到周五", ("会", 2026, 3, "改到周五")),
        ("8号件 完成60%", (None, None, 8, "完成60%")),
        ("#8 完成60%", (None, None, 8, "完成60%")),
        ("访三号 报告", ("访", None, 3, "报告")),
        ("督第１２号", ("督", None, 12, "")),
        ("12", (None, None, 12, "")),
    ],
)
def test_it_is_read(text, read):
    assert read_register_no(text, SERIES) == read


@pytest.mark.parametrize("text", ["", "水利局 8号", "三人参加", "12月1日", "60%", "8-9号", "2026年"])
def test_what_is_none(text):
    assert read_register_no(text, SERIES) is None
