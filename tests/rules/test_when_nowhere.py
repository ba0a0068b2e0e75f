"""Times that no calendar has."""

from __future__ import annotations

import pytest

from rules.when import no_such_time


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("督查统计 13月", "13月"),
        ("0月", "0月"),
        ("十三月份收了几个文", "十三月份"),
        ("2月30日收了几个文", "2月30日"),
        ("11月31号", "11月31号"),
        ("第五季度办结了几件", "第五季度"),
        ("6季度", "6季度"),
    ],
)
def test_there_is_none(text, words):
    assert no_such_time(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "11月",
        "13个月",
        "2月29日",
        "十一月",
        "十二月份",
        "11、12月",
        "三四季度",
        "前三季度",
        "近五季度",
        "第四季度",
        "2026年1月31日",
        "督查统计 上个月",
        "10-12月",
        "一二月",
    ],
)
def test_there_is_one(text):
    assert no_such_time(text) is None
