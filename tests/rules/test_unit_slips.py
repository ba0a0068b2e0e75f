"""Slips of typing in a unit's name: offered, never taken, never dropped; other units are none."""

from __future__ import annotations

import pytest
from reading_office import context, office

from rules.reading import meant_unit, read_message, read_whom

WORDS = office()["words"].units


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("督察科", ("督查科",)),
        ("财正局", ("县财政局",)),
        ("县财正局", ("县财政局",)),
        ("住键局", ("县住房和城乡建设局",)),
        ("农业农材局", ("县农业农村局",)),
        ("石乔镇", ("石桥镇人民政府",)),
        ("财政政局", ("县财政局",)),
        ("政财局", ("县财政局",)),
        ("财政局", ()),
        ("县气象局", ()),
        ("林业局", ()),
        ("市财正局", ()),
        ("省财政局", ()),
        ("财务科", ()),
        ("一料", ()),
    ],
)
def test_what_a_typed_name_may_mean(typed, meant):
    assert meant_unit(typed, office()["roster"], WORDS) == meant


@pytest.mark.parametrize(
    ("text", "units", "choices"),
    [
        ("12号转督察科", (), (("督查科",),)),
        ("12号转财正局、教育局", ("县教育局",), (("县财政局",),)),
        ("12号转财正局和督察科", (), (("县财政局",), ("督查科",))),
        ("12号转市财正局", (), ()),
        ("12号转林业局", (), ()),
    ],
)
def test_who_is_charged(text, units, choices):
    items = read_message(text, context()).items
    assert [(item.units, item.choices) for item in items] in ([(units, choices)], [])


def test_a_sender_is_kept_as_typed_and_asked_about():
    item = read_message("登记 财正局 关于追加经费的请示 转综合科", context()).items[0]
    assert (item.sender, item.units, item.choices) == ("财正局", ("综合科",), (("县财政局",),))


def test_a_unit_that_is_named_too_is_not_asked_about():
    assert read_whom("财政局、财正局", context()).choices == ()


@pytest.mark.parametrize("text", ["我市财政局长来了", "水科技公司", "今天财经新闻局面紧张", "把这科学办好"])
def test_ordinary_words_are_no_slips(text):
    assert read_whom(text, context()).choices == ()
