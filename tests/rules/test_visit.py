"""A visit of supervision in one message (V6)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.policy_files import load_policy
from rules.visit import read_visit

FORMS = load_policy().supervision.forms


@pytest.mark.parametrize(
    ("text", "form", "place", "findings"),
    [
        ("现场 在城东泵站 管网已铺设12公里", "on_site", "城东泵站", ()),
        ("电话督办 已督促采购", "phone", None, ()),
        ("今天开会调度，要求月底完成", "meeting", None, ()),
        ("暗访 到双河镇敬老院，发现：食堂无留样", "unannounced", "双河镇敬老院", ("食堂无留样",)),
        ("实地查看，存在问题：1.围挡缺失；2.裸土未覆盖", "on_site", None, ("围挡缺失", "裸土未覆盖")),
        ("看了一遍", None, None, ()),
    ],
)
def test_it_is_read(text, form, place, findings):
    read = read_visit(text, FORMS)
    assert (read.form, read.place, read.findings) == (form, place, findings)


@given(st.text())
def test_any_text_can_be_sent(text):
    read_visit(text, FORMS)


@pytest.mark.parametrize("said", ["在城东泵站查看，发现：缺电源", "在城东泵站 看了机房", "到城东泵站"])
def test_the_place_is_without_what_was_done_there(said):
    assert read_visit(f"现场 {said}", FORMS).place == "城东泵站"
