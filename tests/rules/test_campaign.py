"""A campaign in one message (V9)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.campaign import read_targets, read_values, shown

NAMES = ["隐患整改率", "宣传入户", "宣传标语"]


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("隐患整改率 95%；宣传入户 1200户", [("隐患整改率", 95, "%"), ("宣传入户", 1200, "户")]),
        ("整改率达到95％以上、排查企业不少于30家", [("整改率", 95, "%"), ("排查企业", 30, "家")]),
        ("清淤 12.5公里", [("清淤", 12.5, "公里")]),
        ("尽快完成", []),
    ],
)
def test_targets(text, targets):
    assert [tuple(one) for one in read_targets(text)] == targets


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("隐患整改率 82%，宣传入户 900户", {"隐患整改率": 82, "宣传入户": 900}),
        ("隐患整改 82%", {"隐患整改率": 82}),
        ("整改了不少", {}),
        ("85%", {}),
    ],
)
def test_values(text, values):
    assert read_values(text, NAMES) == values


def test_the_only_target_needs_no_name():
    assert read_values("85%", ["整改率"]) == {"整改率": 85}
    assert read_values("目前已完成 85%", ["整改率"]) == {"整改率": 85}
    assert read_values("入户 5户", ["整改率"]) == {}


@pytest.mark.parametrize(("number", "said"), [(95.0, "95%"), (12.5, "12.5%"), (None, "—"), (100.0, "100%")])
def test_numbers_are_shown_as_people_write_them(number, said):
    assert shown(number, "%") == said


@given(st.text(), st.lists(st.text(max_size=6), max_size=4))
def test_any_text_can_be_sent(text, names):
    read_targets(text)
    read_values(text, names)
